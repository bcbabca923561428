//! The name of a key: its SHA-256 thumbprint.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// SHA-256 of a public P-256 key in the one way of writing it (RFC 7638): what a session is bound to. Not secret.
/// Written as 43 characters of base64url (`jkt`, RFC 9449 section 6.1).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Thumbprint([u8; 32]);

/// The text is no thumbprint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a thumbprint: 43 characters of base64url")]
pub struct MalformedThumbprint;

impl Thumbprint {
    /// The thumbprint with these bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The thumbprint of the key with these coordinates, each 32 bytes in base64url (RFC 7638 section 3).
    pub(crate) fn of_coordinates(x: &str, y: &str) -> Self {
        Self(sha256(format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#).as_bytes()))
    }
}

impl fmt::Display for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl fmt::Debug for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Thumbprint({self})")
    }
}

impl FromStr for Thumbprint {
    type Err = MalformedThumbprint;
    fn from_str(text: &str) -> Result<Self, MalformedThumbprint> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| MalformedThumbprint)?;
        bytes.try_into().map(Self).map_err(|_| MalformedThumbprint)
    }
}

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let digest = ring::digest::digest(&ring::digest::SHA256, bytes);
    digest.as_ref().first_chunk().copied().unwrap_or_default()
}
