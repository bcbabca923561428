//! The messages crate.
