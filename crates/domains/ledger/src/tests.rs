//! The ledger as its neighbors see it, on every store.

mod clients;
mod golden;
pub(crate) mod kit;
mod ledger;
mod nightly;
mod outcomes;
mod raw;
mod speed;
