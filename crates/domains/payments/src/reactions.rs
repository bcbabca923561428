//! What payments do when others announce something: a customer who is erased has saved no payees.
//!
//! Orders stay: they are the record of transactions, which the law has the bank keep, and their words are sealed under the
//! key of the customer, dead when it is destroyed. What others saved of the erased one is theirs, sealed under their keys.

use std::sync::Arc;

use async_trait::async_trait;
use contracts::customers::{ERASED, Erased};
use db::outbox::Event;
use runtime::{React, ReactFailed, Reaction};

use crate::error::PaymentsRefused;
use crate::service::CustomerPayments;
use crate::store::payee;

/// Removes the saved payees of those of `customers.erased`.
pub(crate) fn erasures(payments: Arc<CustomerPayments>) -> Reaction {
    Reaction { name: "payments.erasures", topics: &[ERASED], react: Arc::new(Erasures(payments)) }
}

struct Erasures(Arc<CustomerPayments>);

#[async_trait]
impl React for Erasures {
    async fn react(&self, events: &[Event]) -> Result<(), ReactFailed> {
        let db = &self.0.db;
        let mut removed = 0;
        for event in events {
            let erased: Erased =
                event.read().map_err(|unreadable| ReactFailed::Refused(unreadable.to_string()))?;
            let payees = payee::remove_all(db, erased.customer).await;
            removed += payees.map_err(|error| db::unavailable(&error))?;
            // Where payments have a store of their own, the key in it is another than that of customers.
            if erased.kept_until.is_none() {
                let destroyed = self.0.keys.destroy(erased.customer.into()).await;
                removed += u64::from(destroyed.map_err(PaymentsRefused::from).map_err(|r| r.unavailable())?);
            }
        }
        if removed > 0 && !db.scrub().await.map_err(|error| db::unavailable(&error))? {
            tracing::warn!(removed, "the log of the store still holds what was removed");
        }
        Ok(())
    }
}
