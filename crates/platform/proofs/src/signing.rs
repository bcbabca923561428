//! Signatures that others check: SM2 (GB/T 32918.2), and the file that holds the key.

use std::fmt;

use keys::{SecretFile, SecretFileRefused};
use sm2::dsa::signature::{Signer as _, Verifier as _};
use sm2::dsa::{self, Signature, VerifyingKey};
use sm2::elliptic_curve::sec1::ToSec1Point as _;

/// The identity that is hashed into every signature where none was agreed upon (GB/T 35276).
const IDENTITY: &str = "1234567812345678";

/// Bytes of a signature: r and s.
pub const SIGNATURE_BYTES: usize = 64;

/// Signs what others check.
pub struct SigningKey(dsa::SigningKey);

impl SigningKey {
    /// The key of this secret; `None` for the few numbers that are none.
    #[must_use]
    pub fn of(secret: &[u8; 32]) -> Option<Self> {
        dsa::SigningKey::from_slice(IDENTITY, secret).ok().map(Self)
    }

    /// Reads a key file; `None` where there is none.
    ///
    /// # Errors
    /// [`SecretFileRefused`].
    pub fn read(file: &SecretFile<'_>) -> Result<Option<Self>, SecretFileRefused> {
        match file.read()? {
            Some(secret) => Ok(Some(Self::of(&secret).ok_or_else(|| file.malformed())?)),
            None => Ok(None),
        }
    }

    /// Reads a key file, or makes one with a fresh key where there is none.
    ///
    /// # Errors
    /// [`SecretFileRefused`].
    pub fn read_or_create(file: &SecretFile<'_>) -> Result<Self, SecretFileRefused> {
        if let Some(key) = Self::read(file)? {
            return Ok(key);
        }
        let secret = loop {
            let secret = file.fresh()?;
            if Self::of(&secret).is_some() {
                break secret;
            }
        };
        let secret = file.create(secret)?;
        Self::of(&secret).ok_or_else(|| file.malformed())
    }

    /// What others check signatures with.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key().clone())
    }

    /// Signs; `None` where the algorithm came upon one of the numbers that it excludes (a chance of 2⁻²⁵⁶).
    #[must_use]
    pub fn sign(&self, bytes: &[u8]) -> Option<[u8; SIGNATURE_BYTES]> {
        let signature: Signature = self.0.try_sign(bytes).ok()?;
        Some(signature.to_bytes().into())
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey(of {})", self.public())
    }
}

/// Checks signatures. Written as the uncompressed point in hexadecimal digits, beginning with `04`.
#[derive(Debug, Clone)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// Reads a public key: 130 hexadecimal digits (`04`, x, y) or 66 (`02` or `03`, x).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = hex::decode(text.trim()).ok()?;
        VerifyingKey::from_sec1_bytes(IDENTITY, &bytes).ok().map(Self)
    }

    /// Whether `signature` was made of `bytes` with this key's private half.
    #[must_use]
    pub fn verifies(&self, bytes: &[u8], signature: &[u8; SIGNATURE_BYTES]) -> bool {
        Signature::from_slice(signature).is_ok_and(|signature| self.0.verify(bytes, &signature).is_ok())
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0.to_sec1_point(false).as_bytes()))
    }
}

#[cfg(test)]
mod tests;
