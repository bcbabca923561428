//! Ten thousand changes of a journal, at random: each is found, by verification or, where the journal is right in
//! itself, by the witness.

#![expect(clippy::ptr_arg, reason = "every kind of damage has the one signature of the table")]

use std::collections::BTreeMap;

use super::kit::Witnessed;
use crate::hash::Algorithm;
use crate::journal::memory::MemoryJournal;
use crate::journal::{Journal, Row};
use crate::model::{Batch, Did, Entry, Executed};
use crate::record::{Opened, seal};
use crate::tests::kit::{book_rows, start};
use crate::verify::verify;

/// Records of the sound journal.
const RECORDS: u64 = 14;

/// Numbers that follow from a seed.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 24
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn byte(&mut self) -> u8 {
        self.next() as u8
    }

    /// Two places, the first before the second.
    fn two(&mut self, end: usize) -> (usize, usize) {
        let first = self.below(end - 1);
        (first, first + 1 + self.below(end - 1 - first))
    }
}

/// A change; `rows` may end as they were, and are then tried again.
type Change = fn(&mut Vec<Row>, &mut Random);

const CHANGES: [(&str, usize, Change); 15] = [
    ("a bit of a column flipped", 2_000, flip),
    ("bytes of a record overwritten", 1_000, overwrite),
    ("bytes put into a record", 500, put_in),
    ("bytes taken out of a record", 500, take_out),
    ("a record cut short", 500, cut_record),
    ("the newest records cut off", 1_000, cut_end),
    ("the oldest records cut off", 250, cut_beginning),
    ("records taken out of the middle", 750, cut_middle),
    ("two records swapped", 750, swap_records),
    ("two pieces of a record swapped", 500, swap_pieces),
    ("a record put over another", 500, put_over),
    ("a record appended again", 250, append_again),
    ("a record inserted again", 250, insert_again),
    ("a fork with right hashes", 750, fork),
    ("an entry forged and all sealed anew", 500, forge),
];

fn flip(rows: &mut Vec<Row>, random: &mut Random) {
    let at = random.below(rows.len());
    let row = &mut rows[at];
    let (bit, at) = (1 << random.below(8), random.below(48 + row.record.len()));
    match at {
        0..8 => row.sequence ^= u64::from(bit) << (8 * at),
        8..16 => row.epoch ^= u64::from(bit) << (8 * (at - 8)),
        16..48 => row.hash[at - 16] ^= bit,
        _ => row.record[at - 48] ^= bit,
    }
}

fn record_of<'a>(rows: &'a mut [Row], random: &mut Random) -> &'a mut Vec<u8> {
    let at = random.below(rows.len());
    &mut rows[at].record
}

fn overwrite(rows: &mut Vec<Row>, random: &mut Random) {
    let record = record_of(rows, random);
    let at = random.below(record.len());
    for old in record.iter_mut().skip(at).take(1 + random.below(16)) {
        *old = random.byte();
    }
}

fn put_in(rows: &mut Vec<Row>, random: &mut Random) {
    let record = record_of(rows, random);
    for _ in 0..=random.below(8) {
        let (at, byte) = (random.below(record.len() + 1), random.byte());
        record.insert(at, byte);
    }
}

fn take_out(rows: &mut Vec<Row>, random: &mut Random) {
    let record = record_of(rows, random);
    let (from, to) = random.two(record.len());
    record.drain(from..to);
}

fn cut_record(rows: &mut Vec<Row>, random: &mut Random) {
    let record = record_of(rows, random);
    record.truncate(random.below(record.len()));
}

fn cut_end(rows: &mut Vec<Row>, random: &mut Random) {
    rows.truncate(random.below(rows.len()));
}

fn cut_beginning(rows: &mut Vec<Row>, random: &mut Random) {
    rows.drain(..=random.below(rows.len() - 1));
}

fn cut_middle(rows: &mut Vec<Row>, random: &mut Random) {
    let (from, to) = random.two(rows.len() - 1);
    rows.drain(from + 1..=to);
    // Either a gap is left, or those after it are renumbered in their column.
    if random.below(2) == 0 {
        rows.iter_mut().zip(1..).for_each(|(row, sequence)| row.sequence = sequence);
    }
}

fn swap_records(rows: &mut Vec<Row>, random: &mut Random) {
    let (one, other) = random.two(rows.len());
    rows.swap(one, other);
    // In their places they bear the other's number, or everything of a row was swapped but its hash.
    let hashes = random.below(2) == 0;
    let (first, second) = rows.split_at_mut(other);
    std::mem::swap(&mut first[one].sequence, &mut second[0].sequence);
    if hashes {
        std::mem::swap(&mut first[one].hash, &mut second[0].hash);
    }
}

fn swap_pieces(rows: &mut Vec<Row>, random: &mut Random) {
    let record = record_of(rows, random);
    let length = 1 + random.below(24);
    let (one, other) = random.two(record.len() - length);
    let (one_bytes, other_bytes) =
        (record[one..one + length].to_vec(), record[other..other + length].to_vec());
    record[one..one + length].copy_from_slice(&other_bytes);
    record[other..other + length].copy_from_slice(&one_bytes);
}

fn put_over(rows: &mut Vec<Row>, random: &mut Random) {
    let (from, to) = random.two(rows.len());
    let (from, to) = if random.below(2) == 0 { (from, to) } else { (to, from) };
    rows[to] = Row { sequence: rows[to].sequence, ..rows[from].clone() };
}

fn append_again(rows: &mut Vec<Row>, random: &mut Random) {
    let again = rows[random.below(rows.len())].clone();
    let sequence = rows.len() as u64 + 1;
    rows.push(Row { sequence, ..again });
}

fn insert_again(rows: &mut Vec<Row>, random: &mut Random) {
    let (at, again) = (random.below(rows.len()), rows[random.below(rows.len())].clone());
    rows.insert(at, again);
    rows.iter_mut().zip(1..).for_each(|(row, sequence)| row.sequence = sequence);
}

fn fork(rows: &mut Vec<Row>, random: &mut Random) {
    let from = 2 + random.next() % (RECORDS - 1);
    let length = from + random.next() % RECORDS;
    *rows = book_rows(length, Some((from, 1 + random.next() % 1_000)));
}

/// Whoever has all bytes can seal a record anew, and every one after it.
fn forge(rows: &mut Vec<Row>, random: &mut Random) {
    let at = random.below(rows.len());
    let (kind, step) = (random.below(6), 1 + random.below(9));
    let mut previous = [0; 32];
    for (place, row) in rows.iter_mut().enumerate() {
        let record = Opened::try_new(&row.record).unwrap();
        let mut entries = record.entries().unwrap();
        let mut instant = record.head.at;
        if place == at {
            match kind {
                0 => instant += step as i64,
                1 => drop(entries.pop()),
                _ => entries.iter_mut().for_each(|entry| change(entry, kind, step)),
            }
        }
        let batch = Batch::of(record.head.sequence, instant, record.head.date, &entries);
        let sealed = seal(Algorithm::Sm3, 1, previous, &batch);
        previous = sealed.hash;
        *row = Row { hash: sealed.hash.to_vec(), record: sealed.bytes, ..*row };
    }
}

fn change(entry: &mut Entry, kind: usize, step: usize) {
    let Entry::Executed(Executed { did: Did::Posted { posting, .. }, .. }) = entry else { return };
    match kind {
        2 => posting.amount += step as u64,
        3 => std::mem::swap(&mut posting.debit, &mut posting.credit),
        4 => posting.credit_balance += step as i64,
        _ => posting.value_on += step as i32,
    }
}

/// Who found the changes of one kind.
#[derive(Default)]
struct Found {
    by_verify: usize,
    by_witness: usize,
}

#[tokio::test]
async fn ten_thousand_changes_are_found() {
    let sound = book_rows(RECORDS, None);
    let witnessed = Witnessed::new();
    for length in [3, 4, 9, sound.len()] {
        let journal = MemoryJournal::of(sound[..length].to_vec());
        witnessed.witness.turn(&journal, journal.head().await.unwrap(), start()).await.unwrap();
    }
    let journal = MemoryJournal::of(sound.clone());
    assert_eq!(verify(&journal, None).await.unwrap().fault, None);
    assert_eq!(witnessed.witness.verify(&journal).await.unwrap(), 4);

    let seed = 20_261_126_u64;
    println!("seed {seed}");
    let mut random = Random(seed);
    let mut found: BTreeMap<&str, Found> = BTreeMap::new();
    for (name, times, change) in CHANGES {
        let mut done = 0;
        while done < times {
            let mut rows = sound.clone();
            change(&mut rows, &mut random);
            // A database gives rows in the order of their sequence, and takes no two of the same.
            rows.sort_by_key(|row| row.sequence);
            if rows == sound || rows.windows(2).any(|pair| pair[0].sequence == pair[1].sequence) {
                continue;
            }
            done += 1;
            let journal = MemoryJournal::of(rows);
            let found = found.entry(name).or_default();
            if verify(&journal, None).await.unwrap().fault.is_some() {
                found.by_verify += 1;
                continue;
            }
            let missed = witnessed.witness.verify(&journal).await;
            assert!(missed.is_err(), "{name}: change {done} was not found");
            found.by_witness += 1;
        }
    }
    for (name, Found { by_verify, by_witness }) in &found {
        println!("{name}: {by_verify} found by verification, {by_witness} by the witness alone");
    }
    let total: usize = found.values().map(|found| found.by_verify + found.by_witness).sum();
    assert_eq!(total, 10_000);
    // What is right in itself is found by the witness alone: else it would not be needed.
    assert_eq!(found["the newest records cut off"].by_verify, 0);
    assert_eq!(found["a fork with right hashes"].by_verify, 0);
}
