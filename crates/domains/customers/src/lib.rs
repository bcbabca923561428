//! The customers crate.
