//! What rules found in a request.

use crate::rules::Severity;

/// A rule that matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Id of the rule; 0 where the engine refuses by itself.
    pub rule: u64,
    /// What it says, in the words of the rule set.
    pub message: String,
    /// How grave it is; `None` where the rule does not say.
    pub severity: Option<Severity>,
    /// `ARGS:json.memo`: where it was found.
    pub name: String,
    /// What was found there: the part that an expression matched, or the value as the rule saw it. It may be anything,
    /// personal data too.
    pub value: Vec<u8>,
}

/// What all rules together say of a request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Findings {
    /// What the rule set wants told, in the order in which it matched.
    pub found: Vec<Found>,
    /// Ids of all rules that matched, those of its bookkeeping too.
    pub matched: Vec<u64>,
    /// The sum of what was found, in points of the rule set (OWASP: 5 for an attack, 3 for a warning).
    pub score: i64,
    /// The rule that refuses the request, and the status that it asks for. In [`crate::Mode::Detect`] it would.
    pub refused_by: Option<(u64, u16)>,
    /// Whether it is refused indeed: neither the policy nor a rule says that it is only told.
    pub is_refused: bool,
}

impl Findings {
    /// Whether a rule of this id matched.
    #[must_use]
    pub fn has(&self, rule: u64) -> bool {
        self.matched.contains(&rule)
    }
}
