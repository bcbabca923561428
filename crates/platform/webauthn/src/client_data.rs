//! What the browser says of the page that asked: `CollectedClientData` (section 5.8.1).

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};

use crate::{Refused, base64url};

/// Most bytes of `clientDataJSON`; ours have some 200.
pub(crate) const BYTES_MAX: usize = 8192;

/// The members that are looked at. Others may come in the future and are passed over (5.8.1).
#[derive(Deserialize)]
pub(crate) struct ClientData {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// Base64url without padding.
    pub(crate) challenge: String,
    pub(crate) origin: String,
    #[serde(rename = "crossOrigin", default, deserialize_with = "given")]
    cross_origin: Option<bool>,
    #[serde(rename = "topOrigin", default, deserialize_with = "present")]
    top_origin: bool,
}

/// A truth that may be left out but not be `null`.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    bool::deserialize(deserializer).map(Some)
}

/// Whether the member is there, whatever it holds.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}

impl ClientData {
    /// Reads what the browser wrote.
    ///
    /// # Errors
    /// [`Refused::Malformed`], also for a member that is there twice.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Refused> {
        // Serde takes an array for a struct, too; the standard's serialization begins with a brace (5.8.1.1).
        if bytes.first() != Some(&b'{') {
            return Err(Refused::Malformed);
        }
        serde_json::from_slice(bytes).map_err(|_| Refused::Malformed)
    }

    /// The challenge that was answered.
    ///
    /// # Errors
    /// [`Refused::Malformed`] where it is not base64url.
    pub(crate) fn challenge(&self) -> Result<Vec<u8>, Refused> {
        base64url::decode(&self.challenge).ok_or(Refused::Malformed)
    }

    /// Whether the page that asked was inside one of another origin.
    pub(crate) const fn is_framed(&self) -> bool {
        self.top_origin || matches!(self.cross_origin, Some(true))
    }
}
