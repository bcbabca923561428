//! Proving once more to be there, where what is asked needs it.

use std::sync::Arc;

use contracts::identity::{Assurance, Principal, Session};
use ids::CustomerId;
use secrecy::Secret;
use webauthn::{Assertion, RequestOptions};

use super::open::owner;
use super::{Caller, Identities};
use crate::error::{Refused, Way};
use crate::model::challenge::Ceremony;
use crate::model::later;
use crate::store::{self, Holder, SessionRow};

impl Identities {
    /// Whether the owner of `session` proved to be there a moment ago. Read from the store: another process may have
    /// heard the proof.
    ///
    /// # Errors
    /// [`Refused::StepUp`] with the ways in which this customer can; [`Refused::Store`].
    pub(crate) async fn proved_of_late(&self, session: &Session) -> Result<SessionRow, Refused> {
        let now = self.now();
        let row = store::live_session(self.db.reader(), session.id, now).await?;
        let row = row.ok_or(Refused::NotSignedIn)?;
        if now < later(row.proved_at, self.settings.step_up_good_s) {
            return Ok(row);
        }
        Err(Refused::StepUp(self.ways(&session.principal).await?))
    }

    /// How a customer can prove to be there, the least effort first.
    async fn ways(&self, principal: &Principal) -> Result<Vec<Way>, Refused> {
        let has_passkey = match principal {
            Principal::Customer(customer) => {
                !store::passkeys_of(self.db.reader(), Holder::Customer(*customer)).await?.is_empty()
            }
            Principal::Staff(..) | Principal::ThirdParty(..) => false,
        };
        Ok(if has_passkey { vec![Way::Passkey, Way::Password] } else { vec![Way::Password] })
    }

    /// What a browser asks its user for: one of the customer's own passkeys.
    ///
    /// # Errors
    /// [`Refused::Passkey`], [`Refused::Store`].
    pub(crate) async fn begin_step_up(
        &self,
        customer: CustomerId,
        session: &Session,
        caller: &Caller,
    ) -> Result<RequestOptions, Refused> {
        let known = store::passkeys_of(self.db.reader(), Holder::Customer(customer)).await?;
        let allow: Vec<_> = known.into_iter().map(|row| (row.credential, row.transports)).collect();
        if allow.is_empty() {
            // An empty list would mean any passkey.
            return Err(Refused::Passkey("passkey_unknown"));
        }
        Ok(RequestOptions::new(
            &self.relying_party(caller)?,
            &self.challenge(Ceremony::StepUp, Some(session.id.to_bytes())),
            &allow,
            self.ceremony_ms(),
        ))
    }

    /// The owner of `session` proves to be there with the password.
    ///
    /// # Errors
    /// [`Refused::PasswordWrong`], [`Refused::TooMany`], [`Refused::Store`].
    pub(crate) async fn step_up_with_password(
        &self,
        customer: CustomerId,
        session: &Session,
        password: &Secret<String>,
    ) -> Result<(), Refused> {
        self.check_password(customer, session, password).await?;
        self.raise(session, session.assurance, None).await
    }

    /// The owner of `session` proves to be there with a passkey of theirs; the session is then as good as one that a
    /// passkey opened.
    ///
    /// # Errors
    /// [`Refused::Passkey`], [`Refused::Store`].
    pub(crate) async fn step_up_with_passkey(
        &self,
        customer: CustomerId,
        session: &Session,
        assertion: &Assertion,
        caller: &Caller,
    ) -> Result<(), Refused> {
        let (holder, proved) =
            self.prove_passkey(assertion, Ceremony::StepUp, Some(session.id.to_bytes()), caller).await?;
        if holder != Holder::Customer(customer) {
            return Err(Refused::Passkey("passkey_other"));
        }
        let bound = session.device_key.is_some();
        let reached = if bound { Assurance::BoundDevice } else { Assurance::TwoFactor };
        self.raise(session, session.assurance.max(reached), Some(Arc::new(proved?))).await
    }

    async fn raise(
        &self,
        session: &Session,
        assurance: Assurance,
        proved: Option<Arc<super::passkeys::Proved>>,
    ) -> Result<(), Refused> {
        let (id, now) = (session.id, self.now());
        let (owner, device, bound) =
            (owner(&session.principal), session.device, session.device_key.is_some());
        let row = self
            .db
            .write(move |tx| {
                let proved = proved.clone();
                Box::pin(async move {
                    if let Some(proved) = proved {
                        proved.write(tx).await?;
                        if bound {
                            store::trust_device(tx, owner, device, now).await?;
                        }
                    }
                    store::write_proof(tx, id, assurance, now).await?;
                    store::live_session(tx, id, now).await?.ok_or(Refused::NotSignedIn)
                })
            })
            .await?;
        let hash = row.token_hash;
        self.sessions.learn(&hash, Some(row));
        Ok(())
    }
}
