//! What accounts do when others announce something: nobody has rights who is erased, and nothing of theirs is remembered.
//!
//! The accounts stay, closed and by id: the books point to them. Their numbers, names and words are sealed under the
//! owner's key, dead when it is destroyed; the keyed hash of a number stays, so that no other account ever bears it.

use std::sync::Arc;

use async_trait::async_trait;
use contracts::customers::{ERASED, Erased};
use db::outbox::Event;
use runtime::{React, ReactFailed, Reaction};

use crate::service::DepositAccounts;

/// Forgets those of `customers.erased`.
pub(crate) fn erasures(accounts: Arc<DepositAccounts>) -> Reaction {
    Reaction { name: "accounts.erasures", topics: &[ERASED], react: Arc::new(Erasures(accounts)) }
}

struct Erasures(Arc<DepositAccounts>);

#[async_trait]
impl React for Erasures {
    async fn react(&self, events: &[Event]) -> Result<(), ReactFailed> {
        for event in events {
            let erased: Erased =
                event.read().map_err(|unreadable| ReactFailed::Refused(unreadable.to_string()))?;
            self.0
                .forget(erased.customer, erased.kept_until.is_none())
                .await
                .map_err(|refused| refused.unavailable())?;
        }
        Ok(())
    }
}
