//! The history of accounts: follows the journal, movement by movement, and is what customers read.
//!
//! The newest movements stand in memory, readable at once ([`part`]). When there are enough of them they are sorted
//! by account and written as one *run* of packed blocks ([`block`], [`store`]), while a new part fills; runs are
//! merged in the background, so that few have to be looked at ([`keep`], [`merge`]). A reader goes through memory
//! and then through the runs, newest first ([`read`]).
//!
//! It is never used to decide and may be thrown away: what is missing is read from the journal at the next start,
//! and [`rebuild`] makes all of it anew. What is read comes from the recorded postings alone, which carry movement
//! numbers and balances; nothing is looked up while following. Beside its movements a run holds what they add up to
//! day by day ([`days`]).
//!
//! INVARIANT: the movements of an account are numbered from 1 without gaps, and older ones stand in older runs. A
//! reader who knows the newest number finds out when anything is missing.

mod block;
mod days;
mod follow;
mod keep;
mod merge;
mod part;
mod read;
mod rebuild;
mod scan;
mod shared;
mod store;

pub(crate) use follow::{FollowFailed, start};
pub use follow::{Following, History};
pub use read::Reading;
pub use rebuild::{RebuildFailed, Rebuilt, rebuild};
pub(crate) use scan::Scan;
pub(crate) use store::{cursor, is_current};

use ids::{AccountId, TransferId};
use money::Side;
use sea_orm::DbErr;

use contracts::ledger::Movement;

use crate::model::{Batch, Entry, Posting, day, instant};

/// One movement: one side of a posting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Number of the account in its book.
    pub account: u32,
    /// Position in the account's history, from 1.
    pub number: u32,
    /// The transfer; for a posted hold, the posting command.
    pub transfer: TransferId,
    /// Which side of the account.
    pub side: Side,
    /// Minor units.
    pub amount: u64,
    /// Posted balance after it, on the normal side.
    pub balance_after: i64,
    /// Number of the other account.
    pub counterparty: u32,
    /// Kind of movement.
    pub code: u16,
    /// Booking day, days since 1970-01-01.
    pub booked_on: i32,
    /// Value day, days since 1970-01-01.
    pub value_on: i32,
    /// The writer's instant, nanoseconds since 1970.
    pub at: i64,
}

/// How large the pieces of a history are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Postings of the part in memory; one record may go beyond.
    pub postings_max: usize,
    /// Bytes of a block at most, its check included.
    pub block_bytes_max: usize,
    /// As many runs of a level are merged into one of the next.
    pub fan_out: usize,
    /// Blocks of one transaction.
    pub helping_blocks: usize,
}

impl Default for Shape {
    fn default() -> Self {
        Self {
            // 90 bytes each, and two parts at a time: one is filled while the other is written.
            postings_max: 500_000,
            // One overflow page of SQLite and what may stand beside the key: no page is left half empty.
            block_bytes_max: 18_380,
            fan_out: 16,
            helping_blocks: 128,
        }
    }
}

/// What of a history is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Damaged {
    /// The cursor.
    #[error("its cursor is damaged")]
    Cursor,
    /// The row of a run.
    #[error("the row of run {0} is damaged")]
    Run(i64),
    /// A run holds more or less than its row says.
    #[error("run {0} does not hold as many blocks and movements as its row says")]
    Content(i64),
    /// The runs do not hold the records up to the cursor, each once.
    #[error("a run that holds record {0} is missing, or there are two")]
    Runs(u64),
    /// A block.
    #[error("the block of run {run} that begins with account number {account}, movement {number} is damaged")]
    Block {
        /// Its run.
        run: i64,
        /// Account of its first movement.
        account: i64,
        /// Number of its first movement.
        number: i64,
    },
    /// A block of days.
    #[error("the days of run {run} that begin with account number {account}, day {number}, are damaged")]
    DayBlock {
        /// Its run.
        run: i64,
        /// Account of its first day.
        account: i64,
        /// Place of its first day among those of the account in this run.
        number: i64,
    },
    /// The days of a run are not what its movements add up to.
    #[error("the days of run {0} are not what its movements add up to")]
    RunDays(i64),
    /// The days of an account do not hold all its movements.
    #[error("account number {account}: days are missing")]
    Days {
        /// The account.
        account: u32,
    },
    /// A movement is not where it must be.
    #[error("account number {account}, movement {number}: it is missing")]
    Missing {
        /// The account.
        account: u32,
        /// Which movement.
        number: u32,
    },
}

/// Why the history could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum HistoryFailed {
    /// The store failed.
    #[error("the history's store failed: {0}")]
    Store(#[from] DbErr),
    /// What is stored is damaged: rebuild it.
    #[error("the history is damaged: {0}")]
    Damaged(#[from] Damaged),
    /// Another process has followed the journal or merged runs meanwhile.
    #[error("another process has written the history")]
    Elsewhere,
}

/// The movements of a record whose first entry bears the instant `at`, debited side first.
pub fn movements(at: i64, entries: &[Entry]) -> impl Iterator<Item = Moved> + '_ {
    (0_u32..)
        .zip(entries)
        .filter_map(move |(place, entry)| posted(entry, Batch::instant_of(at, place)))
        .flat_map(|posted| posted.both_sides())
}

/// A posting, by what and when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Posted {
    transfer: TransferId,
    at: i64,
    posting: Posting,
}

fn posted(entry: &Entry, at: i64) -> Option<Posted> {
    match entry {
        Entry::Executed(executed) => {
            executed.posting().map(|posting| Posted { transfer: executed.id, at, posting: *posting })
        }
        Entry::Expired { .. } => None,
    }
}

impl Posted {
    fn both_sides(&self) -> [Moved; 2] {
        [self.side(Side::Debit), self.side(Side::Credit)]
    }

    fn side(&self, side: Side) -> Moved {
        let posting = &self.posting;
        let (account, number, balance_after, counterparty) = match side {
            Side::Debit => (posting.debit, posting.debit_movement, posting.debit_balance, posting.credit),
            Side::Credit => (posting.credit, posting.credit_movement, posting.credit_balance, posting.debit),
        };
        Moved {
            account,
            number,
            transfer: self.transfer,
            side,
            amount: posting.amount,
            balance_after,
            counterparty,
            code: posting.code,
            booked_on: posting.booked_on,
            value_on: posting.value_on,
            at: self.at,
        }
    }
}

impl Moved {
    /// The movement as told to others; `counterparty` is the id of [`Moved::counterparty`].
    #[must_use]
    pub fn told(&self, counterparty: AccountId) -> Movement {
        Movement {
            number: u64::from(self.number),
            transfer: self.transfer,
            side: self.side,
            amount: self.amount,
            balance_after: self.balance_after,
            counterparty,
            code: self.code,
            booked_on: day(self.booked_on),
            value_on: day(self.value_on),
            at: instant(self.at),
        }
    }
}

#[cfg(test)]
mod tests;
