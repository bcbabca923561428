//! How fast the history follows and is read, printed. `YUANHANG_HISTORY_POSTINGS` and `YUANHANG_HISTORY_ACCOUNTS` say
//! how much is posted.

use std::sync::Arc;
use std::time::Instant;

use contracts::ledger::HistoryQuery;
use ids::{AccountId, TransferId};

use super::blocks::Random;
use crate::history::{History, Reading};
use crate::journal::Position;
use crate::journal::memory::MemoryJournal;
use crate::model::{Batch, Did, Entry, Executed, Posting};
use crate::tests::kit::Home;

fn asked(name: &str, otherwise: usize) -> usize {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(otherwise)
}

/// Postings between random accounts, as the writer hands them over.
struct Source {
    random: Random,
    last: Vec<(u32, i64)>,
    sequence: u64,
    made: u64,
}

impl Source {
    fn next(&mut self, postings: usize) -> Batch {
        self.sequence += 1;
        let many = self.last.len() as u64;
        let at = 1_790_000_000_000_000_000 + self.sequence as i64 * 16_000_000;
        let entries: Vec<Entry> = (0..postings)
            .map(|_| {
                self.made += 1;
                let debit = self.random.below(many) as usize;
                let credit = (debit + 1 + self.random.below(many - 1) as usize) % many as usize;
                let amount = 1 + self.random.below(100_000);
                self.last[debit].0 += 1;
                self.last[debit].1 -= amount as i64;
                self.last[credit].0 += 1;
                self.last[credit].1 += amount as i64;
                let posting = Posting {
                    debit: debit as u32,
                    credit: credit as u32,
                    amount,
                    code: 1,
                    booked_on: 20_600,
                    value_on: 20_600,
                    debit_movement: self.last[debit].0,
                    credit_movement: self.last[credit].0,
                    debit_balance: self.last[debit].1,
                    credit_balance: self.last[credit].1,
                };
                let did = Did::Posted { posting, counts: false, names_booking: false, names_value: false };
                let id = (at as u128 / 1_000_000) << 80 | u128::from(self.random.next()) << 24;
                let id = TransferId::from_u128(id | u128::from(self.made));
                Entry::Executed(Executed { id, linked: false, digest: None, booked_on: 20_600, did })
            })
            .collect();
        Batch::of(self.sequence, at, 20_600, &entries)
    }
}

/// Processor time of the threads of this process, in hundredths of a second, by name.
fn processor_time() -> Vec<(String, u64)> {
    let mut times: std::collections::BTreeMap<String, u64> = Default::default();
    let Ok(tasks) = std::fs::read_dir("/proc/self/task") else { return vec![] };
    for task in tasks.flatten() {
        let Ok(stat) = std::fs::read_to_string(task.path().join("stat")) else { continue };
        let Some((name, rest)) = stat.split_once('(').and_then(|(_, rest)| rest.rsplit_once(')')) else {
            continue;
        };
        let fields: Vec<&str> = rest.split_whitespace().collect();
        let ticks = |at: usize| fields[at].parse::<u64>().unwrap_or(0);
        *times.entry(name.to_owned()).or_default() += ticks(11) + ticks(12);
    }
    times.into_iter().collect()
}

/// Prints what the threads have spent since `before`.
fn spent(before: &[(String, u64)]) {
    for (name, ticks) in processor_time() {
        let of_before = before.iter().find(|(other, _)| *other == name).map_or(0, |(_, ticks)| *ticks);
        if ticks > of_before {
            println!("  thread {name}: {} ms of processor time", (ticks - of_before) * 10);
        }
    }
}

async fn latencies(reading: &Reading, last: &[(u32, i64)], times: usize) -> String {
    let mut random = Random(3);
    let query = HistoryQuery::newest(AccountId::from_u128(1), 50);
    let mut taken = vec![];
    for _ in 0..times {
        let account = random.below(last.len() as u64) as usize;
        let started = Instant::now();
        let page = reading.page(account as u32, last[account].0, &query).await.unwrap();
        taken.push(started.elapsed());
        assert_eq!(page.len(), 50.min(last[account].0 as usize));
    }
    taken.sort_unstable();
    let at = |percent: usize| taken[(taken.len() * percent / 100).min(taken.len() - 1)];
    format!("newest 50 of {times} accounts: p50 {:?}, p99 {:?}, longest {:?}", at(50), at(99), at(100))
}

async fn measure(home: &Home, postings: usize, accounts: usize) {
    let db = home.stores().await.unwrap().derived;
    let (history, following, reading) = History::open(db.clone()).await.unwrap();
    let journal = Arc::new(MemoryJournal::default());
    let ended = crate::history::start(history, journal).unwrap();
    let mut source = Source { random: Random(1), last: vec![(0, 0); accounts], sequence: 0, made: 0 };
    let size = 16_000.min(postings / 4);
    let (started, before) = (Instant::now(), processor_time());
    let mut during = vec![];
    while source.made < postings as u64 {
        let batch = source.next(size);
        let position = Position { sequence: batch.sequence, epoch: 1, hash: [1; 32] };
        following.hand_over(position, Arc::new(batch)).await;
        if source.sequence.is_multiple_of(64) {
            assert!(reading.reaches(source.sequence).await);
            during.push(latencies(&reading, &source.last, 30).await);
        }
    }
    assert!(reading.reaches(source.sequence).await);
    let followed = started.elapsed();
    let rate = source.made as u128 * 1_000 / followed.as_millis().max(1);
    println!(
        "{}: {} postings, {accounts} accounts: followed in {followed:?}: {rate}/s",
        home.name, source.made
    );
    spent(&before);
    during.iter().rev().take(5).for_each(|line| println!("  while writing: {line}"));
    println!("  then: {}", latencies(&reading, &source.last, 1_000.min(postings / 10)).await);
    drop(following);
    ended.await.unwrap();
    println!("  stored in {:?}, with what was merged until then", started.elapsed());
    let (mut history, _, reading) = History::open(db.clone()).await.unwrap();
    let (merging, before) = (Instant::now(), processor_time());
    while history.step().await.unwrap() {}
    let runs = history.runs();
    let levels: Vec<u32> = runs.iter().map(|run| run.level).collect();
    println!("  merged what was due in {:?}; levels {levels:?}", merging.elapsed());
    spent(&before);
    println!("  after all: {}", latencies(&reading, &source.last, 1_000.min(postings / 10)).await);
    let bytes = crate::history::store::bytes(db.reader()).await.unwrap();
    println!("  {} bytes for 100 movements", bytes * 100 / (source.made * 2));
    db.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn how_fast_it_follows_and_is_read() {
    let postings = asked("YUANHANG_HISTORY_POSTINGS", 40_000);
    let accounts = asked("YUANHANG_HISTORY_ACCOUNTS", 10_000);
    for home in Home::everywhere().await.iter().filter(|home| home.name != "memory") {
        measure(home, postings, accounts).await;
    }
}
