//! States of an account and the changes that are legal between them.

use contracts::accounts::State;
use contracts::ledger::Act;
use ids::AccountId;

/// How it stands in the store and on the wire.
pub(crate) const fn word(state: State) -> &'static str {
    match state {
        State::Active => "active",
        State::Frozen => "frozen",
        State::Dormant => "dormant",
        State::Closed => "closed",
    }
}

/// The state of a word.
pub(crate) fn parse(word: &str) -> Option<State> {
    [State::Active, State::Frozen, State::Dormant, State::Closed]
        .into_iter()
        .find(|state| self::word(*state) == word)
}

/// A change that somebody orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// Staff: nothing leaves the account any more. What comes in is still accepted.
    Freeze,
    /// Staff: lifts a freeze.
    Unfreeze,
    /// The owner: for ever. The balance must be zero.
    Close,
    /// The owner: a dormant account is used again.
    Reactivate,
}

impl Change {
    /// The state after it; `None` where it is not legal in `from`, `from` itself where it is already so.
    pub(crate) const fn after(self, from: State) -> Option<State> {
        match (self, from) {
            (Self::Freeze, State::Active | State::Dormant | State::Frozen) => Some(State::Frozen),
            (Self::Unfreeze, State::Frozen | State::Active)
            | (Self::Reactivate, State::Dormant | State::Active) => Some(State::Active),
            (Self::Close, State::Active | State::Dormant | State::Closed) => Some(State::Closed),
            _ => None,
        }
    }
}

/// What the ledger is told when an account enters `to`.
pub(crate) const fn act(account: AccountId, to: State) -> Act {
    match to {
        State::Closed => Act::CloseAccount { account },
        State::Frozen | State::Dormant => Act::SetFreeze { account, debits: true, credits: false },
        State::Active => Act::SetFreeze { account, debits: false, credits: false },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use State::{Active, Closed, Dormant, Frozen};

    #[test]
    fn the_table_of_changes() {
        for (change, from, to) in [
            (Change::Freeze, Active, Some(Frozen)),
            (Change::Freeze, Dormant, Some(Frozen)),
            (Change::Freeze, Frozen, Some(Frozen)),
            (Change::Freeze, Closed, None),
            (Change::Unfreeze, Frozen, Some(Active)),
            (Change::Unfreeze, Active, Some(Active)),
            (Change::Unfreeze, Dormant, None),
            (Change::Unfreeze, Closed, None),
            (Change::Close, Active, Some(Closed)),
            (Change::Close, Dormant, Some(Closed)),
            (Change::Close, Closed, Some(Closed)),
            (Change::Close, Frozen, None),
            (Change::Reactivate, Dormant, Some(Active)),
            (Change::Reactivate, Active, Some(Active)),
            (Change::Reactivate, Frozen, None),
            (Change::Reactivate, Closed, None),
        ] {
            assert_eq!(change.after(from), to, "{change:?} {from:?}");
        }
    }
}
