//! Settings of the ledger.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use settings::SecretRef;

use crate::hash::Algorithm;

/// The name of the book of a bank that has one.
pub const MAIN: &str = "main";

/// Settings of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Hash with which a new book is sealed: `sm3` or `sha256`. A book that has begun keeps its own.
    pub hash: Algorithm,
    /// A snapshot is made after this many commands, or as many as there are accounts if that is more, and at each
    /// orderly stop. A start replays what came after it, about a million in a second.
    #[schemars(range(min = 1000, max = 100_000_000))]
    pub snapshot_every_commands: u64,
    /// Accounts for which memory is taken at the start, some 100 bytes each, so that opening them never waits for
    /// memory to be moved.
    #[schemars(range(min = 0, max = 1_000_000_000))]
    pub accounts_expected: u32,
    /// Newest ids that are kept in memory, some 21 bytes each: once or twice as many. Older ones are looked up in the
    /// derived data.
    #[schemars(range(min = 1000, max = 1_000_000_000))]
    pub ids_recent: u32,
    /// Memory for filters that spare looking up old ids in vain, MB. Ids that bear the time of their minting (UUID
    /// version 7) hardly need them; for others 1.5 MB per million ids spares reading filters again and again.
    #[schemars(range(min = 0, max = 1_000_000))]
    pub ids_filter_mb: u32,
    /// Commands that may wait for the writer; beyond, callers are told to come again.
    #[schemars(range(min = 8190, max = 10_000_000))]
    pub queue_commands: u32,
    /// Name of the book that this process leads or follows, where the bank has several (see `books`): lower-case
    /// letters and digits. A book other than `main` has its own tables, or its own data directory.
    #[schemars(regex(pattern = "^[a-z][a-z0-9]{0,30}$"))]
    pub book: String,
    /// Name of the book in which accounts are opened, where the bank has several.
    #[schemars(regex(pattern = "^[a-z][a-z0-9]{0,30}$"))]
    pub opens_in: String,
    /// Whether the business date moves forward by itself at midnight in China.
    pub business_date_automatic: bool,
    /// When the whole journal is verified each day, hours and minutes in China; empty for never. It reads the journal
    /// from its beginning, beside the writer, and needs room in the system's temporary folder: 16 bytes for each id.
    #[schemars(regex(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$|^$"))]
    pub verify_at: String,
    /// The witness outside: signed statements of where the journal ends, by which a journal that was rolled back
    /// or exchanged is found. Without a file and a url there is none.
    pub witness: WitnessSettings,
    /// The batch interface over gRPC.
    pub batch: BatchSettings,
}

/// Where the ledger's signed statements go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct WitnessSettings {
    /// File to which statements are appended. It belongs on another disk or machine than the data directory:
    /// whoever restores that must not restore this.
    pub file: Option<PathBuf>,
    /// Address to which statements are posted and where the last one is asked for, such as
    /// `http://127.0.0.1:9090/statements`.
    pub url: Option<String>,
    /// How often a statement is made while the bank runs, seconds. One is made at each orderly stop, too.
    #[schemars(range(min = 1, max = 86400))]
    pub every_s: u32,
    /// Whether the bank refuses to start where the address does not answer. Else it warns and asks again later.
    pub required: bool,
}

impl WitnessSettings {
    /// Whether there is one.
    pub(crate) const fn is_set(&self) -> bool {
        self.file.is_some() || self.url.is_some()
    }
}

impl Default for WitnessSettings {
    fn default() -> Self {
        Self { file: None, url: None, every_s: 60, required: false }
    }
}

/// The batch interface over gRPC (`yuanhang.ledger.v1`), for other systems that send much at once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BatchSettings {
    /// Address and port, such as `127.0.0.1:7011`; empty for off. The connection is not encrypted: keep it on the
    /// loopback or in a network of its own.
    pub listen: String,
    /// Reference to the token that every call bears, such as `file:/etc/yuanhang/batch_token`. Must be set where
    /// `listen` is.
    pub token: Option<SecretRef>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            hash: Algorithm::Sm3,
            snapshot_every_commands: 1_000_000,
            accounts_expected: 10_000,
            ids_recent: 3 << 20,
            ids_filter_mb: 64,
            queue_commands: 262_144,
            book: MAIN.to_owned(),
            opens_in: MAIN.to_owned(),
            business_date_automatic: true,
            verify_at: "03:30".to_owned(),
            witness: WitnessSettings::default(),
            batch: BatchSettings::default(),
        }
    }
}
