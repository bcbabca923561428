//! Writing a run, and merging runs into one, a helping at a time.

use std::collections::VecDeque;
use std::sync::Arc;

use db::Db;

use super::block::{Block, Packer, Unpacker};
use super::days::DayPacker;
use super::store::{self, Run, Table};
use super::{Damaged, HistoryFailed, Moved, Shape};

/// Blocks of one run that are read at once while merging.
const BLOCKS_AHEAD: usize = 8;

/// A run that is being written. Until it is listed nobody reads it.
#[derive(Debug)]
pub(super) struct RunWriter {
    packer: Packer,
    ready: Vec<Block>,
    days: DayPacker,
    days_ready: Vec<Block>,
    helping: usize,
    /// What will be listed.
    run: Run,
}

impl RunWriter {
    pub(super) fn new(run: i64, level: u32, records: (u64, u64), shape: &Shape) -> Self {
        let (first_record, last_record) = records;
        Self {
            packer: Packer::new(run, shape.block_bytes_max),
            ready: Vec::with_capacity(shape.helping_blocks),
            days: DayPacker::new(run, shape.block_bytes_max),
            days_ready: Vec::new(),
            helping: shape.helping_blocks,
            run: Run { run, level, first_record, last_record, movements: 0, blocks: 0, day_blocks: 0 },
        }
    }

    pub(super) const fn number(&self) -> i64 {
        self.run.run
    }

    /// Takes the next movement; tells whether a helping is to be stored.
    pub(super) fn push(&mut self, moved: &Moved) -> bool {
        self.run.movements += 1;
        self.ready.extend(self.packer.push(moved));
        self.days.push(moved, &mut self.days_ready);
        self.ready.len() >= self.helping
    }

    /// Stores what is ready.
    pub(super) async fn store(&mut self, db: &Db) -> Result<(), HistoryFailed> {
        let (blocks, days) = (std::mem::take(&mut self.ready), std::mem::take(&mut self.days_ready));
        if blocks.is_empty() {
            return Ok(());
        }
        self.run.blocks += blocks.len() as u64;
        self.run.day_blocks += days.len() as u64;
        let blocks = Arc::new((blocks, days));
        db.write(move |tx| {
            let blocks = Arc::clone(&blocks);
            Box::pin(async move {
                store::at_ease(tx).await?;
                store::insert_blocks(tx, Table::Movements, &blocks.0).await?;
                store::insert_blocks(tx, Table::Days, &blocks.1).await.map_err(HistoryFailed::from)
            })
        })
        .await
    }

    /// Stores the rest; gives what is to be listed.
    pub(super) async fn finish(&mut self, db: &Db) -> Result<Run, HistoryFailed> {
        self.ready.extend(self.packer.finish());
        self.days.finish(&mut self.days_ready);
        self.store(db).await?;
        Ok(self.run.clone())
    }
}

/// The movements of a run, from front to end.
#[derive(Debug)]
struct Source {
    run: Arc<Run>,
    after: (i64, i64),
    ahead: VecDeque<Moved>,
    ended: bool,
}

impl Source {
    const fn new(run: Arc<Run>) -> Self {
        Self { run, after: (i64::MIN, 0), ahead: VecDeque::new(), ended: false }
    }

    /// Sees to it that its next movement is at hand, if there is one.
    async fn fill(&mut self, db: &Db) -> Result<(), HistoryFailed> {
        while self.ahead.is_empty() && !self.ended {
            let (run, after) = (self.run.run, self.after);
            let blocks = store::blocks_after(db.reader(), Table::Movements, run, after, BLOCKS_AHEAD).await?;
            self.ended = blocks.len() < BLOCKS_AHEAD;
            for block in &blocks {
                self.after = (block.account, block.number);
                let mut unpacker = Unpacker::try_new(block)?;
                while let Some(moved) = unpacker.next()? {
                    self.ahead.push_back(moved);
                }
            }
        }
        Ok(())
    }

    fn account(&self) -> Option<u32> {
        self.ahead.front().map(|moved| moved.account)
    }
}

/// Runs that are being merged into one.
#[derive(Debug)]
pub(super) struct Merge {
    pub(super) inputs: Vec<Arc<Run>>,
    sources: Vec<Source>,
    writer: RunWriter,
    last: (u32, u32),
}

impl Merge {
    /// A merge of consecutive runs of one level, the oldest first.
    pub(super) fn new(inputs: Vec<Arc<Run>>, number: i64, shape: &Shape) -> Self {
        let level = inputs.iter().map(|run| run.level).max().unwrap_or(0) + 1;
        let first = inputs.first().map_or(0, |run| run.first_record);
        let last = inputs.last().map_or(0, |run| run.last_record);
        let sources = inputs.iter().map(|run| Source::new(Arc::clone(run))).collect();
        Self { inputs, sources, writer: RunWriter::new(number, level, (first, last), shape), last: (0, 0) }
    }

    /// The number of the run that it writes.
    pub(super) const fn number(&self) -> i64 {
        self.writer.number()
    }

    /// Merges one helping and stores it; gives the run once nothing is left.
    ///
    /// # Errors
    /// [`HistoryFailed`]; the merge is then given up.
    pub(super) async fn step(&mut self, db: &Db) -> Result<Option<Run>, HistoryFailed> {
        loop {
            for source in &mut self.sources {
                source.fill(db).await?;
            }
            let Some(account) = self.sources.iter().filter_map(Source::account).min() else { break };
            let mut full = false;
            // Older movements stand in older runs.
            for source in &mut self.sources {
                while source.account() == Some(account) {
                    let Some(moved) = source.ahead.pop_front() else { break };
                    let key = (moved.account, moved.number);
                    if key <= self.last {
                        return Err(Damaged::Run(source.run.run).into());
                    }
                    self.last = key;
                    full |= self.writer.push(&moved);
                    source.fill(db).await?;
                    if full {
                        self.writer.store(db).await?;
                        return Ok(None);
                    }
                }
            }
        }
        let run = self.writer.finish(db).await?;
        let expected: u64 = self.inputs.iter().map(|run| run.movements).sum();
        if run.movements != expected {
            let short = self.inputs.first().map_or(0, |run| run.run);
            return Err(Damaged::Run(short).into());
        }
        Ok(Some(run))
    }
}
