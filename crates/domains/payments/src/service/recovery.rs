//! Every accepted transfer reaches its end by itself: fates are written in batches, and what a crash or a full disk
//! cut off is posted or given up.

use std::time::Duration;

use contracts::Unavailable;

use super::post::{command, fate_of};
use super::{CustomerPayments, Refused};
use crate::refusals;
use crate::store::{self, Fate, Row};
use clock::Timestamp;

/// A turn ends when somebody in another process was not reached for so many transfers in a row.
const ABSENCES_MAX: u32 = 8;

impl CustomerPayments {
    /// Writes fates. A failure is no failure of the transfers: recovery finds them.
    pub(crate) async fn settle_batch(&self, batch: Vec<(Row, Fate)>) {
        let count = batch.len();
        if let Err(error) = store::settle(&self.db, batch, self.clock.now()).await {
            tracing::warn!(%error, count, "fates could not be written; recovery will find them");
        }
    }

    /// Brings transfers that were accepted before `older_than` ago to their end; says how many it found.
    ///
    /// # Errors
    /// The last reason for which one was not; the others are.
    pub(crate) async fn recover(&self, older_than: Duration) -> Refused<usize> {
        let now = self.clock.now();
        let before = now.checked_sub(older_than).unwrap_or(Timestamp::MIN);
        let rows = store::accepted(&self.db, before).await?;
        let found = rows.len();
        let mut settled = Vec::with_capacity(found);
        let (mut absences, mut last) = (0, Ok(()));
        for row in rows {
            // One that fails must not keep the others waiting, unless it is because somebody is away.
            match self.recover_one(&row, now).await {
                Ok(fate) => {
                    absences = 0;
                    metrics::counter!("payments_recovered").increment(1);
                    settled.push((row, fate));
                }
                Err(why) => {
                    tracing::warn!(payment.id = %row.id, %why, "a transfer could not be recovered yet");
                    absences += u32::from(why.unavailable() == Unavailable::Unreachable);
                    last = Err(why);
                }
            }
            if absences > ABSENCES_MAX {
                break;
            }
        }
        if !settled.is_empty() {
            store::settle(&self.db, settled, now).await?;
        }
        last.map(|()| found)
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
