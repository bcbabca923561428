//! What passkey ceremonies share: challenges, and who the bank is to a browser.

use clock::Timestamp;
use sea_orm::DatabaseTransaction;
use subtle::ConstantTimeEq;
use webauthn::RelyingParty;

use super::{Caller, Identities};
use crate::error::Refused;
use crate::model::challenge::{Ceremony, Challenge};
use crate::model::later;
use crate::store::{self, Hash};

/// The id of the session, or of the member of staff, for which a challenge is good.
pub(super) type Bound = [u8; 16];

/// A challenge that is ours, for this ceremony, and in time.
pub(super) struct Answered {
    hash: Hash,
    expires_at: Timestamp,
}

impl Answered {
    /// Remembers it, in the transaction that its answer leads to: an answer is good once.
    ///
    /// # Errors
    /// [`Refused::Passkey`] where it was answered before; [`Refused::Store`].
    pub(super) async fn use_up(&self, tx: &DatabaseTransaction) -> Result<(), Refused> {
        if store::answer_challenge(tx, &self.hash, self.expires_at).await? {
            return Ok(());
        }
        Err(Refused::Passkey("passkey_replayed"))
    }
}

impl Identities {
    /// A fresh challenge for `ceremony`; within a session, or for somebody who is enrolled, good for that alone.
    pub(super) fn challenge(&self, ceremony: Ceremony, bound_to: Option<Bound>) -> Vec<u8> {
        let expires_at = later(self.now(), self.settings.passkey_ceremony_s);
        let challenge = Challenge { expires_at, random: rand::random() };
        challenge.to_bytes(&self.challenge_mac(&challenge, ceremony, bound_to))
    }

    /// How long the browser waits for its user, milliseconds.
    pub(super) fn ceremony_ms(&self) -> u32 {
        self.settings.passkey_ceremony_s.saturating_mul(1000)
    }

    fn challenge_mac(&self, challenge: &Challenge, ceremony: Ceremony, bound_to: Option<Bound>) -> [u8; 32] {
        let bound_to = bound_to.map(|bytes| bytes.to_vec()).unwrap_or_default();
        self.keys.mac("identity.challenge", &challenge.authenticated(ceremony, &bound_to))
    }

    /// Whether `bytes` are a challenge that this bank gave for this.
    ///
    /// # Errors
    /// [`Refused::Passkey`], also where it was answered before; [`Refused::Store`].
    pub(super) async fn answered(
        &self,
        bytes: &[u8],
        ceremony: Ceremony,
        bound_to: Option<Bound>,
    ) -> Result<Answered, Refused> {
        let foreign = Refused::Passkey("passkey_challenge");
        let Some((challenge, given)) = Challenge::of_bytes(bytes) else { return Err(foreign) };
        let mac = self.challenge_mac(&challenge, ceremony, bound_to);
        let ours = mac.get(..given.len()).is_some_and(|mac| bool::from(mac.ct_eq(given)));
        if !ours {
            return Err(foreign);
        }
        if self.now() >= challenge.expires_at {
            return Err(Refused::Passkey("passkey_expired"));
        }
        let hash = self.keys.mac("identity.answered", bytes);
        // Asked before the answer is looked at: an answer that comes again has an old count, and is no copied key.
        if store::was_answered(self.db.reader(), &hash).await? {
            return Err(Refused::Passkey("passkey_replayed"));
        }
        Ok(Answered { hash, expires_at: challenge.expires_at })
    }

    /// The bank as the browser of `caller` knows it.
    ///
    /// # Errors
    /// [`Refused::Passkey`] where the page is no page of the bank.
    pub(super) fn relying_party(&self, caller: &Caller) -> Result<RelyingParty, Refused> {
        let origin = caller.origin.as_deref().unwrap_or_default();
        self.settings.relying_party_at(origin).map_err(|_| Refused::Passkey("passkey_origin"))
    }
}
