//! All a customer has: balances, sums per currency, and their worth in renminbi.

use std::collections::BTreeMap;

use contracts::accounts::{Account, Right, State};
use contracts::ledger::Balance;
use ids::{AccountId, CustomerId};
use money::{Currency, Money};

use super::{DepositAccounts, Refused};

/// An account with what is on it.
pub(crate) struct Holding {
    pub(crate) account: Account,
    pub(crate) right: Right,
    pub(crate) balance: Balance,
    /// The owner's name where the reader is not the owner.
    pub(crate) owner_name: Option<String>,
}

/// Everything at a glance.
pub(crate) struct Overview {
    pub(crate) holdings: Vec<Holding>,
    /// Sums of the customer's own accounts, by currency.
    pub(crate) totals: Vec<Money>,
    /// The worth of all sums that the bank has a rate for.
    pub(crate) converted: Money,
}

impl Holding {
    /// What is on it.
    pub(crate) fn posted(&self) -> Money {
        Money::new(narrowed(self.balance.posted()), self.account.currency)
    }

    /// What can be moved away.
    pub(crate) fn available(&self) -> Money {
        let available = self.balance.available().unwrap_or_else(|| self.balance.posted());
        Money::new(narrowed(available), self.account.currency)
    }
}

fn narrowed(minor: i128) -> i64 {
    i64::try_from(minor).unwrap_or(if minor < 0 { i64::MIN } else { i64::MAX })
}

impl DepositAccounts {
    pub(crate) async fn overview(&self, customer: CustomerId) -> Refused<Overview> {
        let holdings = self.holdings(self.all_of(customer).await?).await?;
        let mut sums: BTreeMap<Currency, i64> = BTreeMap::new();
        for holding in holdings.iter().filter(|holding| holding.right == Right::Own) {
            let sum = sums.entry(holding.account.currency).or_default();
            *sum = sum.saturating_add(holding.posted().minor());
        }
        let totals: Vec<Money> =
            sums.into_iter().map(|(currency, minor)| Money::new(minor, currency)).collect();
        let worth = totals.iter().filter_map(|total| self.settings.in_renminbi(*total));
        let converted = worth.fold(0_i64, |sum, money| sum.saturating_add(money.minor()));
        Ok(Overview { holdings, totals, converted: Money::new(converted, Currency::CNY) })
    }

    /// Joins accounts with their balances (one snapshot). Closed accounts come last.
    pub(crate) async fn holdings(&self, accounts: Vec<(Account, Right)>) -> Refused<Vec<Holding>> {
        let ids: Vec<AccountId> = accounts.iter().map(|(account, _)| account.id).collect();
        let balances = if ids.is_empty() { Vec::new() } else { self.ledger.balances(&ids).await? };
        let mut holdings = Vec::with_capacity(accounts.len());
        for ((account, right), balance) in accounts.into_iter().zip(balances) {
            let Some(balance) = balance else {
                tracing::error!(account.id = %account.id, "an account is missing in the ledger");
                continue;
            };
            let owner_name = match right {
                Right::Own => None,
                _ => self
                    .customers
                    .profile(account.customer)
                    .await?
                    .map(|(profile, _)| profile.name().to_owned()),
            };
            holdings.push(Holding { account, right, balance, owner_name });
        }
        holdings.sort_by_key(|holding| holding.account.state == State::Closed);
        Ok(holdings)
    }

    pub(crate) async fn holding(&self, account: Account, right: Right) -> Refused<Holding> {
        let joined = self.holdings(vec![(account, right)]).await?;
        joined.into_iter().next().ok_or(crate::error::AccountsRefused::NotFound)
    }
}
