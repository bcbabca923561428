//! SQLite and PostgreSQL behind one door.
//!
//! A domain reads through [`Db::reader`] and changes things through [`Db::write`]; which of the two databases
//! stands behind it is decided at start. On SQLite there is one writer: the writes of concurrent callers are
//! gathered into one transaction (a savepoint each) and share one durable commit, so that throughput grows with
//! load. On PostgreSQL each write is a serializable transaction of its own, repeated as a whole when the database
//! asks for it (SQLSTATE 40001, 40P01). A write is therefore a closure that may run more than once and must have no
//! effect outside its transaction.
//!
//! [`Migrations`] brings tables up to date and refuses a database written by a newer program. [`outbox`] keeps the
//! news that is to be relayed, [`Lease`] what one process at a time does, [`JobRun`] what the calendar asks for. This
//! crate knows no banking.

mod door;
mod failure;
mod faults;
mod job_run;
mod lease;
mod migrate;
pub mod outbox;
mod places;
pub mod testing;

pub use door::{Db, Kind, OpenFailed, Work};
pub use failure::{Fault, fault, unavailable};
pub use faults::Faults;
pub use job_run::{JobRun, RunState};
pub use lease::{BEAT, Lease, PATIENCE};
pub use migrate::{MigrateFailed, Migrations, Step};
pub use places::Places;
pub use sea_orm::DbErr;

#[cfg(test)]
mod tests;
