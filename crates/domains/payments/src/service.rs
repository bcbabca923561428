//! What payments do: check, make the intent durable, post, tell what became of it.

mod approval;
mod limits;
mod order;
mod payees;
mod post;
mod recovery;
mod target;

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;

use async_trait::async_trait;
use clock::Clock;
use contracts::Unavailable;
use contracts::accounts::{Account, Accounts, Right};
use contracts::customers::Customers;
use contracts::identity::{Identity, PinCheck};
use contracts::ledger::Ledger;
use contracts::payments::{Payments, StandingOrder};
use db::Db;
use ids::{AccountId, CustomerId, ThirdPartyId};
use keys::{Keys, Subject};
use secrecy::Secret;
use tokio::sync::{Mutex, mpsc};

use crate::config::Settings;
use crate::error::PaymentsRefused;
use crate::model::tries::Tries;
use crate::store::{Fate, Row, standing_order};

pub(crate) use limits::{LimitsInfo, NewLimits};
pub(crate) use order::Order;
pub(crate) use payees::SavedPayee;
pub(crate) use post::Done;
pub(crate) use target::{NameCheck, Target};

pub(crate) type Refused<T> = Result<T, PaymentsRefused>;

const STANDING_ORDER: &str = "payments.standing_order";

/// The payments of the bank's customers.
pub struct CustomerPayments {
    pub(crate) db: Db,
    pub(crate) keys: Keys,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) accounts: Arc<dyn Accounts>,
    pub(crate) customers: Arc<dyn Customers>,
    pub(crate) identity: Arc<dyn Identity>,
    pub(crate) ledger: Arc<dyn Ledger>,
    pub(crate) settings: Settings,
    /// Payee-name checks.
    pub(crate) checks: Tries<CustomerId>,
    /// The same of third parties.
    pub(crate) third_party_checks: Tries<ThirdPartyId>,
    /// Unknown or wrongly named payees.
    pub(crate) misses: Tries<CustomerId>,
    /// Taken while money goes to an account that may hold only so much, so that two payments do not overfill it.
    pub(crate) filling: Shards,
    /// Fates on their way to the store.
    pub(crate) settled: mpsc::Sender<(Row, Fate)>,
}

/// Locks by account: accounts of one shard wait for each other.
pub(crate) struct Shards {
    locks: Vec<Mutex<()>>,
    hash: RandomState,
}

impl Shards {
    pub(crate) fn new() -> Self {
        Self { locks: (0..64).map(|_| Mutex::new(())).collect(), hash: RandomState::new() }
    }

    pub(crate) fn of(&self, account: AccountId) -> Option<&Mutex<()>> {
        let at = usize::try_from(self.hash.hash_one(account) % 64).ok()?;
        self.locks.get(at)
    }
}

/// The account, where the right to it is at least `needed`; one without any right is not found.
pub(crate) fn allowed(found: Option<(Account, Right)>, needed: Right) -> Refused<Account> {
    let (account, right) = found.ok_or(PaymentsRefused::NotFound)?;
    if right < needed { Err(PaymentsRefused::NotAllowed) } else { Ok(account) }
}

impl CustomerPayments {
    pub(crate) async fn check_pin(&self, customer: CustomerId, pin: &Secret<String>) -> Refused<()> {
        match self.identity.check_pin(customer, pin).await? {
            PinCheck::Right => Ok(()),
            PinCheck::Wrong { tries_left } => Err(PaymentsRefused::PinWrong { tries_left }),
            PinCheck::NotSet => Err(PaymentsRefused::PinNotSet),
            PinCheck::Locked { until } => {
                let seconds = until.duration_since(self.clock.now()).as_secs().max(1);
                Err(PaymentsRefused::PinLocked { retry_after_s: u64::try_from(seconds).unwrap_or(1) })
            }
        }
    }

    /// The account, where `customer` has at least `needed`; somebody else's is not found.
    pub(crate) async fn permitted(
        &self,
        customer: CustomerId,
        account: AccountId,
        needed: Right,
    ) -> Refused<Account> {
        allowed(self.accounts.permitted(customer, account).await?, needed)
    }

    async fn seal_orders(&self, orders: &[StandingOrder]) -> Refused<Vec<standing_order::Row>> {
        let mut owners: HashMap<AccountId, Subject> = HashMap::new();
        for order in orders {
            if let Some(account) = self.accounts.account(order.account).await? {
                owners.insert(order.account, account.customer.into());
            }
        }
        let mut subjects: Vec<Subject> = owners.values().copied().collect();
        subjects.sort_unstable();
        subjects.dedup();
        let keys = self.keys.data_keys(&subjects).await?;
        let mut rows = Vec::with_capacity(orders.len());
        for order in orders {
            // Without an account nobody could read the order: it is not taken over.
            let Some(key) = owners.get(&order.account).and_then(|subject| keys.get(subject)) else {
                tracing::warn!(order.id = %order.id, "a standing order names an unknown account");
                continue;
            };
            let plain = serde_json::to_vec(&[&order.payee_bank, &order.payee_account]).unwrap_or_default();
            rows.push(standing_order::Row {
                id: order.id,
                account: order.account,
                sealed: key.seal(STANDING_ORDER, &plain),
                amount: order.amount,
                code: order.code,
                from: order.from,
            });
        }
        Ok(rows)
    }
}

#[async_trait]
impl Payments for CustomerPayments {
    async fn import_standing_orders(&self, orders: Vec<StandingOrder>) -> Result<(), Unavailable> {
        let rows = self.seal_orders(&orders).await.map_err(|refused| refused.unavailable())?;
        standing_order::insert(&self.db, rows).await.map_err(|error| db::unavailable(&error))
    }
}
