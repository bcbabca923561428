//! Proofs that somebody holds a key: of a request (RFC 9449), that it was made by the one who holds the device's key; of a
//! third party, that it is itself (RFC 7523, [`Assertion`]).
//!
//! A page keeps a P-256 key that never leaves its device and signs, for each request, a small proof of method, URL,
//! time and a nonce of ours. [`Proofs`] checks one against what was [`Asked`]: everything that section 4.3 lists, each
//! [`Refused`] with a stable code. A stolen cookie or token is worth nothing without the key; a proof that was
//! overheard is worth nothing for another request, nor for the same one again.
//!
//! **Once.** A proof is remembered until it is too old anyway. The memory is bounded; when it is full, requests are
//! refused as [`Refused::Busy`] rather than an older proof forgotten.
//!
//! **Several processes.** They share a secret, so each knows the nonces of the bank, but not what another remembers: a
//! store that all of them write to for each request would cost more than the request. A nonce therefore also says which
//! process gave it. A proof for a change is good only where its nonce was given, which is the one process that remembers
//! it; elsewhere the answer is [`Refused::NonceNeeded`] with a nonce of that process, and the page asks once more. A
//! process that starts anew is another process, so what the old one had remembered is not missed. A proof for a look is
//! good at each process once: whoever repeats it within its minute still needs the session, and changes nothing.
//!
//! Entry: [`Proofs::check`]. Cost: some 40 µs, nearly all of it the signature; about 40 bytes for each proof of the last
//! two minutes. Refuses to know sessions, cookies, headers and answers; opens no socket and no store.

mod assertion;
mod json;
mod key;
mod memory;
mod nonce;
mod proof;
mod proofs;
mod public_key;
mod refused;
mod rules;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod thumbprint;
mod url;

pub use assertion::{Assertion, AssertionRefused};
pub use proofs::{Asked, Proofs};
pub use public_key::PublicKey;
pub use refused::Refused;
pub use rules::Rules;
pub use thumbprint::{MalformedThumbprint, Thumbprint};

#[cfg(test)]
mod tests;
