//! The keys of the bank: one to find, one to authenticate, and one generation after the other to wrap data keys.

use std::collections::BTreeMap;
use std::ops::RangeFrom;

use zeroize::Zeroizing;

use crate::KeysFailed;
use crate::cipher::{half, hmac};
use crate::wrapping::{FileKey, Wrapping};

/// The number of the first generation.
pub(crate) const FIRST: u32 = 1;

/// What never changes while the bank lives: the bank's own hash, and the keys under which values are found and bytes
/// authenticated. Their results stand in rows and in the hands of others, so they outlive every generation.
#[derive(Clone)]
pub(crate) struct Root {
    pub(crate) bank: [u8; 16],
    pub(crate) indexing: Zeroizing<[u8; 32]>,
    pub(crate) signing: Zeroizing<[u8; 32]>,
}

impl Root {
    pub(crate) fn index(&self, field: &str, value: &[u8]) -> [u8; 32] {
        hmac(&self.indexing, field, value)
    }

    pub(crate) fn mac(&self, purpose: &str, bytes: &[u8]) -> [u8; 32] {
        hmac(&self.signing, purpose, bytes)
    }
}

/// The root as a key of a module seals it: it stands in the key file instead of the root itself.
#[derive(Clone)]
pub(crate) struct SealedRoot {
    /// The generation that seals it.
    pub(crate) by: u32,
    pub(crate) sealed: Vec<u8>,
}

/// All of it.
#[derive(Clone)]
pub(crate) struct Ring {
    pub(crate) root: Root,
    pub(crate) sealed_root: Option<SealedRoot>,
    /// By number. Those that a bank began to use, and perhaps one that it will use next.
    pub(crate) generations: BTreeMap<u32, Wrapping>,
}

impl Ring {
    /// The keys that are derived from a single secret.
    pub(crate) fn of(secret: &[u8; 32]) -> Self {
        let derive = |purpose: &str| Zeroizing::new(hmac(secret, "yuanhang/master/1", purpose.as_bytes()));
        let first = Wrapping::File(FileKey(Zeroizing::new(half(&derive("wrap")))));
        let root =
            Root { bank: half(&derive("fingerprint")), indexing: derive("index"), signing: derive("mac") };
        Self { root, sealed_root: None, generations: BTreeMap::from([(FIRST, first)]) }
    }

    pub(crate) fn get(&self, number: u32) -> Result<&Wrapping, KeysFailed> {
        self.generations.get(&number).ok_or(KeysFailed::Generation { number })
    }

    /// The newest generation here; the first where there is none.
    pub(crate) fn newest(&self) -> u32 {
        self.generations.last_key_value().map_or(FIRST, |(number, _)| *number)
    }

    /// The newest of those after `number`: made, and not in use yet.
    pub(crate) fn prepared(&self, number: u32) -> Option<u32> {
        let after: RangeFrom<u32> = number.saturating_add(1)..;
        self.generations.range(after).next_back().map(|(number, _)| *number)
    }
}
