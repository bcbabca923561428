//! The bank crate.
