//! Reading the days of an account: movement by movement in memory, added up already in runs.

use super::{BLOCKS_AHEAD, Reading, Walk};
use crate::history::days::{Days, add_block};
use crate::history::store::{self, Table};
use crate::history::{Damaged, HistoryFailed};

/// Runs that are asked at once.
const RUNS_AT_ONCE: usize = 24;

impl Reading {
    /// The days of the account of this number, whose newest movement is `newest`, which must have been followed.
    /// `None`: the account moved on while this was read; ask again with its newest movement.
    ///
    /// # Errors
    /// [`HistoryFailed`].
    pub(crate) async fn days(&self, account: u32, newest: u32) -> Result<Option<Days>, HistoryFailed> {
        let mut walk = Walk::adding_up(account, newest);
        let runs = self.walk_memory(&mut walk)?;
        let mut days = walk.into_days();
        for runs in runs.chunks(RUNS_AT_ONCE) {
            let asked = runs.iter().map(|run| run.run);
            let connection = self.shared.db.reader();
            let blocks = store::blocks_of(connection, Table::Days, asked, account, u32::MAX).await?;
            for block in blocks {
                let (run, mut blocks) = (block.run, vec![block]);
                while let Some(first) = blocks.last().map(|block| (block.account, block.number)) {
                    blocks.iter().try_for_each(|block| add_block(block, account, &mut days))?;
                    if first.0 != i64::from(account) || first.1 == 0 {
                        break;
                    }
                    let before = (first.0, first.1 - 1);
                    blocks = store::blocks_until(connection, Table::Days, run, before, BLOCKS_AHEAD).await?;
                }
            }
        }
        match days.movements().cmp(&u64::from(newest)) {
            std::cmp::Ordering::Equal => Ok(Some(days)),
            std::cmp::Ordering::Greater => Ok(None),
            std::cmp::Ordering::Less => {
                self.shared.doubt();
                Err(Damaged::Days { account }.into())
            }
        }
    }
}
