//! How often somebody may try something in an hour. Kept in memory: a restart forgives.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use clock::Timestamp;

const WINDOW: Duration = Duration::from_secs(3600);
/// So many who try are remembered at once; beyond it, those whose last try is oldest are forgotten.
const REMEMBERED_MAX: usize = 50_000;

/// Tries of each customer, or of each third party, within the last hour.
pub(crate) struct Tries<Who> {
    hourly_max: usize,
    of: Mutex<HashMap<Who, VecDeque<Timestamp>>>,
}

impl<Who: Copy + Eq + Hash> Tries<Who> {
    pub(crate) fn new(hourly_max: u32) -> Self {
        Self { hourly_max: usize::try_from(hourly_max).unwrap_or(usize::MAX), of: Mutex::default() }
    }

    /// Seconds until the next try is allowed; `None` where it is allowed now.
    pub(crate) fn wait_s(&self, who: Who, now: Timestamp) -> Option<u64> {
        let mut of = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        let tries = of.get_mut(&who)?;
        let since = now.checked_sub(WINDOW).unwrap_or(Timestamp::MIN);
        while tries.front().is_some_and(|first| *first <= since) {
            tries.pop_front();
        }
        if tries.len() < self.hourly_max {
            return None;
        }
        let free_at = tries.get(tries.len() - self.hourly_max)?.checked_add(WINDOW).ok()?;
        u64::try_from(free_at.duration_since(now).as_secs()).ok().map(|seconds| seconds.max(1))
    }

    /// Counts a try.
    pub(crate) fn count(&self, who: Who, now: Timestamp) {
        let mut of = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        if of.len() >= REMEMBERED_MAX && !of.contains_key(&who) {
            let since = now.checked_sub(WINDOW).unwrap_or(Timestamp::MIN);
            of.retain(|_, tries| tries.back().is_some_and(|last| *last > since));
            if of.len() >= REMEMBERED_MAX {
                let oldest = of.iter().min_by_key(|(_, tries)| tries.back().copied()).map(|(id, _)| *id);
                oldest.map(|id| of.remove(&id));
            }
        }
        of.entry(who).or_default().push_back(now);
    }
}

#[cfg(test)]
mod tests {
    use ids::CustomerId;

    use super::*;

    #[test]
    fn an_hour_forgives() {
        let (tries, who, other) = (Tries::new(2), CustomerId::mint(), CustomerId::mint());
        let start: Timestamp = "2026-11-22T00:00:00Z".parse().unwrap();
        let at = |minutes: u64| start + Duration::from_secs(60 * minutes);
        assert_eq!(tries.wait_s(who, at(0)), None);
        tries.count(who, at(0));
        tries.count(who, at(10));
        assert_eq!(tries.wait_s(who, at(10)), Some(50 * 60));
        assert_eq!(tries.wait_s(other, at(10)), None);
        assert_eq!(tries.wait_s(who, at(60)), None);
        tries.count(who, at(60));
        assert_eq!(tries.wait_s(who, at(60)), Some(10 * 60));
    }
}
