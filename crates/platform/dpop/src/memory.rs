//! Which proofs came before, for as long as they could come again.
//!
//! Proofs are kept by the time they were made at, in generations as long as the window in which a proof is accepted, so
//! that at any instant at most two are of interest. A shard keeps two, the odd and the even one; a proof of a newer
//! generation drops the older one as a whole, which costs as much for a thousand proofs as for one.

use std::collections::HashSet;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::{Refused, Rules};

/// So many proofs can be remembered at the same time without waiting for each other.
const SHARDS: usize = 64;

/// A proof's number hashed with its key: 128 bits, of which nobody finds those of somebody else's proof.
pub(crate) type Mark = [u8; 16];

pub(crate) struct Memory {
    shards: Vec<Mutex<Shard>>,
    /// Random, so that nobody can choose which shard his proofs come to, and fill one.
    hash: RandomState,
    /// Proofs of all shards. INVARIANT: never above `remembered_max`.
    remembered: AtomicUsize,
    remembered_max: usize,
    window_s: i64,
    late_s: i64,
}

/// The odd and the even generation.
#[derive(Default)]
struct Shard([Generation; 2]);

struct Generation {
    /// Proofs made from `number * window_s` on, for so long.
    number: i64,
    marks: HashSet<Mark>,
}

impl Default for Generation {
    fn default() -> Self {
        Self { number: i64::MIN, marks: HashSet::new() }
    }
}

impl Memory {
    pub(crate) fn new(rules: &Rules) -> Self {
        Self {
            shards: std::iter::repeat_with(Mutex::default).take(SHARDS).collect(),
            hash: RandomState::new(),
            remembered: AtomicUsize::new(0),
            remembered_max: rules.remembered_max,
            window_s: rules.window_s(),
            late_s: i64::from(rules.late_s),
        }
    }

    /// Remembers a proof that was made at `made_at` and is accepted at `now`, both seconds since 1970. Of several
    /// threads that do so with one mark, one succeeds.
    ///
    /// # Errors
    /// [`Refused::Replayed`] where it is remembered. [`Refused::Busy`] where no more can be. [`Refused::TimeLate`] where
    /// proofs of its time were forgotten: the clock went back.
    pub(crate) fn remember(&self, mark: Mark, made_at: i64, now: i64) -> Result<(), Refused> {
        let first = self.try_remember(mark, made_at);
        if first != Err(Refused::Busy) {
            return first;
        }
        self.forget(now);
        self.try_remember(mark, made_at)
    }

    fn try_remember(&self, mark: Mark, made_at: i64) -> Result<(), Refused> {
        let number = made_at.div_euclid(self.window_s);
        let mut shard = self.shard(&mark).ok_or(Refused::Busy)?;
        let Shard([even, odd]) = &mut *shard;
        let generation = if number.rem_euclid(2) == 0 { even } else { odd };
        if number < generation.number {
            return Err(Refused::TimeLate);
        }
        if number > generation.number {
            self.clear(generation);
            generation.number = number;
        }
        if generation.marks.contains(&mark) {
            return Err(Refused::Replayed);
        }
        let one_more =
            |remembered: usize| (remembered < self.remembered_max).then(|| remembered.saturating_add(1));
        let room = self.remembered.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more);
        room.map_err(|_| Refused::Busy)?;
        generation.marks.insert(mark);
        Ok(())
    }

    /// Forgets everywhere what is too old at `now`.
    fn forget(&self, now: i64) {
        for shard in &self.shards {
            for generation in &mut lock(shard).0 {
                let until = generation.number.saturating_add(1).saturating_mul(self.window_s);
                if until.saturating_add(self.late_s) <= now {
                    self.clear(generation);
                    // Who read the clock long ago and comes only now must not find an empty place to use a proof again.
                    generation.number = generation.number.saturating_add(2);
                }
            }
        }
    }

    fn clear(&self, generation: &mut Generation) {
        let forgotten = std::mem::take(&mut generation.marks);
        self.remembered.fetch_sub(forgotten.len(), Ordering::Relaxed);
    }

    fn shard(&self, mark: &Mark) -> Option<MutexGuard<'_, Shard>> {
        let shards = u64::try_from(self.shards.len()).ok()?;
        let place = self.hash.hash_one(mark).checked_rem(shards)?;
        self.shards.get(usize::try_from(place).ok()?).map(lock)
    }
}

/// Nothing that panics runs under the lock, so what a poisoned one guards is whole.
fn lock(shard: &Mutex<Shard>) -> MutexGuard<'_, Shard> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}
