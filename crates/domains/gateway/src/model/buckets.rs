//! Token buckets by key, in memory whose size does not change.
//!
//! A bucket is one number: when it will be full again (the generic cell rate algorithm, ITU-T I.371, A.1). Buckets lie
//! in small sets, into which their keys are scattered by a keyed hash. Where a set is full, whoever has used least is
//! forgotten, so that a flood of new keys forgives nobody who is at the limit.

use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::config::Rate;

/// Buckets of a set.
const WAYS: usize = 8;

/// How fast a bucket fills and how much goes in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Quota {
    /// How long one unit takes to come back, nanoseconds.
    unit_ns: u64,
    /// How long an empty bucket takes to be full, nanoseconds.
    full_ns: u64,
}

impl Quota {
    /// `None` where there is no bound.
    pub(crate) fn of(rate: Rate) -> Option<Self> {
        let unit_ns = 60_000_000_000_u64.checked_div(u64::from(rate.per_minute))?.max(1);
        Some(Self { unit_ns, full_ns: unit_ns.saturating_mul(u64::from(rate.burst)) })
    }

    /// Takes `units` out of a bucket that is full at `full_at`: when it will be full then; or how long it takes until
    /// there is enough in it. What is more than fits is taken as what fits: it could never be had.
    fn take(self, full_at: u64, units: u32, now: u64) -> Result<u64, Duration> {
        let taken = self.unit_ns.saturating_mul(u64::from(units)).min(self.full_ns);
        let then = full_at.max(now).saturating_add(taken);
        match then.saturating_sub(now.saturating_add(self.full_ns)) {
            0 => Ok(then),
            missing => Err(Duration::from_nanos(missing)),
        }
    }
}

/// One bucket for all.
#[derive(Debug)]
pub(crate) struct Bucket {
    quota: Quota,
    full_at: Mutex<u64>,
}

impl Bucket {
    pub(crate) const fn new(quota: Quota) -> Self {
        Self { quota, full_at: Mutex::new(0) }
    }

    /// Takes `units`, or says how long it takes until they are there. `now`: since the door was built.
    pub(crate) fn take(&self, units: u32, now: Duration) -> Result<(), Duration> {
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        *full_at = self.quota.take(*full_at, units, nanoseconds(now))?;
        Ok(())
    }
}

/// Whose bucket it is, by hash, and when it is full. One that is full is as good as none.
#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    key: u64,
    full_at: u64,
}

/// A bucket for each key.
#[derive(Debug)]
pub(crate) struct Buckets {
    quota: Quota,
    hash: RandomState,
    sets: Box<[Mutex<[Slot; WAYS]>]>,
}

impl Buckets {
    /// For about so many keys.
    pub(crate) fn new(quota: Quota, keys_max: u32) -> Self {
        let sets = usize::try_from(keys_max).unwrap_or(usize::MAX).div_ceil(WAYS).max(1);
        Self { quota, hash: RandomState::new(), sets: (0..sets).map(|_| Mutex::default()).collect() }
    }

    /// Takes `units` out of the bucket of `key`, or says how long it takes until they are there. `now`: since the door
    /// was built.
    pub(crate) fn take(&self, key: &impl Hash, units: u32, now: Duration) -> Result<(), Duration> {
        let (key, now) = (self.hash.hash_one(key), nanoseconds(now));
        let at = usize::try_from(key % self.sets.len() as u64).unwrap_or_default();
        let Some(set) = self.sets.get(at) else { return Ok(()) };
        let mut set = set.lock().unwrap_or_else(PoisonError::into_inner);
        let own = set.iter().position(|slot| slot.key == key && slot.full_at > 0);
        let least = || set.iter().enumerate().min_by_key(|(_, slot)| slot.full_at).map(|(at, _)| at);
        let slot = own.or_else(least).and_then(|at| set.get_mut(at));
        let Some(slot) = slot else { return Ok(()) };
        let known = if own.is_some() { slot.full_at } else { 0 };
        *slot = Slot { key, full_at: self.quota.take(known, units, now)? };
        Ok(())
    }
}

fn nanoseconds(now: Duration) -> u64 {
    // Zero is for buckets that nobody has.
    u64::try_from(now.as_nanos()).unwrap_or(u64::MAX).saturating_add(1)
}

#[cfg(test)]
mod tests;
