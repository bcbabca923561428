//! Handing over much in parts: commands to the ledger, lists to the other neighbors.

use contracts::Unavailable;
use contracts::ledger::{Command, Ledger, Refusal};
use ids::TransferId;

/// The most commands of one submission, see [`Ledger::submit`].
const SUBMISSION_MAX: usize = 8_190;

/// What became of commands that were all accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Posted {
    /// Took effect now.
    pub fresh: u64,
    /// Had taken effect before, with the same content.
    pub repeated: u64,
}

/// Why posting stopped. What was accepted before stays; the whole may be posted again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PostFailed {
    /// The ledger refused a command; the submissions after its own were not made.
    #[error("the ledger refused {id:?}: {refusal}")]
    Refused {
        /// Which.
        id: TransferId,
        /// Why.
        refusal: Refusal,
    },
    /// The ledger could not answer.
    #[error("the ledger could not answer")]
    Unavailable(#[from] Unavailable),
}

/// Submits `commands` in order. No command may be linked.
///
/// # Errors
/// [`PostFailed`].
pub async fn post(ledger: &dyn Ledger, commands: Vec<Command>) -> Result<Posted, PostFailed> {
    let mut posted = Posted::default();
    let mut rest = commands.into_iter();
    loop {
        let part: Vec<Command> = rest.by_ref().take(SUBMISSION_MAX).collect();
        if part.is_empty() {
            return Ok(posted);
        }
        let ids: Vec<TransferId> = part.iter().map(|command| command.id).collect();
        let outcomes = ledger.submit(part).await?;
        for (id, outcome) in ids.into_iter().zip(outcomes) {
            let applied = outcome.map_err(|refusal| PostFailed::Refused { id, refusal })?;
            if applied.repeated {
                posted.repeated += 1;
            } else {
                posted.fresh += 1;
            }
        }
    }
}

/// The most of anything in one call to a neighbor other than the ledger.
pub const CALL_MAX: usize = 2_000;

/// `all` in parts of [`CALL_MAX`], the last with what remains; no part for nothing.
pub fn parts<T>(all: impl Iterator<Item = T>) -> Vec<Vec<T>> {
    let mut parts: Vec<Vec<T>> = Vec::new();
    for one in all {
        match parts.last_mut() {
            Some(part) if part.len() < CALL_MAX => part.push(one),
            _ => parts.push(vec![one]),
        }
    }
    parts
}
