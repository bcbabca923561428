//! Changing passwords, setting and checking payment PINs.

use std::sync::Arc;

use contracts::customers::Profile;
use contracts::identity::{EndReason, Locked, PinCheck, Session};
use ids::CustomerId;
use secrecy::Secret;
use webauthn::Assertion;

use super::{Caller, Identities, announce, end};
use crate::error::Refused;
use crate::model::pin::Pin;
use crate::model::quality::{self, About};
use crate::store::{self, SessionRow, Whose};

/// With what somebody who is signed in shows that the password is theirs to replace.
pub(crate) enum PasswordProof<'a> {
    Old(&'a Secret<String>),
    Passkey(&'a Assertion),
}

impl Identities {
    /// Replaces the password of one who is signed in and gives the old one, or proves to be there with a passkey; every
    /// other session of theirs ends.
    ///
    /// # Errors
    /// [`Refused::PasswordWrong`], [`Refused::Passkey`], [`Refused::Weak`], [`Refused::TooMany`], [`Refused::Store`].
    pub(crate) async fn change_password(
        &self,
        customer: CustomerId,
        session: &Session,
        proof: PasswordProof<'_>,
        new: &Secret<String>,
        caller: &Caller,
    ) -> Result<(), Refused> {
        match proof {
            PasswordProof::Old(old) => self.check_password(customer, session, old).await?,
            PasswordProof::Passkey(assertion) => {
                self.step_up_with_passkey(session, assertion, caller).await?;
            }
        }
        let profile = self.customers.profile(customer).await?.map(|(profile, _)| profile);
        check_new_password(new, &about(profile.as_ref()))?;
        self.replace_password(customer, new, session).await
    }

    async fn replace_password(
        &self,
        customer: CustomerId,
        new: &Secret<String>,
        keep: &Session,
    ) -> Result<(), Refused> {
        let hash = self.hasher.hash(new).await?;
        let _alone = self.opening.write().await;
        let (now, kept) = (self.now(), keep.id);
        let ended = self
            .db
            .write(move |tx| {
                let hash = hash.clone();
                Box::pin(async move {
                    store::write_password(tx, customer, &hash, now).await?;
                    let others = |row: &SessionRow| row.session.id != kept;
                    end(tx, Whose::Customer(customer), others, EndReason::PasswordChanged, now).await
                })
            })
            .await?;
        self.sessions.remove(&ended);
        Ok(())
    }

    /// Sets the payment PIN; a lock on the old one ends with it, for the password was proved.
    ///
    /// # Errors
    /// [`Refused::PasswordWrong`], [`Refused::Held`], [`Refused::Weak`], [`Refused::TooMany`], [`Refused::Store`].
    pub(crate) async fn set_pin(
        &self,
        customer: CustomerId,
        session: &Session,
        password: &Secret<String>,
        pin: &Secret<String>,
    ) -> Result<(), Refused> {
        self.not_held(customer, session).await?;
        self.check_password(customer, session, password).await?;
        let profile = self.customers.profile(customer).await?.map(|(profile, _)| profile);
        quality::pin(pin.expose(), &about(profile.as_ref()))
            .map_err(|weakness| Refused::Weak { field: "pin", weakness })?;
        let _turn = self.turn_of(customer.to_bytes()).await;
        loop {
            self.forget_pin_of_others(customer);
            if let Some(Some(known)) = store::pin_of(self.db.reader(), customer).await? {
                self.pins.remember(customer, known);
            }
            let salt: [u8; 16] = rand::random();
            let state = self.pins.set(customer, salt, self.pin_verifier(customer, &salt, pin));
            let written = self.write_pin(customer, state, None).await;
            if written.inspect_err(|_| self.pins.forget(customer))? {
                return Ok(());
            }
        }
    }

    /// Where other processes check PINs, too, the state is read each time; which of two tries at once was first is
    /// decided by the version that is written.
    fn forget_pin_of_others(&self, customer: CustomerId) {
        if self.db.kind() == db::Kind::Postgres {
            self.pins.forget(customer);
        }
    }

    /// Checks a payment PIN (decision 0005): a right one in memory alone, a wrong one durably counted before the
    /// answer leaves.
    ///
    /// # Errors
    /// [`Refused::Store`]: it is not known whether the try was counted.
    pub(crate) async fn check(
        &self,
        customer: CustomerId,
        pin: &Secret<String>,
    ) -> Result<PinCheck, Refused> {
        let (now, budget) = (self.now(), self.pin_budget());
        // Whoever guesses many at once waits for each: their transactions would only repeat each other.
        let _turn = self.turn_of(customer.to_bytes()).await;
        self.forget_pin_of_others(customer);
        loop {
            let verifier = |salt: &[u8; 16]| self.pin_verifier(customer, salt, pin);
            match self.pins.check(customer, verifier, &budget, now) {
                Some((answer, None)) => return Ok(answer),
                Some((answer, Some(state))) => {
                    let locked = match &answer {
                        PinCheck::Locked { until } => {
                            Some(Locked { customer: Some(customer), pin: true, until: *until })
                        }
                        _ => None,
                    };
                    if self.write_pin(customer, state, locked).await? {
                        return Ok(answer);
                    }
                    self.pins.forget(customer);
                }
                None => match store::pin_of(self.db.reader(), customer).await?.flatten() {
                    Some(state) => self.pins.remember(customer, state),
                    None => return Ok(PinCheck::NotSet),
                },
            }
        }
    }

    /// `false`: another process has written a state meanwhile, and this one counts for nothing.
    async fn write_pin(
        &self,
        customer: CustomerId,
        state: Pin,
        locked: Option<Locked>,
    ) -> Result<bool, Refused> {
        let (now, state) = (self.now(), Arc::new(state));
        // In one process the later state is always here already when an earlier one is written late.
        let alone = self.db.kind() == db::Kind::Sqlite;
        self.db
            .write(move |tx| {
                let (state, locked) = (Arc::clone(&state), locked.clone());
                Box::pin(async move {
                    let written = store::write_pin(tx, customer, &state).await? || alone;
                    if let (true, Some(news)) = (written, locked) {
                        announce(tx, &customer.to_string(), &news, now).await?;
                    }
                    Ok::<_, sea_orm::DbErr>(written)
                })
            })
            .await
            .map_err(Refused::Store)
    }

    /// Proves the password of a customer who is signed in.
    pub(super) async fn check_password(
        &self,
        customer: CustomerId,
        session: &Session,
        password: &Secret<String>,
    ) -> Result<(), Refused> {
        let stored =
            store::credential(self.db.reader(), customer).await?.map(|credential| credential.password);
        self.check_stored(session, stored, Some(customer), password).await
    }

    /// Proves the password whose hash is `stored`; `customer`: who is told where further tries are held.
    pub(super) async fn check_stored(
        &self,
        session: &Session,
        stored: Option<String>,
        customer: Option<CustomerId>,
        password: &Secret<String>,
    ) -> Result<(), Refused> {
        let attempt = self.begin_signed_in(session.id).await?;
        if !self.verified(&attempt, password, stored).await? {
            self.wrong(&attempt, customer).await?;
            return Err(Refused::PasswordWrong);
        }
        self.db
            .write(move |tx| {
                let (clear, _) = attempt.counted();
                Box::pin(async move {
                    for key in &clear {
                        store::clear_tries(tx, key).await?;
                    }
                    Ok::<(), sea_orm::DbErr>(())
                })
            })
            .await
            .map_err(Refused::Store)
    }

    pub(super) fn pin_verifier(
        &self,
        customer: CustomerId,
        salt: &[u8; 16],
        pin: &Secret<String>,
    ) -> [u8; 32] {
        self.keys
            .mac("identity.pin", &[salt.as_slice(), &customer.to_bytes(), pin.expose().as_bytes()].concat())
    }
}

pub(super) fn check_new_password(new: &Secret<String>, about: &About<'_>) -> Result<(), Refused> {
    quality::password(new.expose(), about).map_err(|weakness| Refused::Weak { field: "password", weakness })
}

/// What of a customer must not be in their secrets.
pub(super) fn about(profile: Option<&Profile>) -> About<'_> {
    match profile {
        Some(Profile::Person(person)) => About {
            phone: person.phone.as_deref(),
            id_number: person.id_number.as_deref(),
            born: person.born_on.map(|day| day.to_string().replace('-', "")),
        },
        Some(Profile::Business(business)) => {
            About { phone: business.phone.as_deref(), id_number: Some(&business.credit_code), born: None }
        }
        None => About::default(),
    }
}
