//! The rule language of ModSecurity, as far as rule sets for requests use it: text to directives.
//!
//! Source: the reference manual of ModSecurity 3. What a rule set says and this does not know is refused with its place,
//! because a rule that silently matches nothing looks like protection.

mod actions;
mod lines;
mod targets;

use std::fmt;

pub(crate) use actions::{Actions, Control, Disposition, SetVariable, Setting};
pub(crate) use lines::directives;
pub(crate) use targets::{Collection, Selector, Target, Targets};

/// Where in a rule set something stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Name of the file.
    pub file: String,
    /// Line on which the directive begins, from 1.
    pub line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{}:{}", self.file, self.line)
    }
}

/// One directive.
#[derive(Debug, Clone)]
pub(crate) enum Directive {
    /// `SecRule`.
    Rule { targets: Targets, operator: OperatorText, actions: Actions },
    /// `SecAction`: a rule that always matches.
    Action(Actions),
    /// `SecMarker`: where `skipAfter` leads to.
    Marker(String),
    /// `SecRuleRemoveById`.
    RemoveById(Vec<IdRange>),
    /// `SecRuleRemoveByTag`: a regular expression.
    RemoveByTag(String),
    /// `SecRuleUpdateTargetById`: only exclusions (`!ARGS:x`) are known.
    UpdateTargetById(Vec<IdRange>, Targets),
}

/// An operator as it is written.
#[derive(Debug, Clone)]
pub(crate) struct OperatorText {
    pub(crate) negated: bool,
    /// Without `@`.
    pub(crate) name: String,
    pub(crate) argument: String,
}

impl OperatorText {
    /// `!@rx pattern`, `@eq 0`; without a name it is a regular expression.
    fn parse(text: &str) -> Self {
        let (negated, rest) = text
            .strip_prefix('!')
            .filter(|rest| rest.starts_with('@'))
            .map_or((false, text), |rest| (true, rest));
        let Some(rest) = rest.strip_prefix('@') else {
            return Self { negated, name: "rx".to_owned(), argument: rest.to_owned() };
        };
        let (name, argument) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        Self { negated, name: name.to_owned(), argument: argument.trim_start().to_owned() }
    }
}

/// Ids from the first to the last, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct IdRange {
    pub(crate) first: u64,
    pub(crate) last: u64,
}

impl IdRange {
    /// `942100` or `942100-942199`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        Some(Self { first: first.trim().parse().ok()?, last: last.trim().parse().ok()? })
    }

    pub(crate) const fn contains(self, id: u64) -> bool {
        self.first <= id && id <= self.last
    }
}
