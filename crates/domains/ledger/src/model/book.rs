//! The book: what it consists of, and what may be asked of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use clock::BusinessDate;
use contracts::ledger::{Asset, Balance, Limits, OpenHold, Used};
use ids::{AccountId, TransferId};

use super::Account;
use super::account::{FROZEN_CREDITS, FROZEN_DEBITS, day};
use super::accounts::Accounts;
use super::batch::Batch;
use super::known_ids::{Full, IdGeneration, KnownIds};
use super::past::Recent;
use super::undo::{Flights, Undo};
use super::window::Windows;

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
    /// Commands ever executed, refused ones included.
    pub(super) commands: u64,
    /// Decimal places and number of each asset.
    pub(super) assets: BTreeMap<Asset, (u8, u16)>,
    /// Assets by number, in the order of registration.
    pub(super) asset_codes: Vec<Asset>,
    pub(super) accounts: Accounts,
    pub(super) ids: KnownIds,
    /// Open holds by the id that made them.
    pub(super) holds: BTreeMap<TransferId, Hold>,
    /// Open holds by when they end.
    pub(super) expiries: BTreeSet<(i64, TransferId)>,
    pub(super) windows: Windows,
    pub(super) recent: Recent,
    pub(super) undo: Undo,
    pub(super) flights: Flights,
    /// Numbers of the accounts of each command of a submission, found ahead of executing it.
    pub(super) resolved: Vec<[u32; 2]>,
}

impl Book {
    /// Makes room for this many accounts in all and for a whole generation of ids, so that neither waits for memory to
    /// be moved.
    pub fn reserve(&mut self, accounts: usize) {
        // What is there has its room: to make more would move all of it at each start.
        self.reserve_accounts(accounts.saturating_sub(self.accounts.len()));
        self.ids.reserve();
    }

    /// Makes room for so many accounts more.
    pub fn reserve_accounts(&mut self, accounts: usize) {
        self.accounts.reserve(accounts);
    }

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

    /// Begins the batch that becomes the record `sequence`, at the instant `now` or just after the newest entry.
    #[must_use]
    pub fn begin(&mut self, sequence: u64, now: i64) -> Batch {
        Batch { sequence, at: self.next_at(now), date: self.today, ..Batch::default() }
    }

    /// The batch is complete and on its way to be durable: it lands ([`Book::land`]) or is taken back
    /// ([`Book::discard`]).
    pub fn launch(&mut self, batch: Batch) -> Arc<Batch> {
        self.last_at = self.last_at.max(batch.last_at());
        self.end_flight();
        let batch = Arc::new(batch);
        self.recent.push(Arc::clone(&batch), self.flights.len());
        batch
    }

    /// A record that was applied ends at this instant and is durable.
    pub fn commit(&mut self, last_at: i64) {
        self.last_at = self.last_at.max(last_at);
        self.end_flight();
        while self.flights.len() > 0 {
            self.land();
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
        &self.accounts.hot
    }

    /// The number of an account.
    #[must_use]
    pub fn number_of(&self, account: AccountId) -> Option<u32> {
        self.accounts.number_of(account)
    }

    /// The id of the account of this number.
    #[must_use]
    pub fn id_of(&self, number: u32) -> Option<AccountId> {
        self.accounts.id(number)
    }

    /// What an account counts.
    #[must_use]
    pub fn asset_of(&self, account: &Account) -> Option<Asset> {
        self.asset_codes.get(usize::from(account.asset)).copied()
    }

    /// Transfers and holds ever accepted.
    #[must_use]
    pub const fn transfers(&self) -> u64 {
        self.transfers
    }

    /// Commands ever executed, refused ones included.
    #[must_use]
    pub const fn commands(&self) -> u64 {
        self.commands
    }

    /// Holds that are open.
    #[must_use]
    pub fn open_holds(&self) -> u64 {
        self.holds.len() as u64
    }

    /// Open holds that debit or credit an account, in the order of their ids.
    pub fn holds_of(&self, account: AccountId) -> impl Iterator<Item = OpenHold> + '_ {
        let number = self.number_of(account);
        let own = self.holds.iter().filter(move |(_, hold)| {
            number.is_some_and(|number| number == hold.debit || number == hold.credit)
        });
        own.filter_map(|(id, hold)| {
            let (debit, credit) = (self.id_of(hold.debit)?, self.id_of(hold.credit)?);
            Some(OpenHold { hold: *id, debit, credit, amount: hold.amount })
        })
    }

    /// When the next hold ends, nanoseconds since 1970.
    #[must_use]
    pub fn next_expiry(&self) -> Option<i64> {
        self.expiries.first().map(|(until, _)| *until)
    }

    /// Decimal places of an asset that is registered.
    #[must_use]
    pub fn scale_of(&self, asset: Asset) -> Option<u8> {
        self.assets.get(&asset).map(|(scale, _)| *scale)
    }

    /// Balance of the account of this number.
    #[must_use]
    pub fn balance(&self, number: u32) -> Option<Balance> {
        let account = self.account(number)?;
        let limits: Limits = self.accounts.limits_of(number);
        Some(Balance {
            asset: self.asset_of(account)?,
            normal: account.normal(),
            debits_posted: account.debits_posted,
            debits_pending: account.debits_pending.into(),
            credits_posted: account.credits_posted,
            credits_pending: account.credits_pending.into(),
            floor: account.floor(),
            limits,
            used: self.used(number),
            frozen_debits: account.has(FROZEN_DEBITS),
            frozen_credits: account.has(FROZEN_CREDITS),
            closed: account.is_closed(),
        })
    }

    /// What of its limits an account has used in the current business day and month.
    #[must_use]
    pub fn used(&self, number: u32) -> Used {
        self.windows.used(number, self.today, self.today)
    }

    pub(super) fn account(&self, number: u32) -> Option<&Account> {
        self.accounts.get(number)
    }

    /// Ids are kept in generations of so many from now on.
    pub fn set_id_generation(&mut self, ids: usize) {
        self.ids.resize(ids);
    }

    /// The oldest ids in memory, if they should leave it and all of them are of records up to `durable`.
    #[must_use]
    pub fn ids_to_store(&self, durable: u64) -> Option<Full> {
        self.ids.to_store(durable)
    }

    /// Lets go of what [`Book::ids_to_store`] gave, which is stored or of no use.
    pub fn release_ids(&mut self) {
        self.ids.release_oldest();
    }

    /// All ids in memory, oldest first.
    pub fn id_generations(&self) -> impl Iterator<Item = &IdGeneration> {
        self.ids.generations()
    }
}
