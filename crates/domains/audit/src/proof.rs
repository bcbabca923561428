//! Proofs that need no bank: that a record is in the record that a checkpoint speaks of, and that one checkpoint's
//! record grew out of another's.

use proofs::{Hash, PublicKey, siblings};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};

use crate::error::Failed;
use crate::model::checkpoint::{Checkpoint, Unsound};
use crate::model::head::ALGORITHM;
use crate::model::record::Record;
use crate::store;

/// What is handed to whoever doubts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Proof {
    /// A record is in the record of a checkpoint.
    Inclusion {
        /// The record: the line that is hashed.
        record: String,
        /// Hashes beside its way to the root, from the leaf up, hexadecimal.
        path: Vec<String>,
        /// The signed checkpoint.
        checkpoint: String,
    },
    /// The record of one checkpoint is the beginning of another's.
    Consistency {
        /// The hashes of RFC 6962, 2.1.2, hexadecimal.
        path: Vec<String>,
        /// The earlier signed checkpoint.
        earlier: String,
        /// The later one.
        later: String,
    },
}

/// What a proof proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proved {
    /// This record is in the record that the checkpoint speaks of.
    Included(Record, Checkpoint),
    /// The later one holds all of the earlier one, unaltered.
    Consistent(Checkpoint, Checkpoint),
}

/// Why a proof proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unproved {
    /// It is none.
    #[error("this is not a proof")]
    NotAProof,
    /// A checkpoint.
    #[error("its checkpoint does not hold: {0}")]
    Checkpoint(#[from] Unsound),
    /// The hashes do not lead to the root that was signed.
    #[error("it does not lead to the root that the bank signed")]
    Root,
}

fn written(path: Vec<Hash>) -> Vec<String> {
    path.into_iter().map(hex::encode).collect()
}

fn read(path: &[String]) -> Option<Vec<Hash>> {
    path.iter().map(|hash| hex::decode(hash).ok()?.try_into().ok()).collect()
}

impl Proof {
    /// Proves that the record `number` is in the record of the newest checkpoint; `None` where none speaks of it yet.
    pub(crate) async fn of_record(
        connection: &impl ConnectionTrait,
        number: u64,
    ) -> Result<Option<Self>, Failed> {
        let Some((count, checkpoint)) = store::last_checkpoint(connection).await? else { return Ok(None) };
        let Some(ranges) = siblings(number, count) else { return Ok(None) };
        let mut path = Vec::with_capacity(ranges.len());
        for range in ranges {
            path.push(store::root_over(connection, range).await?);
        }
        let row = store::from(connection, number, 1).await?.into_iter().next();
        let row = row.filter(|row| row.number == number);
        let row = row.ok_or_else(|| Failed::damaged(format!("record {number} is missing")))?;
        let record = String::from_utf8(row.record);
        let record = record.map_err(|_| Failed::damaged(format!("record {number} is not text")))?;
        Ok(Some(Self::Inclusion { record, path: written(path), checkpoint }))
    }

    /// Proves that the record of the checkpoint `later` grew out of that of `earlier`, both lines as they were signed.
    pub(crate) async fn of_growth(
        connection: &impl ConnectionTrait,
        (earlier, later): ((u64, String), (u64, String)),
    ) -> Result<Option<Self>, Failed> {
        let mut ranges = Vec::new();
        let asked = ALGORITHM.consistency(earlier.0, later.0, |range| {
            ranges.push(range);
            Some([0; 32])
        });
        if asked.is_none() {
            return Ok(None);
        }
        let mut path = Vec::with_capacity(ranges.len());
        for range in ranges {
            path.push(store::root_over(connection, range).await?);
        }
        Ok(Some(Self::Consistency { path: written(path), earlier: earlier.1, later: later.1 }))
    }

    /// Checks it by itself: nothing is asked of the bank. `key` is the bank's public key.
    ///
    /// # Errors
    /// [`Unproved`].
    pub fn check(&self, key: &PublicKey) -> Result<Proved, Unproved> {
        match self {
            Self::Inclusion { record, path, checkpoint } => {
                let checkpoint = Checkpoint::try_from_line(checkpoint, key)?;
                let read = Record::try_from_bytes(record.as_bytes()).zip(read(path));
                let (told, path) = read.ok_or(Unproved::NotAProof)?;
                let leaf = ALGORITHM.leaf(record.as_bytes());
                let root = ALGORITHM.root_by_path(leaf, told.number, checkpoint.count, &path);
                if root == Some(checkpoint.root) {
                    Ok(Proved::Included(told, checkpoint))
                } else {
                    Err(Unproved::Root)
                }
            }
            Self::Consistency { path, earlier, later } => {
                let earlier = Checkpoint::try_from_line(earlier, key)?;
                let later = Checkpoint::try_from_line(later, key)?;
                let path = read(path).ok_or(Unproved::NotAProof)?;
                let (before, after) = ((earlier.count, earlier.root), (later.count, later.root));
                if ALGORITHM.is_consistent(before, after, &path) {
                    Ok(Proved::Consistent(earlier, later))
                } else {
                    Err(Unproved::Root)
                }
            }
        }
    }
}

/// Reads and checks a proof.
///
/// # Errors
/// [`Unproved`].
pub fn check(text: &str, key: &PublicKey) -> Result<Proved, Unproved> {
    serde_json::from_str::<Proof>(text).map_err(|_| Unproved::NotAProof)?.check(key)
}
