//! Transfers that customers order, payees, limits, and orders that repeat.
//!
//! A transfer is ordered under an idempotency key. Everything is checked first (right to the account, payee, name,
//! PIN); then the intent is written, durable, under an id minted for the ledger; then the ledger decides, atomically,
//! on funds, freezes and limits. The ledger's answer is the truth and is what the caller is told; the row here learns
//! of it afterwards in batches, and with it `payments.transfer_posted` is announced. Whatever is cut off in between is
//! brought to an end by a loop, at start and every two seconds: no transfer stays accepted.
//!
//! Names are compared, never shown: a payee-name check answers match, close or no match with masked names, and only
//! so often. Names, numbers and memos are sealed under the key of the customer who ordered the transfer.
//!
//! Cost: a transfer is one write here, one in accounts (while the ledger commits) and one of the ledger; on SQLite the
//! writes of concurrent transfers share commits.
//!
//! It refuses to know: balances of its own, credentials, other banks.

mod config;
mod error;
mod http;
mod jobs;
mod model;
mod reactions;
mod refusals;
mod service;
mod store;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_trait::async_trait;
use contracts::customers::ERASED;
use contracts::payments::{Payments, TRANSFER_POSTED};
use runtime::{OpenFailed, Running, Site};
use tokio::sync::mpsc;

pub use config::{Ceilings, Settings};
pub use service::CustomerPayments;

/// The tables of payments.
pub const MIGRATIONS: db::Migrations = db::migrations!("payments", "0001_payment");

/// Fates that may wait to be written; beyond it recovery finds them.
const FATES_WAITING_MAX: usize = 16_384;

/// Payments as a service. Takes [`Settings`], `keys::Keys` and the contracts of accounts, customers, identity and
/// ledger; offers [`Payments`].
#[derive(Debug, Clone, Copy, Default)]
pub struct PaymentsService;

/// The service, for the bank's list.
#[must_use]
pub fn service() -> Box<dyn runtime::Service> {
    Box::new(PaymentsService)
}

#[async_trait]
impl runtime::Service for PaymentsService {
    fn name(&self) -> &'static str {
        "payments"
    }

    fn needs(&self) -> &'static [&'static str] {
        &["accounts", "customers", "identity", "ledger"]
    }

    fn hears(&self) -> &'static [&'static str] {
        &[ERASED]
    }

    fn announces(&self) -> &'static [&'static str] {
        &[TRANSFER_POSTED]
    }

    fn migrations(&self) -> &'static [db::Migrations] {
        const { &[MIGRATIONS] }
    }

    async fn open(&self, site: &Site) -> Result<Running, OpenFailed> {
        let settings = site.need::<Settings>()?;
        let (settled, fates) = mpsc::channel(FATES_WAITING_MAX);
        let payments = Arc::new(CustomerPayments {
            db: site.db.clone(),
            keys: (*site.need::<keys::Keys>()?).clone(),
            clock: Arc::clone(&site.clock),
            accounts: site.need()?,
            customers: site.need()?,
            identity: site.need()?,
            ledger: site.need()?,
            checks: model::tries::Tries::new(settings.payee_checks_hourly_max),
            third_party_checks: model::tries::Tries::new(settings.third_party_checks_hourly_max),
            misses: model::tries::Tries::new(settings.payee_misses_hourly_max),
            filling: service::Shards::new(),
            settled,
            settings: (*settings).clone(),
        });
        site.offer::<dyn Payments>(Arc::clone(&payments) as Arc<dyn Payments>);
        let mut running = Running::new(http::routes(&payments), Arc::new(site.db.clone()));
        running.loops.push(jobs::settle(&payments, fates));
        running.loops.push(jobs::recover(&payments));
        running.reactions.push(reactions::erasures(payments));
        Ok(running)
    }
}
