//! The http crate.
