//! Files that are not what was written: each is refused, and told by name.

use std::io::Cursor;

use crate::archive::segment::Segment;
use crate::archive::{ArchiveFailed, Flaw, Label, Unsound, check};
use crate::hash::Algorithm;
use crate::journal::memory::MemoryJournal;

use super::kit::{journal, other_book, restored, rows, segments};

/// Reads a segment of these bytes to its end.
fn read(bytes: Vec<u8>) -> Result<u64, Unsound> {
    let mut segment = Segment::read("a file".to_owned(), Box::new(Cursor::new(bytes)))?;
    let mut records = 0;
    while segment.read_next()?.is_some() {
        records += 1;
    }
    Ok(records)
}

#[tokio::test]
async fn every_flipped_bit_is_refused() {
    let (_folder, paths) = segments(&journal(5), &[2, 5]).await;
    let sound = std::fs::read(&paths[1]).unwrap();
    assert_eq!(read(sound.clone()).unwrap(), 3);
    for at in 0..sound.len() {
        for bit in 0..8 {
            let mut bytes = sound.clone();
            bytes[at] ^= 1 << bit;
            assert!(read(bytes).is_err(), "byte {at}, bit {bit}");
        }
    }
}

#[tokio::test]
async fn every_shortened_and_every_lengthened_file_is_refused() {
    let (_folder, paths) = segments(&journal(3), &[3]).await;
    let sound = std::fs::read(&paths[0]).unwrap();
    for length in 0..sound.len() {
        let refused = read(sound[..length].to_vec()).unwrap_err();
        let told = match refused.flaw {
            Flaw::NotASegment => length < 24,
            Flaw::CutShort(_) => length >= 24,
            _ => false,
        };
        assert!(told, "{length}: {refused}");
    }
    for more in [vec![0], sound.clone()] {
        let refused = read([sound.clone(), more].concat()).unwrap_err();
        assert!(matches!(refused.flaw, Flaw::Longer), "{refused}");
    }
}

#[tokio::test]
async fn what_is_wrong_is_told() {
    let (folder, paths) = segments(&journal(3), &[3]).await;
    let sound = std::fs::read(&paths[0]).unwrap();
    let tag_end = 24;
    let with = |at: usize, byte: u8| {
        let mut bytes = sound.clone();
        bytes[at] = byte;
        read(bytes).unwrap_err().to_string()
    };
    assert_eq!(with(3, b'x'), "`a file` is no segment: name only files that `yuanhang ledger archive` wrote");
    assert_eq!(
        with(tag_end + 1, 9),
        "`a file` is a segment of format 9, and this program knows format 1: use the newer program"
    );
    assert_eq!(
        with(tag_end + 2, 9),
        "`a file` names the hash 9, which this program does not know: fetch another copy of it"
    );
    assert_eq!(
        with(tag_end + 3, 9),
        "`a file` names the compression 9, which this program does not know: fetch another copy of it"
    );
    let last = sound.len() - 1;
    assert_eq!(with(last, !sound[last]), "`a file` does not hash to its seal: fetch another copy of it");
    // A restore names the file.
    std::fs::write(&paths[0], &sound[..last]).unwrap();
    let refused = restored(folder.path()).await.err().unwrap().to_string();
    assert!(
        refused.starts_with(&format!("`{}` is cut short after record 3", paths[0].display())),
        "{refused}"
    );
}

#[test]
fn a_label_is_read_as_it_was_written() {
    let before = crate::journal::Position { sequence: 7, epoch: 2, hash: [3; 32] };
    let label = Label {
        algorithm: Algorithm::Sha256,
        book: [1; 32],
        before,
        before_at: 9,
        last: 12,
        last_hash: [4; 32],
    };
    assert_eq!(Label::decode(&label.encode()).unwrap(), label);
    for wrong in [
        Label { last: 7, ..label },
        Label { before: crate::journal::Position { sequence: 0, ..before }, ..label },
        Label { before: crate::journal::Position { sequence: u64::MAX, ..before }, ..label },
    ] {
        assert!(matches!(Label::decode(&wrong.encode()), Err(Flaw::Label(_))), "{wrong:?}");
    }
}

#[tokio::test]
async fn swapped_files_are_refused() {
    let (folder, paths) = segments(&journal(9), &[3, 6, 9]).await;
    let aside = folder.path().join("aside");
    std::fs::rename(&paths[1], &aside).unwrap();
    std::fs::rename(&paths[2], &paths[1]).unwrap();
    std::fs::rename(&aside, &paths[2]).unwrap();
    let refused = restored(folder.path()).await.err().unwrap();
    assert!(matches!(refused, ArchiveFailed::Unsound(Unsound { flaw: Flaw::Name(_), .. })), "{refused}");
    let refused = check(&paths).unwrap_err();
    assert!(matches!(refused, ArchiveFailed::NotNext { first: 7, last: 3, .. }), "{refused}");
}

#[tokio::test]
async fn a_missing_segment_is_told() {
    for (gone, first, last) in [(0, 1, 3), (1, 4, 6)] {
        let (folder, paths) = segments(&journal(9), &[3, 6, 9]).await;
        std::fs::remove_file(&paths[gone]).unwrap();
        let refused = restored(folder.path()).await.err().unwrap();
        let expected =
            format!("records {first} to {last} are missing before `{}`", paths[gone + 1].display());
        assert!(refused.to_string().starts_with(&expected), "{refused}");
    }
    let folder = db::testing::Folder::try_new().unwrap();
    assert!(matches!(restored(folder.path()).await, Err(ArchiveFailed::NoSegment(_))));
    assert!(matches!(restored(&folder.path().join("no")).await, Err(ArchiveFailed::Folder(..))));
}

#[tokio::test]
async fn segments_of_two_histories_are_refused() {
    let (folder, paths) = segments(&journal(6), &[3, 6]).await;
    // Another history from record 3 on: what follows, and what overlaps.
    let fork = MemoryJournal::of(rows(8, Some((3, 1))));
    for ends in [vec![6, 8], vec![5], vec![8], vec![2, 7]] {
        let (_others, others) = segments(&fork, &ends).await;
        let newest = others.last().unwrap();
        let put = folder.path().join(newest.file_name().unwrap());
        std::fs::copy(newest, &put).unwrap();
        let refused = restored(folder.path()).await.err().unwrap();
        assert!(matches!(refused, ArchiveFailed::Differs { .. }), "{ends:?}: {refused}");
        std::fs::remove_file(&put).unwrap();
    }
    let (_others, others) = segments(&fork, &[3, 6]).await;
    let refused = check(&[paths[0].clone(), others[1].clone()]).unwrap_err();
    assert!(matches!(refused, ArchiveFailed::Differs { sequence: 3, .. }), "{refused}");
}

#[tokio::test]
async fn segments_of_two_books_are_refused() {
    let (folder, paths) = segments(&journal(6), &[3, 6]).await;
    let other = other_book(Algorithm::Sm3, 6);
    let sha = other_book(Algorithm::Sha256, 1);
    for (journal, ends) in [(&other, vec![3, 4]), (&sha, vec![1])] {
        let (_others, others) = segments(journal, &ends).await;
        let foreign = others.last().unwrap();
        let put = folder.path().join(foreign.file_name().unwrap());
        std::fs::copy(foreign, &put).unwrap();
        let refused = restored(folder.path()).await.err().unwrap();
        let told = match &refused {
            ArchiveFailed::OtherBook { .. } => ends.len() == 2,
            ArchiveFailed::OtherAlgorithm { .. } => ends.len() == 1,
            _ => false,
        };
        assert!(told, "{refused}");
        assert!(
            check(&[paths[0].clone(), foreign.clone()]).unwrap_err().to_string().contains("each book apart")
        );
        std::fs::remove_file(&put).unwrap();
    }
}
