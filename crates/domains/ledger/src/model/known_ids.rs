//! Where each id was first used: the way to exact de-duplication over the whole history.
//!
//! An id is found by a 64-bit hash, which leads to a *location* in the journal (record and place in it); whether
//! it is the same id is told by the entry that stands there, never by the hash. So memory holds 16 bytes per
//! recent id, at most three quarters of a table full, and the journal holds the rest.
//!
//! Ids are kept in generations of a fixed size: a new one is begun when the newest is full, so that nothing is
//! ever moved. Old generations leave memory once they are stored ([`KnownIds::oldest_full`]); what is found in
//! the store is handed back with [`super::Past`]. Ids bear the time at which they were minted (RFC 9562, version
//! 7) in their first 48 bits: a generation whose times are others is not even looked at. Ids without it are
//! found as exactly, a little slower.

use std::collections::VecDeque;

use ids::TransferId;

/// Ids of one generation, and slots of its table.
const GENERATION_IDS: usize = 3 << 20;
const GENERATION_SLOTS: usize = 4 << 20;
const FIRST_SLOTS: usize = 64;

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
    /// When the id was minted, milliseconds since 1970, if it is of the kind that tells.
    pub minted_ms: u64,
}

impl IdKey {
    /// The key of an id.
    #[must_use]
    pub const fn of(id: TransferId) -> Self {
        let bits = id.as_u128();
        Self { hash: spread(bits), minted_ms: (bits >> 80) as u64 }
    }

    /// The key under which it is found how a hold ended.
    #[must_use]
    pub const fn end_of(hold: TransferId) -> Self {
        let bits = hold.as_u128();
        Self { hash: spread(bits ^ ENDED), minted_ms: (bits >> 80) as u64 }
    }
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

/// One slot: hash and location; a location of zero is an empty slot.
type Slot = (u64, u64);

#[derive(Debug, Clone)]
struct Generation {
    slots: Vec<Slot>,
    len: usize,
    /// Times of minting, first and last.
    minted: (u64, u64),
    last: Location,
}

impl Generation {
    fn new(slots: usize) -> Self {
        Self { slots: vec![(0, 0); slots], len: 0, minted: (u64::MAX, 0), last: Location(0) }
    }

    fn home(&self, hash: u64) -> usize {
        // From the upper bits, so that slots in order are keys in order, as the store wants them.
        ((u128::from(hash) * self.slots.len() as u128) >> 64) as usize
    }

    fn step(&self, at: usize) -> usize {
        if at + 1 == self.slots.len() { 0 } else { at + 1 }
    }

    fn slot(&self, at: usize) -> Slot {
        self.slots.get(at).copied().unwrap_or((0, 0))
    }

    fn find(&self, key: IdKey) -> impl Iterator<Item = Location> + '_ {
        let apart = self.len == 0 || key.minted_ms < self.minted.0 || key.minted_ms > self.minted.1;
        let mut at = (!apart).then(|| self.home(key.hash));
        std::iter::from_fn(move || {
            loop {
                let (hash, location) = self.slot(at?);
                at = if location == 0 { None } else { at.map(|at| self.step(at)) };
                if location != 0 && hash == key.hash {
                    return Some(Location(location));
                }
            }
        })
    }

    fn place(&mut self, hash: u64, location: u64) {
        let mut at = self.home(hash);
        while self.slot(at).1 != 0 {
            at = self.step(at);
        }
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = (hash, location);
        }
    }

    fn insert(&mut self, key: IdKey, location: Location) {
        if (self.len + 1) * 4 > self.slots.len() * 3 {
            let doubled = Self::new(self.slots.len() * 2);
            let old = std::mem::replace(&mut self.slots, doubled.slots);
            old.into_iter().filter(|slot| slot.1 != 0).for_each(|(hash, at)| self.place(hash, at));
        }
        self.place(key.hash, location.0);
        self.len += 1;
        self.minted = (self.minted.0.min(key.minted_ms), self.minted.1.max(key.minted_ms));
        self.last = self.last.max(location);
    }

    fn remove(&mut self, key: IdKey, location: Location) -> bool {
        let mut hole = self.home(key.hash);
        while self.slot(hole) != (key.hash, location.0) {
            if self.slot(hole).1 == 0 {
                return false;
            }
            hole = self.step(hole);
        }
        self.len -= 1;
        // Whatever probed past the hole moves back into it, so that no chain is cut.
        let count = self.slots.len();
        let mut next = hole;
        loop {
            next = self.step(next);
            let slot = self.slot(next);
            if slot.1 == 0 {
                break;
            }
            let from_home = (next + count - self.home(slot.0)) % count;
            if from_home >= (next + count - hole) % count {
                if let Some(place) = self.slots.get_mut(hole) {
                    *place = slot;
                }
                hole = next;
            }
        }
        if let Some(place) = self.slots.get_mut(hole) {
            *place = (0, 0);
        }
        true
    }
}

/// All ids that are in memory.
#[derive(Debug, Clone, Default)]
pub(super) struct KnownIds {
    /// Oldest first.
    generations: VecDeque<Generation>,
}

impl KnownIds {
    /// Entries that may be those of `key`, newest generation first.
    pub(super) fn find(&self, key: IdKey) -> impl Iterator<Item = Location> + '_ {
        self.generations.iter().rev().flat_map(move |generation| generation.find(key))
    }

    /// Touches the slot that `key` will need, so that it is near when it is needed.
    pub(super) fn touch(&self, key: IdKey) -> u64 {
        self.generations.back().map_or(0, |newest| newest.slot(newest.home(key.hash)).1)
    }

    pub(super) fn insert(&mut self, key: IdKey, location: Location) {
        match self.generations.back_mut() {
            Some(newest) if newest.len < GENERATION_IDS => newest.insert(key, location),
            Some(_) => self.begin(GENERATION_SLOTS, key, location),
            None => self.begin(FIRST_SLOTS, key, location),
        }
    }

    fn begin(&mut self, slots: usize, key: IdKey, location: Location) {
        let mut generation = Generation::new(slots);
        generation.insert(key, location);
        self.generations.push_back(generation);
    }

    /// Makes the first table as large as it will ever be, so that it need not grow.
    pub(super) fn reserve(&mut self) {
        if self.generations.is_empty() {
            self.generations.push_back(Generation::new(GENERATION_SLOTS));
        }
    }

    /// Takes back an id that was just added.
    pub(super) fn remove(&mut self, key: IdKey, location: Location) {
        let _ = self.generations.iter_mut().rev().any(|generation| generation.remove(key, location));
    }

    /// How many ids are in memory.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.generations.iter().map(|generation| generation.len).sum()
    }

    /// The oldest generation, once a newer one is half full: hash and location of each id in the order of the
    /// hashes, and the last record of them.
    pub(super) fn oldest_full(&self) -> Option<(Vec<(u64, u64)>, u64)> {
        let newest = self.generations.back()?;
        let oldest = self.generations.front().filter(|_| self.generations.len() > 1)?;
        if self.generations.len() == 2 && newest.len * 2 < GENERATION_IDS {
            return None;
        }
        let mut ids: Vec<_> = oldest.slots.iter().filter(|slot| slot.1 != 0).copied().collect();
        // Nearly in order already, but for what probed past its home.
        ids.sort_unstable();
        Some((ids, oldest.last.sequence()))
    }

    /// Lets go of the oldest generation, which is stored.
    pub(super) fn release_oldest(&mut self) {
        if self.generations.len() > 1 {
            self.generations.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u128) -> TransferId {
        TransferId::from_u128(n << 80 | n.wrapping_mul(0xDEAD_BEEF_1234_5678))
    }

    #[test]
    fn finds_what_was_put_in_and_nothing_that_was_taken_out() {
        let mut known = KnownIds::default();
        let location = |n: u128| Location::new(1 + n as u64 / 100, n as u32 % 100);
        for n in 0..20_000_u128 {
            known.insert(IdKey::of(id(n)), location(n));
        }
        for n in (0..20_000_u128).filter(|n| n % 3 == 0) {
            known.remove(IdKey::of(id(n)), location(n));
        }
        for n in 0..20_000_u128 {
            let found: Vec<_> = known.find(IdKey::of(id(n))).collect();
            assert_eq!(found, if n % 3 == 0 { vec![] } else { vec![location(n)] });
        }
        assert_eq!(known.len(), 13_333);
    }

    #[test]
    fn a_full_generation_is_handed_over_in_the_order_of_its_hashes() {
        let mut known = KnownIds::default();
        for n in 0..(GENERATION_IDS as u128 * 3 / 2 + 10) {
            known.insert(IdKey::of(id(n)), Location::new(1 + n as u64 / 8_000, n as u32 % 8_000));
        }
        let (ids, last) = known.oldest_full().unwrap();
        assert_eq!(ids.len(), GENERATION_IDS);
        assert!(ids.is_sorted_by_key(|(hash, _)| *hash));
        assert_eq!(last, 1 + (GENERATION_IDS as u64 - 1) / 8_000);
        known.release_oldest();
        assert!(known.oldest_full().is_none());
        assert_eq!(known.find(IdKey::of(id(5))).count(), 0);
        assert_eq!(known.find(IdKey::of(id(GENERATION_IDS as u128 + 5))).count(), 1);
    }
}
