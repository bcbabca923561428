//! One generation of ids: a hash table in the order of the hashes, with what tells at once that an id is not in it.

use super::{IdKey, Location};

/// One slot: hash and location; a location of zero is an empty slot.
type Slot = (u64, u64);

/// When the ids of a generation were minted: what is outside need not be looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Minted {
    /// The earliest, milliseconds since 1970; later than the last where no id tells its time.
    pub first_ms: u64,
    /// The latest.
    pub last_ms: u64,
    /// Ids that do not tell.
    pub untold: u64,
}

impl Default for Minted {
    fn default() -> Self {
        Self { first_ms: u64::MAX, last_ms: 0, untold: 0 }
    }
}

impl Minted {
    /// Whether an id of this key may be among them.
    #[must_use]
    pub const fn may_hold(&self, key: IdKey) -> bool {
        match key.minted_ms {
            Some(at) => at >= self.first_ms && at <= self.last_ms,
            None => self.untold > 0,
        }
    }

    const fn add(&mut self, key: IdKey) {
        match key.minted_ms {
            Some(at) => {
                self.first_ms = if at < self.first_ms { at } else { self.first_ms };
                self.last_ms = if at > self.last_ms { at } else { self.last_ms };
            }
            None => self.untold += 1,
        }
    }
}

/// Ids that were first used one after the other.
#[derive(Debug, Clone)]
pub struct IdGeneration {
    slots: Vec<Slot>,
    len: usize,
    minted: Minted,
    /// The first and the last location that were ever added; what was taken back leaves them wider than need be.
    first: Location,
    last: Location,
}

impl IdGeneration {
    /// An empty one with room for `ids`.
    #[must_use]
    pub fn with_room(ids: usize) -> Self {
        Self {
            slots: vec![(0, 0); slots_for(ids)],
            len: 0,
            minted: Minted::default(),
            first: Location::from_bits(u64::MAX),
            last: Location::from_bits(0),
        }
    }

    /// How many ids.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// When they were minted.
    #[must_use]
    pub const fn minted(&self) -> Minted {
        self.minted
    }

    /// No id in it stands before.
    #[must_use]
    pub const fn first(&self) -> Location {
        self.first
    }

    /// No id in it stands after.
    #[must_use]
    pub const fn last(&self) -> Location {
        self.last
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

    /// Brings the slot near that `hash` will need.
    pub(super) fn touch(&self, hash: u64) -> u64 {
        self.slot(self.home(hash)).1
    }

    pub(super) fn find(&self, key: IdKey) -> impl Iterator<Item = Location> + '_ {
        let apart = self.len == 0 || !self.minted.may_hold(key);
        let mut at = (!apart).then(|| self.home(key.hash));
        std::iter::from_fn(move || {
            loop {
                let (hash, location) = self.slot(at?);
                at = if location == 0 { None } else { at.map(|at| self.step(at)) };
                if location != 0 && hash == key.hash {
                    return Some(Location::from_bits(location));
                }
            }
        })
    }

    /// Hash and location of the ids whose hashes are in this range, its end included, in order.
    #[must_use]
    pub fn within(&self, from: u64, until: u64) -> Vec<(u64, u64)> {
        let mut found = Vec::new();
        if self.len == 0 {
            return found;
        }
        // A hash stands at its home or after it, with no empty slot between.
        let (mut at, end) = (self.home(from), self.home(until));
        let mut past_end = false;
        // Once around at most: what has wrapped stands at the beginning of the table.
        for _ in 0..self.slots.len() {
            let (hash, location) = self.slot(at);
            if location != 0 && (from..=until).contains(&hash) {
                found.push((hash, location));
            }
            past_end |= at == end;
            if past_end && location == 0 {
                break;
            }
            at = self.step(at);
        }
        found.sort_unstable();
        found
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

    fn resize(&mut self, slots: usize) {
        let old = std::mem::replace(&mut self.slots, vec![(0, 0); slots]);
        old.into_iter().filter(|slot| slot.1 != 0).for_each(|(hash, at)| self.place(hash, at));
    }

    /// Makes room for so many ids in all.
    pub(super) fn reserve(&mut self, ids: usize) {
        if self.slots.len() < slots_for(ids) {
            self.resize(slots_for(ids));
        }
    }

    /// Adds an id.
    pub fn insert(&mut self, key: IdKey, location: Location) {
        if (self.len + 1) * 4 > self.slots.len() * 3 {
            self.resize(self.slots.len() * 2);
        }
        self.place(key.hash, location.to_bits());
        self.len += 1;
        self.minted.add(key);
        (self.first, self.last) = (self.first.min(location), self.last.max(location));
    }

    /// Whether this very id is in it.
    pub(super) fn holds(&self, key: IdKey, location: Location) -> bool {
        self.find(key).any(|found| found == location)
    }

    /// Takes out an id that is in it.
    pub(super) fn remove(&mut self, key: IdKey, location: Location) {
        let mut hole = self.home(key.hash);
        while self.slot(hole) != (key.hash, location.to_bits()) {
            if self.slot(hole).1 == 0 {
                return;
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
    }
}

/// Slots of a table that takes so many ids and is then three quarters full.
const fn slots_for(ids: usize) -> usize {
    ids * 4 / 3 + 4
}
