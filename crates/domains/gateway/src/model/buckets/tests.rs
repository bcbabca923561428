//! How much comes out of buckets, and who is remembered.

use super::*;

fn at_ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn quota(per_minute: u32, burst: u32) -> Quota {
    Quota::of(Rate { per_minute, burst }).unwrap()
}

#[test]
fn a_burst_is_had_at_once_and_then_as_much_as_comes_back() {
    // One in a second, ten at once.
    let buckets = Buckets::new(quota(60, 10), 64);
    for (now_ms, units, wait_ms) in [
        (0, 4, None),
        (0, 6, None),
        (0, 1, Some(1000)),
        (400, 1, Some(600)),
        (400, 5, Some(4600)),
        (1000, 1, None),
        (1000, 1, Some(1000)),
        // Whoever was refused has paid nothing; and what costs more than fits costs what fits.
        (11_000, 1_000, None),
        (11_000, 1_000, Some(10_000)),
        // Time that stands still or goes back gives nothing.
        (5_000, 1, Some(7_000)),
    ] {
        let taken = buckets.take(&"somebody", units, at_ms(now_ms));
        assert_eq!(taken.err(), wait_ms.map(at_ms), "{units} at {now_ms} ms");
    }
    assert_eq!(buckets.take(&"somebody else", 10, at_ms(0)), Ok(()));
}

#[test]
fn one_bucket_for_all_is_filled_by_the_same_rule() {
    let bucket = Bucket::new(quota(600, 2));
    assert_eq!(bucket.take(2, at_ms(0)), Ok(()));
    assert_eq!(bucket.take(1, at_ms(40)), Err(at_ms(60)));
    assert_eq!(bucket.take(1, at_ms(100)), Ok(()));
}

#[test]
fn no_rate_is_no_bound() {
    assert!(Quota::of(Rate { per_minute: 0, burst: 1 }).is_none());
}

#[test]
fn a_flood_of_strangers_forgives_nobody_who_is_at_the_limit() {
    let buckets = Buckets::new(quota(60, 100), 1024);
    let held = buckets.sets.len() * WAYS;
    assert_eq!(held, 1024);
    let busy: Vec<String> = (0..20).map(|at| format!("busy {at}")).collect();
    for key in &busy {
        assert_eq!(buckets.take(key, 100, at_ms(0)), Ok(()));
    }
    for stranger in 0..200_000_u32 {
        assert_eq!(buckets.take(&stranger, 1, at_ms(1)), Ok(()), "each stranger may ask once");
    }
    for key in &busy {
        assert!(buckets.take(key, 1, at_ms(2)).is_err(), "{key} is still at its limit");
    }
    assert_eq!(buckets.sets.len() * WAYS, held);
}
