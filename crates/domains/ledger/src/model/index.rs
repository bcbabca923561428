//! A hash index from 128-bit keys to positions in a log that holds the keys themselves.
//!
//! Open addressing with linear probing; a slot is eight bytes: half of the key's hash and the position. At most
//! three quarters full, hence 11 to 22 bytes per key. Keys come from callers, so the hash is seeded per process:
//! the seed decides where a key lies, never what is found.

use std::hash::{BuildHasher, RandomState};

const FIRST_CAPACITY: usize = 64;

/// Positions by key. The log that holds the keys is consulted through `is_key`.
#[derive(Debug, Clone)]
pub(super) struct Index {
    /// Zero for empty, else `hash << 32 | position + 1`.
    slots: Vec<u64>,
    len: usize,
    seed: u64,
}

impl Default for Index {
    fn default() -> Self {
        Self { slots: vec![0; FIRST_CAPACITY], len: 0, seed: RandomState::new().hash_one(0_u64) | 1 }
    }
}

impl Index {
    fn hash(&self, key: u128) -> u32 {
        let low = (key as u64) ^ self.seed;
        let high = ((key >> 64) as u64) ^ self.seed.rotate_left(32);
        let folded = u128::from(low).wrapping_mul(u128::from(high | 1));
        let mixed = (folded as u64) ^ ((folded >> 64) as u64) ^ low.rotate_left(17) ^ high;
        (mixed.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as u32
    }

    const fn mask(&self) -> usize {
        self.slots.len() - 1
    }

    fn slot(&self, at: usize) -> u64 {
        self.slots.get(at).copied().unwrap_or(0)
    }

    fn set(&mut self, at: usize, slot: u64) {
        if let Some(place) = self.slots.get_mut(at) {
            *place = slot;
        }
    }

    /// The position of `key`, if it is in the index.
    pub(super) fn find(&self, key: u128, is_key: impl Fn(u32) -> bool) -> Option<u32> {
        let hash = self.hash(key);
        let mut at = hash as usize & self.mask();
        loop {
            let slot = self.slot(at);
            if slot == 0 {
                return None;
            }
            let position = (slot as u32).wrapping_sub(1);
            if (slot >> 32) as u32 == hash && is_key(position) {
                return Some(position);
            }
            at = (at + 1) & self.mask();
        }
    }

    /// Adds a key that is not in the index. `position` is below `u32::MAX`.
    pub(super) fn insert(&mut self, key: u128, position: u32) {
        if (self.len + 1) * 4 > self.slots.len() * 3 {
            self.grow(1);
        }
        let hash = self.hash(key);
        self.place(hash, u64::from(hash) << 32 | u64::from(position.wrapping_add(1)));
        self.len += 1;
    }

    fn place(&mut self, hash: u32, slot: u64) {
        let mut at = hash as usize & self.mask();
        while self.slot(at) != 0 {
            at = (at + 1) & self.mask();
        }
        self.set(at, slot);
    }

    fn grow(&mut self, times: usize) {
        let doubled = self.slots.len() << times;
        let old = std::mem::replace(&mut self.slots, vec![0; doubled]);
        for slot in old.into_iter().filter(|slot| *slot != 0) {
            self.place((slot >> 32) as u32, slot);
        }
    }

    /// Makes room for this many keys more.
    pub(super) fn reserve(&mut self, keys: usize) {
        let times = (0..).find(|times| (self.len + keys) * 4 <= (self.slots.len() << times) * 3);
        if let Some(times) = times.filter(|times| *times > 0) {
            self.grow(times);
        }
    }

    /// Takes out a key that is in the index at `position`.
    pub(super) fn remove(&mut self, key: u128, position: u32) {
        let hash = self.hash(key);
        let wanted = u64::from(hash) << 32 | u64::from(position.wrapping_add(1));
        let mut hole = hash as usize & self.mask();
        while self.slot(hole) != wanted {
            if self.slot(hole) == 0 {
                return;
            }
            hole = (hole + 1) & self.mask();
        }
        self.len -= 1;
        // Whatever probed past the hole moves back into it, so that no chain is cut.
        let mut next = hole;
        loop {
            next = (next + 1) & self.mask();
            let slot = self.slot(next);
            if slot == 0 {
                break;
            }
            let home = (slot >> 32) as usize & self.mask();
            let distance = next.wrapping_sub(home) & self.mask();
            if distance >= (next.wrapping_sub(hole) & self.mask()) {
                self.set(hole, slot);
                hole = next;
            }
        }
        self.set(hole, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_put_in_and_nothing_that_was_taken_out() {
        let mut index = Index::default();
        let keys: Vec<u128> = (0..10_000_u128).map(|n| n << 64 | n.wrapping_mul(0xDEAD_BEEF)).collect();
        for (at, key) in keys.iter().enumerate() {
            index.insert(*key, at as u32);
        }
        let find = |index: &Index, key: u128| index.find(key, |at| keys[at as usize] == key);
        for (at, key) in keys.iter().enumerate() {
            assert_eq!(find(&index, *key), Some(at as u32));
        }
        for (at, key) in keys.iter().enumerate().filter(|(at, _)| at % 3 == 0) {
            index.remove(*key, at as u32);
        }
        for (at, key) in keys.iter().enumerate() {
            assert_eq!(find(&index, *key), (at % 3 != 0).then_some(at as u32));
        }
    }
}
