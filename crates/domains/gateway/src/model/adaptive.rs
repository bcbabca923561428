//! How many requests a service is given at once: as many as it takes without keeping most of them waiting.
//!
//! In short windows it is counted how many requests took longer than usual by more than a target. Where most did, the
//! service gets as many places as it answered requests in the time that is borne (Little's law: more would wait longer).
//! Else, where its places are made use of, it gets more: soon, or slowly where it had too many a while ago. Places that
//! nobody makes use of go by and by, so that a flood finds no more than a few times of what was usual. Of the places,
//! each class of urgency may fill a part: what is left is headroom for those above.

use crate::config::Class;

/// How often it is decided anew, microseconds.
const WINDOW_US: u64 = 50_000;
/// After so long it is decided even where little or nothing was finished, microseconds.
const WINDOW_MAX_US: u64 = 1_000_000;
/// So many answers are enough to decide by.
const ANSWERS_MIN: u32 = 8;
/// What is left at most of what was in progress, where places shrink, permille.
const SHRINK_PERMILLE: u64 = 900;
/// Places grow by one in so many in each window.
const GROWTH: u32 = 4;
/// The same while it is not long ago that they were too many, and where they go because nobody makes use of them.
const GROWTH_CAREFUL: u32 = 100;
/// How long that is, microseconds.
const CAREFUL_US: u64 = 10_000_000;
/// The same below the least number of places, after a rest.
const GROWTH_AFTER_REST: u32 = 8;
/// A service begins with so many times the least number of places.
const BEGIN: u32 = 4;
/// With how many places a service begins after a rest.
const AFTER_REST: u32 = 16;
/// So many windows without requests are made up for at once.
const IDLE_WINDOWS_MAX: u64 = 512;

/// Between what places move.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    /// So many there are always, except after a rest.
    pub(crate) least: u32,
    /// The most.
    pub(crate) most: u32,
    /// How much longer than usual an answer may take, microseconds.
    pub(crate) wait_us: u64,
}

impl Bounds {
    /// How many places there are where nothing is known.
    const fn begin(self) -> u32 {
        let begin = self.least.saturating_mul(BEGIN);
        if begin < self.most { begin } else { self.most }
    }
}

/// What was seen in a window.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    /// Answers to requests that were admitted since places last shrank: those before tell of another time.
    answered: u32,
    /// Of these, those that waited too long.
    late: u32,
    /// Whatever ended.
    left: u32,
    /// How many were in progress at once.
    peak: u32,
}

/// How many requests one service is given at once.
#[derive(Debug)]
pub(crate) struct Meter {
    bounds: Bounds,
    places: u32,
    era: u32,
    /// Until when places grow slowly, microseconds.
    careful_until_us: u64,
    began_us: u64,
    seen: Seen,
}

impl Meter {
    pub(crate) fn new(bounds: Bounds) -> Self {
        let seen = Seen::default();
        Self { bounds, places: bounds.begin(), era: 0, careful_until_us: 0, began_us: 0, seen }
    }

    /// How many places there are.
    pub(crate) const fn places(&self) -> u32 {
        self.places
    }

    /// Grows each time that places shrink; whoever is admitted keeps it until the answer.
    pub(crate) const fn era(&self) -> u32 {
        self.era
    }

    /// A request came; so many are in progress with it, if it was admitted. Instants are microseconds since some start.
    pub(crate) fn arrived(&mut self, in_progress: u32, now_us: u64) {
        self.seen.peak = self.seen.peak.max(in_progress);
        self.roll(now_us);
    }

    /// A request of `era` was answered after waiting for so long beyond what is usual; `None` where its answer tells
    /// nothing.
    pub(crate) fn answered(&mut self, era: u32, waited_us: Option<u64>, now_us: u64) {
        self.seen.left = self.seen.left.saturating_add(1);
        if let Some(waited_us) = waited_us.filter(|_| era == self.era) {
            self.seen.answered = self.seen.answered.saturating_add(1);
            self.seen.late = self.seen.late.saturating_add(u32::from(waited_us > self.bounds.wait_us));
        }
        self.roll(now_us);
    }

    /// The service rests: it gets few places when it comes back, and more from window to window.
    pub(crate) fn rests(&mut self, now_us: u64) {
        self.places = self.places.min(AFTER_REST);
        self.next_window(now_us);
        self.era = self.era.wrapping_add(1);
    }

    /// Ends the window where it is over.
    fn roll(&mut self, now_us: u64) {
        let elapsed = now_us.saturating_sub(self.began_us);
        let Seen { answered, late, left, peak } = self.seen;
        let tells = answered >= ANSWERS_MIN || elapsed >= WINDOW_MAX_US;
        if elapsed < WINDOW_US || !tells {
            return;
        }
        let crowded = peak > self.bounds.least;
        let waits = late.saturating_mul(2) > answered;
        // Nothing at all comes back: waiting for lateness would take until the first request is given up.
        let hangs = left == 0;
        if crowded && (waits || hangs) {
            // Nothing of what hangs is borne; it loses half at once and the rest by and by.
            let half = u64::from(self.places.min(peak)) / 2;
            let borne = u64::from(left).saturating_mul(self.bounds.wait_us) / elapsed;
            let borne = if hangs { half } else { borne };
            let shrunk = u64::from(self.places.min(peak)).saturating_mul(SHRINK_PERMILLE) / 1000;
            let shrunk = u32::try_from(shrunk.min(borne)).unwrap_or(u32::MAX).max(self.bounds.least);
            self.places = self.places.min(shrunk);
            self.era = self.era.wrapping_add(1);
            self.careful_until_us = now_us.saturating_add(CAREFUL_US);
        } else if !waits {
            for _ in 0..(elapsed / WINDOW_US).min(IDLE_WINDOWS_MAX) {
                self.drift(peak, now_us);
            }
        }
        self.next_window(now_us);
    }

    /// Places become more or fewer after a window in which nobody waited.
    fn drift(&mut self, peak: u32, now_us: u64) {
        let Bounds { least, most, .. } = self.bounds;
        let begin = self.bounds.begin();
        let part = if self.places < least {
            GROWTH_AFTER_REST
        } else if now_us < self.careful_until_us {
            GROWTH_CAREFUL
        } else {
            GROWTH
        };
        let more = (self.places / part).max(1);
        let less = (self.places / GROWTH_CAREFUL).max(1);
        if self.places < begin {
            self.places = self.places.saturating_add(more).min(begin);
        } else if peak > self.places / 2 {
            self.places = self.places.saturating_add(more).min(most);
        } else if peak < self.places / 4 {
            self.places = self.places.saturating_sub(less).max(begin);
        }
    }

    fn next_window(&mut self, now_us: u64) {
        self.began_us = now_us;
        self.seen = Seen::default();
    }
}

/// How many may be in progress for one more of `class` to be let in, of so many places. What protects somebody takes
/// whatever there is.
pub(crate) const fn share(class: Class, places: u32, most: u32) -> u32 {
    let percent = match class {
        Class::Protective => return most,
        Class::Money => 100,
        Class::Own => 85,
        Class::Browse => 70,
        Class::Pages => 60,
        Class::Bulk => 50,
    };
    let share = places as u64 * percent / 100;
    if share == 0 { 1 } else { share as u32 }
}

/// How long a request waited that took `took_us` on a route that usually takes `usual_us`, and what is usual then. What
/// is usual is the fastest answer, which is forgotten by one percent in a second.
pub(crate) const fn wait(took_us: u64, usual_us: Option<u64>, unchanged_for_s: u64) -> (u64, u64) {
    let Some(usual_us) = usual_us else { return (0, took_us) };
    let forgotten = usual_us.saturating_mul(unchanged_for_s) / 100;
    let usual_us = usual_us.saturating_add(forgotten);
    if took_us < usual_us { (0, took_us) } else { (took_us - usual_us, usual_us) }
}

#[cfg(test)]
mod tests;
