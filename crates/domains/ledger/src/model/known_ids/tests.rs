//! Ids in memory: found, taken back, handed over when durable.

use super::*;

/// An id minted at `n` milliseconds, as callers mint them.
fn id(n: u64) -> TransferId {
    let entropy = n.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes();
    TransferId::seeded(n, [&entropy[..], &[1, 2]].concat().try_into().unwrap())
}

fn location(n: u64) -> Location {
    Location::new(1 + n / 100, (n % 100) as u32)
}

fn small(generation: usize) -> KnownIds {
    let mut known = KnownIds::default();
    known.resize(generation);
    known
}

#[test]
fn finds_what_was_put_in_and_nothing_that_was_taken_out() {
    for generation in [GENERATION_IDS, 3_000] {
        let mut known = small(generation);
        for n in 0..20_000 {
            known.insert(IdKey::of(id(n)), location(n));
        }
        for n in (0..20_000).filter(|n| n % 3 == 0) {
            known.remove(IdKey::of(id(n)), location(n));
        }
        for n in 0..20_000 {
            let found: Vec<_> = known.find(IdKey::of(id(n))).collect();
            assert_eq!(found, if n % 3 == 0 { vec![] } else { vec![location(n)] });
        }
        assert_eq!(known.len(), 13_333);
    }
}

#[test]
fn the_time_of_minting_is_read_of_those_that_tell_it() {
    assert_eq!(IdKey::of(id(77)).minted_ms, Some(77));
    assert_eq!(IdKey::end_of(id(77)).minted_ms, Some(77));
    assert_eq!(IdKey::of(TransferId::from_u128(77 << 80)).minted_ms, None);
    // Random bits of another version tell nothing, whatever they look like.
    let random = uuid_version_4(0x0190_0000_0000);
    assert_eq!(IdKey::of(random).minted_ms, None);
}

fn uuid_version_4(first: u128) -> TransferId {
    TransferId::from_u128(first << 80 | 4 << 76 | 0b10 << 62 | 99)
}

#[test]
fn a_generation_is_handed_over_once_all_of_it_is_durable_and_a_newer_one_is_half_full() {
    let mut known = small(1_000);
    // Room for a second one in the same place is left in each.
    for n in 0..1_498 {
        known.insert(IdKey::of(id(n)), location(n));
    }
    assert!(known.to_store(u64::MAX).is_none());
    known.insert(IdKey::of(id(1_498)), location(1_498));
    assert!(known.to_store(9).is_none(), "record 10 is not durable");
    let full = known.to_store(10).unwrap();
    assert_eq!((full.ids.len(), full.until), (999, location(999)));
    let all = full.ids.within(0, u64::MAX);
    assert!(all.is_sorted() && all.len() == 999);
    known.release_oldest();
    assert!(known.to_store(u64::MAX).is_none());
    assert_eq!(known.find(IdKey::of(id(5))).count(), 0);
    assert_eq!(known.find(IdKey::of(id(1_005))).count(), 1);
}

#[test]
fn what_stands_in_one_place_is_in_one_generation() {
    for before in 7..12 {
        let mut known = small(10);
        for n in 0..before {
            known.insert(IdKey::of(id(n)), location(n));
        }
        known.insert(IdKey::end_of(id(0)), location(before));
        known.insert(IdKey::of(id(before)), location(before));
        let holding = |key| known.generations().position(|ids| ids.find(key).next().is_some()).unwrap();
        assert_eq!(holding(IdKey::end_of(id(0))), holding(IdKey::of(id(before))), "after {before}");
    }
}

#[test]
fn what_a_generation_covers_does_not_count_what_was_taken_back() {
    let mut known = small(100);
    // Record 1 holds 0..100 and fills the generation with record 2 begun; both of 2 and 3 are taken back.
    for n in 0..90 {
        known.insert(IdKey::of(id(n)), Location::new(1, n as u32));
    }
    for n in 90..200 {
        known.insert(IdKey::of(id(n)), Location::new(2 + u64::from(n >= 95), n as u32));
    }
    for n in (90..200).rev() {
        known.remove(IdKey::of(id(n)), Location::new(2 + u64::from(n >= 95), n as u32));
    }
    // Record 2 becomes another one: its ids are in the newer generation.
    for n in 300..400 {
        known.insert(IdKey::of(id(n)), Location::new(2, n as u32 - 300));
    }
    let full = known.to_store(3).unwrap();
    assert_eq!(full.until, Location::new(2, 0));
    assert_eq!(full.ids.len(), 90);
}

#[test]
fn ranges_of_hashes_take_a_table_apart_without_loss() {
    let mut generation = IdGeneration::with_room(5_000);
    for n in 0..5_000 {
        generation.insert(IdKey::of(id(n)), location(n));
    }
    // Hashes at both ends wrap around the table.
    for n in 0..8 {
        let key = |hash| IdKey { hash, minted_ms: Some(1) };
        generation.insert(key(u64::MAX - n / 2), Location::new(900, n as u32));
        generation.insert(key(n / 3), Location::new(901, n as u32));
    }
    let step = u64::MAX / 64 + 1;
    let pieces: Vec<_> = (0..64).flat_map(|n| generation.within(n * step, n * step + (step - 1))).collect();
    assert_eq!(pieces, generation.within(0, u64::MAX));
    assert_eq!(pieces.len(), 5_016);
}
