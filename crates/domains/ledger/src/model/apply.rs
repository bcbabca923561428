//! Changing the book by what was decided. Live and on replay the same.

use contracts::ledger::{Act, Command, OpenAccount, Used};
use ids::TransferId;

use super::book::{Batch, Book, Ended, Hold};
use super::content::{nanoseconds, refusal_code};
use super::effect::{Effect, Entry, Holding, Posting};
use super::known::Known;
use super::undo::Undo;
use super::window::is_kept;
use super::{Account, LOGIC_VERSION};

/// A recorded effect does not follow from the state before it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("entry {place} contradicts the state before it: {what}")]
pub struct Contradiction {
    /// Place of the entry in its record, from 0.
    pub place: usize,
    /// What does not fit.
    pub what: &'static str,
}

impl Book {
    /// Applies the entries of a record whose first entry bears the instant `at`. Decides nothing.
    ///
    /// # Errors
    /// [`Contradiction`]: the book is then in the middle of the record; [`Book::discard`] takes it back.
    pub fn apply(&mut self, at: i64, entries: &[Entry]) -> Result<(), Contradiction> {
        for (place, entry) in entries.iter().enumerate() {
            let applied = self.apply_one(Batch::instant_of(at, place), entry);
            applied.map_err(|what| Contradiction { place, what })?;
        }
        Ok(())
    }

    /// Applies the entries of a record as [`Book::apply`] does, and checks that the rules which decided them give
    /// the same effects now. Rules of another logic version than this program's are not judged.
    ///
    /// # Errors
    /// [`Contradiction`]; see [`Book::apply`].
    pub fn audit(&mut self, at: i64, logic: u16, entries: &[Entry]) -> Result<(), Contradiction> {
        for (place, entry) in entries.iter().enumerate() {
            let at = Batch::instant_of(at, place);
            let what = match entry {
                // A refusal changes nothing, and the one of a chain follows from members that left no entry.
                Entry::Executed { effect: Effect::Refused(_), .. } => None,
                Entry::Executed { command, effect, .. } if logic == LOGIC_VERSION => {
                    (self.decide(&command.act, at).as_ref() != Ok(effect))
                        .then_some("the rules give another effect")
                }
                Entry::Executed { .. } => None,
                Entry::Expired { hold } => self
                    .open_hold(*hold)
                    .is_ok_and(|(_, hold)| hold.until > at)
                    .then_some("the hold had not yet ended"),
            };
            if let Some(what) = what {
                return Err(Contradiction { place, what });
            }
            self.apply_one(at, entry).map_err(|what| Contradiction { place, what })?;
        }
        Ok(())
    }

    fn apply_one(&mut self, at: i64, entry: &Entry) -> Result<(), &'static str> {
        match entry {
            Entry::Executed { command, digest, effect } => {
                self.apply_effect(command, *digest, effect, at).map(|_| ())
            }
            Entry::Expired { hold } => self.apply_expiry(*hold),
        }
    }

    /// Applies one command's effect and remembers its id; gives the id's number.
    pub(super) fn apply_effect(
        &mut self,
        command: &Command,
        digest: u64,
        effect: &Effect,
        at: i64,
    ) -> Result<u32, &'static str> {
        let mut known = Known::new(command.id.as_u128(), digest, at, self.today);
        if self.known.find(known.id()).is_some() {
            return Err("the id was used before");
        }
        let mut hold_made = None;
        match (effect, &command.act) {
            (Effect::Refused(refusal), _) => known.refusal = refusal_code(*refusal),
            (Effect::AssetRegistered, Act::RegisterAsset { asset, scale }) => {
                if self.assets.insert(*asset, *scale).is_none() {
                    self.undo.push(Undo::Asset(*asset));
                }
            }
            (Effect::AccountOpened(number), Act::OpenAccount(open)) => {
                self.apply_opening(*number, open)?;
                known.debit = *number;
            }
            (Effect::AccountChanged(number), act) => {
                self.apply_change(*number, act)?;
                known.debit = *number;
            }
            (Effect::Posted(posting), Act::Transfer(transfer)) => {
                self.apply_posting(posting)?;
                if transfer.counts_toward_limits {
                    self.count(posting.debit, posting.credit, posting.booked_on, posting.amount)?;
                }
                self.count_transfer();
                remember_posting(&mut known, posting);
            }
            (Effect::Held(holding), Act::Transfer(transfer)) => {
                hold_made = Some(self.apply_hold(holding, transfer)?);
                self.count_transfer();
                known.is_hold = true;
                (known.debit, known.credit, known.booked_on) =
                    (holding.debit, holding.credit, holding.booked_on);
            }
            (Effect::HoldPosted(posting), Act::PostHold { hold, .. }) => {
                self.end_hold(*hold, Ended::Posted, posting.amount)?;
                self.apply_posting(posting)?;
                remember_posting(&mut known, posting);
            }
            (Effect::HoldVoided, Act::VoidHold { hold }) => {
                let hold = self.end_hold(*hold, Ended::Voided, 0)?;
                (known.debit, known.credit) = (hold.debit, hold.credit);
            }
            (Effect::DateAdvanced, Act::AdvanceBusinessDate { to }) => {
                self.undo.push(Undo::Date(self.today));
                self.today = to.day_number();
                known.booked_on = self.today;
            }
            _ => return Err("the effect is not of this kind of command"),
        }
        self.undo.push(Undo::Known);
        let number = self.known.push(known);
        if let Some(hold) = hold_made {
            self.expiries.insert((hold.until, number));
            self.holds.insert(number, hold);
            self.undo.push(Undo::HoldMade(number));
        }
        Ok(number)
    }

    /// Ends a hold whose time has come.
    pub(super) fn apply_expiry(&mut self, hold: TransferId) -> Result<(), &'static str> {
        self.end_hold(hold, Ended::Expired, 0).map(|_| ())
    }

    fn count_transfer(&mut self) {
        self.undo.push(Undo::Transfers(self.transfers));
        self.transfers += 1;
    }

    /// The account of this number, to be changed; what it was is kept for taking back.
    fn change(&mut self, number: u32) -> Result<&mut Account, &'static str> {
        let account = self.accounts.get_mut(number as usize).ok_or("no account has this number")?;
        self.undo.push(Undo::Account(number, account.clone()));
        Ok(account)
    }

    fn apply_opening(&mut self, number: u32, open: &OpenAccount) -> Result<(), &'static str> {
        if number as usize != self.accounts.len() {
            return Err("the account's number is not the next");
        }
        self.accounts.push(Account::open(open));
        self.account_index.insert(open.account.as_u128(), number);
        self.undo.push(Undo::AccountOpened);
        Ok(())
    }

    fn apply_change(&mut self, number: u32, act: &Act) -> Result<(), &'static str> {
        let account = self.change(number)?;
        let named = match act {
            Act::SetFloor { account: named, floor } => {
                account.floor = *floor;
                named
            }
            Act::SetLimits { account: named, limits } => {
                account.limits = *limits;
                named
            }
            Act::SetFreeze { account: named, debits, credits } => {
                (account.frozen_debits, account.frozen_credits) = (*debits, *credits);
                named
            }
            Act::CloseAccount { account: named } => {
                account.closed = true;
                named
            }
            _ => return Err("the effect is not of this kind of command"),
        };
        if *named == account.id { Ok(()) } else { Err("the number is of another account") }
    }

    fn apply_posting(&mut self, posting: &Posting) -> Result<(), &'static str> {
        let from = self.change(posting.debit)?;
        from.debits_posted =
            from.debits_posted.checked_add(u128::from(posting.amount)).ok_or("a sum overflows")?;
        from.movements = posting.debit_movement;
        if from.posted() != i128::from(posting.debit_balance) {
            return Err("the debited account's balance is another");
        }
        let to = self.change(posting.credit)?;
        to.credits_posted =
            to.credits_posted.checked_add(u128::from(posting.amount)).ok_or("a sum overflows")?;
        to.movements = posting.credit_movement;
        if to.posted() != i128::from(posting.credit_balance) {
            return Err("the credited account's balance is another");
        }
        Ok(())
    }

    fn apply_hold(
        &mut self,
        holding: &Holding,
        transfer: &contracts::ledger::Transfer,
    ) -> Result<Hold, &'static str> {
        let until = transfer.hold_until.map(nanoseconds).ok_or("the transfer is not a hold")?;
        let amount = u128::from(transfer.amount);
        let from = self.change(holding.debit)?;
        from.debits_pending = from.debits_pending.checked_add(amount).ok_or("a sum overflows")?;
        let to = self.change(holding.credit)?;
        to.credits_pending = to.credits_pending.checked_add(amount).ok_or("a sum overflows")?;
        if transfer.counts_toward_limits {
            self.count(holding.debit, holding.credit, holding.booked_on, transfer.amount)?;
        }
        Ok(Hold {
            debit: holding.debit,
            credit: holding.credit,
            amount: transfer.amount,
            until,
            code: transfer.code,
            booking: transfer.booked_on.map(clock::BusinessDate::day_number),
            value: transfer.value_on.map(clock::BusinessDate::day_number),
            counted_on: transfer.counts_toward_limits.then_some(holding.booked_on),
        })
    }

    /// Releases a hold; `posted` of it stays counted toward limits.
    fn end_hold(&mut self, id: TransferId, how: Ended, posted: u64) -> Result<Hold, &'static str> {
        let (number, hold) = self.open_hold(id).map_err(|_| "no such hold is open")?;
        let hold = *hold;
        let amount = u128::from(hold.amount);
        let from = self.change(hold.debit)?;
        from.debits_pending = from.debits_pending.checked_sub(amount).ok_or("less is held than released")?;
        let to = self.change(hold.credit)?;
        to.credits_pending = to.credits_pending.checked_sub(amount).ok_or("less is held than released")?;
        let unused = hold.amount.checked_sub(posted).ok_or("more is posted than was held")?;
        if let Some(day) = hold.counted_on.filter(|_| unused > 0) {
            self.uncount(hold.debit, hold.credit, day, unused);
        }
        self.holds.remove(&number);
        self.expiries.remove(&(hold.until, number));
        self.ended.insert(number, how);
        self.undo.push(Undo::HoldEnded(number, hold));
        Ok(hold)
    }

    fn count(&mut self, debit: u32, credit: u32, day: i32, amount: u64) -> Result<(), &'static str> {
        for account in self.left_by(debit, credit).collect::<Vec<_>>() {
            let before = self.windows.used(account, day, self.today);
            let used = Used {
                day: before.day.checked_add(amount).ok_or("a sum overflows")?,
                month: before.month.checked_add(amount).ok_or("a sum overflows")?,
            };
            self.set_used(account, day, before, used);
        }
        Ok(())
    }

    fn uncount(&mut self, debit: u32, credit: u32, day: i32, amount: u64) {
        for account in self.left_by(debit, credit).collect::<Vec<_>>() {
            let before = self.windows.used(account, day, self.today);
            let used =
                Used { day: before.day.saturating_sub(amount), month: before.month.saturating_sub(amount) };
            self.set_used(account, day, before, used);
        }
    }

    fn set_used(&mut self, account: u32, booked_on: i32, before: Used, used: Used) {
        if is_kept(booked_on, self.today) {
            self.undo.push(Undo::Window { account, booked_on, before });
            self.windows.set(account, booked_on, used);
        }
    }
}

const fn remember_posting(known: &mut Known, posting: &Posting) {
    known.debit = posting.debit;
    known.credit = posting.credit;
    known.debit_movement = posting.debit_movement;
    known.credit_movement = posting.credit_movement;
    known.booked_on = posting.booked_on;
}
