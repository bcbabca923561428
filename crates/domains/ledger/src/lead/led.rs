//! The ledger as its neighbors see it, wherever it is led.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use contracts::Unavailable;
use contracts::ledger::{
    Command, DayBalances, DayQuery, HistoryQuery, Ledger, Movement, OpenHold, Outcome, Receipt, Status,
    Verification,
};
use ids::{AccountId, TransferId};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::{Begun, Candidate};
use crate::handle::LocalLedger;
use crate::writer::State;

/// How long whoever asks waits for somebody to lead.
const PATIENCE: Duration = Duration::from_secs(8);
/// Rest before it is asked again where the one who leads runs elsewhere.
const REST: Duration = Duration::from_millis(150);

/// The same ledger in other processes: one of them leads.
pub struct Elsewhere(pub Arc<dyn Ledger>);

/// How this process stands to the book.
pub(crate) enum Seat {
    /// It leads.
    Leading(Arc<LocalLedger>),
    /// It follows.
    Following,
    /// It can do neither now; why.
    Failed(String),
}

/// A book that this process leads, or follows while another one leads. Asked while it follows, it asks the others; while
/// nobody leads, whoever asks waits a little.
pub struct Led {
    seat: watch::Receiver<Seat>,
    elsewhere: Option<Arc<dyn Ledger>>,
    stop: watch::Sender<bool>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Led {
    /// A book that no other process can lead.
    pub(crate) fn alone(ledger: Arc<LocalLedger>) -> Self {
        let (seat, seen) = watch::channel(Seat::Leading(Arc::clone(&ledger)));
        let (stop, mut stopped) = watch::channel(false);
        let task = tokio::spawn(async move {
            let _ = stopped.wait_for(|stop| *stop).await;
            ledger.stop().await;
            drop(seat);
        });
        Self { seat: seen, elsewhere: None, stop, task: Mutex::new(Some(task)) }
    }

    /// A book that others may lead, who are asked through `elsewhere`.
    pub(crate) fn among(candidate: Candidate, begun: Begun, elsewhere: Option<Arc<dyn Ledger>>) -> Self {
        let (seat, seen) = watch::channel(begun.seat());
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(candidate.run(begun, seat, stopped));
        Self { seat: seen, elsewhere, stop, task: Mutex::new(Some(task)) }
    }

    /// The ledger, where this process leads it.
    #[must_use]
    pub fn here(&self) -> Option<Arc<LocalLedger>> {
        match &*self.seat.borrow() {
            Seat::Leading(ledger) => Some(Arc::clone(ledger)),
            Seat::Following | Seat::Failed(_) => None,
        }
    }

    /// Returns once this process does not lead. What was asked of it then may have been done.
    pub(super) async fn ceases(&self) {
        let mut seat = self.seat.clone();
        let _ = seat.wait_for(|seat| !matches!(seat, Seat::Leading(_))).await;
    }

    /// Whether it can be asked, or would be if another one ceased to lead.
    ///
    /// # Errors
    /// Why not, for operators.
    pub fn health(&self) -> Result<(), String> {
        match &*self.seat.borrow() {
            Seat::Leading(ledger) => ledger.health(),
            Seat::Following => Ok(()),
            Seat::Failed(why) => Err(why.clone()),
        }
    }

    /// Finishes what was accepted and lets another one lead. A second call does nothing.
    pub async fn stop(&self) {
        self.stop.send_replace(true);
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Err(error)) = futures_util::future::OptionFuture::from(task).await {
            tracing::error!(%error, "leading the ledger ended badly");
        }
    }

    /// Asks whoever leads. Everything that the ledger is asked may be asked again: ids see to that.
    async fn ask<T, A>(&self, ask: impl Fn(Arc<dyn Ledger>) -> A) -> Result<T, Unavailable>
    where
        A: Future<Output = Result<T, Unavailable>>,
    {
        let began = Instant::now();
        let mut seat = self.seat.clone();
        loop {
            let here = match &*seat.borrow_and_update() {
                Seat::Leading(ledger) => Some(Arc::clone(ledger)),
                Seat::Following | Seat::Failed(_) => None,
            };
            let (asked, lost) = match (&here, &self.elsewhere) {
                (Some(ledger), _) => tokio::select! {
                    asked = ask(Arc::clone(ledger) as Arc<dyn Ledger>) => {
                        (asked, ledger.state() == State::Superseded)
                    }
                    () = self.ceases() => (Err(Unavailable::StoreFailed), true),
                },
                (None, Some(elsewhere)) => (ask(Arc::clone(elsewhere)).await, true),
                (None, None) => (Err(Unavailable::Stopping), true),
            };
            let nobody = matches!(
                asked,
                Err(Unavailable::Stopping | Unavailable::Unreachable | Unavailable::StoreFailed)
            );
            if !(lost && nobody) || began.elapsed() >= PATIENCE || *self.stop.borrow() {
                return asked;
            }
            tokio::select! {
                changed = seat.changed() => if changed.is_err() { return asked },
                () = tokio::time::sleep(REST) => {}
            }
        }
    }
}

#[async_trait]
impl Ledger for Led {
    async fn submit(&self, commands: Vec<Command>) -> Result<Vec<Outcome>, Unavailable> {
        let commands = &commands;
        self.ask(async |ledger| ledger.submit(commands.clone()).await).await
    }

    async fn post(&self, commands: Vec<Command>) -> Result<Vec<Receipt>, Unavailable> {
        let commands = &commands;
        self.ask(async |ledger| ledger.post(commands.clone()).await).await
    }

    async fn balances(
        &self,
        accounts: &[AccountId],
    ) -> Result<Vec<Option<contracts::ledger::Balance>>, Unavailable> {
        self.ask(async |ledger| ledger.balances(accounts).await).await
    }

    async fn history(&self, query: HistoryQuery) -> Result<Vec<Movement>, Unavailable> {
        let query = &query;
        self.ask(async |ledger| ledger.history(query.clone()).await).await
    }

    async fn day_balances(&self, query: DayQuery) -> Result<DayBalances, Unavailable> {
        self.ask(async |ledger| ledger.day_balances(query).await).await
    }

    async fn movement(
        &self,
        account: AccountId,
        transfer: TransferId,
    ) -> Result<Option<Movement>, Unavailable> {
        self.ask(async |ledger| ledger.movement(account, transfer).await).await
    }

    async fn movements(
        &self,
        asked: &[(AccountId, TransferId)],
    ) -> Result<Vec<Option<Movement>>, Unavailable> {
        self.ask(async |ledger| ledger.movements(asked).await).await
    }

    async fn holds(&self, account: AccountId, limit: u32) -> Result<Vec<OpenHold>, Unavailable> {
        self.ask(async |ledger| ledger.holds(account, limit).await).await
    }

    async fn outcome(&self, id: TransferId) -> Result<Option<Outcome>, Unavailable> {
        self.ask(async |ledger| ledger.outcome(id).await).await
    }

    async fn status(&self) -> Result<Status, Unavailable> {
        self.ask(async |ledger| ledger.status().await).await
    }

    async fn verify(&self) -> Result<Verification, Unavailable> {
        self.ask(async |ledger| ledger.verify().await).await
    }
}
