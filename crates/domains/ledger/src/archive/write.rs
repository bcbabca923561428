//! Copying the oldest records into a segment.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, ErrorKind, Write as _};
use std::path::Path;

use super::folder::{self, Present, unusable};
use super::layout::{self, FRAME_BYTES, Label};
use super::segment::Segment;
use super::{ArchiveFailed, Checked};
use crate::journal::{Journal, Position, ReadFailed, Row};
use crate::record::Opened;
use crate::replay::{Fault, Follower, READ_BYTES, Wrong, look_up};

/// What a segment is called until it was read back. One that was left behind is written over by the next.
const UNFINISHED: &str = "ledger_unfinished.new";

/// What was archived.
#[derive(Debug)]
pub enum Written {
    /// A new segment.
    Segment(Checked),
    /// Nothing: the folder holds everything up to this record already.
    Nothing {
        /// The last record that the folder holds; 0 for none.
        reached: u64,
    },
}

/// Copies the records up to `until` that `folder` does not hold into a segment there: written under another name,
/// made durable, read back and checked, and only then given its name. The folder is made where it is missing.
///
/// # Errors
/// [`ArchiveFailed`]; nothing that could be taken for a segment is left.
pub async fn write(journal: &dyn Journal, until: u64, folder: &Path) -> Result<Written, ArchiveFailed> {
    let head = journal.head().await?.sequence;
    if until > head {
        return Err(ArchiveFailed::Beyond { head, until });
    }
    std::fs::create_dir_all(folder).map_err(unusable(folder))?;
    let _lock = folder::lock(folder)?;
    let present = folder::list(folder)?;
    let mut reached = 0;
    for present in &present {
        compare(journal, present).await?;
        reached = reached.max(present.label.last);
    }
    if until <= reached {
        return Ok(Written::Nothing { reached });
    }
    let label = label(journal, reached, until).await?;
    let unfinished = folder.join(UNFINISHED);
    let checked = match fill(journal, &label, &unfinished).await {
        Ok(()) => put_in_place(&unfinished, &label, folder),
        Err(error) => Err(error),
    };
    if checked.is_err() {
        // Nobody takes it for a segment: that it could not be removed does no harm.
        let _ = std::fs::remove_file(&unfinished);
    }
    checked.map(Written::Segment)
}

/// Whether the journal has the records that a segment names.
async fn compare(journal: &dyn Journal, present: &Present) -> Result<(), ArchiveFailed> {
    let label = &present.label;
    for (sequence, hash) in [(1, label.book), (label.last, label.last_hash)] {
        if position(journal, sequence).await?.is_none_or(|found| found.hash != hash) {
            return Err(ArchiveFailed::JournalDiffers { sequence, file: present.name() });
        }
    }
    Ok(())
}

async fn position(journal: &dyn Journal, sequence: u64) -> Result<Option<Position>, ReadFailed> {
    let found = journal.positions(sequence.saturating_sub(1)).await?.into_iter().next();
    Ok(found.filter(|found| found.sequence == sequence))
}

/// What a segment of the records after `reached` up to `until` says of itself.
async fn label(journal: &dyn Journal, reached: u64, until: u64) -> Result<Label, ArchiveFailed> {
    let missing = |sequence| Fault { sequence, what: Wrong::Missing(0) };
    let book = look_up(journal, 1).await?;
    let opened = Opened::try_new(&book.record);
    let algorithm = opened.map_err(|error| Fault { sequence: 1, what: error.into() })?.head.algorithm;
    let mut before = Follower::default();
    if reached > 0 {
        let row = look_up(journal, reached).await?;
        let opened = Opened::try_new(&row.record);
        let opened = opened.map_err(|error| Fault { sequence: reached, what: error.into() })?;
        before.advance(&opened.head, &row);
    }
    let last = position(journal, until).await?.ok_or_else(|| missing(until))?;
    Ok(Label {
        algorithm,
        book: book.hash.as_slice().try_into().unwrap_or_default(),
        before: before.position,
        before_at: before.last_at,
        last: until,
        last_hash: last.hash,
    })
}

/// Writes a file that holds the records of `label`, each checked; durable when it returns.
async fn fill(journal: &dyn Journal, label: &Label, path: &Path) -> Result<(), ArchiveFailed> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(unusable(path)(error)),
        _ => {}
    }
    let mut out = Out::begin(label, path)?;
    let mut follower = label.follower();
    while follower.position.sequence < label.last {
        let mut rows = journal.read(follower.position.sequence, READ_BYTES).await?;
        rows.retain(|row| row.sequence <= label.last);
        if rows.is_empty() {
            let sequence = follower.position.sequence + 1;
            return Err(Fault { sequence, what: Wrong::Missing(0) }.into());
        }
        for row in &rows {
            let (head, _) = follower.check(row)?;
            out.put(row)?;
            follower.advance(&head, row);
        }
        tokio::task::yield_now().await;
    }
    out.finish()
}

/// Reads back what was written, and gives it its name.
pub(super) fn put_in_place(path: &Path, label: &Label, folder: &Path) -> Result<Checked, ArchiveFailed> {
    let mut segment = Segment::open(path)?;
    let mut checked = segment.read_out(path)?;
    if checked.label != *label {
        return Err(ArchiveFailed::Changed(segment.file().to_owned()));
    }
    checked.file = folder.join(label.file_name());
    std::fs::rename(path, &checked.file).map_err(unusable(&checked.file))?;
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(unusable(folder))?;
    Ok(checked)
}

/// A file that is being written, and what will be its seal.
struct Out<'a> {
    path: &'a Path,
    file: BufWriter<File>,
    hashing: crate::hash::Hashing,
    frame: Vec<u8>,
}

impl<'a> Out<'a> {
    fn begin(label: &Label, path: &'a Path) -> Result<Self, ArchiveFailed> {
        let file = OpenOptions::new().write(true).create_new(true).open(path).map_err(unusable(path))?;
        let (file, hashing) = (BufWriter::new(file), layout::begin_seal(label.algorithm));
        let mut out = Self { path, file, hashing, frame: Vec::new() };
        out.write(&label.encode())?;
        Ok(out)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), ArchiveFailed> {
        self.hashing.update(bytes);
        self.file.write_all(bytes).map_err(unusable(self.path))
    }

    fn put(&mut self, row: &Row) -> Result<(), ArchiveFailed> {
        layout::put_row(&mut self.frame, row);
        if self.frame.len() < FRAME_BYTES { Ok(()) } else { self.close_frame() }
    }

    fn close_frame(&mut self) -> Result<(), ArchiveFailed> {
        if self.frame.is_empty() {
            return Ok(());
        }
        let bytes = layout::compress(&self.frame).map_err(unusable(self.path))?;
        self.frame.clear();
        self.write(&bytes)
    }

    fn finish(mut self) -> Result<(), ArchiveFailed> {
        self.close_frame()?;
        let Self { path, mut file, hashing, .. } = self;
        file.write_all(&hashing.finish()).map_err(unusable(path))?;
        let file = file.into_inner().map_err(|error| unusable(path)(error.into_error()))?;
        file.sync_all().map_err(unusable(path))
    }
}
