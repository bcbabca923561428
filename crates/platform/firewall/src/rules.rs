//! Rules ready to be applied: expressions compiled, names placed, jumps resolved.

mod compile;
mod load;

pub use load::Sources;

use std::collections::HashSet;
use std::sync::Arc;

use crate::injections::Injections;
use crate::macros::Template;
use crate::operator::{Operator, Prefilter};
use crate::pattern;
use crate::seclang::{Collection, Disposition, IdRange, Place, Selector, Target};
use crate::transform::Transformation;
use crate::variables::Names;

/// A set of rules for requests. Shared by all requests; it never changes.
pub struct Rules {
    /// Those of phase 1 (before the body) and of phase 2.
    pub(crate) phases: [Vec<Step>; 2],
    /// What links look at in the same way.
    pub(crate) views: Vec<View>,
    pub(crate) names: Names,
    pub(crate) prefilter: Prefilter,
    pub(crate) injections: Injections,
    inert: Vec<Inert>,
    ids: HashSet<u64>,
    version: Option<String>,
}

/// A rule that is not applied, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inert {
    /// Its id.
    pub id: u64,
    /// Where it stands.
    pub place: Place,
    /// Why.
    pub why: String,
}

/// Rules that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LoadFailed {
    /// A file cannot be read.
    #[error("cannot read the rules in `{path}`")]
    Read {
        /// The file or folder.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A directive is not what it should be.
    #[error("{place}: {why}")]
    Rule {
        /// Where.
        place: Place,
        /// What is wrong.
        why: String,
    },
    /// There are no rules in the folder.
    #[error("there are no rules (`*.conf`) in `{0}`")]
    Empty(String),
    /// All texts together cannot be looked for.
    #[error("the rules cannot be looked for together: {0}")]
    Together(String),
}

/// One step of a phase.
pub(crate) enum Step {
    Rule(Rule),
    /// Where a jump may end.
    Marker(String),
}

/// A rule with those that are chained to it.
pub(crate) struct Rule {
    pub(crate) id: u64,
    /// Its number among all of both phases.
    pub(crate) number: usize,
    pub(crate) message: String,
    pub(crate) severity: Option<Severity>,
    pub(crate) tags: Vec<String>,
    pub(crate) silent: bool,
    pub(crate) disposition: Disposition,
    pub(crate) status: Option<u16>,
    /// The step to go on at after a match.
    pub(crate) jump: Option<usize>,
    pub(crate) links: Vec<Link>,
}

/// Values of a request, transformed: what many links look at, so that it is found out once which of their expressions can
/// match there at all.
pub(crate) struct View {
    pub(crate) looks: Vec<Look>,
    pub(crate) transformations: Vec<Transformation>,
    /// The forms on the way count too.
    pub(crate) every_form: bool,
}

/// One condition with its consequences.
pub(crate) struct Link {
    /// The view, and the number of the operator, without which nothing can match.
    pub(crate) view: Option<(usize, usize)>,
    pub(crate) included: Vec<Look>,
    pub(crate) excluded: Vec<Look>,
    pub(crate) negated: bool,
    pub(crate) operator: Operator,
    pub(crate) transformations: Vec<Transformation>,
    pub(crate) multi_match: bool,
    pub(crate) capture: bool,
    pub(crate) set: Vec<Change>,
    pub(crate) effects: Vec<Effect>,
}

/// What becomes of the rules that follow.
pub(crate) enum Effect {
    Remove(Arc<Removal>),
    BodyProcessor(String),
    ForceBody,
    /// `off` or `detectiononly`.
    Engine(String),
}

/// A target whose expression is compiled.
pub(crate) struct Look {
    pub(crate) collection: Collection,
    pub(crate) which: Which,
    pub(crate) count: bool,
}

pub(crate) enum Which {
    All,
    Named(String),
    Matching(regex::bytes::Regex),
    /// A variable of the transaction, by its place.
    Placed(usize),
}

/// A change of a variable.
pub(crate) struct Change {
    pub(crate) name: Naming,
    pub(crate) to: NewValue,
}

pub(crate) enum Naming {
    Placed(usize),
    Written(Template),
}

pub(crate) enum NewValue {
    Text(Template),
    Sum(Template),
    Difference(Template),
    Nothing,
}

/// How grave what a rule finds is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Hardly.
    Notice,
    /// It may be an attack.
    Warning,
    /// An error of the request.
    Error,
    /// An attack.
    Critical,
}

impl Severity {
    fn named(text: &str) -> Self {
        match text.to_ascii_uppercase().as_str() {
            "EMERGENCY" | "ALERT" | "CRITICAL" | "0" | "1" | "2" => Self::Critical,
            "ERROR" | "3" => Self::Error,
            "WARNING" | "4" => Self::Warning,
            _ => Self::Notice,
        }
    }
}

impl Look {
    /// A target whose expression is compiled; variables of the transaction get their place in `names`.
    pub(crate) fn compile(target: &Target, names: Option<&mut Names>) -> Result<Self, String> {
        let which = match &target.selector {
            Selector::All => Which::All,
            Selector::Named(name) => match names {
                Some(names) if target.collection == Collection::Tx => Which::Placed(names.place(name)),
                _ => Which::Named(name.clone()),
            },
            Selector::Matching(expression) => {
                Which::Matching(pattern::compile(&format!("(?i){expression}"))?)
            }
        };
        Ok(Self { collection: target.collection, which, count: target.count })
    }

    pub(crate) fn covers(&self, collection: Collection, name: &[u8]) -> bool {
        self.collection == collection
            && match &self.which {
                Which::All | Which::Placed(_) => true,
                Which::Named(wanted) => name.eq_ignore_ascii_case(wanted.as_bytes()),
                Which::Matching(expression) => expression.is_match(name),
            }
    }
}

impl Rules {
    /// Whether a rule of this id is applied.
    #[must_use]
    pub fn has(&self, id: u64) -> bool {
        self.ids.contains(&id)
    }

    /// How many rules there are for requests.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Rules that are not applied, because they look at what this house does not keep or ask.
    #[must_use]
    pub fn inert(&self) -> &[Inert] {
        &self.inert
    }

    /// What the rules call themselves: `OWASP_CRS/4.25.0`.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// Bytes that the look for all texts at once takes.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.prefilter.memory()
    }

    pub(crate) fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.phases.iter().flatten().filter_map(|step| match step {
            Step::Rule(rule) => Some(rule),
            Step::Marker(_) => None,
        })
    }
}

/// Rules or targets that are taken out for some requests.
pub(crate) struct Removal {
    pub(crate) of: Removed,
    /// What of them; everything where it is `None`.
    pub(crate) look: Option<Look>,
}

#[derive(Debug, Clone)]
pub(crate) enum Removed {
    Ids(IdRange),
    Tag(String),
}

impl Removal {
    pub(crate) fn concerns(&self, rule: &Rule) -> bool {
        match &self.of {
            Removed::Ids(range) => range.contains(rule.id),
            Removed::Tag(tag) => rule.tags.iter().any(|of| of == tag),
        }
    }
}
