//! Flipping bytes of a journal: each is found, and found where it is.

use crate::journal::Journal;
use crate::journal::Row;
use crate::journal::memory::MemoryJournal;
use crate::model::{Batch, Book, Did, Entry, Executed};
use crate::record::seal;
use crate::tests::kit::{beginning, command, execute, transfer};
use contracts::ledger::Act;

use super::{verify, verify_with};

/// A journal of `records` records with a few entries each.
fn journal(records: u64) -> Vec<Row> {
    let mut book = Book::default();
    let mut rows: Vec<Row> = vec![];
    let mut previous = [0; 32];
    for sequence in 1..=records {
        let mut batch = book.begin(sequence, 0);
        let commands = if sequence == 1 {
            beginning(6)
        } else {
            let base = 1_000_000 + u128::from(sequence) * 10;
            (0..3).map(|n| command(base + n, Act::Transfer(transfer(2 + n, 3 + n, 5)))).collect()
        };
        for command in &commands {
            execute(&mut book, std::slice::from_ref(command), &mut batch);
        }
        let record = seal(crate::hash::Algorithm::Sm3, 1, previous, &batch);
        book.launch(batch);
        book.land();
        previous = record.hash;
        rows.push(Row { sequence, epoch: 1, hash: record.hash.to_vec(), record: record.bytes });
    }
    rows
}

/// How many bytes a row has, all columns together.
fn size(row: &Row) -> usize {
    16 + row.hash.len() + row.record.len()
}

fn flip(row: &mut Row, at: usize, mask: u8) {
    let in_number = |number: u64, at: usize| number ^ u64::from(mask) << (8 * at);
    match at {
        0..8 => row.sequence = in_number(row.sequence, at),
        8..16 => row.epoch = in_number(row.epoch, at - 8),
        16..48 => row.hash[at - 16] ^= mask,
        _ => row.record[at - 48] ^= mask,
    }
}

#[tokio::test]
async fn three_thousand_flips_are_found_where_they_are() {
    let sound = journal(12);
    assert_eq!(verify(&MemoryJournal::of(sound.clone()), None).await.unwrap().fault, None);
    let total: usize = sound.iter().map(size).sum();
    let seed = 20_261_122_u64;
    println!("seed {seed}, {total} bytes");
    let (mut random, mut flips) = (seed, 0);
    while flips < 3_000 {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mut at = usize::try_from(random >> 24).unwrap() % total;
        let mask = 1_u8.max((random >> 8) as u8);
        let mut rows = sound.clone();
        let mut place = 0;
        while at >= size(&rows[place]) {
            at -= size(&rows[place]);
            place += 1;
        }
        flip(&mut rows[place], at, mask);
        // A database gives rows in the order of their sequence, and takes no two of the same.
        rows.sort_by_key(|row| row.sequence);
        if rows.windows(2).any(|pair| pair[0].sequence == pair[1].sequence) {
            continue;
        }
        flips += 1;
        let found = verify(&MemoryJournal::of(rows), None).await.unwrap();
        let fault = found.fault.unwrap_or_else(|| panic!("record {}, byte {at} was not found", place + 1));
        let named = format!("record {}:", place + 1);
        let hidden = at < 8 && place + 1 == sound.len();
        assert!(fault.starts_with(&named) || hidden, "record {}, byte {at}: {fault}", place + 1);
    }
}

#[tokio::test]
async fn forged_effects_are_found_though_every_hash_is_right() {
    // Whoever can seal records anew can make hashes right, but not the rules.
    let mut book = Book::default();
    let mut batch = book.begin(1, 1);
    execute(&mut book, &beginning(3), &mut batch);
    let before = book.accounts().to_vec();
    let mut entries = batch.entries().unwrap();
    for entry in &mut entries {
        if let Entry::Executed(Executed { did: Did::Posted { posting, .. }, .. }) = entry {
            posting.value_on += 1;
        }
    }
    let batch = Batch::of(1, batch.at, batch.date, &entries);
    let record = seal(crate::hash::Algorithm::Sm3, 1, [0; 32], &batch);
    let row = Row { sequence: 1, epoch: 1, hash: record.hash.to_vec(), record: record.bytes };
    let journal = MemoryJournal::of(vec![row]);
    assert_eq!(journal.count(9).await.unwrap(), 1);
    let fault = verify(&journal, None).await.unwrap().fault.unwrap();
    assert!(fault.starts_with("record 1: entry 3 contradicts"), "{fault}");
    assert_eq!(before.len(), 3);
}

#[tokio::test]
async fn an_id_that_comes_again_is_found_however_long_ago_it_was() {
    for (again, place) in [(1_000_020, 0), (1_000_151, 1), (1_000_252, 2)] {
        let mut book = Book::default();
        // The book forgets, as no ledger does: so it posts an id a second time.
        book.set_id_generation(10);
        let mut rows: Vec<Row> = vec![];
        let mut previous = [0; 32];
        for sequence in 1..=40_u64 {
            let mut batch = book.begin(sequence, 0);
            let base = 1_000_000 + u128::from(sequence) * 10;
            let pay = |id| command(id, Act::Transfer(transfer(2, 3, 5)));
            let mut commands =
                if sequence == 1 { beginning(6) } else { (0..3).map(|n| pay(base + n)).collect() };
            if sequence == 40 {
                commands[place] = pay(again);
                while book.ids_to_store(u64::MAX).is_some() {
                    book.release_ids();
                }
            }
            execute(&mut book, &commands, &mut batch);
            let record = seal(crate::hash::Algorithm::Sm3, 1, previous, &batch);
            book.launch(batch);
            book.land();
            previous = record.hash;
            rows.push(Row { sequence, epoch: 1, hash: record.hash.to_vec(), record: record.bytes });
        }
        for ids in [10, 1_000] {
            let found = verify_with(&MemoryJournal::of(rows.clone()), None, ids).await.unwrap().fault;
            let expected = format!("record 40: entry {place}: the id was used before");
            assert!(found.as_ref().is_some_and(|found| found.starts_with(&expected)), "{again}: {found:?}");
        }
    }
}
