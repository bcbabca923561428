//! A folder of segments: what is in it, and whether it is without a gap.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::layout::Label;
use super::segment::{Segment, same_book};
use super::{ArchiveFailed, Flaw, Unsound};

/// How the name of a segment ends. A segment that is still being written is called otherwise.
pub(super) const ENDING: &str = ".segment";

/// A segment of which the head was read.
pub(super) struct Present {
    pub(super) path: PathBuf,
    pub(super) label: Label,
}

impl Present {
    pub(super) fn name(&self) -> String {
        self.path.display().to_string()
    }
}

pub(super) fn unusable(path: &Path) -> impl Fn(io::Error) -> ArchiveFailed {
    let path = path.display().to_string();
    move |error| ArchiveFailed::Folder(path.clone(), error)
}

/// Keeps other processes from writing to the folder for as long as it is held.
pub(super) fn lock(folder: &Path) -> Result<File, ArchiveFailed> {
    let file = File::open(folder).map_err(unusable(folder))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(ArchiveFailed::Busy(folder.display().to_string())),
        Err(TryLockError::Error(error)) => Err(unusable(folder)(error)),
    }
}

/// The segments of a folder in the order of their records: of one book, each called what it is, and none missing
/// between two others.
pub(super) fn list(folder: &Path) -> Result<Vec<Present>, ArchiveFailed> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unusable(folder))? {
        let path = entry.map_err(unusable(folder))?.path();
        let Some(name) =
            path.file_name().and_then(|name| name.to_str()).filter(|name| name.ends_with(ENDING))
        else {
            continue;
        };
        let label = *Segment::open(&path)?.label();
        if name != label.file_name() {
            let (file, flaw) = (path.display().to_string(), Flaw::Name(label.file_name()));
            return Err(Unsound { file, flaw }.into());
        }
        all.push(Present { path, label });
    }
    all.sort_by_key(|present| (present.label.first(), present.label.last));
    let mut reached = None;
    for present in &all {
        if let Some(first) = all.first() {
            same_book((&present.name(), &present.label), (&first.name(), &first.label))?;
        }
        let before = reached.unwrap_or(present.label.before.sequence);
        no_gap(before, present)?;
        reached = Some(before.max(present.label.last));
    }
    Ok(all)
}

/// Whether a segment begins at or before the record after `reached`.
pub(super) fn no_gap(reached: u64, present: &Present) -> Result<(), ArchiveFailed> {
    let last = present.label.before.sequence;
    if last <= reached {
        return Ok(());
    }
    Err(ArchiveFailed::Missing { file: present.name(), first: reached + 1, last })
}
