//! Reading the whole history, as it is stored at one moment: for verification.

use std::collections::VecDeque;

use db::Db;
use sea_orm::DatabaseTransaction;

use super::block::{Block, Unpacker};
use super::days::{Day, DayUnpacker, Days};
use super::store::{self, Run, Table};
use super::{Damaged, HistoryFailed, Moved};
use crate::journal::Position;

/// Blocks that are read at once.
const BLOCKS_AHEAD: usize = 16;

/// The stored history as it was when the scan began. SQLite keeps what is overwritten meanwhile in its log until the
/// scan is let go of.
pub(crate) struct Scan {
    tx: DatabaseTransaction,
    cursor: Position,
    runs: Vec<Run>,
}

impl Scan {
    /// Begins; what is written from now on is not seen.
    ///
    /// # Errors
    /// [`HistoryFailed`]: also where the list of runs does not hold.
    pub(crate) async fn open(db: &Db) -> Result<Self, HistoryFailed> {
        let tx = store::snapshot(db).await?;
        let cursor = store::cursor(&tx).await?;
        let runs = store::runs(&tx, cursor.sequence).await?;
        Ok(Self { tx, cursor, runs })
    }

    /// Up to where it is stored.
    pub(crate) const fn cursor(&self) -> Position {
        self.cursor
    }

    /// Shows every movement to `see`: run after run, the oldest first; so that the movements of an account come in
    /// the order of their numbers. Gives the first run whose days are not what its movements add up to.
    ///
    /// # Errors
    /// [`HistoryFailed`].
    pub(crate) async fn all(&self, mut see: impl FnMut(Moved)) -> Result<Option<Damaged>, HistoryFailed> {
        let mut wrong_days = None;
        for run in &self.runs {
            let (mut after, mut blocks, mut movements) = ((i64::MIN, 0), 0_u64, 0_u64);
            let mut days = DaysBeside::new(&self.tx, run);
            loop {
                let some =
                    store::blocks_after(&self.tx, Table::Movements, run.run, after, BLOCKS_AHEAD).await?;
                let Some(last) = some.last() else { break };
                after = (last.account, last.number);
                for block in &some {
                    blocks += 1;
                    let mut unpacker = Unpacker::try_new(block)?;
                    while let Some(moved) = unpacker.next()? {
                        movements += 1;
                        days.add(&moved);
                        see(moved);
                    }
                }
                days.compare().await?;
                tokio::task::yield_now().await;
            }
            if (blocks, movements) != (run.blocks, run.movements) {
                return Err(Damaged::Content(run.run).into());
            }
            let found = days.finish().await?;
            wrong_days = wrong_days.or(found);
        }
        Ok(wrong_days)
    }

    /// The movements of one account, the oldest first.
    pub(crate) fn account(&self, account: u32) -> Stored<'_> {
        Stored { scan: self, account: account.into(), place: 0, after: None, ahead: VecDeque::new() }
    }
}

/// The days of a run, made anew of its movements and compared with what is stored.
struct DaysBeside<'a> {
    tx: &'a DatabaseTransaction,
    run: &'a Run,
    account: u32,
    days: Days,
    expected: Vec<(u32, Day)>,
    stored: VecDeque<(u32, Day)>,
    after: (i64, i64),
    blocks: u64,
    /// The account that is read and how many of its days were.
    read: (u32, i64),
    wrong: Option<Damaged>,
}

impl<'a> DaysBeside<'a> {
    fn new(tx: &'a DatabaseTransaction, run: &'a Run) -> Self {
        Self {
            tx,
            run,
            account: 0,
            days: Days::default(),
            expected: Vec::new(),
            stored: VecDeque::new(),
            after: (i64::MIN, i64::MIN),
            blocks: 0,
            read: (0, 0),
            wrong: None,
        }
    }

    fn add(&mut self, moved: &Moved) {
        if moved.account != self.account {
            self.close_account();
            self.account = moved.account;
        }
        self.days.add(moved);
    }

    fn close_account(&mut self) {
        let days = std::mem::take(&mut self.days);
        self.expected.extend(days.0.into_iter().map(|day| (self.account, day)));
    }

    async fn next_stored(&mut self) -> Result<Option<(u32, Day)>, HistoryFailed> {
        if self.stored.is_empty() {
            let (run, after) = (self.run.run, self.after);
            let blocks = store::blocks_after(self.tx, Table::Days, run, after, BLOCKS_AHEAD).await?;
            self.blocks += blocks.len() as u64;
            for block in &blocks {
                self.after = (block.account, block.number);
                self.take(block)?;
            }
        }
        Ok(self.stored.pop_front())
    }

    fn take(&mut self, block: &Block) -> Result<(), Damaged> {
        let goes_on = i64::from(self.read.0) == block.account;
        if block.number != if goes_on { self.read.1 } else { 0 } {
            return Err(Damaged::RunDays(self.run.run));
        }
        let mut unpacker = DayUnpacker::try_new(block)?;
        while let Some((account, day)) = unpacker.next()? {
            let count = if account == self.read.0 { self.read.1 } else { 0 };
            self.read = (account, count + 1);
            self.stored.push_back((account, day));
        }
        Ok(())
    }

    /// Compares what is known by now.
    async fn compare(&mut self) -> Result<(), HistoryFailed> {
        for expected in std::mem::take(&mut self.expected) {
            if self.wrong.is_some() {
                break;
            }
            match self.next_stored().await {
                Ok(Some(stored)) if stored == expected => {}
                Ok(_) => self.wrong = Some(Damaged::RunDays(self.run.run)),
                Err(HistoryFailed::Damaged(damaged)) => self.wrong = Some(damaged),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    async fn finish(mut self) -> Result<Option<Damaged>, HistoryFailed> {
        self.close_account();
        self.compare().await?;
        if self.wrong.is_some() {
            return Ok(self.wrong);
        }
        let beyond = match self.next_stored().await {
            Err(HistoryFailed::Damaged(damaged)) => return Ok(Some(damaged)),
            beyond => beyond?,
        };
        let all = beyond.is_none() && self.blocks == self.run.day_blocks;
        Ok((!all).then_some(Damaged::RunDays(self.run.run)))
    }
}

/// The movements of one account, the oldest first.
pub(crate) struct Stored<'a> {
    scan: &'a Scan,
    account: i64,
    /// Which run.
    place: usize,
    /// The last block of the run that was read.
    after: Option<(i64, i64)>,
    ahead: VecDeque<Moved>,
}

impl Stored<'_> {
    /// The next movement, if there is one.
    ///
    /// # Errors
    /// [`HistoryFailed`].
    pub(crate) async fn next(&mut self) -> Result<Option<Moved>, HistoryFailed> {
        loop {
            if let Some(moved) = self.ahead.pop_front() {
                return Ok(Some(moved));
            }
            let Some(run) = self.scan.runs.get(self.place) else { return Ok(None) };
            let blocks = match self.after {
                None => {
                    let first = (self.account, 0);
                    store::blocks_until(&self.scan.tx, Table::Movements, run.run, first, 1).await?
                }
                Some(after) => {
                    store::blocks_after(&self.scan.tx, Table::Movements, run.run, after, BLOCKS_AHEAD).await?
                }
            };
            let begins = self.after.is_none();
            self.after = blocks.last().map(|last| (last.account, last.number)).or(Some((self.account, 0)));
            self.take(&blocks)?;
            let beyond = blocks.last().is_none_or(|last| last.account > self.account);
            if beyond && !begins {
                self.place += 1;
                self.after = None;
            }
        }
    }

    fn take(&mut self, blocks: &[Block]) -> Result<(), Damaged> {
        for block in blocks.iter().filter(|block| block.account <= self.account) {
            let mut unpacker = Unpacker::try_new(block)?;
            while let Some(moved) = unpacker.next()? {
                if i64::from(moved.account) == self.account {
                    self.ahead.push_back(moved);
                }
            }
        }
        Ok(())
    }
}
