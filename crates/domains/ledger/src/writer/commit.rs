//! Making batches durable, in order, and finding out what happened when that is unclear.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender};
use std::time::{Duration, Instant};

use contracts::Unavailable;
use tokio::sync::{OwnedSemaphorePermit, watch};

use super::{Reply, Request, Seen, State};
use crate::hash::Algorithm;
use crate::history::{Following, movements};
use crate::journal::{AppendFailed, Journal, Position};
use crate::model::{Answers, Batch};
use crate::record::{self, Sealed};

/// Rest between two questions for the head while the store is away.
const PAUSE: Duration = Duration::from_millis(100);

/// How often the head is asked for once the ledger is to stop; then what is unclear stays so until the next start.
const TRIES_WHILE_STOPPING: u32 = 10;

/// A batch and who waits for it; without a batch, looks that wait for those before.
pub(crate) struct Work {
    attempt: u64,
    pub(super) batch: Option<Arc<Batch>>,
    pub(super) replies: Vec<(Reply, Answers, OwnedSemaphorePermit)>,
    pub(super) seen: Vec<Seen>,
}

impl Work {
    pub(super) const fn new(attempt: u64) -> Self {
        Self { attempt, batch: None, replies: Vec::new(), seen: Vec::new() }
    }

    /// Answers everybody: with their answers, or that it failed. A caller who has gone away needs no answer.
    pub(super) fn answer(self, became: Result<(), Unavailable>) {
        for (reply, answers, _room) in self.replies {
            let _ = reply.send(became.clone().map(|()| answers));
        }
        if became.is_ok() {
            self.seen.into_iter().for_each(|send| send());
        }
    }
}

/// Why a writer cannot go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    /// Another writer has appended to the journal.
    Superseded,
    /// The store is away and the ledger is to stop.
    GivenUp,
}

/// What became of an append.
#[derive(Debug, PartialEq, Eq)]
enum Found {
    /// The record is in the journal.
    Kept,
    /// It is not, and nothing else is in its place.
    Absent,
}

/// The committing half.
pub(crate) struct Committer {
    pub(crate) position: Position,
    pub(crate) epoch: u64,
    pub(crate) algorithm: Algorithm,
    pub(crate) journal: Arc<dyn Journal>,
    pub(crate) runtime: tokio::runtime::Handle,
    pub(crate) following: Following,
    pub(crate) state: watch::Sender<State>,
    /// Where the journal ends, for readers.
    pub(crate) committed: watch::Sender<Position>,
    /// Whether the ledger is to stop: a store that is away is then waited for no longer.
    pub(crate) stopping: watch::Receiver<bool>,
    pub(crate) work: Receiver<Work>,
    pub(crate) writer: Sender<Request>,
}

impl Committer {
    /// Commits until there is nobody left to execute, or until nothing can be committed any more.
    pub(crate) fn run(mut self) {
        // Work of an older attempt was executed upon what was taken back.
        let mut attempt = 0;
        while let Ok(mut work) = self.work.recv() {
            if work.attempt < attempt {
                work.answer(Err(Unavailable::StoreFailed));
                continue;
            }
            let Some(batch) = work.batch.take() else {
                work.answer(Ok(()));
                continue;
            };
            match self.commit(&batch) {
                Ok(Found::Kept) => {
                    let _ = self.writer.send(Request::Landed(self.position));
                    work.answer(Ok(()));
                    self.follow(&batch);
                }
                Ok(Found::Absent) => {
                    metrics::counter!("ledger_batches_discarded").increment(1);
                    attempt = work.attempt + 1;
                    let _ = self.writer.send(Request::Failed(self.position));
                    work.answer(Err(Unavailable::StoreFailed));
                }
                Err(ended) => return self.end(ended, work),
            }
        }
        self.state.send_if_modified(|state| {
            let serving = *state == State::Serving;
            *state = if serving { State::Stopped } else { *state };
            serving
        });
    }

    fn commit(&mut self, batch: &Batch) -> Result<Found, Ended> {
        let record = record::seal(self.algorithm, self.epoch, self.position.hash, batch);
        let started = Instant::now();
        let found = self.append(&record);
        metrics::histogram!("ledger_commit_seconds").record(started.elapsed());
        if found == Ok(Found::Kept) {
            self.position = Position::of(&record);
            self.committed.send_replace(self.position);
            metrics::counter!("ledger_batches").increment(1);
            metrics::counter!("ledger_commands").increment(u64::from(batch.len));
        }
        found
    }

    fn follow(&self, batch: &Batch) {
        let Ok(entries) = batch.entries() else { return };
        let rows = movements(batch.at, &entries).collect();
        self.runtime.block_on(self.following.hand_over(self.position, rows));
    }

    /// Says so before anybody is answered: from here on nothing is served.
    fn end(self, ended: Ended, work: Work) {
        let (state, answer) = match ended {
            Ended::Superseded => (State::Superseded, Unavailable::StoreFailed),
            Ended::GivenUp => (State::Stopped, Unavailable::Stopping),
        };
        self.state.send_replace(state);
        tracing::error!(
            sequence = self.position.sequence,
            ?ended,
            "this writer serves nothing any more: another has appended, or the store is away at the end"
        );
        let _ = self.writer.send(Request::Ended);
        work.answer(Err(answer.clone()));
        while let Ok(work) = self.work.recv() {
            work.answer(Err(answer.clone()));
        }
    }

    fn append(&self, record: &Sealed) -> Result<Found, Ended> {
        let append = || self.runtime.block_on(self.journal.append(self.position, record));
        match append() {
            Ok(()) => return Ok(Found::Kept),
            Err(AppendFailed::Superseded) => return Err(Ended::Superseded),
            Err(AppendFailed::Unclear(error)) => {
                tracing::warn!(
                    error,
                    sequence = record.sequence,
                    "a commit is unclear; the head is read again"
                );
            }
        }
        self.state.send_replace(State::Unclear);
        let mut found = self.look(record)?;
        if found == Found::Absent {
            // The same record again: should the first attempt still be on its way, only one of them can land.
            found = match append() {
                Ok(()) => Found::Kept,
                Err(_) => self.look(record)?,
            };
        }
        self.state.send_replace(State::Serving);
        tracing::info!(sequence = record.sequence, ?found, "the unclear commit is settled");
        Ok(found)
    }

    /// Reads the head until it can be read, or until the ledger is to stop and the store is still away.
    fn look(&self, record: &Sealed) -> Result<Found, Ended> {
        let mut tries_left = TRIES_WHILE_STOPPING;
        loop {
            match self.runtime.block_on(self.journal.head()) {
                Ok(head) if head == Position::of(record) => return Ok(Found::Kept),
                Ok(head) if head == self.position => return Ok(Found::Absent),
                Ok(_) => return Err(Ended::Superseded),
                Err(error) => {
                    tracing::warn!(%error, "the head cannot be read; nothing is written until it can")
                }
            }
            if *self.stopping.borrow() {
                tries_left = tries_left.checked_sub(1).ok_or(Ended::GivenUp)?;
            }
            std::thread::sleep(PAUSE);
        }
    }
}
