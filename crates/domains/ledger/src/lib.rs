//! The ledger: one place that proves that nothing of value is created or lost.
//!
//! A book is a pure state machine ([`model::Book`]) that one writer drives. What the writer decides becomes a
//! record ([`mod@record`]) in a journal ([`mod@journal`]), an existing database; whoever asked is answered once
//! the record is durable. Everything else follows from the journal and may be thrown away: snapshots, from which
//! a start is quick, and the history of accounts, which is what customers read.
//!
//! The binary starts [`LedgerService`], or calls [`open()`] for a ledger without a house (imports, tools);
//! [`Inspection`] looks at a book from outside and verifies it.
//!
//! Cost: about half a microsecond of one core to decide and seal a transfer, one commit of the database per batch
//! (gathered from whoever waits), some 128 MB of memory for the newest ids and 11 bytes of disk for each older one,
//! about 100 bytes per account, about 55 bytes of journal and 55 of history per transfer.
//!
//! The ledger refuses to know customers, products and names: it knows accounts of assets, and ids.

pub mod archive;
mod books;
mod config;
mod gather;
pub mod grpc;
mod handle;
pub mod hash;
pub mod history;
mod http;
mod inspect;
pub mod journal;
mod lead;
pub mod model;
mod open;
pub mod proof;
pub mod record;
mod refusal;
pub mod replay;
mod service;
pub mod simulate;
pub mod snapshot;
mod storage;
pub mod stored_ids;
pub mod verify;
pub mod witness;
mod writer;

pub use crate::http::bare_router;
pub use books::{NamedBook, OtherBooks, Reconciled, Reconciliation, SeveralBooks};
pub use config::{BatchSettings, MAIN, Settings, WitnessSettings};
pub use handle::{LocalLedger, SUBMISSION_MAX};
pub use inspect::Inspection;
pub use lead::{Elsewhere, Led, LedDesk};
pub use open::{DERIVED_FILE, JOURNAL_FILE, OpenFailed, Stores, book_db, open, open_witnessed};
pub use service::{LedgerService, service};

#[cfg(test)]
mod tests;
