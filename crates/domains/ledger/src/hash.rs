//! With what a journal is hashed.

pub(crate) use proofs::Hashing;
pub use proofs::{Algorithm, Hash, siblings};
