//! What is read of a book: movements, how it stands, what a verification found.

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
