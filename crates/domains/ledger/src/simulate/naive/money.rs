//! Accounts, holds and limits of the naive model.

use std::collections::BTreeMap;

use clock::BusinessDate;
use contracts::ledger::{Asset, Balance, Limits, Refusal, Transfer, Used};
use ids::{AccountId, TransferId};
use money::Side;

#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) asset: Asset,
    pub(crate) normal: Side,
    pub(crate) floor: Option<i64>,
    pub(crate) limits: Limits,
    pub(crate) frozen: (bool, bool),
    pub(crate) closed: bool,
    pub(crate) debits: i128,
    pub(crate) credits: i128,
    pub(crate) movements: u64,
}

#[derive(Debug, Clone)]
pub(super) struct Hold {
    pub(super) id: TransferId,
    pub(super) transfer: Transfer,
    pub(super) counted_on: Option<BusinessDate>,
}

/// Everything but the ids: small enough to be copied whole, which is how a chain is taken back.
#[derive(Debug, Clone)]
pub(crate) struct Money {
    pub(crate) today: BusinessDate,
    pub(super) assets: BTreeMap<Asset, u8>,
    pub(crate) accounts: BTreeMap<AccountId, Account>,
    pub(super) holds: Vec<Hold>,
    /// What counts toward limits, by account and day; months are sums of days.
    pub(super) counted: BTreeMap<(AccountId, BusinessDate), u128>,
}

const LARGEST: i128 = i64::MAX as i128;
const SMALLEST: i128 = i64::MIN as i128;

impl Account {
    pub(crate) const fn balance(&self) -> i128 {
        match self.normal {
            Side::Credit => self.credits - self.debits,
            Side::Debit => self.debits - self.credits,
        }
    }

    fn rises_by(&self, side: Side) -> i128 {
        if side == self.normal { 1 } else { -1 }
    }
}

fn month(day: BusinessDate) -> i32 {
    i32::from(day.date().year()) * 12 + i32::from(day.date().month())
}

impl Money {
    pub(super) const fn new(today: BusinessDate) -> Self {
        Self {
            today,
            assets: BTreeMap::new(),
            accounts: BTreeMap::new(),
            holds: Vec::new(),
            counted: BTreeMap::new(),
        }
    }

    /// What is held on one side of an account.
    pub(crate) fn held(&self, account: AccountId, side: Side) -> i128 {
        let on_side = |hold: &&Hold| match side {
            Side::Debit => hold.transfer.debit == account,
            Side::Credit => hold.transfer.credit == account,
        };
        self.holds.iter().filter(on_side).map(|hold| i128::from(hold.transfer.amount)).sum()
    }

    pub(super) fn kept(&self, day: BusinessDate) -> bool {
        month(day) >= month(self.today) - 1
    }

    /// What counts toward the limits of the day and of its month.
    pub(crate) fn used(&self, account: AccountId, day: BusinessDate) -> (u128, u128) {
        if !self.kept(day) {
            return (0, 0);
        }
        let of_day = self.counted.get(&(account, day)).copied().unwrap_or(0);
        let in_month =
            |(owner, other): &(AccountId, BusinessDate)| *owner == account && month(*other) == month(day);
        let of_month = self.counted.iter().filter(|(key, _)| in_month(key)).map(|(_, sum)| sum).sum();
        (of_day, of_month)
    }

    /// The account as a caller sees it.
    pub(crate) fn seen(&self, id: AccountId) -> Option<Balance> {
        let account = self.accounts.get(&id)?;
        let (day, month) = self.used(id, self.today);
        let sum = |sum: i128| u128::try_from(sum).unwrap_or(u128::MAX);
        Some(Balance {
            asset: account.asset,
            normal: account.normal,
            debits_posted: sum(account.debits),
            debits_pending: sum(self.held(id, Side::Debit)),
            credits_posted: sum(account.credits),
            credits_pending: sum(self.held(id, Side::Credit)),
            floor: account.floor,
            limits: account.limits,
            used: Used {
                day: u64::try_from(day).unwrap_or(u64::MAX),
                month: u64::try_from(month).unwrap_or(u64::MAX),
            },
            frozen_debits: account.frozen.0,
            frozen_credits: account.frozen.1,
            closed: account.closed,
        })
    }

    fn falls_below(&self, id: AccountId, account: &Account, side: Side, amount: u64) -> bool {
        let held = self.held(id, if account.normal == Side::Credit { Side::Debit } else { Side::Credit });
        let after = account.balance() - held - i128::from(amount);
        account.rises_by(side) < 0 && account.floor.is_some_and(|floor| after < i128::from(floor))
    }

    fn leaving(&self, transfer: &Transfer) -> Vec<AccountId> {
        let normal = |id: AccountId, side| self.accounts.get(&id).is_some_and(|it| it.normal == side);
        let from = normal(transfer.debit, Side::Credit).then_some(transfer.debit);
        let to = normal(transfer.credit, Side::Debit).then_some(transfer.credit);
        from.into_iter().chain(to).collect()
    }

    pub(super) fn count(&mut self, transfer: &Transfer, day: BusinessDate, change: i128) {
        if !self.kept(day) {
            return;
        }
        for account in self.leaving(transfer) {
            let sum = self.counted.entry((account, day)).or_default();
            let changed = i128::try_from(*sum).unwrap_or(i128::MAX).saturating_add(change);
            *sum = u128::try_from(changed).unwrap_or(0);
        }
    }

    pub(super) fn frozen(&self, transfer: &Transfer) -> Option<Refusal> {
        if self.accounts.get(&transfer.debit).is_some_and(|account| account.frozen.0) {
            return Some(Refusal::DebitAccountFrozen);
        }
        let refused = self.accounts.get(&transfer.credit).is_some_and(|account| account.frozen.1);
        refused.then_some(Refusal::CreditAccountFrozen)
    }

    pub(super) fn post(&mut self, transfer: &Transfer, amount: u64) -> Result<(), Refusal> {
        let sides = [(transfer.debit, Side::Debit), (transfer.credit, Side::Credit)];
        for (id, side) in sides {
            let account = self.accounts.get(&id).ok_or(Refusal::AccountUnknown)?;
            let after = account.balance() + account.rises_by(side) * i128::from(amount);
            if !(SMALLEST..=LARGEST).contains(&after) {
                return Err(Refusal::Overflow);
            }
        }
        for (id, side) in sides {
            let Some(account) = self.accounts.get_mut(&id) else { continue };
            match side {
                Side::Debit => account.debits += i128::from(amount),
                Side::Credit => account.credits += i128::from(amount),
            }
            account.movements += 1;
        }
        Ok(())
    }

    pub(super) fn transfer(&mut self, id: TransferId, transfer: &Transfer, at: i128) -> Result<(), Refusal> {
        if transfer.amount == 0 {
            return Err(Refusal::AmountZero);
        }
        if transfer.debit == transfer.credit {
            return Err(Refusal::SameAccount);
        }
        let debit = self.accounts.get(&transfer.debit).ok_or(Refusal::DebitAccountUnknown)?;
        let credit = self.accounts.get(&transfer.credit).ok_or(Refusal::CreditAccountUnknown)?;
        if debit.asset != credit.asset {
            return Err(Refusal::AssetMismatch);
        }
        if debit.closed {
            return Err(Refusal::DebitAccountClosed);
        }
        if credit.closed {
            return Err(Refusal::CreditAccountClosed);
        }
        if transfer.hold_until.is_some_and(|until| until.as_nanosecond() <= at) {
            return Err(Refusal::HoldEndsInPast);
        }
        if let Some(refusal) = self.frozen(transfer) {
            return Err(refusal);
        }
        let day = transfer.booked_on.unwrap_or(self.today);
        if transfer.counts_toward_limits {
            for account in self.leaving(transfer) {
                self.limits(account, day, transfer.amount)?;
            }
        }
        if self.falls_below(transfer.debit, debit, Side::Debit, transfer.amount) {
            return Err(Refusal::InsufficientFunds);
        }
        if self.falls_below(transfer.credit, credit, Side::Credit, transfer.amount) {
            return Err(Refusal::CreditBelowFloor);
        }
        if i128::from(transfer.amount) > LARGEST {
            return Err(Refusal::Overflow);
        }
        let counted_on = transfer.counts_toward_limits.then_some(day);
        if transfer.hold_until.is_some() {
            for (account, side) in [(transfer.debit, Side::Debit), (transfer.credit, Side::Credit)] {
                if self.held(account, side) + i128::from(transfer.amount) > i128::from(u64::MAX) {
                    return Err(Refusal::Overflow);
                }
            }
            self.holds.push(Hold { id, transfer: transfer.clone(), counted_on });
        } else {
            self.post(transfer, transfer.amount)?;
        }
        if let Some(day) = counted_on {
            self.count(transfer, day, i128::from(transfer.amount));
        }
        Ok(())
    }

    fn limits(&self, account: AccountId, day: BusinessDate, amount: u64) -> Result<(), Refusal> {
        let limits = self.accounts.get(&account).map(|account| account.limits).unwrap_or_default();
        let above = |limit: Option<u64>, sum: u128| limit.is_some_and(|limit| sum > u128::from(limit));
        let amount = u128::from(amount);
        let (of_day, of_month) = self.used(account, day);
        let largest = u128::from(u64::MAX);
        if above(limits.per_transfer, amount) {
            Err(Refusal::LimitPerTransfer)
        } else if of_day + amount > largest {
            Err(Refusal::Overflow)
        } else if above(limits.per_day, of_day + amount) {
            Err(Refusal::LimitPerDay)
        } else if of_month + amount > largest {
            Err(Refusal::Overflow)
        } else if above(limits.per_month, of_month + amount) {
            Err(Refusal::LimitPerMonth)
        } else {
            Ok(())
        }
    }
}
