//! How a large book starts, and how old ids are found in it.
//!
//! Makes a book of the wanted size (or goes on with the one that is there), stops it, starts it again and asks for
//! new ids, random ones, and some that were used long ago. Fails where one of these is not recognized. Then reads
//! the newest movements of accounts, one after the other, while transfers are being posted.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;
use clock::SystemClock;
use contracts::ledger::{
    Act, Asset, Command, HistoryQuery, Ledger, Limits, OpenAccount, Receipt, Transfer, kinds,
};
use ids::{AccountId, TransferId};
use ledger::{LocalLedger, SUBMISSION_MAX, Settings, Stores, open};
use money::Side;

use super::load::Failed;
use super::memory::resident_mb;

/// Submissions of new ids, of either kind.
const NEW: u64 = 3;
/// Histories that are read at the pace.
const READS: usize = 2_000;
/// Histories that are read while as many transfers are posted as can be.
const BUSY_READS: usize = 400;
/// Transfers per second that are posted meanwhile, before as many are as can be.
const PACE: u64 = 100_000;
/// Movements that are asked for.
const NEWEST: u32 = 50;

/// How a large book starts, and how old ids are found in it.
#[derive(Debug, Args)]
pub(crate) struct Startup {
    /// Accounts.
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(2..=100_000_000))]
    accounts: u64,
    /// Transfers.
    #[arg(long, default_value_t = 5_000_000, value_parser = clap::value_parser!(u64).range(1..))]
    transfers: u64,
    /// A directory whose book is made, or gone on with, and kept; without it, one that is removed afterwards.
    #[arg(long, value_name = "DIR")]
    book: Option<PathBuf>,
    /// Print one JSON line.
    #[arg(long)]
    json: bool,
}

/// One in so many transfers is submitted again.
const AGAIN_EVERY: u64 = 250_000;

/// Some number in the place of chance: the same in each run.
const fn mixed(n: u64) -> u64 {
    let n = (n ^ n >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    (n ^ n >> 27).wrapping_mul(0x94D0_49BB_1331_11EB)
}

const fn account(number: u64) -> AccountId {
    AccountId::from_u128((mixed(number) as u128) << 64 | number as u128)
}

/// An id minted in order, two thousand in a millisecond.
fn minted(n: u64) -> TransferId {
    let mut entropy = [0; 10];
    entropy.iter_mut().zip(mixed(n).to_be_bytes()).for_each(|(to, from)| *to = from);
    TransferId::seeded(1_700_000_000_000 + n / 2_000, entropy)
}

/// An id that tells no time.
const fn random(n: u64) -> TransferId {
    let version_4 = 4 << 76 | 0b10 << 62;
    let bits = (mixed(n) as u128) << 64 | mixed(!n) as u128;
    TransferId::from_u128(bits & !(0xF << 76 | 0b11 << 62) | version_4)
}

fn transfer(id: TransferId, n: u64, accounts: u64) -> Command {
    let debit = mixed(n) % accounts;
    let transfer = Transfer {
        debit: account(debit),
        credit: account((debit + 1 + mixed(n + 1) % (accounts - 1)) % accounts),
        amount: 1 + n % 100,
        hold_until: None,
        code: 1,
        booked_on: None,
        value_on: None,
        counts_toward_limits: false,
    };
    Command { id, act: Act::Transfer(transfer), linked: false }
}

fn opening(number: u64, asset: Asset) -> Command {
    let act = Act::OpenAccount(OpenAccount {
        account: account(number),
        asset,
        normal: Side::Credit,
        kind: kinds::CURRENT,
        floor: None,
        limits: Limits::default(),
    });
    Command { id: minted(number), act, linked: false }
}

/// Posts all, four submissions at a time.
async fn post_all(ledger: &LocalLedger, commands: impl Iterator<Item = Command>) -> Result<(), Failed> {
    let mut commands = commands.peekable();
    while commands.peek().is_some() {
        let submissions: Vec<Vec<Command>> =
            (0..4).map(|_| commands.by_ref().take(SUBMISSION_MAX).collect()).collect();
        for receipts in
            futures_util::future::try_join_all(submissions.into_iter().map(|some| ledger.post(some))).await?
        {
            if let Some(Err(refusal)) = receipts.iter().find(|receipt| receipt.is_err()) {
                return Err(format!("a command was refused: {refusal:?}").into());
            }
        }
    }
    Ok(())
}

async fn start(directory: &Path, accounts: u64) -> Result<Arc<LocalLedger>, Failed> {
    let settings = Settings { accounts_expected: u32::try_from(accounts)?, ..Settings::default() };
    Ok(open(Stores::sqlite(directory).await?, Arc::new(SystemClock), &settings).await?)
}

fn elapsed_ms(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// Posts commands in one submission; gives the time, and how many were repetitions.
async fn timed(ledger: &LocalLedger, commands: Vec<Command>) -> Result<(u64, u64), Failed> {
    let started = Instant::now();
    let receipts: Vec<Receipt> = ledger.post(commands).await?;
    let repeated = receipts.iter().flatten().filter(|receipt| receipt.repeated).count() as u64;
    Ok((elapsed_ms(started), repeated))
}

/// What reads of histories came to while transfers were posted.
struct Reads {
    movements: usize,
    p50_us: u64,
    p99_us: u64,
    max_us: u64,
    posted_per_s: u64,
}

/// Posts transfers whose ids begin with the `next` one, so many per second at most, until it is told to stop; tells
/// how many and how many per second.
async fn post_on(
    ledger: Arc<LocalLedger>,
    accounts: u64,
    next: u64,
    rate: u64,
    stopped: tokio::sync::watch::Receiver<bool>,
) -> Result<(u64, u64), Failed> {
    let some = (rate / 100).clamp(1, 4 * SUBMISSION_MAX as u64);
    let (started, mut posted) = (tokio::time::Instant::now(), 0_u64);
    while !*stopped.borrow() {
        tokio::time::sleep_until(started + Duration::from_micros(posted.saturating_mul(1_000_000) / rate))
            .await;
        let from = next + posted;
        post_all(&ledger, (from..from + some).map(|n| transfer(minted(n), n, accounts))).await?;
        posted += some;
    }
    Ok((posted, posted * 1_000 / elapsed_ms(started.into_std()).max(1)))
}

/// Reads the newest movements of some accounts while others post; tells how many were posted as well.
async fn read_while_posting(
    ledger: &Arc<LocalLedger>,
    accounts: u64,
    next: u64,
    rate: u64,
    reads: usize,
) -> Result<(Reads, u64), Failed> {
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let posting = tokio::spawn(post_on(Arc::clone(ledger), accounts, next, rate, stopped));
    let mut taken = Vec::with_capacity(reads);
    let mut movements = 0;
    for read in 0..reads as u64 {
        let query = HistoryQuery::newest(account(mixed(read + 7) % accounts), NEWEST);
        let started = Instant::now();
        movements += ledger.history(query).await?.len();
        taken.push(u64::try_from(started.elapsed().as_micros())?);
    }
    stop.send_replace(true);
    let (posted, posted_per_s) = posting.await??;
    taken.sort_unstable();
    let of_hundred = |percent: usize| taken.get(reads * percent / 100).copied().unwrap_or_default();
    let max_us = taken.last().copied().unwrap_or_default();
    Ok((Reads { movements, p50_us: of_hundred(50), p99_us: of_hundred(99), max_us, posted_per_s }, posted))
}

impl Startup {
    pub(crate) async fn run(&self) -> Result<ExitCode, Failed> {
        let folder = db::testing::Folder::try_new()?;
        let directory = self.book.as_deref().unwrap_or(folder.path());
        std::fs::create_dir_all(directory)?;
        let posted_per_s = self.make(directory).await?;

        let started = Instant::now();
        let ledger = start(directory, self.accounts).await?;
        let (start_ms, start_mb) = (elapsed_ms(started), resident_mb());
        // A book that was asked before has more than the wanted ones.
        let last = self.accounts + ledger.status().await?.transfers.max(self.transfers);
        let (mut new_ms, mut random_ms) = (0, 0);
        for turn in 0..NEW {
            let range = last + turn * 8_190..last + (turn + 1) * 8_190;
            let of = |id: fn(u64) -> TransferId| {
                range.clone().map(|n| transfer(id(n + 1_000_000_000), n, self.accounts)).collect()
            };
            new_ms = timed(&ledger, of(minted)).await?.0.max(new_ms);
            random_ms = timed(&ledger, of(random)).await?.0.max(random_ms);
        }
        let again: Vec<_> = (self.accounts..self.accounts + self.transfers)
            .step_by(AGAIN_EVERY as usize)
            .map(|n| transfer(minted(n), n, self.accounts))
            .collect();
        let expected = again.len() as u64;
        let (again_ms, repeated) = timed(&ledger, again).await?;
        let next = last + NEW * 8_190;
        let (reads, posted) = read_while_posting(&ledger, self.accounts, next, PACE, READS).await?;
        let (busy, _) =
            read_while_posting(&ledger, self.accounts, next + posted, u64::MAX, BUSY_READS).await?;
        let rss_mb = resident_mb();
        ledger.stop().await;
        let line = serde_json::json!({
            "accounts": self.accounts,
            "transfers": self.transfers,
            "posted_per_s": posted_per_s,
            "start_ms": start_ms,
            "start_rss_mb": start_mb,
            "new_ids_8190_ms": new_ms,
            "random_ids_8190_ms": random_ms,
            "old_ids": expected,
            "old_ids_recognized": repeated,
            "old_ids_ms": again_ms,
            "history_reads": READS,
            "history_movements": reads.movements,
            "history_p50_us": reads.p50_us,
            "history_p99_us": reads.p99_us,
            "history_max_us": reads.max_us,
            "history_posted_per_s": reads.posted_per_s,
            "busy_history_p50_us": busy.p50_us,
            "busy_history_p99_us": busy.p99_us,
            "busy_history_posted_per_s": busy.posted_per_s,
            "rss_mb": rss_mb,
        });
        if self.json {
            println!("{line}");
        } else {
            line.as_object().into_iter().flatten().for_each(|(name, value)| println!("{name:<20} {value}"));
        }
        Ok(if repeated == expected { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    /// Opens the accounts where there are none, and posts what is missing of the transfers; how many per second.
    async fn make(&self, directory: &Path) -> Result<u64, Failed> {
        let ledger = start(directory, self.accounts).await?;
        let status = ledger.status().await?;
        if status.accounts == 0 {
            let asset = Asset::try_new("CNY").ok_or("no asset")?;
            let register = Act::RegisterAsset { asset, scale: 2 };
            ledger.post(vec![Command { id: random(0), act: register, linked: false }]).await?;
            post_all(&ledger, (0..self.accounts).map(|number| opening(number, asset))).await?;
        }
        let started = Instant::now();
        let ids = self.accounts + status.transfers..self.accounts + self.transfers;
        let missing = ids.end.saturating_sub(ids.start);
        post_all(&ledger, ids.map(|n| transfer(minted(n), n, self.accounts))).await?;
        let posted_per_s = missing * 1_000 / elapsed_ms(started).max(1);
        ledger.stop().await;
        Ok(posted_per_s)
    }
}
