//! Changing the book by what was decided. Live and on replay the same.

use contracts::ledger::{Act, OpenAccount, Transfer, Used};
use ids::TransferId;
use rustc_hash::FxHashSet;

use super::account::{CLOSED, FROZEN_CREDITS, FROZEN_DEBITS};
use super::batch::Batch;
use super::book::{Book, Hold};
use super::content::nanoseconds;
use super::decide::{Before, UNRESOLVED};
use super::entry::{Did, Effect, Entry, Executed, Holding, Posting};
use super::known_ids::{IdKey, Location};
use super::past::{Past, ending_of};
use super::undo::Change;
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

/// Whether the ids of a record are new is told by their keys first; what is left are suspicions, which the journal
/// settles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suspicion {
    /// An entry that was executed before.
    pub before: Location,
    /// One whose id may be the same.
    pub again: Location,
}

/// Under which keys the entries of a record are found, and where.
pub fn keys_of(sequence: u64, entries: &[Entry]) -> impl Iterator<Item = (IdKey, Location)> + '_ {
    (0_u32..).zip(entries).flat_map(move |(place, entry)| {
        let id = match entry {
            Entry::Executed(executed) => Some(IdKey::of(executed.id)),
            Entry::Expired { .. } => None,
        };
        let ended = ending_of(entry).map(|(hold, _)| IdKey::end_of(hold));
        let location = Location::new(sequence, place);
        ended.into_iter().chain(id).map(move |key| (key, location))
    })
}

impl Book {
    /// Applies the entries of the record `sequence`, whose first entry bears the instant `at`. Decides nothing.
    ///
    /// # Errors
    /// [`Contradiction`]: the book is then in the middle of the record; [`Book::discard`] takes it back.
    pub fn apply(&mut self, sequence: u64, at: i64, entries: &[Entry]) -> Result<(), Contradiction> {
        self.begin_flight();
        self.check_ids_within(entries)?;
        for (place, entry) in entries.iter().enumerate() {
            let location = Location::new(sequence, u32::try_from(place).unwrap_or(u32::MAX));
            let applied = self.apply_one(location, at, entry);
            applied.map_err(|what| Contradiction { place, what })?;
        }
        Ok(())
    }

    /// Applies the entries of a record as [`Book::apply`] does, and checks that the rules which decided them give
    /// the same effects now, and that their ids are new. Rules of another logic version than this program's are
    /// not judged.
    ///
    /// Gives the entries whose ids may have been used before: the caller settles it by looking at both.
    ///
    /// # Errors
    /// [`Contradiction`]; see [`Book::apply`].
    pub fn audit(
        &mut self,
        sequence: u64,
        at: i64,
        logic: u16,
        entries: &[Entry],
    ) -> Result<Vec<Suspicion>, Contradiction> {
        self.begin_flight();
        self.check_ids_within(entries)?;
        let mut suspicions = Vec::new();
        let (batch, past) = (Batch::default(), Past::default());
        let before = Before { batch: &batch, past: &past };
        for (place, entry) in entries.iter().enumerate() {
            let location = Location::new(sequence, u32::try_from(place).unwrap_or(u32::MAX));
            let instant = Batch::instant_of(at, location.place());
            if let Entry::Executed(executed) = entry {
                let same = self.ids.find(IdKey::of(executed.id));
                suspicions.extend(same.map(|before| Suspicion { before, again: location }));
            }
            let what = match entry {
                Entry::Executed(executed) if logic == LOGIC_VERSION => self.judge(executed, instant, before),
                Entry::Executed(_) => None,
                Entry::Expired { hold } => self
                    .holds
                    .get(hold)
                    .is_some_and(|hold| hold.until > instant)
                    .then_some("the hold had not yet ended"),
            };
            if let Some(what) = what {
                return Err(Contradiction { place, what });
            }
            self.apply_one(location, at, entry).map_err(|what| Contradiction { place, what })?;
        }
        Ok(suspicions)
    }

    /// Whether the rules give this effect.
    fn judge(&self, executed: &Executed, at: i64, before: Before<'_>) -> Option<&'static str> {
        let agrees = match &executed.did {
            // A refusal changes nothing, and the one of a chain follows from members that left no entry.
            Did::Other { effect: Effect::Refused(_), .. } => true,
            Did::Other { act, effect } => match (self.decide(act, at, UNRESOLVED, before), effect) {
                // Format 1 does not say of which accounts.
                (Ok(Effect::HoldVoided { .. }), Effect::HoldVoided { debit: u32::MAX, .. }) => true,
                (decided, effect) => decided.as_ref() == Ok(effect),
            },
            Did::Posted { posting, .. } => self.transfer_of(executed).is_some_and(|transfer| {
                self.decide_transfer(&transfer, at, UNRESOLVED) == Ok(Effect::Posted(*posting))
            }),
        };
        (!agrees).then_some("the rules give another effect")
    }

    /// The transfer as it was asked for, of one that is recorded by numbers.
    #[must_use]
    pub fn transfer_of(&self, executed: &Executed) -> Option<Transfer> {
        let Did::Posted { posting, counts, names_booking, names_value } = &executed.did else { return None };
        let day = |named: bool, number: i32| named.then(|| super::day(number));
        Some(Transfer {
            debit: self.id_of(posting.debit)?,
            credit: self.id_of(posting.credit)?,
            amount: posting.amount,
            hold_until: None,
            code: posting.code,
            booked_on: day(*names_booking, posting.booked_on),
            value_on: day(*names_value, posting.value_on),
            counts_toward_limits: *counts,
        })
    }

    /// No id twice in one record.
    fn check_ids_within(&self, entries: &[Entry]) -> Result<(), Contradiction> {
        let mut seen = FxHashSet::with_capacity_and_hasher(entries.len(), Default::default());
        for (place, entry) in entries.iter().enumerate() {
            if let Entry::Executed(executed) = entry
                && !seen.insert(executed.id)
            {
                return Err(Contradiction { place, what: "the id was used before" });
            }
        }
        Ok(())
    }

    fn apply_one(&mut self, location: Location, at: i64, entry: &Entry) -> Result<(), &'static str> {
        let at = Batch::instant_of(at, location.place());
        match entry {
            Entry::Executed(Executed { did: Did::Posted { posting, counts, .. }, id, .. }) => {
                self.apply_posted(*id, posting, *counts, location)?;
            }
            Entry::Executed(Executed { did: Did::Other { act, effect }, id, .. }) => {
                self.apply_effect(*id, act, effect, location)?;
            }
            Entry::Expired { hold } => self.apply_expiry(*hold, location)?,
        }
        self.last_at = self.last_at.max(at);
        Ok(())
    }

    /// Remembers ids of a record that the state has already in it: see [`keys_of`].
    pub fn remember(&mut self, keys: impl IntoIterator<Item = (IdKey, Location)>) {
        keys.into_iter().for_each(|(key, location)| self.ids.insert(key, location));
    }

    fn know(&mut self, key: IdKey, location: Location) {
        self.ids.insert(key, location);
        self.undo.ids.push((key, location));
    }

    /// A transfer that is posted at once.
    pub(super) fn apply_posted(
        &mut self,
        id: TransferId,
        posting: &Posting,
        counts: bool,
        location: Location,
    ) -> Result<(), &'static str> {
        self.apply_posting(posting)?;
        if counts {
            self.count(posting.debit, posting.credit, posting.booked_on, posting.amount)?;
        }
        self.transfers += 1;
        self.commands += 1;
        self.know(IdKey::of(id), location);
        Ok(())
    }

    /// Applies one command's effect and remembers its id.
    pub(super) fn apply_effect(
        &mut self,
        id: TransferId,
        act: &Act,
        effect: &Effect,
        location: Location,
    ) -> Result<(), &'static str> {
        match (effect, act) {
            (Effect::Refused(_), _) => {}
            (Effect::AssetRegistered, Act::RegisterAsset { asset, scale }) => {
                if !self.assets.contains_key(asset) {
                    let number = u16::try_from(self.asset_codes.len()).map_err(|_| "too many assets")?;
                    self.assets.insert(*asset, (*scale, number));
                    self.asset_codes.push(*asset);
                    self.undo.changes.push(Change::Asset(*asset));
                }
            }
            (Effect::AccountOpened(number), Act::OpenAccount(open)) => self.apply_opening(*number, open)?,
            (Effect::AccountChanged(number), act) => self.apply_change(*number, act)?,
            (Effect::Posted(posting), Act::Transfer(transfer)) => {
                return self.apply_posted(id, posting, transfer.counts_toward_limits, location);
            }
            (Effect::Held(holding), Act::Transfer(transfer)) => self.apply_hold(id, holding, transfer)?,
            (Effect::HoldPosted(posting), Act::PostHold { hold, .. }) => {
                self.end_hold(*hold, posting.amount, location)?;
                self.apply_posting(posting)?;
            }
            (Effect::HoldVoided { .. }, Act::VoidHold { hold }) => {
                self.end_hold(*hold, 0, location)?;
            }
            (Effect::DateAdvanced, Act::AdvanceBusinessDate { to }) => self.today = to.day_number(),
            _ => return Err("the effect is not of this kind of command"),
        }
        self.commands += 1;
        self.know(IdKey::of(id), location);
        Ok(())
    }

    /// Ends a hold whose time has come.
    pub(super) fn apply_expiry(&mut self, hold: TransferId, location: Location) -> Result<(), &'static str> {
        self.end_hold(hold, 0, location)
    }

    /// The account of this number, to be changed; what it was is kept for taking back.
    fn change(&mut self, number: u32) -> Result<&mut Account, &'static str> {
        let account = self.accounts.hot.get_mut(number as usize).ok_or("no account has this number")?;
        self.undo.accounts.push((number, *account));
        Ok(account)
    }

    fn apply_opening(&mut self, number: u32, open: &OpenAccount) -> Result<(), &'static str> {
        if number as usize != self.accounts.len() {
            return Err("the account's number is not the next");
        }
        let (_, asset) = self.assets.get(&open.asset).ok_or("the asset is unknown")?;
        self.accounts.open(open, *asset);
        Ok(())
    }

    fn apply_change(&mut self, number: u32, act: &Act) -> Result<(), &'static str> {
        let (named, limits) = match act {
            Act::SetLimits { account, limits } => (account, Some(limits)),
            Act::SetFloor { account, .. }
            | Act::SetFreeze { account, .. }
            | Act::CloseAccount { account } => (account, None),
            _ => return Err("the effect is not of this kind of command"),
        };
        if self.id_of(number) != Some(*named) {
            return Err("the number is of another account");
        }
        if let Some(limits) = limits {
            let before = self.accounts.limits_of(number);
            self.undo.changes.push(Change::Limits(number, before));
            self.accounts.set_limits(number, *limits);
            return Ok(());
        }
        let account = self.change(number)?;
        match act {
            Act::SetFloor { floor, .. } => account.set_floor(*floor),
            Act::SetFreeze { debits, credits, .. } => {
                account.set(FROZEN_DEBITS, *debits);
                account.set(FROZEN_CREDITS, *credits);
            }
            _ => account.set(CLOSED, true),
        }
        Ok(())
    }

    fn apply_posting(&mut self, posting: &Posting) -> Result<(), &'static str> {
        let from = self.change(posting.debit)?;
        from.debits_posted =
            from.debits_posted.checked_add(u128::from(posting.amount)).ok_or("a sum overflows")?;
        from.movements = posting.debit_movement;
        if from.posted() != posting.debit_balance {
            return Err("the debited account's balance is another");
        }
        let to = self.change(posting.credit)?;
        to.credits_posted =
            to.credits_posted.checked_add(u128::from(posting.amount)).ok_or("a sum overflows")?;
        to.movements = posting.credit_movement;
        if to.posted() != posting.credit_balance {
            return Err("the credited account's balance is another");
        }
        Ok(())
    }

    fn apply_hold(
        &mut self,
        id: TransferId,
        holding: &Holding,
        transfer: &Transfer,
    ) -> Result<(), &'static str> {
        let until = transfer.hold_until.map(nanoseconds).ok_or("the transfer is not a hold")?;
        let from = self.change(holding.debit)?;
        from.debits_pending = from.debits_pending.checked_add(transfer.amount).ok_or("a sum overflows")?;
        let to = self.change(holding.credit)?;
        to.credits_pending = to.credits_pending.checked_add(transfer.amount).ok_or("a sum overflows")?;
        if transfer.counts_toward_limits {
            self.count(holding.debit, holding.credit, holding.booked_on, transfer.amount)?;
        }
        let hold = Hold {
            debit: holding.debit,
            credit: holding.credit,
            amount: transfer.amount,
            until,
            code: transfer.code,
            booking: transfer.booked_on.map(clock::BusinessDate::day_number),
            value: transfer.value_on.map(clock::BusinessDate::day_number),
            counted_on: transfer.counts_toward_limits.then_some(holding.booked_on),
        };
        self.expiries.insert((until, id));
        self.holds.insert(id, hold);
        self.undo.changes.push(Change::HoldMade(id));
        self.transfers += 1;
        Ok(())
    }

    /// Releases a hold; `posted` of it stays counted toward limits.
    fn end_hold(&mut self, id: TransferId, posted: u64, location: Location) -> Result<(), &'static str> {
        let hold = *self.holds.get(&id).ok_or("no such hold is open")?;
        let from = self.change(hold.debit)?;
        from.debits_pending =
            from.debits_pending.checked_sub(hold.amount).ok_or("less is held than released")?;
        let to = self.change(hold.credit)?;
        to.credits_pending =
            to.credits_pending.checked_sub(hold.amount).ok_or("less is held than released")?;
        let unused = hold.amount.checked_sub(posted).ok_or("more is posted than was held")?;
        if let Some(day) = hold.counted_on.filter(|_| unused > 0) {
            self.uncount(hold.debit, hold.credit, day, unused);
        }
        self.holds.remove(&id);
        self.expiries.remove(&(hold.until, id));
        self.undo.changes.push(Change::HoldEnded(id, hold));
        self.know(IdKey::end_of(id), location);
        Ok(())
    }

    fn count(&mut self, debit: u32, credit: u32, day: i32, amount: u64) -> Result<(), &'static str> {
        for account in self.left_by(debit, credit) {
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
        for account in self.left_by(debit, credit) {
            let before = self.windows.used(account, day, self.today);
            let used =
                Used { day: before.day.saturating_sub(amount), month: before.month.saturating_sub(amount) };
            self.set_used(account, day, before, used);
        }
    }

    fn set_used(&mut self, account: u32, booked_on: i32, before: Used, used: Used) {
        if is_kept(booked_on, self.today) {
            self.undo.changes.push(Change::Window { account, booked_on, before });
            self.windows.set(account, booked_on, used);
        }
    }
}
