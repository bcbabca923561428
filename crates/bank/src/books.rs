//! The bank's books as imports and generation reach them: through contracts only.
//!
//! [`Books`] holds the neighbors' contracts. [`Origin`] mints ids and account numbers that come out the same
//! each time, so that whatever is done twice is recognized. [`BankSide`] names the bank's own accounts against
//! which customers' accounts move. Nothing here knows a store, a file or a profile.

mod bank_side;
mod origin;
mod post;

use std::sync::Arc;

pub use bank_side::BankSide;
pub use origin::{NUMBER_PREFIX, Origin, luhn_digit};
pub use post::{CALL_MAX, PostFailed, Posted, parts, post};

/// Password that customers taken over or generated for a demonstration sign in with, unless another is given.
pub const DEMO_PASSWORD: &str = "Yuanhang-2026";

/// Payment PIN of the same.
pub const DEMO_PIN: &str = "246810";

/// The contracts that a book taken over or generated is written through.
#[derive(Clone)]
pub struct Books {
    /// Where value is.
    pub ledger: Arc<dyn contracts::ledger::Ledger>,
    /// Who the customers are.
    pub customers: Arc<dyn contracts::customers::Customers>,
    /// Which accounts they have.
    pub accounts: Arc<dyn contracts::accounts::Accounts>,
    /// Orders that repeat.
    pub payments: Arc<dyn contracts::payments::Payments>,
    /// How they sign in.
    pub identity: Arc<dyn contracts::identity::Identity>,
}

#[cfg(test)]
mod tests;
