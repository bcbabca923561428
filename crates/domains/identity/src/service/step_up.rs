//! Proving once more to be there, where what is asked needs it.

use std::sync::Arc;

use contracts::identity::{Assurance, Principal, Session};
use ids::StaffId;
use secrecy::Secret;
use webauthn::{Assertion, RequestOptions};

use super::open::owner;
use super::{Caller, Identities};
use crate::error::{EmbeddedRefused, Refused, StaffRefused, Way};
use crate::model::challenge::Ceremony;
use crate::model::later;
use crate::model::method::Method;
use crate::store::{self, Holder, SessionRow};

impl Identities {
    /// Whether the owner of `session` proved to be there a moment ago. Read from the store: another process may have
    /// heard the proof.
    ///
    /// # Errors
    /// [`Refused::StepUp`] with the ways in which its owner can; [`Refused::Store`].
    pub(crate) async fn proved_of_late(&self, session: &Session) -> Result<SessionRow, Refused> {
        let now = self.now();
        let row = store::live_session(self.db.reader(), session.id, now).await?;
        let row = row.ok_or(Refused::NotSignedIn)?;
        if now < later(row.proved_at, self.settings.step_up_good_s) {
            return Ok(row);
        }
        Err(Refused::StepUp(self.ways(&session.principal, row.method).await?))
    }

    /// How somebody whose session `method` opened can prove to be there, what proves most first.
    pub(super) async fn ways(&self, principal: &Principal, method: Method) -> Result<Vec<Way>, Refused> {
        let has_passkey = match holder(principal) {
            Some(holder) => !store::passkeys_of(self.db.reader(), holder).await?.is_empty(),
            None => false,
        };
        let has_totp = match principal {
            Principal::Customer(customer) if method.is_strengthened_by_totp() => {
                self.totp_of(*customer).await?.is_some()
            }
            _ => false,
        };
        let has_password = match principal {
            Principal::Customer(_) => true,
            Principal::Staff(..) => self.settings.staff_passwords,
            Principal::ThirdParty(..) => false,
        };
        let ways = [(has_passkey, Way::Passkey), (has_totp, Way::Totp), (has_password, Way::Password)];
        Ok(ways.into_iter().filter_map(|(has, way)| has.then_some(way)).collect())
    }

    /// What a browser asks its user for: one of the passkeys of the owner of `session`.
    ///
    /// # Errors
    /// [`Refused::Passkey`], [`Refused::Store`].
    pub(crate) async fn begin_step_up(
        &self,
        session: &Session,
        caller: &Caller,
    ) -> Result<RequestOptions, Refused> {
        let known = match holder(&session.principal) {
            Some(holder) => store::passkeys_of(self.db.reader(), holder).await?,
            None => Vec::new(),
        };
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
    /// [`Refused::PasswordWrong`], [`Refused::TooMany`], [`Refused::Store`]; [`StaffRefused::PasswordsOff`] to staff.
    pub(crate) async fn step_up_with_password(
        &self,
        session: &Session,
        password: &Secret<String>,
    ) -> Result<(), Refused> {
        match session.principal {
            Principal::Customer(customer) => self.check_password(customer, session, password).await?,
            Principal::Staff(staff, _) => self.check_staff_password(staff, session, password).await?,
            Principal::ThirdParty(..) => return Err(Refused::PasswordWrong),
        }
        self.raise(session, session.assurance, None).await
    }

    async fn check_staff_password(
        &self,
        staff: StaffId,
        session: &Session,
        password: &Secret<String>,
    ) -> Result<(), Refused> {
        if !self.settings.staff_passwords {
            return Err(StaffRefused::PasswordsOff.into());
        }
        let stored = store::staff_by_id(self.db.reader(), staff).await?.and_then(|staff| staff.password);
        self.check_stored(session, stored, None, password).await
    }

    /// The owner of `session` proves to be there with a passkey of theirs; the session is then as good as one that a
    /// passkey opened.
    ///
    /// # Errors
    /// [`Refused::Passkey`], [`Refused::Store`].
    pub(crate) async fn step_up_with_passkey(
        &self,
        session: &Session,
        assertion: &Assertion,
        caller: &Caller,
    ) -> Result<(), Refused> {
        let (signer, proved) =
            self.prove_passkey(assertion, Ceremony::StepUp, Some(session.id.to_bytes()), caller).await?;
        if holder(&session.principal) != Some(signer) {
            return Err(Refused::Passkey("passkey_other"));
        }
        let bound = session.device_key.is_some();
        let reached = if bound { Assurance::BoundDevice } else { Assurance::TwoFactor };
        self.raise(session, session.assurance.max(reached), Some(Arc::new(proved?))).await
    }

    pub(super) async fn raise(
        &self,
        session: &Session,
        assurance: Assurance,
        proved: Option<Arc<super::passkeys::Proved>>,
    ) -> Result<(), Refused> {
        if session.channel.needs_app() {
            return Err(EmbeddedRefused::OnlyInApp.into());
        }
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

/// Whose passkeys are good for `principal`: third parties have none.
const fn holder(principal: &Principal) -> Option<Holder> {
    match principal {
        Principal::Customer(customer) => Some(Holder::Customer(*customer)),
        Principal::Staff(staff, _) => Some(Holder::Staff(*staff)),
        Principal::ThirdParty(..) => None,
    }
}
