//! The rules of the book once more, written as plainly as possible and sharing no code with it: what an auditor
//! and the tests of the book compare with.

mod money;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use clock::BusinessDate;
use contracts::ledger::{Act, Balance, Command, Refusal, Transfer};
use ids::{AccountId, TransferId};

use self::money::Hold;
pub(crate) use self::money::{Account, Money};

/// The whole chain, the place in it, and what became of it.
type Remembered = (Arc<Vec<Command>>, usize, Result<(), Refusal>);

/// The outcome of one command: first or repeated, or why not.
pub(crate) type Told = Result<bool, Refusal>;

/// What a command that took effect did.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    /// The accounts that it touched, debited first, as they were after it.
    pub(crate) touched: Vec<(AccountId, Balance)>,
    pub(crate) posted: Option<Posted>,
    /// The day under which it was booked.
    pub(crate) booked_on: BusinessDate,
}

/// A posting, be it by a transfer or from a hold.
#[derive(Debug, Clone)]
pub(crate) struct Posted {
    pub(crate) debit: AccountId,
    pub(crate) credit: AccountId,
    pub(crate) amount: u64,
    pub(crate) code: u16,
    pub(crate) booked_on: BusinessDate,
    pub(crate) value_on: BusinessDate,
    /// Number of the movement of each account, and its balance afterwards.
    pub(crate) after: [(u64, i128); 2],
}

#[derive(Debug, Clone)]
pub(crate) struct Naive {
    pub(crate) money: Money,
    pub(crate) ids: HashMap<TransferId, Remembered>,
    ended: HashMap<TransferId, Refusal>,
    /// Keys of `ended` in order of ending.
    ended_in_order: Vec<TransferId>,
    /// What each command of the last chain did, where that is asked for.
    pub(crate) steps: Option<Vec<Step>>,
}

impl Naive {
    /// A book in which nothing has happened, at the day 0.
    pub(crate) fn new(today: BusinessDate) -> Self {
        Self {
            money: Money::new(today),
            ids: HashMap::new(),
            ended: HashMap::new(),
            ended_in_order: Vec::new(),
            steps: None,
        }
    }

    /// Ends holds at `at`; which of two goes first changes nothing.
    pub(crate) fn expire(&mut self, at: i128) -> Vec<TransferId> {
        let is_due = |hold: &&Hold| hold.transfer.hold_until.is_some_and(|until| until.as_nanosecond() <= at);
        let due: Vec<Hold> = self.money.holds.iter().filter(is_due).cloned().collect();
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
            let change = i128::from(posted) - i128::from(hold.transfer.amount);
            self.money.count(&hold.transfer, day, change);
        }
    }

    /// Executes one chain (or one command by itself); `at` is the instant of its first entry.
    pub(crate) fn chain(&mut self, chain: &[Command], at: i128) -> Vec<Told> {
        if let Some(steps) = &mut self.steps {
            steps.clear();
        }
        let whole = Arc::new(chain.to_vec());
        let mut seen = HashSet::new();
        let twice = chain.iter().filter(|command| !seen.insert(command.id)).count() > 0;
        let known = chain.iter().any(|command| self.ids.contains_key(&command.id));
        let last = chain.len().saturating_sub(1);
        let broken = if known || twice {
            Some((usize::MAX, Refusal::ChainBroken))
        } else if chain.last().is_some_and(|last| last.linked) {
            Some((last, Refusal::ChainOpen))
        } else {
            self.all_or_none(chain, at)
        };
        let mut told = Vec::new();
        for (place, command) in chain.iter().enumerate() {
            told.push(match self.ids.get(&command.id) {
                Some((content, at, outcome)) if *at == place && **content == *whole => outcome.map(|()| true),
                Some(_) => Err(Refusal::IdReused),
                None => {
                    let outcome = match broken {
                        None => Ok(()),
                        Some((culprit, refusal)) if culprit == place => Err(refusal),
                        Some(_) => Err(Refusal::ChainBroken),
                    };
                    self.ids.insert(command.id, (Arc::clone(&whole), place, outcome));
                    outcome.map(|()| false)
                }
            });
        }
        told
    }

    fn all_or_none(&mut self, chain: &[Command], at: i128) -> Option<(usize, Refusal)> {
        let before = (chain.len() > 1).then(|| (self.money.clone(), self.ended_in_order.len()));
        for ((place, command), at) in chain.iter().enumerate().zip(at..) {
            match self.act(command, at) {
                Ok(touched) => self.note(command, touched),
                Err(refusal) => {
                    if let Some((money, ended)) = before {
                        self.money = money;
                        for id in self.ended_in_order.drain(ended..) {
                            self.ended.remove(&id);
                        }
                    }
                    return Some((place, refusal));
                }
            }
        }
        None
    }

    fn note(&mut self, command: &Command, touched: Touched) {
        let Some(steps) = &mut self.steps else { return };
        let money = &self.money;
        let seen = |id: &AccountId| Some((*id, money.seen(*id)?));
        let posted = touched.posted.and_then(|(transfer, amount)| {
            let after = |id: AccountId| money.accounts.get(&id).map(|it| (it.movements, it.balance()));
            let booked_on = transfer.booked_on.unwrap_or(money.today);
            Some(Posted {
                debit: transfer.debit,
                credit: transfer.credit,
                amount,
                code: transfer.code,
                booked_on,
                value_on: transfer.value_on.unwrap_or(booked_on),
                after: [after(transfer.debit)?, after(transfer.credit)?],
            })
        });
        let booked_on = match (&posted, &command.act) {
            (Some(posted), _) => posted.booked_on,
            (None, Act::Transfer(transfer)) => transfer.booked_on.unwrap_or(money.today),
            _ => money.today,
        };
        steps.push(Step { touched: touched.accounts.iter().filter_map(seen).collect(), posted, booked_on });
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

    fn act(&mut self, command: &Command, at: i128) -> Result<Touched, Refusal> {
        match &command.act {
            Act::RegisterAsset { scale: 19.., .. } => Err(Refusal::ScaleOutOfRange),
            Act::RegisterAsset { asset, scale } => {
                let known = *self.money.assets.entry(*asset).or_insert(*scale);
                if known == *scale { Ok(Touched::default()) } else { Err(Refusal::AssetExists) }
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
                Ok(Touched::one(open.account))
            }
            Act::SetFloor { account, floor } => {
                self.named(*account)?.floor = *floor;
                Ok(Touched::one(*account))
            }
            Act::SetLimits { account, limits } => {
                self.named(*account)?.limits = *limits;
                Ok(Touched::one(*account))
            }
            Act::SetFreeze { account, debits, credits } => {
                self.named(*account)?.frozen = (*debits, *credits);
                Ok(Touched::one(*account))
            }
            Act::CloseAccount { account } => self.close(*account),
            Act::Transfer(transfer) => {
                self.money.transfer(command.id, transfer, at)?;
                Ok(Touched::both(transfer, transfer.hold_until.is_none().then_some(transfer.amount)))
            }
            Act::PostHold { hold, amount } => self.post(*hold, *amount),
            Act::VoidHold { hold } => {
                let hold = self.hold(*hold)?;
                self.end(&hold, 0, Refusal::HoldVoided);
                Ok(Touched::both(&hold.transfer, None))
            }
            Act::AdvanceBusinessDate { to } => self.advance(*to),
        }
    }

    fn close(&mut self, account: AccountId) -> Result<Touched, Refusal> {
        let names = |hold: &Hold| hold.transfer.debit == account || hold.transfer.credit == account;
        let held = self.money.holds.iter().any(names);
        let named = self.named(account)?;
        if named.balance() != 0 || held {
            return Err(Refusal::AccountNotEmpty);
        }
        named.closed = true;
        Ok(Touched::one(account))
    }

    fn post(&mut self, hold: TransferId, amount: Option<u64>) -> Result<Touched, Refusal> {
        let hold = self.hold(hold)?;
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
        Ok(Touched::both(&hold.transfer, Some(amount)))
    }

    fn advance(&mut self, to: BusinessDate) -> Result<Touched, Refusal> {
        if to <= self.money.today {
            return Err(Refusal::DateNotLater);
        }
        self.money.today = to;
        // Days that are not kept can never be asked for again; dropping them keeps copies small.
        let counted = std::mem::take(&mut self.money.counted);
        self.money.counted = counted.into_iter().filter(|((_, day), _)| self.money.kept(*day)).collect();
        Ok(Touched::default())
    }
}

/// Which accounts a command touched, debited first, and what it posted.
#[derive(Default)]
struct Touched {
    accounts: Vec<AccountId>,
    posted: Option<(Transfer, u64)>,
}

impl Touched {
    fn one(account: AccountId) -> Self {
        Self { accounts: vec![account], posted: None }
    }

    fn both(transfer: &Transfer, posted: Option<u64>) -> Self {
        Self {
            accounts: vec![transfer.debit, transfer.credit],
            posted: posted.map(|amount| (transfer.clone(), amount)),
        }
    }
}
