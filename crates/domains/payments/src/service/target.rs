//! Whom a payment goes to: finding the account, comparing the name, limiting how often that may be tried.

use clock::Timestamp;
use contracts::accounts::{Account, Reach, Right, State};
use ids::{AccountId, CustomerId, PayeeId, ThirdPartyId};
use money::Currency;

use super::{CustomerPayments, Refused, allowed};
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

/// How a target is looked up.
struct Way {
    by: By,
    /// The name under which a saved payee was saved.
    saved_name: Option<String>,
}

enum By {
    Account(Reach),
    Phone(String),
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

    /// The account from which `customer` orders, where they may pay from it, and the one that is to be paid, where
    /// there is one ([`CustomerPayments::known`]).
    pub(crate) async fn ends(
        &self,
        customer: CustomerId,
        from: AccountId,
        target: &Target,
        currency: Currency,
    ) -> Refused<(Account, Option<Found>)> {
        let way = self.way(customer, target).await?;
        let (from, to) = match way.by {
            By::Account(reach) => {
                let ends = self.accounts.ends(customer, from, reach).await?;
                (allowed(ends.from, Right::Move)?, ends.to)
            }
            By::Phone(phone) => {
                let from = self.permitted(customer, from, Right::Move).await?;
                (from, self.by_phone(&phone, currency).await?)
            }
        };
        Ok((from, to.map(|account| Found { account, saved_name: way.saved_name })))
    }

    /// What was found, or the refusal that there is nobody; how often somebody may miss is limited.
    pub(crate) fn known(
        &self,
        customer: CustomerId,
        target: &Target,
        found: Option<Found>,
    ) -> Refused<Found> {
        if found.is_none() && !matches!(target, Target::Payee(_)) {
            self.misses.count(customer, self.clock.now());
        }
        found.ok_or(PaymentsRefused::PayeeUnknown)
    }

    /// The account that `target` names, as far as `customer` may pay it.
    async fn find_target(&self, customer: CustomerId, target: &Target, currency: Currency) -> Refused<Found> {
        let way = self.way(customer, target).await?;
        let account = match way.by {
            By::Account(reach) => self.accounts.reached(customer, reach).await?,
            By::Phone(phone) => self.by_phone(&phone, currency).await?,
        };
        let found = account.map(|account| Found { account, saved_name: way.saved_name });
        self.known(customer, target, found)
    }

    async fn way(&self, customer: CustomerId, target: &Target) -> Refused<Way> {
        let way = |by| Way { by, saved_name: None };
        Ok(match target {
            Target::Account(id) => way(By::Account(Reach::Own(*id))),
            Target::Number(number) => {
                self.refuse_guessing(customer, self.clock.now())?;
                way(By::Account(Reach::Number(number.clone())))
            }
            Target::Phone(phone) => {
                self.refuse_guessing(customer, self.clock.now())?;
                way(By::Phone(phone.clone()))
            }
            Target::Payee(id) => {
                let saved = self.payee(customer, *id).await?;
                let by = match (saved.account_number, saved.phone) {
                    (Some(number), _) => By::Account(Reach::Number(number)),
                    (None, Some(phone)) => By::Phone(phone),
                    (None, None) => return Err(PaymentsRefused::PayeeUnknown),
                };
                Way { by, saved_name: Some(saved.name) }
            }
        })
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

    /// Whether `name` is the name of the owner of the account `number`. A number that nobody has is answered alike, so that
    /// nobody learns which there are; and only so often.
    pub(crate) async fn check_name_for(
        &self,
        third_party: ThirdPartyId,
        number: &str,
        name: &str,
    ) -> Refused<Likeness> {
        let now = self.clock.now();
        if let Some(retry_after_s) = self.third_party_checks.wait_s(third_party, now) {
            return Err(PaymentsRefused::TooManyTries { retry_after_s });
        }
        self.third_party_checks.count(third_party, now);
        let number = number.replace(' ', "");
        let Some(account) = self.accounts.by_number(&number).await? else { return Ok(Likeness::NoMatch) };
        let profile = self.customers.profile(account.customer).await?;
        Ok(profile.map_or(Likeness::NoMatch, |(profile, _)| name::compare(name, profile.name())))
    }
}
