//! Takes over the books of another bank.
//!
//! A [`Profile`] reads a source into the intermediate form of [`form`]: customers, accounts, authorized persons,
//! standing orders, and movements with booking date and stated balance. [`arrange`] finds the order inside each
//! day in which the stated balances come out. [`take_over`] writes everything through the contracts, every
//! movement under its own booking date; [`reconcile`] then reads the ledger's own history back and compares it
//! with what the source states.
//!
//! Rules. A source is read and checked as a whole before anything is written: one malformed line refuses all of
//! it, with file and line number. The exception is the last line of the movements, where the file ends before the
//! line does: it is refused alone and listed. Lines may come in any order. Where a stated balance does not
//! follow from the movement, the movement is posted as it is and a correction of its own brings the account to
//! the stated balance, against an account for rounding or for unexplained differences. Ids derive from the
//! source's keys, so that a second import changes nothing and an import that was killed is finished by running it
//! again. Cost: the source is held in memory, some 300 bytes a movement.

pub mod arrange;
mod berka;
pub mod form;
pub mod reconcile;
mod report;
mod table;
mod take_over;

use std::path::PathBuf;
use std::time::Instant;

pub use arrange::Verdict;
pub use form::{Fault, Profile, Source};
pub use reconcile::Difference;
pub use report::Report;
pub(crate) use report::seconds;
use secrecy::Secret;
pub use take_over::TakeOverFailed;

use crate::books::Books;
pub use crate::books::{DEMO_PASSWORD, DEMO_PIN};

/// What to import.
#[derive(Clone)]
pub struct Options {
    /// Name of the profile, see [`profile_names`].
    pub profile: String,
    /// Folder of the source.
    pub folder: PathBuf,
    /// Password given to every customer.
    pub password: Secret<String>,
    /// Payment PIN given to every customer, six digits.
    pub pin: Secret<String>,
}

/// Why nothing, or not everything, was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportFailed {
    /// There is no such profile.
    #[error("there is no profile `{0}`; known: {known}", known = profile_names().join(", "))]
    ProfileUnknown(String),
    /// The source cannot be read; nothing was written.
    #[error("the source was refused, nothing was imported:\n{}", form::list(.0))]
    SourceRefused(Vec<Fault>),
    /// The books did not take it; running the import again goes on where it stopped.
    #[error(transparent)]
    TakeOver(#[from] TakeOverFailed),
}

/// Every profile.
const PROFILES: &[&dyn Profile] = &[&berka::Berka];

/// The names of all profiles.
#[must_use]
pub fn profile_names() -> Vec<&'static str> {
    PROFILES.iter().map(|profile| profile.name()).collect()
}

/// Imports a source into `books` and reconciles it.
///
/// # Errors
/// [`ImportFailed`].
pub async fn run(books: &Books, options: &Options) -> Result<Report, ImportFailed> {
    let started = Instant::now();
    let profile = PROFILES
        .iter()
        .find(|profile| profile.name() == options.profile)
        .ok_or_else(|| ImportFailed::ProfileUnknown(options.profile.clone()))?;
    let source = profile.read(&options.folder).map_err(ImportFailed::SourceRefused)?;
    let arranged = arrange::arrange(&source, profile.rounding_minor());
    let ids = take_over::take_over(books, *profile, &source, &arranged, options).await?;
    let reconciled = reconcile::reconcile(books, *profile, &source, &arranged, &ids).await?;
    Ok(Report::new(*profile, &source, reconciled, started.elapsed()))
}

#[cfg(test)]
mod tests;
