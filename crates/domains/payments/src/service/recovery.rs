//! Every accepted transfer reaches its end by itself: fates are written in batches, and what a crash or a full disk
//! cut off is posted or given up.

use std::time::Duration;

use super::post::{command, fate_of};
use super::{CustomerPayments, Refused};
use crate::refusals;
use crate::store::{self, Fate, Row};
use clock::Timestamp;

impl CustomerPayments {
    /// Writes fates. A failure is no failure of the transfers: recovery finds them.
    pub(crate) async fn settle_batch(&self, batch: Vec<(Row, Fate)>) {
        let count = batch.len();
        if let Err(error) = store::settle(&self.db, batch, self.clock.now()).await {
            tracing::warn!(%error, count, "fates could not be written; recovery will find them");
        }
    }

    /// Brings transfers that were accepted before `older_than` ago to their end; says how many it found.
    pub(crate) async fn recover(&self, older_than: Duration) -> Refused<usize> {
        let now = self.clock.now();
        let before = now.checked_sub(older_than).unwrap_or(Timestamp::MIN);
        let rows = store::accepted(&self.db, before).await?;
        let found = rows.len();
        let mut settled = Vec::with_capacity(found);
        for row in rows {
            let fate = self.recover_one(&row, now).await?;
            metrics::counter!("payments_recovered").increment(1);
            settled.push((row, fate));
        }
        if !settled.is_empty() {
            store::settle(&self.db, settled, now).await?;
        }
        Ok(found)
    }

    async fn recover_one(&self, row: &Row, now: Timestamp) -> Refused<Fate> {
        let known = self.ledger.outcome(row.transfer).await?;
        let expires = Duration::from_secs(u64::from(self.settings.accepted_expires_s));
        let expired = row.accepted_at.checked_add(expires).is_ok_and(|at| at < now);
        let outcome = match known {
            Some(outcome) => outcome,
            // The ledger never heard of it and the payer has long stopped waiting: it is never submitted any more.
            None if expired => return Ok(Fate::Refused(refusals::EXPIRED)),
            None => {
                let answered = self.ledger.submit(vec![command(row)]).await?.pop();
                answered.ok_or(contracts::Unavailable::Stopping)?
            }
        };
        if outcome.is_ok() {
            // Words sealed for a customer who was erased since then cannot be told to anybody.
            match self.open_words(row).await {
                Ok(words) => {
                    let (payer, payee) =
                        (words.for_payer(row.from, row.transfer), words.for_payee(row.to, row.transfer));
                    self.accounts.record_transfer(payer, payee).await?;
                }
                Err(refused) => {
                    tracing::warn!(payment.id = %row.id, %refused, "the words of a transfer are gone")
                }
            }
        }
        Ok(fate_of(&outcome))
    }
}
