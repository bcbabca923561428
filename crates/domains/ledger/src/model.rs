//! The state machine of one book: pure and deterministic.
//!
//! [`Book`] holds what a book consists of: assets, accounts, known ids, open holds, sums of limit windows, the
//! business date. [`Book::execute`] decides commands and applies what it decided; [`Book::apply`] applies what
//! a record says was decided, without deciding again. Both end in the same few functions, so that a replay
//! arrives at the same state. Nothing here reads a clock, draws randomness that could be noticed or performs
//! I/O.

mod account;
mod apply;
mod book;
mod bytes;
mod chain;
mod content;
mod decide;
mod effect;
mod index;
mod known;
mod state;
mod undo;
mod window;

pub use account::Account;
pub use apply::Contradiction;
pub use book::{Batch, Book};
pub use effect::{Effect, Entry, Holding, Posting};
pub use state::{Part, PartHash, Sealed, StateDamaged, part_hash, state_hash};

pub(crate) use account::day;
pub use bytes::Truncated;
pub(crate) use bytes::{Reader, put};
#[cfg(test)]
pub(crate) use content::refusal_from_code;
pub(crate) use content::{decode_command, encode_command, instant, nanoseconds};
pub(crate) use effect::{decode_effect, encode_effect};

/// The rules by which this code decides. Recorded with every batch; raised when a rule changes, so that an old
/// record is never judged by rules that did not exist.
pub const LOGIC_VERSION: u16 = 1;

#[cfg(test)]
mod tests;
