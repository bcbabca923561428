//! What is written: whole segments of what is new, or nothing.

use crate::archive::segment::Segment;
use crate::archive::write::put_in_place;
use crate::archive::{ArchiveFailed, Unsound, Written, check, write};
use crate::hash::Algorithm;
use crate::journal::memory::MemoryJournal;
use crate::model::{Batch, Entry};
use crate::record::{Opened, seal};
use crate::replay::Follower;

use super::kit::{archive, journal, names, other_book, rows, segments};

#[tokio::test]
async fn each_archiving_takes_what_is_new_and_no_more() {
    let (folder, paths) = segments(&journal(9), &[4, 5]).await;
    let journal = journal(9);
    for until in [0, 1, 5] {
        let written = write(&journal, until, folder.path()).await.unwrap();
        assert!(matches!(written, Written::Nothing { reached: 5 }), "{written:?}");
    }
    let third = archive(&journal, 9, folder.path()).await;
    assert_eq!((third.label.first(), third.label.last), (6, 9));
    assert_eq!(
        names(folder.path()),
        [
            "ledger_000000000001_000000000004.segment",
            "ledger_000000000005_000000000005.segment",
            "ledger_000000000006_000000000009.segment"
        ]
    );
    assert!(matches!(
        write(&journal, 10, folder.path()).await,
        Err(ArchiveFailed::Beyond { head: 9, until: 10 })
    ));
    let all = check(&[paths, vec![third.file]].concat()).unwrap();
    assert_eq!(all.iter().map(|one| one.label.last).collect::<Vec<_>>(), [4, 5, 9]);
    let bytes: u64 = journal.rows().iter().map(|row| row.record.len() as u64).sum();
    assert_eq!(all.iter().map(|one| one.record_bytes).sum::<u64>(), bytes);
    let sizes = all.iter().map(|one| std::fs::metadata(&one.file).unwrap().len());
    assert!(sizes.eq(all.iter().map(|one| one.file_bytes)));
}

#[tokio::test]
async fn a_folder_of_another_book_is_not_added_to() {
    let (folder, _) = segments(&journal(4), &[4]).await;
    let other = MemoryJournal::of(rows(6, Some((4, 1))));
    let refused = write(&other, 6, folder.path()).await.unwrap_err();
    assert!(matches!(refused, ArchiveFailed::JournalDiffers { sequence: 4, .. }), "{refused}");
    // It ends before what the folder holds: it was rolled back.
    let refused = write(&journal(3), 3, folder.path()).await.unwrap_err();
    assert!(matches!(refused, ArchiveFailed::JournalDiffers { sequence: 4, .. }), "{refused}");
    assert_eq!(names(folder.path()).len(), 1);
}

#[tokio::test]
async fn what_was_interrupted_is_taken_for_no_segment_and_written_over() {
    let journal = journal(6);
    let (folder, paths) = segments(&journal, &[3]).await;
    let whole = std::fs::read(&paths[0]).unwrap();
    for length in [0, 1, 100, whole.len() - 1] {
        std::fs::write(folder.path().join("ledger_unfinished.new"), &whole[..length]).unwrap();
        let (restored, _) = super::kit::restored(folder.path()).await.unwrap();
        assert_eq!((restored.segments, restored.appended), (1, 3));
    }
    archive(&journal, 6, folder.path()).await;
    assert_eq!(names(folder.path()).len(), 2);
}

#[tokio::test]
async fn what_did_not_reach_the_disk_gets_no_name() {
    let (folder, paths) = segments(&journal(3), &[3]).await;
    let label = check(&paths).unwrap()[0].label;
    let mut bytes = std::fs::read(&paths[0]).unwrap();
    std::fs::remove_file(&paths[0]).unwrap();
    let unfinished = folder.path().join("ledger_unfinished.new");
    bytes[200] ^= 1;
    std::fs::write(&unfinished, &bytes).unwrap();
    let refused = put_in_place(&unfinished, &label, folder.path()).unwrap_err();
    assert!(matches!(refused, ArchiveFailed::Unsound(Unsound { .. })), "{refused}");
    assert_eq!(names(folder.path()), ["ledger_unfinished.new"]);
    // Nor does one that is sound but not the one that was to be written.
    bytes[200] ^= 1;
    std::fs::write(&unfinished, &bytes).unwrap();
    let other = crate::archive::Label { last: 4, ..label };
    let refused = put_in_place(&unfinished, &other, folder.path()).unwrap_err();
    assert!(matches!(refused, ArchiveFailed::Changed(_)), "{refused}");
    put_in_place(&unfinished, &label, folder.path()).unwrap();
    assert_eq!(check(&paths).unwrap().len(), 1);
}

#[tokio::test]
async fn a_damaged_journal_is_not_archived() {
    for (record, damage) in [(3, "bytes"), (3, "missing"), (5, "missing"), (1, "bytes")] {
        let mut damaged = rows(5, None);
        match damage {
            "bytes" => *damaged[record - 1].record.last_mut().unwrap() ^= 1,
            _ => drop(damaged.remove(record - 1)),
        }
        let folder = db::testing::Folder::try_new().unwrap();
        let refused = write(&MemoryJournal::of(damaged), 5, folder.path()).await.unwrap_err();
        let named = match refused {
            ArchiveFailed::Journal(_) => refused.to_string().contains(&format!("record {record}: ")),
            ArchiveFailed::Beyond { head: 4, .. } => record == 5,
            _ => false,
        };
        assert!(named, "{damage} {record}: {refused}");
        assert!(names(folder.path()).is_empty());
    }
}

#[tokio::test]
async fn only_one_writes_to_a_folder() {
    let (folder, _) = segments(&journal(3), &[3]).await;
    let held = crate::archive::folder::lock(folder.path()).unwrap();
    assert!(matches!(write(&journal(5), 5, folder.path()).await, Err(ArchiveFailed::Busy(_))));
    drop(held);
    archive(&journal(5), 5, folder.path()).await;
}

#[tokio::test]
async fn frames_take_much_less_than_what_they_hold() {
    // More than one frame, and records that are larger than one.
    let mut rows = vec![];
    let mut follower = Follower::default();
    let expired = |n: u128| Entry::Expired { hold: ids::TransferId::from_u128(n) };
    for sequence in 1..=5_u64 {
        let entries: Vec<Entry> = (0..16_000).map(|n| expired(n + u128::from(sequence) * 20_000)).collect();
        let batch = Batch::of(sequence, sequence as i64 * 1_000_000, 0, &entries);
        let record = seal(Algorithm::Sha256, 1, follower.position.hash, &batch);
        let row =
            crate::journal::Row { sequence, epoch: 1, hash: record.hash.to_vec(), record: record.bytes };
        follower.advance(&Opened::try_new(&row.record).unwrap().head, &row);
        rows.push(row);
    }
    let (_folder, paths) = segments(&MemoryJournal::of(rows), &[1, 5]).await;
    let all = check(&paths).unwrap();
    assert!(all.iter().all(|one| one.file_bytes < one.record_bytes / 2), "{all:?}");
    assert!(all[1].record_bytes > crate::archive::layout::FRAME_BYTES as u64, "{all:?}");
    assert_eq!(all[0].label.algorithm, Algorithm::Sha256);
    assert!(matches!(
        check(&[paths[1].clone(), paths[0].clone()]),
        Err(ArchiveFailed::NotNext { first: 1, last: 5, .. })
    ));
}

/// Segments are kept for decades: these bytes are read for ever. How they are compressed anew may change.
#[test]
fn a_segment_of_format_1_is_read() {
    let bytes = hex::decode(include_str!("segment_1.hex").split_whitespace().collect::<String>()).unwrap();
    let mut segment = Segment::read("golden".to_owned(), Box::new(std::io::Cursor::new(bytes))).unwrap();
    let label = *segment.label();
    let rows = other_book(Algorithm::Sm3, 3).rows();
    assert_eq!((label.first(), label.last, label.before.epoch, label.before_at), (2, 3, 1, 1_000));
    assert_eq!((label.book.as_slice(), label.before.hash), (rows[0].hash.as_slice(), label.book));
    assert_eq!(segment.read_next().unwrap().as_ref(), rows.get(1));
    assert_eq!(segment.read_next().unwrap().as_ref(), rows.get(2));
    assert_eq!(segment.read_next().unwrap(), None);
}
