//! How rules are applied to some requests: refuse or only tell, how strictly, and which rules not.

use std::sync::Arc;

use crate::rules::{Look, Removal, Removed, Rule, Rules};
use crate::seclang::{IdRange, Target};
use crate::variables::Value;

/// What becomes of a request that rules would refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// It is refused.
    Block,
    /// It goes on, and is told of.
    Detect,
}

/// Rules that are not applied, or not to some values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exclusion {
    /// `942100`, `942100-942199`, or a tag such as `attack-sqli`.
    pub rules: String,
    /// `ARGS:json.memo`; every value where it is `None`.
    pub target: Option<String>,
}

/// An exclusion that says nothing that rules can be asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{exclusion}`: {why}")]
pub struct Misunderstood {
    /// What was written.
    pub exclusion: String,
    /// Why it is not understood.
    pub why: String,
}

/// How rules are applied; made once, used for many requests.
pub struct Policy {
    pub(crate) mode: Mode,
    pub(crate) variables: Vec<(String, Value)>,
    pub(crate) placed: Vec<(usize, Value)>,
    /// For each rule, by its number, what it is not applied to.
    excepted: Vec<Excepted>,
}

#[derive(Clone, Default)]
struct Excepted {
    /// Everything.
    wholly: bool,
    looks: Vec<Arc<Removal>>,
}

impl Policy {
    pub(crate) fn leaves_out(&self, rule: &Rule) -> bool {
        self.excepted.get(rule.number).is_some_and(|excepted| excepted.wholly)
    }

    /// Targets that a rule is not applied to.
    pub(crate) fn excluded(&self, rule: &Rule) -> impl Iterator<Item = &Look> {
        let looks = self.excepted.get(rule.number).map_or(&[][..], |excepted| excepted.looks.as_slice());
        looks.iter().filter_map(|removal| removal.look.as_ref())
    }
}

impl Rules {
    /// How these rules are applied: with `variables` of the transaction set before the first of them (names without `tx.`),
    /// and without what is excluded.
    ///
    /// # Errors
    /// [`Misunderstood`]: the exclusion names no rules or no target that there can be.
    pub fn policy(
        &self,
        mode: Mode,
        variables: &[(&str, &str)],
        exclusions: &[Exclusion],
    ) -> Result<Policy, Misunderstood> {
        let mut policy = Policy {
            mode,
            variables: Vec::new(),
            placed: Vec::new(),
            excepted: vec![Excepted::default(); self.rules().count()],
        };
        for (name, value) in variables {
            let value = Value::of(value.as_bytes());
            match self.names.known(name) {
                Some(place) => policy.placed.push((place, value)),
                None => policy.variables.push(((*name).to_owned(), value)),
            }
        }
        for exclusion in exclusions {
            let removal = removal(exclusion)
                .map_err(|why| Misunderstood { exclusion: exclusion.rules.clone(), why })?;
            let removal = Arc::new(removal);
            let mut concerned = self.rules().filter(|rule| removal.concerns(rule)).peekable();
            if concerned.peek().is_none() {
                let why = "there is no such rule".to_owned();
                return Err(Misunderstood { exclusion: exclusion.rules.clone(), why });
            }
            for rule in concerned {
                let Some(excepted) = policy.excepted.get_mut(rule.number) else { continue };
                match removal.look {
                    None => excepted.wholly = true,
                    Some(_) => excepted.looks.push(Arc::clone(&removal)),
                }
            }
        }
        Ok(policy)
    }
}

fn removal(exclusion: &Exclusion) -> Result<Removal, String> {
    let of =
        IdRange::parse(&exclusion.rules).map_or_else(|| Removed::Tag(exclusion.rules.clone()), Removed::Ids);
    let target = exclusion.target.as_deref().map(Target::parse).transpose()?;
    Ok(Removal { of, look: target.map(|target| Look::compile(&target, None)).transpose()? })
}
