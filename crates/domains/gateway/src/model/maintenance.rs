//! What is closed for maintenance, from when until when, and in which words.

use clock::Timestamp;

use super::classes;

/// One thing that is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Switch {
    /// Services, by their names: `payments`.
    pub(crate) features: Vec<String>,
    /// Routes, by operation id or by method and path.
    pub(crate) operations: Vec<String>,
    /// Whether what only reads stays open. What protects somebody stays open then, too.
    pub(crate) reading_open: bool,
    /// From then on; always, where it is not said.
    pub(crate) from: Option<Timestamp>,
    /// Until then, exclusive; until the switch is gone, where it is not said.
    pub(crate) until: Option<Timestamp>,
    /// What customers are told, in Chinese; empty for the usual words.
    pub(crate) zh: String,
    /// The same in English.
    pub(crate) en: String,
}

/// What somebody wants to do.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted<'a> {
    /// The service whose route it is; empty where it is none's.
    pub(crate) service: &'a str,
    /// The operation id; empty where none is known.
    pub(crate) operation: &'a str,
    pub(crate) method: &'a str,
    /// The path as it was asked.
    pub(crate) path: &'a str,
    /// Whether it protects somebody.
    pub(crate) protects: bool,
}

impl Switch {
    fn is_on(&self, now: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= now) && self.until.is_none_or(|until| now < until)
    }

    fn closes(&self, wanted: &Wanted<'_>) -> bool {
        let Wanted { service, operation, method, path, protects } = *wanted;
        let is_open = self.reading_open && (protects || classes::reads(method));
        let is_meant = || {
            self.features.iter().any(|feature| feature == service)
                || self.operations.iter().any(|name| classes::is_named(name, operation, method, path))
        };
        !is_open && is_meant()
    }
}

/// Which of the switches closes what somebody wants: the one that does so for longest.
pub(crate) fn closed<'a>(switches: &'a [Switch], wanted: &Wanted<'_>, now: Timestamp) -> Option<&'a Switch> {
    let closing = switches.iter().filter(|switch| switch.is_on(now) && switch.closes(wanted));
    closing.max_by_key(|switch| switch.until.unwrap_or(Timestamp::MAX))
}

#[cfg(test)]
mod tests;
