//! The one writer of a book: gathers requests into a batch while the previous batch commits, executes them,
//! appends one record, and answers once the record is durable.
//!
//! Whatever a caller hears has been committed. When a commit is unclear the writer stops and looks: a record
//! that is there is kept, one that is not is tried once more and else taken back. When another writer has
//! appended, this one serves nothing any more.

mod commit;

use std::sync::Arc;
use std::time::Duration;

use clock::Clock;
use contracts::Unavailable;
use contracts::ledger::{Command, Outcome};
use ids::TransferId;
use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot, watch};

use crate::hash::Algorithm;
use crate::history::{Following, movements};
use crate::journal::{Journal, Position};
use crate::model::{Batch, Book, Sealed, nanoseconds};
use crate::published::Published;
use crate::snapshot;

/// A batch takes no further request once it has this many commands.
const BATCH_COMMANDS_MAX: usize = 16_380;
/// How often the writer looks whether a hold has ended while nobody asks anything.
const EXPIRY_LOOK: Duration = Duration::from_millis(250);

/// What the writer is asked. Questions about ids come here too, because only the writer knows all ids.
pub(crate) enum Request {
    /// Execute commands.
    Submit {
        commands: Vec<Command>,
        reply: oneshot::Sender<Result<Vec<Outcome>, Unavailable>>,
        /// Room taken among what may wait.
        room: OwnedSemaphorePermit,
    },
    /// What became of an id.
    Outcome(TransferId, oneshot::Sender<Option<Outcome>>),
    /// Account and movement numbers of a transfer, debited first.
    Movements(TransferId, oneshot::Sender<Option<[(u32, u32); 2]>>),
    /// End the holds whose time has come.
    Expire(oneshot::Sender<()>),
    /// Finish what was accepted, then end.
    Stop,
}

/// Whether the writer serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// It does.
    Serving,
    /// A commit is unclear; it waits for the store.
    Unclear,
    /// Another writer has appended: nothing is served any more.
    Superseded,
    /// It has ended.
    Stopped,
}

/// Everything that the writer works with.
pub(crate) struct Writer {
    pub(crate) book: Book,
    pub(crate) position: Position,
    pub(crate) epoch: u64,
    pub(crate) algorithm: Algorithm,
    pub(crate) journal: Arc<dyn Journal>,
    pub(crate) derived: db::Db,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) published: Arc<Published>,
    pub(crate) following: Following,
    pub(crate) state: watch::Sender<State>,
    /// Whether the ledger is to stop: a store that is away is then waited for no longer.
    pub(crate) stopping: watch::Receiver<bool>,
    pub(crate) requests: mpsc::UnboundedReceiver<Request>,
    pub(crate) sealed: Sealed,
    /// A snapshot is made after so many entries.
    pub(crate) snapshot_entries: u64,
    /// Entries since the last snapshot.
    pub(crate) entries_since: u64,
    pub(crate) snapshotting: Option<tokio::task::JoinHandle<Option<(u64, Sealed)>>>,
}

/// Requests of one batch.
#[derive(Default)]
struct Gathered {
    submissions: Vec<Submission>,
    questions: Vec<Request>,
    commands: usize,
    stop: bool,
}

struct Submission {
    commands: Vec<Command>,
    reply: oneshot::Sender<Result<Vec<Outcome>, Unavailable>>,
    /// Given back when the submission is answered.
    _room: OwnedSemaphorePermit,
}

impl Gathered {
    fn take(&mut self, request: Request) {
        match request {
            Request::Submit { commands, reply, room } => {
                self.commands += commands.len();
                self.submissions.push(Submission { commands, reply, _room: room });
            }
            Request::Stop => self.stop = true,
            question => self.questions.push(question),
        }
    }
}

impl Writer {
    /// Serves until asked to stop, until nobody can ask any more, or until superseded.
    pub(crate) async fn run(mut self) {
        let mut stopping = false;
        while let Some(gathered) = self.gather(stopping).await {
            if gathered.stop {
                // Nothing new is accepted; what was accepted before is still in the queue.
                self.requests.close();
                stopping = true;
            }
            if let Err(ended) = self.serve(gathered).await {
                tracing::error!(
                    sequence = self.position.sequence,
                    ?ended,
                    "this writer serves nothing any more: another has appended, or the store is away at the end"
                );
                self.requests.close();
                return;
            }
            self.snapshot_when_due().await;
        }
        self.finish().await;
    }

    /// Waits for a request or the end of a hold, and takes all that wait with it. Nothing once all is done.
    async fn gather(&mut self, stopping: bool) -> Option<Gathered> {
        let mut gathered = Gathered::default();
        if stopping {
            gathered.take(self.requests.try_recv().ok()?);
        } else if self.book.next_expiry().is_some() {
            tokio::select! {
                request = self.requests.recv() => gathered.take(request?),
                () = tokio::time::sleep(EXPIRY_LOOK) => {}
            }
        } else {
            gathered.take(self.requests.recv().await?);
        }
        while gathered.commands < BATCH_COMMANDS_MAX {
            let Ok(request) = self.requests.try_recv() else { break };
            gathered.take(request);
        }
        Some(gathered)
    }

    /// Executes, commits and answers one batch.
    async fn serve(&mut self, gathered: Gathered) -> Result<(), commit::Ended> {
        let mut batch = Batch::new(self.book.next_at(nanoseconds(self.clock.now())));
        self.book.expire(&mut batch);
        let outcomes: Vec<Vec<Outcome>> = gathered
            .submissions
            .iter()
            .map(|submission| self.book.execute(&submission.commands, &mut batch))
            .collect();
        let committed = if batch.entries.is_empty() {
            // Nothing but repetitions: everything they were answered from is durable already.
            true
        } else {
            self.commit(&batch).await?
        };
        for (submission, outcomes) in gathered.submissions.into_iter().zip(outcomes) {
            // A caller who has gone away needs no answer.
            let answer = if committed { Ok(outcomes) } else { Err(Unavailable::StoreFailed) };
            let _ = submission.reply.send(answer);
        }
        for question in gathered.questions {
            self.answer(question);
        }
        if committed && !batch.entries.is_empty() {
            let rows = movements(batch.at, &batch.entries).collect();
            self.following.hand_over(self.position, rows).await;
        }
        Ok(())
    }

    fn answer(&self, question: Request) {
        match question {
            Request::Outcome(id, reply) => {
                let _ = reply.send(self.book.outcome(id));
            }
            Request::Movements(id, reply) => {
                let _ = reply.send(self.book.movements_of(id));
            }
            Request::Expire(reply) => {
                let _ = reply.send(());
            }
            Request::Submit { .. } | Request::Stop => {}
        }
    }

    /// Takes a snapshot when enough has happened since the last one and that one is stored.
    async fn snapshot_when_due(&mut self) {
        if self.snapshotting.as_ref().is_some_and(tokio::task::JoinHandle::is_finished) {
            self.await_snapshot().await;
        }
        if self.entries_since >= self.snapshot_entries && self.snapshotting.is_none() {
            self.entries_since = 0;
            let taken = snapshot::take(&self.book, self.position, self.algorithm, &self.sealed);
            let (derived, sequence) = (self.derived.clone(), self.position.sequence);
            self.snapshotting = Some(tokio::spawn(async move {
                match snapshot::store(&derived, taken).await {
                    Ok(sealed) => Some((sequence, sealed)),
                    Err(error) => {
                        tracing::warn!(%error, sequence, "the snapshot could not be stored");
                        None
                    }
                }
            }));
        }
    }

    async fn await_snapshot(&mut self) {
        let Some(storing) = self.snapshotting.take() else { return };
        if let Ok(Some((sequence, sealed))) = storing.await {
            self.sealed = sealed;
            self.published.set_snapshot(sequence);
        }
    }

    /// The last snapshot, so that the next start need not replay.
    async fn finish(mut self) {
        self.await_snapshot().await;
        if self.entries_since > 0 {
            self.snapshot_entries = 0;
            self.snapshot_when_due().await;
            self.await_snapshot().await;
        }
        self.state.send_replace(State::Stopped);
    }
}
