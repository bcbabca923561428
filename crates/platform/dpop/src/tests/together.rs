//! Many at once, and memory that is full.

use std::collections::BTreeSet;
use std::sync::{Arc, Barrier};
use std::time::Duration;

use clock::{Clock as _, ManualClock};

use super::rfc_device;
use super::world::{START, instant};
use crate::memory::Memory;
use crate::{Asked, Proofs, Refused, Rules, Thumbprint};

const URL: &str = "https://bank.example/";

fn check(proofs: &Proofs, proof: &str) -> Result<Thumbprint, Refused> {
    let (method, path, origins) = ("POST", "/", &["https://bank.example"]);
    proofs.check(&Asked { proof, method, path, origins, token: None, key: None, is_change: true })
}

fn bank(remembered_max: usize) -> (Proofs, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::new(instant(START)));
    (Proofs::new([3; 32], clock.clone(), Rules { remembered_max, ..Rules::default() }), clock)
}

#[test]
fn of_eight_threads_with_one_proof_one_passes() {
    let (proofs, _) = bank(1000);
    let device = rfc_device();
    for round in 0..50 {
        let proof = device.proof("POST", URL, instant(START), &proofs.nonce());
        let barrier = Barrier::new(8);
        let send = || {
            barrier.wait();
            check(&proofs, &proof)
        };
        let outcomes: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(send)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let passed = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        let replayed = outcomes.iter().filter(|outcome| **outcome == Err(Refused::Replayed)).count();
        assert_eq!((passed, replayed), (1, 7), "round {round}");
    }
}

/// Nobody gets past the bound, however many come at once; and marks are shared out over all shards.
#[test]
fn a_memory_that_many_fill_at_once_holds_no_more_than_it_may() {
    let memory = Memory::new(&Rules { remembered_max: 1000, ..Rules::default() });
    let fill = |thread: u8| {
        let mark = |number: u64| {
            let mut mark = [thread; 16];
            mark[..8].copy_from_slice(&number.to_be_bytes());
            mark
        };
        (0..500).filter(|number| memory.remember(mark(*number), START, START).is_ok()).count()
    };
    let remembered: usize = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|thread| scope.spawn(move || fill(thread))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(remembered, 1000);
    assert_eq!(memory.remember([99; 16], START, START), Err(Refused::Busy));
    assert_eq!(memory.remember([99; 16], START + 1000, START + 1000), Ok(()), "the old are forgotten");
}

#[test]
fn a_full_memory_refuses_and_forgets_nothing_that_could_come_again() {
    let (proofs, clock) = bank(100);
    let device = rfc_device();
    let make = || device.proof("POST", URL, clock.now(), &proofs.nonce());
    let first: Vec<String> = (0..100).map(|_| make()).collect();
    for proof in &first {
        assert_eq!(check(&proofs, proof), Ok(device.thumbprint()));
    }
    let one_more = make();
    assert_eq!(check(&proofs, &one_more), Err(Refused::Busy));
    for proof in &first {
        assert_eq!(check(&proofs, proof), Err(Refused::Replayed), "a proof that is remembered is not Busy");
    }
    clock.advance(Duration::from_secs(60));
    assert_eq!(check(&proofs, &one_more), Err(Refused::Busy), "the first hundred are good still");
    let mut again = 0;
    while check(&proofs, &make()) == Err(Refused::Busy) {
        clock.advance(Duration::from_secs(1));
        again += 1;
    }
    assert!(again <= 71, "the first hundred are forgotten with their generation, not after {again} s");
    for proof in &first {
        assert_eq!(check(&proofs, proof), Err(Refused::TimeLate));
    }
}

/// For ten minutes, so many proofs a second that every shard has some: each is known from the first second at which it
/// may come to the last.
#[test]
fn a_proof_is_remembered_for_as_long_as_it_is_good() {
    let memory = Memory::new(&Rules::default());
    let marks = |made_at: i64| {
        (0..300_u64)
            .map(move |number| [made_at.to_be_bytes(), number.to_be_bytes()].concat().try_into().unwrap())
    };
    for now in START..START + 600 {
        let (youngest, oldest) = (now + 10, now - 60);
        for mark in marks(youngest) {
            assert_eq!(memory.remember(mark, youngest, now), Ok(()));
            assert_eq!(memory.remember(mark, youngest, now), Err(Refused::Replayed));
        }
        for mark in marks(oldest).filter(|_| oldest >= START + 10) {
            assert_eq!(memory.remember(mark, oldest, now), Err(Refused::Replayed), "{oldest} at {now}");
        }
    }
}

/// Who read the clock long ago and was kept up finds no empty place.
#[test]
fn what_was_forgotten_is_not_remembered_anew() {
    let memory = Memory::new(&Rules { remembered_max: 1, ..Rules::default() });
    assert_eq!(memory.remember([1; 16], START, START), Ok(()));
    assert_eq!(memory.remember([2; 16], START + 300, START + 300), Ok(()), "the first is forgotten");
    assert_eq!(memory.remember([1; 16], START, START), Err(Refused::TimeLate));
}

/// Newer proofs drop the older ones; a clock that goes back does not make those good again.
#[test]
fn a_clock_that_goes_back_brings_nothing_back() {
    let memory = Memory::new(&Rules::default());
    let later = START + 2 * Rules::default().window_s();
    let marks: Vec<[u8; 16]> = (0..200).map(|number| [number; 16]).collect();
    let remember = |at: i64| marks.iter().map(|mark| memory.remember(*mark, at, at)).collect::<Vec<_>>();
    assert!(remember(START).iter().all(Result::is_ok));
    assert!(remember(later).iter().all(Result::is_ok), "the same number is free again when its time is over");
    assert!(remember(START).iter().all(|outcome| *outcome == Err(Refused::TimeLate)));
    assert!(remember(later).iter().all(|outcome| *outcome == Err(Refused::Replayed)));
}

#[test]
fn processes_and_nonces_differ() {
    let (one, clock) = bank(1);
    let other = Proofs::new([3; 32], clock.clone(), Rules::default());
    let mut nonces = BTreeSet::from([one.nonce(), other.nonce()]);
    assert_eq!(nonces.len(), 2, "two processes with one secret give different nonces");
    clock.advance(Duration::from_secs(299));
    assert!(!nonces.insert(one.nonce()), "for five minutes it is the same");
    clock.advance(Duration::from_secs(1));
    assert!(nonces.insert(one.nonce()));
    assert!(nonces.iter().all(|nonce| nonce.len() == 64));
}
