//! Posting an accepted transfer and telling what became of it.
//!
//! The ledger is the truth: a reply repeats what it answered, and the row in the store only learns of it afterwards,
//! in batches. So a transfer costs one durable write of its intent and one of the ledger; what it means to both sides
//! (one write of accounts) is written while the ledger commits. Whatever is cut off in between is finished by
//! [`super::recovery`]: submitting the same command again has the same outcome.

use clock::{BusinessDate, Timestamp};
use contracts::ledger::{Act, Applied, Balance, Command, Refusal, Transfer, codes};
use futures_util::future::join;
use ids::{CustomerId, PaymentId};
use money::Money;

use super::{CustomerPayments, Refused};
use crate::error::PaymentsRefused;
use crate::model::words::Words;
use crate::refusals;
use crate::store::{self, Fate, Row};

pub(crate) const WORDS: &str = "payments.words";

/// A transfer as it stands.
#[derive(Debug, Clone)]
pub(crate) struct Done {
    pub(crate) row: Row,
    pub(crate) words: Words,
    /// Why it was refused, where it was.
    pub(crate) refusal: Option<&'static str>,
    /// The ledger's instant and booking day, where it was posted.
    pub(crate) posted: Option<(Timestamp, BusinessDate)>,
    /// What is on the payer's account: after it, or now where it is asked for again.
    pub(crate) balance: Option<Money>,
    /// The code of the payer's receipt.
    pub(crate) verification_code: String,
}

/// The ledger's command for a row: the same each time.
pub(crate) fn command(row: &Row) -> Command {
    let transfer = Transfer {
        debit: row.from,
        credit: row.to,
        amount: u64::try_from(row.amount.minor()).unwrap_or(0),
        hold_until: None,
        code: if row.own { codes::OWN_TRANSFER } else { codes::TRANSFER },
        booked_on: None,
        value_on: None,
        counts_toward_limits: !row.own,
    };
    Command { id: row.transfer, act: Act::Transfer(transfer), linked: false }
}

impl CustomerPayments {
    /// Posts `row`, now or as it was posted before.
    pub(crate) async fn post(&self, row: Row, words: &Words) -> Refused<Done> {
        if let Fate::Refused(word) = row.fate {
            return Err(self.refusal(&row, word).await);
        }
        let told = self
            .accounts
            .record_transfer(words.for_payer(row.from, row.transfer), words.for_payee(row.to, row.transfer));
        let (outcomes, told) = join(self.ledger.submit(vec![command(&row)]), told).await;
        let outcome = outcomes?.pop().ok_or(contracts::Unavailable::Stopping)?;
        let fate = fate_of(&outcome);
        let word = if outcome.is_ok() { "posted" } else { "refused" };
        metrics::counter!("payments_transfers", "outcome" => word).increment(1);
        match &told {
            Ok(_) => self.settle_soon(&row, fate),
            // The row stays accepted, so that recovery tells both sides what the transfer means.
            Err(error) => {
                tracing::warn!(payment.id = %row.id, %error, "a transfer is posted but not yet described")
            }
        }
        match (outcome, fate) {
            (Ok(applied), _) => Ok(done(row, words, &applied, told.unwrap_or_default())),
            (Err(_), Fate::Refused(word)) => Err(self.refusal(&row, word).await),
            (Err(refusal), _) => Err(self.refusal(&row, refusals::of_ledger(refusal)).await),
        }
    }

    /// Hands a fate to the writer of fates. Where too many wait, recovery finds the row.
    pub(crate) fn settle_soon(&self, row: &Row, fate: Fate) {
        if row.fate == Fate::Accepted {
            let _ = self.settled.try_send((row.clone(), fate));
        }
    }

    /// The refusal, with the limit that was hit and how much of it is used.
    async fn refusal(&self, row: &Row, word: &'static str) -> PaymentsRefused {
        let limited = matches!(word, "limit_per_transfer" | "limit_per_day" | "limit_per_month");
        let balance = match limited {
            true => self
                .ledger
                .balances(&[row.from])
                .await
                .ok()
                .and_then(|found| found.into_iter().next().flatten()),
            false => None,
        };
        let limit = balance.and_then(|balance| {
            let (limit, used) = match word {
                "limit_per_transfer" => (balance.limits.per_transfer?, 0),
                "limit_per_day" => (balance.limits.per_day?, balance.used.day),
                _ => (balance.limits.per_month?, balance.used.month),
            };
            let money =
                |minor: u64| Money::new(i64::try_from(minor).unwrap_or(i64::MAX), row.amount.currency());
            Some((money(limit), money(used)))
        });
        PaymentsRefused::Transfer { word, limit }
    }

    /// A transfer that `customer` ordered, brought to its end where it has not come to it.
    pub(crate) async fn look_up(&self, customer: CustomerId, id: PaymentId) -> Refused<Done> {
        let row = store::by_id(&self.db, id).await?.filter(|row| row.customer == customer);
        let row = row.ok_or(PaymentsRefused::NotFound)?;
        let words = self.open_words(&row).await?;
        match self.post(row.clone(), &words).await {
            Err(PaymentsRefused::Transfer { word, .. }) => Ok(Done {
                row,
                words,
                refusal: Some(word),
                posted: None,
                balance: None,
                verification_code: String::new(),
            }),
            other => other,
        }
    }
}

/// What the ledger's answer makes of a transfer.
pub(crate) fn fate_of(outcome: &Result<Applied, Refusal>) -> Fate {
    match outcome {
        Ok(applied) => Fate::Posted { at: applied.at, booked_on: applied.booked_on },
        Err(refusal) => Fate::Refused(refusals::of_ledger(*refusal)),
    }
}

fn done(row: Row, words: &Words, applied: &Applied, verification_code: String) -> Done {
    let of_payer = applied.balances.iter().find(|(account, _)| *account == row.from);
    let posted = |balance: &Balance| {
        let minor = balance.posted();
        let narrowed = i64::try_from(minor).unwrap_or(if minor < 0 { i64::MIN } else { i64::MAX });
        Money::new(narrowed, row.amount.currency())
    };
    Done {
        balance: of_payer.map(|(_, balance)| posted(balance)),
        words: words.clone(),
        refusal: None,
        posted: Some((applied.at, applied.booked_on)),
        verification_code,
        row,
    }
}
