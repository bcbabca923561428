//! Limits of an account: what they are, how much is used, and how high they may be set.

use contracts::accounts::{Account, Right};
use contracts::identity::Assurance;
use contracts::ledger::{Act, Command, Limits, Refusal, Used};
use ids::{AccountId, CustomerId, TransferId};
use money::{Currency, Money};
use secrecy::Secret;

use super::{CustomerPayments, Refused};
use crate::error::PaymentsRefused;

/// Limits as they stand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LimitsInfo {
    pub(crate) currency: Currency,
    pub(crate) limits: Limits,
    pub(crate) used: Used,
    /// How high they may be set.
    pub(crate) ceiling: Limits,
}

/// Limits to set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NewLimits {
    pub(crate) per_transfer: Money,
    pub(crate) per_day: Money,
    pub(crate) per_month: Money,
}

impl CustomerPayments {
    pub(crate) async fn limits(
        &self,
        customer: CustomerId,
        assurance: Assurance,
        account: AccountId,
    ) -> Refused<LimitsInfo> {
        let account = self.permitted(customer, account, Right::See).await?;
        self.limits_of(&account, assurance).await
    }

    async fn limits_of(&self, account: &Account, assurance: Assurance) -> Refused<LimitsInfo> {
        let balance = self.ledger.balances(&[account.id]).await?.into_iter().next().flatten();
        let balance = balance.ok_or(PaymentsRefused::NotFound)?;
        let ceilings = self.settings.ceilings(account.class, assurance);
        let minor = async |fen: u64| {
            let minor = self.in_currency(i64::try_from(fen).unwrap_or(i64::MAX), account.currency).await?;
            Refused::Ok(Some(u64::try_from(minor).unwrap_or(0)))
        };
        Ok(LimitsInfo {
            currency: account.currency,
            limits: balance.limits,
            used: balance.used,
            ceiling: Limits {
                per_transfer: minor(ceilings.per_transfer_fen).await?,
                per_day: minor(ceilings.per_day_fen).await?,
                per_month: minor(ceilings.per_month_fen).await?,
            },
        })
    }

    /// Sets the limits of an account its owner chose. Lower is always allowed, higher up to the ceiling; what is above
    /// the ceiling already may stay as it is.
    pub(crate) async fn set_limits(
        &self,
        customer: CustomerId,
        assurance: Assurance,
        account: AccountId,
        new: NewLimits,
        pin: &Secret<String>,
    ) -> Refused<LimitsInfo> {
        let account = self.permitted(customer, account, Right::Own).await?;
        let now = self.limits_of(&account, assurance).await?;
        let limits = Limits {
            per_transfer: Some(checked(
                "per_transfer",
                new.per_transfer,
                now.limits.per_transfer,
                now.ceiling.per_transfer,
            )?),
            per_day: Some(checked("per_day", new.per_day, now.limits.per_day, now.ceiling.per_day)?),
            per_month: Some(checked(
                "per_month",
                new.per_month,
                now.limits.per_month,
                now.ceiling.per_month,
            )?),
        };
        if [new.per_transfer, new.per_day, new.per_month]
            .iter()
            .any(|money| money.currency() != account.currency)
        {
            return Err(PaymentsRefused::CurrencyMismatch);
        }
        self.check_pin(customer, pin).await?;
        let act = Act::SetLimits { account: account.id, limits };
        let command = Command { id: TransferId::mint(), act, linked: false };
        match self.ledger.submit(vec![command]).await?.pop() {
            Some(Ok(_)) => self.limits_of(&account, assurance).await,
            Some(Err(Refusal::AccountClosed)) => Err(PaymentsRefused::transfer("account_closed")),
            Some(Err(_)) => Err(PaymentsRefused::NotFound),
            None => Err(contracts::Unavailable::Stopping.into()),
        }
    }
}

/// The new limit in minor units; refuses what is negative or raised above the ceiling.
fn checked(field: &'static str, new: Money, current: Option<u64>, ceiling: Option<u64>) -> Refused<u64> {
    let minor = u64::try_from(new.minor()).map_err(|_| PaymentsRefused::Invalid {
        field,
        zh: "限额不能为负。",
        en: "A limit cannot be negative.",
    })?;
    let raised = current.is_some_and(|current| minor > current);
    match ceiling {
        Some(ceiling) if raised && minor > ceiling => {
            let ceiling = Money::new(i64::try_from(ceiling).unwrap_or(i64::MAX), new.currency());
            Err(PaymentsRefused::AboveCeiling { field, ceiling })
        }
        _ => Ok(minor),
    }
}
