//! What goes between the processes of one bank: questions of contracts, and requests that the gateway passes on.
//!
//! HTTP/2 over mutual TLS: both sides prove by a certificate of the bank's private authority ([`Papers`]) what they
//! are: a caller who names `ledger` talks to nobody else's certificate, and each contract answers only those who may
//! ask it. A [`Neighbor`] is one service in other processes: one, or several of which any or the one that leads answers,
//! at listed addresses or at those behind a name. It carries what is repeatable again when a connection broke, bounds how
//! much is under way, and stops asking an instance that does not answer until it has had time. [`Listener`] answers. This
//! crate knows no banking and no domain.

mod authority;
mod breaker;
mod callers;
mod instance;
mod listener;
mod neighbor;
mod papers;
mod place;
mod resolver;
mod roster;

pub use authority::{Authority, MakeFailed};
pub use listener::{Answered, ListenFailed, Listener};
pub use neighbor::{Limits, Neighbor};
pub use papers::{Papers, PapersFailed, Settings};
pub use place::PlaceRefused;

/// The path of a contract's method: `/contracts/customers/profile`.
pub(crate) const CONTRACTS: &str = "/contracts";
/// Where a process says that it answers.
pub(crate) const ALIVE: &str = "/wire/alive";
/// How long the caller still waits, milliseconds.
pub(crate) const DEADLINE: &str = "yuanhang-deadline-ms";

/// The name that the certificate of a process bears for each service in it.
pub(crate) fn name_of(service: &str) -> String {
    format!("{service}.yuanhang.internal")
}

#[cfg(test)]
mod tests;
