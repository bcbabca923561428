//! Authorized persons: who else may see an account or move money from it, as its owner granted.

use clock::Timestamp;
use contracts::accounts::{Account, Accounts, Right};
use ids::{AccountId, CustomerId};

use super::{DepositAccounts, Refused};
use crate::error::AccountsRefused;
use crate::store;

/// An authorized person.
pub(crate) struct Person {
    pub(crate) customer: CustomerId,
    pub(crate) name: String,
    pub(crate) phone: Option<String>,
    pub(crate) right: Right,
    pub(crate) granted_at: Timestamp,
}

impl DepositAccounts {
    pub(crate) async fn persons(&self, account: AccountId) -> Refused<Vec<Person>> {
        let mut persons = Vec::new();
        for grant in store::granted_on(&self.db, account).await? {
            let Some((profile, _)) = self.customers.profile(grant.customer).await? else { continue };
            persons.push(Person {
                customer: grant.customer,
                name: profile.name().to_owned(),
                phone: profile.phone().map(str::to_owned),
                right: grant.right,
                granted_at: grant.granted_at,
            });
        }
        Ok(persons)
    }

    /// Grants `right` to the customer of this phone and name. A wrong phone and a wrong name are answered alike.
    pub(crate) async fn authorize(
        &self,
        account: &Account,
        phone: &str,
        name: &str,
        right: Right,
    ) -> Refused<Person> {
        let customer = self.customers.by_phone(phone).await?.ok_or(AccountsRefused::PersonUnknown)?;
        let (profile, _) = self.customers.profile(customer).await?.ok_or(AccountsRefused::PersonUnknown)?;
        if profile.name().trim() != name.trim() {
            return Err(AccountsRefused::PersonUnknown);
        }
        if customer == account.customer {
            return Err(AccountsRefused::invalid(
                "phone",
                "您是账户所有人，无需授权自己。",
                "You own the account; there is no need to authorize yourself.",
            ));
        }
        self.grant_many(vec![(account.id, customer, right)]).await?;
        Ok(Person {
            customer,
            name: profile.name().to_owned(),
            phone: profile.phone().map(str::to_owned),
            right,
            granted_at: self.clock.now(),
        })
    }

    /// Withdraws what was granted to `person`.
    pub(crate) async fn withdraw(&self, account: AccountId, person: CustomerId) -> Refused<()> {
        self.briefs.forget_right(person, account);
        let withdrawn = store::withdraw(&self.db, account, person).await;
        self.briefs.forget_right(person, account);
        if withdrawn? { Ok(()) } else { Err(AccountsRefused::NotFound) }
    }

    /// Whoever is erased has no rights any more, and nothing of their accounts is remembered. With `for_good` their key is
    /// destroyed, also where accounts have a store of their own.
    pub(crate) async fn forget(&self, customer: CustomerId, for_good: bool) -> Refused<()> {
        if for_good && self.keys.destroy(customer.into()).await? && !self.db.scrub().await? {
            tracing::warn!(customer.id = %customer, "the log of the store still holds a key that was destroyed");
        }
        let granted = store::withdraw_all(&self.db, customer).await?;
        granted.iter().for_each(|account| self.briefs.forget_right(customer, *account));
        for owned in store::owned_by(self.db.reader(), customer).await? {
            self.briefs.forget_account(owned.id);
        }
        Ok(())
    }
}
