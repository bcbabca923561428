//! Messages: what the bank tells a customer outside the app.
//!
//! Neighbors hand in facts (`contracts::messages::Content`); the words of each kind, in Chinese and English, are in
//! here. The embedded gateway ([`Outbox`]) keeps messages, sealed, where operators read them in the console; one-time
//! codes only in a generated bank or where the settings say so, for one machine. A bank with an SMS gateway offers its own
//! `dyn MessageGateway` on the site before this domain opens, and every message goes there instead.
//!
//! Reacts to `payments.transfer_posted` (payer and payee are told) and `accounts.state_changed` (owners are told of
//! freezes); removes what was sent to those of `customers.erased`. Entry: [`service`]. Cost: a message is two sealed fields and one row; a batch is one write. This crate
//! decides nothing about money and knows no password; what a code is for, it takes from the caller.

mod config;
mod error;
mod http;
mod jobs;
mod reactions;
mod service;
mod store;
#[cfg(test)]
mod tests;
mod words;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use contracts::accounts::STATE_CHANGED;
use contracts::customers::ERASED;
use contracts::messages::MessageGateway;
use contracts::payments::TRANSFER_POSTED;
use keys::Keys;
use runtime::{OpenFailed, Reaction, Running, Service, Site};

pub use config::Settings;
pub use service::Outbox;

/// The tables of this domain.
pub const MIGRATIONS: db::Migrations = db::migrations!("messages", "0001_outbox");

/// The domain, ready to be opened.
#[must_use]
pub fn service() -> Box<dyn Service> {
    Box::new(MessagesService)
}

struct MessagesService;

#[async_trait]
impl Service for MessagesService {
    fn name(&self) -> &'static str {
        "messages"
    }

    fn needs(&self) -> &'static [&'static str] {
        &["customers", "accounts", "ledger"]
    }

    fn hears(&self) -> &'static [&'static str] {
        &[TRANSFER_POSTED, STATE_CHANGED, ERASED]
    }

    fn migrations(&self) -> &'static [db::Migrations] {
        &[MIGRATIONS]
    }

    async fn open(&self, site: &Site) -> Result<Running, OpenFailed> {
        let (keys, settings) = (site.need::<Keys>()?, site.need::<Settings>()?);
        let outbox = Arc::new(Outbox::new(
            site.db.clone(),
            (*keys).clone(),
            Arc::clone(&site.clock),
            (*settings).clone(),
        ));
        let gateway = match site.need::<dyn MessageGateway>() {
            Ok(configured) => configured,
            Err(_) => {
                site.offer::<dyn MessageGateway>(Arc::clone(&outbox) as _);
                Arc::clone(&outbox) as Arc<dyn MessageGateway>
            }
        };
        let neighbors = Arc::new(reactions::Neighbors {
            customers: site.need()?,
            accounts: site.need()?,
            ledger: site.need()?,
            gateway,
            keys: (*keys).clone(),
        });
        let mut running = Running::new(http::routes(Arc::clone(&outbox)), Arc::new(site.db.clone()));
        if settings.movement_notices {
            running.reactions.push(Reaction {
                name: "messages.movements",
                topics: &[TRANSFER_POSTED],
                react: Arc::new(reactions::Movements(Arc::clone(&neighbors))),
            });
        }
        running.reactions.push(Reaction {
            name: "messages.freezes",
            topics: &[STATE_CHANGED],
            react: Arc::new(reactions::Freezes(neighbors)),
        });
        running.reactions.push(Reaction {
            name: "messages.erasures",
            topics: &[ERASED],
            react: Arc::new(reactions::Erasures(Arc::clone(&outbox))),
        });
        running.loops.push(jobs::prune(outbox, Duration::from_secs(u64::from(settings.prune_every_s))));
        Ok(running)
    }
}
