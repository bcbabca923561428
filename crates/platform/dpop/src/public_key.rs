//! A public key that somebody registers.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral};
use ring::rand::SystemRandom;

use crate::key::Key;
use crate::{Refused, Thumbprint, json};

/// A public P-256 key that is a point of its curve.
#[derive(Clone)]
pub struct PublicKey(pub(crate) Key);

impl PublicKey {
    /// Reads a JSON Web Key (RFC 7517) of P-256. One with a private half is refused: whoever sends it has given it away.
    ///
    /// # Errors
    /// [`Refused::Malformed`] where it is no JSON object; [`Refused::KeyMalformed`].
    pub fn of_jwk(text: &str) -> Result<Self, Refused> {
        let jwk = json::object(text.as_bytes()).ok_or(crate::proof::NOT_JSON)?;
        let key = Key::of(&jwk)?;
        if is_on_curve(key.point()) {
            Ok(Self(key))
        } else {
            Err(Refused::KeyMalformed("it is no point of P-256"))
        }
    }

    /// Its name (RFC 7638).
    #[must_use]
    pub const fn thumbprint(&self) -> &Thumbprint {
        self.0.thumbprint()
    }

    /// As a JSON Web Key with nothing but what it is.
    #[must_use]
    pub fn to_jwk(&self) -> String {
        let (x, y) = self.0.point().get(1..).unwrap_or_default().split_at_checked(32).unwrap_or_default();
        let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
        format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#)
    }
}

/// A shared secret can be agreed with points of the curve alone (SP 800-56A, section 5.6.2.3.4).
fn is_on_curve(point: &[u8]) -> bool {
    let Ok(own) = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new()) else { return false };
    agree_ephemeral(own, &UnparsedPublicKey::new(&ECDH_P256, point), |_| ()).is_ok()
}
