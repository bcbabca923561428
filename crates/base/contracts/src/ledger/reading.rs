//! What is read of a book: movements, how it stands, what a verification found.

use std::collections::BTreeMap;

use clock::{BusinessDate, Timestamp};
use ids::{AccountId, TransferId};
use money::Side;
use serde::{Deserialize, Serialize};

/// One side of a posted transfer, as the history of an account shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Movement {
    /// Position in the account's history: 1 for the first movement, without gaps.
    pub number: u64,
    /// The transfer; for a posted hold, the id of the posting command.
    pub transfer: TransferId,
    /// Which side of the account.
    pub side: Side,
    /// Minor units.
    pub amount: u64,
    /// Posted balance after it, on the normal side.
    pub balance_after: i64,
    /// The other account.
    pub counterparty: AccountId,
    /// See [`codes`].
    pub code: u16,
    /// Booking day.
    pub booked_on: BusinessDate,
    /// Value day.
    pub value_on: BusinessDate,
    /// The writer's instant.
    pub at: Timestamp,
}

/// A hold that is neither posted nor voided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenHold {
    /// The transfer that made it.
    pub hold: TransferId,
    /// The account to be debited.
    pub debit: AccountId,
    /// The account to be credited.
    pub credit: AccountId,
    /// Minor units.
    pub amount: u64,
}

/// Which movements of one account, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryQuery {
    /// The account.
    pub account: AccountId,
    /// Only movements with a smaller number; `None` starts at the newest.
    pub before: Option<u64>,
    /// At most this many, 1..=1000.
    pub limit: u32,
    /// Only this side.
    pub side: Option<Side>,
    /// Only at least this much, minor units.
    pub amount_min: Option<u64>,
    /// Only at most this much, minor units.
    pub amount_max: Option<u64>,
    /// Only booked on or after this day.
    pub from: Option<BusinessDate>,
    /// Only booked on or before this day.
    pub until: Option<BusinessDate>,
}

impl HistoryQuery {
    /// The newest `limit` movements of `account`.
    #[must_use]
    pub const fn newest(account: AccountId, limit: u32) -> Self {
        Self {
            account,
            before: None,
            limit,
            side: None,
            amount_min: None,
            amount_max: None,
            from: None,
            until: None,
        }
    }
}

/// Which day of a movement counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DayKind {
    /// The day under which it is booked.
    Booking,
    /// The day from which it bears interest.
    Value,
}

/// Which days of one account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayQuery {
    /// The account.
    pub account: AccountId,
    /// Which day of a movement counts.
    pub kind: DayKind,
    /// Only this day and later ones.
    pub from: Option<BusinessDate>,
    /// Only this day and earlier ones.
    pub until: Option<BusinessDate>,
}

/// What moved on an account on one day, and what was on it at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayBalance {
    /// The day.
    pub day: BusinessDate,
    /// How many movements; at least one.
    pub movements: u64,
    /// Sum of the debits, minor units.
    pub debits: u128,
    /// Sum of the credits, minor units.
    pub credits: u128,
    /// Posted balance at the end of the day, on the normal side: of all movements of this day and of earlier days,
    /// whenever they were posted.
    pub balance: i128,
}

/// The days of an account, as far as they were asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DayBalances {
    /// Posted balance at the end of the day before the first that was asked for.
    pub before: i128,
    /// The days on which something moved, oldest first. Between them the balance stays as it is.
    pub days: Vec<DayBalance>,
}

impl DayBalances {
    /// Adds up what moved on days, of which some may be the same: `normal` is the account's normal side.
    #[must_use]
    pub fn of(normal: Side, query: &DayQuery, moved: impl IntoIterator<Item = DayMoved>) -> Self {
        let mut sums: BTreeMap<BusinessDate, DayMoved> = BTreeMap::new();
        for DayMoved { day, movements, debits, credits } in moved {
            let sum = sums.entry(day).or_insert(DayMoved { day, movements: 0, debits: 0, credits: 0 });
            sum.movements = sum.movements.saturating_add(movements);
            sum.debits = sum.debits.saturating_add(debits);
            sum.credits = sum.credits.saturating_add(credits);
        }
        let signed = |sum: u128| i128::try_from(sum).unwrap_or(i128::MAX);
        let mut told = Self::default();
        let mut balance = 0_i128;
        for (day, sum) in sums {
            if query.until.is_some_and(|until| day > until) {
                break;
            }
            let (up, down) = match normal {
                Side::Credit => (sum.credits, sum.debits),
                Side::Debit => (sum.debits, sum.credits),
            };
            balance = balance.saturating_add(signed(up)).saturating_sub(signed(down));
            if query.from.is_some_and(|from| day < from) {
                told.before = balance;
            } else {
                let DayMoved { movements, debits, credits, .. } = sum;
                told.days.push(DayBalance { day, movements, debits, credits, balance });
            }
        }
        told
    }
}

/// What moved on one day, or a part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayMoved {
    /// The day.
    pub day: BusinessDate,
    /// How many movements.
    pub movements: u64,
    /// Sum of the debits, minor units.
    pub debits: u128,
    /// Sum of the credits, minor units.
    pub credits: u128,
}

impl DayMoved {
    /// What a single movement is to its day.
    #[must_use]
    pub fn by(movement: &Movement, kind: DayKind) -> Self {
        let day = match kind {
            DayKind::Booking => movement.booked_on,
            DayKind::Value => movement.value_on,
        };
        let (debits, credits) = match movement.side {
            Side::Debit => (u128::from(movement.amount), 0),
            Side::Credit => (0, u128::from(movement.amount)),
        };
        Self { day, movements: 1, debits, credits }
    }
}

/// How the book stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// Number of the last record in the journal; 0 for an empty one.
    pub head_sequence: u64,
    /// Hash of the last record, 32 bytes in hexadecimal.
    pub head_hash: String,
    /// `sm3` or `sha256`.
    pub hash_algorithm: String,
    /// The business date.
    pub business_date: BusinessDate,
    /// Accounts ever opened.
    pub accounts: u64,
    /// Transfers ever accepted.
    pub transfers: u64,
    /// Holds that are open.
    pub holds: u64,
    /// Records committed since start.
    pub batches: u64,
    /// Commands executed since start.
    pub commands: u64,
    /// How many records the history is behind the head.
    pub history_lag: u64,
    /// The instant of the last record.
    pub last_at: Option<Timestamp>,
    /// Record of the newest snapshot; 0 for none.
    pub snapshot_sequence: u64,
    /// `sqlite`, `postgres` or `memory`.
    pub store: String,
}

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// Whether every check passed.
    pub verified: bool,
    /// Records read.
    pub records: u64,
    /// Commands replayed.
    pub commands: u64,
    /// Hash of the last good record, hexadecimal.
    pub head_hash: String,
    /// Hash of the state after replay, hexadecimal.
    pub state_hash: String,
    /// Exactly where the first fault is and what it is; `None` when verified.
    pub fault: Option<String>,
    /// How long it took, milliseconds.
    pub elapsed_ms: u64,
}
