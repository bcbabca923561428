//! Measures how a large book starts and how old ids are found in it.
//!
//! `cargo run -p ledger --example startup -- DIRECTORY ACCOUNTS TRANSFERS` makes a book in an empty directory, or takes
//! the one that is there, and prints figures. It fails where an id that was used is not recognized.
#![expect(clippy::print_stdout, reason = "printing figures is what it is for")]

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use clock::SystemClock;
use contracts::ledger::{Act, Asset, Command, Ledger, Limits, OpenAccount, Receipt, Transfer, kinds};
use ids::{AccountId, TransferId};
use ledger::{LocalLedger, SUBMISSION_MAX, Settings, Stores, open};
use money::Side;

type Failed = Box<dyn Error>;

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

fn resident_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1_024
}

async fn start(directory: &Path, accounts: u64) -> Result<Arc<LocalLedger>, Failed> {
    let settings = Settings {
        accounts_expected: u32::try_from(accounts)?,
        snapshot_every_commands: 20_000_000,
        ..Settings::default()
    };
    let started = Instant::now();
    let stores = Stores::sqlite(directory).await?;
    let ledger = open(stores, Arc::new(SystemClock), &settings).await?;
    println!("started in {:?}, {} MB resident", started.elapsed(), resident_mb());
    Ok(ledger)
}

/// Posts commands in one submission; tells the time, and how many were repetitions.
async fn timed(ledger: &LocalLedger, what: &str, commands: Vec<Command>) -> Result<u64, Failed> {
    let (count, started) = (commands.len(), Instant::now());
    let receipts: Vec<Receipt> = ledger.post(commands).await?;
    let repeated = receipts.iter().flatten().filter(|receipt| receipt.repeated).count() as u64;
    println!("{count} {what}: {:?}, {repeated} repeated", started.elapsed());
    Ok(repeated)
}

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let mut arguments = std::env::args().skip(1);
    let mut number = || arguments.next().ok_or("usage: startup DIRECTORY ACCOUNTS TRANSFERS");
    let directory = PathBuf::from(number()?);
    let (accounts, transfers): (u64, u64) = (number()?.parse()?, number()?.parse()?);
    std::fs::create_dir_all(&directory)?;
    let ledger = start(&directory, accounts).await?;
    let status = ledger.status().await?;
    if status.accounts == 0 {
        let asset = Asset::try_new("CNY").ok_or("no asset")?;
        let register = Act::RegisterAsset { asset, scale: 2 };
        ledger.post(vec![Command { id: random(0), act: register, linked: false }]).await?;
        let started = Instant::now();
        post_all(&ledger, (0..accounts).map(|number| opening(number, asset))).await?;
        println!("{accounts} accounts opened in {:?}", started.elapsed());
    }
    // Goes on where an earlier run has stopped.
    let done = status.transfers;
    let started = Instant::now();
    let ids = accounts + done..accounts + transfers;
    post_all(&ledger, ids.map(|n| transfer(minted(n), n, accounts))).await?;
    println!("{transfers} transfers posted in {:?}, {} MB resident", started.elapsed(), resident_mb());
    let stopping = Instant::now();
    ledger.stop().await;
    println!("stopped in {:?}", stopping.elapsed());
    drop(ledger);

    let ledger = start(&directory, accounts).await?;
    let last = accounts + transfers;
    for turn in 0..3 {
        let from = last + turn * 8_190;
        let new = (from..from + 8_190).map(|n| transfer(minted(n + 1_000_000_000), n, accounts)).collect();
        timed(&ledger, "new ids of version 7", new).await?;
        let new = (from..from + 8_190).map(|n| transfer(random(n), n, accounts)).collect();
        timed(&ledger, "new random ids", new).await?;
    }
    let again: Vec<_> =
        (accounts..last).step_by(AGAIN_EVERY as usize).map(|n| transfer(minted(n), n, accounts)).collect();
    let expected = again.len() as u64;
    let repeated = timed(&ledger, "ids from the whole history", again).await?;
    println!("{} MB resident", resident_mb());
    ledger.stop().await;
    if repeated == expected { Ok(()) } else { Err("an id was not recognized".into()) }
}
