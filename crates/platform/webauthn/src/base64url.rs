//! Bytes as JSON carries them: base64url without padding (Web Authentication Level 3, section 5.1), bounded.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};

/// Writes bytes.
pub(crate) fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads bytes; `None` for padding, other letters, or bits left over, so that bytes have one spelling.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// `MIN` to `MAX` bytes.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Bytes<const MIN: usize, const MAX: usize>(Vec<u8>);

impl<const MIN: usize, const MAX: usize> Bytes<MIN, MAX> {
    pub(crate) fn as_slice(&self) -> &[u8] {
        &self.0
    }
}

impl<'de, const MIN: usize, const MAX: usize> Deserialize<'de> for Bytes<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Reader)
    }
}

struct Reader<const MIN: usize, const MAX: usize>;

impl<const MIN: usize, const MAX: usize> Visitor<'_> for Reader<MIN, MAX> {
    type Value = Bytes<MIN, MAX>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{MIN} to {MAX} bytes in base64url without padding")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        match decode(text) {
            Some(bytes) if (MIN..=MAX).contains(&bytes.len()) => Ok(Bytes(bytes)),
            _ => Err(E::custom(format_args!("expected {MIN} to {MAX} bytes in base64url without padding"))),
        }
    }
}
