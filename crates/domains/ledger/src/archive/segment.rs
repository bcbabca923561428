//! Reading a segment from front to end, each record checked as it comes, and the seal at the end.

use std::fs::File;
use std::io::{self, BufReader, ErrorKind, Read};
use std::path::Path;

use super::layout::{self, FRAME_BYTES_MAX, HEAD_BYTES, Label, SEAL_BYTES};
use super::{ArchiveFailed, Checked, Flaw, Unsound};
use crate::hash::Hashing;
use crate::journal::{Position, Row};
use crate::replay::Follower;

/// A segment that is being read.
pub(super) struct Segment {
    file: String,
    label: Label,
    input: Box<dyn Read + Send>,
    /// What will be the seal; `None` once it was read.
    hashing: Option<Hashing>,
    follower: Follower,
    rows: std::vec::IntoIter<Row>,
    file_bytes: u64,
}

impl Segment {
    /// Reads the head of a file.
    pub(super) fn open(path: &Path) -> Result<Self, Unsound> {
        let name = path.display().to_string();
        match File::open(path) {
            Ok(file) => Self::read(name, Box::new(BufReader::with_capacity(1 << 20, file))),
            Err(error) => Err(Unsound { file: name, flaw: error.into() }),
        }
    }

    /// Reads the head of a segment that is called `file`.
    pub(super) fn read(file: String, mut input: Box<dyn Read + Send>) -> Result<Self, Unsound> {
        let mut head = Vec::with_capacity(HEAD_BYTES);
        let read = input.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut head);
        let label = read.map_err(Flaw::from).and_then(|_| Label::decode(&head));
        let label = match label {
            Ok(label) => label,
            Err(flaw) => return Err(Unsound { file, flaw }),
        };
        let mut hashing = layout::begin_seal(label.algorithm);
        hashing.update(&head);
        let (hashing, follower) = (Some(hashing), label.follower());
        let (rows, file_bytes) = (Vec::new().into_iter(), head.len() as u64);
        Ok(Self { file, label, input, hashing, follower, rows, file_bytes })
    }

    pub(super) fn file(&self) -> &str {
        &self.file
    }

    pub(super) const fn label(&self) -> &Label {
        &self.label
    }

    /// The last record that was read; before any was, the one before the first.
    pub(super) const fn position(&self) -> Position {
        self.follower.position
    }

    /// Instant of the last entry up to [`Self::position`].
    pub(super) const fn last_at(&self) -> i64 {
        self.follower.last_at
    }

    /// The next record, checked; `None` once all were read and the seal is right.
    pub(super) fn read_next(&mut self) -> Result<Option<Row>, Unsound> {
        self.try_next().map_err(|flaw| Unsound { file: self.file.clone(), flaw })
    }

    fn try_next(&mut self) -> Result<Option<Row>, Flaw> {
        if self.follower.position.sequence == self.label.last {
            return self.finish().map(|()| None);
        }
        let row = loop {
            match self.rows.next() {
                Some(row) => break row,
                None => self.rows = self.frame()?.into_iter(),
            }
        };
        let (head, _) = self.follower.check(&row)?;
        if row.sequence == 1 && row.hash != self.label.book {
            return Err(Flaw::Label("the hash of record 1"));
        }
        if row.sequence == self.label.last && row.hash != self.label.last_hash {
            return Err(Flaw::Label("the hash of the last record"));
        }
        self.follower.advance(&head, &row);
        Ok(Some(row))
    }

    fn frame(&mut self) -> Result<Vec<Row>, Flaw> {
        let mut lengths = [0; 8];
        self.fill(&mut lengths)?;
        let [a, b, c, d, e, f, g, h] = lengths;
        let (compressed, length) = (u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h]));
        let damaged = Flaw::Frame(self.follower.position.sequence);
        // What cannot be compressed grows by a few bytes in a thousand.
        if length == 0 || length > FRAME_BYTES_MAX || compressed > length + length / 64 + 64 {
            return Err(damaged);
        }
        let mut bytes = vec![0; compressed as usize];
        self.fill(&mut bytes)?;
        layout::rows(&bytes, length).ok_or(damaged)
    }

    /// Reads exactly these bytes, which go into the seal.
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), Flaw> {
        self.take(bytes)?;
        if let Some(hashing) = &mut self.hashing {
            hashing.update(bytes);
        }
        Ok(())
    }

    fn take(&mut self, bytes: &mut [u8]) -> Result<(), Flaw> {
        let reached = self.follower.position.sequence;
        self.input.read_exact(bytes).map_err(|error| match error.kind() {
            ErrorKind::UnexpectedEof => Flaw::CutShort(reached),
            _ => error.into(),
        })?;
        self.file_bytes += bytes.len() as u64;
        Ok(())
    }

    fn finish(&mut self) -> Result<(), Flaw> {
        if self.rows.len() > 0 {
            return Err(Flaw::Label("the last record"));
        }
        let Some(hashing) = self.hashing.take() else { return Ok(()) };
        let mut seal = [0; SEAL_BYTES];
        self.take(&mut seal)?;
        if seal != hashing.finish() {
            return Err(Flaw::Seal);
        }
        match io::copy(&mut self.input.by_ref().take(1), &mut io::sink())? {
            0 => Ok(()),
            _ => Err(Flaw::Longer),
        }
    }

    /// Reads all that is left.
    pub(super) fn read_out(&mut self, file: &Path) -> Result<Checked, Unsound> {
        let mut record_bytes = 0;
        while let Some(row) = self.read_next()? {
            record_bytes += row.record.len() as u64;
        }
        Ok(Checked { file: file.to_owned(), label: self.label, record_bytes, file_bytes: self.file_bytes })
    }

    /// Whether this segment begins where `before`, which was read out, ends.
    pub(super) fn follows(&self, before: &Self) -> Result<(), ArchiveFailed> {
        same_book((&self.file, &self.label), (&before.file, &before.label))?;
        let (file, other) = (self.file.clone(), before.file.clone());
        let (first, last) = (self.label.first(), before.label.last);
        if self.label.before.sequence != last {
            return Err(ArchiveFailed::NotNext { file, first, before: other, last });
        }
        if (self.label.before, self.label.before_at) != (before.position(), before.last_at()) {
            return Err(ArchiveFailed::Differs { file, sequence: last, other });
        }
        Ok(())
    }
}

/// Whether two segments are of one book.
pub(super) fn same_book(
    (file, label): (&str, &Label),
    (other, expected): (&str, &Label),
) -> Result<(), ArchiveFailed> {
    let (file, other) = (file.to_owned(), other.to_owned());
    if label.algorithm != expected.algorithm {
        let (found, expected) = (label.algorithm.name(), expected.algorithm.name());
        return Err(ArchiveFailed::OtherAlgorithm { file, found, other, expected });
    }
    if label.book != expected.book {
        return Err(ArchiveFailed::OtherBook { file, other });
    }
    Ok(())
}
