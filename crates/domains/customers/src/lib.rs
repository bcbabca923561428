//! Customers: who the bank serves, how far it knows them, and how they are found again.
//!
//! People with a resident identity number (GB 11643), businesses with a unified social credit code (GB 32100), and
//! people taken over from elsewhere under the number they had there. Everything personal is checked, brought into
//! one form, and sealed under the customer's own data key; phone, numbers and name are found by keyed hashes, so a
//! copy of the database tells nothing. An identity number, a credit code and a phone belong to one customer each.
//!
//! It keeps what customers agreed and consented to, and when. An erased customer is found and shown no more; the key is
//! destroyed at once, or when the law no longer has the bank keep what is sealed.
//!
//! Entry: [`service`] for the house, [`Directory`] behind the contract `contracts::customers::Customers`. Cost:
//! a profile is one row and five decryptions, a few microseconds beside the read. This crate knows no account and
//! no password, and verifies nothing with the authorities: KYC is what the caller says it is.

mod config;
mod error;
mod http;
mod jobs;
mod model;
mod sealing;
mod service;
mod store;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_trait::async_trait;
use contracts::customers::{CONSENT_CHANGED, Customers, ERASED, REGISTERED, TAKEN_OVER};
use keys::Keys;
use runtime::{OpenFailed, Running, Service, Site};

pub use config::Settings;
pub use service::Directory;

/// The tables of this domain.
pub const MIGRATIONS: db::Migrations = db::migrations!("customers", "0001_customer", "0002_privacy");

/// The domain, ready to be opened.
#[must_use]
pub fn service() -> Box<dyn Service> {
    Box::new(CustomersService)
}

struct CustomersService;

#[async_trait]
impl Service for CustomersService {
    fn name(&self) -> &'static str {
        "customers"
    }

    fn needs(&self) -> &'static [&'static str] {
        &[]
    }

    fn announces(&self) -> &'static [&'static str] {
        &[REGISTERED, TAKEN_OVER, ERASED, CONSENT_CHANGED]
    }

    fn migrations(&self) -> &'static [db::Migrations] {
        &[MIGRATIONS]
    }

    async fn open(&self, site: &Site) -> Result<Running, OpenFailed> {
        let (keys, settings) = (site.need::<Keys>()?, site.need::<Settings>()?);
        let directory = Arc::new(Directory::new(
            site.db.clone(),
            (*keys).clone(),
            Arc::clone(&site.clock),
            (*settings).clone(),
        ));
        site.offer::<dyn Customers>(Arc::clone(&directory) as _);
        let mut running = Running::new(http::routes(Arc::clone(&directory)), Arc::new(site.db.clone()));
        running.loops.push(jobs::end(directory));
        Ok(running)
    }
}
