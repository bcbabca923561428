//! The book: what it consists of, and what may be asked of it.

use std::collections::{BTreeMap, BTreeSet};

use clock::BusinessDate;
use contracts::ledger::{Applied, Asset, Balance, Outcome, Used};
use ids::{AccountId, TransferId};

use super::account::day;
use super::content::{instant, refusal_from_code};
use super::index::Index;
use super::known::{Known, KnownLog, NO_ACCOUNT};
use super::undo::Undo;
use super::window::{Windows, month_of};
use super::{Account, Entry};

/// A hold that is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hold {
    pub(super) debit: u32,
    pub(super) credit: u32,
    pub(super) amount: u64,
    pub(super) until: i64,
    pub(super) code: u16,
    /// Booking day asked for; without one, a posting is booked on the business date of then.
    pub(super) booking: Option<i32>,
    /// Value day asked for.
    pub(super) value: Option<i32>,
    /// Day under whose limits it counts; `None` where it does not count.
    pub(super) counted_on: Option<i32>,
}

/// How a hold ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    Posted,
    Voided,
    Expired,
}

/// One book: one business date, one order of events.
#[derive(Debug, Clone, Default)]
pub struct Book {
    /// Business date, days since 1970-01-01. A new book stands at day 0 until told otherwise.
    pub(super) today: i32,
    /// Instant of the newest entry, nanoseconds since 1970.
    pub(super) last_at: i64,
    /// Transfers and holds ever accepted.
    pub(super) transfers: u64,
    pub(super) assets: BTreeMap<Asset, u8>,
    pub(super) accounts: Vec<Account>,
    pub(super) account_index: Index,
    pub(super) known: KnownLog,
    /// Open holds by the number of the id that made them.
    pub(super) holds: BTreeMap<u32, Hold>,
    /// Open holds by when they end.
    pub(super) expiries: BTreeSet<(i64, u32)>,
    /// Ended holds.
    pub(super) ended: BTreeMap<u32, Ended>,
    pub(super) windows: Windows,
    pub(super) undo: Vec<Undo>,
}

/// What is decided together and becomes one record.
#[derive(Debug, Default)]
pub struct Batch {
    /// Instant of the first entry; each further one is a nanosecond later.
    pub at: i64,
    /// What happened, in order.
    pub entries: Vec<Entry>,
}

impl Batch {
    /// An empty batch whose first entry bears the instant `at` (nanoseconds since 1970).
    #[must_use]
    pub const fn new(at: i64) -> Self {
        Self { at, entries: Vec::new() }
    }

    /// The instant of the entry in this place.
    #[must_use]
    pub fn instant_of(at: i64, place: usize) -> i64 {
        at.saturating_add(i64::try_from(place).unwrap_or(i64::MAX))
    }
}

impl Book {
    /// The first instant that may be given to a record now: `now`, or just after the newest entry.
    #[must_use]
    pub const fn next_at(&self, now: i64) -> i64 {
        if now > self.last_at { now } else { self.last_at.saturating_add(1) }
    }

    /// Instant of the newest entry, nanoseconds since 1970; 0 for an empty book.
    #[must_use]
    pub const fn last_at(&self) -> i64 {
        self.last_at
    }

    /// The record whose last entry bears this instant is durable: its changes cannot be taken back any more.
    pub fn commit(&mut self, last_at: i64) {
        self.last_at = self.last_at.max(last_at);
        let before = self.undo.iter().find_map(|undo| match undo {
            Undo::Date(before) => Some(*before),
            _ => None,
        });
        self.undo.clear();
        if before.is_some_and(|before| month_of(before) != month_of(self.today)) {
            self.windows.forget(self.today);
        }
    }

    /// The business date.
    #[must_use]
    pub fn business_date(&self) -> BusinessDate {
        day(self.today)
    }

    /// All accounts in the order of opening; the place is the account's number.
    #[must_use]
    pub fn accounts(&self) -> &[Account] {
        &self.accounts
    }

    /// The number of an account.
    #[must_use]
    pub fn number_of(&self, account: AccountId) -> Option<u32> {
        self.account_index.find(account.as_u128(), |number| {
            self.accounts.get(number as usize).is_some_and(|known| known.id == account)
        })
    }

    /// Transfers and holds ever accepted.
    #[must_use]
    pub const fn transfers(&self) -> u64 {
        self.transfers
    }

    /// Ids ever used.
    #[must_use]
    pub const fn ids(&self) -> u32 {
        self.known.len()
    }

    /// Holds that are open.
    #[must_use]
    pub fn open_holds(&self) -> u64 {
        self.holds.len() as u64
    }

    /// When the next hold ends, nanoseconds since 1970.
    #[must_use]
    pub fn next_expiry(&self) -> Option<i64> {
        self.expiries.first().map(|(until, _)| *until)
    }

    /// Decimal places of an asset that is registered.
    #[must_use]
    pub fn scale_of(&self, asset: Asset) -> Option<u8> {
        self.assets.get(&asset).copied()
    }

    /// Balance of the account of this number.
    #[must_use]
    pub fn balance(&self, number: u32) -> Option<Balance> {
        Some(self.account(number)?.balance(self.used(number)))
    }

    /// What of its limits an account has used in the current business day and month.
    #[must_use]
    pub fn used(&self, number: u32) -> Used {
        self.windows.used(number, self.today, self.today)
    }

    /// What became of an id, with balances of now; `None` where it was never used.
    #[must_use]
    pub fn outcome(&self, id: TransferId) -> Option<Outcome> {
        self.known.find(id.as_u128()).map(|(_, known)| self.outcome_of(known, true))
    }

    /// Numbers of the movements that a transfer made: account number and movement number, debited first.
    #[must_use]
    pub fn movements_of(&self, id: TransferId) -> Option<[(u32, u32); 2]> {
        let (_, known) = self.known.find(id.as_u128())?;
        (known.debit_movement > 0)
            .then_some([(known.debit, known.debit_movement), (known.credit, known.credit_movement)])
    }

    /// Numbers of the accounts that an accepted id touched; for the id of a hold, of the hold.
    pub fn accounts_of(&self, id: TransferId) -> impl Iterator<Item = u32> {
        let known = self.known.find(id.as_u128()).map(|(_, known)| [known.debit, known.credit]);
        known.into_iter().flatten().filter(|number| *number != NO_ACCOUNT)
    }

    pub(super) fn account(&self, number: u32) -> Option<&Account> {
        self.accounts.get(number as usize)
    }

    pub(super) fn outcome_of(&self, known: &Known, repeated: bool) -> Outcome {
        if let Some(refusal) = refusal_from_code(known.refusal) {
            return Err(refusal);
        }
        let balances = [known.debit, known.credit]
            .into_iter()
            .filter(|number| *number != NO_ACCOUNT)
            .filter_map(|number| Some((self.account(number)?.id, self.balance(number)?)))
            .collect();
        Ok(Applied { at: instant(known.at), booked_on: day(known.booked_on), repeated, balances })
    }
}
