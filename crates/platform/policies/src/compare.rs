//! What other policies would change, and for whom.

use http::Authority;

use crate::matrix::{KINDS, whos_of};
use crate::{PolicySet, Who};

/// Something that somebody could do and no longer may, or the other way round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// `customer`, a role, or a scope of third parties.
    pub kind: &'static str,
    /// What: an operation id.
    pub action: String,
    /// Whether it becomes allowed; denied otherwise.
    pub allowed: bool,
    /// For whom of the kind; never empty.
    pub whos: Vec<Who>,
    /// Whether that is everybody of the kind, through every channel and with every assurance.
    pub for_all: bool,
}

/// What differs between `before` and `after`, where paths name nothing: kind by kind, in the order of the schema. What
/// hangs on whom a path names is not among it.
#[must_use]
pub fn changes(before: &PolicySet, after: &PolicySet) -> Vec<Change> {
    let mut changes = Vec::new();
    for kind in KINDS {
        let whos = whos_of(kind);
        for action in before.schema().actions() {
            for allowed in [false, true] {
                let is_changed = |who: &&Who| {
                    let (was, is) = (may(**who, action, before), may(**who, action, after));
                    was != is && is == allowed
                };
                let changed: Vec<Who> = whos.iter().filter(is_changed).copied().collect();
                if !changed.is_empty() {
                    changes.push(Change {
                        kind: kind.word(),
                        action: action.to_owned(),
                        allowed,
                        for_all: changed.len() == whos.len(),
                        whos: changed,
                    });
                }
            }
        }
    }
    changes
}

fn may(who: Who, action: &str, set: &dyn Authority) -> bool {
    who.may(action, set).allowed
}
