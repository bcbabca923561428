//! Rough figures, printed; the bounds are far above what is measured, so that only a blunder breaks them.

use std::time::{Duration, Instant};

use contracts::ledger::{Act, Ledger};

use super::kit::{Home, beginning, command, do_all, execute, transfer};
use crate::model::{Answers, Book, Past};
use crate::record::seal;

/// Deciding, applying and sealing without a store.
#[test]
fn a_transfer_takes_microseconds() {
    let mut book = Book::default();
    book.reserve(10_000);
    let mut batch = book.begin(1, 1);
    execute(&mut book, &beginning(1_000), &mut batch);
    book.commit(1_000_000);
    let commands: Vec<_> = (0..200_000_u128)
        .map(|n| {
            command(
                n << 64 | n.wrapping_mul(0x9E37_79B9),
                Act::Transfer(transfer(2 + n % 999, 2 + (n * 7 + 1) % 999, 1)),
            )
        })
        .collect();
    let (mut executing, mut sealing) = (Duration::ZERO, Duration::ZERO);
    for (chunk, sequence) in commands.chunks(8_190).zip(2..) {
        let mut batch = book.begin(sequence, 0);
        let started = Instant::now();
        let mut answers = Answers::Brief(Vec::with_capacity(chunk.len()));
        book.execute(chunk, &Past::default(), &mut batch, &mut answers);
        assert_eq!(answers.len(), chunk.len());
        executing += started.elapsed();
        let started = Instant::now();
        let record = seal(crate::hash::Algorithm::Sm3, 1, [0; 32], &batch);
        sealing += started.elapsed();
        assert!(record.bytes.len() > 100);
        book.launch(batch);
        book.land();
    }
    println!("200,000 transfers: executed in {executing:?}, sealed in {sealing:?}");
    assert!(executing + sealing < Duration::from_secs(20));
}

/// Imports and start-ups of the size of a demonstration bank.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_demonstration_bank_is_posted_and_opened_quickly() {
    let home = Home::sqlite();
    let ledger = home.open().await;
    do_all(&ledger, beginning(2_000)).await;
    let commands: Vec<_> = (0..200_000_u128)
        .map(|n| {
            command((n + 1) << 64 | 7, Act::Transfer(transfer(2 + n % 1_999, 2 + (n * 7 + 1) % 1_999, 1)))
        })
        .collect();
    let started = Instant::now();
    let outcomes = do_all(&ledger, commands).await;
    let posted = started.elapsed();
    assert!(outcomes.iter().filter(|outcome| outcome.is_ok()).count() > 199_000);
    let newest = contracts::ledger::HistoryQuery::newest(super::kit::account(5), 10);
    assert_eq!(ledger.history(newest).await.unwrap().len(), 10);
    let followed = started.elapsed();
    ledger.stop().await;
    let started = Instant::now();
    let ledger = home.open().await;
    let opened = started.elapsed();
    println!(
        "200,000 transfers: posted in {posted:?}, history followed in {followed:?}, opened in {opened:?}"
    );
    let started = Instant::now();
    let verification = ledger.verify().await.unwrap();
    println!("verified in {:?}: {verification:?}", started.elapsed());
    assert_eq!(verification.fault, None);
    ledger.stop().await;
    std::fs::remove_file(home.folder.path().join(crate::DERIVED_FILE)).unwrap();
    let started = Instant::now();
    let ledger = home.open().await;
    println!("opened by replaying everything in {:?}", started.elapsed());
    ledger.stop().await;
    assert!(opened < Duration::from_secs(10));
}
