//! Passwords that a page sealed before they left it: nobody on the way reads them, neither whoever ends TLS for the bank nor
//! what they log (decision 0032).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::Secret;

use super::Identities;
use crate::error::{Refused, SealRefused};
use crate::model::challenge::Ceremony;

/// For what keys are derived to which passwords are sealed.
const PURPOSE: &str = "identity.password";
/// With what pages fill a password up, so that what is sealed does not tell how long it is.
const FILLING: char = '\0';

/// That to which a page seals the passwords of one request.
pub(crate) struct Envelope {
    /// Names the key; good once, for a while.
    pub(crate) challenge: String,
    /// Of SM2: `04`, x and y, in base64url.
    pub(crate) key: String,
}

impl Identities {
    /// A fresh one. Nothing is stored: the key follows from the challenge.
    pub(crate) fn envelope(&self) -> Envelope {
        let challenge = self.challenge(Ceremony::Seal, None);
        let key = self.keys.opening_key(PURPOSE, &challenge).public();
        Envelope { challenge: URL_SAFE_NO_PAD.encode(challenge), key: URL_SAFE_NO_PAD.encode(key) }
    }

    /// The passwords of one request. `sealed_by`: the challenge of the envelope, where they came sealed.
    ///
    /// # Errors
    /// [`SealRefused::Missing`] where this bank takes none that came open; [`SealRefused::Broken`] where the envelope was
    /// used, is too old, or is none of ours; [`Refused::Store`].
    pub(crate) async fn unsealed<const N: usize>(
        &self,
        sealed_by: Option<&str>,
        secrets: [Secret<String>; N],
    ) -> Result<[Secret<String>; N], Refused> {
        let Some(challenge) = sealed_by else {
            if self.settings.sealed_passwords {
                return Err(SealRefused::Missing.into());
            }
            return Ok(secrets);
        };
        let challenge = URL_SAFE_NO_PAD.decode(challenge).map_err(|_| SealRefused::Broken)?;
        let answered = self.answered(&challenge, Ceremony::Seal, None).await.map_err(broken)?;
        let key = self.keys.opening_key(PURPOSE, &challenge);
        let open = |sealed: &Secret<String>| {
            let plain = key.open(&URL_SAFE_NO_PAD.decode(sealed.expose()).ok()?)?;
            let plain = Secret::new(String::from_utf8(plain).ok()?);
            Some(Secret::new(plain.expose().trim_end_matches(FILLING).to_owned()))
        };
        let mut opened = secrets;
        for secret in &mut opened {
            *secret = open(secret).ok_or(SealRefused::Broken)?;
        }
        // Only now: who sends rubbish uses nothing up, and writes nothing.
        let answered = std::sync::Arc::new(answered);
        self.db
            .write(move |tx| {
                let answered = std::sync::Arc::clone(&answered);
                Box::pin(async move { answered.use_up(tx).await })
            })
            .await
            .map_err(broken)?;
        Ok(opened)
    }

    /// The same for a password that need not be there.
    pub(crate) async fn unsealed_if_any(
        &self,
        sealed_by: Option<&str>,
        secret: Option<Secret<String>>,
    ) -> Result<Option<Secret<String>>, Refused> {
        match secret {
            Some(secret) => {
                let [secret] = self.unsealed(sealed_by, [secret]).await?;
                Ok(Some(secret))
            }
            None => Ok(None),
        }
    }
}

/// What is wrong with a challenge, to one who sent no passkey.
fn broken(refused: Refused) -> Refused {
    match refused {
        Refused::Passkey(_) => SealRefused::Broken.into(),
        other => other,
    }
}
