//! Counts what passed and failed, read from what the test programs print.

use std::time::Duration;

use crate::child::Ended;

/// How many passed and failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

/// One line of the closing summary.
struct Line {
    name: String,
    count: Count,
    took: Duration,
}

/// The closing summary as it grows.
#[derive(Default)]
pub(crate) struct Tally(Vec<Line>);

impl Tally {
    /// Adds what a phase came to.
    pub(crate) fn add(&mut self, name: &str, count: Count, took: Duration) {
        self.0.push(Line { name: name.to_owned(), count, took });
    }

    /// Whether nothing failed and something passed.
    pub(crate) fn is_green(&self) -> bool {
        let sum = self.sum();
        sum.failed == 0 && sum.passed > 0
    }

    fn sum(&self) -> Count {
        self.0.iter().fold(Count::default(), |sum, line| Count {
            passed: sum.passed + line.count.passed,
            failed: sum.failed + line.count.failed,
        })
    }

    /// One row per phase and the plain closing line `N passed, N failed`.
    pub(crate) fn summary(&self) -> String {
        let mut text = String::new();
        for Line { name, count, took } in &self.0 {
            let Count { passed, failed } = count;
            let seconds = took.as_secs_f64();
            text.push_str(&format!("{name:<12} {passed:>6} passed {failed:>4} failed {seconds:>8.1} s\n"));
        }
        let Count { passed, failed } = self.sum();
        text.push_str(&format!("{passed} passed, {failed} failed"));
        text
    }
}

/// A check without cases of its own: a type check, a build, a comparison.
pub(crate) fn check(success: bool) -> Count {
    Count { passed: u64::from(success), failed: u64::from(!success) }
}

/// Reads nextest's `Summary [..] 12 tests run: 11 passed, 1 failed, 0 skipped`.
pub(crate) fn of_nextest(ended: &Ended) -> Count {
    let mut count = Count::default();
    for line in ended.words.lines().filter(|line| line.trim_start().starts_with("Summary [")) {
        let Some((_, counts)) = line.split_once(" run: ") else { continue };
        count.passed += number_before(counts, "passed");
        for bad in ["failed", "timed out", "exec failed"] {
            count.failed += number_before(counts, bad);
        }
    }
    sane(count, ended)
}

/// Reads cargo's `test result: ok. 3 passed; 0 failed; …`, one per binary.
pub(crate) fn of_cargo(ended: &Ended) -> Count {
    let mut count = Count::default();
    for line in ended.words.lines().filter(|line| line.starts_with("test result: ")) {
        count.passed += number_before(line, "passed");
        count.failed += number_before(line, "failed");
    }
    sane(count, ended)
}

/// Reads Vitest's `Tests  1 failed | 11 passed (12)`.
pub(crate) fn of_vitest(ended: &Ended) -> Count {
    let mut count = Count::default();
    for line in ended.words.lines().filter(|line| line.trim_start().starts_with("Tests ")) {
        count.passed += number_before(line, "passed");
        count.failed += number_before(line, "failed");
    }
    sane(count, ended)
}

/// Reads Playwright's closing block, one line per outcome: `2 failed`, `1 flaky`, `9 passed (30.1s)`.
pub(crate) fn of_playwright(ended: &Ended) -> Count {
    let mut count = Count::default();
    for line in ended.words.lines().map(str::trim) {
        let is_outcome = |word: &str| {
            line.split_once(' ').is_some_and(|(number, rest)| {
                number.parse::<u64>().is_ok() && (rest == word || rest.starts_with(&format!("{word} (")))
            })
        };
        if is_outcome("passed") {
            count.passed += number_before(line, "passed");
        }
        for bad in ["failed", "flaky", "interrupted", "did not run", "skipped"] {
            if is_outcome(bad) {
                count.failed += number_before(line, bad);
            }
        }
    }
    sane(count, ended)
}

/// A program that failed without naming a case counts as one failure, and so does one that ran nothing.
fn sane(count: Count, ended: &Ended) -> Count {
    let silent = count.failed == 0 && (!ended.success || count.passed == 0);
    Count { failed: if silent { 1 } else { count.failed }, ..count }
}

/// The number that stands directly before a word, 0 if there is none.
fn number_before(text: &str, word: &str) -> u64 {
    let words: Vec<&str> = text.split([' ', ',', ';', '|', '(']).filter(|part| !part.is_empty()).collect();
    let wanted: Vec<&str> = word.split(' ').collect();
    words
        .windows(wanted.len() + 1)
        .find_map(|window| match window.split_first() {
            Some((number, rest)) if rest == wanted => number.parse().ok(),
            _ => None,
        })
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(success: bool, words: &str) -> Ended {
        Ended { success, words: words.to_owned() }
    }

    fn count(passed: u64, failed: u64) -> Count {
        Count { passed, failed }
    }

    #[test]
    fn nextest_is_read() {
        let green = "     Summary [   0.010s] 12 tests run: 12 passed (1 slow), 3 skipped\n";
        assert_eq!(of_nextest(&ended(true, green)), count(12, 0));
        let red = "     Summary [   9.010s] 14 tests run: 10 passed, 3 failed, 1 timed out, 0 skipped\n";
        assert_eq!(of_nextest(&ended(false, red)), count(10, 4));
        assert_eq!(of_nextest(&ended(false, "error: could not compile `db`")), count(0, 1));
        assert_eq!(of_nextest(&ended(true, "no tests")), count(0, 1));
    }

    #[test]
    fn cargo_is_read() {
        let words = "test result: ok. 3 passed; 0 failed; 0 ignored\n\ntest result: FAILED. 4 passed; 2 failed; 0 ignored\n";
        assert_eq!(of_cargo(&ended(false, words)), count(7, 2));
    }

    #[test]
    fn vitest_is_read() {
        let words = " Test Files  1 failed | 1 passed (2)\n      Tests  1 failed | 11 passed (12)\n";
        assert_eq!(of_vitest(&ended(false, words)), count(11, 1));
        assert_eq!(of_vitest(&ended(true, "      Tests  11 passed (11)\n")), count(11, 0));
    }

    #[test]
    fn playwright_is_read() {
        let words =
            "  ✓  1 sign-in.spec.ts › 3 passed things (1s)\n  1 flaky\n  2 did not run\n  9 passed (30.1s)\n";
        assert_eq!(of_playwright(&ended(false, words)), count(9, 3));
    }

    #[test]
    fn the_closing_line_is_plain() {
        let mut tally = Tally::default();
        assert!(!tally.is_green(), "nothing run is not green");
        tally.add("rust", count(7, 0), Duration::from_secs(61));
        assert!(tally.is_green());
        tally.add("browser", count(9, 3), Duration::from_secs(1));
        assert!(!tally.is_green());
        assert_eq!(tally.summary().lines().last(), Some("16 passed, 3 failed"));
    }
}
