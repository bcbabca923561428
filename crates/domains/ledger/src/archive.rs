//! Copies of old records outside: segments, each a file that is checked by itself, from which a journal is restored.
//!
//! A segment holds a stretch of the journal, compressed, with the hashes on either side of it and a seal over the
//! whole file ([`Label`]; the layout of the bytes stands in `archive/layout.rs`). [`write()`] copies the oldest
//! records that a folder does not hold yet, [`check`] reads segments by themselves, [`restore()`] makes a journal of
//! them, or appends what one lacks.
//!
//! The journal keeps its rows: an archive is a second copy (decision 0014). It holds the ledger alone, not the
//! customers and sessions of a bank.
//!
//! Cost: a pass over what is copied, a megabyte of memory for each frame and some for each helping of rows.

mod folder;
mod layout;
mod restore;
mod segment;
mod write;

pub use layout::Label;
pub use restore::{Restored, restore};
pub use write::{Written, write};

use std::io;
use std::path::PathBuf;

use crate::journal::{AppendFailed, ReadFailed};
use crate::replay::{Fault, ReplayFailed};

use self::segment::Segment;

/// What is wrong with a file by itself.
#[derive(Debug, thiserror::Error)]
pub enum Flaw {
    /// It begins as no segment does.
    #[error("is no segment: name only files that `yuanhang ledger archive` wrote")]
    NotASegment,
    /// Written by a newer program.
    #[error("is a segment of format {0}, and this program knows format 1: use the newer program")]
    Newer(u16),
    /// A hash or a compression that does not exist.
    #[error("names the {what} {code}, which this program does not know: fetch another copy of it")]
    CodeUnknown {
        /// Which of the two.
        what: &'static str,
        /// The code in the file.
        code: u8,
    },
    /// It ends too early.
    #[error("is cut short after record {0}: fetch another copy of it")]
    CutShort(u64),
    /// Something follows its end.
    #[error("goes on after its seal: fetch another copy of it")]
    Longer,
    /// What is compressed cannot be made out.
    #[error("is damaged after record {0}: fetch another copy of it")]
    Frame(u64),
    /// A record is not the one that must stand there.
    #[error("is damaged at {0}: fetch another copy of it")]
    Record(#[from] Fault),
    /// Its head contradicts itself or its records.
    #[error("says otherwise in its head than in its records ({0}): fetch another copy of it")]
    Label(&'static str),
    /// Its bytes are not those that were sealed.
    #[error("does not hash to its seal: fetch another copy of it")]
    Seal,
    /// It bears the name of another segment.
    #[error("holds what is called `{0}`: give it that name back")]
    Name(String),
    /// It cannot be read.
    #[error("cannot be read: {0}")]
    Unreadable(#[from] io::Error),
}

/// A file that is not a sound segment.
#[derive(Debug, thiserror::Error)]
#[error("`{file}` {flaw}")]
pub struct Unsound {
    /// Which file.
    pub file: String,
    /// What is wrong with it.
    pub flaw: Flaw,
}

/// Why nothing was archived, checked or restored.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveFailed {
    /// A file is not sound by itself.
    #[error(transparent)]
    Unsound(#[from] Unsound),
    /// The folder cannot be read or written.
    #[error("`{0}` cannot be read or written")]
    Folder(String, #[source] io::Error),
    /// Another process is writing to the folder.
    #[error("another process is archiving to `{0}`: wait for its end")]
    Busy(String),
    /// There is nothing to restore from.
    #[error("there is no segment in `{0}`: name the folder that `yuanhang ledger archive --to` wrote to")]
    NoSegment(String),
    /// A record beyond the end was to be archived.
    #[error("the journal ends with record {head}: it cannot be archived up to record {until}")]
    Beyond {
        /// Where the journal ends.
        head: u64,
        /// Up to where it was to be archived.
        until: u64,
    },
    /// A segment is missing.
    #[error(
        "records {first} to {last} are missing before `{file}`: put the segments that hold them beside it"
    )]
    Missing {
        /// The segment that follows what is missing.
        file: String,
        /// The first record that is missing.
        first: u64,
        /// The last of them.
        last: u64,
    },
    /// Files to be checked are not in order.
    #[error(
        "`{file}` begins with record {first}, but `{before}` ends with record {last}: name the files in order, none twice and none left out"
    )]
    NotNext {
        /// The file.
        file: String,
        /// Where it begins.
        first: u64,
        /// The one before it.
        before: String,
        /// Where that one ends.
        last: u64,
    },
    /// Two segments are of books that are sealed with different hashes.
    #[error(
        "`{file}` is sealed with {found}, but `{other}` with {expected}: keep the segments of each book apart"
    )]
    OtherAlgorithm {
        /// The one.
        file: String,
        /// Its hash.
        found: &'static str,
        /// The other.
        other: String,
        /// Its hash.
        expected: &'static str,
    },
    /// Two segments are of different books.
    #[error("`{file}` is of another book than `{other}`: keep the segments of each book apart")]
    OtherBook {
        /// The one.
        file: String,
        /// The other.
        other: String,
    },
    /// Two segments of one book hold different records in one place.
    #[error(
        "`{file}` holds another record {sequence} than `{other}`: the book went on in two ways; leave only the segments of one of them"
    )]
    Differs {
        /// The one.
        file: String,
        /// Which record.
        sequence: u64,
        /// The other.
        other: String,
    },
    /// The journal holds another record than a segment.
    #[error(
        "the journal holds another record {sequence} than `{file}`: they are not of one book or one of them is damaged; archive to a folder of its own, restore into an empty data directory"
    )]
    JournalDiffers {
        /// Which record.
        sequence: u64,
        /// The segment.
        file: String,
    },
    /// A file is not what it was a moment before.
    #[error("`{0}` changed while it was read: run the command again")]
    Changed(String),
    /// The journal cannot be read.
    #[error("the journal could not be read")]
    Read(#[from] ReadFailed),
    /// The journal is damaged.
    #[error("{0}; `yuanhang ledger verify` tells more")]
    Journal(#[from] ReplayFailed),
    /// The journal did not take a record.
    #[error("the journal did not take record {0}: run the command again, it goes on where the journal ends")]
    Append(u64, #[source] AppendFailed),
}

impl From<Fault> for ArchiveFailed {
    fn from(fault: Fault) -> Self {
        Self::Journal(fault.into())
    }
}

/// A segment that was read to its end and found right.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The file.
    pub file: PathBuf,
    /// What it holds.
    pub label: Label,
    /// Bytes of its records.
    pub record_bytes: u64,
    /// Bytes of the file.
    pub file_bytes: u64,
}

/// Reads segments by themselves, and whether each follows upon the one before it, in the order given.
///
/// # Errors
/// [`ArchiveFailed`], the first that is found.
pub fn check(files: &[PathBuf]) -> Result<Vec<Checked>, ArchiveFailed> {
    let mut all = Vec::with_capacity(files.len());
    let mut before: Option<Segment> = None;
    for file in files {
        let mut segment = Segment::open(file)?;
        if let Some(before) = &before {
            segment.follows(before)?;
        }
        all.push(segment.read_out(file)?);
        before = Some(segment);
    }
    Ok(all)
}

#[cfg(test)]
mod tests;
