//! Small books, and folders of their segments.

use std::path::{Path, PathBuf};

use db::testing::Folder;

use crate::archive::{ArchiveFailed, Checked, Restored, Written, restore, write};
use crate::hash::Algorithm;
use crate::journal::memory::MemoryJournal;
use crate::journal::{Journal, Row};
use crate::model::Batch;
use crate::record::seal;
use crate::tests::kit::book_rows;

/// A journal of so many records; another from record `fork.0` on.
pub(super) fn rows(records: u64, fork: Option<(u64, u64)>) -> Vec<Row> {
    book_rows(records, fork)
}

/// A journal of another book: records without entries.
pub(super) fn other_book(algorithm: Algorithm, records: u64) -> MemoryJournal {
    let mut previous = [0; 32];
    let rows = (1..=records).map(|sequence| {
        let batch = Batch::of(sequence, 1_000 * sequence as i64, 0, &[]);
        let record = seal(algorithm, 1, previous, &batch);
        previous = record.hash;
        Row { sequence, epoch: 1, hash: record.hash.to_vec(), record: record.bytes }
    });
    MemoryJournal::of(rows.collect())
}

pub(super) fn journal(records: u64) -> MemoryJournal {
    MemoryJournal::of(rows(records, None))
}

pub(super) async fn archive(journal: &dyn Journal, until: u64, folder: &Path) -> Checked {
    match write(journal, until, folder).await.unwrap() {
        Written::Segment(checked) => checked,
        Written::Nothing { reached } => panic!("nothing to archive after {reached}"),
    }
}

/// A folder of segments of a journal that end with these records, and their paths.
pub(super) async fn segments(journal: &dyn Journal, ends: &[u64]) -> (Folder, Vec<PathBuf>) {
    let folder = Folder::try_new().unwrap();
    let mut paths = vec![];
    for end in ends {
        paths.push(archive(journal, *end, folder.path()).await.file);
    }
    (folder, paths)
}

/// Restores into an empty journal, which must stay empty where that is refused.
pub(super) async fn restored(folder: &Path) -> Result<(Restored, MemoryJournal), ArchiveFailed> {
    let journal = MemoryJournal::default();
    match restore(&journal, folder).await {
        Ok(restored) => Ok((restored, journal)),
        Err(error) => {
            assert!(journal.rows().is_empty(), "{error}");
            Err(error)
        }
    }
}

pub(super) fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}
