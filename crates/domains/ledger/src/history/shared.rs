//! What the one who follows and those who read have in common.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use db::Db;
use tokio::sync::Notify;

use super::Shape;
use super::part::Part;
use super::store::Run;

/// Runs, the oldest first. Blocks of a run stay as long as anybody has it.
pub(super) type Runs = Arc<Vec<Arc<Run>>>;

/// Where movements stand, the newest first: in the fresh part, in the frozen one, in runs.
#[derive(Debug)]
pub(super) struct Memory {
    /// Takes what is new.
    pub(super) fresh: Part,
    /// How often a fresh part was begun.
    pub(super) generation: u64,
    /// The last record that is known to be in the journal: what is not in memory up to there is read from it.
    pub(super) known: u64,
    /// Is being written as a run.
    pub(super) frozen: Option<Arc<Part>>,
    /// The memory of a part that was written.
    pub(super) spare: Option<Part>,
    /// What is written.
    pub(super) runs: Runs,
}

/// What the one who follows and those who read have in common.
pub(super) struct Shared {
    pub(super) db: Db,
    pub(super) shape: Shape,
    memory: Mutex<Memory>,
    /// Something is there to be written.
    pub(super) frozen: Notify,
    /// What was in memory is gone: it is to be taken again.
    pub(super) gone: Notify,
    /// A reader missed a movement: what is stored is to be compared with the runs known here.
    pub(super) doubted: AtomicBool,
    /// Something was written, or could not be.
    pub(super) flushed: Notify,
}

impl Shared {
    pub(super) fn new(db: Db, shape: Shape, memory: Memory) -> Self {
        let memory = Mutex::new(memory);
        let doubted = AtomicBool::new(false);
        let (frozen, gone, flushed) = (Notify::new(), Notify::new(), Notify::new());
        Self { db, shape, memory, frozen, gone, doubted, flushed }
    }

    /// INVARIANT: held for some hundred postings at most, and never while the store is asked.
    pub(super) fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is missing may have been merged by another process: the keeper is to look.
    pub(super) fn doubt(&self) {
        self.doubted.store(true, Ordering::Release);
        self.frozen.notify_one();
    }

    /// Whether the fresh part takes no further record.
    pub(super) fn is_full(&self) -> bool {
        self.memory().fresh.len() >= self.shape.postings_max
    }

    /// Freezes the fresh part and begins another, unless there is nothing in it, one is frozen still, or merging is too
    /// far behind.
    pub(super) fn freeze(&self) -> bool {
        let level_0_max = self.shape.fan_out * LEVEL_0_MAX;
        let mut memory = self.memory();
        let waiting = memory.runs.iter().rev().take_while(|run| run.level == 0).count();
        if memory.fresh.is_empty() || memory.frozen.is_some() || waiting >= level_0_max {
            return false;
        }
        let to = memory.fresh.to;
        let next = match memory.spare.take() {
            Some(spare) => spare.begun_anew(to),
            None => Part::new(to, self.shape.postings_max),
        };
        memory.frozen = Some(Arc::new(std::mem::replace(&mut memory.fresh, next)));
        memory.generation += 1;
        drop(memory);
        self.frozen.notify_one();
        true
    }
}

/// Following waits while so many times the fan-out of runs wait to be merged.
const LEVEL_0_MAX: usize = 2;
