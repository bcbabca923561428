//! Reading the whole history, as it is stored at one moment: for verification.

use std::collections::VecDeque;

use db::Db;
use sea_orm::DatabaseTransaction;

use super::block::{Block, Unpacker};
use super::store::{self, Run};
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
    /// the order of their numbers.
    ///
    /// # Errors
    /// [`HistoryFailed`].
    pub(crate) async fn all(&self, mut see: impl FnMut(Moved)) -> Result<(), HistoryFailed> {
        for run in &self.runs {
            let (mut after, mut blocks, mut movements) = ((i64::MIN, 0), 0_u64, 0_u64);
            loop {
                let some = store::blocks_after(&self.tx, run.run, after, BLOCKS_AHEAD).await?;
                let Some(last) = some.last() else { break };
                after = (last.account, last.number);
                for block in &some {
                    blocks += 1;
                    let mut unpacker = Unpacker::try_new(block)?;
                    while let Some(moved) = unpacker.next()? {
                        movements += 1;
                        see(moved);
                    }
                }
                tokio::task::yield_now().await;
            }
            if (blocks, movements) != (run.blocks, run.movements) {
                return Err(Damaged::Content(run.run).into());
            }
        }
        Ok(())
    }

    /// The movements of one account, the oldest first.
    pub(crate) fn account(&self, account: u32) -> Stored<'_> {
        Stored { scan: self, account: account.into(), place: 0, after: None, ahead: VecDeque::new() }
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
                None => store::blocks_until(&self.scan.tx, run.run, self.account, 0, 1).await?,
                Some(after) => store::blocks_after(&self.scan.tx, run.run, after, BLOCKS_AHEAD).await?,
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
