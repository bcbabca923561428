//! The state machine of one book: pure and deterministic.
//!
//! [`Book`] holds what a book consists of: assets, accounts, known ids, open holds, sums of limit windows, the
//! business date. [`Book::execute`] decides commands and applies what it decided; [`Book::apply`] applies what
//! a record says was decided, without deciding again. Both end in the same few functions, so that a replay
//! arrives at the same state. Nothing here reads a clock, draws randomness that could be noticed or performs
//! I/O.

mod account;
mod accounts;
mod answer;
mod apply;
mod batch;
mod book;
mod bytes;
mod chain;
mod content;
mod decide;
mod entry;
mod index;
mod known_ids;
mod packed;
mod past;
mod state;
mod undo;
mod window;

pub use account::Account;
pub use answer::Answers;
pub use apply::{Contradiction, Suspicion, keys_of};
pub use batch::{Batch, CHUNK_ENTRIES};
pub use book::Book;
pub use entry::{Did, Effect, Entry, Executed, Holding, Posting};
pub(crate) use known_ids::GENERATION_IDS;
pub use known_ids::{Full, IdGeneration, IdKey, Location, Minted, RECORD_ENTRIES_MAX};
pub use past::{Past, Remembered, Whereabouts};
pub(crate) use state::ACCOUNTS_PART;
pub use state::{Copying, Part, PartHash, StateDamaged, part_hash, state_hash};

pub(crate) use account::day;
pub(crate) use batch::{chunks, entry_of};
pub use bytes::Truncated;
pub(crate) use bytes::{Reader, put};
pub(crate) use content::{digests, instant, nanoseconds, refusal_code, refusal_from_code};
pub(crate) use packed::{decode, decode_format_1};

/// The rules by which this code decides. Recorded with every batch; raised when a rule changes, so that an old
/// record is never judged by rules that did not exist.
pub const LOGIC_VERSION: u16 = 1;

#[cfg(test)]
mod tests;
