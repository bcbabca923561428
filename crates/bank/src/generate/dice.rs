//! The one source of chance in generation: seeded, and the same on every machine and version.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Draws from a seeded stream. Ranges are reduced by remainder: the bias, below 2⁻³², does not matter here, and the
/// draws do not change with a library's sampling.
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// 0 up to but not including `count`; 0 for an empty range.
    pub(super) fn below(&mut self, count: u64) -> u64 {
        let drawn = self.0.next_u64();
        if count == 0 { 0 } else { drawn % count }
    }

    /// An index of a list of this length; 0 for an empty one.
    pub(super) fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(u64::try_from(length).unwrap_or(u64::MAX))).unwrap_or(0)
    }

    /// `from` to `to`, both included.
    pub(super) fn between(&mut self, from: u64, to: u64) -> u64 {
        from + self.below(to.saturating_sub(from) + 1)
    }

    /// `from` to `to`, small values more often: the lower of two draws.
    pub(super) fn mostly_small(&mut self, from: u64, to: u64) -> u64 {
        self.between(from, to).min(self.between(from, to))
    }

    /// True `times` times in a thousand.
    pub(super) fn chance(&mut self, times: u64) -> bool {
        self.below(1000) < times
    }

    /// One of `list`; the default where it is empty.
    pub(super) fn pick<T: Copy + Default>(&mut self, list: &[T]) -> T {
        list.get(self.index(list.len())).copied().unwrap_or_default()
    }

    /// One character of `text`.
    pub(super) fn character(&mut self, text: &str) -> char {
        let at = self.index(text.chars().count());
        text.chars().nth(at).unwrap_or('一')
    }
}
