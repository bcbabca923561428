//! What the writer decided: the entries of a record.
//!
//! An effect names what was resolved (account numbers, days, resulting balances, movement numbers); what the
//! command says literally is not repeated. Account numbers count accounts in the order of opening, from 0.

use contracts::ledger::{Act, Refusal};
use ids::TransferId;

/// One thing that happened, in the order in which it did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// A command and what became of it.
    Executed(Executed),
    /// A hold ended because its time came.
    Expired {
        /// The transfer that made it.
        hold: TransferId,
    },
}

/// A command and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Executed {
    /// The command's id.
    pub id: TransferId,
    /// Whether it was linked to the command after it.
    pub linked: bool,
    /// For a member of a chain, digest of the whole chain and its place in it; for a record of format 1, also of
    /// a command by itself.
    pub digest: Option<u64>,
    /// Day under which it was booked, days since 1970-01-01; for what is not booked, the business date. Not
    /// known (0) where a record of format 1 says nothing.
    pub booked_on: i32,
    /// What it did.
    pub did: Did,
}

/// What a command did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Did {
    /// A transfer that was posted, told by account numbers alone: the common case, and the shortest.
    Posted {
        /// What was posted.
        posting: Posting,
        /// Whether it counted toward limits.
        counts: bool,
        /// Whether the caller named the booking day.
        names_booking: bool,
        /// Whether the caller named the value day.
        names_value: bool,
    },
    /// Anything else: the act as it was asked for, and its effect.
    Other {
        /// As it was submitted.
        act: Act,
        /// What became of it.
        effect: Effect,
    },
}

/// What became of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Nothing but the memory that it was refused.
    Refused(Refusal),
    /// The asset is known now, or was known already with the same scale.
    AssetRegistered,
    /// The account has this number.
    AccountOpened(u32),
    /// The account of this number has other conditions: floor, limits, freeze or closed, as the command says.
    AccountChanged(u32),
    /// A transfer was posted.
    Posted(Posting),
    /// A hold was made.
    Held(Holding),
    /// A hold was posted, in full or in part; the rest was released.
    HoldPosted(Posting),
    /// A hold was released.
    HoldVoided {
        /// Number of the account that it would have debited; not known (`u32::MAX`) in a record of format 1.
        debit: u32,
        /// Number of the account that it would have credited, likewise.
        credit: u32,
    },
    /// The business date is what the command says.
    DateAdvanced,
}

/// A posting to two accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Posting {
    /// Number of the account debited.
    pub debit: u32,
    /// Number of the account credited.
    pub credit: u32,
    /// Minor units.
    pub amount: u64,
    /// Kind of movement.
    pub code: u16,
    /// Booking day, days since 1970-01-01.
    pub booked_on: i32,
    /// Value day, days since 1970-01-01.
    pub value_on: i32,
    /// Position in the history of the debited account, from 1.
    pub debit_movement: u32,
    /// Position in the history of the credited account, from 1.
    pub credit_movement: u32,
    /// Posted balance of the debited account afterwards, on its normal side.
    pub debit_balance: i64,
    /// Posted balance of the credited account afterwards, on its normal side.
    pub credit_balance: i64,
}

/// A hold between two accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holding {
    /// Number of the account debited.
    pub debit: u32,
    /// Number of the account credited.
    pub credit: u32,
    /// Day under whose limits it counts, days since 1970-01-01.
    pub booked_on: i32,
}

impl Executed {
    /// What was posted, be it by a transfer or from a hold.
    #[must_use]
    pub const fn posting(&self) -> Option<&Posting> {
        match &self.did {
            Did::Posted { posting, .. }
            | Did::Other { effect: Effect::Posted(posting) | Effect::HoldPosted(posting), .. } => {
                Some(posting)
            }
            Did::Other { .. } => None,
        }
    }

    /// Why it was refused, if it was.
    #[must_use]
    pub const fn refusal(&self) -> Option<Refusal> {
        match &self.did {
            Did::Other { effect: Effect::Refused(refusal), .. } => Some(*refusal),
            _ => None,
        }
    }
}
