//! What can go wrong in here, and what a caller hears of it.

use contracts::Unavailable;
use sea_orm::DbErr;

/// An inner failure.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// The store.
    #[error("the audit record could not be read or written")]
    Store(#[from] DbErr),
    /// A row holds what this program never wrote.
    #[error("the audit record is damaged: {0}")]
    Damaged(String),
    /// The file of checkpoints outside.
    #[error("the witness file `{path}` of the audit record cannot be read or written")]
    Witness {
        /// Which file.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

impl Failed {
    pub(crate) fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged(what.into())
    }
}

impl From<Failed> for Unavailable {
    fn from(failed: Failed) -> Self {
        if let Failed::Store(error) = &failed {
            return db::unavailable(error);
        }
        tracing::error!(error = %failed, "the audit record could not be read or written");
        Self::StoreFailed
    }
}
