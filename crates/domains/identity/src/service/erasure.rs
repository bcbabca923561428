//! Erasing a customer: asked by them or on paper, withdrawn while it waits, carried out, and nothing of them left here
//! (个人信息保护法, article 47; decision 0024).

use std::sync::Arc;

use contracts::accounts::{Right, State};
use contracts::identity::{EndReason, ErasureAsked, ErasureWithdrawn, Principal, Session};
use ids::{CustomerId, StaffId};

use super::{Identities, announce, end};
use crate::error::Refused;
use crate::model::later;
use crate::store::{self, ErasureRow, Hash, Whose};

const DAY_S: u32 = 24 * 3600;
/// How many days the bank counts a year as, so that nothing goes too soon.
const YEAR_DAYS: u32 = 366;
/// How many customers one round of the loop erases.
const ERASED_MAX: u64 = 100;

impl Identities {
    /// Whether a customer is to be erased, and when.
    ///
    /// # Errors
    /// [`Refused::Store`].
    pub(crate) async fn erasure_of(&self, customer: CustomerId) -> Result<Option<ErasureRow>, Refused> {
        Ok(store::erasure_of(self.db.reader(), customer).await?)
    }

    /// The customer of `session`, who proved to be there a moment ago, asks to be erased. Asked again, it stays as it was
    /// asked first.
    ///
    /// # Errors
    /// [`Refused::StepUp`], [`Refused::AccountsOpen`], [`Refused::Unavailable`], [`Refused::Store`].
    pub(crate) async fn ask_erasure(
        &self,
        customer: CustomerId,
        session: &Session,
        english: bool,
    ) -> Result<ErasureRow, Refused> {
        self.proved_of_late(session).await?;
        self.begin_erasure(customer, None, english).await
    }

    /// A member of staff has the request of a customer on paper.
    ///
    /// # Errors
    /// [`Refused::NotFound`], [`Refused::AccountsOpen`], [`Refused::Unavailable`], [`Refused::Store`].
    pub(crate) async fn take_erasure(
        &self,
        customer: CustomerId,
        staff: StaffId,
    ) -> Result<ErasureRow, Refused> {
        if self.customers.profile(customer).await?.is_none() {
            return Err(Refused::NotFound);
        }
        self.begin_erasure(customer, Some(staff), false).await
    }

    async fn begin_erasure(
        &self,
        customer: CustomerId,
        staff: Option<StaffId>,
        english: bool,
    ) -> Result<ErasureRow, Refused> {
        self.owns(customer).await?.closed()?;
        let now = self.now();
        let due_at = later(now, self.settings.erasure_wait_days.saturating_mul(DAY_S));
        let row = ErasureRow { customer, asked_at: now, due_at, staff, english };
        self.db
            .write(move |tx| {
                let row = row.clone();
                Box::pin(async move {
                    if store::insert_erasure(tx, &row).await? {
                        let news = ErasureAsked { customer, due_at, staff, english };
                        announce(tx, &customer.to_string(), &news, now).await?;
                        return Ok(row);
                    }
                    store::erasure_of(tx, customer).await?.ok_or(Refused::NotFound)
                })
            })
            .await
    }

    /// The customer stays.
    ///
    /// # Errors
    /// [`Refused::NotFound`] where nothing was asked; [`Refused::Store`].
    pub(crate) async fn withdraw_erasure(&self, customer: CustomerId, by_bank: bool) -> Result<(), Refused> {
        let now = self.now();
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let row = store::erasure_of(tx, customer).await?.ok_or(Refused::NotFound)?;
                    store::remove_erasure(tx, customer).await?;
                    let news = ErasureWithdrawn { customer, by_bank, english: row.english };
                    Ok(announce(tx, &customer.to_string(), &news, now).await?)
                })
            })
            .await
    }

    /// Erases those whose time has come. Whoever has opened an account meanwhile stays.
    ///
    /// # Errors
    /// [`Refused`]: the next round goes on.
    pub(crate) async fn carry_out_erasures(&self) -> Result<(), Refused> {
        for row in store::due_erasures(self.db.reader(), self.now(), ERASED_MAX).await? {
            let owned = self.owns(row.customer).await?;
            if owned.open > 0 {
                self.withdraw_erasure(row.customer, true).await?;
                continue;
            }
            // Whoever never had an account was never a business relation of the kind that the law has recorded.
            let years = self.settings.erasure_kept_years;
            let kept = owned.any && years > 0;
            let kept_until =
                kept.then(|| later(self.now(), years.saturating_mul(YEAR_DAYS).saturating_mul(DAY_S)));
            if !self.customers.erase(row.customer, kept_until).await? {
                // Erased before, or never there: what is left of them here goes.
                self.forget_customer(row.customer, kept_until.is_some()).await?;
            }
        }
        Ok(())
    }

    /// What a customer owns.
    async fn owns(&self, customer: CustomerId) -> Result<Owned, Refused> {
        let all = self.accounts.of_customer(customer).await?;
        let owned = || all.iter().filter(|(_, right)| *right == Right::Own);
        let open = owned().filter(|(account, _)| account.state != State::Closed).count();
        Ok(Owned { any: owned().next().is_some(), open })
    }

    /// A customer is erased: every session of theirs ends, and nothing of them stays here.
    ///
    /// # Errors
    /// [`Refused::Store`].
    pub(crate) async fn forget_customer(
        &self,
        customer: CustomerId,
        keep_evidence: bool,
    ) -> Result<(), Refused> {
        let now = self.now();
        let whose = Whose::from(&Principal::Customer(customer));
        let _alone = self.opening.write().await;
        let names = store::names_of(self.db.reader(), customer).await?;
        // Those of strangers are counted by places that nobody knows any more: they are forgotten in a week.
        let tries =
            |name: &Hash| ["code.phone", "customer.name"].map(|scope| self.tries_key(scope, [name, b""]));
        let tries: Arc<[Hash]> = names.iter().flat_map(tries).chain([self.totp_tries(customer)]).collect();
        let names: Arc<[Hash]> = names.into();
        let ended = self
            .db
            .write(move |tx| {
                let (names, tries) = (Arc::clone(&names), Arc::clone(&tries));
                Box::pin(async move {
                    let ended = end(tx, whose, |_| true, EndReason::Erased, now).await?;
                    for key in tries.iter() {
                        store::clear_tries(tx, key).await?;
                    }
                    store::forget_customer(tx, customer, &names, keep_evidence).await?;
                    Ok::<_, sea_orm::DbErr>(ended)
                })
            })
            .await?;
        self.sessions.remove(&ended);
        self.pins.forget(customer);
        if !keep_evidence {
            // Where identity has a store of its own, the key in it is another than that of customers.
            self.keys.destroy(customer.into()).await?;
        }
        if !self.db.scrub().await? {
            tracing::warn!(customer.id = %customer, "the log of the store still holds what was erased");
        }
        Ok(())
    }
}

/// How many accounts a customer owns.
struct Owned {
    /// Whether any, also closed.
    any: bool,
    open: usize,
}

impl Owned {
    fn closed(&self) -> Result<(), Refused> {
        if self.open > 0 { Err(Refused::AccountsOpen(self.open)) } else { Ok(()) }
    }
}
