//! Making batches durable, in order, and finding out what happened when that is unclear.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, TryRecvError};
use std::time::{Duration, Instant};

use contracts::Unavailable;
use tokio::sync::{OwnedSemaphorePermit, watch};

use super::{Reply, Request, Seen, State, Turn};
use crate::hash::Algorithm;
use crate::history::Following;
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
        for (reply, answers, room) in self.replies {
            // Whoever has heard an answer finds the room that it took.
            drop(room);
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    /// The record is in the journal.
    Kept,
    /// It is not, and nothing else is in its place.
    Absent,
}

/// An append that it is unknown of whether it took place.
struct Unclear {
    work: Work,
    batch: Arc<Batch>,
    record: Sealed,
    since: Instant,
    /// Whether it was tried for the second time.
    again: bool,
    /// How often the head may still be asked for once the ledger is to stop.
    tries_left: u32,
}

/// What the committer is at.
enum Doing {
    /// The next batch.
    Next,
    /// Finding out what became of one.
    Settling(Box<Unclear>),
    /// Nothing any more: everybody hears this.
    Refusing(Unavailable),
}

/// What the committing half needs.
pub(crate) struct CommitterParts {
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

/// The committing half.
pub(crate) struct Committer {
    parts: CommitterParts,
    /// Work of an older attempt was executed upon what was taken back.
    attempt: u64,
    doing: Doing,
}

impl Committer {
    pub(crate) const fn new(parts: CommitterParts) -> Self {
        Self { parts, attempt: 0, doing: Doing::Next }
    }

    /// Commits until there is nobody left to execute, or until nothing can be committed any more.
    pub(crate) fn run(mut self) {
        loop {
            match self.turn() {
                Turn::Worked => {}
                Turn::Idle if matches!(self.doing, Doing::Settling(_)) => std::thread::sleep(PAUSE),
                Turn::Idle => match self.parts.work.recv() {
                    Ok(work) => self.take(work),
                    Err(_) => return self.stopped(),
                },
                Turn::Ended => return,
            }
        }
    }

    /// Takes one piece of work, or looks once after what is unclear.
    pub(crate) fn turn(&mut self) -> Turn {
        if let Doing::Settling(unclear) = std::mem::replace(&mut self.doing, Doing::Next) {
            return self.settle(unclear);
        }
        match self.parts.work.try_recv() {
            Ok(work) => {
                self.take(work);
                Turn::Worked
            }
            Err(TryRecvError::Empty) => Turn::Idle,
            Err(TryRecvError::Disconnected) => {
                self.stopped();
                Turn::Ended
            }
        }
    }

    fn take(&mut self, mut work: Work) {
        if let Doing::Refusing(answer) = &self.doing {
            work.answer(Err(answer.clone()));
        } else if work.attempt < self.attempt {
            work.answer(Err(Unavailable::StoreFailed));
        } else if let Some(batch) = work.batch.take() {
            self.commit(work, batch);
        } else {
            self.confirm(work);
        }
    }

    /// Answers what needs no append, if the journal still ends where this writer left it: what it knows is old
    /// otherwise, and must not be told.
    fn confirm(&mut self, work: Work) {
        if !self.parts.journal.is_shared() {
            return work.answer(Ok(()));
        }
        match self.parts.runtime.block_on(self.parts.journal.head()) {
            Ok(head) if head == self.parts.position => work.answer(Ok(())),
            Ok(_) => self.end(Ended::Superseded, work),
            Err(error) => {
                tracing::warn!(%error, "the head cannot be read; nothing is told until it can");
                work.answer(Err(Unavailable::StoreFailed));
            }
        }
    }

    fn commit(&mut self, work: Work, batch: Arc<Batch>) {
        let parts = &self.parts;
        let record = record::seal(parts.algorithm, parts.epoch, parts.position.hash, &batch);
        let since = Instant::now();
        match self.append(&record) {
            Ok(()) => self.settled(Found::Kept, work, &batch, &record, since),
            Err(AppendFailed::Superseded) => self.end(Ended::Superseded, work),
            Err(AppendFailed::Unclear(error)) => {
                tracing::warn!(
                    error,
                    sequence = record.sequence,
                    "a commit is unclear; the head is read again"
                );
                self.parts.state.send_replace(State::Unclear);
                let tries_left = TRIES_WHILE_STOPPING;
                let unclear = Unclear { work, batch, record, since, again: false, tries_left };
                self.doing = Doing::Settling(Box::new(unclear));
            }
        }
    }

    fn append(&self, record: &Sealed) -> Result<(), AppendFailed> {
        self.parts.runtime.block_on(self.parts.journal.append(self.parts.position, record))
    }

    /// Reads the head once, and does what follows from it.
    fn settle(&mut self, mut unclear: Box<Unclear>) -> Turn {
        let found = match self.parts.runtime.block_on(self.parts.journal.head()) {
            Ok(head) if head == Position::of(&unclear.record) => Found::Kept,
            Ok(head) if head == self.parts.position => Found::Absent,
            Ok(_) => {
                self.end(Ended::Superseded, unclear.work);
                return Turn::Worked;
            }
            Err(error) => {
                tracing::warn!(%error, "the head cannot be read; nothing is written until it can");
                if *self.parts.stopping.borrow() {
                    let Some(left) = unclear.tries_left.checked_sub(1) else {
                        self.end(Ended::GivenUp, unclear.work);
                        return Turn::Worked;
                    };
                    unclear.tries_left = left;
                }
                self.doing = Doing::Settling(unclear);
                return Turn::Idle;
            }
        };
        if found == Found::Absent && !unclear.again {
            // The same record again: should the first attempt still be on its way, only one of them can land.
            unclear.again = true;
            unclear.tries_left = TRIES_WHILE_STOPPING;
            if self.append(&unclear.record).is_err() {
                self.doing = Doing::Settling(unclear);
                return Turn::Worked;
            }
            return self.clear(Found::Kept, *unclear);
        }
        self.clear(found, *unclear)
    }

    fn clear(&mut self, found: Found, unclear: Unclear) -> Turn {
        let Unclear { work, batch, record, since, .. } = unclear;
        self.parts.state.send_replace(State::Serving);
        tracing::info!(sequence = record.sequence, ?found, "the unclear commit is settled");
        self.settled(found, work, &batch, &record, since);
        Turn::Worked
    }

    /// It is known what became of a batch.
    fn settled(&mut self, found: Found, work: Work, batch: &Arc<Batch>, record: &Sealed, since: Instant) {
        metrics::histogram!("ledger_commit_seconds").record(since.elapsed());
        match found {
            Found::Kept => {
                self.parts.position = Position::of(record);
                self.parts.committed.send_replace(self.parts.position);
                metrics::counter!("ledger_batches").increment(1);
                metrics::counter!("ledger_commands").increment(u64::from(batch.len));
                let _ = self.parts.writer.send(Request::Landed(self.parts.position));
                work.answer(Ok(()));
                self.follow(batch);
            }
            Found::Absent => {
                metrics::counter!("ledger_batches_discarded").increment(1);
                self.attempt = work.attempt + 1;
                let _ = self.parts.writer.send(Request::Failed(self.parts.position));
                work.answer(Err(Unavailable::StoreFailed));
            }
        }
    }

    fn follow(&self, batch: &Arc<Batch>) {
        let handing_over = self.parts.following.hand_over(self.parts.position, Arc::clone(batch));
        self.parts.runtime.block_on(handing_over);
    }

    /// Says so before anybody is answered: from here on nothing is served.
    fn end(&mut self, ended: Ended, work: Work) {
        let (state, answer) = match ended {
            Ended::Superseded => (State::Superseded, Unavailable::StoreFailed),
            Ended::GivenUp => (State::Stopped, Unavailable::Stopping),
        };
        self.parts.state.send_replace(state);
        tracing::error!(
            sequence = self.parts.position.sequence,
            ?ended,
            "this writer serves nothing any more: another has appended, or the store is away at the end"
        );
        let _ = self.parts.writer.send(Request::Ended);
        work.answer(Err(answer.clone()));
        self.doing = Doing::Refusing(answer);
    }

    /// Nobody is left to execute.
    fn stopped(&self) {
        self.parts.state.send_if_modified(|state| {
            let serving = *state == State::Serving;
            *state = if serving { State::Stopped } else { *state };
            serving
        });
    }
}
