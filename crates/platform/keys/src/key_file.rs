//! The local key file: one line naming its format, one line of 64 hexadecimal digits.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use rand::TryRng as _;
use rand::rngs::SysRng;
use zeroize::Zeroizing;

use crate::cipher::Master;

const HEADER: &str = "yuanhang-keys 1";

/// Why a key file was refused. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileRefused {
    /// It is not there, but data keys wrapped with it are.
    #[error(
        "the key file `{path}` is missing; without it the bank's personal data cannot be read, restore it from your backup"
    )]
    Missing {
        /// Where it should be.
        path: String,
    },
    /// It is another one than the data keys were wrapped with.
    #[error(
        "the key file `{path}` does not belong to this bank's data; restore the one that was made with it"
    )]
    Other {
        /// Which file.
        path: String,
    },
    /// Others than its owner may read or write it.
    #[error("the key file `{path}` is open to others (mode {mode:o}); run chmod 600 on it")]
    TooOpen {
        /// Which file.
        path: String,
        /// Its permission bits.
        mode: u32,
    },
    /// It is not a key file, or one of a later version.
    #[error(
        "`{path}` is not a key file of this version (first line `yuanhang-keys 1`, then 64 hexadecimal digits)"
    )]
    Malformed {
        /// Which file.
        path: String,
    },
    /// The system refused to read or write it, or gave no random numbers.
    #[error("the key file `{path}` cannot be read or written")]
    Unreadable {
        /// Which file.
        path: String,
        /// Why.
        source: io::Error,
    },
}

/// Reads the key file; `None` where there is none.
pub(crate) fn read(path: &Path) -> Result<Option<Master>, KeyFileRefused> {
    let name = || path.display().to_string();
    let unreadable = |source| KeyFileRefused::Unreadable { path: name(), source };
    let file = match File::open(path) {
        Ok(file) => file,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(unreadable(cause)),
    };
    let mode = file.metadata().map_err(unreadable)?.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(KeyFileRefused::TooOpen { path: name(), mode });
    }
    let mut text = Zeroizing::new(String::new());
    file.take(1024).read_to_string(&mut text).map_err(unreadable)?;
    parse(&text).map(Some).ok_or_else(|| KeyFileRefused::Malformed { path: name() })
}

fn parse(text: &str) -> Option<Master> {
    let (header, digits) = text.trim_end().split_once('\n')?;
    let mut secret = Zeroizing::new([0_u8; 32]);
    hex::decode_to_slice(digits.trim(), secret.as_mut_slice()).ok()?;
    (header.trim_end() == HEADER).then(|| Master::of(&secret))
}

/// Makes a key file with a fresh secret, readable by its owner alone, whole or not at all.
pub(crate) fn create(path: &Path) -> Result<Master, KeyFileRefused> {
    write(path).map_err(|source| KeyFileRefused::Unreadable { path: path.display().to_string(), source })
}

fn write(path: &Path) -> io::Result<Master> {
    let mut secret = Zeroizing::new([0_u8; 32]);
    SysRng.try_fill_bytes(secret.as_mut_slice()).map_err(io::Error::other)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder {
        std::fs::create_dir_all(folder)?;
    }
    let new = path.with_extension("new");
    // What an interrupted start left behind was never used.
    match std::fs::remove_file(&new) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => return Err(cause),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
    let digits = Zeroizing::new(hex::encode(secret.as_slice()));
    writeln!(file, "{HEADER}\n{}", digits.as_str())?;
    file.sync_all()?;
    std::fs::rename(&new, path)?;
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    Ok(Master::of(&secret))
}
