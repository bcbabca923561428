//! The one writer of a book: gathers requests into a batch while the previous batch commits, executes them,
//! hands the batch on to be committed, and answers once it is durable.
//!
//! Two threads: this one executes; the other seals and commits ([`commit`]). A large batch is executed while the
//! one before it is still being committed; small ones wait for it and grow meanwhile. Whatever a caller hears has
//! been committed, looks at balances included: a look sees the book as executed and is answered when all that
//! it saw is durable. So answers are those of one order of events, which is the order of the journal.
//!
//! When a commit is unclear the committer stops and looks: a record that is there is kept, one that is not is
//! tried once more and else taken back, with everything that was executed upon it. When another writer has
//! appended, this one serves nothing any more.
//!
//! Both halves do their work in turns that never wait for each other, so that a simulation can take the turns
//! in an order of its own; the threads only repeat them, and rest when a turn says so.

pub(crate) mod commit;
pub(crate) mod keep;
mod past;

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError};
use std::time::Duration;

use clock::Clock;
use contracts::Unavailable;
use contracts::ledger::Command;
use ids::AccountId;
use tokio::sync::{OwnedSemaphorePermit, oneshot};

use crate::history::Shape;
use crate::journal::{Journal, Position};
use crate::model::{Answers, Batch, Book, RECORD_ENTRIES_MAX, nanoseconds};
use crate::stored_ids::Shelving;

use self::commit::Work;
use self::keep::{Keeping, Storing};

/// Batches between executing and durable.
const IN_FLIGHT_MAX: usize = 2;
/// How often the writer looks whether a hold has ended while nobody asks anything.
const EXPIRY_LOOK: Duration = Duration::from_millis(250);

/// How much is done at once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    /// A batch takes no further submission once it has this many commands.
    pub(crate) batch_commands_max: usize,
    /// So many commands are worth a batch of their own while another one is being committed.
    pub(crate) pipelined_commands_min: usize,
    /// Accounts copied for a snapshot between two batches: some milliseconds.
    pub(crate) accounts_copied: usize,
    /// The pieces of the history.
    pub(crate) history: Shape,
    /// What is drawn by chance follows from this number, where there is one.
    pub(crate) dice: Option<u64>,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            batch_commands_max: 16_380,
            pipelined_commands_min: 2_000,
            accounts_copied: 65_536,
            history: Shape::default(),
            dice: None,
        }
    }
}

/// A caller's answers, sent once what they tell of is durable.
pub(crate) type Reply = oneshot::Sender<Result<Answers, Unavailable>>;
/// Sends what a look has seen.
pub(crate) type Seen = Box<dyn FnOnce() + Send>;
/// Looks at the book.
pub(crate) type Look = Box<dyn FnOnce(&View<'_>) -> Seen + Send>;

/// What the writer is asked, and what the committer tells it.
pub(crate) enum Request {
    /// Execute commands.
    Submit(Submission),
    /// Look at the book as it stands after everything that was asked before.
    Look(Look),
    /// Tell whose numbers these are, at once: numbers out of durable records were given for ever.
    Name(Vec<u32>, oneshot::Sender<Vec<Option<AccountId>>>),
    /// The oldest batch in flight is durable.
    Landed(Position),
    /// The oldest batch in flight did not become durable: the journal ends here.
    Failed(Position),
    /// Nothing can be committed any more.
    Ended,
    /// Finish what was accepted, then end.
    Stop,
}

pub(crate) struct Submission {
    pub(crate) commands: Vec<Command>,
    /// In full or in brief.
    pub(crate) answers: Answers,
    pub(crate) reply: Reply,
    /// Room taken among what may wait; given back when the submission is answered.
    pub(crate) room: OwnedSemaphorePermit,
}

/// The book as a look sees it.
pub(crate) struct View<'a> {
    pub(crate) book: &'a Book,
    /// Record of the newest snapshot; 0 for none.
    pub(crate) snapshot_sequence: u64,
    /// Records since start.
    pub(crate) batches: u64,
    /// Commands since start.
    pub(crate) commands: u64,
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

/// What a turn has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Something was done: there may be more.
    Worked,
    /// Nothing can be done until somebody else has done something.
    Idle,
    /// Nothing will ever be done again.
    Ended,
}

/// What waits: submissions in the order in which they were asked, and looks, which go before them. A look must show
/// what was acknowledged before it was asked, and that has been executed.
#[derive(Default)]
struct Backlog {
    submissions: VecDeque<Submission>,
    commands: usize,
    looks: Vec<Look>,
}

impl Backlog {
    fn is_empty(&self) -> bool {
        self.submissions.is_empty() && self.looks.is_empty()
    }
}

/// The executing half.
pub(crate) struct Writer {
    pub(crate) book: Book,
    pub(crate) journal: Arc<dyn Journal>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) runtime: tokio::runtime::Handle,
    pub(crate) requests: Receiver<Request>,
    pub(crate) work: SyncSender<Work>,
    pub(crate) keeping: Keeping,
    pub(crate) shelving: Shelving,
    /// Number of the last record that was executed.
    sequence: u64,
    /// Raised whenever what is in flight is taken back.
    attempt: u64,
    in_flight: usize,
    /// What the committer has no room for yet.
    unsent: Option<Work>,
    backlog: Backlog,
    stopping: bool,
    ended: bool,
    batches: u64,
    commands: u64,
    pace: Pace,
}

/// How the two halves speak to each other.
pub(crate) struct Lines {
    pub(crate) requests: Receiver<Request>,
    pub(crate) work: SyncSender<Work>,
}

impl Writer {
    pub(crate) fn new(
        book: Book,
        journal: Arc<dyn Journal>,
        clock: Arc<dyn Clock>,
        keeping: Keeping,
        shelving: Shelving,
        lines: Lines,
        pace: Pace,
    ) -> Self {
        Self {
            book,
            journal,
            clock,
            runtime: tokio::runtime::Handle::current(),
            requests: lines.requests,
            work: lines.work,
            sequence: keeping.position().sequence,
            keeping,
            shelving,
            attempt: 0,
            in_flight: 0,
            unsent: None,
            backlog: Backlog::default(),
            stopping: false,
            ended: false,
            batches: 0,
            commands: 0,
            pace,
        }
    }

    /// Serves until asked to stop, until nobody can ask any more, or until nothing can be committed any more.
    pub(crate) fn run(mut self) {
        loop {
            let turn = self.turn();
            self.keeping.launch();
            match turn {
                Turn::Worked => {}
                Turn::Idle => self.wait(),
                Turn::Ended => break,
            }
        }
        self.keeping.wait();
        if let Some(last) = self.last_snapshot() {
            last.run();
        }
    }

    /// Takes what is there and executes at most one batch.
    pub(crate) fn turn(&mut self) -> Turn {
        if let Some(work) = self.unsent.take() {
            self.send(work);
            if self.unsent.is_some() {
                return Turn::Idle;
            }
        }
        let mut turn = Turn::Idle;
        while let Ok(request) = self.requests.try_recv() {
            self.take(request);
            turn = Turn::Worked;
        }
        if self.may_look() {
            let mut work = Work::new(self.attempt);
            self.show(&mut work);
            self.send(work);
            if self.unsent.is_some() {
                return Turn::Worked;
            }
            turn = Turn::Worked;
        }
        let may_execute = self.in_flight == 0
            || (self.in_flight < IN_FLIGHT_MAX && self.backlog.commands >= self.pace.pipelined_commands_min);
        if self.ended {
            Turn::Ended
        } else if may_execute && (!self.backlog.is_empty() || self.is_hold_due()) {
            self.execute_batch();
            Turn::Worked
        } else if self.stopping && self.in_flight == 0 && self.backlog.is_empty() {
            Turn::Ended
        } else {
            turn
        }
    }

    /// What is to be stored once everything that was accepted is done, so that the next start need not replay.
    pub(crate) fn last_snapshot(self) -> Option<Storing> {
        let Self { book, keeping, ended, .. } = self;
        if ended { None } else { keeping.last(&book) }
    }

    fn wait(&mut self) {
        if let Some(work) = self.unsent.take() {
            if let Err(failed) = self.work.send(work) {
                self.cannot_send(failed.0);
            }
            return;
        }
        let idle = self.in_flight == 0;
        let request = if idle && self.book.next_expiry().is_some() {
            self.requests.recv_timeout(EXPIRY_LOOK)
        } else {
            self.requests.recv().map_err(|_| RecvTimeoutError::Disconnected)
        };
        match request {
            Ok(request) => self.take(request),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => self.ended = true,
        }
    }

    fn send(&mut self, work: Work) {
        match self.work.try_send(work) {
            Ok(()) => {}
            Err(TrySendError::Full(work)) => self.unsent = Some(work),
            Err(TrySendError::Disconnected(work)) => self.cannot_send(work),
        }
    }

    fn cannot_send(&mut self, work: Work) {
        work.answer(Err(Unavailable::Stopping));
        self.ended = true;
    }

    fn take(&mut self, request: Request) {
        match request {
            Request::Submit(submission) => {
                self.backlog.commands += submission.commands.len();
                self.backlog.submissions.push_back(submission);
            }
            Request::Look(look) => self.backlog.looks.push(look),
            Request::Name(numbers, reply) => {
                let _ = reply.send(numbers.into_iter().map(|number| self.book.id_of(number)).collect());
            }
            Request::Landed(position) => {
                self.in_flight -= 1;
                self.book.land();
                self.keeping.landed(position);
                self.shelving.landed(&mut self.book, position.sequence);
            }
            Request::Failed(position) => {
                // Everything that was executed upon it falls with it.
                self.book.discard();
                self.keeping.discarded();
                self.in_flight = 0;
                self.attempt += 1;
                self.sequence = position.sequence;
            }
            Request::Ended => self.ended = true,
            Request::Stop => self.stopping = true,
        }
    }

    /// Whether those who look are shown the book at once, and wait for nothing but what is in flight. Where others may
    /// have the journal open, telling costs a question to it: they are then shown the next batch's.
    fn may_look(&self) -> bool {
        !self.backlog.looks.is_empty() && !self.journal.is_shared() && !self.is_hold_due()
    }

    fn is_hold_due(&self) -> bool {
        self.book.next_expiry().is_some_and(|until| until <= nanoseconds(self.clock.now()))
    }

    /// Executes what waits, as far as one batch takes it, and hands it on.
    fn execute_batch(&mut self) {
        let now = nanoseconds(self.clock.now());
        let mut batch = self.book.begin(self.sequence + 1, now);
        self.book.expire(&mut batch, RECORD_ENTRIES_MAX);
        let mut work = Work::new(self.attempt);
        // A batch that is full of holds that ended decides and shows nothing: there may be more of them.
        if batch.room() > 0 {
            self.show(&mut work);
            self.execute_waiting(&mut batch, &mut work);
        }
        if batch.is_empty() {
            // Nothing but repetitions and looks: what they saw is durable, or follows what is in flight. They are
            // told once it is certain that nobody else has appended.
            self.book.discard_empty();
        } else {
            self.keeping.executed(&self.book, &batch);
            self.sequence = batch.sequence;
            self.batches += 1;
            self.commands += u64::from(batch.len);
            self.in_flight += 1;
            work.batch = Some(self.book.launch(batch));
        }
        self.send(work);
    }

    /// Shows the book to all who look.
    fn show(&mut self, work: &mut Work) {
        let (batches, commands) = (self.batches, self.commands);
        let view =
            View { book: &self.book, snapshot_sequence: self.keeping.snapshot_sequence(), batches, commands };
        work.seen.extend(self.backlog.looks.drain(..).map(|look| look(&view)));
    }

    fn execute_waiting(&mut self, batch: &mut Batch, work: &mut Work) {
        let mut room = self.pace.batch_commands_max.min(batch.room() as usize);
        while let Some(next) = self.backlog.submissions.front()
            && next.commands.len() <= room
            && let Some(submission) = self.backlog.submissions.pop_front()
        {
            room -= submission.commands.len();
            self.backlog.commands -= submission.commands.len();
            self.execute(submission, batch, work);
        }
    }

    fn execute(&mut self, submission: Submission, batch: &mut Batch, work: &mut Work) {
        let Submission { commands, mut answers, reply, room } = submission;
        match self.past_of(&commands, batch) {
            Ok(past) => {
                self.book.execute(&commands, &past, batch, &mut answers);
                work.replies.push((reply, answers, room));
            }
            Err(error) => {
                tracing::error!(%error, "what an id was used for before could not be read");
                let _ = reply.send(Err(Unavailable::StoreFailed));
            }
        }
    }
}

/// Says that it has ended when the last copy of it is gone.
#[derive(Clone)]
pub(crate) struct Done(
    #[expect(dead_code, reason = "dropping it is what it is for")] Arc<oneshot::Sender<()>>,
);

impl Done {
    pub(crate) fn new(sender: oneshot::Sender<()>) -> Self {
        Self(Arc::new(sender))
    }
}

/// Starts both halves. The last of them lets go of `done`.
pub(crate) fn start(writer: Writer, committer: commit::Committer, done: Done) -> std::io::Result<()> {
    let also_done = done.clone();
    std::thread::Builder::new().name("ledger-commit".to_owned()).spawn(move || {
        committer.run();
        drop(also_done);
    })?;
    std::thread::Builder::new().name("ledger-write".to_owned()).spawn(move || {
        writer.run();
        drop(done);
    })?;
    Ok(())
}
