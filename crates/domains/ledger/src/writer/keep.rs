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

/// What a keeper needs to know.
pub(crate) struct KeepingParts {
    pub(crate) derived: Db,
    pub(crate) algorithm: Algorithm,
    /// A snapshot is begun after so many entries.
    pub(crate) every: u64,
    /// Accounts copied between two batches.
    pub(crate) accounts_copied: usize,
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
    /// What is to be stored next.
    ready: Option<Storing>,
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
        Self {
            parts,
            stored,
            busy,
            copying: None,
            complete: None,
            ready: None,
            storing: None,
            position,
            runtime,
        }
    }

    /// The last record that is durable.
    pub(crate) const fn position(&self) -> Position {
        self.position
    }

    pub(crate) fn snapshot_sequence(&self) -> u64 {
        self.stored.load(Ordering::Relaxed)
    }

    /// A batch was executed and is about to be launched.
    pub(crate) fn executed(&mut self, book: &Book, batch: &Batch) {
        self.parts.since += u64::from(batch.len);
        // What a snapshot costs grows with the accounts, what it spares a start with the entries.
        let due = self.parts.since >= self.parts.every.max(book.accounts().len() as u64);
        if due && self.copying.is_none() && self.complete.is_none() && !self.busy.load(Ordering::Acquire) {
            self.parts.since = 0;
            self.copying = Some(Copying::default());
        }
        if let Some(mut copying) = self.copying.take() {
            if copying.go_on(book, self.parts.accounts_copied, batch.last_at()) {
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
                self.ready = Some(self.storing(copy, position));
            } else {
                self.complete = Some((sequence, copy));
            }
        }
    }

    fn storing(&self, copy: Copying, position: Position) -> Storing {
        self.busy.store(true, Ordering::Release);
        Storing {
            copy,
            position,
            algorithm: self.parts.algorithm,
            derived: self.parts.derived.clone(),
            stored: Arc::clone(&self.stored),
            busy: Arc::clone(&self.busy),
            runtime: self.runtime.clone(),
        }
    }

    /// What is to be stored next, for whoever stores it.
    pub(crate) const fn take_ready(&mut self) -> Option<Storing> {
        self.ready.take()
    }

    /// Has a thread store what is ready.
    pub(crate) fn launch(&mut self) {
        let Some(ready) = self.take_ready() else { return };
        let storing = std::thread::Builder::new().name("ledger-snapshot".to_owned()).spawn(|| ready.run());
        match storing {
            Ok(storing) => self.storing = Some(storing),
            Err(error) => {
                self.busy.store(false, Ordering::Release);
                tracing::warn!(%error, "no thread for the snapshot");
            }
        }
    }

    /// Waits for the thread that stores.
    pub(crate) fn wait(&mut self) {
        if let Some(storing) = self.storing.take()
            && storing.join().is_err()
        {
            tracing::warn!("storing a snapshot ended badly");
        }
    }

    /// The last snapshot, so that the next start need not replay; none where nothing has happened since.
    pub(crate) fn last(self, book: &Book) -> Option<Storing> {
        (self.parts.since > 0).then(|| {
            let mut copying = Copying::default();
            copying.go_on(book, usize::MAX / 2, 0);
            self.storing(copying, self.position)
        })
    }
}

/// A complete copy of the state, to be stored.
pub(crate) struct Storing {
    copy: Copying,
    position: Position,
    algorithm: Algorithm,
    derived: Db,
    stored: Arc<AtomicU64>,
    busy: Arc<AtomicBool>,
    runtime: tokio::runtime::Handle,
}

impl Storing {
    /// Stores it. A failure is told to the log: the journal is enough to start from.
    pub(crate) fn run(self) {
        let taken = snapshot::take(self.copy, self.position, self.algorithm);
        match self.runtime.block_on(snapshot::store(&self.derived, taken)) {
            Ok(()) => self.stored.store(self.position.sequence, Ordering::Relaxed),
            Err(error) => {
                let sequence = self.position.sequence;
                tracing::warn!(%error, sequence, "the snapshot could not be stored");
            }
        }
        self.busy.store(false, Ordering::Release);
    }
}
