//! What each domain may be asked and what it announces: one file per domain.
//!
//! A domain holds its neighbor's contract as a trait object and never learns whether the neighbor runs in the
//! same process. Contracts change additively only, because old and new processes run side by side. A contract's
//! error is a small closed set; what went wrong inside a neighbor stays in its log. No contract knows SQL,
//! HTTP or how a neighbor is found.

pub mod accounts;
pub mod audit;
pub mod customers;
mod discreet;
pub mod far;
pub mod identity;
pub mod ledger;
pub mod messages;
mod news;
pub mod payments;

pub use news::News;

#[cfg(test)]
mod payloads;

/// The neighbor could not answer; nothing is known of whether it acted. The caller may ask again with the same
/// ids.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, serde::Serialize, serde::Deserialize)]
pub enum Unavailable {
    /// The neighbor is stopping or has not started.
    #[error("the service is stopping")]
    Stopping,
    /// Its store refused the write: disk full, database away.
    #[error("the store does not accept writes")]
    StoreFailed,
    /// More work is waiting than it accepts.
    #[error("the service is overloaded")]
    Overloaded,
    /// It runs in another process, which did not answer in time.
    #[error("the service cannot be reached")]
    Unreachable,
    /// It runs in another process, which is of another version: it does not know what it was asked, or answered what
    /// is not known here.
    #[error("the service does not understand; it is of another version")]
    Misunderstood,
}
