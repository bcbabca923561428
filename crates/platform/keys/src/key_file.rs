//! The file of the bank's master key.
//!
//! At first it is one secret, from which everything is derived (`yuanhang-keys 1`). With the second generation it
//! becomes a list of the derived keys (`yuanhang-keys 2`), so that a generation can be taken out of it for good:
//!
//! ```text
//! yuanhang-keys 2
//! bank 0f…        which bank it belongs to, 32 digits
//! index 3a…       under which values are found, 64 digits
//! mac 77…         under which bytes are authenticated, 64 digits
//! wrap 1 c0…      a generation that wraps data keys, 32 digits; one line for each
//! wrap 2 9d…
//! ```

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::path::Path;

use zeroize::Zeroizing;

use crate::ring::{Ring, Root, Wrapping};
use crate::secret_file::{SecretFile, SecretFileRefused};

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
    /// It lacks a generation that the data depends on, or has another one under its number.
    #[error(
        "the key file `{path}` does not hold generation {number} of this bank; copy the file in which it was made, or restore it from your backup"
    )]
    Lacks {
        /// Which file.
        path: String,
        /// Which generation.
        number: u32,
    },
    /// A line of it is none that this version writes.
    #[error("line {line} of the key file `{path}` is not one of this version")]
    Malformed {
        /// Which file.
        path: String,
        /// Which line, from 1; one more than there are where something is missing.
        line: usize,
    },
    /// It cannot be used as it is.
    #[error(transparent)]
    File(#[from] SecretFileRefused),
}

const LIST: &str = "yuanhang-keys 2";

const fn file(path: &Path) -> SecretFile<'_> {
    SecretFile { what: "the key file", header: "yuanhang-keys 1", path }
}

/// Reads the key file; `None` where there is none.
pub(crate) fn read(path: &Path) -> Result<Option<Ring>, KeyFileRefused> {
    let Some(text) = file(path).text()? else { return Ok(None) };
    if !text.starts_with(LIST) {
        return Ok(file(path).read()?.map(|secret| Ring::of(&secret)));
    }
    let list = List::of(&text);
    let malformed = |line| KeyFileRefused::Malformed { path: path.display().to_string(), line };
    list.map_err(malformed).map(Some)
}

/// As [`read`], where it must be there.
pub(crate) fn read_known(path: &Path) -> Result<Ring, KeyFileRefused> {
    read(path)?.ok_or_else(|| KeyFileRefused::Missing { path: path.display().to_string() })
}

/// Makes a key file with a fresh secret, or reads the one that another process made meanwhile.
pub(crate) fn create(path: &Path) -> Result<Ring, KeyFileRefused> {
    let file = file(path);
    file.create(file.fresh()?)?;
    read_known(path)
}

/// Nobody else changes the file until what is given is dropped.
pub(crate) fn lock(path: &Path) -> Result<File, KeyFileRefused> {
    Ok(file(path).lock()?)
}

/// A generation that nobody has had before.
pub(crate) fn fresh(path: &Path) -> Result<Wrapping, KeyFileRefused> {
    let secret = file(path).fresh()?;
    Ok(Wrapping(Zeroizing::new(crate::cipher::half(&secret))))
}

/// Writes the file anew, as a list.
pub(crate) fn replace(path: &Path, ring: &Ring) -> Result<(), KeyFileRefused> {
    // Long enough that it does not grow, and leaves no copy behind that is not wiped.
    let mut text = Zeroizing::new(String::with_capacity(512 + ring.generations.len() * 64));
    let mut line = |name: &str, key: &[u8]| {
        let digits = Zeroizing::new(hex::encode(key));
        let _ = writeln!(text, "{name} {}", digits.as_str());
    };
    line("bank", &ring.root.bank);
    line("index", ring.root.indexing.as_slice());
    line("mac", ring.root.signing.as_slice());
    for (number, wrapping) in &ring.generations {
        line(&format!("wrap {number}"), wrapping.0.as_slice());
    }
    let text = Zeroizing::new(format!("{LIST}\n{}", text.as_str()));
    Ok(file(path).replace(&text)?)
}

#[derive(Default)]
struct List {
    bank: Option<[u8; 16]>,
    indexing: Option<Zeroizing<[u8; 32]>>,
    signing: Option<Zeroizing<[u8; 32]>>,
    generations: BTreeMap<u32, Wrapping>,
}

impl List {
    /// Reads the lines; `Err` with the number of the first that is none.
    fn of(text: &str) -> Result<Ring, usize> {
        let mut list = Self::default();
        let mut count = 0;
        for (at, line) in text.lines().enumerate() {
            count = at + 1;
            let taken = if at == 0 { (line == LIST).then_some(()) } else { list.take(line) };
            taken.ok_or(count)?;
        }
        list.ring().ok_or(count + 1)
    }

    /// Takes one line; none may stand twice.
    fn take(&mut self, line: &str) -> Option<()> {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["bank", digits] if self.bank.is_none() => self.bank = Some(*decoded(digits)?),
            ["index", digits] if self.indexing.is_none() => self.indexing = Some(decoded(digits)?),
            ["mac", digits] if self.signing.is_none() => self.signing = Some(decoded(digits)?),
            ["wrap", number, digits] => {
                let number: u32 = number.parse().ok().filter(|number| *number > 0)?;
                let before = self.generations.insert(number, Wrapping(decoded(digits)?));
                before.is_none().then_some(())?;
            }
            _ => return None,
        }
        Some(())
    }

    fn ring(self) -> Option<Ring> {
        let root = Root { bank: self.bank?, indexing: self.indexing?, signing: self.signing? };
        (!self.generations.is_empty()).then_some(Ring { root, generations: self.generations })
    }
}

fn decoded<const N: usize>(digits: &str) -> Option<Zeroizing<[u8; N]>> {
    let mut bytes = Zeroizing::new([0; N]);
    hex::decode_to_slice(digits, bytes.as_mut_slice()).ok()?;
    Some(bytes)
}
