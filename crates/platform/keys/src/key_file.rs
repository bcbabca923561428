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
//!
//! Where the bank has a module, generations are keys in it, and one of them seals what stood under `index` and `mac`:
//!
//! ```text
//! module 3 5b…    a generation in the module: its id there, 32 digits
//! root 3 02…      both keys, sealed by that generation
//! ```

mod list;

use std::fmt::Write as _;
use std::fs::File;
use std::path::Path;

use zeroize::Zeroizing;

use self::list::List;
use crate::module::{Module, ModuleFailed};
use crate::ring::{FIRST, Ring, Root, SealedRoot};
use crate::secret_file::{SecretFile, SecretFileRefused};
use crate::wrapping::{FileKey, ModuleKey, Wrapping};

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
    /// It names keys of a module, and none is set; or none of that module's keys opens it.
    #[error(
        "the key file `{path}` is sealed by a key in a PKCS#11 module; set `keys.pkcs11` to the module that has it"
    )]
    Sealed {
        /// Which file.
        path: String,
    },
    /// The module that has its keys does not do what it is asked.
    #[error("the keys of the key file cannot be reached")]
    Module(#[from] ModuleFailed),
    /// It cannot be used as it is.
    #[error(transparent)]
    File(#[from] SecretFileRefused),
}

const LIST: &str = "yuanhang-keys 2";

const fn file(path: &Path) -> SecretFile<'_> {
    SecretFile { what: "the key file", header: "yuanhang-keys 1", path }
}

/// Reads the key file; `None` where there is none. Waits for the module, where it names one.
pub(crate) fn read(path: &Path, module: Option<&Module>) -> Result<Option<Ring>, KeyFileRefused> {
    let Some(text) = file(path).text()? else { return Ok(None) };
    if !text.starts_with(LIST) {
        return Ok(file(path).read()?.map(|secret| Ring::of(&secret)));
    }
    let malformed = |line| KeyFileRefused::Malformed { path: path.display().to_string(), line };
    let list = List::of(&text).map_err(malformed)?;
    let sealed = || KeyFileRefused::Sealed { path: path.display().to_string() };
    let mut generations = list.generations;
    for (number, id) in list.in_module {
        let module = module.ok_or_else(sealed)?.clone();
        generations.insert(number, Wrapping::Module(ModuleKey { id, module }));
    }
    let root = match (list.root, &list.sealed_root) {
        (Some(root), _) => root,
        (None, Some(root)) => {
            let by = generations.get(&root.by).ok_or_else(sealed)?;
            unsealed(list.bank, by, root)?.ok_or_else(sealed)?
        }
        (None, None) => return Err(malformed(1)),
    };
    Ok(Some(Ring { root, sealed_root: list.sealed_root, generations }))
}

/// As [`read`], where it must be there.
pub(crate) fn read_known(path: &Path, module: Option<&Module>) -> Result<Ring, KeyFileRefused> {
    read(path, module)?.ok_or_else(|| KeyFileRefused::Missing { path: path.display().to_string() })
}

/// Makes a key file with fresh keys, or reads the one that another process made meanwhile.
pub(crate) fn create(path: &Path, module: Option<&Module>) -> Result<Ring, KeyFileRefused> {
    let file = file(path);
    let secret = file.fresh()?;
    if module.is_none() {
        file.create(secret)?;
        return read_known(path, module);
    }
    let _lock = file.lock()?;
    if let Some(ring) = read(path, module)? {
        return Ok(ring);
    }
    let mut ring = Ring::of(&secret);
    add_generation(path, &mut ring, FIRST, module)?;
    replace(path, &ring)?;
    Ok(ring)
}

/// Adds a generation that nobody has had before, in the module where one is given, and gives its fingerprint. Waits.
pub(crate) fn add_generation(
    path: &Path,
    ring: &mut Ring,
    number: u32,
    module: Option<&Module>,
) -> Result<[u8; 16], KeyFileRefused> {
    let wrapping = match module {
        None => {
            ring.sealed_root = None;
            let secret = file(path).fresh()?;
            Wrapping::File(FileKey(Zeroizing::new(crate::cipher::half(&secret))))
        }
        Some(module) => {
            let key = ModuleKey { id: module.generate()?, module: module.clone() };
            ring.sealed_root = Some(sealed(&ring.root, number, &key)?);
            Wrapping::Module(key)
        }
    };
    let fingerprint = wrapping.fingerprint();
    ring.generations.insert(number, wrapping);
    Ok(fingerprint)
}

fn sealed(root: &Root, by: u32, key: &ModuleKey) -> Result<SealedRoot, KeyFileRefused> {
    let plain = Zeroizing::new([root.indexing.as_slice(), root.signing.as_slice()].concat());
    let sealed = key.module.seal(key.id, &[(associated(root.bank), plain)])?;
    Ok(SealedRoot { by, sealed: sealed.into_iter().next().unwrap_or_default() })
}

fn unsealed(bank: [u8; 16], by: &Wrapping, root: &SealedRoot) -> Result<Option<Root>, KeyFileRefused> {
    let Wrapping::Module(key) = by else { return Ok(None) };
    let plain = key.module.unseal(key.id, &[(associated(bank), root.sealed.clone())])?;
    let Some(Some(plain)) = plain.into_iter().next() else { return Ok(None) };
    let Some((indexing, signing)) = plain.split_first_chunk::<32>() else { return Ok(None) };
    let Ok(signing) = <[u8; 32]>::try_from(signing) else { return Ok(None) };
    Ok(Some(Root { bank, indexing: Zeroizing::new(*indexing), signing: Zeroizing::new(signing) }))
}

fn associated(bank: [u8; 16]) -> Vec<u8> {
    [b"yuanhang/sealed-root/1\0".as_slice(), &bank].concat()
}

/// Nobody else changes the file until what is given is dropped.
pub(crate) fn lock(path: &Path) -> Result<File, KeyFileRefused> {
    Ok(file(path).lock()?)
}

/// Writes the file anew, as a list.
pub(crate) fn replace(path: &Path, ring: &Ring) -> Result<(), KeyFileRefused> {
    // Long enough that it does not grow, and leaves no copy behind that is not wiped.
    let mut text = Zeroizing::new(String::with_capacity(1024 + ring.generations.len() * 64));
    let mut line = |name: &str, key: &[u8]| {
        let digits = Zeroizing::new(hex::encode(key));
        let _ = writeln!(text, "{name} {}", digits.as_str());
    };
    line("bank", &ring.root.bank);
    match &ring.sealed_root {
        Some(root) => line(&format!("root {}", root.by), &root.sealed),
        None => {
            line("index", ring.root.indexing.as_slice());
            line("mac", ring.root.signing.as_slice());
        }
    }
    for (number, wrapping) in &ring.generations {
        match wrapping {
            Wrapping::File(key) => line(&format!("wrap {number}"), key.0.as_slice()),
            Wrapping::Module(key) => line(&format!("module {number}"), &key.id.0),
        }
    }
    let text = Zeroizing::new(format!("{LIST}\n{}", text.as_str()));
    Ok(file(path).replace(&text)?)
}
