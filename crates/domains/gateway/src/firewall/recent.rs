//! What the firewall found of late, without what the customer wrote.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use firewall::{Findings, Found};
use ids::TraceId;

/// Events that are kept; the oldest goes first.
const KEPT: usize = 1_000;
/// Letters of a found part that are shown.
const SHOWN: usize = 64;

/// A request in which something was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The request.
    pub trace: Option<TraceId>,
    /// Whether it was refused; otherwise it went on.
    pub refused: bool,
    /// Points.
    pub score: i64,
    /// What was found, in order; never empty.
    pub parts: Vec<Part>,
}

/// A rule that matched, and the shape of what it matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Id of the rule.
    pub rule: u64,
    /// What the rule set says of it.
    pub message: String,
    /// Where: `ARGS:json.memo`.
    pub place: String,
    /// What, with letters and digits masked: what is left shows an attack, and tells nothing of a person.
    pub shape: String,
}

impl Event {
    /// From what was found; `None` where nothing is worth telling.
    pub(crate) fn of(findings: &Findings, trace: Option<TraceId>, refused: bool) -> Option<Self> {
        let parts: Vec<Part> = findings.found.iter().map(Part::of).collect();
        (!parts.is_empty()).then_some(Self { trace, refused, score: findings.score, parts })
    }
}

impl Part {
    fn of(found: &Found) -> Self {
        Self {
            rule: found.rule,
            message: found.message.clone(),
            place: found.name.chars().filter(|letter| !letter.is_control()).take(SHOWN).collect(),
            shape: shape(&found.value),
        }
    }
}

/// Letters become `x`, digits `9`, Chinese characters `汉`; signs stay.
fn shape(value: &[u8]) -> String {
    let mask = |letter: char| match letter {
        _ if letter.is_ascii_alphabetic() => 'x',
        _ if letter.is_ascii_digit() => '9',
        _ if letter.is_alphanumeric() => '汉',
        _ if letter.is_control() || letter == char::REPLACEMENT_CHARACTER => '·',
        _ => letter,
    };
    String::from_utf8_lossy(value).chars().take(SHOWN).map(mask).collect()
}

/// The latest events.
#[derive(Debug, Default)]
pub struct Recent(Mutex<VecDeque<Event>>);

impl Recent {
    pub(crate) fn push(&self, event: Event) {
        let mut events = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if events.len() >= KEPT {
            events.pop_front();
        }
        events.push_back(event);
    }

    /// All of them, the oldest first, and forgets them.
    pub fn take(&self) -> Vec<Event> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).drain(..).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::shape;

    #[test]
    fn a_shape_shows_signs_and_tells_nothing() {
        assert_eq!(shape("1' OR '王小明'='x' -- ".as_bytes()), "9' xx '汉汉汉'='x' -- ");
        assert_eq!(shape(b"\xff\x00<b>"), "··<x>");
        assert_eq!(shape(&b"a".repeat(1000)).len(), 64);
    }
}
