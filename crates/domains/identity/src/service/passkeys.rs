//! Passkeys: adding, listing and removing them, and signing in with one.

use std::sync::Arc;

use contracts::identity::{PasskeyChanged, Principal, Session};
use ids::{CustomerId, PasskeyId};
use sea_orm::DatabaseTransaction;
use webauthn::{Asserted, Assertion, CreationOptions, Known, PublicKey, Registration, RequestOptions};

use super::attempt::Attempt;
use super::ceremony::{Answered, Bound};
use super::open::{Entering, SignedIn, owner};
use super::staff::still_staff;
use super::{Caller, Identities, announce};
use crate::error::Refused;
use crate::model::authenticators::passkey_name;
use crate::model::challenge::Ceremony;
use crate::model::method::Method;
use crate::store::{self, Holder, PasskeyRow};

/// A passkey that signed what it was asked to.
pub(super) struct Signed {
    row: PasskeyRow,
    asserted: Asserted,
    now: clock::Timestamp,
}

impl Signed {
    /// Writes down the use. Two uses at once of which neither knows the other are a copy of the key, or a mistake: the
    /// later one is refused.
    pub(super) async fn write(&self, tx: &DatabaseTransaction) -> Result<(), Refused> {
        let Asserted { sign_count, backed_up } = self.asserted;
        if store::write_passkey_use(tx, &self.row, sign_count, backed_up, self.now).await? {
            return Ok(());
        }
        Err(Refused::Passkey("passkey_counter_regressed"))
    }
}

/// A passkey that proved to be there.
pub(super) struct Proved {
    signed: Signed,
    answered: Answered,
}

impl Proved {
    /// Uses up the challenge and writes down the use.
    pub(super) async fn write(&self, tx: &DatabaseTransaction) -> Result<(), Refused> {
        self.answered.use_up(tx).await?;
        self.signed.write(tx).await
    }
}

/// A passkey that a browser made for somebody.
pub(super) struct Made {
    pub(super) row: PasskeyRow,
    answered: Answered,
}

impl Made {
    /// Uses up the challenge and keeps the passkey.
    pub(super) async fn write(&self, tx: &DatabaseTransaction) -> Result<(), Refused> {
        self.answered.use_up(tx).await?;
        if store::insert_passkey(tx, &self.row).await? {
            return Ok(());
        }
        Err(Refused::Passkey("passkey_known"))
    }
}

impl Identities {
    /// Begins to add a passkey to the customer of `session`, who proved to be there a moment ago.
    ///
    /// # Errors
    /// [`Refused::Held`], [`Refused::StepUp`], [`Refused::PasskeysFull`], [`Refused::Passkey`], [`Refused::Unavailable`],
    /// [`Refused::Store`].
    pub(crate) async fn begin_passkey(
        &self,
        customer: CustomerId,
        session: &Session,
        caller: &Caller,
    ) -> Result<CreationOptions, Refused> {
        self.not_held(customer, session).await?;
        self.proved_of_late(session).await?;
        let relying_party = self.relying_party(caller)?;
        let known = self.passkeys_of(customer).await?;
        if known.len() >= self.settings.passkeys_max {
            return Err(Refused::PasskeysFull);
        }
        let profile = self.customers.profile(customer).await?.ok_or(Refused::NotSignedIn)?.0;
        let phone = secrecy::mask::phone(profile.phone().unwrap_or_default());
        let exclude: Vec<_> = known.into_iter().map(|row| (row.credential, row.transports)).collect();
        Ok(CreationOptions::new(
            &relying_party,
            &customer.to_bytes(),
            if phone.is_empty() { profile.name() } else { &phone },
            profile.name(),
            &self.challenge(Ceremony::Add, Some(session.id.to_bytes())),
            &exclude,
            self.ceremony_ms(),
        ))
    }

    /// Adds the passkey that the browser made.
    ///
    /// # Errors
    /// [`Refused::Held`], [`Refused::StepUp`], [`Refused::Passkey`], [`Refused::Store`].
    pub(crate) async fn add_passkey(
        &self,
        customer: CustomerId,
        session: &Session,
        registration: &Registration,
        caller: &Caller,
    ) -> Result<PasskeyRow, Refused> {
        self.not_held(customer, session).await?;
        self.proved_of_late(session).await?;
        let (holder, bound_to) = (Holder::Customer(customer), session.id.to_bytes());
        let made = self.made(registration, Ceremony::Add, holder, bound_to, caller).await?;
        let (added, news) = (made.row.clone(), self.passkey_news(customer, &made.row, true, caller));
        let (made, passkeys_max, now) = (Arc::new(made), self.settings.passkeys_max, added.added_at);
        self.db
            .write(move |tx| {
                let (made, news) = (Arc::clone(&made), news.clone());
                Box::pin(async move {
                    let full = store::passkeys_of(tx, holder).await?.len() >= passkeys_max;
                    made.write(tx).await?;
                    if full {
                        return Err(Refused::PasskeysFull);
                    }
                    Ok(announce(tx, &customer.to_string(), &news, now).await?)
                })
            })
            .await?;
        Ok(added)
    }

    /// Checks a passkey that a browser made for `holder`; nothing is kept of it yet.
    ///
    /// # Errors
    /// [`Refused::Passkey`], [`Refused::Store`].
    pub(super) async fn made(
        &self,
        registration: &Registration,
        ceremony: Ceremony,
        holder: Holder,
        bound_to: Bound,
        caller: &Caller,
    ) -> Result<Made, Refused> {
        let challenge = registration.challenge().map_err(Refused::passkey)?;
        let answered = self.answered(&challenge, ceremony, Some(bound_to)).await?;
        let made =
            self.relying_party(caller)?.register(&challenge, registration).map_err(Refused::passkey)?;
        let row = PasskeyRow {
            id: PasskeyId::mint(),
            holder,
            name: passkey_name(made.aaguid, &caller.device_name),
            public_key: made.key.to_bytes(),
            credential: made.id,
            sign_count: made.sign_count,
            aaguid: made.aaguid,
            transports: made.transports,
            backup_eligible: made.backup_eligible,
            backed_up: made.backed_up,
            added_at: self.now(),
            last_used_at: None,
        };
        Ok(Made { row, answered })
    }

    /// A customer's passkeys, the oldest first.
    ///
    /// # Errors
    /// [`Refused::Store`].
    pub(crate) async fn passkeys_of(&self, customer: CustomerId) -> Result<Vec<PasskeyRow>, Refused> {
        Ok(store::passkeys_of(self.db.reader(), Holder::Customer(customer)).await?)
    }

    /// Removes a passkey of the customer of `session`, who proved to be there a moment ago.
    ///
    /// # Errors
    /// [`Refused::Held`], [`Refused::StepUp`], [`Refused::NotFound`] also for somebody else's, [`Refused::Store`].
    pub(crate) async fn remove_passkey(
        &self,
        customer: CustomerId,
        session: &Session,
        id: PasskeyId,
        caller: &Caller,
    ) -> Result<(), Refused> {
        self.not_held(customer, session).await?;
        self.proved_of_late(session).await?;
        let known = self.passkeys_of(customer).await?;
        let row = known.into_iter().find(|row| row.id == id).ok_or(Refused::NotFound)?;
        let (now, news) = (self.now(), self.passkey_news(customer, &row, false, caller));
        self.db
            .write(move |tx| {
                let news = news.clone();
                Box::pin(async move {
                    if !store::remove_passkey(tx, customer, id).await? {
                        return Err(Refused::NotFound);
                    }
                    Ok(announce(tx, &customer.to_string(), &news, now).await?)
                })
            })
            .await
    }

    fn passkey_news(
        &self,
        customer: CustomerId,
        row: &PasskeyRow,
        added: bool,
        caller: &Caller,
    ) -> PasskeyChanged {
        PasskeyChanged {
            customer,
            passkey: row.id,
            name: row.name.clone(),
            added,
            english: caller.is_english(),
        }
    }

    /// What a browser asks its user for at the customers' door: any passkey of this bank, whoever they are.
    ///
    /// # Errors
    /// [`Refused::Passkey`].
    pub(crate) fn begin_passkey_sign_in(&self, caller: &Caller) -> Result<RequestOptions, Refused> {
        self.begin_at_door(Ceremony::SignIn, caller)
    }

    pub(super) fn begin_at_door(
        &self,
        ceremony: Ceremony,
        caller: &Caller,
    ) -> Result<RequestOptions, Refused> {
        let (relying_party, challenge) = (self.relying_party(caller)?, self.challenge(ceremony, None));
        Ok(RequestOptions::new(&relying_party, &challenge, &[], self.ceremony_ms()))
    }

    /// Signs in the customer whose passkey signed. Who guesses guesses 256 bits: tries are not counted.
    ///
    /// # Errors
    /// [`Refused::Passkey`], [`Refused::Store`].
    pub(crate) async fn sign_in_with_passkey(
        &self,
        assertion: &Assertion,
        caller: &Caller,
    ) -> Result<SignedIn, Refused> {
        let (holder, proved) = self.prove_passkey(assertion, Ceremony::SignIn, None, caller).await?;
        // The passkey of a member of staff is no customer's, and is unknown here.
        let Holder::Customer(customer) = holder else { return Err(Refused::Passkey("passkey_unknown")) };
        if proved.is_err() {
            metrics::counter!("identity_sign_ins_refused").increment(1);
        }
        self.enter_with_passkey(Principal::Customer(customer), proved, caller).await
    }

    /// Opens a session for `principal`, whose passkey signed; or writes down that it was refused.
    pub(super) async fn enter_with_passkey(
        &self,
        principal: Principal,
        proved: Result<Proved, Refused>,
        caller: &Caller,
    ) -> Result<SignedIn, Refused> {
        let proved = match proved {
            Ok(proved) => Arc::new(proved),
            Err(refused) => {
                self.refused(owner(&principal), Method::Passkey, caller).await?;
                return Err(refused);
            }
        };
        let attempt = Attempt::none(self.device(caller).await?);
        let _opening = self.opening.read().await;
        let opening = self.opening(Entering::by(principal, Method::Passkey), attempt, caller).await?;
        let written = Arc::clone(&opening);
        let _turn = self.turn(caller).await;
        self.db
            .write(move |tx| {
                let (opening, proved) = (Arc::clone(&written), Arc::clone(&proved));
                Box::pin(async move {
                    if let Principal::Staff(id, role) = opening.principal() {
                        still_staff(tx, *id, *role).await?;
                    }
                    proved.write(tx).await?;
                    Ok::<(), Refused>(opening.write(tx).await?)
                })
            })
            .await?;
        Ok(self.opened(&opening))
    }

    /// Checks the answer of a passkey: whose it is, and what came of it.
    ///
    /// # Errors
    /// [`Refused::Passkey`] where it is nobody's, or no answer to a challenge of this bank; [`Refused::Store`].
    pub(super) async fn prove_passkey(
        &self,
        assertion: &Assertion,
        ceremony: Ceremony,
        bound_to: Option<Bound>,
        caller: &Caller,
    ) -> Result<(Holder, Result<Proved, Refused>), Refused> {
        let challenge = assertion.challenge().map_err(Refused::passkey)?;
        let answered = self.answered(&challenge, ceremony, bound_to).await?;
        let (holder, signed) = self.signed(assertion, &challenge, caller).await?;
        Ok((holder, signed.map(|signed| Proved { signed, answered })))
    }

    /// Checks that a passkey of `customer` signed `challenge`, which is no challenge of a ceremony.
    ///
    /// # Errors
    /// [`Refused::Passkey`], [`Refused::Store`].
    pub(super) async fn prove_signed(
        &self,
        assertion: &Assertion,
        customer: CustomerId,
        challenge: &[u8],
        caller: &Caller,
    ) -> Result<Signed, Refused> {
        let (holder, signed) = self.signed(assertion, challenge, caller).await?;
        if holder != Holder::Customer(customer) {
            return Err(Refused::Passkey("passkey_other"));
        }
        signed
    }

    /// Whose passkey it is, and whether it signed `challenge`.
    async fn signed(
        &self,
        assertion: &Assertion,
        challenge: &[u8],
        caller: &Caller,
    ) -> Result<(Holder, Result<Signed, Refused>), Refused> {
        let relying_party = self.relying_party(caller)?;
        let row = store::passkey_of(self.db.reader(), assertion.credential_id()).await?;
        let row = row.ok_or(Refused::Passkey("passkey_unknown"))?;
        let key = PublicKey::try_from_bytes(&row.public_key).map_err(|_| Refused::Passkey("passkey_key"))?;
        let holder = row.holder;
        let known = Known {
            key: &key,
            sign_count: row.sign_count,
            backup_eligible: row.backup_eligible,
            user_handle: &holder.to_bytes(),
        };
        let asserted = relying_party.verify(challenge, &known, assertion).map_err(Refused::passkey);
        Ok((holder, asserted.map(|asserted| Signed { row, asserted, now: self.now() })))
    }
}
