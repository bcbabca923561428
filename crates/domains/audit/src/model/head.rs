//! The end of the record: the tree, and the leaves of the tile that is not full yet.

use proofs::{Algorithm, Hash, Tree};

/// Leaves of a tile.
pub(crate) const TILE: u64 = 256;

/// Records of a block: in each it is noted once who is named in it. The tables say the same number.
pub(crate) const BLOCK: u64 = 4_096;

/// The hash of this record: SM3, as the law asks of banks.
pub(crate) const ALGORITHM: Algorithm = Algorithm::Sm3;

/// Where the next record goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) tree: Tree,
    /// Hashes of the leaves since the last full tile.
    pub(crate) leaves: Vec<Hash>,
}

/// A tile that has become full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tile {
    pub(crate) place: u64,
    pub(crate) root: Hash,
}

impl Head {
    /// Of a record in which nothing is yet.
    pub(crate) const fn empty() -> Self {
        Self { tree: Tree::new(ALGORITHM), leaves: Vec::new() }
    }

    /// How many records there are.
    pub(crate) const fn count(&self) -> u64 {
        self.tree.count()
    }

    /// Adds the next record; gives the tile that it fills, if it does.
    pub(crate) fn push(&mut self, record: &[u8]) -> Option<Tile> {
        let leaf = self.tree.push(record);
        self.leaves.push(leaf);
        (self.leaves.len() as u64 == TILE).then(|| {
            let root = ALGORITHM.root_over(std::mem::take(&mut self.leaves));
            Tile { place: self.count() / TILE - 1, root }
        })
    }
}
