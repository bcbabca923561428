//! What readers see: balances as of the last committed record, never anything that is still being committed.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use clock::BusinessDate;
use contracts::ledger::Balance;
use ids::AccountId;
use rustc_hash::FxBuildHasher;

use crate::journal::Position;
use crate::model::{Book, Effect, Entry};

/// A copy of the book's accounts, brought forward after each commit.
#[derive(Debug, Default)]
pub(crate) struct Published(RwLock<Board>);

/// What is told under one lock, hence one snapshot.
#[derive(Debug, Default, Clone)]
pub(crate) struct Board {
    pub(crate) position: Position,
    pub(crate) last_at: i64,
    pub(crate) business_date: Option<BusinessDate>,
    pub(crate) transfers: u64,
    pub(crate) holds: u64,
    pub(crate) next_expiry: Option<i64>,
    pub(crate) snapshot_sequence: u64,
    pub(crate) batches: u64,
    pub(crate) commands: u64,
    accounts: Vec<(AccountId, Balance)>,
    numbers: HashMap<AccountId, u32, FxBuildHasher>,
}

impl Published {
    /// Shows `book` as it stands after the record at `position`; `entries` are what changed since.
    pub(crate) fn show(&self, book: &Book, position: Position, entries: &[Entry]) {
        let mut touched = Vec::with_capacity(entries.len() * 2);
        let mut date_moved = false;
        for entry in entries {
            match entry {
                Entry::Executed { effect, command, .. } => match effect {
                    Effect::AccountOpened(number) | Effect::AccountChanged(number) => touched.push(*number),
                    Effect::Posted(posting) | Effect::HoldPosted(posting) => {
                        touched.extend([posting.debit, posting.credit]);
                    }
                    Effect::Held(holding) => touched.extend([holding.debit, holding.credit]),
                    Effect::HoldVoided => touched.extend(book.accounts_of(command.id)),
                    Effect::DateAdvanced => date_moved = true,
                    Effect::Refused(_) | Effect::AssetRegistered => {}
                },
                Entry::Expired { hold } => touched.extend(book.accounts_of(*hold)),
            }
        }
        if date_moved {
            // What is used of limits is told for the business day: it is another for every account.
            touched = (0..u32::try_from(book.accounts().len()).unwrap_or(u32::MAX)).collect();
        } else {
            touched.sort_unstable();
            touched.dedup();
        }
        let mut board = self.0.write().unwrap_or_else(PoisonError::into_inner);
        board.bring_forward(book, &touched);
        board.position = position;
        board.batches += 1;
        board.commands += entries.len() as u64;
    }

    /// Shows a book that was just opened.
    pub(crate) fn show_all(&self, book: &Book, position: Position, snapshot_sequence: u64) {
        let all: Vec<u32> = (0..u32::try_from(book.accounts().len()).unwrap_or(u32::MAX)).collect();
        let mut board = self.0.write().unwrap_or_else(PoisonError::into_inner);
        board.bring_forward(book, &all);
        board.position = position;
        board.snapshot_sequence = snapshot_sequence;
    }

    pub(crate) fn set_snapshot(&self, sequence: u64) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).snapshot_sequence = sequence;
    }

    /// Looks at the board; everything read in one look is one snapshot.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&Board) -> T) -> T {
        look(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Board {
    fn bring_forward(&mut self, book: &Book, touched: &[u32]) {
        for number in touched {
            let Some((account, balance)) = book.accounts().get(*number as usize).zip(book.balance(*number))
            else {
                continue;
            };
            match self.accounts.get_mut(*number as usize) {
                Some(shown) => shown.1 = balance,
                None => {
                    self.numbers.insert(account.id, *number);
                    self.accounts.push((account.id, balance));
                }
            }
        }
        self.business_date = Some(book.business_date());
        self.last_at = book.last_at();
        self.transfers = book.transfers();
        self.holds = book.open_holds();
        self.next_expiry = book.next_expiry();
    }

    pub(crate) fn number_of(&self, account: AccountId) -> Option<u32> {
        self.numbers.get(&account).copied()
    }

    pub(crate) fn balance(&self, account: AccountId) -> Option<Balance> {
        self.accounts.get(self.number_of(account)? as usize).map(|(_, balance)| *balance)
    }

    pub(crate) fn id_of(&self, number: u32) -> Option<AccountId> {
        self.accounts.get(number as usize).map(|(id, _)| *id)
    }

    pub(crate) fn accounts(&self) -> usize {
        self.accounts.len()
    }
}
