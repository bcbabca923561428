//! How long calls took, in few numbers: three digits of each count.

use std::collections::BTreeMap;

/// Calls by how long they took, microseconds rounded down to three digits.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Histogram(BTreeMap<u64, u64>);

impl Histogram {
    pub(super) fn add(&mut self, us: u64) {
        let mut unit = 1;
        while us / unit >= 1_000 {
            unit *= 10;
        }
        *self.0.entry(us / unit * unit).or_default() += 1;
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for (us, count) in &other.0 {
            *self.0.entry(*us).or_default() += count;
        }
    }

    /// What `percent` of the calls kept to.
    pub(super) fn percentile_us(&self, percent: u64) -> u64 {
        let all: u64 = self.0.values().sum();
        let mut left = (all * percent / 100).min(all.saturating_sub(1));
        for (us, count) in &self.0 {
            if left < *count {
                return *us;
            }
            left -= count;
        }
        0
    }

    /// As words, `350:2 1020:1`, read by [`Histogram::from_words`].
    pub(super) fn to_words(&self) -> String {
        self.0.iter().map(|(us, count)| format!("{us}:{count}")).collect::<Vec<_>>().join(" ")
    }

    pub(super) fn from_words<'a>(words: impl Iterator<Item = &'a str>) -> Option<Self> {
        let pair = |word: &str| {
            let (us, count) = word.split_once(':')?;
            Some((us.parse().ok()?, count.parse().ok()?))
        };
        words.map(pair).collect::<Option<_>>().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_are_kept_and_travel() {
        let mut histogram = Histogram::default();
        for us in [1, 999, 12_345, 12_399, 7_654_321] {
            histogram.add(us);
        }
        let words = histogram.to_words();
        assert_eq!(words, "1:1 999:1 12300:2 7650000:1");
        assert_eq!(Histogram::from_words(words.split(' ')), Some(histogram));
    }

    #[test]
    fn percentiles_are_those_of_the_sorted_list() {
        let mut histogram = Histogram::default();
        (1..=100).for_each(|us| histogram.add(us));
        assert_eq!(histogram.percentile_us(50), 51);
        assert_eq!(histogram.percentile_us(99), 100);
        assert_eq!(Histogram::default().percentile_us(50), 0);
    }
}
