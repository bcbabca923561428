//! Fixed seeds, seeds that once failed, and that a seed is a run.

use super::{Simulator, Totals};

/// Seeds that once failed, and why.
const ONCE_FAILED: [u64; 0] = [];

fn check(seeds: impl IntoIterator<Item = u64>) -> Totals {
    let simulator = Simulator::try_new().unwrap();
    let mut sum = Totals::default();
    for seed in seeds {
        match simulator.run(seed) {
            Ok(totals) => {
                sum.operations += totals.operations;
                sum.faults += totals.faults;
            }
            Err(failed) if std::env::var("ALL").is_ok() => {
                println!("seed {}: {:.600}", failed.seed, failed.what)
            }
            Err(failed) => panic!("seed {}: {}", failed.seed, failed.what),
        }
    }
    sum
}

#[test]
fn fifty_seeds_violate_nothing() {
    let totals = check(1..=std::env::var("SEEDS").map_or(50, |n| n.parse().unwrap()));
    println!("{totals:?}");
    assert!(totals.operations > 5_000, "{totals:?}");
    assert!(totals.faults > 500, "{totals:?}");
}

#[test]
fn seeds_that_once_failed_do_not() {
    check(ONCE_FAILED);
}
