//! Accounts and rights kept in memory, so that a transfer need not read them again.
//!
//! INVARIANT: what is kept was read after the last change of it. Every change bumps the generation before it is
//! written and again afterwards; what was read under an older generation is not kept. This holds because this
//! service is the only one that writes the tables of accounts. Where several processes run it, what one has changed is
//! known to the others within [`BELIEVED`]. Freezes and closures are enforced by the ledger regardless.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use contracts::accounts::{Account, Right};
use ids::{AccountId, CustomerId};

/// How long what was read is taken to be so, where another process may have changed it.
const BELIEVED: Duration = Duration::from_millis(700);

/// What is known without asking the store.
pub(crate) struct Briefs {
    generation: AtomicU64,
    accounts: Shelf<AccountId, Account>,
    numbers: Shelf<[u8; 32], AccountId>,
    rights: Shelf<(CustomerId, AccountId), Option<Right>>,
}

type Half<K, V> = HashMap<K, Kept<V>>;

/// Two halves: what is asked for moves to the young one; when that is full, the old one is dropped.
struct Shelf<K, V> {
    halves: Mutex<(Half<K, V>, Half<K, V>)>,
    half_max: usize,
    /// How long what is here is so; `None` for ever.
    believed: Option<Duration>,
}

#[derive(Clone)]
struct Kept<V> {
    value: V,
    since: Instant,
}

impl<K: Eq + Hash + Clone, V: Clone> Shelf<K, V> {
    fn with_capacity(kept_max: usize, believed: Option<Duration>) -> Self {
        Self { halves: Mutex::default(), half_max: kept_max / 2, believed }
    }

    fn get(&self, key: &K) -> Option<V> {
        let believed = |kept: &Kept<V>| self.believed.is_none_or(|believed| kept.since.elapsed() < believed);
        let mut halves = self.halves.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(young) = halves.0.get(key) {
            return believed(young).then(|| young.value.clone());
        }
        let old = halves.1.remove(key).filter(believed)?;
        halves.0.insert(key.clone(), old.clone());
        Some(old.value)
    }

    fn put(&self, key: K, value: V) {
        if self.half_max == 0 {
            return;
        }
        let mut halves = self.halves.lock().unwrap_or_else(PoisonError::into_inner);
        if halves.0.len() >= self.half_max {
            halves.1 = std::mem::take(&mut halves.0);
        }
        halves.0.insert(key, Kept { value, since: Instant::now() });
    }

    fn forget(&self, key: &K) {
        let mut halves = self.halves.lock().unwrap_or_else(PoisonError::into_inner);
        halves.0.remove(key);
        halves.1.remove(key);
    }
}

impl Briefs {
    /// `shared`: other processes change accounts, too.
    pub(crate) fn with_capacity(kept_max: usize, shared: bool) -> Self {
        let believed = shared.then_some(BELIEVED);
        Self {
            generation: AtomicU64::new(0),
            accounts: Shelf::with_capacity(kept_max, believed),
            // A number never changes its account.
            numbers: Shelf::with_capacity(kept_max, None),
            rights: Shelf::with_capacity(kept_max, believed),
        }
    }

    /// To be taken before a read and handed back with what was read.
    pub(crate) fn generation(&self) -> u64 {
        self.generation.load(Ordering::SeqCst)
    }

    fn is_current(&self, generation: u64) -> bool {
        self.generation() == generation
    }

    pub(crate) fn account(&self, id: AccountId) -> Option<Account> {
        self.accounts.get(&id)
    }

    pub(crate) fn number(&self, index: &[u8; 32]) -> Option<AccountId> {
        self.numbers.get(index)
    }

    pub(crate) fn right(&self, customer: CustomerId, account: AccountId) -> Option<Option<Right>> {
        self.rights.get(&(customer, account))
    }

    pub(crate) fn keep_account(&self, generation: u64, account: &Account, index: [u8; 32]) {
        if self.is_current(generation) {
            self.accounts.put(account.id, account.clone());
            self.numbers.put(index, account.id);
        }
        // A change between the check and the insertion has bumped the generation and forgets after us, or before:
        // then look again.
        if !self.is_current(generation) {
            self.accounts.forget(&account.id);
        }
    }

    pub(crate) fn keep_right(
        &self,
        generation: u64,
        customer: CustomerId,
        account: AccountId,
        right: Option<Right>,
    ) {
        if self.is_current(generation) {
            self.rights.put((customer, account), right);
        }
        if !self.is_current(generation) {
            self.rights.forget(&(customer, account));
        }
    }

    /// Before and after an account changes.
    pub(crate) fn forget_account(&self, id: AccountId) {
        self.generation.fetch_add(1, Ordering::SeqCst);
        self.accounts.forget(&id);
    }

    /// Before and after a right changes.
    pub(crate) fn forget_right(&self, customer: CustomerId, account: AccountId) {
        self.generation.fetch_add(1, Ordering::SeqCst);
        self.rights.forget(&(customer, account));
    }
}
