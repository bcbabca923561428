//! A customer's authenticator app: setting it up, removing it, and proving with its codes (decision 0031).

use std::sync::Arc;

use contracts::identity::{Assurance, Principal, Session, TotpChanged};
use ids::CustomerId;
use secrecy::Secret;

use super::{Caller, Identities, announce};
use crate::error::Refused;
use crate::model::code::is_code;
use crate::model::later;
use crate::model::totp::{self, NO_STEP, SECRET_BYTES, SharedSecret};
use crate::store::{self, TotpRow, WaitingTotpRow};

/// Under which secrets are sealed.
const SECRET: &str = "identity.totp";
/// How long a secret that was shown can be confirmed, seconds: an app may have to be found and installed first.
const SHOWN_GOOD_S: u32 = 10 * 60;

/// A secret on its way to its owner.
pub(crate) struct TotpShown {
    /// What an app reads from a picture.
    pub(crate) uri: Secret<String>,
    /// What is typed where no picture can be taken.
    pub(crate) typed: Secret<String>,
    pub(crate) good_for_s: u32,
}

impl Identities {
    /// A customer's app, where one is in force.
    ///
    /// # Errors
    /// [`Refused::Store`].
    pub(crate) async fn totp_of(&self, customer: CustomerId) -> Result<Option<TotpRow>, Refused> {
        Ok(store::totp_of(self.db.reader(), customer).await?)
    }

    /// Shows a new secret to the customer of `session`, who proved to be there a moment ago. It is in force when a code of
    /// it came; until then the app before it is.
    ///
    /// # Errors
    /// [`Refused::Held`], [`Refused::StepUp`], [`Refused::Unavailable`], [`Refused::Store`].
    pub(crate) async fn begin_totp(
        &self,
        customer: CustomerId,
        session: &Session,
    ) -> Result<TotpShown, Refused> {
        self.not_held(customer, session).await?;
        self.proved_of_late(session).await?;
        let profile = self.customers.profile(customer).await?.ok_or(Refused::NotSignedIn)?.0;
        // Apps show it to whoever looks at them, and copy it to wherever they are backed up.
        let account = match profile.phone() {
            Some(phone) => secrecy::mask::phone(phone),
            None => secrecy::mask::party_name(profile.name()),
        };
        let secret: SharedSecret = Secret::new(rand::random::<[u8; SECRET_BYTES]>());
        let row = WaitingTotpRow {
            customer,
            secret: self.keys.seal(customer.into(), SECRET, secret.expose()).await?,
            session: session.id,
            expires_at: later(self.now(), SHOWN_GOOD_S),
        };
        self.db
            .write(move |tx| {
                let row = row.clone();
                Box::pin(async move { store::keep_waiting_totp(tx, &row).await })
            })
            .await?;
        Ok(TotpShown {
            uri: totp::uri(&secret, &self.settings.relying_party_name, &account),
            typed: totp::base32(&secret),
            good_for_s: SHOWN_GOOD_S,
        })
    }

    /// Puts in force what was shown in `session`, by a code of it. That code signs nobody in.
    ///
    /// # Errors
    /// [`Refused::Held`], [`Refused::StepUp`], [`Refused::TotpOver`], [`Refused::TotpWrong`], [`Refused::Store`].
    pub(crate) async fn confirm_totp(
        &self,
        customer: CustomerId,
        session: &Session,
        code: &Secret<String>,
        caller: &Caller,
    ) -> Result<TotpRow, Refused> {
        self.not_held(customer, session).await?;
        self.proved_of_late(session).await?;
        let now = self.now();
        let waiting = store::waiting_totp(self.db.reader(), customer).await?;
        let waiting = waiting.filter(|row| row.session == session.id && now < row.expires_at);
        let waiting = waiting.ok_or(Refused::TotpOver)?;
        // Tries are not counted: whoever was shown the secret has nothing to guess.
        let secret = self.opened_totp(customer, &waiting.secret).await?;
        let step = totp::step_of(&secret, code.expose(), now, NO_STEP).ok_or(Refused::TotpWrong)?;
        let row =
            TotpRow { customer, secret: waiting.secret.clone(), step, added_at: now, last_used_at: None };
        let written = Arc::new((waiting, row.clone()));
        let news = TotpChanged { customer, added: true, english: caller.is_english() };
        let tries = self.totp_tries(customer);
        self.db
            .write(move |tx| {
                let (written, news) = (Arc::clone(&written), news.clone());
                Box::pin(async move {
                    let (waiting, row) = &*written;
                    if !store::use_waiting_totp(tx, waiting).await? {
                        return Err(Refused::TotpOver);
                    }
                    store::put_totp(tx, row).await?;
                    store::clear_tries(tx, &tries).await?;
                    Ok(announce(tx, &customer.to_string(), &news, now).await?)
                })
            })
            .await?;
        Ok(row)
    }

    /// Removes the app of the customer of `session`, who proved to be there a moment ago.
    ///
    /// # Errors
    /// [`Refused::Held`], [`Refused::StepUp`], [`Refused::NotFound`], [`Refused::Store`].
    pub(crate) async fn remove_totp(
        &self,
        customer: CustomerId,
        session: &Session,
        caller: &Caller,
    ) -> Result<(), Refused> {
        self.not_held(customer, session).await?;
        self.proved_of_late(session).await?;
        let news = TotpChanged { customer, added: false, english: caller.is_english() };
        let (now, tries) = (self.now(), self.totp_tries(customer));
        self.db
            .write(move |tx| {
                let news = news.clone();
                Box::pin(async move {
                    if !store::remove_totp(tx, customer).await? {
                        return Err(Refused::NotFound);
                    }
                    store::remove_waiting_totp(tx, customer).await?;
                    store::clear_tries(tx, &tries).await?;
                    Ok(announce(tx, &customer.to_string(), &news, now).await?)
                })
            })
            .await
    }

    /// Proves a code of the app of `customer`, who proved the password or is signed in, and uses it up with all before it.
    /// The try is counted before the code is looked at.
    ///
    /// # Errors
    /// [`Refused::TotpWrong`] also where there is no app; [`Refused::TooMany`], [`Refused::Store`].
    pub(super) async fn prove_totp(
        &self,
        customer: CustomerId,
        code: &Secret<String>,
    ) -> Result<(), Refused> {
        // What cannot be a code is no guess, and without an app there is nothing to guess.
        let known = if is_code(code.expose()) { self.totp_of(customer).await? } else { None };
        let known = known.ok_or(Refused::TotpWrong)?;
        let attempt = Arc::new(self.begin_totp_try(customer).await?);
        let secret = match self.opened_totp(customer, &known.secret).await {
            Ok(secret) => secret,
            Err(refused) => {
                self.undecided(&attempt).await?;
                return Err(refused);
            }
        };
        let now = self.now();
        let taken = match totp::step_of(&secret, code.expose(), now, known.step) {
            Some(step) => {
                let attempt = Arc::clone(&attempt);
                self.db
                    .write(move |tx| {
                        let (known, attempt) = (known.clone(), Arc::clone(&attempt));
                        Box::pin(async move {
                            let taken = store::take_totp_step(tx, &known, step, now).await?;
                            if taken {
                                attempt.settle(tx).await?;
                            }
                            Ok::<_, sea_orm::DbErr>(taken)
                        })
                    })
                    .await?
            }
            None => false,
        };
        if taken {
            return Ok(());
        }
        self.wrong(&attempt, Some(customer)).await?;
        Err(Refused::TotpWrong)
    }

    /// The owner of `session`, which a password opened, proves to be there with the app: the session has two factors then.
    ///
    /// # Errors
    /// [`Refused::StepUp`] where a code would be no other factor than what opened the session; [`Refused::TotpWrong`],
    /// [`Refused::TooMany`], [`Refused::Store`].
    pub(crate) async fn step_up_with_totp(
        &self,
        session: &Session,
        code: &Secret<String>,
    ) -> Result<(), Refused> {
        let Principal::Customer(customer) = session.principal else { return Err(Refused::TotpWrong) };
        let row = store::live_session(self.db.reader(), session.id, self.now()).await?;
        let method = row.ok_or(Refused::NotSignedIn)?.method;
        if !method.is_strengthened_by_totp() {
            return Err(Refused::StepUp(self.ways(&session.principal, method).await?));
        }
        self.prove_totp(customer, code).await?;
        self.raise(session, session.assurance.max(Assurance::TwoFactor), None).await
    }

    async fn opened_totp(&self, customer: CustomerId, sealed: &[u8]) -> Result<SharedSecret, Refused> {
        let plain = Secret::new(self.keys.open_sealed(customer.into(), SECRET, sealed).await?);
        let bytes = plain.expose().as_slice().try_into().map_err(|_| keys::KeysFailed::Damaged)?;
        Ok(Secret::new(bytes))
    }
}
