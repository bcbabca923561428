//! Why keys cannot be opened, and why something cannot be sealed or opened with them.

use db::MigrateFailed;
use sea_orm::DbErr;

use crate::{KeyFileRefused, ModuleFailed};

/// Why something could not be sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum KeysFailed {
    /// The subject's data key was destroyed: what was sealed under it is gone for ever.
    #[error("the data key was destroyed")]
    Destroyed,
    /// Nothing was ever sealed for this subject.
    #[error("there is no data key")]
    Unknown,
    /// The bytes were changed, belong to another field or subject, or were sealed by a later program.
    #[error("the sealed bytes do not open")]
    Damaged,
    /// A newer generation wraps the data key than the key file of this process holds.
    #[error("the data key is wrapped by generation {number}, which the key file does not hold")]
    Generation {
        /// Which generation.
        number: u32,
    },
    /// The module that has the master key does not do what it is asked.
    #[error("the master key cannot be reached")]
    Module(#[from] ModuleFailed),
    /// The key file was to be read anew, and was refused.
    #[error("the key file could not be read anew")]
    KeyFile(#[from] KeyFileRefused),
    /// The store failed.
    #[error("the keys could not be read or written")]
    Store(#[from] DbErr),
}

/// Why the keys could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenFailed {
    /// The key file.
    #[error(transparent)]
    KeyFile(#[from] KeyFileRefused),
    /// The tables.
    #[error("the tables of the keys could not be brought up to date")]
    Migrate(#[from] MigrateFailed),
    /// The store.
    #[error("the keys could not be read")]
    Store(#[from] DbErr),
}
