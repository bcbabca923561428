//! Unwrapped data keys, the recently used ones.
//!
//! Two maps: a new or used key goes to the young one; when that is half of the capacity it becomes the old one, and
//! the old one is dropped. So memory is bounded and no order need be kept. Where another process may destroy a key,
//! everything is dropped now and then, so that no key outlives its destruction for long.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::{DataKey, Subject};

pub(crate) struct Cache {
    half: usize,
    /// How long anything is kept; `None` for as long as there is room.
    kept_for: Option<Duration>,
    state: Mutex<State>,
}

struct State {
    young: HashMap<Subject, DataKey>,
    old: HashMap<Subject, DataKey>,
    generation: u64,
    since: Instant,
}

impl Cache {
    pub(crate) fn with_capacity(capacity: usize, kept_for: Option<Duration>) -> Self {
        let state =
            State { young: HashMap::new(), old: HashMap::new(), generation: 0, since: Instant::now() };
        Self { half: capacity.div_ceil(2).max(1), kept_for, state: Mutex::new(state) }
    }

    pub(crate) fn get(&self, subject: Subject) -> Option<DataKey> {
        let mut state = self.lock();
        if self.kept_for.is_some_and(|kept_for| state.since.elapsed() >= kept_for) {
            (state.young, state.old, state.since) = (HashMap::new(), HashMap::new(), Instant::now());
        }
        if let Some(key) = state.young.get(&subject) {
            return Some(key.clone());
        }
        let key = state.old.remove(&subject)?;
        state.insert(self.half, subject, key.clone());
        Some(key)
    }

    /// Changes whenever a key is forgotten: whoever read a key from the store before must not put it back after.
    pub(crate) fn generation(&self) -> u64 {
        self.lock().generation
    }

    pub(crate) fn put(&self, generation: u64, subject: Subject, key: DataKey) {
        let mut state = self.lock();
        if state.generation == generation {
            state.insert(self.half, subject, key);
        }
    }

    pub(crate) fn forget(&self, subject: Subject) {
        let mut state = self.lock();
        state.generation += 1;
        state.young.remove(&subject);
        state.old.remove(&subject);
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        let state = self.lock();
        state.young.len() + state.old.len()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn insert(&mut self, half: usize, subject: Subject, key: DataKey) {
        if self.young.len() >= half {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(subject, key);
    }
}
