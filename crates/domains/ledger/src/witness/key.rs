//! The key with which the bank signs heads of its journal: SM2 (GB/T 32918.2), and the file that holds it.
//!
//! The file is one line naming its format and one line of 64 hexadecimal digits, readable by its owner alone, as
//! the bank's master key is.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use rand::TryRng as _;
use rand::rngs::SysRng;
use sm2::dsa::signature::{Signer as _, Verifier as _};
use sm2::dsa::{Signature, SigningKey, VerifyingKey};
use sm2::elliptic_curve::sec1::ToSec1Point as _;
use zeroize::Zeroizing;

const HEADER: &str = "yuanhang-witness 1";

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
    /// Others than its owner may read or write it.
    #[error("the witness's key `{path}` is open to others (mode {mode:o}); run chmod 600 on it")]
    TooOpen {
        /// Which file.
        path: String,
        /// Its permission bits.
        mode: u32,
    },
    /// It is not a key file, or one of a later version.
    #[error(
        "`{0}` is not a witness's key of this version (first line `yuanhang-witness 1`, then 64 hexadecimal digits)"
    )]
    Malformed(String),
    /// The system refused to read or write it, or gave no random numbers.
    #[error("the witness's key `{path}` cannot be read or written")]
    Unreadable {
        /// Which file.
        path: String,
        /// Why.
        #[source]
        source: io::Error,
    },
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
        let name = || path.display().to_string();
        let unreadable = |source| KeyRefused::Unreadable { path: name(), source };
        let file = match File::open(path) {
            Ok(file) => file,
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(cause) => return Err(unreadable(cause)),
        };
        let mode = file.metadata().map_err(unreadable)?.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(KeyRefused::TooOpen { path: name(), mode });
        }
        let mut text = Zeroizing::new(String::new());
        file.take(1024).read_to_string(&mut text).map_err(unreadable)?;
        parse(&text).map(Some).ok_or_else(|| KeyRefused::Malformed(name()))
    }

    /// Reads a key file, or makes one with a fresh key where there is none.
    ///
    /// # Errors
    /// [`KeyRefused`].
    pub fn read_or_create(path: &Path) -> Result<Self, KeyRefused> {
        if let Some(key) = Self::read(path)? {
            return Ok(key);
        }
        create(path).map_err(|source| KeyRefused::Unreadable { path: path.display().to_string(), source })
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

fn parse(text: &str) -> Option<WitnessKey> {
    let (header, digits) = text.trim_end().split_once('\n')?;
    let mut secret = Zeroizing::new([0_u8; 32]);
    hex::decode_to_slice(digits.trim(), secret.as_mut_slice()).ok()?;
    if header.trim_end() == HEADER { WitnessKey::of(&secret) } else { None }
}

/// Makes a key file, whole or not at all.
fn create(path: &Path) -> io::Result<WitnessKey> {
    let mut secret = Zeroizing::new([0_u8; 32]);
    let key = loop {
        SysRng.try_fill_bytes(secret.as_mut_slice()).map_err(io::Error::other)?;
        if let Some(key) = WitnessKey::of(&secret) {
            break key;
        }
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder {
        std::fs::create_dir_all(folder)?;
    }
    let new = path.with_extension("new");
    // What an interrupted start left behind was never used.
    match std::fs::remove_file(&new) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => return Err(cause),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
    let digits = Zeroizing::new(hex::encode(secret.as_slice()));
    writeln!(file, "{HEADER}\n{}", digits.as_str())?;
    file.sync_all()?;
    std::fs::rename(&new, path)?;
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    Ok(key)
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
