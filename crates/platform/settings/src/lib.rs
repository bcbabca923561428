//! The settings crate.
