//! Random postings, flushes, merges, crashes and restarts against plain lists, in pieces so small that many levels
//! come about.

use std::sync::Arc;

use contracts::ledger::{DayBalances, DayKind, DayMoved, DayQuery};
use db::Db;
use money::Side;
use proptest::prelude::*;

use super::blocks::Random;
use super::oracle::Oracle;
use crate::hash::Algorithm;
use crate::history::{History, Moved, Reading, Scan, Shape, rebuild};
use crate::journal::memory::MemoryJournal;
use crate::journal::{Journal, Position};
use crate::model::Batch;
use crate::record::seal;
use crate::tests::kit::Home;

const SMALL: Shape = Shape { postings_max: 30, block_bytes_max: 220, fan_out: 3, helping_blocks: 2 };

/// A history under test, its journal, and what must be in it.
struct Trial {
    db: Db,
    journal: MemoryJournal,
    position: Position,
    random: Random,
    oracle: Oracle,
    history: History,
    reading: Reading,
}

impl Trial {
    async fn open(db: &Db, seed: u64, accounts: usize) -> Self {
        let (history, _, reading) = History::open_with(db.clone(), SMALL).await.unwrap();
        Self {
            db: db.clone(),
            journal: MemoryJournal::default(),
            position: Position::default(),
            random: Random(seed),
            oracle: Oracle::of(accounts),
            history,
            reading,
        }
    }

    async fn commit(&mut self) -> Batch {
        let batch = self.oracle.next(&mut self.random, 20);
        let record = seal(Algorithm::Sha256, 1, self.position.hash, &batch);
        self.journal.append(self.position, &record).await.unwrap();
        self.position = Position::of(&record);
        batch
    }

    async fn take(&mut self) {
        let batch = self.commit().await;
        while self.history.is_full() && !self.history.freeze() {
            assert!(self.history.step().await.unwrap(), "there is room or something to do");
        }
        assert!(self.history.take(self.position, &batch));
        assert_eq!(self.reading.reached(), self.position.sequence);
    }

    async fn reopen(&mut self) {
        let (history, _, reading) = History::open_with(self.db.clone(), SMALL).await.unwrap();
        (self.history, self.reading) = (history, reading);
        assert!(self.history.cursor().sequence <= self.position.sequence);
        self.history.catch_up(&self.journal, self.position.sequence).await.unwrap();
        assert_eq!(self.history.taken().sequence, self.position.sequence);
    }

    async fn ask(&mut self) {
        let account = self.random.below(self.oracle.accounts.len() as u64) as usize;
        let (query, answer) = self.oracle.question(&mut self.random, account);
        let newest = self.oracle.newest(account);
        let found = self.reading.page(account as u32, newest, &query).await.unwrap();
        assert_eq!(found, answer, "{account}: {query:?}");
        let number = 1 + self.random.below(u64::from(newest) + 1) as u32;
        if number <= newest {
            let found = self.reading.movement(account as u32, number).await.unwrap();
            assert_eq!(found.as_ref(), self.oracle.accounts[account].get(number as usize - 1));
        }
        for kind in [DayKind::Booking, DayKind::Value] {
            let days = self.reading.days(account as u32, newest).await.unwrap().unwrap();
            assert_eq!(added_up(days.told(kind)), self.oracle.days(account, kind), "{account} {kind:?}");
        }
    }

    /// Everything that is stored, which must be everything.
    async fn compare_all(&mut self) {
        let scan = Scan::open(&self.db).await.unwrap();
        assert_eq!(scan.cursor().sequence, self.position.sequence);
        let mut stored: Vec<Vec<Moved>> = vec![vec![]; self.oracle.accounts.len()];
        let wrong = scan.all(|moved| stored[moved.account as usize].push(moved)).await.unwrap();
        assert_eq!(wrong, None);
        assert!(stored == self.oracle.accounts);
        for (account, expected) in self.oracle.accounts.iter().enumerate() {
            let mut of_account = scan.account(account as u32);
            for moved in expected {
                assert_eq!(of_account.next().await.unwrap().as_ref(), Some(moved));
            }
            assert_eq!(of_account.next().await.unwrap(), None);
        }
    }

    async fn go(&mut self, steps: u32) {
        for _ in 0..steps {
            match self.random.below(20) {
                0..7 => self.take().await,
                7..12 => drop(self.history.step().await.unwrap()),
                12..17 => self.ask().await,
                17 => drop(self.history.freeze()),
                18 if self.random.below(3) == 0 => self.reopen().await,
                19 if self.random.below(5) == 0 => {
                    self.history.finish().await.unwrap();
                    let stored = self.history.cursor();
                    assert_eq!((stored.sequence, stored.hash), (self.position.sequence, self.position.hash));
                    self.reopen().await;
                }
                _ => {}
            }
        }
        self.history.finish().await.unwrap();
        self.compare_all().await;
        while self.history.step().await.unwrap() {}
        self.compare_all().await;
        let left = crate::history::store::runs_of_blocks(self.db.reader()).await.unwrap();
        let listed = self.history.runs().len();
        assert!(left.len() <= listed, "{left:?}: blocks of {listed} runs are left");
        self.ask().await;
    }
}

fn added_up(days: impl Iterator<Item = DayMoved>) -> DayBalances {
    let account = ids::AccountId::from_u128(9);
    let query = DayQuery { account, kind: DayKind::Booking, from: None, until: None };
    DayBalances::of(Side::Credit, &query, days)
}

async fn everywhere() -> Vec<(&'static str, Db, Home)> {
    let mut all = vec![];
    for home in Home::everywhere().await {
        if home.name != "memory" {
            all.push((home.name, home.stores().await.unwrap().derived, home));
        }
    }
    all
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn the_history_is_what_plain_lists_say(seed in any::<u64>(), accounts in 2_usize..9) {
        block_on(async {
            for (name, db, _home) in everywhere().await {
                println!("seed {seed}, {accounts} accounts, {name}");
                Trial::open(&db, seed, accounts).await.go(700).await;
                db.close().await;
            }
        });
    }
}

#[tokio::test]
async fn many_levels_come_about_and_are_read() {
    for (name, db, _home) in everywhere().await {
        let mut trial = Trial::open(&db, 7, 5).await;
        for _ in 0..500 {
            trial.take().await;
            trial.history.step().await.unwrap();
        }
        while trial.history.step().await.unwrap() {}
        let levels: Vec<u32> = trial.history.runs().iter().map(|run| run.level).collect();
        assert!(levels.is_sorted_by(|older, newer| older >= newer), "{name}: {levels:?}");
        assert!(levels[0] >= 3 && levels.len() < 15, "{name}: {levels:?}");
        for _ in 0..100 {
            trial.ask().await;
        }
        db.close().await;
    }
}

/// A reader keeps the runs that it began with until it is through, however much is merged meanwhile.
#[tokio::test]
async fn what_is_being_read_is_not_deleted() {
    let (_, db, _home) = everywhere().await.remove(0);
    let mut trial = Trial::open(&db, 11, 3).await;
    while trial.history.runs().len() < 3 {
        trial.take().await;
        trial.history.freeze();
        trial.history.step().await.unwrap();
    }
    let before = trial.history.runs();
    let of_blocks = async || crate::history::store::runs_of_blocks(db.reader()).await.unwrap();
    while trial.history.step().await.unwrap() {}
    assert_eq!(trial.history.runs().len(), 1, "they are merged");
    assert_eq!(of_blocks().await.len(), 4, "and still there");
    drop(before);
    while trial.history.step().await.unwrap() {}
    assert_eq!(of_blocks().await.len(), 1);
    db.close().await;
}

#[tokio::test]
async fn readers_beside_the_one_who_follows_see_everything_up_to_their_call() {
    for (_, db, _home) in everywhere().await {
        let mut trial = Trial::open(&db, 13, 3).await;
        let (told, asked) = tokio::sync::watch::channel(Arc::new(trial.oracle.accounts.clone()));
        let readers: Vec<_> = (0..3_usize)
            .map(|account| {
                let (reading, mut asked) = (trial.reading.clone(), asked.clone());
                tokio::spawn(async move {
                    let mut pages = 0;
                    while asked.changed().await.is_ok() {
                        let expected = Arc::clone(&asked.borrow_and_update());
                        let newest = expected[account].len() as u32;
                        let query =
                            contracts::ledger::HistoryQuery::newest(ids::AccountId::from_u128(1), 100);
                        let page = reading.page(account as u32, newest, &query).await.unwrap();
                        assert!(page.iter().eq(expected[account].iter().rev().take(100)));
                        pages += 1;
                    }
                    pages
                })
            })
            .collect();
        for _ in 0..200 {
            trial.take().await;
            told.send_replace(Arc::new(trial.oracle.accounts.clone()));
            trial.history.step().await.unwrap();
            tokio::task::yield_now().await;
        }
        drop(told);
        for reader in readers {
            assert!(reader.await.unwrap() > 50);
        }
        db.close().await;
    }
}

/// Whoever adds up the days of an account while it moves on is told so, and never of something in between.
#[tokio::test]
async fn days_that_were_overtaken_are_not_told() {
    let (_, db, _home) = everywhere().await.remove(0);
    let mut trial = Trial::open(&db, 19, 2).await;
    for _ in 0..30 {
        trial.take().await;
    }
    let early = trial.oracle.newest(1);
    let days = trial.reading.days(1, early).await.unwrap().unwrap();
    assert_eq!(added_up(days.told(DayKind::Value)), trial.oracle.days(1, DayKind::Value));
    trial.take().await;
    trial.history.finish().await.unwrap();
    let newest = trial.oracle.newest(1);
    assert!(newest > early);
    assert!(trial.reading.days(1, early).await.unwrap().is_none(), "runs hold more than was asked for");
    assert!(trial.reading.days(1, newest).await.unwrap().is_some());
    let missing = trial.reading.days(1, newest + 1).await.unwrap_err().to_string();
    assert!(missing.contains("account number 1: days are missing"), "{missing}");
    db.close().await;
}

/// A block that is gone leaves a gap in the numbers, which a reader is told of.
#[tokio::test]
async fn a_missing_block_is_never_passed_over() {
    let (_, db, _home) = everywhere().await.remove(0);
    let mut trial = Trial::open(&db, 17, 2).await;
    for _ in 0..40 {
        trial.take().await;
    }
    trial.history.finish().await.unwrap();
    let newest = trial.oracle.newest(1);
    let query = contracts::ledger::HistoryQuery::newest(ids::AccountId::from_u128(1), 1_000);
    assert_eq!(trial.reading.page(1, newest, &query).await.unwrap().len(), newest as usize);
    let blocks = crate::history::store::runs_of_blocks(db.reader()).await.unwrap();
    for run in blocks {
        db.write(move |tx| {
            Box::pin(async move {
                let sql = format!(
                    "DELETE FROM ledger_history_block WHERE run = {run} AND account = 1 AND number =
                        (SELECT max(number) FROM ledger_history_block WHERE run = {run} AND account = 1)"
                );
                sea_orm::ConnectionTrait::execute_unprepared(tx, &sql).await.map(|_| ())
            })
        })
        .await
        .unwrap();
    }
    let failed = trial.reading.page(1, newest, &query).await.unwrap_err().to_string();
    assert!(failed.contains("account number 1, movement") && failed.contains("missing"), "{failed}");
    rebuild(&trial.journal, &db).await.unwrap();
    trial.reopen().await;
    assert_eq!(trial.reading.page(1, newest, &query).await.unwrap().len(), newest as usize);
    trial.compare_all().await;
    db.close().await;
}
