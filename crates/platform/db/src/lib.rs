//! The db crate.
