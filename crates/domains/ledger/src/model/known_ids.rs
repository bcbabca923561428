//! Where each id was first used: the way to exact de-duplication over the whole history.
//!
//! An id is found by a 64-bit hash, which leads to a *location* in the journal (record and place in it); whether
//! it is the same id is told by the entry that stands there, never by the hash. So memory holds 16 bytes per
//! recent id, at most three quarters of a table full, and the journal holds the rest.
//!
//! Ids are kept in generations of a fixed size: a new one is begun when the newest is full, so that nothing is
//! ever moved. Old generations leave memory once they are stored ([`KnownIds::to_store`], [`crate::stored_ids`]);
//! what is found in the store is handed back with [`super::Past`]. Ids bear the time at which they were minted (RFC
//! 9562, version 7) in their first 48 bits: a generation whose times are others is not even looked at. Ids without
//! it are found as exactly, a little slower.

mod generation;

use std::collections::VecDeque;
use std::sync::Arc;

use ids::TransferId;

pub use generation::{IdGeneration, Minted};

/// Ids of one generation, where nothing else is said: 64 MB of memory each.
pub(crate) const GENERATION_IDS: usize = 3 << 20;
/// Room of the first table before it is known that there will be many.
const FIRST_IDS: usize = 48;

/// Bits of a location that tell the place in a record.
const PLACE_BITS: u32 = 14;
/// The most entries of a record.
pub const RECORD_ENTRIES_MAX: u32 = 1 << PLACE_BITS;

/// Turns the id of a hold into the key under which its end is found.
const ENDED: u128 = 0x9D3F_51A7_0C6E_B284_E17B_4D90_2A5C_F836;

/// Where an entry stands: record and place in it. Never zero, because records are counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Location(u64);

impl Location {
    /// The entry in `place` (below 16,384) of the record `sequence`.
    #[must_use]
    pub const fn new(sequence: u64, place: u32) -> Self {
        Self(sequence << PLACE_BITS | (place & (RECORD_ENTRIES_MAX - 1)) as u64)
    }

    /// The record.
    #[must_use]
    pub const fn sequence(self) -> u64 {
        self.0 >> PLACE_BITS
    }

    /// The place in it, from 0.
    #[must_use]
    pub const fn place(self) -> u32 {
        (self.0 & (RECORD_ENTRIES_MAX - 1) as u64) as u32
    }

    /// As one number, in the order of the journal.
    #[must_use]
    pub const fn to_bits(self) -> u64 {
        self.0
    }

    /// The location of such a number.
    #[must_use]
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// The entry after it in the same record.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// What an id is looked up by. Equal ids have equal keys; unequal ones hardly ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct IdKey {
    /// Spread evenly over all 64 bits.
    pub hash: u64,
    /// When the id was minted, milliseconds since 1970; `None` where it does not tell.
    pub minted_ms: Option<u64>,
}

impl IdKey {
    /// The key of an id.
    #[must_use]
    pub const fn of(id: TransferId) -> Self {
        let bits = id.as_u128();
        Self { hash: spread(bits), minted_ms: minted_ms(bits) }
    }

    /// The key under which it is found how a hold ended.
    #[must_use]
    pub const fn end_of(hold: TransferId) -> Self {
        let bits = hold.as_u128();
        Self { hash: spread(bits ^ ENDED), minted_ms: minted_ms(bits) }
    }
}

/// The time in a UUID of version 7 (RFC 9562, section 5.7); other versions have none at this place.
const fn minted_ms(bits: u128) -> Option<u64> {
    let (version, variant) = (bits >> 76 & 0xF, bits >> 62 & 0b11);
    if version == 7 && variant == 0b10 { Some((bits >> 80) as u64) } else { None }
}

/// Two rounds of multiply and fold. Whoever can choose ids can make collisions, which cost a look into the
/// journal each and never give a wrong answer.
const fn spread(bits: u128) -> u64 {
    let low = (bits as u64) ^ 0xA076_1D64_78BD_642F;
    let high = ((bits >> 64) as u64) ^ 0xE703_7ED1_A0B4_28DB;
    let folded = (low as u128).wrapping_mul(high as u128);
    let once = (folded as u64) ^ ((folded >> 64) as u64) ^ low.rotate_left(29);
    let again = (once as u128).wrapping_mul(0x8EBC_6AF0_9C88_C6E3_589C_49A5_6F32_1B17);
    (again as u64) ^ ((again >> 64) as u64) ^ high
}

/// A generation that may leave memory once it is stored.
#[derive(Debug, Clone)]
pub struct Full {
    /// Its ids, all of durable records.
    pub ids: Arc<IdGeneration>,
    /// Every id that stands before this location is in this generation or in an older one.
    pub until: Location,
}

/// All ids that are in memory.
#[derive(Debug, Clone)]
pub(super) struct KnownIds {
    /// Ids of one generation.
    size: usize,
    /// Full ones, oldest first.
    full: VecDeque<Arc<IdGeneration>>,
    newest: IdGeneration,
}

impl Default for KnownIds {
    fn default() -> Self {
        Self { size: GENERATION_IDS, full: VecDeque::new(), newest: IdGeneration::with_room(FIRST_IDS) }
    }
}

impl KnownIds {
    /// Generations that begin from now on are of so many ids.
    pub(super) fn resize(&mut self, size: usize) {
        self.size = size.max(1);
    }

    /// Entries that may be those of `key`, newest generation first.
    pub(super) fn find(&self, key: IdKey) -> impl Iterator<Item = Location> + '_ {
        let older = self.full.iter().rev().flat_map(move |generation| generation.find(key));
        self.newest.find(key).chain(older)
    }

    /// Touches the slot that `key` will need, so that it is near when it is needed.
    pub(super) fn touch(&self, key: IdKey) -> u64 {
        self.newest.touch(key.hash)
    }

    pub(super) fn insert(&mut self, key: IdKey, location: Location) {
        // INVARIANT: what stands in one place (an id, and the end of a hold) stands in one generation, because
        // generations are told apart, and made anew, by place. A place has two at most.
        if self.newest.len() + 1 >= self.size && self.newest.last() != location {
            let begun = IdGeneration::with_room(self.size);
            self.full.push_back(Arc::new(std::mem::replace(&mut self.newest, begun)));
        }
        self.newest.insert(key, location);
    }

    /// Makes the newest table as large as it will ever be, so that it need not grow.
    pub(super) fn reserve(&mut self) {
        self.newest.reserve(self.size);
    }

    /// Takes back an id that was just added.
    pub(super) fn remove(&mut self, key: IdKey, location: Location) {
        if self.newest.holds(key, location) {
            self.newest.remove(key, location);
        } else if let Some(older) =
            self.full.iter_mut().rev().find(|generation| generation.holds(key, location))
        {
            // INVARIANT: not handed over, because what is taken back is not durable; so nothing is copied.
            Arc::make_mut(older).remove(key, location);
        }
    }

    /// How many ids are in memory.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.newest.len() + self.full.iter().map(|generation| generation.len()).sum::<usize>()
    }

    /// All generations in memory, oldest first.
    pub(super) fn generations(&self) -> impl Iterator<Item = &IdGeneration> {
        self.full.iter().map(|generation| &**generation).chain(std::iter::once(&self.newest))
    }

    /// The oldest generation, once a newer one is half full and all ids in it are of records up to `durable`.
    pub(super) fn to_store(&self, durable: u64) -> Option<Full> {
        let oldest = self.full.front().filter(|oldest| oldest.last().sequence() <= durable)?;
        let newer = self.full.iter().skip(1);
        if newer.len() == 0 && self.newest.len() * 2 < self.size {
            return None;
        }
        // Not what the oldest itself has seen: that may have been taken back and come again elsewhere.
        let until = newer.map(|newer| newer.first()).fold(self.newest.first(), Location::min);
        Some(Full { ids: Arc::clone(oldest), until })
    }

    /// Lets go of the oldest generation, which is stored.
    pub(super) fn release_oldest(&mut self) {
        self.full.pop_front();
    }
}

#[cfg(test)]
mod tests;
