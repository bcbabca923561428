//! Public keys of credentials: COSE keys (RFC 9053, RFC 8812) of the three algorithms, and what they sign.

mod field;

use std::fmt;

use ciborium::Value;
use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey};

use crate::Refused;
use crate::cbor::{self, Members};

/// A public key that signatures of a credential are checked with.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey(Key);

#[derive(Clone, PartialEq, Eq)]
enum Key {
    /// ECDSA on P-256 with SHA-256.
    Es256 { x: [u8; 32], y: [u8; 32] },
    /// EdDSA on Ed25519.
    Ed25519([u8; 32]),
    /// RSA by PKCS#1 v1.5 with SHA-256: modulus and exponent, big-endian, without leading zeros.
    Rs256 { n: Vec<u8>, e: Vec<u8> },
}

const ES256: i64 = -7;
const EDDSA: i64 = -8;
const RS256: i64 = -257;

/// Bits of a modulus: fewer are weak, more take long.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

impl PublicKey {
    /// Reads a key as it is kept.
    ///
    /// # Errors
    /// [`Refused::Malformed`], [`Refused::Algorithm`] or [`Refused::Key`], also where the bytes are not those that
    /// [`Self::to_bytes`] writes.
    pub fn try_from_bytes(bytes: &[u8]) -> Result<Self, Refused> {
        let key = Self::from_cose(&cbor::whole(bytes)?)?;
        if key.to_bytes() == bytes { Ok(key) } else { Err(Refused::Malformed) }
    }

    /// The key to be kept: a COSE key in CTAP2's canonical CBOR, 42 bytes to some 1,050.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let bytes = |bytes: &[u8]| Value::Bytes(bytes.to_vec());
        let algorithm = (3, Value::from(self.cose_algorithm()));
        match &self.0 {
            Key::Es256 { x, y } => cbor::written(&[
                (1, Value::from(2)),
                algorithm,
                (-1, Value::from(1)),
                (-2, bytes(x)),
                (-3, bytes(y)),
            ]),
            Key::Ed25519(x) => {
                cbor::written(&[(1, Value::from(1)), algorithm, (-1, Value::from(6)), (-2, bytes(x))])
            }
            Key::Rs256 { n, e } => {
                cbor::written(&[(1, Value::from(3)), algorithm, (-1, bytes(n)), (-2, bytes(e))])
            }
        }
    }

    /// `ES256`, `EdDSA` or `RS256`.
    #[must_use]
    pub const fn algorithm(&self) -> &'static str {
        match self.0 {
            Key::Es256 { .. } => "ES256",
            Key::Ed25519(_) => "EdDSA",
            Key::Rs256 { .. } => "RS256",
        }
    }

    /// The number of the algorithm in the registry of COSE.
    pub(crate) const fn cose_algorithm(&self) -> i64 {
        match self.0 {
            Key::Es256 { .. } => ES256,
            Key::Ed25519(_) => EDDSA,
            Key::Rs256 { .. } => RS256,
        }
    }

    /// Whether `signature` was made of `bytes` with this key's private half (section 6.5.5 for its shape).
    pub(crate) fn verifies(&self, bytes: &[u8], signature: &[u8]) -> bool {
        match &self.0 {
            Key::Es256 { x, y } => {
                let point = [&[4], x.as_slice(), y.as_slice()].concat();
                UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_ASN1, point).verify(bytes, signature)
            }
            Key::Ed25519(x) => UnparsedPublicKey::new(&signature::ED25519, x).verify(bytes, signature),
            Key::Rs256 { n, e } => {
                let key = RsaPublicKeyComponents { n, e };
                key.verify(&signature::RSA_PKCS1_2048_8192_SHA256, bytes, signature)
            }
        }
        .is_ok()
    }

    /// Reads a COSE key with exactly the members that its type requires (section 6.5.1).
    ///
    /// # Errors
    /// [`Refused::Algorithm`] where it is for another algorithm than the three, or for none; [`Refused::Key`] where it
    /// is no key of it.
    pub(crate) fn from_cose(value: &Value) -> Result<Self, Refused> {
        let members = value.as_map().ok_or(Refused::Key)?;
        let algorithm = cbor::labeled(members, 3).and_then(cbor::number);
        let key = match algorithm.ok_or(Refused::Algorithm)? {
            ES256 => es256(members),
            EDDSA => ed25519(members),
            RS256 => rs256(members),
            _ => return Err(Refused::Algorithm),
        };
        key.map(Self).ok_or(Refused::Key)
    }
}

fn es256(members: &Members) -> Option<Key> {
    let x = coordinate(members, -2)?;
    let y = coordinate(members, -3)?;
    let is_typed = is_number(members, 1, 2) && is_number(members, -1, 1) && members.len() == 5;
    (is_typed && field::is_on_p256(&x, &y)).then_some(Key::Es256 { x, y })
}

fn ed25519(members: &Members) -> Option<Key> {
    let x = coordinate(members, -2)?;
    let is_typed = is_number(members, 1, 1) && is_number(members, -1, 6) && members.len() == 4;
    (is_typed && field::is_on_ed25519(&x)).then_some(Key::Ed25519(x))
}

fn rs256(members: &Members) -> Option<Key> {
    let n = cbor::labeled(members, -1)?.as_bytes()?;
    let e = cbor::labeled(members, -2)?.as_bytes()?;
    let is_typed = is_number(members, 1, 3) && members.len() == 4;
    let bits = n.len().checked_mul(8)?.checked_sub(usize::try_from(n.first()?.leading_zeros()).ok()?)?;
    let is_odd = |number: &[u8]| number.last().is_some_and(|byte| byte & 1 == 1);
    let has_no_leading_zero = |number: &[u8]| number.first().is_some_and(|byte| *byte != 0);
    // FIPS 186-5, A.1.1: the exponent is odd and above 2^16; four bytes are more than anybody uses.
    let is_exponent = (3..=4).contains(&e.len()) && is_odd(e) && has_no_leading_zero(e);
    let is_modulus = RSA_BITS.contains(&bits) && is_odd(n) && has_no_leading_zero(n);
    (is_typed && is_exponent && is_modulus).then(|| Key::Rs256 { n: n.clone(), e: e.clone() })
}

fn coordinate(members: &Members, label: i64) -> Option<[u8; 32]> {
    cbor::labeled(members, label)?.as_bytes()?.as_slice().try_into().ok()
}

fn is_number(members: &Members, label: i64, expected: i64) -> bool {
    cbor::labeled(members, label).and_then(cbor::number) == Some(expected)
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.algorithm())
    }
}

#[cfg(test)]
mod tests;
