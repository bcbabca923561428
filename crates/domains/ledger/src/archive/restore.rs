//! Making a journal from segments, or appending to one what it lacks.
//!
//! Everything is read and compared before anything is appended: the segments with each other, and with the records
//! that the journal has. Where two segments overlap, it is enough to compare the hashes of the records at their
//! ends, because each hash is over everything before it.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;

use super::ArchiveFailed;
use super::folder::{self, Present};
use super::segment::Segment;
use crate::hash::Hash;
use crate::journal::{Journal, Position, ReadFailed, Row};
use crate::record::Sealed;
use crate::replay::READ_BYTES;

/// What was restored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restored {
    /// How many segments the folder holds.
    pub segments: u64,
    /// Records that the journal had already.
    pub present: u64,
    /// Records that were appended to it.
    pub appended: u64,
    /// Where it ends now.
    pub head: Position,
}

/// Appends the records of all segments of `folder` to `journal`, from record 1 or from where it ends. What it has
/// must be what the segments hold.
///
/// # Errors
/// [`ArchiveFailed`]; but for [`ArchiveFailed::Append`] and a file that changes meanwhile, the journal is then as it
/// was.
pub async fn restore(journal: &dyn Journal, folder: &Path) -> Result<Restored, ArchiveFailed> {
    let segments = folder::list(folder)?;
    let Some(first) = segments.first() else {
        return Err(ArchiveFailed::NoSegment(folder.display().to_string()));
    };
    folder::no_gap(0, first)?;
    let found = journal.head().await?;
    compare(journal, found, &segments).await?;
    let mut head = found;
    for present in &segments {
        if present.label.last > head.sequence {
            head = append(journal, head, present).await?;
        }
    }
    let (segments, present) = (segments.len() as u64, found.sequence);
    Ok(Restored { segments, present, appended: head.sequence - present, head })
}

/// Reads all segments to their ends and compares them with each other and with the journal, which ends at `found`.
async fn compare(journal: &dyn Journal, found: Position, segments: &[Present]) -> Result<(), ArchiveFailed> {
    let marks = Marks::of(segments)?;
    let mut stored = Stored { journal, rows: VecDeque::new(), reached: 0 };
    let mut reached = (Position::default(), 0);
    for present in segments {
        let mut segment = open(present)?;
        let label = segment.label();
        if label.before.sequence == reached.0.sequence && (label.before, label.before_at) != reached {
            let file = present.name();
            return Err(ArchiveFailed::Differs {
                file,
                sequence: reached.0.sequence,
                other: before(present, segments),
            });
        }
        while let Some(row) = segment.read_next()? {
            marks.compare(&row, segment.file())?;
            let sequence = row.sequence;
            if sequence == stored.reached + 1
                && sequence <= found.sequence
                && stored.next().await? != Some(row)
            {
                return Err(ArchiveFailed::JournalDiffers { sequence, file: present.name() });
            }
            if sequence.is_multiple_of(1_024) {
                tokio::task::yield_now().await;
            }
        }
        if segment.position().sequence > reached.0.sequence {
            reached = (segment.position(), segment.last_at());
        }
    }
    Ok(())
}

/// The segment before this one.
fn before(present: &Present, segments: &[Present]) -> String {
    let before = segments.iter().take_while(|other| other.path != present.path).last();
    before.map(Present::name).unwrap_or_default()
}

/// Opens a segment that must still be what it was when the folder was listed.
fn open(present: &Present) -> Result<Segment, ArchiveFailed> {
    let segment = Segment::open(&present.path)?;
    if *segment.label() == present.label { Ok(segment) } else { Err(ArchiveFailed::Changed(present.name())) }
}

/// Appends the records of a segment after `head`.
async fn append(
    journal: &dyn Journal,
    mut head: Position,
    present: &Present,
) -> Result<Position, ArchiveFailed> {
    let mut segment = open(present)?;
    loop {
        let after = segment.position();
        let Some(row) = segment.read_next()? else { return Ok(head) };
        let position = segment.position();
        if position.sequence <= head.sequence {
            continue;
        }
        // Everything was compared; a file in which it has changed since then ends here.
        if after != head {
            return Err(ArchiveFailed::Changed(present.name()));
        }
        let record =
            Sealed { sequence: row.sequence, epoch: row.epoch, hash: position.hash, bytes: row.record };
        let appended = journal.append(head, &record).await;
        appended.map_err(|error| ArchiveFailed::Append(record.sequence, error))?;
        head = position;
    }
}

/// The hashes that the segments give for the records at their ends.
struct Marks(BTreeMap<u64, (Hash, String)>);

impl Marks {
    fn of(segments: &[Present]) -> Result<Self, ArchiveFailed> {
        let mut marks = Self(BTreeMap::new());
        for present in segments {
            let label = &present.label;
            let ends = [(label.before.sequence, label.before.hash), (label.last, label.last_hash)];
            for (sequence, hash) in ends {
                let mark = marks.0.entry(sequence).or_insert_with(|| (hash, present.name()));
                if mark.0 != hash {
                    let (file, other) = (present.name(), mark.1.clone());
                    return Err(ArchiveFailed::Differs { file, sequence, other });
                }
            }
        }
        Ok(marks)
    }

    fn compare(&self, row: &Row, file: &str) -> Result<(), ArchiveFailed> {
        match self.0.get(&row.sequence) {
            Some((hash, other)) if row.hash != hash => {
                let (file, other) = (file.to_owned(), other.clone());
                Err(ArchiveFailed::Differs { file, sequence: row.sequence, other })
            }
            _ => Ok(()),
        }
    }
}

/// The rows of the journal, one after the other.
struct Stored<'a> {
    journal: &'a dyn Journal,
    rows: VecDeque<Row>,
    reached: u64,
}

impl Stored<'_> {
    async fn next(&mut self) -> Result<Option<Row>, ReadFailed> {
        if self.rows.is_empty() {
            self.rows = self.journal.read(self.reached, READ_BYTES).await?.into();
        }
        self.reached += 1;
        Ok(self.rows.pop_front())
    }
}
