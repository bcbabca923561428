//! Snapshots while the writer goes on: the state is copied piece by piece between batches, and stored by a
//! thread of its own once the batch after which the copy is complete is durable.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;

use db::Db;

use crate::hash::Algorithm;
use crate::journal::Position;
use crate::model::{Batch, Book, Copying};
use crate::snapshot;

/// Accounts copied between two batches: some milliseconds.
const ACCOUNTS_COPIED: usize = 65_536;

/// What a keeper needs to know.
pub(crate) struct KeepingParts {
    pub(crate) derived: Db,
    pub(crate) algorithm: Algorithm,
    /// A snapshot is begun after so many entries.
    pub(crate) every: u64,
    /// Entries since the newest snapshot.
    pub(crate) since: u64,
    /// Record of the newest snapshot.
    pub(crate) sequence: u64,
    pub(crate) position: Position,
}

/// Takes snapshots when enough has happened.
pub(crate) struct Keeping {
    parts: KeepingParts,
    stored: Arc<AtomicU64>,
    busy: Arc<AtomicBool>,
    copying: Option<Copying>,
    /// A complete copy, and the record after which it was.
    complete: Option<(u64, Copying)>,
    storing: Option<JoinHandle<()>>,
    /// The last record that is durable.
    position: Position,
    runtime: tokio::runtime::Handle,
}

impl Keeping {
    pub(crate) fn new(parts: KeepingParts) -> Self {
        let stored = Arc::new(AtomicU64::new(parts.sequence));
        let position = parts.position;
        let runtime = tokio::runtime::Handle::current();
        let busy = Arc::new(AtomicBool::new(false));
        Self { parts, stored, busy, copying: None, complete: None, storing: None, position, runtime }
    }

    pub(crate) fn snapshot_sequence(&self) -> u64 {
        self.stored.load(Ordering::Relaxed)
    }

    /// A batch was executed and is about to be launched.
    pub(crate) fn executed(&mut self, book: &Book, batch: &Batch) {
        self.parts.since += u64::from(batch.len);
        let due = self.parts.since >= self.parts.every;
        if due && self.copying.is_none() && self.complete.is_none() && !self.busy.load(Ordering::Acquire) {
            self.parts.since = 0;
            self.copying = Some(Copying::default());
        }
        if let Some(mut copying) = self.copying.take() {
            if copying.go_on(book, ACCOUNTS_COPIED, batch.last_at()) {
                self.complete = Some((batch.sequence, copying));
            } else {
                self.copying = Some(copying);
            }
        }
    }

    /// What was executed and not durable is taken back: so is what was copied of it.
    pub(crate) fn discarded(&mut self) {
        (self.copying, self.complete) = (None, None);
    }

    /// A batch is durable.
    pub(crate) fn landed(&mut self, position: Position) {
        self.position = position;
        if let Some((sequence, copy)) = self.complete.take() {
            if sequence == position.sequence {
                self.store(copy, position);
            } else {
                self.complete = Some((sequence, copy));
            }
        }
    }

    fn store(&mut self, copy: Copying, position: Position) {
        let (derived, algorithm) = (self.parts.derived.clone(), self.parts.algorithm);
        let (stored, busy, runtime) =
            (Arc::clone(&self.stored), Arc::clone(&self.busy), self.runtime.clone());
        busy.store(true, Ordering::Release);
        let storing = std::thread::Builder::new().name("ledger-snapshot".to_owned()).spawn(move || {
            let taken = snapshot::take(copy, position, algorithm);
            match runtime.block_on(snapshot::store(&derived, taken)) {
                Ok(()) => stored.store(position.sequence, Ordering::Relaxed),
                Err(error) => {
                    tracing::warn!(%error, sequence = position.sequence, "the snapshot could not be stored");
                }
            }
            busy.store(false, Ordering::Release);
        });
        match storing {
            Ok(storing) => self.storing = Some(storing),
            Err(error) => {
                self.busy.store(false, Ordering::Release);
                tracing::warn!(%error, "no thread for the snapshot");
            }
        }
    }

    fn wait(&mut self) {
        if let Some(storing) = self.storing.take()
            && storing.join().is_err()
        {
            tracing::warn!("storing a snapshot ended badly");
        }
    }

    /// The last snapshot, so that the next start need not replay.
    pub(crate) fn finish(mut self, book: &Book) {
        self.wait();
        if self.parts.since > 0 {
            let mut copying = Copying::default();
            copying.go_on(book, usize::MAX / 2, 0);
            self.store(copying, self.position);
            self.wait();
        }
    }
}
