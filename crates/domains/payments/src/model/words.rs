//! What is said of a transfer: names, numbers and memo as either side may see them. Sealed at rest.

use contracts::accounts::Narrative;
use ids::{AccountId, TransferId};
use serde::{Deserialize, Serialize};

/// What either side is told.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Words {
    /// Payer's name, for the payee.
    pub(crate) payer_name: String,
    /// Payer's number, masked.
    pub(crate) payer_number: String,
    /// Payee's name, which the payer knew.
    pub(crate) payee_name: String,
    /// Payee's name, masked.
    pub(crate) payee_name_masked: String,
    /// Payee's number, masked.
    pub(crate) payee_number: String,
    /// The payer's memo.
    pub(crate) memo: String,
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Words { .. }")
    }
}

impl Words {
    /// What the payer's history shows.
    pub(crate) fn for_payer(&self, account: AccountId, transfer: TransferId) -> Narrative {
        Narrative {
            account,
            transfer,
            counterparty_name: self.payee_name.clone(),
            counterparty_account: self.payee_number.clone(),
            counterparty_bank: String::new(),
            memo: self.memo.clone(),
        }
    }

    /// What the payee's history shows.
    pub(crate) fn for_payee(&self, account: AccountId, transfer: TransferId) -> Narrative {
        Narrative {
            account,
            transfer,
            counterparty_name: self.payer_name.clone(),
            counterparty_account: self.payer_number.clone(),
            counterparty_bank: String::new(),
            memo: self.memo.clone(),
        }
    }
}
