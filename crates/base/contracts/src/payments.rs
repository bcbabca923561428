//! Payments: transfers that customers order, payees, limits, and orders that repeat.

use async_trait::async_trait;
use clock::BusinessDate;
use ids::{AccountId, StandingOrderId};
use money::Money;
use serde::{Deserialize, Serialize};

use crate::Unavailable;
use crate::discreet::discreet;
use crate::far::far;
use crate::news::announced;

/// An order that repeats every month, taken over from other books. Kept as data; not executed yet.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandingOrder {
    /// Its id.
    pub id: StandingOrderId,
    /// The account debited.
    pub account: AccountId,
    /// The payee's bank, as it is called there.
    pub payee_bank: String,
    /// The payee's account there.
    pub payee_account: String,
    /// How much each time.
    pub amount: Money,
    /// What it is for: a code of `ledger::codes`.
    pub code: u16,
    /// First day, where known.
    pub from: Option<BusinessDate>,
}

/// News: a transfer that a customer ordered was posted. Topic `payments.transfer_posted`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferPosted {
    /// The transfer in the ledger.
    pub transfer: ids::TransferId,
    /// The account debited.
    pub debit: AccountId,
    /// The account credited.
    pub credit: AccountId,
    /// Minor units.
    pub amount_minor: i64,
    /// Currency code.
    pub currency: money::Currency,
    /// The owner of the debited account.
    pub payer: ids::CustomerId,
    /// The owner of the credited account.
    pub payee: ids::CustomerId,
}

/// The topic of [`TransferPosted`].
pub const TRANSFER_POSTED: &str = "payments.transfer_posted";

/// The payments of the bank.
#[async_trait]
pub trait Payments: Send + Sync {
    /// Takes over standing orders; the same id again changes nothing.
    ///
    /// # Errors
    /// [`Unavailable`].
    async fn import_standing_orders(&self, orders: Vec<StandingOrder>) -> Result<(), Unavailable>;
}

discreet! {
    StandingOrder { id, account, amount, code, from }
}

announced! {
    TransferPosted = TRANSFER_POSTED;
}

far! {
    Payments = "payments": FarPayments, PaymentsDesk;
    again import_standing_orders(orders: Vec<StandingOrder>) -> (), Unavailable;
}
