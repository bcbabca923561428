//! Stops asking an instance that does not answer, until it has had time to come back.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// When an instance is left alone, and for how long.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    /// So many questions in a row without an answer open the breaker.
    pub(crate) failures_max: u32,
    /// How long it stays open before one question is let through to try; doubled with each that fails.
    pub(crate) rest: Duration,
    /// The longest of these.
    pub(crate) rest_max: Duration,
}

impl Patience {
    /// For one of so many.
    pub(crate) const fn with(instances: usize) -> Self {
        if instances > 1 { Self::ONE_OF_SEVERAL } else { Self::ONLY }
    }

    /// For the only one there is: nobody else could be asked.
    const ONLY: Self =
        Self { failures_max: 8, rest: Duration::from_millis(500), rest_max: Duration::from_millis(500) };
    /// For one of several.
    const ONE_OF_SEVERAL: Self =
        Self { failures_max: 1, rest: Duration::from_millis(250), rest_max: Duration::from_secs(2) };
}

/// Open, closed, or trying. How patient it is depends on how many others there are at the moment.
#[derive(Debug)]
pub(crate) struct Breaker {
    began: Instant,
    /// Questions in a row without an answer.
    failures: AtomicU32,
    /// Until when nobody asks, milliseconds since it began.
    closed_again: AtomicU64,
}

impl Breaker {
    pub(crate) fn new() -> Self {
        Self { began: Instant::now(), failures: AtomicU32::new(0), closed_again: AtomicU64::new(0) }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// How long it rests after so many failures, milliseconds.
    fn rest(patience: Patience, failures: u32) -> u64 {
        let doubled = failures.saturating_sub(patience.failures_max).min(16);
        let rest = patience.rest.saturating_mul(1 << doubled).min(patience.rest_max);
        u64::try_from(rest.as_millis()).unwrap_or(u64::MAX)
    }

    /// Whether a question may be asked. While open, one in each rest may.
    pub(crate) fn lets_through(&self, patience: Patience) -> bool {
        let failures = self.failures.load(Ordering::Relaxed);
        if failures < patience.failures_max {
            return true;
        }
        let (now, until) = (self.now(), self.closed_again.load(Ordering::Relaxed));
        let next = now + Self::rest(patience, failures + 1);
        now >= until
            && self.closed_again.compare_exchange(until, next, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    /// How long nobody asks; `None` where a question may be asked now.
    pub(crate) fn rests_for(&self, patience: Patience) -> Option<Duration> {
        let is_open = self.failures.load(Ordering::Relaxed) >= patience.failures_max;
        let left = self.closed_again.load(Ordering::Relaxed).saturating_sub(self.now());
        (is_open && left > 0).then(|| Duration::from_millis(left))
    }

    pub(crate) fn answered(&self) {
        self.failures.store(0, Ordering::Relaxed);
    }

    /// Whether the last question had no answer.
    pub(crate) fn has_failed(&self) -> bool {
        self.failures.load(Ordering::Relaxed) > 0
    }

    pub(crate) fn failed(&self, patience: Patience) {
        let failures = self.failures.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        if failures >= patience.failures_max {
            self.closed_again.fetch_max(self.now() + Self::rest(patience, failures), Ordering::Relaxed);
        }
    }
}
