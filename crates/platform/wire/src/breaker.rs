//! Stops asking a neighbor that does not answer, until it has had time to come back.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// So many questions in a row without an answer open it.
const FAILURES_MAX: u32 = 8;
/// How long it stays open before one question is let through to try.
const REST: Duration = Duration::from_millis(500);

/// Open, closed, or trying.
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

    /// Whether a question may be asked. While open, one in each rest may.
    pub(crate) fn lets_through(&self) -> bool {
        if self.failures.load(Ordering::Relaxed) < FAILURES_MAX {
            return true;
        }
        let (now, until) = (self.now(), self.closed_again.load(Ordering::Relaxed));
        let next = now + REST.as_millis() as u64;
        now >= until
            && self.closed_again.compare_exchange(until, next, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    pub(crate) fn answered(&self) {
        self.failures.store(0, Ordering::Relaxed);
    }

    pub(crate) fn failed(&self) {
        if self.failures.fetch_add(1, Ordering::Relaxed) + 1 == FAILURES_MAX {
            self.closed_again.store(self.now() + REST.as_millis() as u64, Ordering::Relaxed);
        }
    }
}
