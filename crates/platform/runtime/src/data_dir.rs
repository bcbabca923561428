//! The data directory: claimed by one process at a time, and of a known format.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use ids::TraceId;

/// The format of the directory that this program writes. Tables have numbered steps of their own; this number changes
/// only when files are laid out differently.
const FORMAT: u32 = 1;

/// A claimed data directory; the claim ends when this is dropped or the process ends, however it ends.
#[derive(Debug)]
pub struct DataDir {
    path: PathBuf,
    _lock: File,
}

/// Why a data directory could not be claimed.
#[derive(Debug, thiserror::Error)]
pub enum ClaimFailed {
    /// Another process has it open.
    #[error(
        "the data directory `{path}` is in use by process {holder}; stop that one first or choose another directory"
    )]
    InUse {
        /// The directory.
        path: PathBuf,
        /// The process that claimed it, as it wrote itself down.
        holder: String,
    },
    /// A newer program laid it out.
    #[error(
        "the data directory `{path}` has format {found}, this program knows up to {known}; use the newer program"
    )]
    DataNewer {
        /// The directory.
        path: PathBuf,
        /// Its format.
        found: u32,
        /// The newest format this program knows.
        known: u32,
    },
    /// It is not a data directory or cannot be written.
    #[error("the data directory `{path}` cannot be used")]
    Unusable {
        /// The directory.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

impl DataDir {
    /// Claims `path`, making the directory where it is missing.
    ///
    /// # Errors
    /// [`ClaimFailed`]; a second process is refused at once.
    pub fn claim(path: &Path) -> Result<Self, ClaimFailed> {
        let unusable = |source| ClaimFailed::Unusable { path: path.to_owned(), source };
        std::fs::create_dir_all(path).map_err(unusable)?;
        let mut lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(path.join("lock"))
            .map_err(unusable)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let _ = lock.read_to_string(&mut holder);
                return Err(ClaimFailed::InUse { path: path.to_owned(), holder: holder.trim().to_owned() });
            }
            Err(TryLockError::Error(source)) => return Err(unusable(source)),
        }
        check_format(path)?;
        lock.set_len(0).and_then(|()| writeln!(lock, "{}", std::process::id())).map_err(unusable)?;
        Ok(Self { path: path.to_owned(), _lock: lock })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What the process that has claimed it calls itself before other processes of the same bank: the machine, the
    /// directory, and a number that stays with the directory, so that a process that starts anew is the same one.
    ///
    /// # Errors
    /// The number cannot be read or written.
    pub fn instance(&self) -> Result<String, ClaimFailed> {
        let unusable = |source| ClaimFailed::Unusable { path: self.path.clone(), source };
        let file = self.path.join("instance");
        let number = match std::fs::read_to_string(&file) {
            Ok(number) => number.trim().to_owned(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let number = format!("{:032x}", TraceId::mint().as_u128());
                std::fs::write(&file, format!("{number}\n")).map_err(unusable)?;
                number
            }
            Err(error) => return Err(unusable(error)),
        };
        let machine = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        Ok(format!("{}:{}#{number}", machine.trim(), self.path.display()))
    }
}

fn check_format(path: &Path) -> Result<(), ClaimFailed> {
    let unusable = |source| ClaimFailed::Unusable { path: path.to_owned(), source };
    let file = path.join("format");
    let text = match std::fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return std::fs::write(&file, format!("{FORMAT}\n")).map_err(unusable);
        }
        Err(error) => return Err(unusable(error)),
    };
    match text.trim().parse::<u32>() {
        Ok(found) if found <= FORMAT => Ok(()),
        Ok(found) => Err(ClaimFailed::DataNewer { path: path.to_owned(), found, known: FORMAT }),
        Err(_) => Err(unusable(std::io::Error::other("the file `format` does not hold a number"))),
    }
}
