//! A checkpoint: what the bank says of its record at one moment, signed.
//!
//! ```text
//! yuanhang.audit.checkpoint 1
//! <how many records, decimal>
//! <root of the tree over them, 64 hexadecimal digits>
//! <instant, RFC 3339>
//! ```
//!
//! each line ended by a line feed; the signature is SM2 with SM3 over these bytes. Outside it is a line of JSON with the
//! same values and the signature, and there is one way only to write it.

use clock::Timestamp;
use proofs::{Hash, PublicKey, SIGNATURE_BYTES, SigningKey};
use serde::{Deserialize, Serialize};

const TAG: &str = "yuanhang.audit.checkpoint 1";

/// How the record stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checkpoint {
    /// How many records there were.
    pub count: u64,
    /// Root of the tree over them.
    pub root: Hash,
    /// When this was said.
    pub at: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    count: u64,
    root: String,
    at: Timestamp,
    signature: String,
}

/// A line that is no checkpoint of this bank.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unsound {
    /// It is not the one way to write a checkpoint.
    #[error("it is not written as a checkpoint is")]
    Writing,
    /// Somebody else signed it, or it was changed.
    #[error("it is not signed with the key {0}")]
    Signature(String),
}

impl Checkpoint {
    fn to_bytes(self) -> Vec<u8> {
        format!("{TAG}\n{}\n{}\n{}\n", self.count, hex::encode(self.root), self.at).into_bytes()
    }

    /// The signed line; `None` as [`SigningKey::sign`].
    pub(crate) fn sign(self, key: &SigningKey) -> Option<String> {
        self.line(&key.sign(&self.to_bytes())?)
    }

    fn line(self, signature: &[u8]) -> Option<String> {
        let (root, signature) = (hex::encode(self.root), hex::encode(signature));
        serde_json::to_string(&Line { count: self.count, root, at: self.at, signature }).ok()
    }

    /// Reads a line that `key` signed.
    ///
    /// # Errors
    /// [`Unsound`].
    pub fn try_from_line(text: &str, key: &PublicKey) -> Result<Self, Unsound> {
        let line: Line = serde_json::from_str(text).map_err(|_| Unsound::Writing)?;
        let root: Option<Hash> = hex::decode(&line.root).ok().and_then(|root| root.try_into().ok());
        let signature = hex::decode(&line.signature).ok();
        let signature: Option<[u8; SIGNATURE_BYTES]> = signature.and_then(|bytes| bytes.try_into().ok());
        let (Some(root), Some(signature)) = (root, signature) else { return Err(Unsound::Writing) };
        let checkpoint = Self { count: line.count, root, at: line.at };
        if checkpoint.line(&signature).as_deref() != Some(text) {
            return Err(Unsound::Writing);
        }
        if key.verifies(&checkpoint.to_bytes(), &signature) {
            Ok(checkpoint)
        } else {
            Err(Unsound::Signature(key.to_string()))
        }
    }
}
