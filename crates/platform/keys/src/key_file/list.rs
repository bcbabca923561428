//! The lines of a key file that is a list.

use std::collections::BTreeMap;

use zeroize::Zeroizing;

use super::LIST;
use crate::module::KeyId;
use crate::ring::{Root, SealedRoot};
use crate::wrapping::{FileKey, Wrapping};

/// What stands in it. One of both roots is there.
pub(super) struct List {
    pub(super) bank: [u8; 16],
    pub(super) root: Option<Root>,
    pub(super) sealed_root: Option<SealedRoot>,
    pub(super) generations: BTreeMap<u32, Wrapping>,
    pub(super) in_module: BTreeMap<u32, KeyId>,
}

#[derive(Default)]
struct Lines {
    bank: Option<[u8; 16]>,
    indexing: Option<Zeroizing<[u8; 32]>>,
    signing: Option<Zeroizing<[u8; 32]>>,
    sealed_root: Option<SealedRoot>,
    generations: BTreeMap<u32, Wrapping>,
    in_module: BTreeMap<u32, KeyId>,
}

impl List {
    /// Reads the lines; `Err` with the number of the first that is none.
    pub(super) fn of(text: &str) -> Result<Self, usize> {
        let mut lines = Lines::default();
        let mut count = 0;
        for (at, line) in text.lines().enumerate() {
            count = at + 1;
            let taken = if at == 0 { (line == LIST).then_some(()) } else { lines.take(line) };
            taken.ok_or(count)?;
        }
        lines.list().ok_or(count + 1)
    }
}

impl Lines {
    /// Takes one line; none may stand twice.
    fn take(&mut self, line: &str) -> Option<()> {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["bank", digits] if self.bank.is_none() => self.bank = Some(*decoded(digits)?),
            ["index", digits] if self.indexing.is_none() => self.indexing = Some(decoded(digits)?),
            ["mac", digits] if self.signing.is_none() => self.signing = Some(decoded(digits)?),
            ["root", by, digits] if self.sealed_root.is_none() => {
                let (by, sealed) = (number(by)?, hex::decode(digits).ok()?);
                self.sealed_root = Some(SealedRoot { by, sealed });
            }
            ["wrap", at, digits] => {
                let at = self.free(at)?;
                self.generations.insert(at, Wrapping::File(FileKey(decoded(digits)?)));
            }
            ["module", at, digits] => {
                let at = self.free(at)?;
                self.in_module.insert(at, KeyId(*decoded(digits)?));
            }
            _ => return None,
        }
        Some(())
    }

    /// The number of a generation that has not been named yet.
    fn free(&self, text: &str) -> Option<u32> {
        number(text).filter(|at| !self.generations.contains_key(at) && !self.in_module.contains_key(at))
    }

    fn list(self) -> Option<List> {
        let bank = self.bank?;
        let root = match (self.indexing, self.signing, &self.sealed_root) {
            (Some(indexing), Some(signing), None) => Some(Root { bank, indexing, signing }),
            (None, None, Some(_)) => None,
            _ => return None,
        };
        let (generations, in_module) = (self.generations, self.in_module);
        let named = !generations.is_empty() || !in_module.is_empty();
        named.then_some(List { bank, root, sealed_root: self.sealed_root, generations, in_module })
    }
}

fn number(text: &str) -> Option<u32> {
    text.parse().ok().filter(|number| *number > 0)
}

fn decoded<const N: usize>(digits: &str) -> Option<Zeroizing<[u8; N]>> {
    let mut bytes = Zeroizing::new([0; N]);
    hex::decode_to_slice(digits, bytes.as_mut_slice()).ok()?;
    Some(bytes)
}
