//! Many small submissions made into one: what comes from many connections while the last submission is under way is
//! handed to the writer together.
//!
//! The writer gathers too, but each submission of its own costs a message to its thread and a waking of ours; here
//! both are paid once for all that wait.

use std::sync::{Arc, Mutex, PoisonError};

use contracts::Unavailable;
use contracts::ledger::{Command, Ledger, Receipt};
use tokio::sync::oneshot;

use crate::handle::SUBMISSION_MAX;

/// A larger submission is handed on by itself.
const GATHERED_COMMANDS_MAX: usize = 128;

type Answer = Result<Vec<Receipt>, Unavailable>;
/// Who waits, each with how many commands are its own.
type Callers = Vec<(usize, oneshot::Sender<Answer>)>;

/// What waits for the submission under way.
#[derive(Default)]
struct Waiting {
    commands: Vec<Command>,
    /// How many of the commands are whose, in order.
    callers: Callers,
    under_way: bool,
}

/// Gathers submissions to one ledger.
pub(crate) struct Gather {
    ledger: Arc<dyn Ledger>,
    waiting: Mutex<Waiting>,
}

impl Gather {
    pub(crate) fn new(ledger: Arc<dyn Ledger>) -> Arc<Self> {
        Arc::new(Self { ledger, waiting: Mutex::default() })
    }

    /// Whether these commands are gathered. A chain without an end must not find one in a stranger's commands.
    pub(crate) fn takes(commands: &[Command]) -> bool {
        commands.len() <= GATHERED_COMMANDS_MAX && commands.last().is_some_and(|last| !last.linked)
    }

    /// Executes `commands`; of calls that are gathered, whoever came first is first.
    pub(crate) async fn post(self: &Arc<Self>, commands: Vec<Command>) -> Answer {
        if !Self::takes(&commands) {
            return self.ledger.post(commands).await;
        }
        let (reply, answer) = oneshot::channel();
        if self.join(commands, reply) {
            tokio::spawn(Arc::clone(self).submit());
        }
        answer.await.unwrap_or(Err(Unavailable::Stopping))
    }

    /// Adds to what waits; whether nobody is there to submit it.
    fn join(&self, mut commands: Vec<Command>, reply: oneshot::Sender<Answer>) -> bool {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.callers.push((commands.len(), reply));
        waiting.commands.append(&mut commands);
        !std::mem::replace(&mut waiting.under_way, true)
    }

    /// Submits what waits until nothing does.
    async fn submit(self: Arc<Self>) {
        loop {
            // Whoever is ready to be heard joins first.
            tokio::task::yield_now().await;
            let Some((commands, callers)) = self.take() else { return };
            let answer = self.ledger.post(commands).await;
            let mut receipts = answer.as_deref().unwrap_or_default();
            for (count, reply) in callers {
                let _ = reply.send(match (&answer, receipts.split_at_checked(count)) {
                    (Err(error), _) => Err(error.clone()),
                    (Ok(_), Some((own, rest))) => {
                        receipts = rest;
                        Ok(own.to_vec())
                    }
                    (Ok(_), None) => Err(Unavailable::StoreFailed),
                });
            }
        }
    }

    /// What waits, as far as one submission takes it; nothing where this was the last.
    fn take(&self) -> Option<(Vec<Command>, Callers)> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.callers.is_empty() {
            waiting.under_way = false;
            return None;
        }
        if waiting.commands.len() <= SUBMISSION_MAX {
            return Some((std::mem::take(&mut waiting.commands), std::mem::take(&mut waiting.callers)));
        }
        let mut room = SUBMISSION_MAX;
        let fits = |(count, _): &&(usize, _)| {
            let fits = *count <= room;
            room = room.saturating_sub(*count);
            fits
        };
        let first = waiting.callers.iter().take_while(fits).count();
        let callers: Vec<_> = waiting.callers.drain(..first).collect();
        let count = callers.iter().map(|(count, _)| count).sum::<usize>();
        Some((waiting.commands.drain(..count).collect(), callers))
    }
}

#[cfg(test)]
mod tests;
