//! A tree that is grown leaf by leaf.
//!
//! Its shape is that of RFC 6962, so that its root is [`Algorithm::merkle_root`] over the leaves; only the roots
//! of its full subtrees are kept, one for each bit that is set in their count: 40 hashes for 10¹² records.

use crate::{Algorithm, Hash};

/// A tree of which new leaves can be added, and nothing else be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    algorithm: Algorithm,
    count: u64,
    /// Roots of the full subtrees, the largest first.
    peaks: Vec<Hash>,
}

impl Tree {
    /// A tree without leaves.
    #[must_use]
    pub const fn new(algorithm: Algorithm) -> Self {
        Self { algorithm, count: 0, peaks: Vec::new() }
    }

    /// The tree of `count` leaves whose full subtrees have these roots; `None` where there must be more or fewer.
    #[must_use]
    pub fn of_peaks(algorithm: Algorithm, count: u64, peaks: &[Hash]) -> Option<Self> {
        let fits = usize::try_from(count.count_ones()) == Ok(peaks.len());
        fits.then(|| Self { algorithm, count, peaks: peaks.to_vec() })
    }

    /// Adds the next leaf; gives its hash.
    pub fn push(&mut self, leaf: &[u8]) -> Hash {
        let leaf = self.algorithm.leaf(leaf);
        let mut hash = leaf;
        let mut full = self.count;
        while full & 1 == 1 {
            if let Some(left) = self.peaks.pop() {
                hash = self.algorithm.node(&left, &hash);
            }
            full >>= 1;
        }
        self.peaks.push(hash);
        self.count += 1;
        leaf
    }

    /// How many leaves.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// Roots of the full subtrees, the largest first.
    #[must_use]
    pub fn peaks(&self) -> &[Hash] {
        &self.peaks
    }

    /// The root of the whole tree.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut smallest_first = self.peaks.iter().rev();
        let Some(last) = smallest_first.next() else { return self.algorithm.hash(&[]) };
        smallest_first.fold(*last, |hash, left| self.algorithm.node(left, &hash))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_that_of_the_whole_tree() {
        let hashes: Vec<Hash> = (0..200).map(|n| [n; 32]).collect();
        for algorithm in [Algorithm::Sm3, Algorithm::Sha256] {
            let mut tree = Tree::new(algorithm);
            for count in 0..=hashes.len() {
                let whole = algorithm.merkle_root(hashes[..count].iter().map(<[u8; 32]>::as_slice));
                assert_eq!((tree.count(), tree.root()), (count as u64, whole), "of {count}");
                assert_eq!(Tree::of_peaks(algorithm, count as u64, tree.peaks()), Some(tree.clone()));
                assert_eq!(Tree::of_peaks(algorithm, (count as u64) << 1 | 1, tree.peaks()), None);
                if let Some(next) = hashes.get(count) {
                    tree.push(next);
                }
            }
        }
    }
}
