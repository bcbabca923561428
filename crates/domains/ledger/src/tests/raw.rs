//! Damage to the files themselves.
