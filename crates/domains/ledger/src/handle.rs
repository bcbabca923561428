//! The ledger as its neighbors in this process see it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use clock::{BusinessDate, Clock};
use contracts::Unavailable;
use contracts::ledger::{
    Act, Balance, Command, HistoryQuery, Ledger, Movement, Outcome, Refusal, Status, Verification,
};
use ids::{AccountId, TransferId};
use sea_orm::DbErr;
use tokio::sync::{Semaphore, mpsc, oneshot, watch};
use tokio::task::JoinHandle;

use crate::hash::Algorithm;
use crate::history::{self, Progress};
use crate::model::{instant, nanoseconds};
use crate::open::Stores;
use crate::published::Published;
use crate::verify;
use crate::writer::{Request, State};

/// The most commands of one submission.
pub const SUBMISSION_MAX: usize = 8_190;
/// How long a reader of the history waits for it to follow.
const HISTORY_WAIT: Duration = Duration::from_secs(20);
/// What distinguishes the ids of business date commands; the rest is the day itself.
const DATE_ID: [u8; 10] = *b"busi.date.";

/// One book, with its writer and its history running in this process.
pub struct LocalLedger {
    stores: Stores,
    clock: Arc<dyn Clock>,
    algorithm: Algorithm,
    published: Arc<Published>,
    progress: Progress,
    state: watch::Receiver<State>,
    stop: watch::Sender<bool>,
    requests: mpsc::UnboundedSender<Request>,
    room: Arc<Semaphore>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

/// What [`crate::open`] has put together.
pub(crate) struct Parts {
    pub(crate) stores: Stores,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) algorithm: Algorithm,
    pub(crate) published: Arc<Published>,
    pub(crate) progress: Progress,
    pub(crate) state: watch::Receiver<State>,
    pub(crate) stop: watch::Sender<bool>,
    pub(crate) requests: mpsc::UnboundedSender<Request>,
    pub(crate) room: Arc<Semaphore>,
    pub(crate) tasks: Vec<JoinHandle<()>>,
}

impl LocalLedger {
    pub(crate) fn new(parts: Parts) -> Self {
        let Parts { stores, clock, algorithm, published, progress, state, stop, requests, room, tasks } =
            parts;
        let tasks = Mutex::new(tasks);
        Self { stores, clock, algorithm, published, progress, state, stop, requests, room, tasks }
    }

    /// Finishes what was accepted, makes a last snapshot and lets go of the store. A second call does nothing.
    pub async fn stop(&self) {
        self.stop.send_replace(true);
        let _ = self.requests.send(Request::Stop);
        let tasks = std::mem::take(&mut *self.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        if tasks.is_empty() {
            return;
        }
        for task in tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a task of the ledger ended badly");
            }
        }
        self.stores.close().await;
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
        if self.published.look(|board| board.business_date.is_some_and(|date| date >= today)) {
            return Ok(());
        }
        self.advance_business_date(today).await.map(|_| ())
    }

    /// Moves the business date forward to `to`.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn advance_business_date(&self, to: BusinessDate) -> Result<Result<(), Refusal>, Unavailable> {
        let unix_ms = u64::try_from(to.starts_at().as_millisecond()).unwrap_or(0);
        let id = TransferId::seeded(unix_ms, DATE_ID);
        let act = Act::AdvanceBusinessDate { to };
        let outcomes = self.submit(vec![Command { id, act, linked: false }]).await?;
        match outcomes.into_iter().next() {
            Some(Ok(_)) => Ok(Ok(())),
            Some(Err(refusal)) => Ok(Err(refusal)),
            None => Err(Unavailable::Stopping),
        }
    }

    /// A superseded ledger serves nothing, because what it knows may be old.
    fn serving(&self) -> Result<(), Unavailable> {
        match *self.state.borrow() {
            State::Serving | State::Unclear => Ok(()),
            State::Superseded => Err(Unavailable::StoreFailed),
            State::Stopped => Err(Unavailable::Stopping),
        }
    }

    async fn ask<T>(&self, question: impl FnOnce(oneshot::Sender<T>) -> Request) -> Result<T, Unavailable> {
        self.serving()?;
        let (reply, answer) = oneshot::channel();
        self.requests.send(question(reply)).map_err(|_| Unavailable::Stopping)?;
        answer.await.map_err(|_| Unavailable::Stopping)
    }

    /// Reads must not show a hold whose time has come: its expiry is made an event first.
    async fn settle(&self) -> Result<(), Unavailable> {
        let now = nanoseconds(self.clock.now());
        let due = self.published.look(|board| board.next_expiry.is_some_and(|until| until <= now));
        if due { self.ask(Request::Expire).await } else { self.serving() }
    }

    /// Waits until the history has followed everything that was acknowledged before this call.
    async fn followed(&self) -> Result<(), Unavailable> {
        let target = self.published.look(|board| board.position.sequence);
        let mut progress = self.progress.clone();
        let waited =
            tokio::time::timeout(HISTORY_WAIT, progress.wait_for(|reached| *reached >= target)).await;
        match waited {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(_)) => Err(Unavailable::Stopping),
            Err(_) => Err(Unavailable::Overloaded),
        }
    }

    fn tell(&self, moved: &history::Moved) -> Option<Movement> {
        self.published.look(|board| board.id_of(moved.counterparty)).map(|id| moved.told(id))
    }
}

fn unreadable(error: &DbErr) -> Unavailable {
    tracing::error!(%error, "the history could not be read");
    Unavailable::StoreFailed
}

#[async_trait]
impl Ledger for LocalLedger {
    async fn submit(&self, commands: Vec<Command>) -> Result<Vec<Outcome>, Unavailable> {
        if commands.is_empty() {
            return Ok(Vec::new());
        }
        if commands.len() > SUBMISSION_MAX {
            return Err(Unavailable::Overloaded);
        }
        let wanted = u32::try_from(commands.len()).unwrap_or(u32::MAX);
        let room =
            Arc::clone(&self.room).try_acquire_many_owned(wanted).map_err(|_| Unavailable::Overloaded)?;
        self.ask(|reply| Request::Submit { commands, reply, room }).await?
    }

    async fn balances(&self, accounts: &[AccountId]) -> Result<Vec<Option<Balance>>, Unavailable> {
        self.settle().await?;
        Ok(self.published.look(|board| accounts.iter().map(|account| board.balance(*account)).collect()))
    }

    async fn history(&self, query: HistoryQuery) -> Result<Vec<Movement>, Unavailable> {
        self.serving()?;
        let Some(number) = self.published.look(|board| board.number_of(query.account)) else {
            return Ok(Vec::new());
        };
        self.followed().await?;
        let page = history::page(self.stores.derived.reader(), number, &query).await;
        Ok(page.map_err(|error| unreadable(&error))?.iter().filter_map(|moved| self.tell(moved)).collect())
    }

    async fn movement(
        &self,
        account: AccountId,
        transfer: TransferId,
    ) -> Result<Option<Movement>, Unavailable> {
        let Some(number) = self.published.look(|board| board.number_of(account)) else { return Ok(None) };
        let sides = self.ask(|reply| Request::Movements(transfer, reply)).await?;
        let Some((_, movement)) = sides.into_iter().flatten().find(|(side, _)| *side == number) else {
            return Ok(None);
        };
        self.followed().await?;
        let moved = history::movement(self.stores.derived.reader(), number, movement).await;
        Ok(moved.map_err(|error| unreadable(&error))?.and_then(|moved| self.tell(&moved)))
    }

    async fn outcome(&self, id: TransferId) -> Result<Option<Outcome>, Unavailable> {
        self.ask(|reply| Request::Outcome(id, reply)).await
    }

    async fn status(&self) -> Result<Status, Unavailable> {
        self.settle().await?;
        let reached = *self.progress.borrow();
        Ok(self.published.look(|board| Status {
            head_sequence: board.position.sequence,
            head_hash: hex::encode(board.position.hash),
            hash_algorithm: self.algorithm.name().to_owned(),
            business_date: board.business_date.unwrap_or_else(|| BusinessDate::in_china(self.clock.now())),
            accounts: board.accounts() as u64,
            transfers: board.transfers,
            holds: board.holds,
            batches: board.batches,
            commands: board.commands,
            history_lag: board.position.sequence.saturating_sub(reached),
            last_at: (board.last_at > 0).then(|| instant(board.last_at)),
            snapshot_sequence: board.snapshot_sequence,
            store: self.stores.journal.store().to_owned(),
        }))
    }

    async fn verify(&self) -> Result<Verification, Unavailable> {
        self.serving()?;
        verify::verify(&*self.stores.journal, Some(&self.stores.derived)).await.map_err(|error| {
            tracing::error!(%error, "the verification could not be done");
            Unavailable::StoreFailed
        })
    }
}
