//! WebAuthn: what a relying party checks of passkeys (W3C Web Authentication Level 3, sections 7.1 and 7.2).
//!
//! A [`RelyingParty`] asks with [`CreationOptions`] and [`RequestOptions`], and checks what a browser answers:
//! [`RelyingParty::register`] takes a [`Registration`] to the [`Credential`] that is to be kept,
//! [`RelyingParty::verify`] an [`Assertion`] against the one that is [`Known`]. Keys are ES256, EdDSA with Ed25519, or
//! RS256; the user must have been verified; no vouching for the maker of an authenticator is asked for or looked at.
//!
//! Its own code, because of the ready crates one is under a license that the house does not take and needs OpenSSL,
//! and the other draws its challenges itself, while ours must say what is paid to whom.
//!
//! Entry: [`RelyingParty`]. Cost: one check of a signature. Refuses to know storage, sessions, clocks and
//! randomness. Whoever calls draws challenges (or derives them), uses each once and before its time is out, sees that
//! a credential id belongs to one user only, and finds the credential and the user that an assertion names.

mod assertion;
mod attestation;
mod authenticator_data;
mod base64url;
mod cbor;
mod client_data;
mod key;
mod options;
mod refused;
mod registration;
mod relying_party;
#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use assertion::{Asserted, Assertion, Known};
pub use key::PublicKey;
pub use options::{CreationOptions, RequestOptions};
pub use refused::Refused;
pub use registration::{Credential, Registration};
pub use relying_party::{ConfigRefused, RelyingParty};

/// SHA-256, by which an approval becomes the challenge that is signed.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    let digest = ring::digest::digest(&ring::digest::SHA256, bytes);
    for (to, from) in hash.iter_mut().zip(digest.as_ref()) {
        *to = *from;
    }
    hash
}

#[cfg(test)]
mod tests;
