//! What can go wrong in here, and what a caller hears of it.

use contracts::Unavailable;
use keys::KeysFailed;
use sea_orm::DbErr;

/// An inner failure; callers hear [`Unavailable`].
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failed {
    /// The store.
    #[error("the messages could not be read or written")]
    Store(#[from] DbErr),
    /// The keys.
    #[error("a message could not be sealed or opened")]
    Keys(#[from] KeysFailed),
    /// A sealed text is not UTF-8.
    #[error("the text of message `{0}` is damaged")]
    Damaged(ids::MessageId),
}

impl From<Failed> for Unavailable {
    fn from(failed: Failed) -> Self {
        if let Failed::Store(error) = &failed {
            return db::unavailable(error);
        }
        let cause = std::error::Error::source(&failed).map(ToString::to_string).unwrap_or_default();
        tracing::error!(error = %failed, cause, "a message could not be read or written");
        Self::StoreFailed
    }
}
