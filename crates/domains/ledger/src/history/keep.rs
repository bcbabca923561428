//! Keeping the history stored: writing what is frozen, merging runs, deleting what was merged.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use db::Db;
use tokio::sync::watch;

use super::merge::{Merge, RunWriter};
use super::part::Part;
use super::shared::{Memory, Shared};
use super::store::{self, Run};
use super::{HistoryFailed, Shape};
use crate::journal::Position;

/// Movements whose postings are reached for together.
const KEYS_REACHED: usize = 64;
/// Blocks of merged runs that are deleted at once.
const DELETED_MAX: usize = 512;

/// A run whose blocks are to be deleted, once nobody reads it.
#[derive(Debug)]
enum Old {
    Merged(Arc<Run>),
    Unlisted(i64),
}

/// The one who writes runs.
pub(super) struct Keeper {
    shared: Arc<Shared>,
    progress: Arc<watch::Sender<u64>>,
    /// Up to where runs are stored.
    stored: Position,
    next_run: i64,
    /// By the level that is merged.
    merges: BTreeMap<u32, Merge>,
    old: Vec<Old>,
}

/// What is stored.
struct Loaded {
    cursor: Position,
    runs: Vec<Arc<Run>>,
}

async fn load(db: &Db) -> Result<Loaded, HistoryFailed> {
    let tx = store::snapshot(db).await?;
    let cursor = store::cursor(&tx).await?;
    let runs = store::runs(&tx, cursor.sequence).await?.into_iter().map(Arc::new).collect();
    tx.commit().await?;
    Ok(Loaded { cursor, runs })
}

impl Keeper {
    /// Reads how far the history has come. A history whose list of runs does not hold is thrown away.
    pub(super) async fn open(db: Db, shape: Shape) -> Result<Self, HistoryFailed> {
        let loaded = match load(&db).await {
            Err(HistoryFailed::Damaged(damaged)) => {
                tracing::warn!(%damaged, "the history is damaged and is made anew");
                clear(&db).await?;
                load(&db).await?
            }
            loaded => loaded?,
        };
        let stored = loaded.cursor;
        let memory = Memory {
            fresh: Part::new(stored, shape.postings_max),
            generation: 0,
            known: stored.sequence,
            frozen: None,
            spare: None,
            runs: Arc::new(loaded.runs),
        };
        let (progress, _) = watch::channel(stored.sequence);
        let shared = Arc::new(Shared::new(db, shape, memory));
        let mut keeper = Self {
            shared,
            progress: Arc::new(progress),
            stored,
            next_run: 1,
            merges: BTreeMap::new(),
            old: Vec::new(),
        };
        keeper.look_for_unlisted().await?;
        Ok(keeper)
    }

    pub(super) const fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    pub(super) const fn progress(&self) -> &Arc<watch::Sender<u64>> {
        &self.progress
    }

    pub(super) const fn stored(&self) -> Position {
        self.stored
    }

    /// Finds the blocks that a run left behind which was never listed, and the first number that no run has had.
    async fn look_for_unlisted(&mut self) -> Result<(), HistoryFailed> {
        let of_blocks = store::runs_of_blocks(self.shared.db.reader()).await?;
        let listed: Vec<i64> = self.shared.memory().runs.iter().map(|run| run.run).collect();
        let newest = of_blocks.iter().chain(&listed).max().copied().unwrap_or(0);
        self.next_run = self.next_run.max(newest.saturating_add(1));
        self.old = of_blocks.into_iter().filter(|run| !listed.contains(run)).map(Old::Unlisted).collect();
        Ok(())
    }

    /// A number that no run has had, in any process.
    async fn take_number(&mut self) -> Result<i64, HistoryFailed> {
        let least = self.next_run;
        let taking = self.shared.db.write(move |tx| {
            Box::pin(async move { store::take_number(tx, least).await.map_err(HistoryFailed::from) })
        });
        let number = taking.await?;
        self.next_run = number + 1;
        Ok(number)
    }

    /// Does one helping of what there is to do: tells whether there was anything.
    ///
    /// # Errors
    /// [`HistoryFailed`]: call [`Keeper::recover`].
    pub(super) async fn step(&mut self) -> Result<bool, HistoryFailed> {
        if self.shared.doubted.swap(false, Ordering::AcqRel) {
            let stored = load(&self.shared.db).await?.runs;
            if stored != *self.shared.memory().runs {
                return Err(HistoryFailed::Elsewhere);
            }
        }
        Ok(self.flush().await? || self.delete_step().await? || self.merge_step().await?)
    }

    /// Writes the frozen part as a run; tells whether there was one.
    ///
    /// # Errors
    /// [`HistoryFailed`]: call [`Keeper::recover`].
    pub(super) async fn flush(&mut self) -> Result<bool, HistoryFailed> {
        let Some(part) = self.shared.memory().frozen.clone() else { return Ok(false) };
        let number = self.take_number().await?;
        let written = self.write_part(part, number).await;
        if written.is_err() {
            self.old.push(Old::Unlisted(number));
        }
        written.map(|()| true)
    }

    async fn write_part(&mut self, part: Arc<Part>, number: i64) -> Result<(), HistoryFailed> {
        let records = (part.after.sequence + 1, part.to.sequence);
        let mut writer = RunWriter::new(number, 0, records, &self.shared.shape);
        for keys in part.sorted().chunks(KEYS_REACHED) {
            part.reach_for(keys);
            for moved in keys.iter().filter_map(|key| part.of_key(*key)) {
                if writer.push(&moved) {
                    writer.store(&self.shared.db).await?;
                }
            }
        }
        let run = writer.finish(&self.shared.db).await?;
        let (from, to, listed) = (self.stored.sequence, part.to, run.clone());
        self.shared
            .db
            .write(move |tx| {
                let run = listed.clone();
                Box::pin(async move {
                    store::at_ease(tx).await?;
                    store::move_cursor(tx, from, to).await?;
                    store::list(tx, &run).await
                })
            })
            .await?;
        self.stored = to;
        let mut memory = self.shared.memory();
        let runs = memory.runs.iter().cloned().chain([Arc::new(run)]).collect();
        memory.runs = Arc::new(runs);
        memory.frozen = None;
        // Readers have it no longer than they hold the lock.
        memory.spare = Arc::try_unwrap(part).ok();
        drop(memory);
        self.shared.flushed.notify_one();
        Ok(())
    }

    /// Merges one helping of the lowest level that has enough runs; tells whether there was any.
    ///
    /// # Errors
    /// [`HistoryFailed`]: call [`Keeper::recover`].
    pub(super) async fn merge_step(&mut self) -> Result<bool, HistoryFailed> {
        let Some(level) = self.level_due() else { return Ok(false) };
        let mut merge = match self.merges.remove(&level) {
            Some(merge) => merge,
            None => {
                let runs = Arc::clone(&self.shared.memory().runs);
                let of_level = runs.iter().filter(|run| run.level == level);
                let inputs = of_level.take(self.shared.shape.fan_out).cloned().collect();
                Merge::new(inputs, self.take_number().await?, &self.shared.shape)
            }
        };
        match merge.step(&self.shared.db).await {
            Ok(None) => {
                self.merges.insert(level, merge);
            }
            Ok(Some(run)) => {
                let number = merge.number();
                let replaced = self.replace(merge, run).await;
                if replaced.is_err() {
                    self.old.push(Old::Unlisted(number));
                }
                replaced?;
            }
            Err(error) => {
                self.old.push(Old::Unlisted(merge.number()));
                return Err(self.whose_fault(&merge, error).await);
            }
        }
        Ok(true)
    }

    /// Runs that another process has merged meanwhile, and begun to delete, are not damaged.
    async fn whose_fault(&self, merge: &Merge, error: HistoryFailed) -> HistoryFailed {
        let HistoryFailed::Damaged(_) = error else { return error };
        for input in &merge.inputs {
            match store::is_listed(self.shared.db.reader(), input.run).await {
                Ok(true) => {}
                Ok(false) => return HistoryFailed::Elsewhere,
                Err(failed) => return failed.into(),
            }
        }
        error
    }

    fn level_due(&self) -> Option<u32> {
        let memory = self.shared.memory();
        let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
        memory.runs.iter().for_each(|run| *counts.entry(run.level).or_default() += 1);
        counts.into_iter().find(|(_, count)| *count >= self.shared.shape.fan_out).map(|(level, _)| level)
    }

    /// Lists the merged run in place of those that it was made of.
    async fn replace(&mut self, merge: Merge, run: Run) -> Result<(), HistoryFailed> {
        let listed = run.clone();
        let inputs: Arc<[i64]> = merge.inputs.iter().map(|input| input.run).collect();
        let (struck_off, stored) = (Arc::clone(&inputs), self.stored);
        self.shared
            .db
            .write(move |tx| {
                let (run, struck_off) = (listed.clone(), Arc::clone(&struck_off));
                Box::pin(async move {
                    store::at_ease(tx).await?;
                    // Not where another process has followed meanwhile.
                    store::move_cursor(tx, stored.sequence, stored).await?;
                    for input in struck_off.iter() {
                        store::strike_off(tx, *input).await?;
                    }
                    store::list(tx, &run).await
                })
            })
            .await?;
        let mut memory = self.shared.memory();
        let mut runs: Vec<Arc<Run>> =
            memory.runs.iter().filter(|run| !inputs.contains(&run.run)).cloned().collect();
        let place = runs.partition_point(|other| other.first_record < run.first_record);
        runs.insert(place, Arc::new(run));
        memory.runs = Arc::new(runs);
        drop(memory);
        self.old.extend(merge.inputs.into_iter().map(Old::Merged));
        self.shared.flushed.notify_one();
        Ok(())
    }

    /// Deletes one helping of blocks that nobody reads any more; tells whether there were any.
    async fn delete_step(&mut self) -> Result<bool, HistoryFailed> {
        let unread = self.old.iter().position(|old| match old {
            Old::Merged(run) => Arc::strong_count(run) == 1,
            Old::Unlisted(_) => true,
        });
        let Some(place) = unread else { return Ok(false) };
        let run = match self.old.get(place) {
            Some(Old::Merged(run)) => run.run,
            Some(Old::Unlisted(run)) => *run,
            None => return Ok(false),
        };
        let more = self
            .shared
            .db
            .write(move |tx| {
                Box::pin(async move {
                    store::at_ease(tx).await?;
                    if store::is_listed(tx, run).await? {
                        return Ok(false);
                    }
                    store::delete_blocks(tx, run, DELETED_MAX).await.map_err(HistoryFailed::from)
                })
            })
            .await?;
        if !more {
            self.old.swap_remove(place);
        }
        Ok(true)
    }

    /// Looks what is stored, after something could not be written or may have been. What is in memory stays where it
    /// follows upon what is stored; else it is let go of, and following goes on from there.
    ///
    /// # Errors
    /// [`HistoryFailed`]: it cannot be seen.
    pub(super) async fn recover(&mut self) -> Result<(), HistoryFailed> {
        let Loaded { cursor, runs } = load(&self.shared.db).await?;
        // Its own alone: what another process is writing is not listed either, and two that delete each other's
        // would do so for ever.
        let given_up = std::mem::take(&mut self.merges).into_values();
        self.old.extend(given_up.map(|merge| Old::Unlisted(merge.number())));
        self.return_to(cursor, runs);
        self.shared.flushed.notify_one();
        Ok(())
    }

    fn return_to(&mut self, cursor: Position, runs: Vec<Arc<Run>>) {
        let mut memory = self.shared.memory();
        let follows = memory.frozen.as_ref().map_or(memory.fresh.after, |frozen| frozen.after);
        if memory.fresh.after.sequence == cursor.sequence {
            // The frozen part was stored, though nobody said so.
            memory.frozen = None;
        } else if follows.sequence != cursor.sequence {
            tracing::warn!(cursor = cursor.sequence, "another process has followed; what is in memory goes");
            memory.frozen = None;
            memory.known = memory.known.max(memory.fresh.to.sequence);
            memory.fresh = Part::new(cursor, self.shared.shape.postings_max);
            memory.generation += 1;
            self.shared.gone.notify_one();
            self.progress.send_replace(cursor.sequence);
        }
        self.stored = cursor;
        memory.runs = Arc::new(runs);
    }

    /// Throws everything away; following then begins with the first record.
    ///
    /// # Errors
    /// The store's.
    pub(super) async fn clear(&mut self) -> Result<(), HistoryFailed> {
        clear(&self.shared.db).await?;
        self.merges.clear();
        self.old.clear();
        self.stored = Position::default();
        let mut memory = self.shared.memory();
        memory.frozen = None;
        memory.fresh = Part::new(self.stored, self.shared.shape.postings_max);
        memory.generation += 1;
        memory.runs = Arc::default();
        self.progress.send_replace(0);
        Ok(())
    }
}

async fn clear(db: &Db) -> Result<(), HistoryFailed> {
    db.write(|tx| Box::pin(async move { store::clear(tx).await.map_err(HistoryFailed::from) })).await
}
