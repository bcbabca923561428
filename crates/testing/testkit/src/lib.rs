//! A bank in a box for tests: the whole program on a store of its own, spoken to over HTTP like any client.
//!
//! [`Box`](BankBox) opens a bank in this process; [`Child`] runs the built binary as a process of its own, to be
//! killed. [`Client`] signs in and calls routes. Only the outside world is faked: one-time codes are read where staff
//! read them.

mod bank_box;
mod child;
mod client;
mod people;
mod ports;
mod relay;
mod split;

pub use bank_box::BankBox;
pub use child::{Child, Place, Said};
pub use client::{Answer, COUNTERSIGNATURES, Client};
pub use clock::SystemClock;
pub use people::{Someone, enroll, enroll_some};
pub use split::{BESIDE_LEDGER, Split};

/// What a test of the whole bank may fail with.
pub type Failed = std::boxed::Box<dyn std::error::Error + Send + Sync>;
