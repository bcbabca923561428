//! The rules: what a command would do now, or why it is refused. Reads the book and changes nothing.

use contracts::ledger::{Act, Asset, Refusal, Transfer};
use ids::{AccountId, TransferId};
use money::Side;

use super::Account;
use super::account::{CLOSED, FROZEN_CREDITS, FROZEN_DEBITS};
use super::accounts::NO_ACCOUNT;
use super::batch::Batch;
use super::book::{Book, Ended, Hold};
use super::content::nanoseconds;
use super::entry::{Effect, Holding, Posting};
use super::past::Past;

/// The most decimal places of an asset.
const SCALE_MAX: u8 = 18;

/// What was executed before: this batch so far, and what was looked up for it.
#[derive(Clone, Copy)]
pub(super) struct Before<'a> {
    pub(super) batch: &'a Batch,
    pub(super) past: &'a Past,
}

/// Accounts that were not looked up ahead.
pub(super) const UNRESOLVED: [u32; 2] = [NO_ACCOUNT, NO_ACCOUNT];

impl Book {
    /// What `act` does at the instant `at`. Checks run in the order in which they stand here, and the first that
    /// fails is the answer. `resolved` are the numbers of a transfer's accounts where they were looked up ahead.
    pub(super) fn decide(
        &self,
        act: &Act,
        at: i64,
        resolved: [u32; 2],
        before: Before<'_>,
    ) -> Result<Effect, Refusal> {
        match act {
            Act::RegisterAsset { asset, scale } => self.decide_asset(*asset, *scale),
            Act::OpenAccount(open) => {
                if !self.assets.contains_key(&open.asset) {
                    return Err(Refusal::AssetUnknown);
                }
                if self.number_of(open.account).is_some() {
                    return Err(Refusal::AccountExists);
                }
                let number = u32::try_from(self.accounts.len()).map_err(|_| Refusal::Overflow)?;
                Ok(Effect::AccountOpened(number))
            }
            Act::SetFloor { account, .. }
            | Act::SetLimits { account, .. }
            | Act::SetFreeze { account, .. } => self.decide_change(*account).map(Effect::AccountChanged),
            Act::CloseAccount { account } => {
                let number = self.decide_change(*account)?;
                match self.account(number) {
                    Some(account) if account.is_empty() => Ok(Effect::AccountChanged(number)),
                    _ => Err(Refusal::AccountNotEmpty),
                }
            }
            Act::Transfer(transfer) => self.decide_transfer(transfer, at, resolved),
            Act::PostHold { hold, amount } => self.decide_post(*hold, *amount, before),
            Act::VoidHold { hold } => {
                let hold = self.open_hold(*hold, before)?;
                Ok(Effect::HoldVoided { debit: hold.debit, credit: hold.credit })
            }
            Act::AdvanceBusinessDate { to } => {
                if to.day_number() > self.today {
                    Ok(Effect::DateAdvanced)
                } else {
                    Err(Refusal::DateNotLater)
                }
            }
        }
    }

    fn decide_asset(&self, asset: Asset, scale: u8) -> Result<Effect, Refusal> {
        if scale > SCALE_MAX {
            return Err(Refusal::ScaleOutOfRange);
        }
        match self.assets.get(&asset) {
            Some((known, _)) if *known != scale => Err(Refusal::AssetExists),
            None if self.asset_codes.len() >= usize::from(u16::MAX) => Err(Refusal::Overflow),
            _ => Ok(Effect::AssetRegistered),
        }
    }

    fn decide_change(&self, account: AccountId) -> Result<u32, Refusal> {
        let number = self.number_of(account).ok_or(Refusal::AccountUnknown)?;
        match self.account(number) {
            Some(account) if account.is_closed() => Err(Refusal::AccountClosed),
            _ => Ok(number),
        }
    }

    /// The number of an account, looked up ahead or now.
    fn resolve(&self, resolved: u32, account: AccountId) -> Option<u32> {
        if resolved == NO_ACCOUNT { self.number_of(account) } else { Some(resolved) }
    }

    pub(super) fn decide_transfer(
        &self,
        transfer: &Transfer,
        at: i64,
        resolved: [u32; 2],
    ) -> Result<Effect, Refusal> {
        if transfer.amount == 0 {
            return Err(Refusal::AmountZero);
        }
        if transfer.debit == transfer.credit {
            return Err(Refusal::SameAccount);
        }
        let debit = self.resolve(resolved[0], transfer.debit).ok_or(Refusal::DebitAccountUnknown)?;
        let credit = self.resolve(resolved[1], transfer.credit).ok_or(Refusal::CreditAccountUnknown)?;
        let (Some(from), Some(to)) = (self.account(debit), self.account(credit)) else {
            return Err(Refusal::AccountUnknown);
        };
        if from.asset != to.asset {
            return Err(Refusal::AssetMismatch);
        }
        if from.has(CLOSED) {
            return Err(Refusal::DebitAccountClosed);
        }
        if to.has(CLOSED) {
            return Err(Refusal::CreditAccountClosed);
        }
        if transfer.hold_until.is_some_and(|until| nanoseconds(until) <= at) {
            return Err(Refusal::HoldEndsInPast);
        }
        check_frozen(from, to)?;
        let booked_on = transfer.booked_on.map_or(self.today, clock::BusinessDate::day_number);
        if transfer.counts_toward_limits {
            for number in self.left_by(debit, credit) {
                self.check_limits(number, transfer.amount, booked_on)?;
            }
        }
        if from.normal() == Side::Credit && !from.can_lose(transfer.amount) {
            return Err(Refusal::InsufficientFunds);
        }
        if to.normal() == Side::Debit && !to.can_lose(transfer.amount) {
            return Err(Refusal::CreditBelowFloor);
        }
        // Histories and balances are signed 64-bit; no single amount may be beyond them.
        i64::try_from(transfer.amount).map_err(|_| Refusal::Overflow)?;
        if transfer.hold_until.is_some() {
            from.debits_pending.checked_add(transfer.amount).ok_or(Refusal::Overflow)?;
            to.credits_pending.checked_add(transfer.amount).ok_or(Refusal::Overflow)?;
            return Ok(Effect::Held(Holding { debit, credit, booked_on }));
        }
        let value_on = transfer.value_on.map_or(booked_on, clock::BusinessDate::day_number);
        self.posting(debit, credit, transfer.amount, transfer.code, booked_on, value_on).map(Effect::Posted)
    }

    /// The accounts that a transfer leaves against their normal side: those whose limits it meets.
    pub(super) fn left_by(&self, debit: u32, credit: u32) -> impl Iterator<Item = u32> + use<> {
        let leaves = |number, side| self.account(number).is_some_and(|account| account.normal() == side);
        let from = leaves(debit, Side::Credit).then_some(debit);
        let to = leaves(credit, Side::Debit).then_some(credit);
        from.into_iter().chain(to)
    }

    fn check_limits(&self, number: u32, amount: u64, booked_on: i32) -> Result<(), Refusal> {
        let limits = self.accounts.limits_of(number);
        if limits.per_transfer.is_some_and(|most| amount > most) {
            return Err(Refusal::LimitPerTransfer);
        }
        let used = self.windows.used(number, booked_on, self.today);
        let day = used.day.checked_add(amount).ok_or(Refusal::Overflow)?;
        if limits.per_day.is_some_and(|most| day > most) {
            return Err(Refusal::LimitPerDay);
        }
        let month = used.month.checked_add(amount).ok_or(Refusal::Overflow)?;
        if limits.per_month.is_some_and(|most| month > most) {
            return Err(Refusal::LimitPerMonth);
        }
        Ok(())
    }

    /// A posting as it would be made now.
    fn posting(
        &self,
        debit: u32,
        credit: u32,
        amount: u64,
        code: u16,
        booked_on: i32,
        value_on: i32,
    ) -> Result<Posting, Refusal> {
        let (Some(from), Some(to)) = (self.account(debit), self.account(credit)) else {
            return Err(Refusal::AccountUnknown);
        };
        Ok(Posting {
            debit,
            credit,
            amount,
            code,
            booked_on,
            value_on,
            debit_movement: from.movements.checked_add(1).ok_or(Refusal::Overflow)?,
            credit_movement: to.movements.checked_add(1).ok_or(Refusal::Overflow)?,
            debit_balance: from.balance_after(Side::Debit, amount).ok_or(Refusal::Overflow)?,
            credit_balance: to.balance_after(Side::Credit, amount).ok_or(Refusal::Overflow)?,
        })
    }

    /// The open hold that this transfer made, or how it is none.
    fn open_hold(&self, id: TransferId, before: Before<'_>) -> Result<&Hold, Refusal> {
        if let Some(hold) = self.holds.get(&id) {
            return Ok(hold);
        }
        match self.ending(id, before.batch, before.past) {
            Some(Ended::Posted) => Err(Refusal::HoldPosted),
            Some(Ended::Voided) => Err(Refusal::HoldVoided),
            Some(Ended::Expired) => Err(Refusal::HoldExpired),
            None => Err(Refusal::HoldUnknown),
        }
    }

    /// What is held was promised while the floor allowed it: a floor raised since does not break the promise,
    /// a freeze does for as long as it lasts.
    fn decide_post(
        &self,
        id: TransferId,
        amount: Option<u64>,
        before: Before<'_>,
    ) -> Result<Effect, Refusal> {
        let hold = self.open_hold(id, before)?;
        let amount = amount.unwrap_or(hold.amount);
        if amount == 0 {
            return Err(Refusal::AmountZero);
        }
        if amount > hold.amount {
            return Err(Refusal::AboveHold);
        }
        if let (Some(from), Some(to)) = (self.account(hold.debit), self.account(hold.credit)) {
            check_frozen(from, to)?;
        }
        let booked_on = hold.booking.unwrap_or(self.today);
        let value_on = hold.value.unwrap_or(booked_on);
        self.posting(hold.debit, hold.credit, amount, hold.code, booked_on, value_on).map(Effect::HoldPosted)
    }
}

const fn check_frozen(from: &Account, to: &Account) -> Result<(), Refusal> {
    if from.has(FROZEN_DEBITS) {
        return Err(Refusal::DebitAccountFrozen);
    }
    if to.has(FROZEN_CREDITS) {
        return Err(Refusal::CreditAccountFrozen);
    }
    Ok(())
}
