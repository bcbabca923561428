//! An account: posted and pending sums of both sides, conditions, and what follows from them.

use clock::BusinessDate;
use contracts::ledger::{Asset, Balance, Limits, OpenAccount, Used};
use ids::AccountId;
use money::Side;

/// One account of a book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// What it counts.
    pub asset: Asset,
    /// The side that increases it.
    pub normal: Side,
    /// What it is for.
    pub kind: u16,
    /// See [`OpenAccount::floor`].
    pub floor: Option<i64>,
    /// See [`Limits`].
    pub limits: Limits,
    /// Debits are refused.
    pub frozen_debits: bool,
    /// Credits are refused.
    pub frozen_credits: bool,
    /// Closed for ever.
    pub closed: bool,
    /// Sum of debits posted.
    pub debits_posted: u128,
    /// Sum of debits held.
    pub debits_pending: u128,
    /// Sum of credits posted.
    pub credits_posted: u128,
    /// Sum of credits held.
    pub credits_pending: u128,
    /// How many movements it has had.
    pub movements: u32,
}

impl Account {
    pub(super) fn open(open: &OpenAccount) -> Self {
        Self {
            id: open.account,
            asset: open.asset,
            normal: open.normal,
            kind: open.kind,
            floor: open.floor,
            limits: open.limits,
            frozen_debits: false,
            frozen_credits: false,
            closed: false,
            debits_posted: 0,
            debits_pending: 0,
            credits_posted: 0,
            credits_pending: 0,
            movements: 0,
        }
    }

    /// Posted balance on the normal side; negative when overdrawn.
    ///
    /// INVARIANT: within `i64`, because a posting that would leave that range is refused.
    #[must_use]
    pub fn posted(&self) -> i128 {
        let (up, down) = match self.normal {
            Side::Credit => (self.credits_posted, self.debits_posted),
            Side::Debit => (self.debits_posted, self.credits_posted),
        };
        if up >= down {
            i128::try_from(up - down).unwrap_or(i128::MAX)
        } else {
            i128::try_from(down - up).map_or(i128::MIN, |below| -below)
        }
    }

    /// What is held on the side that decreases it.
    #[must_use]
    pub fn held(&self) -> i128 {
        let held = match self.normal {
            Side::Credit => self.debits_pending,
            Side::Debit => self.credits_pending,
        };
        i128::try_from(held).unwrap_or(i128::MAX)
    }

    /// Whether taking `amount` away leaves posted less held at or above the floor.
    pub(super) fn can_lose(&self, amount: u64) -> bool {
        self.floor.is_none_or(|floor| {
            self.posted().saturating_sub(self.held()).saturating_sub(i128::from(amount)) >= i128::from(floor)
        })
    }

    /// The posted balance after `amount` on `side`, where it fits.
    pub(super) fn balance_after(&self, side: Side, amount: u64) -> Option<i64> {
        let change = i128::from(amount);
        let after =
            if side == self.normal { self.posted() + change } else { self.posted().checked_sub(change)? };
        i64::try_from(after).ok()
    }

    /// Whether everything on it is zero and nothing is held.
    pub(super) fn is_empty(&self) -> bool {
        self.debits_posted == self.credits_posted && self.debits_pending == 0 && self.credits_pending == 0
    }

    /// The balance as told to others, with what of the limits is used.
    #[must_use]
    pub fn balance(&self, used: Used) -> Balance {
        Balance {
            asset: self.asset,
            normal: self.normal,
            debits_posted: self.debits_posted,
            debits_pending: self.debits_pending,
            credits_posted: self.credits_posted,
            credits_pending: self.credits_pending,
            floor: self.floor,
            limits: self.limits,
            used,
            frozen_debits: self.frozen_debits,
            frozen_credits: self.frozen_credits,
            closed: self.closed,
        }
    }
}

/// The day of this number; the first day of 1970 for a number that no calendar has.
pub(crate) fn day(number: i32) -> BusinessDate {
    BusinessDate::from_day_number(number)
        .unwrap_or_else(|_| BusinessDate::in_china(clock::Timestamp::UNIX_EPOCH))
}
