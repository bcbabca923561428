//! The memory of live sessions: what a process of the bank holds more when it starts with so many of them.
//!
//! Two processes of this binary each open a bank, one without sessions and one with them, and tell what they hold. What
//! reading the rows leaves behind counts as theirs.

use std::path::{Path, PathBuf};
use std::process::{ExitCode, Stdio};
use std::sync::Arc;

use clap::Args;
use clock::{Clock as _, SystemClock};
use db::{Db, Places};
use ids::{CustomerId, DeviceId, SessionId};
use keys::Keys as BankKeys;
use sea_orm::{ConnectionTrait, DbErr, Statement, Value};
use secrecy::Secret;
use serde_json::json;

use super::super::memory::resident_kb;
use super::{Failed, Keys, keys};
use crate::composition::Bank;
use crate::configuration::Configuration;

const ROWS_AT_ONCE: u32 = 500;
const HOUR_US: i64 = 3_600_000_000;

/// What a process holds that has opened the bank in a directory.
#[derive(Debug, Args)]
pub(crate) struct Memory {
    #[arg(long = "book", value_name = "DIR")]
    folder: PathBuf,
    /// How many sessions there are to be.
    #[arg(long)]
    sessions: u32,
}

pub(super) async fn measure(sessions: u32) -> Result<Keys, Failed> {
    let folder = db::testing::Folder::try_new()?;
    let bank = Bank::open(&at(folder.path()), Arc::new(SystemClock)).await?;
    bank.close().await;
    let without = held(folder.path(), 0).await?;
    let db = Db::open_sqlite(&folder.path().join("bank.db")).await?;
    let key_file = folder.path().join("keys").join("bank.key");
    let keyed = BankKeys::open(&db, &key_file, Arc::new(SystemClock)).await?;
    for first in (0..sessions).step_by(ROWS_AT_ONCE as usize) {
        write(&db, &keyed, first..first.saturating_add(ROWS_AT_ONCE).min(sessions)).await?;
    }
    db.close().await;
    let with = held(folder.path(), sessions).await?;
    let kb = with.saturating_sub(without);
    Ok(keys(json!({"sessions": sessions, "sessions_mb": kb.div_ceil(1024)})))
}

fn at(folder: &Path) -> Configuration {
    Configuration { data_dir: folder.to_owned(), ..Configuration::default() }
}

fn token(number: u32) -> String {
    format!("bench-session-{number}")
}

async fn write(db: &Db, keys: &BankKeys, numbers: std::ops::Range<u32>) -> Result<(), Failed> {
    const COLUMNS: usize = 13;
    let now = SystemClock.now().as_microsecond();
    let row = |number: u32| -> [Value; COLUMNS] {
        [
            SessionId::mint().to_bytes().to_vec().into(),
            keys.mac("identity.token", token(number).as_bytes()).to_vec().into(),
            CustomerId::mint().to_bytes().to_vec().into(),
            "app".into(),
            DeviceId::mint().to_bytes().to_vec().into(),
            "Chrome · Android".into(),
            "bound_device".into(),
            now.into(),
            now.into(),
            (now + HOUR_US).into(),
            "password".into(),
            now.into(),
            keys.mac("bench.device", &number.to_be_bytes()).to_vec().into(),
        ]
    };
    let rows: Arc<[[Value; COLUMNS]]> = numbers.map(row).collect();
    let written = db.write(move |tx| {
        let rows = Arc::clone(&rows);
        Box::pin(async move {
            let sql = format!(
                "INSERT INTO identity_session (id, token_hash, customer, channel, device, device_name, assurance, \
                 started_at, last_seen_at, expires_at, method, proved_at, device_key) VALUES {}",
                Places::on(tx).rows(rows.len(), COLUMNS)
            );
            let values = rows.iter().flat_map(Clone::clone);
            let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, values);
            tx.execute_raw(statement).await.map(|_| ())
        })
    });
    Ok(written.await.map_err(|error: DbErr| error)?)
}

/// What a process of its own holds that has opened the bank in `folder`, KiB.
async fn held(folder: &Path, sessions: u32) -> Result<u64, Failed> {
    let mut command = tokio::process::Command::new(std::env::current_exe()?);
    command.args(["bench", "identity-memory", "--sessions", &sessions.to_string()]).arg("--book").arg(folder);
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output().await?;
    let said = String::from_utf8(output.stdout)?;
    if !output.status.success() {
        return Err(format!("the measuring process ended with {}: {said}", output.status).into());
    }
    Ok(said.trim().parse()?)
}

impl Memory {
    /// Prints it, KiB.
    pub(crate) async fn run(&self) -> Result<ExitCode, Failed> {
        let bank = Bank::open(&at(&self.folder), Arc::new(SystemClock)).await?;
        let held = resident_kb();
        let identity = bank.books()?.identity;
        for number in [0, self.sessions / 2, self.sessions.saturating_sub(1)] {
            let found = identity.session(&Secret::new(token(number))).await?;
            if found.is_some() != (self.sessions > 0) {
                return Err(format!("session {number} is not as it was written").into());
            }
        }
        bank.close().await;
        println!("{held}");
        Ok(ExitCode::SUCCESS)
    }
}
