//! All settings of the bank in one struct; `config/yuanhang.toml` is generated from it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clock::{BusinessDate, Calendar, CalendarRefused};
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
    /// processes of one bank use the same, or copies of it. `yuanhang keys rotate` writes new generations there.
    pub key_file: Option<PathBuf>,
    /// The bank's master key.
    pub keys: MasterKey,
    /// Address and port the bank listens on. Port 0 takes a free one. A process without `gateway` answers
    /// nothing there but health and metrics.
    pub listen: String,
    /// What goes between processes, where the bank is split over several (`serve --target`).
    pub wire: wire::Settings,
    /// Where services run that this process asks and does not run itself: `ledger = "10.0.0.5:7100"`. A
    /// service that runs in several processes has several addresses, with commas between; the first that
    /// answers is asked. With `payments = "dns:payments.bank.internal:7100"` all addresses behind the name are
    /// its processes.
    pub neighbors: BTreeMap<String, String>,
    /// Where further books are led, by their names (`ledger.book`), beside the one of this process or of
    /// `neighbors.ledger`: `south = "10.1.0.5:7100,10.1.0.6:7100"`, or a name to be looked up.
    pub books: BTreeMap<String, String>,
    /// Where the books are kept.
    pub store: Store,
    /// Holidays of years that are not built in.
    pub calendar: Holidays,
    /// Who may do what.
    pub policies: policies::Settings,
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
    /// The record of who did what.
    pub audit: audit::Settings,
}

impl Default for Configuration {
    fn default() -> Self {
        Self {
            data_dir: "./yuanhang-data".into(),
            key_file: None,
            keys: MasterKey::default(),
            listen: "127.0.0.1:8080".to_owned(),
            wire: wire::Settings::default(),
            neighbors: BTreeMap::new(),
            books: BTreeMap::new(),
            store: Store::default(),
            calendar: Holidays::default(),
            policies: policies::Settings::default(),
            telemetry: telemetry::Telemetry::default(),
            gateway: gateway::Settings::default(),
            ledger: ledger::Settings::default(),
            customers: customers::Settings::default(),
            accounts: accounts::Settings::default(),
            payments: payments::Settings::default(),
            identity: identity::Settings::default(),
            messages: messages::Settings::default(),
            audit: audit::Settings::default(),
        }
    }
}

/// The bank's master key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct MasterKey {
    /// A PKCS#11 module in which the master key is made and from which it never comes out. The key file then names
    /// the keys in it. `yuanhang keys move --to-pkcs11` leads a bank there that has its key in the file.
    pub pkcs11: Pkcs11,
}

/// A PKCS#11 module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Pkcs11 {
    /// The library that its maker gives, such as `/usr/lib/softhsm/libsofthsm2.so`; there is no module where it is
    /// not set. It must know AES-GCM.
    pub library: Option<PathBuf>,
    /// The label of the token.
    pub token: String,
    /// A reference to the PIN of the token's user, such as `file:/etc/yuanhang/pin`.
    pub pin: Option<SecretRef>,
    /// The label that new keys get. They are found by ids, which stand in the key file.
    pub key_label: String,
}

impl Default for Pkcs11 {
    fn default() -> Self {
        Self { library: None, token: "bank".to_owned(), pin: None, key_label: "yuanhang".to_owned() }
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

/// Holidays and the weekends that are worked to make up for them, as the State Council announces them for each year.
/// Those of 2015 to 2026 are built in; a year that is named here is replaced as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Holidays {
    /// Days that are free, first and last, such as `2027-01-01/2027-01-03` (ISO 8601), or a single day.
    pub free: Vec<String>,
    /// Saturdays and Sundays that are worked, such as `2027-02-06`.
    pub worked: Vec<String>,
}

/// Holidays that make no calendar.
#[derive(Debug, thiserror::Error)]
pub enum HolidaysRefused {
    /// Not a day or a span of days.
    #[error("`{0}` in `calendar` is no day; write 2027-02-06, or 2027-01-01/2027-01-03 for several")]
    Malformed(String),
    /// They contradict each other.
    #[error("`calendar` cannot be used")]
    Contradict(#[from] CalendarRefused),
}

impl Holidays {
    /// The bank's calendar: what is built in, and what is set here.
    ///
    /// # Errors
    /// [`HolidaysRefused`].
    pub fn calendar(&self) -> Result<Calendar, HolidaysRefused> {
        let day = |text: &str| -> Result<BusinessDate, HolidaysRefused> {
            text.trim().parse().map_err(|_| HolidaysRefused::Malformed(text.to_owned()))
        };
        let span = |text: &String| {
            let (first, last) = text.split_once('/').unwrap_or((text, text));
            Ok::<_, HolidaysRefused>((day(first)?, day(last)?))
        };
        let free = self.free.iter().map(span).collect::<Result<Vec<_>, _>>()?;
        let worked = self.worked.iter().map(|text| day(text)).collect::<Result<Vec<_>, _>>()?;
        Ok(Calendar::china().with(&free, &worked)?)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn holidays(free: &[&str], worked: &[&str]) -> Holidays {
        let owned = |texts: &[&str]| texts.iter().map(ToString::to_string).collect();
        Holidays { free: owned(free), worked: owned(worked) }
    }

    #[test]
    fn a_new_year_is_added_by_settings() {
        let calendar =
            holidays(&["2027-01-01/2027-01-03", "2027-04-05"], &["2027-02-06"]).calendar().unwrap();
        for (day, works) in [("2027-01-03", false), ("2027-04-05", false), ("2027-02-06", true)] {
            assert_eq!(calendar.is_workday(day.parse().unwrap()), Ok(works), "{day}");
        }
    }

    #[test]
    fn holidays_that_cannot_be_are_refused_with_what_to_do() {
        for (free, worked, says) in [
            (&["2027-1-1"][..], &[][..], "write 2027-02-06"),
            (&["2027-01-03/2027-01-01"], &[], "cannot be used"),
            (&[], &["2027-02-30"], "`2027-02-30`"),
            (&[], &["2027-02-05"], "cannot be used"),
        ] {
            let refused = holidays(free, worked).calendar().unwrap_err().to_string();
            assert!(refused.contains(says), "{refused}");
        }
    }
}
