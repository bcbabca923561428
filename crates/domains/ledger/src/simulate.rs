//! A whole ledger under simulation: the real state machine, writer, committer, snapshots and history on a
//! simulated database and clock, with faults, and an auditor that knows what must come of each operation.
//!
//! Everything that decides something runs on one thread under one scheduler, which draws from the seed who has
//! the next turn, what is asked and what goes wrong; so a seed is a run, and repeats it. Snapshots and history
//! stand in a real SQLite, of which every answer is waited for within a turn. Decision 0012 says what is
//! simulated and what is not.

mod audit;
mod client;
mod derived;
mod finale;
mod instance;
mod load;
pub(crate) mod naive;
pub(crate) mod random;
mod store;
mod world;

use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use db::Db;
use db::testing::Folder;

use self::world::World;

/// What happened in one or several simulations.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Operations that were answered: commands and reads.
    pub operations: u64,
    /// Times that something was made to go wrong.
    pub faults: u64,
}

/// A seed under which something happened that must never happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// Simulating it again does the same again.
    pub seed: u64,
    /// What was violated.
    pub what: String,
}

/// What many simulations came to.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    /// How many were run.
    pub seeds: u64,
    /// All together.
    pub totals: Totals,
    /// Those that failed, in the order of their seeds.
    pub failed: Vec<Failed>,
}

/// The simulation itself cannot be run.
#[derive(Debug, thiserror::Error)]
pub enum SimulateFailed {
    /// A temporary folder or a runtime cannot be had.
    #[error("the simulation could not be set up")]
    Setup(#[from] std::io::Error),
    /// The store of derived data cannot be opened.
    #[error("the simulation's store of derived data could not be opened")]
    Derived(#[from] db::OpenFailed),
    /// Its tables cannot be made.
    #[error("the tables of derived data could not be made")]
    Tables(#[from] db::MigrateFailed),
    /// A thread ended badly.
    #[error("a simulation ended badly")]
    Thread,
}

/// Runs simulations one after the other.
pub struct Simulator {
    derived: Db,
    runtime: tokio::runtime::Runtime,
    _folder: Folder,
}

impl Simulator {
    /// Makes what simulations share: a store of derived data, emptied before each. Not to be called from within
    /// a runtime.
    ///
    /// # Errors
    /// [`SimulateFailed`].
    pub fn try_new() -> Result<Self, SimulateFailed> {
        let folder = Folder::try_new()?;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let file = folder.path().join(crate::DERIVED_FILE);
        let derived = runtime.block_on(async {
            let derived = Db::open_sqlite_disposable(&file).await?;
            crate::snapshot::MIGRATIONS.apply(&derived).await?;
            Ok::<_, SimulateFailed>(derived)
        })?;
        Ok(Self { derived, runtime, _folder: folder })
    }

    /// Runs the simulation of a seed.
    ///
    /// # Errors
    /// [`Failed`]: what was violated.
    pub fn run(&self, seed: u64) -> Result<Totals, Failed> {
        let _entered = self.runtime.enter();
        let failed = |audit::Violation(what)| Failed { seed, what };
        let mut world = World::new(seed, &self.derived, self.runtime.handle()).map_err(failed)?;
        world.run().map_err(failed)?;
        let faults = world.totals.faults + world.place.journal.faults();
        Ok(Totals { faults, ..world.totals })
    }
}

/// Runs the simulations of these seeds, in order and for at most so long, on so many threads.
///
/// # Errors
/// [`SimulateFailed`].
pub fn simulate(seeds: Range<u64>, time: Duration, threads: usize) -> Result<Summary, SimulateFailed> {
    let (started, next) = (Instant::now(), AtomicU64::new(seeds.start));
    let summary = Mutex::new(Summary::default());
    std::thread::scope(|scope| {
        let one = || {
            let simulator = Simulator::try_new()?;
            while started.elapsed() < time {
                let seed = next.fetch_add(1, Ordering::Relaxed);
                if !seeds.contains(&seed) {
                    break;
                }
                let ran = simulator.run(seed);
                let mut summary = summary.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                summary.seeds += 1;
                match ran {
                    Ok(totals) => {
                        summary.totals.operations += totals.operations;
                        summary.totals.faults += totals.faults;
                    }
                    Err(failed) => summary.failed.push(failed),
                }
            }
            Ok::<_, SimulateFailed>(())
        };
        let threads: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(one)).collect();
        threads.into_iter().try_for_each(|thread| thread.join().map_err(|_| SimulateFailed::Thread)?)
    })?;
    let mut summary = summary.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    summary.failed.sort_by_key(|failed| failed.seed);
    Ok(summary)
}

#[cfg(test)]
mod tests;
