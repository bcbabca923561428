//! Transfers into the ledger through its public batch interface: durable, sealed, verified afterwards.
//!
//! The ledger and its listeners run in this process; the load comes from processes of their own, each with
//! connections of its own over the loopback. Opening and funding the accounts is not counted.

mod client;
mod commit;
mod histogram;
mod http;
mod load;
mod server;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;
use clock::SystemClock;
use contracts::ledger::Ledger as _;
use db::Db;
use ids::AccountId;
use ledger::{LocalLedger, Stores};
use settings::SecretRef;

use self::histogram::Histogram;
use self::load::Clients;
use super::load::Failed;
use super::memory::resident_peak_mb;

pub(crate) use client::Client;

/// A batch of at least this many transfers is a file: the next one is sent before the first is answered.
const FILE_ROWS_MIN: u64 = 1_000;
/// Rest between two looks at how far the history has come.
const LOOK: Duration = Duration::from_millis(1);

/// Transfers through the ledger's batch interface, durable and verified afterwards.
#[derive(Debug, Args)]
pub(crate) struct Ledger {
    /// Accounts, opened and funded before.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(2..=100_000_000))]
    accounts: u64,
    /// Transfers in all.
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1..))]
    transfers: u64,
    /// Transfers in one call.
    #[arg(long, default_value_t = 8_190, value_parser = clap::value_parser!(u64).range(1..=8_190))]
    batch: u64,
    /// Connections, each a client of its own.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u64).range(1..=4_096))]
    clients: u64,
    /// Calls that a client sends before the first is answered; by default 2 of at least a thousand transfers, else 1.
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=16))]
    in_flight: Option<u64>,
    /// `grpc`; `http` posts one transfer per request as JSON; `calls` asks the ledger inside this process.
    #[arg(long, default_value = "grpc", value_parser = ["grpc", "http", "calls"])]
    interface: String,
    /// Processes that the clients are spread over.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..=64))]
    processes: u64,
    /// `sqlite`, or `postgres` with the address in --postgres.
    #[arg(long, default_value = "sqlite", value_parser = ["sqlite", "postgres"])]
    store: String,
    /// Reference to an empty PostgreSQL database, such as `env:YUANHANG_POSTGRES`.
    #[arg(long)]
    postgres: Option<String>,
    /// Hash of the journal: `sm3` or `sha256`.
    #[arg(long, default_value = "sm3", value_parser = ["sm3", "sha256"])]
    hash: String,
    /// Print one JSON line.
    #[arg(long)]
    json: bool,
}

/// What was measured.
struct Measured {
    elapsed: Duration,
    indexed: Duration,
    refused: u64,
    latencies: Histogram,
}

impl Ledger {
    pub(crate) async fn run(&self) -> Result<ExitCode, Failed> {
        if self.interface == "http" && self.batch != 1 {
            return Err("over --interface http each request is one transfer; say --batch 1".into());
        }
        let folder = db::testing::Folder::try_new()?;
        let commit_us = commit::median_us(folder.path())?;
        let ledger = self.open(folder.path()).await?;
        server::fund(&*ledger, self.accounts).await?;
        wait_for_history(&ledger).await?;
        let before = server::bytes(folder.path());
        let measured = self.measure(&ledger).await?;
        let verification = ledger.verify().await?;
        if let Some(fault) = &verification.fault {
            eprintln!("the journal does not hold: {fault}");
        }
        ledger.stop().await;
        // A database server keeps its files to itself.
        let bytes = (self.store == "sqlite")
            .then(|| server::bytes(folder.path()).saturating_sub(before) / self.transfers);
        self.tell(&measured, verification.verified, bytes, commit_us);
        Ok(if verification.verified { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    async fn open(&self, folder: &std::path::Path) -> Result<Arc<LocalLedger>, Failed> {
        let stores = if self.store == "postgres" {
            let reference = self.postgres.clone().ok_or("say --postgres with a reference to the database")?;
            let address = SecretRef::try_from(reference)?.resolve()?;
            Stores::postgres(&Db::open_postgres(address.expose()).await?).await?
        } else {
            Stores::sqlite(folder).await?
        };
        let mut settings = ledger::Settings {
            accounts_expected: u32::try_from(self.accounts + 1)?,
            ..ledger::Settings::default()
        };
        if self.hash == "sha256" {
            settings.hash = ledger::hash::Algorithm::Sha256;
        }
        let ledger = ledger::open(stores, Arc::new(SystemClock), &settings).await?;
        ledger.advance_to_today().await?;
        Ok(ledger)
    }

    async fn measure(&self, ledger: &Arc<LocalLedger>) -> Result<Measured, Failed> {
        let load = load::Load {
            accounts: self.accounts,
            transfers: self.transfers,
            batch: self.batch,
            clients: self.clients,
            in_flight: self.in_flight(),
        };
        let (started, done, indexed) = if self.interface == "calls" {
            let started = Instant::now();
            let done = load::inside(ledger, &load).await?;
            wait_for_history(ledger).await?;
            (started, done, started.elapsed())
        } else {
            let server = server::Server::start(ledger, &self.interface).await?;
            let clients = Clients::start(&load, &self.interface, &server, self.processes).await?;
            let started = Instant::now();
            let done = clients.go().await?;
            wait_for_history(ledger).await?;
            let indexed = started.elapsed();
            server.stop().await;
            (started, done, indexed)
        };
        let elapsed = done.ended.saturating_duration_since(started);
        if done.answered != self.transfers {
            return Err(format!("{} of {} transfers were answered", done.answered, self.transfers).into());
        }
        Ok(Measured { elapsed, indexed, refused: done.refused, latencies: done.latencies })
    }

    fn in_flight(&self) -> u64 {
        self.in_flight.unwrap_or(if self.batch >= FILE_ROWS_MIN { 2 } else { 1 })
    }

    fn tell(&self, measured: &Measured, verified: bool, bytes: Option<u64>, commit_us: u64) {
        let per_second = |elapsed: Duration| {
            let us = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX).max(1);
            self.transfers.saturating_mul(1_000_000) / us
        };
        let bytes = bytes.map_or_else(|| "null".to_owned(), |bytes| bytes.to_string());
        let line = format!(
            "{{\"transfers_per_s\":{},\"indexed_per_s\":{},\"batch_p50_ms\":{},\"batch_p99_ms\":{},\"rss_mb\":{},\
             \"rss_of\":\"server and setup\",\"bytes_per_transfer\":{bytes},\"verified\":{verified},\"commit_ms\":{},\
             \"refused\":{},\"accounts\":{},\"transfers\":{},\"batch\":{},\"clients\":{},\"in_flight\":{},\
             \"interface\":\"{}\",\"store\":\"{}\",\"hash\":\"{}\",\"elapsed_ms\":{}}}",
            per_second(measured.elapsed),
            per_second(measured.indexed),
            milliseconds(measured.latencies.percentile_us(50)),
            milliseconds(measured.latencies.percentile_us(99)),
            resident_peak_mb(),
            milliseconds(commit_us),
            measured.refused,
            self.accounts,
            self.transfers,
            self.batch,
            self.clients,
            self.in_flight(),
            self.interface,
            self.store,
            self.hash,
            measured.elapsed.as_millis(),
        );
        if self.json {
            println!("{line}");
        } else {
            println!(
                "{}",
                line.trim_matches(['{', '}']).replace("\",", "\"\n").replace(',', "\n").replace('"', "")
            );
        }
    }
}

/// Microseconds as milliseconds with three places.
fn milliseconds(us: u64) -> String {
    format!("{}.{:03}", us / 1_000, us % 1_000)
}

/// Waits until the history has followed the journal's head.
async fn wait_for_history(ledger: &LocalLedger) -> Result<(), Failed> {
    while ledger.status().await?.history_lag > 0 {
        tokio::time::sleep(LOOK).await;
    }
    Ok(())
}

/// Pseudo-random numbers (splitmix64): fast, and the same for the same seed.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    pub(super) const fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ mixed >> 31
    }

    /// Below `end`, which is not zero.
    pub(super) const fn below(&mut self, end: u64) -> u64 {
        ((self.roll() as u128 * end as u128) >> 64) as u64
    }
}

/// The account of a number: an id such as a client mints, and the same in every process.
pub(super) fn account(number: u64) -> AccountId {
    const FIRST_MS: u64 = 1_764_000_000_000;
    AccountId::seeded(FIRST_MS + number / 16, entropy(&mut Dice::new(number)))
}

/// What makes an id unique among those of its millisecond.
pub(super) fn entropy(dice: &mut Dice) -> [u8; 10] {
    let [a, b, c, d, e, f, g, h] = dice.roll().to_le_bytes();
    let [i, j, ..] = dice.roll().to_le_bytes();
    [a, b, c, d, e, f, g, h, i, j]
}
