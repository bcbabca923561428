//! The file of the bank's master key.

use std::path::Path;

use crate::cipher::Master;
use crate::secret_file::{SecretFile, SecretFileRefused};

/// Why a key file was refused. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileRefused {
    /// It is not there, but data keys wrapped with it are.
    #[error(
        "the key file `{path}` is missing; without it the bank's personal data cannot be read, restore it from your backup"
    )]
    Missing {
        /// Where it should be.
        path: String,
    },
    /// It is another one than the data keys were wrapped with.
    #[error(
        "the key file `{path}` does not belong to this bank's data; restore the one that was made with it"
    )]
    Other {
        /// Which file.
        path: String,
    },
    /// It cannot be used as it is.
    #[error(transparent)]
    File(#[from] SecretFileRefused),
}

const fn file(path: &Path) -> SecretFile<'_> {
    SecretFile { what: "the key file", header: "yuanhang-keys 1", path }
}

/// Reads the key file; `None` where there is none.
pub(crate) fn read(path: &Path) -> Result<Option<Master>, KeyFileRefused> {
    Ok(file(path).read()?.map(|secret| Master::of(&secret)))
}

/// Makes a key file with a fresh secret, or reads the one that another process made meanwhile.
pub(crate) fn create(path: &Path) -> Result<Master, KeyFileRefused> {
    let file = file(path);
    let secret = file.create(file.fresh()?)?;
    Ok(Master::of(&secret))
}
