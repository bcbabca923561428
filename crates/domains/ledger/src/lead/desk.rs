//! Answers other processes with the ledger, where it is led here.

use std::sync::Arc;

use async_trait::async_trait;
use contracts::far::{Desk, Misunderstood};
use contracts::ledger::{Ledger, LedgerDesk};

use super::Led;
use crate::writer::State;

/// Answers while this process leads; else whoever asks is told to ask another one.
pub struct LedDesk(Arc<Led>);

impl LedDesk {
    pub(crate) const fn new(led: Arc<Led>) -> Self {
        Self(led)
    }
}

#[async_trait]
impl Desk for LedDesk {
    fn contract(&self) -> &'static str {
        "ledger"
    }

    fn methods(&self) -> &'static [&'static str] {
        LedgerDesk(Arc::clone(&self.0) as Arc<dyn Ledger>).methods()
    }

    async fn answer(&self, method: &str, question: &[u8]) -> Result<Vec<u8>, Misunderstood> {
        let ledger = self.0.here().ok_or(Misunderstood::Elsewhere)?;
        let desk = LedgerDesk(Arc::clone(&ledger) as Arc<dyn Ledger>);
        let answer = tokio::select! {
            answer = desk.answer(method, question) => answer,
            () = self.0.ceases() => return Err(Misunderstood::Elsewhere),
        };
        // What was answered by one that has ceased to lead may be that it failed.
        if ledger.state() == State::Superseded { Err(Misunderstood::Elsewhere) } else { answer }
    }
}
