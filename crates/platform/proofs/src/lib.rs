//! Proofs: hashes, trees of them, and signatures, by which somebody outside finds whether a record was altered.
//!
//! [`Algorithm`] hashes pieces and builds trees in the shape of RFC 6962; [`Tree`] grows by one leaf at a time and keeps
//! one hash for each bit of their count; a leaf is proved by its [`siblings`], and that one tree grew out of another
//! by [`Algorithm::consistency`]. [`SigningKey`] signs with SM2, [`PublicKey`] checks.
//!
//! Entry: [`Algorithm`]. Cost: SM3 0.4 µs for a short leaf, a signature some hundred. Knows neither what is recorded nor
//! where it is kept.

mod consistency;
mod hash;
mod signing;
mod tree;

pub use hash::{Algorithm, Hash, Hashing, siblings};
pub use signing::{PublicKey, SIGNATURE_BYTES, SigningKey};
pub use tree::Tree;
