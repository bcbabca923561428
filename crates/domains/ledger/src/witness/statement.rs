//! A statement: what the bank says of its journal at one moment, in canonical bytes, signed.
//!
//! ```text
//! tag length (u8) | tag "yuanhang.ledger.statement" | format (u16) | hash algorithm (u8)
//! number of the statement, from 1 (u64) | hash of the statement before it, zeros for the first (32)
//! sequence of the last record (u64) | its epoch (u64) | its hash (32) | root of the tree over the hashes of
//! records 1 to it (32) | business date at its beginning, days since 1970 (i32)
//! instant of the statement, nanoseconds since 1970 (i64)
//! ```
//!
//! Integers are big-endian. The signature is SM2 with SM3 over these bytes, r and s of 32 bytes each. Number 0 is
//! a statement by itself, which belongs to no chain: it is made for a proof where the bank has no witness.
//!
//! Outside, a statement is a line of JSON: some of it to be read, all of it following from the signed bytes, so
//! that there is one way only to write it.

use clock::Timestamp;
use proofs::Tree;
use serde::{Deserialize, Serialize};

use super::key::{PublicKey, SIGNATURE_BYTES, WitnessKey};
use crate::hash::{Algorithm, Hash};
use crate::model::{Reader, Truncated, instant, put};

/// The layout that this program writes.
pub const STATEMENT_FORMAT: u16 = 1;

const TAG: &[u8] = b"yuanhang.ledger.statement";
const TAG_HASH: &[u8] = b"yuanhang.ledger.statement.1";

/// What the bank says of its journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// With what the book is sealed, and the tree and the chain of statements hashed.
    pub algorithm: Algorithm,
    /// Which statement, from 1; 0 for one that belongs to no chain.
    pub number: u64,
    /// Hash of the statement before it; zeros for the first.
    pub previous: Hash,
    /// The last record.
    pub sequence: u64,
    /// Epoch of the writer that wrote it.
    pub epoch: u64,
    /// Its hash.
    pub hash: Hash,
    /// Root of the tree over the hashes of all records up to it.
    pub tree: Hash,
    /// Business date at its beginning, days since 1970-01-01.
    pub date: i32,
    /// When the statement was made, nanoseconds since 1970.
    pub at: i64,
}

/// Bytes or a line that are no statement of the bank.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unsound {
    /// It is not the one way to write a statement.
    #[error("it is not written as a statement is")]
    Writing,
    /// Does not begin as a statement does.
    #[error("it does not begin with the tag of a statement")]
    NotAStatement,
    /// Written by a newer program.
    #[error("it has format {0}; this program knows up to {STATEMENT_FORMAT}: use the newer program")]
    Newer(u16),
    /// A hash algorithm that does not exist.
    #[error("it names an unknown hash algorithm {0}")]
    AlgorithmUnknown(u8),
    /// Cut short or too long.
    #[error("it is damaged")]
    Damaged(#[from] Truncated),
    /// The subtrees are not those of its root.
    #[error("its peaks do not hash to the root of its tree")]
    Peaks,
    /// Somebody else signed it, or it was changed.
    #[error("it is not signed with the key {0}")]
    Signature(String),
}

impl Statement {
    /// Canonical bytes: what is signed.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(192);
        put::u8(&mut bytes, TAG.len() as u8);
        bytes.extend_from_slice(TAG);
        put::u16(&mut bytes, STATEMENT_FORMAT);
        put::u8(&mut bytes, self.algorithm.code());
        put::u64(&mut bytes, self.number);
        bytes.extend_from_slice(&self.previous);
        put::u64(&mut bytes, self.sequence);
        put::u64(&mut bytes, self.epoch);
        bytes.extend_from_slice(&self.hash);
        bytes.extend_from_slice(&self.tree);
        put::i32(&mut bytes, self.date);
        put::i64(&mut bytes, self.at);
        bytes
    }

    /// Reads canonical bytes.
    ///
    /// # Errors
    /// [`Unsound`].
    pub fn try_from_bytes(bytes: &[u8]) -> Result<Self, Unsound> {
        let mut from = Reader::new(bytes);
        let tag_length = from.u8().map_err(|_| Unsound::NotAStatement)?;
        if from.take(usize::from(tag_length)).ok() != Some(TAG) {
            return Err(Unsound::NotAStatement);
        }
        let format = from.u16()?;
        if format != STATEMENT_FORMAT {
            return Err(Unsound::Newer(format));
        }
        let code = from.u8()?;
        let statement = Self {
            algorithm: Algorithm::from_code(code).ok_or(Unsound::AlgorithmUnknown(code))?,
            number: from.u64()?,
            previous: from.array()?,
            sequence: from.u64()?,
            epoch: from.u64()?,
            hash: from.array()?,
            tree: from.array()?,
            date: from.i32()?,
            at: from.i64()?,
        };
        from.finish()?;
        Ok(statement)
    }

    /// When the statement was made.
    #[must_use]
    pub fn made_at(&self) -> Timestamp {
        instant(self.at)
    }

    /// What the next statement of the chain names as the one before it.
    #[must_use]
    pub fn chain_hash(&self) -> Hash {
        self.algorithm.hash(&[TAG_HASH, &self.to_bytes()])
    }
}

/// A signed statement, with what is needed to go on from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// What is said.
    pub statement: Statement,
    /// The signature over its bytes.
    pub signature: [u8; SIGNATURE_BYTES],
    /// The tree of its records, from which a later statement's tree can be grown.
    pub tree: Tree,
}

/// A statement as a line of JSON.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    number: u64,
    sequence: u64,
    hash: String,
    statement: String,
    signature: String,
    peaks: String,
}

impl Signed {
    /// Signs a statement; `None` as [`WitnessKey::sign`] does.
    #[must_use]
    pub fn sign(statement: Statement, tree: Tree, key: &WitnessKey) -> Option<Self> {
        let signature = key.sign(&statement.to_bytes())?;
        Some(Self { statement, signature, tree })
    }

    /// The line that it is outside, without an end of line.
    #[must_use]
    pub fn to_line(&self) -> String {
        let line = Line {
            number: self.statement.number,
            sequence: self.statement.sequence,
            hash: hex::encode(self.statement.hash),
            statement: hex::encode(self.statement.to_bytes()),
            signature: hex::encode(self.signature),
            peaks: hex::encode(self.tree.peaks().concat()),
        };
        serde_json::to_string(&line).unwrap_or_default()
    }

    /// Reads a line and checks that it says one thing, and that `key` signed it.
    ///
    /// # Errors
    /// [`Unsound`].
    pub fn try_from_line(text: &str, key: &PublicKey) -> Result<Self, Unsound> {
        let line: Line = serde_json::from_str(text).map_err(|_| Unsound::Writing)?;
        let bytes = hex::decode(&line.statement).map_err(|_| Unsound::Writing)?;
        let statement = Statement::try_from_bytes(&bytes)?;
        let signature = hex::decode(&line.signature).ok().and_then(|bytes| bytes.try_into().ok());
        let signature = signature.ok_or(Unsound::Writing)?;
        check_signature(&bytes, &signature, key)?;
        let peaks = hex::decode(&line.peaks).map_err(|_| Unsound::Writing)?;
        let (peaks, rest) = peaks.as_chunks::<32>();
        let tree = Tree::of_peaks(statement.algorithm, statement.sequence, peaks).ok_or(Unsound::Peaks)?;
        if tree.root() != statement.tree || !rest.is_empty() {
            return Err(Unsound::Peaks);
        }
        let signed = Self { statement, signature, tree };
        if signed.to_line() == text { Ok(signed) } else { Err(Unsound::Writing) }
    }
}

/// Checks that `key` signed these bytes.
///
/// # Errors
/// [`Unsound::Signature`].
pub fn check_signature(
    bytes: &[u8],
    signature: &[u8; SIGNATURE_BYTES],
    key: &PublicKey,
) -> Result<(), Unsound> {
    if key.verifies(bytes, signature) { Ok(()) } else { Err(Unsound::Signature(key.to_string())) }
}
