//! In which book an account is. The books themselves know; what they have told once is so for ever.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use contracts::Unavailable;
use contracts::ledger::Asset;
use ids::AccountId;

use super::NamedBook;

/// Half of how many are remembered at most, some 40 bytes each.
const HALF: usize = 100_000;

/// Where an account is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) book: usize,
    pub(super) asset: Asset,
}

/// Two halves: when the young one is full, the old one is dropped.
#[derive(Default)]
pub(super) struct Places(Mutex<(HashMap<AccountId, Place>, HashMap<AccountId, Place>)>);

impl Places {
    fn lock(&self) -> MutexGuard<'_, (HashMap<AccountId, Place>, HashMap<AccountId, Place>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where `account` is, as far as it was learnt.
    pub(super) fn get(&self, account: AccountId) -> Option<Place> {
        let places = self.lock();
        places.0.get(&account).or_else(|| places.1.get(&account)).copied()
    }

    /// Asks the books for those of `accounts` that are not known. One that is in none is asked for again.
    pub(super) async fn learn(
        &self,
        books: &[NamedBook],
        mut accounts: Vec<AccountId>,
    ) -> Result<(), Unavailable> {
        accounts.retain(|account| self.get(*account).is_none());
        accounts.sort_unstable();
        accounts.dedup();
        for (book, named) in books.iter().enumerate() {
            if accounts.is_empty() {
                return Ok(());
            }
            let found = named.ledger.balances(&accounts).await?;
            let mut found = accounts.iter().zip(found);
            let mut left = Vec::new();
            let mut places = self.lock();
            for (account, balance) in &mut found {
                match balance {
                    Some(balance) => {
                        if places.0.len() >= HALF {
                            places.1 = std::mem::take(&mut places.0);
                        }
                        places.0.insert(*account, Place { book, asset: balance.asset });
                    }
                    None => left.push(*account),
                }
            }
            drop(places);
            accounts = left;
        }
        Ok(())
    }
}
