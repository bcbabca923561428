//! A simulated client: one call at a time, submitted again under the same ids until it is answered.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use contracts::Unavailable;
use contracts::ledger::{
    Balance, Command, DayBalances, DayQuery, HistoryQuery, Ledger, Movement, Outcome, Receipt,
};
use ids::{AccountId, TransferId};

use super::instance::Instance;

/// What a client asks.
#[derive(Debug, Clone)]
pub(super) enum Call {
    Submit(Vec<Command>),
    Post(Vec<Command>),
    Balances(Vec<AccountId>),
    History(HistoryQuery),
    Days(DayQuery),
    Movement(AccountId, TransferId),
    Outcome(TransferId),
}

/// What it hears.
#[derive(Debug, Clone)]
pub(super) enum Answer {
    Outcomes(Vec<Outcome>),
    Receipts(Vec<Receipt>),
    Balances(Vec<Option<Balance>>),
    History(Vec<Movement>),
    Days(DayBalances),
    Movement(Option<Movement>),
    Outcome(Option<Outcome>),
}

type Waiting = Pin<Box<dyn Future<Output = Result<Answer, Unavailable>> + Send>>;

/// A call that is under way.
pub(super) struct Asked {
    pub(super) call: Call,
    /// What had been acknowledged before.
    pub(super) after: usize,
    waiting: Waiting,
}

impl Asked {
    /// Asks; nothing is sent before the first look for an answer.
    pub(super) fn new(call: Call, instance: &Instance, after: usize) -> Self {
        let (ledger, asked) = (Arc::clone(&instance.ledger), call.clone());
        let waiting = Box::pin(async move {
            Ok(match asked {
                Call::Submit(commands) => Answer::Outcomes(ledger.submit(commands).await?),
                Call::Post(commands) => Answer::Receipts(ledger.post(commands).await?),
                Call::Balances(accounts) => Answer::Balances(ledger.balances(&accounts).await?),
                Call::History(query) => Answer::History(ledger.history(query).await?),
                Call::Days(query) => Answer::Days(ledger.day_balances(query).await?),
                Call::Movement(account, id) => Answer::Movement(ledger.movement(account, id).await?),
                Call::Outcome(id) => Answer::Outcome(ledger.outcome(id).await?),
            })
        });
        Self { call, after, waiting }
    }

    /// Looks for the answer.
    pub(super) fn look(&mut self) -> Option<Result<Answer, Unavailable>> {
        match self.waiting.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(answer) => Some(answer),
            Poll::Pending => None,
        }
    }
}

/// A client.
#[derive(Default)]
pub(super) struct Client {
    pub(super) asked: Option<Asked>,
    /// What was not answered and is to be asked again.
    pub(super) again: Option<Call>,
    /// How many calls it has left.
    pub(super) left: u64,
}

impl Client {
    /// Whether it has something to ask or to hear.
    pub(super) const fn is_busy(&self) -> bool {
        self.left > 0 || self.again.is_some() || self.asked.is_some()
    }

    /// Its connection breaks: what was asked is asked again.
    pub(super) fn lose(&mut self) {
        if let Some(asked) = self.asked.take() {
            self.again = Some(asked.call);
        }
    }
}

impl Call {
    /// How many operations it counts as.
    pub(super) const fn operations(&self) -> u64 {
        match self {
            Self::Submit(commands) | Self::Post(commands) => commands.len() as u64,
            _ => 1,
        }
    }
}
