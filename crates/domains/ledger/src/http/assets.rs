//! Which asset an account counts: asked of the ledger once, because it never changes.

use std::sync::{Arc, Mutex, PoisonError};

use contracts::Unavailable;
use contracts::ledger::{Asset, Ledger};
use ids::AccountId;
use rustc_hash::FxHashMap;

/// Accounts remembered, some 40 bytes each; beyond, everything is asked anew.
const REMEMBERED_MAX: usize = 4_000_000;

/// Remembers the assets of accounts.
#[derive(Clone, Default)]
pub(crate) struct Assets(Arc<Mutex<FxHashMap<AccountId, Asset>>>);

impl Assets {
    /// The asset of `account` where it was asked before.
    pub(crate) fn known(&self, account: AccountId) -> Option<Asset> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&account).copied()
    }

    /// Asks for those of `accounts` that are not known; an account that does not exist stays unknown.
    pub(crate) async fn learn(
        &self,
        ledger: &dyn Ledger,
        accounts: impl Iterator<Item = AccountId>,
    ) -> Result<(), Unavailable> {
        let mut missing: Vec<_> = {
            let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            accounts.filter(|account| !known.contains_key(account)).collect()
        };
        if missing.is_empty() {
            return Ok(());
        }
        missing.sort_unstable();
        missing.dedup();
        let balances = ledger.balances(&missing).await?;
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() + missing.len() > REMEMBERED_MAX {
            known.clear();
        }
        let found = missing.into_iter().zip(balances);
        known.extend(found.filter_map(|(account, balance)| Some((account, balance?.asset))));
        Ok(())
    }
}
