//! The key with which the bank signs heads of its journal, and the file that holds it.
//!
//! The file is of the same form as that of the bank's master key.

use std::path::{Path, PathBuf};

use keys::{SecretFile, SecretFileRefused};

pub use proofs::{PublicKey, SIGNATURE_BYTES, SigningKey as WitnessKey};

/// Where the key lies in a data directory.
#[must_use]
pub fn key_file(data_dir: &Path) -> PathBuf {
    data_dir.join("keys").join("ledger_witness.key")
}

/// The file there.
#[must_use]
pub const fn secret_file(path: &Path) -> SecretFile<'_> {
    SecretFile { what: "the witness's key", header: "yuanhang-witness 1", path }
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
