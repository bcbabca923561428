//! A small ledger in memory that keeps the contract's promises as far as the tests here look at them.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use clock::{BusinessDate, Timestamp};
use contracts::Unavailable;
use contracts::ledger::{
    Act, Applied, Asset, Balance, Command, HistoryQuery, Ledger, Movement, Outcome, Refusal, Status,
    Transfer, Used, Verification,
};
use ids::{AccountId, TransferId};
use money::Side;

#[derive(Default)]
struct Inner {
    accounts: HashMap<AccountId, Balance>,
    outcomes: HashMap<TransferId, (Command, Outcome)>,
    history: HashMap<AccountId, Vec<Movement>>,
    ticks: i64,
}

/// The ledger; `fail_before` submissions are lost, the answers of `fail_after` are.
#[derive(Default)]
pub(crate) struct Book {
    inner: Mutex<Inner>,
    pub(crate) fail_before: AtomicU32,
    pub(crate) fail_after: AtomicU32,
}

pub(crate) fn today() -> BusinessDate {
    "2026-11-22".parse().unwrap()
}

fn take(counter: &AtomicU32) -> bool {
    counter.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok()
}

impl Inner {
    fn decide(&mut self, command: &Command) -> Outcome {
        if let Some((known, outcome)) = self.outcomes.get(&command.id) {
            if known.act != command.act {
                return Err(Refusal::IdReused);
            }
            return outcome.clone().map(|applied| Applied { repeated: true, ..applied });
        }
        let outcome = self.execute(command);
        self.outcomes.insert(command.id, (command.clone(), outcome.clone()));
        outcome
    }

    fn execute(&mut self, command: &Command) -> Outcome {
        self.ticks += 1;
        let at: Timestamp = "2026-11-22T04:00:00Z".parse().unwrap();
        let at = at + std::time::Duration::from_millis(self.ticks.unsigned_abs());
        let touched = match &command.act {
            Act::RegisterAsset { .. } => vec![],
            Act::OpenAccount(open) => {
                if self.accounts.contains_key(&open.account) {
                    return Err(Refusal::AccountExists);
                }
                let balance = Balance {
                    asset: open.asset,
                    normal: open.normal,
                    debits_posted: 0,
                    debits_pending: 0,
                    credits_posted: 0,
                    credits_pending: 0,
                    floor: open.floor,
                    limits: open.limits,
                    used: Used::default(),
                    frozen_debits: false,
                    frozen_credits: false,
                    closed: false,
                };
                self.accounts.insert(open.account, balance);
                vec![open.account]
            }
            Act::SetLimits { account, limits } => {
                self.change(*account, |balance| balance.limits = *limits)?
            }
            Act::SetFreeze { account, debits, credits } => self.change(*account, |balance| {
                (balance.frozen_debits, balance.frozen_credits) = (*debits, *credits);
            })?,
            Act::CloseAccount { account } => {
                let balance = self.accounts.get(account).ok_or(Refusal::AccountUnknown)?;
                if balance.posted() != 0 {
                    return Err(Refusal::AccountNotEmpty);
                }
                self.change(*account, |balance| balance.closed = true)?
            }
            Act::Transfer(transfer) => self.transfer(command.id, transfer, at)?,
            other => panic!("not needed here: {other:?}"),
        };
        let balances = touched.into_iter().map(|id| (id, self.accounts[&id])).collect();
        Ok(Applied { at, booked_on: today(), repeated: false, balances })
    }

    fn change(&mut self, id: AccountId, change: impl Fn(&mut Balance)) -> Result<Vec<AccountId>, Refusal> {
        let balance = self.accounts.get_mut(&id).ok_or(Refusal::AccountUnknown)?;
        if balance.closed {
            return Err(Refusal::AccountClosed);
        }
        change(balance);
        Ok(vec![id])
    }

    fn transfer(
        &mut self,
        id: TransferId,
        order: &Transfer,
        at: Timestamp,
    ) -> Result<Vec<AccountId>, Refusal> {
        let debit = *self.accounts.get(&order.debit).ok_or(Refusal::DebitAccountUnknown)?;
        let credit = *self.accounts.get(&order.credit).ok_or(Refusal::CreditAccountUnknown)?;
        let amount = order.amount;
        for (holds, refusal) in [
            (order.debit == order.credit, Refusal::SameAccount),
            (debit.asset != credit.asset, Refusal::AssetMismatch),
            (amount == 0, Refusal::AmountZero),
            (debit.closed, Refusal::DebitAccountClosed),
            (credit.closed, Refusal::CreditAccountClosed),
            (debit.frozen_debits, Refusal::DebitAccountFrozen),
            (credit.frozen_credits, Refusal::CreditAccountFrozen),
        ] {
            if holds {
                return Err(refusal);
            }
        }
        if order.counts_toward_limits {
            let above = |limit: Option<u64>, used: u64| limit.is_some_and(|limit| used + amount > limit);
            for (holds, refusal) in [
                (above(debit.limits.per_transfer, 0), Refusal::LimitPerTransfer),
                (above(debit.limits.per_day, debit.used.day), Refusal::LimitPerDay),
                (above(debit.limits.per_month, debit.used.month), Refusal::LimitPerMonth),
            ] {
                if holds {
                    return Err(refusal);
                }
            }
        }
        if debit.available().is_some_and(|available| available < i128::from(amount)) {
            return Err(Refusal::InsufficientFunds);
        }
        let payer = self.accounts.get_mut(&order.debit).unwrap();
        payer.debits_posted += u128::from(amount);
        if order.counts_toward_limits {
            payer.used.day += amount;
            payer.used.month += amount;
        }
        self.accounts.get_mut(&order.credit).unwrap().credits_posted += u128::from(amount);
        for (account, side, counterparty) in
            [(order.debit, Side::Debit, order.credit), (order.credit, Side::Credit, order.debit)]
        {
            let balance_after = i64::try_from(self.accounts[&account].posted()).unwrap();
            let history = self.history.entry(account).or_default();
            history.push(Movement {
                number: history.len() as u64 + 1,
                transfer: id,
                side,
                amount,
                balance_after,
                counterparty,
                code: order.code,
                booked_on: order.booked_on.unwrap_or_else(today),
                value_on: order.value_on.unwrap_or_else(today),
                at,
            });
        }
        Ok(vec![order.debit, order.credit])
    }
}

impl Book {
    /// Opens an account that may go below zero, so that tests have money to begin with.
    pub(crate) async fn vault(&self, asset: Asset) -> AccountId {
        let account = AccountId::mint();
        let open = contracts::ledger::OpenAccount {
            account,
            asset,
            normal: Side::Debit,
            kind: contracts::ledger::kinds::CASH,
            floor: None,
            limits: contracts::ledger::Limits::default(),
        };
        self.one(Act::OpenAccount(open)).await.unwrap();
        account
    }

    pub(crate) async fn one(&self, act: Act) -> Outcome {
        let command = Command { id: TransferId::mint(), act, linked: false };
        self.submit(vec![command]).await.unwrap().pop().unwrap()
    }

    /// Moves `amount` from one account to another; gives the transfer.
    pub(crate) async fn pay(
        &self,
        debit: AccountId,
        credit: AccountId,
        amount: u64,
        code: u16,
    ) -> TransferId {
        let id = TransferId::mint();
        let transfer = Transfer {
            debit,
            credit,
            amount,
            hold_until: None,
            code,
            booked_on: None,
            value_on: None,
            counts_toward_limits: false,
        };
        let command = Command { id, act: Act::Transfer(transfer), linked: false };
        self.submit(vec![command]).await.unwrap().pop().unwrap().unwrap();
        id
    }

    /// What is on an account.
    pub(crate) fn posted(&self, account: AccountId) -> i128 {
        self.inner.lock().unwrap().accounts[&account].posted()
    }
}

#[async_trait]
impl Ledger for Book {
    async fn submit(&self, commands: Vec<Command>) -> Result<Vec<Outcome>, Unavailable> {
        if take(&self.fail_before) {
            return Err(Unavailable::Stopping);
        }
        let outcomes = {
            let mut inner = self.inner.lock().unwrap();
            commands.iter().map(|command| inner.decide(command)).collect()
        };
        if take(&self.fail_after) { Err(Unavailable::Stopping) } else { Ok(outcomes) }
    }

    async fn balances(&self, accounts: &[AccountId]) -> Result<Vec<Option<Balance>>, Unavailable> {
        let inner = self.inner.lock().unwrap();
        Ok(accounts.iter().map(|id| inner.accounts.get(id).copied()).collect())
    }

    async fn history(&self, query: HistoryQuery) -> Result<Vec<Movement>, Unavailable> {
        let inner = self.inner.lock().unwrap();
        let Some(history) = inner.history.get(&query.account) else { return Ok(Vec::new()) };
        let wanted = |one: &&Movement| {
            query.before.is_none_or(|before| one.number < before)
                && query.side.is_none_or(|side| one.side == side)
                && query.amount_min.is_none_or(|least| one.amount >= least)
                && query.amount_max.is_none_or(|most| one.amount <= most)
                && query.from.is_none_or(|from| one.booked_on >= from)
                && query.until.is_none_or(|until| one.booked_on <= until)
        };
        Ok(history.iter().rev().filter(wanted).take(query.limit as usize).cloned().collect())
    }

    async fn movement(
        &self,
        account: AccountId,
        transfer: TransferId,
    ) -> Result<Option<Movement>, Unavailable> {
        let inner = self.inner.lock().unwrap();
        let history = inner.history.get(&account);
        Ok(history.and_then(|history| history.iter().find(|one| one.transfer == transfer).cloned()))
    }

    async fn outcome(&self, id: TransferId) -> Result<Option<Outcome>, Unavailable> {
        Ok(self.inner.lock().unwrap().outcomes.get(&id).map(|(_, outcome)| outcome.clone()))
    }

    async fn status(&self) -> Result<Status, Unavailable> {
        Ok(Status {
            head_sequence: 0,
            head_hash: String::new(),
            hash_algorithm: "sm3".to_owned(),
            business_date: today(),
            accounts: 0,
            transfers: 0,
            holds: 0,
            batches: 0,
            commands: 0,
            history_lag: 0,
            last_at: None,
            snapshot_sequence: 0,
            store: "memory".to_owned(),
        })
    }

    async fn verify(&self) -> Result<Verification, Unavailable> {
        Err(Unavailable::Stopping)
    }
}
