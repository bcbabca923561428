//! The keys of the bank: one to find, one to authenticate, and one generation after the other to wrap data keys.

use std::collections::BTreeMap;
use std::ops::RangeFrom;

use zeroize::Zeroizing;

use crate::cipher::{half, hash, hmac, open, seal};
use crate::{DataKey, KeysFailed, Subject};

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

/// One generation: it wraps data keys.
#[derive(Clone)]
pub(crate) struct Wrapping(pub(crate) Zeroizing<[u8; 16]>);

impl Wrapping {
    /// Tells generations apart without giving them away.
    pub(crate) fn fingerprint(&self) -> [u8; 16] {
        hash(b"yuanhang/generation/1\0", self.0.as_slice())
    }

    pub(crate) fn wrap(&self, key: &DataKey) -> Vec<u8> {
        seal(&self.0, &associated(key.subject()), key.bytes())
    }

    pub(crate) fn unwrap(&self, subject: Subject, wrapped: &[u8]) -> Result<DataKey, KeysFailed> {
        let plain = Zeroizing::new(open(&self.0, &associated(subject), wrapped)?);
        let key = <[u8; 16]>::try_from(plain.as_slice()).map_err(|_| KeysFailed::Damaged)?;
        Ok(DataKey::of(subject, Zeroizing::new(key)))
    }
}

fn associated(subject: Subject) -> Vec<u8> {
    [b"yuanhang/wrapped/1\0".as_slice(), subject.bytes()].concat()
}

/// All of it.
#[derive(Clone)]
pub(crate) struct Ring {
    pub(crate) root: Root,
    /// By number. Those that a bank began to use, and perhaps one that it will use next.
    pub(crate) generations: BTreeMap<u32, Wrapping>,
}

impl Ring {
    /// The keys that are derived from a single secret.
    pub(crate) fn of(secret: &[u8; 32]) -> Self {
        let derive = |purpose: &str| Zeroizing::new(hmac(secret, "yuanhang/master/1", purpose.as_bytes()));
        let first = Wrapping(Zeroizing::new(half(&derive("wrap"))));
        let root =
            Root { bank: half(&derive("fingerprint")), indexing: derive("index"), signing: derive("mac") };
        Self { root, generations: BTreeMap::from([(FIRST, first)]) }
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
