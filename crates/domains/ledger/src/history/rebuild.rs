//! Making the history anew from the journal, while nobody writes.

use std::time::Instant;

use db::Db;

use super::HistoryFailed;
use super::follow::{FollowFailed, History};
use crate::journal::{Journal, ReadFailed};

/// Why the history could not be made anew.
#[derive(Debug, thiserror::Error)]
pub enum RebuildFailed {
    /// The journal cannot be read.
    #[error("the journal could not be read")]
    Read(#[from] ReadFailed),
    /// The journal is damaged.
    #[error("the journal could not be followed: {0}")]
    Journal(String),
    /// The store failed.
    #[error(transparent)]
    History(#[from] HistoryFailed),
}

/// What was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rebuilt {
    /// Records that were followed.
    pub records: u64,
    /// How long it took, milliseconds.
    pub elapsed_ms: u64,
}

/// Throws the history away and makes it anew from the journal, all runs merged that are due.
///
/// # Errors
/// [`RebuildFailed`]; what was made until then stays, and the next start goes on from there.
pub async fn rebuild(journal: &dyn Journal, db: &Db) -> Result<Rebuilt, RebuildFailed> {
    let started = Instant::now();
    let (mut history, _following, _reading) = History::open(db.clone()).await?;
    history.clear().await?;
    let head = journal.head().await?;
    history.catch_up(journal, head.sequence).await.map_err(|failed| match failed {
        FollowFailed::History(error) => RebuildFailed::History(error),
        FollowFailed::Take(error) => RebuildFailed::Journal(told(&error)),
    })?;
    history.finish().await?;
    while history.step().await? {}
    let elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(Rebuilt { records: head.sequence, elapsed_ms })
}

/// An error with its causes.
fn told(error: &dyn std::error::Error) -> String {
    let mut told = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        told.push_str(&format!(": {cause}"));
        next = cause.source();
    }
    told
}
