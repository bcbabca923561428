//! Filters in memory, within a bound.

use std::sync::Arc;

use rustc_hash::FxHashMap;

/// So many ids cost more to look up block by block than a filter to load.
const FILTER_WORTH: usize = 64;

#[derive(Debug)]
struct Held {
    generation: u32,
    filter: Arc<Vec<u8>>,
    /// The look-up that last needed it.
    turn: u64,
}

/// The filters that are held.
#[derive(Debug)]
pub(super) struct Filters {
    room: usize,
    used: usize,
    held: Vec<Held>,
    turn: u64,
    /// How many ids were asked of generations whose filters were not held.
    asked: FxHashMap<u32, usize>,
}

impl Filters {
    pub(super) fn with_room(bytes: usize) -> Self {
        Self { room: bytes, used: 0, held: Vec::new(), turn: 0, asked: FxHashMap::default() }
    }

    /// Whether a filter of so many bytes is worth loading now that so many ids are asked of its generation: where they
    /// are many, and where they have become many one by one and the filter can stay.
    pub(super) fn is_worth_loading(&mut self, generation: u32, ids: usize, bytes: usize) -> bool {
        let asked = self.asked.entry(generation).or_default();
        *asked += ids;
        ids >= FILTER_WORTH || (*asked >= FILTER_WORTH && self.used + bytes <= self.room)
    }

    /// Begins a look-up in these generations: what is held of them is not given up for others of them.
    pub(super) fn begin(&mut self, generations: impl Iterator<Item = u32>) -> u64 {
        self.turn += 1;
        for generation in generations {
            self.get(generation);
        }
        self.turn
    }

    pub(super) fn get(&mut self, generation: u32) -> Option<Arc<Vec<u8>>> {
        let held = self.held.iter_mut().find(|held| held.generation == generation)?;
        held.turn = self.turn;
        Some(Arc::clone(&held.filter))
    }

    /// Holds a filter, if there is room or what is held was not needed since the look-up `turn` began.
    pub(super) fn hold(&mut self, generation: u32, filter: &Arc<Vec<u8>>, turn: u64) {
        self.held.sort_by_key(|held| held.turn);
        while self.used + filter.len() > self.room
            && self.held.first().is_some_and(|oldest| oldest.turn < turn)
        {
            self.used -= self.held.remove(0).filter.len();
        }
        if self.used + filter.len() <= self.room && self.get(generation).is_none() {
            self.used += filter.len();
            self.held.push(Held { generation, filter: Arc::clone(filter), turn });
        }
    }

    /// Lets go of the filter of a generation that is no more.
    pub(super) fn forget(&mut self, generation: u32) {
        self.asked.remove(&generation);
        if let Some(at) = self.held.iter().position(|held| held.generation == generation) {
            self.used -= self.held.remove(at).filter.len();
        }
    }

    #[cfg(test)]
    pub(super) const fn used(&self) -> usize {
        self.used
    }
}
