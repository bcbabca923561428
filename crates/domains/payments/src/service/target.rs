//! Whom a payment goes to: finding the account, comparing the name, limiting how often that may be tried.

use clock::Timestamp;
use contracts::accounts::{Account, Right, State};
use ids::{AccountId, CustomerId, PayeeId};
use money::Currency;

use super::{CustomerPayments, Refused};
use crate::error::PaymentsRefused;
use crate::model::name::{self, Likeness};

/// How the payee is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// One of the customer's own accounts.
    Account(AccountId),
    /// An account number.
    Number(String),
    /// A mobile number.
    Phone(String),
    /// A saved payee.
    Payee(PayeeId),
}

/// A payee found.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) account: Account,
    /// The name under which a saved payee was saved.
    pub(crate) saved_name: Option<String>,
}

/// What a payee-name check answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NameCheck {
    pub(crate) likeness: Likeness,
    /// Masked; empty where nothing is alike.
    pub(crate) masked_name: String,
    /// Masked; empty where nothing is alike.
    pub(crate) masked_account: String,
    pub(crate) currency: Currency,
}

impl CustomerPayments {
    /// Refuses where `customer` has tried unknown or wrong payees too often.
    pub(crate) fn refuse_guessing(&self, customer: CustomerId, now: Timestamp) -> Refused<()> {
        match self.misses.wait_s(customer, now) {
            Some(retry_after_s) => Err(PaymentsRefused::TooManyTries { retry_after_s }),
            None => Ok(()),
        }
    }

    /// The account that `target` names, as far as `customer` may pay it.
    pub(crate) async fn find_target(
        &self,
        customer: CustomerId,
        target: &Target,
        currency: Currency,
    ) -> Refused<Found> {
        let now = self.clock.now();
        let found = match target {
            Target::Account(id) => {
                let found = self.accounts.permitted(customer, *id).await?;
                let own = found.filter(|(_, right)| *right == Right::Own);
                own.map(|(account, _)| Found { account, saved_name: None })
            }
            Target::Number(number) => {
                self.refuse_guessing(customer, now)?;
                self.accounts.by_number(number).await?.map(|account| Found { account, saved_name: None })
            }
            Target::Phone(phone) => {
                self.refuse_guessing(customer, now)?;
                self.by_phone(phone, currency).await?.map(|account| Found { account, saved_name: None })
            }
            Target::Payee(id) => {
                let saved = self.payee(customer, *id).await?;
                let account = match (&saved.account_number, &saved.phone) {
                    (Some(number), _) => self.accounts.by_number(number).await?,
                    (None, Some(phone)) => self.by_phone(phone, currency).await?,
                    (None, None) => None,
                };
                account.map(|account| Found { account, saved_name: Some(saved.name) })
            }
        };
        if found.is_none() && !matches!(target, Target::Payee(_)) {
            self.misses.count(customer, now);
        }
        found.ok_or(PaymentsRefused::PayeeUnknown)
    }

    /// The account to which a phone stands: the owner's oldest of that currency that is in use, best class first.
    async fn by_phone(&self, phone: &str, currency: Currency) -> Refused<Option<Account>> {
        let Some(owner) = self.customers.by_phone(phone).await? else { return Ok(None) };
        let accounts = self.accounts.of_customer(owner).await?;
        let usable = accounts.into_iter().filter(|(account, right)| {
            *right == Right::Own && account.currency == currency && account.state != State::Closed
        });
        Ok(usable.map(|(account, _)| account).min_by_key(|account| (account.class as u8, account.id)))
    }

    /// Whether `name` is the name of whom `target` stands for. Answers for misses alike, and only so often.
    pub(crate) async fn check_name(
        &self,
        customer: CustomerId,
        target: &Target,
        name: &str,
        currency: Currency,
    ) -> Refused<NameCheck> {
        let now = self.clock.now();
        if let Some(retry_after_s) = self.checks.wait_s(customer, now) {
            return Err(PaymentsRefused::TooManyTries { retry_after_s });
        }
        self.checks.count(customer, now);
        let account = self.find_target(customer, target, currency).await?.account;
        let profile = self.customers.profile(account.customer).await?;
        let (profile, _) = profile.ok_or(PaymentsRefused::PayeeUnknown)?;
        let likeness = name::compare(name, profile.name());
        if likeness == Likeness::NoMatch {
            self.misses.count(customer, now);
            return Ok(NameCheck {
                likeness,
                masked_name: String::new(),
                masked_account: String::new(),
                currency: account.currency,
            });
        }
        Ok(NameCheck {
            likeness,
            masked_name: profile.masked_name(),
            masked_account: secrecy::mask::account_number(&account.number),
            currency: account.currency,
        })
    }
}
