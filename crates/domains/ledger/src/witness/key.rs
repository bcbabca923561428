//! The key with which the bank signs heads of its journal: SM2 (GB/T 32918.2), and the file that holds it.
//!
//! The file is of the same form as that of the bank's master key.

use std::fmt;
use std::path::{Path, PathBuf};

use keys::{SecretFile, SecretFileRefused};
use sm2::dsa::signature::{Signer as _, Verifier as _};
use sm2::dsa::{Signature, SigningKey, VerifyingKey};
use sm2::elliptic_curve::sec1::ToSec1Point as _;

/// The identity that is hashed into every signature where none was agreed upon (GB/T 35276).
const IDENTITY: &str = "1234567812345678";

/// Bytes of a signature: r and s.
pub const SIGNATURE_BYTES: usize = 64;

/// Where the key lies in a data directory.
#[must_use]
pub fn key_file(data_dir: &Path) -> PathBuf {
    data_dir.join("keys").join("ledger_witness.key")
}

/// Why a key file was refused. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum KeyRefused {
    /// It is not there, but statements signed with it are.
    #[error(
        "the witness's key `{0}` is missing, though statements were signed with it; restore it from your backup"
    )]
    Missing(String),
    /// It cannot be used as it is.
    #[error(transparent)]
    File(#[from] SecretFileRefused),
}

/// Signs statements.
pub struct WitnessKey(SigningKey);

impl WitnessKey {
    /// The key of this secret; `None` for the few numbers that are none.
    #[must_use]
    pub fn of(secret: &[u8; 32]) -> Option<Self> {
        SigningKey::from_slice(IDENTITY, secret).ok().map(Self)
    }

    /// Reads a key file; `None` where there is none.
    ///
    /// # Errors
    /// [`KeyRefused`].
    pub fn read(path: &Path) -> Result<Option<Self>, KeyRefused> {
        let file = file(path);
        match file.read()? {
            Some(secret) => Ok(Some(Self::of(&secret).ok_or_else(|| file.malformed())?)),
            None => Ok(None),
        }
    }

    /// Reads a key file, or makes one with a fresh key where there is none.
    ///
    /// # Errors
    /// [`KeyRefused`].
    pub fn read_or_create(path: &Path) -> Result<Self, KeyRefused> {
        if let Some(key) = Self::read(path)? {
            return Ok(key);
        }
        let file = file(path);
        let secret = loop {
            let secret = file.fresh()?;
            if Self::of(&secret).is_some() {
                break secret;
            }
        };
        let secret = file.create(secret)?;
        Ok(Self::of(&secret).ok_or_else(|| file.malformed())?)
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

impl fmt::Debug for WitnessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WitnessKey(of {})", self.public())
    }
}

const fn file(path: &Path) -> SecretFile<'_> {
    SecretFile { what: "the witness's key", header: "yuanhang-witness 1", path }
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
