//! All accounts of a book, by number in the order of opening, and by id.

use contracts::ledger::{Limits, OpenAccount};
use ids::AccountId;
use rustc_hash::FxHashMap;

use super::account::{Account, LIMITED};
use super::index::Index;

/// No account: the command touched none, or was refused.
pub(crate) const NO_ACCOUNT: u32 = u32::MAX;

/// All accounts. About 100 bytes each, a third of it for finding one by its id.
#[derive(Debug, Clone, Default)]
pub(super) struct Accounts {
    pub(super) hot: Vec<Account>,
    pub(super) ids: Vec<AccountId>,
    pub(super) kinds: Vec<u16>,
    /// Of the accounts that have limits.
    pub(super) limits: FxHashMap<u32, Limits>,
    index: Index,
}

impl Accounts {
    pub(super) const fn len(&self) -> usize {
        self.hot.len()
    }

    pub(super) fn get(&self, number: u32) -> Option<&Account> {
        self.hot.get(number as usize)
    }

    pub(super) fn get_mut(&mut self, number: u32) -> Option<&mut Account> {
        self.hot.get_mut(number as usize)
    }

    pub(super) fn id(&self, number: u32) -> Option<AccountId> {
        self.ids.get(number as usize).copied()
    }

    pub(super) fn number_of(&self, id: AccountId) -> Option<u32> {
        self.index.find(id.as_u128(), |number| self.ids.get(number as usize) == Some(&id))
    }

    pub(super) fn limits_of(&self, number: u32) -> Limits {
        match self.get(number) {
            Some(account) if account.has(LIMITED) => self.limits.get(&number).copied().unwrap_or_default(),
            _ => Limits::default(),
        }
    }

    /// Sets the limits of an account that is there, and gives those of before.
    pub(super) fn set_limits(&mut self, number: u32, limits: Limits) {
        let limited = limits != Limits::default();
        if let Some(account) = self.hot.get_mut(number as usize) {
            account.set(LIMITED, limited);
        }
        if limited {
            self.limits.insert(number, limits);
        } else {
            self.limits.remove(&number);
        }
    }

    /// Adds an account and gives its number.
    pub(super) fn open(&mut self, open: &OpenAccount, asset: u16) {
        self.push(open.account, open.kind, Account::open(open, asset), open.limits);
    }

    pub(super) fn push(&mut self, id: AccountId, kind: u16, account: Account, limits: Limits) {
        let number = u32::try_from(self.hot.len()).unwrap_or(NO_ACCOUNT);
        self.index.insert(id.as_u128(), number);
        self.hot.push(account);
        self.ids.push(id);
        self.kinds.push(kind);
        self.set_limits(number, limits);
    }

    /// Takes back the newest account.
    pub(super) fn pop(&mut self) {
        let Some(id) = self.ids.pop() else { return };
        self.hot.pop();
        self.kinds.pop();
        let number = u32::try_from(self.hot.len()).unwrap_or(NO_ACCOUNT);
        self.limits.remove(&number);
        self.index.remove(id.as_u128(), number);
    }

    /// Makes room, so that opening as many accounts never waits for memory to be moved.
    pub(super) fn reserve(&mut self, accounts: usize) {
        self.hot.reserve(accounts);
        self.ids.reserve(accounts);
        self.kinds.reserve(accounts);
        self.index.reserve(accounts);
    }
}
