//! Latencies of one run and what is said of them.

use std::time::Duration;

/// Latencies of answered requests, in order of size after [`Summary::of`].
pub(super) struct Summary {
    sorted_us: Vec<u64>,
    elapsed: Duration,
}

impl Summary {
    pub(super) fn of(mut latencies_us: Vec<u64>, elapsed: Duration) -> Self {
        latencies_us.sort_unstable();
        Self { sorted_us: latencies_us, elapsed }
    }

    /// Answers per second, whole.
    pub(super) fn per_second(&self) -> u64 {
        let elapsed_us = u64::try_from(self.elapsed.as_micros()).unwrap_or(u64::MAX).max(1);
        (self.sorted_us.len() as u64).saturating_mul(1_000_000) / elapsed_us
    }

    /// The latency that `percent` of the answers kept, milliseconds to the microsecond.
    pub(super) fn percentile_ms(&self, percent: usize) -> String {
        let us = self.percentile_us(percent);
        format!("{}.{:03}", us / 1000, us % 1000)
    }

    /// The same in microseconds.
    pub(super) fn percentile_us(&self, percent: usize) -> u64 {
        let at = (self.sorted_us.len() * percent / 100).min(self.sorted_us.len().saturating_sub(1));
        self.sorted_us.get(at).copied().unwrap_or_default()
    }
}
