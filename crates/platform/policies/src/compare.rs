//! What other policies would change, and for whom.

use crate::matrix::{KINDS, whos_of};
use crate::{May, PolicySet, Who};

/// Something that somebody could do and no longer may, or may only with another's countersignature, or the other way round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// `customer`, a role, or a scope of third parties.
    pub kind: &'static str,
    /// What: an operation id.
    pub action: String,
    /// What it becomes.
    pub may: May,
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
            for may in [May::No, May::Countersigned, May::Yes] {
                let is_changed = |who: &&Who| {
                    let (was, is) = (who.may(action, before), who.may(action, after));
                    was != is && is == may
                };
                let changed: Vec<Who> = whos.iter().filter(is_changed).copied().collect();
                if !changed.is_empty() {
                    changes.push(Change {
                        kind: kind.word(),
                        action: action.to_owned(),
                        may,
                        for_all: changed.len() == whos.len(),
                        whos: changed,
                    });
                }
            }
        }
    }
    changes
}
