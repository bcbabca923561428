//! Files that hold one secret: a line naming the format, a line of 64 hexadecimal digits, readable by their owner alone.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use rand::TryRng as _;
use rand::rngs::SysRng;
use tempfile::{NamedTempFile, PersistError};
use zeroize::Zeroizing;

/// 256 bits that are wiped from memory when they are no longer needed.
pub type Secret = Zeroizing<[u8; 32]>;

/// No file of secrets is longer, bytes.
const LENGTH_MAX: u64 = 65_536;

/// Where a secret lies.
#[derive(Debug, Clone, Copy)]
pub struct SecretFile<'p> {
    /// What it holds, for messages: `the key file`.
    pub what: &'static str,
    /// Its first line: `yuanhang-keys 1`.
    pub header: &'static str,
    /// Where it is.
    pub path: &'p Path,
}

/// Why a file with a secret was refused. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum SecretFileRefused {
    /// Others than its owner may read or write it.
    #[error("{what} `{path}` is open to others (mode {mode:o}); run chmod 600 on it")]
    TooOpen {
        /// What it holds.
        what: &'static str,
        /// Which file.
        path: String,
        /// Its permission bits.
        mode: u32,
    },
    /// It is no such file, or one of a later version.
    #[error("`{path}` is not {what} of this version (first line `{header}`, then 64 hexadecimal digits)")]
    Malformed {
        /// What it should hold.
        what: &'static str,
        /// Which file.
        path: String,
        /// What its first line should be.
        header: &'static str,
    },
    /// The system refused to read or write it, or gave no random numbers.
    #[error("{what} `{path}` cannot be read or written")]
    Unreadable {
        /// What it holds.
        what: &'static str,
        /// Which file.
        path: String,
        /// Why.
        source: io::Error,
    },
}

impl SecretFile<'_> {
    /// The secret; `None` where there is no file.
    ///
    /// # Errors
    /// [`SecretFileRefused`].
    pub fn read(&self) -> Result<Option<Secret>, SecretFileRefused> {
        match self.text()? {
            Some(text) => self.parse(&text).map(Some).ok_or_else(|| self.malformed()),
            None => Ok(None),
        }
    }

    /// All that is in it; `None` where there is no file.
    pub(crate) fn text(&self) -> Result<Option<Zeroizing<String>>, SecretFileRefused> {
        let file = match File::open(self.path) {
            Ok(file) => file,
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(cause) => return Err(self.unreadable(cause)),
        };
        let permissions = file.metadata().map_err(|cause| self.unreadable(cause))?.permissions();
        let mode = permissions.mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(SecretFileRefused::TooOpen { what: self.what, path: self.name(), mode });
        }
        let mut text = Zeroizing::new(String::new());
        file.take(LENGTH_MAX).read_to_string(&mut text).map_err(|cause| self.unreadable(cause))?;
        Ok(Some(text))
    }

    fn parse(&self, text: &str) -> Option<Secret> {
        let (header, digits) = text.trim_end().split_once('\n')?;
        let mut secret = Secret::default();
        hex::decode_to_slice(digits.trim(), secret.as_mut_slice()).ok()?;
        (header.trim_end() == self.header).then_some(secret)
    }

    /// Makes the file with this secret, whole or not at all; where there is one by now, it stays as it is. Of several
    /// processes that make it at once, all are given the same secret: the one that is in the file.
    ///
    /// # Errors
    /// [`SecretFileRefused`].
    pub fn create(&self, secret: Secret) -> Result<Secret, SecretFileRefused> {
        match self.write(&secret) {
            Ok(()) => Ok(secret),
            Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => {
                self.read()?.ok_or_else(|| self.unreadable(cause))
            }
            Err(cause) => Err(self.unreadable(cause)),
        }
    }

    fn write(&self, secret: &Secret) -> io::Result<()> {
        let digits = Zeroizing::new(hex::encode(secret.as_slice()));
        let text = Zeroizing::new(format!("{}\n{}\n", self.header, digits.as_str()));
        self.put(&text, |new| new.persist_noclobber(self.path))
    }

    /// Puts this text in its place, whole or not at all.
    pub(crate) fn replace(&self, text: &str) -> Result<(), SecretFileRefused> {
        self.put(text, |new| new.persist(self.path)).map_err(|cause| self.unreadable(cause))
    }

    fn put(
        &self,
        text: &str,
        persist: impl FnOnce(NamedTempFile) -> Result<File, PersistError>,
    ) -> io::Result<()> {
        let folder = self.folder();
        std::fs::create_dir_all(folder)?;
        // Made for its owner alone, and gone where it does not become the file.
        let mut new = tempfile::Builder::new().prefix(".new-").tempfile_in(folder)?;
        new.write_all(text.as_bytes())?;
        new.as_file().sync_all()?;
        persist(new).map_err(|refused| refused.error)?;
        File::open(folder)?.sync_all()
    }

    /// Nobody else who asks for it changes the file until what is given is dropped.
    pub(crate) fn lock(&self) -> Result<File, SecretFileRefused> {
        let lock = || {
            std::fs::create_dir_all(self.folder())?;
            let folder = File::open(self.folder())?;
            folder.lock()?;
            Ok(folder)
        };
        lock().map_err(|cause| self.unreadable(cause))
    }

    fn folder(&self) -> &Path {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        folder.unwrap_or(Path::new("."))
    }

    /// A secret that nobody has had before.
    ///
    /// # Errors
    /// [`SecretFileRefused::Unreadable`]: the system gave no random numbers.
    pub fn fresh(&self) -> Result<Secret, SecretFileRefused> {
        let mut secret = Secret::default();
        let filled = SysRng.try_fill_bytes(secret.as_mut_slice());
        filled.map_err(|cause| self.unreadable(io::Error::other(cause)))?;
        Ok(secret)
    }

    /// That what is in it cannot be used.
    #[must_use]
    pub fn malformed(&self) -> SecretFileRefused {
        SecretFileRefused::Malformed { what: self.what, path: self.name(), header: self.header }
    }

    fn unreadable(&self, source: io::Error) -> SecretFileRefused {
        SecretFileRefused::Unreadable { what: self.what, path: self.name(), source }
    }

    fn name(&self) -> String {
        self.path.display().to_string()
    }
}
