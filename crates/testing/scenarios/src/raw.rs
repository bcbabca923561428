//! The stores as whoever steals them has them: every file of a SQLite bank, a whole dump of PostgreSQL.

use std::path::{Path, PathBuf};

use db::{Db, Kind};
use ids::CustomerId;
use sea_orm::{ConnectionTrait, Statement};
use testkit::{Failed, Place};

/// Something that is a customer's and nobody else's: sealed, hashed, or in the clear.
pub(crate) struct Trace {
    /// Table and column.
    pub(crate) what: String,
    bytes: Vec<u8>,
    /// As a dump writes it, where the store is one of PostgreSQL.
    dumped: Option<Vec<u8>>,
}

impl std::fmt::Debug for Trace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.what)
    }
}

/// Whose column, and of which rows: `$1` is the customer's id.
const TRACES: [(&str, &str, &str); 21] = [
    ("customers_customer", "name", "id = $1"),
    ("customers_customer", "number", "id = $1"),
    ("customers_customer", "phone", "id = $1"),
    ("customers_customer", "details", "id = $1"),
    ("customers_customer", "name_hash", "id = $1"),
    ("customers_customer", "number_hash", "id = $1"),
    ("customers_customer", "phone_hash", "id = $1"),
    ("keys_data_key", "wrapped", "subject = $1"),
    ("identity_name", "name_index", "customer = $1"),
    ("identity_credential", "password", "customer = $1"),
    ("identity_credential", "pin_verifier", "customer = $1"),
    ("identity_known_device", "name", "owner = $1 AND name <> ''"),
    ("identity_device", "token_hash", "id IN (SELECT device FROM identity_known_device WHERE owner = $1)"),
    ("identity_session", "token_hash", "customer = $1"),
    ("identity_sign_in", "id", "owner = $1"),
    (
        "identity_code",
        "code_hash",
        "phone_index IN (SELECT name_index FROM identity_name WHERE customer = $1)",
    ),
    ("payments_payee", "target_index", "customer = $1"),
    ("payments_payee", "sealed", "customer = $1"),
    ("messages_outbox", "to_hash", TO_THEM),
    ("messages_outbox", "recipient", TO_THEM),
    ("messages_outbox", "body", TO_THEM),
];
/// Only they asked for a code. The id is named, so that every statement has the same parameters.
const TO_THEM: &str =
    "to_hash IN (SELECT to_hash FROM messages_outbox WHERE kind = 'one_time_code') AND $1 IS NOT NULL";

/// Where the bank at a place keeps what it knows.
pub(crate) struct Store {
    /// `sqlite` or `postgres`.
    pub(crate) name: &'static str,
    folder: PathBuf,
    address: Option<String>,
}

impl Store {
    pub(crate) fn of(place: &Place) -> Result<Self, Failed> {
        let address = place.configuration.store.address.as_ref();
        let address = address.map(settings_text).transpose()?;
        Ok(Self { name: place.store, folder: place.configuration.data_dir.clone(), address })
    }

    /// Everything of `customer` that is to be gone.
    pub(crate) async fn traces(&self, customer: CustomerId) -> Result<Vec<Trace>, Failed> {
        let mut traces = Vec::new();
        for db in self.databases().await? {
            for (table, column, rows) in TRACES {
                let sql = format!("SELECT {column} FROM {table} WHERE ({rows}) AND {column} IS NOT NULL");
                let reader = db.reader();
                let id = customer.to_bytes().to_vec();
                let statement =
                    Statement::from_sql_and_values(reader.get_database_backend(), sql, [id.into()]);
                // In a bank of several processes on SQLite each has the tables of its services alone.
                let Ok(rows) = reader.query_all_raw(statement).await else { continue };
                for row in rows {
                    let what = format!("{table}.{column}");
                    let text = row.try_get_by_index::<String>(0).ok();
                    let bytes = match &text {
                        Some(text) => text.clone().into_bytes(),
                        None => row.try_get_by_index(0)?,
                    };
                    let dumped = (db.kind() == Kind::Postgres)
                        .then(|| text.unwrap_or_else(|| hex::encode(&bytes)).into_bytes());
                    traces.push(Trace { what, bytes, dumped });
                }
            }
            db.close().await;
        }
        for (table, column, _) in TRACES {
            let what = format!("{table}.{column}");
            assert!(traces.iter().any(|trace| trace.what == what), "{}: nothing in {what}", self.name);
        }
        Ok(traces)
    }

    async fn databases(&self) -> Result<Vec<Db>, Failed> {
        if let Some(address) = &self.address {
            return Ok(vec![Db::open_postgres(address).await?]);
        }
        let mut databases = Vec::new();
        for file in files(&self.folder)? {
            if file.file_name().is_some_and(|name| name == "bank.db") {
                databases.push(Db::open_sqlite(&file).await?);
            }
        }
        Ok(databases)
    }

    /// Every byte there is, also of a bank that runs.
    pub(crate) async fn bytes(&self) -> Result<Vec<u8>, Failed> {
        let mut bytes = Vec::new();
        for file in files(&self.folder)? {
            // One that went away meanwhile holds nothing.
            bytes.extend(std::fs::read(&file).unwrap_or_default());
        }
        if let Some(address) = &self.address {
            let dump = tokio::process::Command::new("pg_dump").arg(address).output().await?;
            assert!(dump.status.success(), "{dump:?}");
            bytes.extend(dump.stdout);
        }
        Ok(bytes)
    }
}

fn settings_text(address: &settings::SecretRef) -> Result<String, Failed> {
    Ok(address.resolve()?.expose().clone())
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, Failed> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(self::files(&path)?);
        } else {
            files.push(path);
        }
    }
    Ok(files)
}

pub(crate) fn contains(bytes: &[u8], part: &[u8]) -> bool {
    let Some(first) = part.first() else { return false };
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| byte == first) {
        rest = &rest[at..];
        if rest.starts_with(part) {
            return true;
        }
        rest = &rest[1..];
    }
    false
}

/// Whether a trace is in these bytes, whichever way they are written.
pub(crate) fn found(bytes: &[u8], trace: &Trace) -> bool {
    contains(bytes, trace.dumped.as_deref().unwrap_or(&trace.bytes))
}
