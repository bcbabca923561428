//! The ledger as its neighbors in this process see it.

mod movements;

use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use clock::{BusinessDate, Clock};
use contracts::Unavailable;
use contracts::ledger::{
    Act, Balance, Command, DayBalances, DayQuery, HistoryQuery, Ledger, Movement, OpenHold, Outcome, Receipt,
    Refusal, Status, Verification,
};
use ids::{AccountId, TransferId};
use tokio::sync::{Semaphore, oneshot, watch};
use tokio::task::JoinHandle;

use crate::hash::Algorithm;
use crate::history::{self, HistoryFailed, Reading};
use crate::journal::Position;
use crate::model::{Answers, Book, Executed, instant};
use crate::open::Stores;
use crate::stored_ids::StoredIds;
use crate::verify;
use crate::witness::{Refused, Witness};
use crate::writer::{Request, Seen, State, Submission, View};

/// The most commands of one submission.
pub const SUBMISSION_MAX: usize = 8_190;
/// How long a reader of the history waits for it to follow.
const HISTORY_WAIT: Duration = Duration::from_secs(20);
/// How often the days of an account are read anew because it moved on meanwhile, which takes that a part of the history
/// was written in between.
const DAYS_TRIES: u32 = 8;
/// What distinguishes the ids of business date commands; the rest is the day itself.
const DATE_ID: [u8; 10] = *b"busi.date.";

/// One book, with its writer and its history running in this process.
pub struct LocalLedger {
    stores: Stores,
    clock: Arc<dyn Clock>,
    algorithm: Algorithm,
    reading: Reading,
    ids: Arc<StoredIds>,
    state: watch::Receiver<State>,
    committed: watch::Receiver<Position>,
    stop: watch::Sender<bool>,
    requests: Sender<Request>,
    room: Arc<Semaphore>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
    at_once: Option<tokio::runtime::Handle>,
    witness: OnceLock<Arc<Witness>>,
}

/// What [`crate::open`] has put together.
pub(crate) struct Parts {
    pub(crate) stores: Stores,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) algorithm: Algorithm,
    pub(crate) reading: Reading,
    pub(crate) ids: Arc<StoredIds>,
    pub(crate) state: watch::Receiver<State>,
    pub(crate) committed: watch::Receiver<Position>,
    pub(crate) stop: watch::Sender<bool>,
    pub(crate) requests: Sender<Request>,
    pub(crate) room: Arc<Semaphore>,
    pub(crate) tasks: Vec<JoinHandle<()>>,
    /// In a simulation, whose turns wait for nobody: derived data are read at once, here.
    pub(crate) at_once: Option<tokio::runtime::Handle>,
}

impl LocalLedger {
    pub(crate) fn new(parts: Parts) -> Self {
        let Parts { stores, clock, algorithm, reading, ids, state, committed, .. } = parts;
        let Parts { stop, requests, room, tasks, at_once, .. } = parts;
        let tasks = Mutex::new(tasks);
        let witness = OnceLock::new();
        Self {
            stores,
            clock,
            algorithm,
            reading,
            ids,
            state,
            committed,
            stop,
            requests,
            room,
            tasks,
            at_once,
            witness,
        }
    }

    pub(crate) fn state(&self) -> State {
        *self.state.borrow()
    }

    /// Begins to stop: what was accepted is finished.
    pub(crate) fn begin_stop(&self) {
        self.stop.send_replace(true);
        let _ = self.requests.send(Request::Stop);
    }

    async fn read<T: Send>(&self, derived: impl Future<Output = T> + Send) -> T {
        match &self.at_once {
            Some(runtime) => runtime.block_on(derived),
            None => derived.await,
        }
    }

    /// Finishes what was accepted, makes a last snapshot and lets go of the store. A second call does nothing.
    pub async fn stop(&self) {
        self.begin_stop();
        let tasks = std::mem::take(&mut *self.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        if tasks.is_empty() {
            return;
        }
        for task in tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a task of the ledger ended badly");
            }
        }
        if let Err(error) = self.witness().await {
            tracing::warn!(%error, "the last record before this stop has no witness yet");
        }
        self.stores.close().await;
    }

    /// From now on statements go to this witness.
    pub(crate) fn attach(&self, witness: Arc<Witness>) {
        let _ = self.witness.set(witness);
    }

    /// Makes a statement of the last durable record and hands it to the witness, where there is one.
    ///
    /// # Errors
    /// [`Refused`]: what was not taken is handed over again the next time.
    pub async fn witness(&self) -> Result<(), Refused> {
        let Some(witness) = self.witness.get() else { return Ok(()) };
        let head = *self.committed.borrow();
        witness.turn(&*self.stores.journal, head, self.clock.now()).await
    }

    /// Why nothing can be posted now; `Ok` when it can.
    ///
    /// # Errors
    /// The reason, for operators.
    pub fn health(&self) -> Result<(), String> {
        match *self.state.borrow() {
            State::Serving => Ok(()),
            State::Unclear => Err("a commit is unclear; the store does not answer".to_owned()),
            State::Superseded => Err("another writer has appended to the journal".to_owned()),
            State::Stopped => Err("the ledger has stopped".to_owned()),
        }
    }

    /// Moves the business date to the day that it is in China, where that is later. Idempotent: the command's
    /// id is made of the day.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn advance_to_today(&self) -> Result<(), Unavailable> {
        let today = BusinessDate::in_china(self.clock.now());
        if self.look(|view| view.book.business_date()).await? >= today {
            return Ok(());
        }
        advance_business_date(self, today).await.map(|_| ())
    }

    #[cfg(test)]
    pub(crate) fn stored_ids(&self) -> &StoredIds {
        &self.ids
    }

    /// A superseded ledger serves nothing, because what it knows may be old.
    fn serving(&self) -> Result<(), Unavailable> {
        match *self.state.borrow() {
            State::Serving | State::Unclear => Ok(()),
            State::Superseded => Err(Unavailable::StoreFailed),
            State::Stopped => Err(Unavailable::Stopping),
        }
    }

    /// Looks at the book as it stands after everything that was asked before; told once all of it is durable.
    pub(crate) async fn look<T: Send + 'static>(
        &self,
        look: impl FnOnce(&View<'_>) -> T + Send + 'static,
    ) -> Result<T, Unavailable> {
        self.serving()?;
        let (reply, seen) = oneshot::channel();
        let look = Box::new(move |view: &View<'_>| -> Seen {
            let told = look(view);
            Box::new(move || {
                let _ = reply.send(told);
            })
        });
        self.requests.send(Request::Look(look)).map_err(|_| Unavailable::Stopping)?;
        // Not told: what was seen did not become durable, or the ledger has stopped.
        seen.await.map_err(|_| self.serving().err().unwrap_or(Unavailable::StoreFailed))
    }

    async fn ask(&self, commands: Vec<Command>, answers: Answers) -> Result<Answers, Unavailable> {
        if commands.len() > SUBMISSION_MAX {
            return Err(Unavailable::Overloaded);
        }
        self.serving()?;
        let wanted = u32::try_from(commands.len()).unwrap_or(u32::MAX);
        let room =
            Arc::clone(&self.room).try_acquire_many_owned(wanted).map_err(|_| Unavailable::Overloaded)?;
        let (reply, answer) = oneshot::channel();
        let submission = Submission { commands, answers, reply, room };
        self.requests.send(Request::Submit(submission)).map_err(|_| Unavailable::Stopping)?;
        answer.await.map_err(|_| Unavailable::Stopping)?
    }

    /// Waits until the history has followed everything that was acknowledged before this call.
    async fn followed(&self) -> Result<(), Unavailable> {
        let target = self.committed.borrow().sequence;
        match tokio::time::timeout(HISTORY_WAIT, self.reading.reaches(target)).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Unavailable::Stopping),
            Err(_) => Err(Unavailable::Overloaded),
        }
    }

    async fn tell(&self, moved: Vec<history::Moved>) -> Result<Vec<Movement>, Unavailable> {
        let ids = self.names(moved.iter().map(|moved| moved.counterparty).collect()).await?;
        Ok(moved.iter().zip(ids).map(|(moved, id)| moved.told(id)).collect())
    }

    /// The ids of accounts by their numbers, which stand in durable records. Waits for no commit.
    async fn names(&self, numbers: Vec<u32>) -> Result<Vec<AccountId>, Unavailable> {
        self.serving()?;
        let (reply, named) = oneshot::channel();
        self.requests.send(Request::Name(numbers, reply)).map_err(|_| Unavailable::Stopping)?;
        let named = named.await.map_err(|_| Unavailable::Stopping)?;
        named.into_iter().collect::<Option<_>>().ok_or_else(|| {
            tracing::error!("the history names an account that this book has not");
            Unavailable::StoreFailed
        })
    }
}

/// Moves the business date forward to `to`. Idempotent: the command's id is made of the day.
///
/// # Errors
/// [`Unavailable`].
pub(crate) async fn advance_business_date(
    ledger: &dyn Ledger,
    to: BusinessDate,
) -> Result<Result<(), Refusal>, Unavailable> {
    let unix_ms = u64::try_from(to.starts_at().as_millisecond()).unwrap_or(0);
    let id = TransferId::seeded(unix_ms, DATE_ID);
    let act = Act::AdvanceBusinessDate { to };
    let outcomes = ledger.submit(vec![Command { id, act, linked: false }]).await?;
    match outcomes.into_iter().next() {
        Some(Ok(_)) => Ok(Ok(())),
        Some(Err(refusal)) => Ok(Err(refusal)),
        None => Err(Unavailable::Stopping),
    }
}

/// Whoever lets go of a ledger without stopping it leaves no thread behind.
impl Drop for LocalLedger {
    fn drop(&mut self) {
        let _ = self.requests.send(Request::Stop);
    }
}

fn outcome_of(book: &Book, executed: &Executed, at: i64) -> Option<Outcome> {
    let mut answers = Answers::Full(Vec::with_capacity(1));
    answers.executed(book, executed, at, true);
    match answers {
        Answers::Full(outcomes) => outcomes.into_iter().next(),
        Answers::Brief(_) => None,
    }
}

fn unreadable(error: &HistoryFailed) -> Unavailable {
    tracing::error!(%error, "the history could not be read");
    Unavailable::StoreFailed
}

#[async_trait]
impl Ledger for LocalLedger {
    async fn submit(&self, commands: Vec<Command>) -> Result<Vec<Outcome>, Unavailable> {
        if commands.is_empty() {
            return Ok(Vec::new());
        }
        let answers = Answers::Full(Vec::with_capacity(commands.len()));
        match telemetry::step("ledger.submit", self.ask(commands, answers)).await? {
            Answers::Full(outcomes) => Ok(outcomes),
            Answers::Brief(_) => Err(Unavailable::StoreFailed),
        }
    }

    async fn post(&self, commands: Vec<Command>) -> Result<Vec<Receipt>, Unavailable> {
        if commands.is_empty() {
            return Ok(Vec::new());
        }
        let answers = Answers::Brief(Vec::with_capacity(commands.len()));
        match telemetry::step("ledger.post", self.ask(commands, answers)).await? {
            Answers::Brief(receipts) => Ok(receipts),
            Answers::Full(_) => Err(Unavailable::StoreFailed),
        }
    }

    async fn balances(&self, accounts: &[AccountId]) -> Result<Vec<Option<Balance>>, Unavailable> {
        let accounts = accounts.to_vec();
        self.look(move |view| {
            let number = |account: AccountId| view.book.number_of(account);
            accounts.into_iter().map(|account| view.book.balance(number(account)?)).collect()
        })
        .await
    }

    async fn history(&self, query: HistoryQuery) -> Result<Vec<Movement>, Unavailable> {
        let account = query.account;
        let seen = move |view: &View<'_>| {
            let number = view.book.number_of(account)?;
            Some((number, view.book.accounts().get(number as usize)?.movements))
        };
        let Some((number, newest)) = self.look(seen).await? else { return Ok(Vec::new()) };
        self.followed().await?;
        let page = self.read(self.reading.page(number, newest, &query)).await;
        self.tell(page.map_err(|error| unreadable(&error))?).await
    }

    async fn day_balances(&self, query: DayQuery) -> Result<DayBalances, Unavailable> {
        let account = query.account;
        for _ in 0..DAYS_TRIES {
            let seen = move |view: &View<'_>| {
                let number = view.book.number_of(account)?;
                let account = view.book.accounts().get(number as usize)?;
                Some((number, account.movements, account.normal()))
            };
            let Some((number, newest, normal)) = self.look(seen).await? else {
                return Ok(DayBalances::default());
            };
            self.followed().await?;
            let days = self.read(self.reading.days(number, newest)).await;
            if let Some(days) = days.map_err(|error| unreadable(&error))? {
                return Ok(DayBalances::of(normal, &query, days.told(query.kind)));
            }
        }
        Err(Unavailable::Overloaded)
    }

    async fn movement(
        &self,
        account: AccountId,
        transfer: TransferId,
    ) -> Result<Option<Movement>, Unavailable> {
        Ok(self.movements(&[(account, transfer)]).await?.pop().flatten())
    }

    async fn movements(
        &self,
        asked: &[(AccountId, TransferId)],
    ) -> Result<Vec<Option<Movement>>, Unavailable> {
        self.moved_by(asked).await
    }

    async fn holds(&self, account: AccountId, limit: u32) -> Result<Vec<OpenHold>, Unavailable> {
        self.look(move |view| view.book.holds_of(account).take(limit as usize).collect()).await
    }

    async fn outcome(&self, id: TransferId) -> Result<Option<Outcome>, Unavailable> {
        let Some((executed, at)) = self.executed(id).await? else { return Ok(None) };
        self.look(move |view| outcome_of(view.book, &executed, at)).await
    }

    async fn status(&self) -> Result<Status, Unavailable> {
        let (mut status, last_at) = self
            .look(|view| {
                let book = view.book;
                let status = Status {
                    head_sequence: 0,
                    head_hash: String::new(),
                    hash_algorithm: String::new(),
                    business_date: book.business_date(),
                    accounts: book.accounts().len() as u64,
                    transfers: book.transfers(),
                    holds: book.open_holds(),
                    batches: view.batches,
                    commands: view.commands,
                    history_lag: 0,
                    last_at: None,
                    snapshot_sequence: view.snapshot_sequence,
                    store: String::new(),
                };
                (status, book.last_at())
            })
            .await?;
        let (reached, head) = (self.reading.reached(), *self.committed.borrow());
        status.head_sequence = head.sequence;
        status.head_hash = hex::encode(head.hash);
        self.algorithm.name().clone_into(&mut status.hash_algorithm);
        self.stores.journal.store().clone_into(&mut status.store);
        status.history_lag = head.sequence.saturating_sub(reached);
        status.last_at = (last_at > 0).then(|| instant(last_at));
        Ok(status)
    }

    async fn verify(&self) -> Result<Verification, Unavailable> {
        self.serving()?;
        let (journal, witness) = (&*self.stores.journal, self.witness.get());
        let found = verify::verify_witnessed(journal, Some(&self.stores.derived), witness.map(Arc::as_ref));
        found.await.map_err(|error| {
            tracing::error!(%error, "the verification could not be done");
            Unavailable::StoreFailed
        })
    }
}
