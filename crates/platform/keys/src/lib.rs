//! The keys crate.
