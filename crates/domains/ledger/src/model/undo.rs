//! Taking back: what was before each change since the last commit, newest last.
//!
//! Serves a broken chain (back to where it began) and a record that was not committed (back to the last one).

use contracts::ledger::{Asset, Used};

use super::Account;
use super::book::{Book, Hold};

/// One change, told by what was before it.
#[derive(Debug, Clone)]
pub(super) enum Undo {
    Known,
    AccountOpened,
    Account(u32, Account),
    Asset(Asset),
    HoldMade(u32),
    HoldEnded(u32, Hold),
    Window { account: u32, booked_on: i32, before: Used },
    Date(i32),
    Transfers(u64),
}

impl Book {
    /// A place to come back to with [`Book::roll_back`].
    pub(super) const fn mark(&self) -> usize {
        self.undo.len()
    }

    /// Takes back every change since the mark.
    pub(super) fn roll_back(&mut self, mark: usize) {
        while self.undo.len() > mark {
            match self.undo.pop() {
                None => return,
                Some(Undo::Known) => self.known.pop(),
                Some(Undo::AccountOpened) => {
                    if let Some(account) = self.accounts.pop() {
                        let number = u32::try_from(self.accounts.len()).unwrap_or(u32::MAX);
                        self.account_index.remove(account.id.as_u128(), number);
                    }
                }
                Some(Undo::Account(number, before)) => {
                    if let Some(account) = self.accounts.get_mut(number as usize) {
                        *account = before;
                    }
                }
                Some(Undo::Asset(asset)) => {
                    self.assets.remove(&asset);
                }
                Some(Undo::HoldMade(number)) => {
                    if let Some(hold) = self.holds.remove(&number) {
                        self.expiries.remove(&(hold.until, number));
                    }
                }
                Some(Undo::HoldEnded(number, hold)) => {
                    self.ended.remove(&number);
                    self.expiries.insert((hold.until, number));
                    self.holds.insert(number, hold);
                }
                Some(Undo::Window { account, booked_on, before }) => {
                    self.windows.set(account, booked_on, before);
                }
                Some(Undo::Date(before)) => self.today = before,
                Some(Undo::Transfers(before)) => self.transfers = before,
            }
        }
    }

    /// Takes back everything since the last [`Book::commit`]: the record did not become durable.
    pub fn discard(&mut self) {
        self.roll_back(0);
    }
}
