//! Getting a forgotten password back (decision 0025).
//!
//! Whoever holds the phone and knows the identity number sets a new password at once on a device that is the owner's,
//! and after a cooling-off elsewhere. Meanwhile the owner is told, can refuse, and does so by signing in with what is
//! said to be forgotten. Two members of staff who saw the customer's documents end the waiting. After waiting, the new
//! password alone gives nobody another way in for a while.

use std::sync::Arc;

use clock::Timestamp;
use contracts::customers::Profile;
use contracts::identity::{Assurance, EndReason, RecoveryChanged, RecoveryStage, Session};
use ids::{CustomerId, RecoveryId, StaffId};
use sea_orm::{DatabaseTransaction, DbErr};
use secrecy::Secret;
use subtle::ConstantTimeEq;

use super::secrets::{about, check_new_password};
use super::{Caller, Identities, announce, end};
use crate::error::{Field, Refused};
use crate::model::code::Purpose;
use crate::model::method::Method;
use crate::model::quality::About;
use crate::model::recovery::{self, Outcome};
use crate::model::tries::Budget;
use crate::model::{later, name};
use crate::store::{self, Hash, Holder, RecoveryRow, Whose};

const DAY_S: u32 = 24 * 3600;

/// Somebody says that the password is forgotten.
pub(crate) struct Forgotten {
    pub(crate) phone: String,
    pub(crate) code: Secret<String>,
    pub(crate) id_number: String,
    pub(crate) new: Secret<String>,
}

/// What came of it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Recovered {
    /// The new password is set.
    Done,
    /// It is not, and can be from `ready_at` to `expires_at` by asking again on the same device.
    Waits { ready_at: Timestamp, expires_at: Timestamp },
}

/// A new password that is due.
#[derive(Clone)]
struct Due {
    customer: CustomerId,
    hash: String,
    /// Whether nothing but time vouches for it.
    waited: bool,
    /// Used up with it.
    code: (Hash, Hash),
    english: bool,
}

impl Identities {
    /// Sets a new password for the one who proves the phone and knows the identity number, or has them wait.
    ///
    /// # Errors
    /// [`Refused::CodeWrong`], [`Refused::IdentityWrong`], [`Refused::NoIdentity`], [`Refused::Weak`],
    /// [`Refused::TooMany`], [`Refused::Unavailable`], [`Refused::Store`].
    pub(crate) async fn recover(&self, asked: &Forgotten, caller: &Caller) -> Result<Recovered, Refused> {
        let phone = name::normalize(&asked.phone);
        if !name::is_phone(&phone) {
            return Err(Refused::Invalid(Field::Phone));
        }
        check_new_password(&asked.new, &About { phone: Some(&phone), ..About::default() })?;
        let customer = store::customer_of_name(self.db.reader(), &self.name_index(&phone)).await?;
        // The code stays good until it led somewhere: who mistypes the identity number needs no other.
        let code = self.prove_for(&phone, Purpose::ResetPassword, &asked.code, caller, customer).await?;
        let customer = customer.ok_or(Refused::CodeWrong)?;
        let (profile, _) = self.customers.profile(customer).await?.ok_or(Refused::CodeWrong)?;
        self.check_identity(customer, &profile, &asked.id_number).await?;
        check_new_password(&asked.new, &about(Some(&profile)))?;

        let now = self.now();
        let requester = code.1;
        let open = store::open_recoveries(self.db.reader(), customer, now).await?;
        let own = open.into_iter().find(|row| row.requester == requester);
        let ready_at = match &own {
            Some(row) => row.ready_at,
            None => self.ready_at(customer, caller, now).await?,
        };
        let waited = own.as_ref().is_some_and(|row| row.confirmed_by.is_none());
        if ready_at > now {
            let row = match own {
                Some(row) => row,
                None => self.begin_waiting(customer, requester, ready_at, caller).await?,
            };
            return Ok(Recovered::Waits { ready_at: row.ready_at, expires_at: row.expires_at });
        }
        let hash = self.hasher.hash(&asked.new).await?;
        let due = Due { customer, hash, waited, code, english: caller.is_english() };
        self.set_recovered(due).await?;
        Ok(Recovered::Done)
    }

    /// Whether `given` is the number of the customer's identity card, or their business's credit code. Few wrong ones
    /// are borne.
    async fn check_identity(
        &self,
        customer: CustomerId,
        profile: &Profile,
        given: &str,
    ) -> Result<(), Refused> {
        let number = match profile {
            Profile::Person(person) => person.id_number.as_ref().or(person.foreign_number.as_ref()),
            Profile::Business(business) => Some(&business.credit_code),
        };
        let number = number.ok_or(Refused::NoIdentity)?;
        let budget = Budget::per(self.settings.recovery_identity_tries_max, DAY_S);
        let key = self.tries_key("recovery.identity", [&customer.to_bytes(), b""]);
        self.count(vec![(key, budget)]).await?;
        let given = given.trim().to_ascii_uppercase();
        if !bool::from(number.as_bytes().ct_eq(given.as_bytes())) {
            return Err(Refused::IdentityWrong);
        }
        self.db
            .write(move |tx| Box::pin(async move { store::clear_tries(tx, &key).await }))
            .await
            .map_err(Refused::Store)
    }

    async fn ready_at(
        &self,
        customer: CustomerId,
        caller: &Caller,
        now: Timestamp,
    ) -> Result<Timestamp, Refused> {
        let known = match self.device(caller).await? {
            Some((_, device)) => store::known_device(self.db.reader(), customer.to_bytes(), device).await?,
            None => None,
        };
        let key = caller.device_key.map(|key| *key.as_bytes());
        let device = known
            .filter(|known| key.is_some() && known.key == key)
            .map(|known| recovery::Device { known_since: known.first_at, trusted: known.trusts(key) });
        let has_passkey = !store::passkeys_of(self.db.reader(), Holder::Customer(customer)).await?.is_empty();
        let number_held = self.number_held(customer).await?.is_some();
        Ok(recovery::ready_at(&self.settings, device, has_passkey || number_held, now))
    }

    /// Writes down that somebody waits for a new password, and tells the owner.
    async fn begin_waiting(
        &self,
        customer: CustomerId,
        requester: Hash,
        ready_at: Timestamp,
        caller: &Caller,
    ) -> Result<RecoveryRow, Refused> {
        let budget = Budget::per(self.settings.recoveries_per_week_max, 7 * DAY_S);
        let key = self.tries_key("recovery.asked", [&customer.to_bytes(), b""]);
        self.count(vec![(key, budget)]).await?;
        let now = self.now();
        let row = RecoveryRow {
            id: RecoveryId::mint(),
            customer,
            requester,
            channel: caller.channel,
            device_name: caller.device_name.clone(),
            asked_at: now,
            ready_at,
            expires_at: later(ready_at, self.settings.recovery_good_s),
            vouched_by: None,
            confirmed_by: None,
        };
        let asked = row.clone();
        let (stage, english) = (RecoveryStage::Asked, caller.is_english());
        let news = RecoveryChanged { customer, stage, ready_at: Some(ready_at), english };
        self.db
            .write(move |tx| {
                let (row, news) = (row.clone(), news.clone());
                Box::pin(async move {
                    store::end_expired_recoveries(tx, now).await?;
                    store::insert_recovery(tx, &row).await?;
                    announce(tx, &customer.to_string(), &news, now).await
                })
            })
            .await?;
        Ok(asked)
    }

    async fn set_recovered(&self, due: Due) -> Result<(), Refused> {
        let _alone = self.opening.write().await;
        let now = self.now();
        let held_until = later(now, self.settings.recovery_hold_s);
        let due = Arc::new(due);
        let ended = self
            .db
            .write(move |tx| {
                let due = Arc::clone(&due);
                Box::pin(async move {
                    let customer = due.customer;
                    for row in store::open_recoveries(tx, customer, now).await? {
                        let own = row.requester == due.code.1;
                        let outcome = if own { Outcome::Done } else { Outcome::Refused };
                        store::end_recovery(tx, row.id, outcome, now).await?;
                    }
                    store::write_password(tx, customer, &due.hash, now).await?;
                    if due.waited {
                        store::hold_until(tx, customer, held_until).await?;
                    }
                    store::remove_code(tx, &due.code.0, Purpose::ResetPassword, &due.code.1).await?;
                    let (stage, english) = (RecoveryStage::Done, due.english);
                    let news = RecoveryChanged { customer, stage, ready_at: None, english };
                    announce(tx, &customer.to_string(), &news, now).await?;
                    end(tx, Whose::Customer(customer), |_| true, EndReason::PasswordChanged, now).await
                })
            })
            .await?;
        self.sessions.remove(&ended);
        Ok(())
    }

    /// What waits for a new password of `customer`, the oldest first.
    ///
    /// # Errors
    /// [`Refused::Store`].
    pub(crate) async fn recoveries_of(&self, customer: CustomerId) -> Result<Vec<RecoveryRow>, Refused> {
        Ok(store::open_recoveries(self.db.reader(), customer, self.now()).await?)
    }

    /// The owner refuses whatever waits for a new password of theirs.
    ///
    /// # Errors
    /// [`Refused::Store`].
    pub(crate) async fn refuse_recoveries(
        &self,
        customer: CustomerId,
        caller: &Caller,
    ) -> Result<(), Refused> {
        let (now, english) = (self.now(), caller.is_english());
        self.db
            .write(move |tx| Box::pin(async move { refuse(tx, customer, english, now).await }))
            .await
            .map_err(Refused::Store)
    }

    /// A member of staff saw the customer and their documents. The second one ends the waiting.
    ///
    /// # Errors
    /// [`Refused::NotFound`], [`Refused::SecondNeeded`] where the same one vouches again, [`Refused::Store`].
    pub(crate) async fn vouch(
        &self,
        customer: CustomerId,
        id: RecoveryId,
        staff: StaffId,
    ) -> Result<RecoveryRow, Refused> {
        let now = self.now();
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let found = |rows: Vec<RecoveryRow>| rows.into_iter().find(|row| row.id == id);
                    let row = found(store::open_recoveries(tx, customer, now).await?);
                    let row = row.ok_or(Refused::NotFound)?;
                    let done = match (row.vouched_by, row.confirmed_by) {
                        (None, _) => store::vouch(tx, id, staff).await?,
                        (Some(first), None) if first != staff => store::confirm(tx, id, staff, now).await?,
                        (Some(_), Some(_)) => true,
                        (Some(_), None) => false,
                    };
                    if !done {
                        return Err(Refused::SecondNeeded);
                    }
                    found(store::open_recoveries(tx, customer, now).await?).ok_or(Refused::NotFound)
                })
            })
            .await
    }

    /// Whether the password of the owner of `session` may open another way in: not for a while after a recovery that
    /// had to wait, unless a passkey opened the session; nor while a change of the SIM is fresh, unless something else than
    /// the number did, or it is on a device that their passkey vouched for.
    ///
    /// # Errors
    /// [`Refused::Held`], [`Refused::NumberHeld`], [`Refused::Store`].
    pub(super) async fn not_held(&self, customer: CustomerId, session: &Session) -> Result<(), Refused> {
        let now = self.now();
        let row = store::live_session(self.db.reader(), session.id, now).await?;
        let method = row.ok_or(Refused::NotSignedIn)?.method;
        let until = store::held_until(self.db.reader(), customer).await?.filter(|until| now < *until);
        if let (Some(until), true) = (until, method != Method::Passkey) {
            return Err(Refused::Held { until });
        }
        if method.stands_without_number() || session.assurance == Assurance::BoundDevice {
            return Ok(());
        }
        match self.number_held(customer).await? {
            Some(until) => Err(Refused::NumberHeld { until }),
            None => Ok(()),
        }
    }
}

/// Ends whatever waits for a new password of `customer`, in the transaction that shows that none is needed.
pub(super) async fn refuse(
    tx: &DatabaseTransaction,
    customer: CustomerId,
    english: bool,
    now: Timestamp,
) -> Result<(), DbErr> {
    let open = store::open_recoveries(tx, customer, now).await?;
    for row in &open {
        store::end_recovery(tx, row.id, Outcome::Refused, now).await?;
    }
    if open.is_empty() {
        return Ok(());
    }
    let news = RecoveryChanged { customer, stage: RecoveryStage::Refused, ready_at: None, english };
    announce(tx, &customer.to_string(), &news, now).await
}
