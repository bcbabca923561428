//! Settings of the ledger.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::hash::Algorithm;

/// Settings of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Hash with which a new book is sealed: `sm3` or `sha256`. A book that has begun keeps its own.
    pub hash: Algorithm,
    /// A snapshot is made after this many commands, and at each orderly stop.
    #[schemars(range(min = 1000, max = 100_000_000))]
    pub snapshot_every_commands: u64,
    /// Accounts for which memory is taken at the start, some 100 bytes each, so that opening them never waits for
    /// memory to be moved.
    #[schemars(range(min = 0, max = 1_000_000_000))]
    pub accounts_expected: u32,
    /// Commands that may wait for the writer; beyond, callers are told to come again.
    #[schemars(range(min = 8190, max = 10_000_000))]
    pub queue_commands: u32,
    /// Whether the business date moves forward by itself at midnight in China.
    pub business_date_automatic: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            hash: Algorithm::Sm3,
            snapshot_every_commands: 250_000,
            accounts_expected: 10_000,
            queue_commands: 262_144,
            business_date_automatic: true,
        }
    }
}
