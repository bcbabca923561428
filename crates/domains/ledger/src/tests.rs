//! The ledger as its neighbors see it, on every store.

mod kit;
mod ledger;
mod raw;
mod speed;
