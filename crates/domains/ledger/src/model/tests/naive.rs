//! The same rules once more, written as plainly as possible and sharing no code with the book.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use clock::BusinessDate;
use contracts::ledger::{Act, Asset, Command, Limits, Refusal, Transfer};
use ids::{AccountId, TransferId};
use money::Side;

#[derive(Debug, Clone)]
pub(super) struct Account {
    pub(super) asset: Asset,
    pub(super) normal: Side,
    pub(super) floor: Option<i64>,
    pub(super) limits: Limits,
    pub(super) frozen: (bool, bool),
    pub(super) closed: bool,
    pub(super) debits: i128,
    pub(super) credits: i128,
    pub(super) movements: u64,
}

#[derive(Debug, Clone)]
struct Hold {
    id: TransferId,
    transfer: Transfer,
    counted_on: Option<BusinessDate>,
}

/// Everything but the ids: small enough to be copied whole, which is how a chain is taken back.
#[derive(Debug, Clone)]
pub(super) struct Money {
    pub(super) today: BusinessDate,
    assets: BTreeMap<Asset, u8>,
    pub(super) accounts: BTreeMap<AccountId, Account>,
    holds: Vec<Hold>,
    /// What counts toward limits, by account and day; months are sums of days.
    counted: BTreeMap<(AccountId, BusinessDate), u128>,
}

/// The whole chain, the place in it, and what became of it.
type Remembered = (Rc<Vec<Command>>, usize, Result<(), Refusal>);

#[derive(Debug, Clone)]
pub(super) struct Naive {
    pub(super) money: Money,
    pub(super) ids: HashMap<TransferId, Remembered>,
    ended: HashMap<TransferId, Refusal>,
    /// Keys of `ended` in order of ending.
    ended_in_order: Vec<TransferId>,
}

/// The outcome of one command: first or repeated, or why not.
pub(super) type Told = Result<bool, Refusal>;

const LARGEST: i128 = i64::MAX as i128;
const SMALLEST: i128 = i64::MIN as i128;

impl Account {
    pub(super) fn balance(&self) -> i128 {
        if self.normal == Side::Credit { self.credits - self.debits } else { self.debits - self.credits }
    }

    fn rises_by(&self, side: Side) -> i128 {
        if side == self.normal { 1 } else { -1 }
    }
}

impl Money {
    fn new() -> Self {
        let today = BusinessDate::from_day_number(0).unwrap();
        Self {
            today,
            assets: BTreeMap::new(),
            accounts: BTreeMap::new(),
            holds: vec![],
            counted: BTreeMap::new(),
        }
    }

    /// What is held on one side of an account.
    pub(super) fn held(&self, account: AccountId, side: Side) -> i128 {
        let on_side = |hold: &&Hold| match side {
            Side::Debit => hold.transfer.debit == account,
            Side::Credit => hold.transfer.credit == account,
        };
        self.holds.iter().filter(on_side).map(|hold| i128::from(hold.transfer.amount)).sum()
    }

    fn kept(&self, day: BusinessDate) -> bool {
        let months = |day: BusinessDate| i32::from(day.date().year()) * 12 + i32::from(day.date().month());
        months(day) >= months(self.today) - 1
    }

    pub(super) fn used(&self, account: AccountId, day: BusinessDate) -> (u128, u128) {
        if !self.kept(day) {
            return (0, 0);
        }
        let of_day = self.counted.get(&(account, day)).copied().unwrap_or(0);
        let in_month = |other: &BusinessDate| {
            (other.date().year(), other.date().month()) == (day.date().year(), day.date().month())
        };
        let first = BusinessDate::from_ymd(day.date().year(), day.date().month(), 1).unwrap();
        let of_month = self
            .counted
            .range((account, first)..)
            .take_while(|((owner, other), _)| *owner == account && in_month(other))
            .map(|(_, sum)| sum)
            .sum();
        (of_day, of_month)
    }

    fn lose(&self, id: AccountId, side: Side, amount: u64) -> bool {
        let account = &self.accounts[&id];
        let held = self.held(id, if account.normal == Side::Credit { Side::Debit } else { Side::Credit });
        account.rises_by(side) < 0
            && account
                .floor
                .is_some_and(|floor| account.balance() - held - i128::from(amount) < i128::from(floor))
    }

    fn leaving(&self, transfer: &Transfer) -> Vec<AccountId> {
        let mut leaving = vec![];
        if self.accounts[&transfer.debit].normal == Side::Credit {
            leaving.push(transfer.debit);
        }
        if self.accounts[&transfer.credit].normal == Side::Debit {
            leaving.push(transfer.credit);
        }
        leaving
    }

    fn count(&mut self, transfer: &Transfer, day: BusinessDate, change: i128) {
        if !self.kept(day) {
            return;
        }
        for account in self.leaving(transfer) {
            let sum = self.counted.entry((account, day)).or_default();
            *sum = u128::try_from((i128::try_from(*sum).unwrap() + change).max(0)).unwrap();
        }
    }

    fn frozen(&self, transfer: &Transfer) -> Option<Refusal> {
        if self.accounts[&transfer.debit].frozen.0 {
            return Some(Refusal::DebitAccountFrozen);
        }
        self.accounts[&transfer.credit].frozen.1.then_some(Refusal::CreditAccountFrozen)
    }

    fn post(&mut self, transfer: &Transfer, amount: u64) -> Result<(), Refusal> {
        for (id, side) in [(transfer.debit, Side::Debit), (transfer.credit, Side::Credit)] {
            let account = &self.accounts[&id];
            let after = account.balance() + account.rises_by(side) * i128::from(amount);
            if !(SMALLEST..=LARGEST).contains(&after) {
                return Err(Refusal::Overflow);
            }
        }
        let debit = self.accounts.get_mut(&transfer.debit).unwrap();
        debit.debits += i128::from(amount);
        debit.movements += 1;
        let credit = self.accounts.get_mut(&transfer.credit).unwrap();
        credit.credits += i128::from(amount);
        credit.movements += 1;
        Ok(())
    }

    fn transfer(&mut self, id: TransferId, transfer: &Transfer, at: i128) -> Result<(), Refusal> {
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
        if self.lose(transfer.debit, Side::Debit, transfer.amount) {
            return Err(Refusal::InsufficientFunds);
        }
        if self.lose(transfer.credit, Side::Credit, transfer.amount) {
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
        let limits = self.accounts[&account].limits;
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

impl Naive {
    pub(super) fn new() -> Self {
        Self { money: Money::new(), ids: HashMap::new(), ended: HashMap::new(), ended_in_order: vec![] }
    }

    /// Ends holds at `at`, oldest end first; which of two that end at once goes first changes nothing.
    pub(super) fn expire(&mut self, at: i128) -> Vec<TransferId> {
        let due: Vec<Hold> = self
            .money
            .holds
            .iter()
            .filter(|hold| hold.transfer.hold_until.unwrap().as_nanosecond() <= at)
            .cloned()
            .collect();
        for hold in &due {
            self.end(hold, 0, Refusal::HoldExpired);
        }
        due.iter().map(|hold| hold.id).collect()
    }

    fn end(&mut self, hold: &Hold, posted: u64, how: Refusal) {
        self.money.holds.retain(|other| other.id != hold.id);
        self.ended.insert(hold.id, how);
        self.ended_in_order.push(hold.id);
        if let Some(day) = hold.counted_on {
            self.money.count(&hold.transfer, day, i128::from(posted) - i128::from(hold.transfer.amount));
        }
    }

    /// Executes one chain (or one command by itself); `at` is the instant of its first entry.
    pub(super) fn chain(&mut self, chain: &[Command], at: i128) -> Vec<Told> {
        let whole = Rc::new(chain.to_vec());
        let mut seen = std::collections::HashSet::new();
        let twice: Vec<bool> = chain.iter().map(|command| !seen.insert(command.id)).collect();
        let known = chain.iter().any(|command| self.ids.contains_key(&command.id));
        let mut refusals: Vec<Option<Refusal>> = vec![None; chain.len()];
        if known || twice.contains(&true) {
            refusals.fill(Some(Refusal::ChainBroken));
        } else if chain.last().unwrap().linked {
            refusals.fill(Some(Refusal::ChainBroken));
            *refusals.last_mut().unwrap() = Some(Refusal::ChainOpen);
        } else if let Some((place, refusal)) = self.all_or_none(chain, at) {
            refusals.fill(Some(Refusal::ChainBroken));
            refusals[place] = Some(refusal);
        }
        let mut told = vec![];
        for (place, command) in chain.iter().enumerate() {
            told.push(match self.ids.get(&command.id) {
                Some((content, at, outcome)) if *at == place && **content == *whole => outcome.map(|()| true),
                Some(_) => Err(Refusal::IdReused),
                None => {
                    let outcome = refusals[place].map_or(Ok(()), Err);
                    self.ids.insert(command.id, (Rc::clone(&whole), place, outcome));
                    outcome.map(|()| false)
                }
            });
        }
        told
    }

    fn all_or_none(&mut self, chain: &[Command], at: i128) -> Option<(usize, Refusal)> {
        let before = (chain.len() > 1).then(|| (self.money.clone(), self.ended_in_order.len()));
        for (place, command) in chain.iter().enumerate() {
            let at = at + i128::try_from(place).unwrap();
            if let Err(refusal) = self.act(command, at) {
                if let Some((money, ended)) = before {
                    self.money = money;
                    for id in self.ended_in_order.drain(ended..) {
                        self.ended.remove(&id);
                    }
                }
                return Some((place, refusal));
            }
        }
        None
    }

    fn hold(&self, id: TransferId) -> Result<Hold, Refusal> {
        if let Some(ended) = self.ended.get(&id) {
            return Err(*ended);
        }
        self.money.holds.iter().find(|hold| hold.id == id).cloned().ok_or(Refusal::HoldUnknown)
    }

    fn named(&mut self, account: AccountId) -> Result<&mut Account, Refusal> {
        match self.money.accounts.get_mut(&account) {
            None => Err(Refusal::AccountUnknown),
            Some(account) if account.closed => Err(Refusal::AccountClosed),
            Some(account) => Ok(account),
        }
    }

    fn act(&mut self, command: &Command, at: i128) -> Result<(), Refusal> {
        match &command.act {
            Act::RegisterAsset { scale: 19.., .. } => return Err(Refusal::ScaleOutOfRange),
            Act::RegisterAsset { asset, scale } => {
                if *self.money.assets.entry(*asset).or_insert(*scale) != *scale {
                    return Err(Refusal::AssetExists);
                }
            }
            Act::OpenAccount(open) => {
                if !self.money.assets.contains_key(&open.asset) {
                    return Err(Refusal::AssetUnknown);
                }
                if self.money.accounts.contains_key(&open.account) {
                    return Err(Refusal::AccountExists);
                }
                let account = Account {
                    asset: open.asset,
                    normal: open.normal,
                    floor: open.floor,
                    limits: open.limits,
                    frozen: (false, false),
                    closed: false,
                    debits: 0,
                    credits: 0,
                    movements: 0,
                };
                self.money.accounts.insert(open.account, account);
            }
            Act::SetFloor { account, floor } => self.named(*account)?.floor = *floor,
            Act::SetLimits { account, limits } => self.named(*account)?.limits = *limits,
            Act::SetFreeze { account, debits, credits } => {
                self.named(*account)?.frozen = (*debits, *credits);
            }
            Act::CloseAccount { account } => {
                let held = self
                    .money
                    .holds
                    .iter()
                    .any(|hold| hold.transfer.debit == *account || hold.transfer.credit == *account);
                let named = self.named(*account)?;
                if named.balance() != 0 || held {
                    return Err(Refusal::AccountNotEmpty);
                }
                named.closed = true;
            }
            Act::Transfer(transfer) => self.money.transfer(command.id, transfer, at)?,
            Act::PostHold { hold, amount } => {
                let hold = self.hold(*hold)?;
                let amount = amount.unwrap_or(hold.transfer.amount);
                if amount == 0 {
                    return Err(Refusal::AmountZero);
                }
                if amount > hold.transfer.amount {
                    return Err(Refusal::AboveHold);
                }
                if let Some(refusal) = self.money.frozen(&hold.transfer) {
                    return Err(refusal);
                }
                self.money.post(&hold.transfer, amount)?;
                self.end(&hold, amount, Refusal::HoldPosted);
            }
            Act::VoidHold { hold } => {
                let hold = self.hold(*hold)?;
                self.end(&hold, 0, Refusal::HoldVoided);
            }
            Act::AdvanceBusinessDate { to } => {
                if *to <= self.money.today {
                    return Err(Refusal::DateNotLater);
                }
                self.money.today = *to;
                // Days that are not kept can never be asked for again; dropping them keeps copies small.
                let counted = std::mem::take(&mut self.money.counted);
                self.money.counted =
                    counted.into_iter().filter(|((_, day), _)| self.money.kept(*day)).collect();
            }
        }
        Ok(())
    }
}
