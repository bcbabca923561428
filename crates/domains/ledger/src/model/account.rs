//! An account: posted and pending sums of both sides, conditions, and what follows from them.

use clock::BusinessDate;
use contracts::ledger::OpenAccount;
use money::Side;

/// One account of a book: what each movement reads and writes, in one cache line.
///
/// Its id, kind and limits stand beside it ([`super::accounts::Accounts`]), because most movements need none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    /// Sum of debits posted.
    pub debits_posted: u128,
    /// Sum of credits posted.
    pub credits_posted: u128,
    /// Sum of debits held.
    pub debits_pending: u64,
    /// Sum of credits held.
    pub credits_pending: u64,
    /// Without a floor, 0.
    pub(super) floor: i64,
    /// How many movements it has had.
    pub movements: u32,
    /// Place of its asset among the assets of the book, in the order of registration.
    pub(super) asset: u16,
    pub(super) flags: u8,
}

/// Increased by credits.
pub(super) const CREDIT_NORMAL: u8 = 1;
/// Has a floor.
pub(super) const FLOOR: u8 = 2;
/// Debits are refused.
pub(super) const FROZEN_DEBITS: u8 = 4;
/// Credits are refused.
pub(super) const FROZEN_CREDITS: u8 = 8;
/// Closed for ever.
pub(super) const CLOSED: u8 = 16;
/// Has limits.
pub(super) const LIMITED: u8 = 32;
/// Every flag that has a meaning.
pub(super) const ALL_FLAGS: u8 = 63;

impl Account {
    pub(super) fn open(open: &OpenAccount, asset: u16) -> Self {
        let mut account = Self {
            debits_posted: 0,
            credits_posted: 0,
            debits_pending: 0,
            credits_pending: 0,
            floor: 0,
            movements: 0,
            asset,
            flags: if open.normal == Side::Credit { CREDIT_NORMAL } else { 0 },
        };
        account.set_floor(open.floor);
        account
    }

    pub(super) const fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    pub(super) const fn set(&mut self, flag: u8, on: bool) {
        self.flags = if on { self.flags | flag } else { self.flags & !flag };
    }

    pub(super) const fn set_floor(&mut self, floor: Option<i64>) {
        self.set(FLOOR, floor.is_some());
        self.floor = match floor {
            Some(floor) => floor,
            None => 0,
        };
    }

    /// The side that increases it.
    #[must_use]
    pub const fn normal(&self) -> Side {
        if self.has(CREDIT_NORMAL) { Side::Credit } else { Side::Debit }
    }

    /// See [`OpenAccount::floor`].
    #[must_use]
    pub const fn floor(&self) -> Option<i64> {
        if self.has(FLOOR) { Some(self.floor) } else { None }
    }

    /// Closed for ever.
    #[must_use]
    pub const fn is_closed(&self) -> bool {
        self.has(CLOSED)
    }

    /// Posted balance on the normal side; negative when overdrawn.
    ///
    /// INVARIANT: within `i64`, because a posting that would leave that range is refused.
    #[must_use]
    pub const fn posted(&self) -> i64 {
        // The difference of two sums that lie within i64 of each other: wrapping loses nothing.
        let difference = self.credits_posted.wrapping_sub(self.debits_posted) as i64;
        if self.has(CREDIT_NORMAL) { difference } else { difference.wrapping_neg() }
    }

    /// What is held on the side that decreases it.
    #[must_use]
    pub const fn held(&self) -> u64 {
        if self.has(CREDIT_NORMAL) { self.debits_pending } else { self.credits_pending }
    }

    /// Whether taking `amount` away leaves posted less held at or above the floor.
    pub(super) fn can_lose(&self, amount: u64) -> bool {
        !self.has(FLOOR)
            || i128::from(self.posted()) - i128::from(self.held()) - i128::from(amount)
                >= i128::from(self.floor)
    }

    /// The posted balance after `amount` on `side`, where it fits.
    pub(super) fn balance_after(&self, side: Side, amount: u64) -> Option<i64> {
        if side == self.normal() {
            self.posted().checked_add_unsigned(amount)
        } else {
            self.posted().checked_sub_unsigned(amount)
        }
    }

    /// Whether everything on it is zero and nothing is held.
    pub(super) const fn is_empty(&self) -> bool {
        self.debits_posted == self.credits_posted && self.debits_pending == 0 && self.credits_pending == 0
    }
}

/// The day of this number; the first day of 1970 for a number that no calendar has.
pub(crate) fn day(number: i32) -> BusinessDate {
    BusinessDate::from_day_number(number)
        .unwrap_or_else(|_| BusinessDate::in_china(clock::Timestamp::UNIX_EPOCH))
}

const _: () = assert!(size_of::<Account>() == 64, "an account is one cache line");
