//! All settings of the bank in one struct; `config/yuanhang.toml` is generated from it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use settings::SecretRef;

/// Everything that can be set. Every key has a default with which a bank just runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Configuration {
    /// Where the bank keeps its data. One process at a time may open it.
    pub data_dir: PathBuf,
    /// File of the bank's master key; `keys/bank.key` in the data directory where it is not set. All
    /// processes of one bank use the same.
    pub key_file: Option<PathBuf>,
    /// Address and port the bank listens on. Port 0 takes a free one. A process without `gateway` answers
    /// nothing there but health and metrics.
    pub listen: String,
    /// What goes between processes, where the bank is split over several (`serve --target`).
    pub wire: wire::Settings,
    /// Where services run that this process asks and does not run itself: `ledger = "10.0.0.5:7100"`. A service that
    /// runs in several processes has several addresses, with commas between; the first that answers is asked.
    pub neighbors: BTreeMap<String, String>,
    /// Where further books are led, by their names (`ledger.book`), beside the one of this process or of
    /// `neighbors.ledger`: `south = "10.1.0.5:7100,10.1.0.6:7100"`.
    pub books: BTreeMap<String, String>,
    /// Where the books are kept.
    pub store: Store,
    /// Logs and metrics.
    pub telemetry: telemetry::Telemetry,
    /// The door to every channel.
    pub gateway: gateway::Settings,
    /// The ledger.
    pub ledger: ledger::Settings,
    /// Customers.
    pub customers: customers::Settings,
    /// Deposit accounts.
    pub accounts: accounts::Settings,
    /// Payments.
    pub payments: payments::Settings,
    /// Sign-in and sessions.
    pub identity: identity::Settings,
    /// Messages to customers.
    pub messages: messages::Settings,
}

impl Default for Configuration {
    fn default() -> Self {
        Self {
            data_dir: "./yuanhang-data".into(),
            key_file: None,
            listen: "127.0.0.1:8080".to_owned(),
            wire: wire::Settings::default(),
            neighbors: BTreeMap::new(),
            books: BTreeMap::new(),
            store: Store::default(),
            telemetry: telemetry::Telemetry::default(),
            gateway: gateway::Settings::default(),
            ledger: ledger::Settings::default(),
            customers: customers::Settings::default(),
            accounts: accounts::Settings::default(),
            payments: payments::Settings::default(),
            identity: identity::Settings::default(),
            messages: messages::Settings::default(),
        }
    }
}

/// Where the books are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Store {
    /// `sqlite` keeps them in files of the data directory and needs no other program; `postgres` keeps them in a
    /// PostgreSQL-wire database.
    pub kind: StoreKind,
    /// For `postgres`: a reference to the address `postgres://user:password@host:port/name`, such as
    /// `env:YUANHANG_POSTGRES` or `file:/etc/yuanhang/postgres`.
    pub address: Option<SecretRef>,
}

/// A kind of store.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StoreKind {
    /// Embedded.
    #[default]
    Sqlite,
    /// A PostgreSQL-wire server.
    Postgres,
}
