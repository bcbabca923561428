//! Deposit accounts: whose they are, under which number, in which state, and what their movements mean.
//!
//! The ledger holds the money and the movements; this crate holds everything about an account that is not value:
//! owner, card-style number, class, nickname, authorized persons, narratives (who was on the other side and why),
//! receipts and their verification codes. Numbers, nicknames, narratives and reasons are sealed under the data key
//! of the account's owner; numbers are found again by keyed hash. It calls customers (names) and the ledger
//! (accounts, balances, history), and announces `accounts.opened` and `accounts.state_changed`.
//!
//! Every route for customers checks the right of the caller to the account it names; somebody else's account is not
//! found. Opening an account and changing its state are written down before the ledger is told and finished by a loop
//! where they were cut off.
//!
//! Cost: looking up an account or a right that was used lately touches no store (see `briefs`). Searching text
//! decrypts up to 5,000 narratives per request. The first receipt reads the font (about 20 MB of memory).
//!
//! It refuses to know: balances of its own, sessions and PINs, limits beyond those given at opening, interest.

mod briefs;
mod config;
mod error;
mod http;
mod jobs;
mod model;
mod reactions;
mod receipt;
mod service;
mod store;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use contracts::accounts::{ACCOUNT_OPENED, Accounts, STATE_CHANGED};
use contracts::customers::ERASED;
use runtime::{OpenFailed, Running, Site};

pub use config::{OpeningLimits, Settings, SettingsInvalid};
pub use receipt::font::EmbeddedFont;
pub use service::DepositAccounts;

/// The tables of accounts.
pub const MIGRATIONS: db::Migrations = db::migrations!("accounts", "0001_account");

/// Deposit accounts as a service. Takes [`Settings`], `keys::Keys`, the contracts of customers and ledger, and an
/// [`EmbeddedFont`] where one is offered; offers [`Accounts`].
#[derive(Debug, Clone, Copy, Default)]
pub struct AccountsService;

/// The service, for the bank's list.
#[must_use]
pub fn service() -> Box<dyn runtime::Service> {
    Box::new(AccountsService)
}

#[async_trait]
impl runtime::Service for AccountsService {
    fn name(&self) -> &'static str {
        "accounts"
    }

    fn needs(&self) -> &'static [&'static str] {
        &["customers", "ledger"]
    }

    fn hears(&self) -> &'static [&'static str] {
        &[ERASED]
    }

    fn announces(&self) -> &'static [&'static str] {
        &[ACCOUNT_OPENED, STATE_CHANGED]
    }

    fn migrations(&self) -> &'static [db::Migrations] {
        const { &[MIGRATIONS] }
    }

    async fn open(&self, site: &Site) -> Result<Running, OpenFailed> {
        let settings = site.need::<Settings>()?;
        let checked =
            settings.check().map_err(|error| OpenFailed::because("the settings cannot be used", error))?;
        let accounts = Arc::new(DepositAccounts {
            db: site.db.clone(),
            keys: (*site.need::<keys::Keys>()?).clone(),
            clock: Arc::clone(&site.clock),
            customers: site.need()?,
            ledger: site.need()?,
            settings: checked,
            font: receipt::font::ReceiptFont::new(&settings, site.need::<EmbeddedFont>().ok()),
            briefs: briefs::Briefs::with_capacity(
                usize::try_from(settings.remembered_max).unwrap_or(0),
                site.is_shared(),
            ),
            registered: Mutex::new(HashSet::new()),
        });
        site.offer::<dyn Accounts>(Arc::clone(&accounts) as Arc<dyn Accounts>);
        let mut running = Running::new(http::routes(&accounts), Arc::new(site.db.clone()));
        running.loops.push(jobs::finish(&accounts));
        running.reactions.push(reactions::erasures(accounts));
        Ok(running)
    }
}
