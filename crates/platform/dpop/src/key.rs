//! The public key inside a proof: a P-256 point as JSON Web Key (RFC 7517, RFC 7518 section 6.2).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde_json::{Map, Value};

use crate::{Refused, Thumbprint};

/// Bytes of a coordinate.
const COORDINATE_BYTES: usize = 32;
/// The prime of the field, big-endian (FIPS 186-5, SP 800-186 section 3.2.1.3). A coordinate is below it: were it
/// not, one key could be written in two ways and have two thumbprints.
const PRIME: [u8; COORDINATE_BYTES] = [
    0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
];
/// What only private and shared keys have (RFC 7518 section 6). Whoever sends one has given it away.
const PRIVATE: [&str; 9] = ["d", "k", "p", "q", "dp", "dq", "qi", "oth", "priv"];

/// A public P-256 key.
#[derive(Clone)]
pub(crate) struct Key {
    /// 0x04, x, y (SEC 1 section 2.3.3).
    point: [u8; 1 + 2 * COORDINATE_BYTES],
    thumbprint: Thumbprint,
}

impl Key {
    /// Reads a JSON Web Key. Whether the point lies on the curve is found by [`Key::verifies`].
    pub(crate) fn of(jwk: &Map<String, Value>) -> Result<Self, Refused> {
        let text = |name| jwk.get(name).and_then(Value::as_str);
        let said = |name, only: &str| jwk.get(name).is_none_or(|value| value.as_str() == Some(only));
        if text("kty") != Some("EC") || text("crv") != Some("P-256") {
            return Err(Refused::KeyMalformed("it is not of P-256"));
        }
        if PRIVATE.iter().any(|name| jwk.contains_key(*name)) {
            return Err(Refused::KEY_PRIVATE);
        }
        let verifies =
            |operations: &Value| operations.as_array().is_some_and(|all| all.contains(&"verify".into()));
        if !said("use", "sig") || !said("alg", "ES256") || !jwk.get("key_ops").is_none_or(verifies) {
            return Err(Refused::KeyMalformed("it is meant for something else"));
        }
        let (Some(x), Some(y)) = (text("x"), text("y")) else {
            return Err(Refused::KeyMalformed("a coordinate is missing"));
        };
        let mut point = [4; 1 + 2 * COORDINATE_BYTES];
        for (place, written) in point.iter_mut().skip(1).zip(coordinate(x)?.into_iter().chain(coordinate(y)?))
        {
            *place = written;
        }
        Ok(Self { point, thumbprint: Thumbprint::of_coordinates(x, y) })
    }

    pub(crate) const fn thumbprint(&self) -> &Thumbprint {
        &self.thumbprint
    }

    /// 0x04, x, y.
    pub(crate) const fn point(&self) -> &[u8] {
        &self.point
    }

    /// Whether the key is a point of the curve and `signature` (r and s, 64 bytes, both from 1 to the order less 1) was
    /// made of `bytes` with its private half (RFC 7518 section 3.4).
    pub(crate) fn verifies(&self, bytes: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &self.point).verify(bytes, signature).is_ok()
    }
}

fn coordinate(text: &str) -> Result<[u8; COORDINATE_BYTES], Refused> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| bytes.try_into().ok());
    let bytes = bytes.ok_or(Refused::KeyMalformed("a coordinate is not 32 bytes in base64url"))?;
    if bytes >= PRIME { Err(Refused::KeyMalformed("a coordinate is beyond the field")) } else { Ok(bytes) }
}
