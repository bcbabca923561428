//! Counting tries: how many are borne in a while, and how long the hold after too many is.

use clock::Timestamp;

use super::later;

/// Never forgotten by the passing of time alone.
pub(crate) const FOR_EVER: u32 = u32::MAX;

/// What is borne.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Budget {
    /// Tries in one window.
    pub(crate) tries_max: u32,
    /// Length of the window, seconds; counted from its first try.
    pub(crate) window_s: u32,
    /// Least time between two tries, seconds.
    pub(crate) gap_s: u32,
    /// The first hold, counted from the last try, seconds; doubles each time.
    pub(crate) hold_s: u32,
    /// The longest hold, seconds.
    pub(crate) hold_max_s: u32,
    /// After so long without a try the next hold is the first again, seconds.
    pub(crate) forget_s: u32,
}

impl Budget {
    /// So many in one window, and then none for as long.
    pub(crate) const fn per(tries_max: u32, window_s: u32) -> Self {
        Self { tries_max, window_s, gap_s: 0, hold_s: window_s, hold_max_s: window_s, forget_s: window_s }
    }
}

/// Tries that were counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tries {
    /// In the present window.
    pub(crate) count: u32,
    /// How many holds there were before.
    pub(crate) level: u32,
    /// The first of the window.
    pub(crate) first_at: Timestamp,
    /// The last.
    pub(crate) last_at: Timestamp,
}

impl Tries {
    /// Counts one more try; `Err` holds the instant from which it is allowed, and nothing is counted.
    pub(crate) fn take(before: Option<Self>, budget: &Budget, now: Timestamp) -> Result<Self, Timestamp> {
        let Some(before) = before else {
            return Ok(Self { count: 1, level: 0, first_at: now, last_at: now });
        };
        if let Some(until) = before.held_until(budget, now) {
            return Err(until);
        }
        let again_at = later(before.last_at, budget.gap_s);
        // A try of the future was counted by a process whose clock is ahead: nobody waits for that.
        if before.last_at <= now && now < again_at {
            return Err(again_at);
        }
        let held = before.count >= budget.tries_max;
        let forgotten = budget.forget_s != FOR_EVER && now >= later(before.last_at, budget.forget_s);
        let passed = budget.window_s != FOR_EVER && now >= later(before.first_at, budget.window_s);
        let level = match (forgotten, held) {
            (true, _) => 0,
            (false, true) => before.level.saturating_add(1),
            (false, false) => before.level,
        };
        if held || passed {
            return Ok(Self { count: 1, level, first_at: now, last_at: now });
        }
        Ok(Self { count: before.count + 1, level, last_at: now, ..before })
    }

    /// Until when no try is allowed, where that is in the future.
    pub(crate) fn held_until(&self, budget: &Budget, now: Timestamp) -> Option<Timestamp> {
        if self.count < budget.tries_max {
            return None;
        }
        let factor = 1_u32.checked_shl(self.level.min(31)).unwrap_or(u32::MAX);
        let hold = budget.hold_s.saturating_mul(factor).min(budget.hold_max_s);
        let until = later(self.last_at, hold);
        (now < until).then_some(until)
    }

    /// Tries left before the hold.
    pub(crate) const fn left(&self, budget: &Budget) -> u32 {
        budget.tries_max.saturating_sub(self.count)
    }

    /// The last try turned out to be none.
    pub(crate) const fn refund(self) -> Self {
        Self { count: self.count.saturating_sub(1), ..self }
    }
}
