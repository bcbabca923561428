//! The two hashes: SM3 (GB/T 32905, the default) and SHA-256, and trees of them.

use std::ops::Range;

use sha2::{Digest, Sha256};
use sm3::Sm3;

/// A hash value.
pub type Hash = [u8; 32];

/// With what a record is hashed. Chosen when the record is begun and the same for ever.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Algorithm {
    /// GB/T 32905-2016, required of banks in China.
    #[default]
    Sm3,
    /// FIPS 180-4; about four times as fast on most machines.
    Sha256,
}

impl Algorithm {
    /// The tag in a record.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Sm3 => 1,
            Self::Sha256 => 2,
        }
    }

    /// The algorithm of a tag.
    #[must_use]
    pub const fn from_code(code: u8) -> Option<Self> {
        match code {
            1 => Some(Self::Sm3),
            2 => Some(Self::Sha256),
            _ => None,
        }
    }

    /// `sm3` or `sha256`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sm3 => "sm3",
            Self::Sha256 => "sha256",
        }
    }

    /// Hash of the concatenation of `pieces`. Pieces must be of fixed or prefixed length, so that no two lists
    /// concatenate to the same bytes.
    #[must_use]
    pub fn hash(self, pieces: &[&[u8]]) -> Hash {
        match self {
            Self::Sm3 => {
                let mut hash = Sm3::new();
                pieces.iter().for_each(|piece| hash.update(piece));
                hash.finalize().into()
            }
            Self::Sha256 => {
                let mut hash = Sha256::new();
                pieces.iter().for_each(|piece| hash.update(piece));
                hash.finalize().into()
            }
        }
    }

    /// Hashing of bytes that come one after the other.
    #[must_use]
    pub fn begin(self) -> Hashing {
        match self {
            Self::Sm3 => Hashing::Sm3(Box::default()),
            Self::Sha256 => Hashing::Sha256(Box::default()),
        }
    }

    /// Root of the Merkle tree over `leaves` (RFC 6962 shape: leaf and node bear different prefixes, a lone node
    /// is carried up). The root of nothing is the hash of nothing.
    #[must_use]
    pub fn merkle_root<'a>(self, leaves: impl IntoIterator<Item = &'a [u8]>) -> Hash {
        self.root_over(leaves.into_iter().map(|leaf| self.leaf(leaf)).collect())
    }

    /// Root of the tree over subtrees of these roots, which are of one size, a power of two; the last may be smaller.
    #[must_use]
    pub fn root_over(self, mut level: Vec<Hash>) -> Hash {
        if level.is_empty() {
            return self.hash(&[]);
        }
        while level.len() > 1 {
            level = level
                .chunks(2)
                .map(|pair| match pair {
                    [left, right] => self.node(left, right),
                    [lone] => *lone,
                    _ => [0; 32],
                })
                .collect();
        }
        level.first().copied().unwrap_or_default()
    }

    /// Hash of a leaf of a tree.
    #[must_use]
    pub fn leaf(self, leaf: &[u8]) -> Hash {
        self.hash(&[&[0], leaf])
    }

    /// Hash of a node of a tree over its two children.
    #[must_use]
    pub fn node(self, left: &Hash, right: &Hash) -> Hash {
        self.hash(&[&[1], left, right])
    }

    /// The audit path (RFC 6962, 2.1.1) of the leaf in place `index`, from the leaf up; `None` where there is no
    /// such leaf.
    #[must_use]
    pub fn audit_path(self, leaves: &[&[u8]], index: u64) -> Option<Vec<Hash>> {
        let subtree = |range: &Range<u64>| {
            let from = usize::try_from(range.start).ok()?;
            let to = usize::try_from(range.end).ok()?;
            Some(self.merkle_root(leaves.get(from..to)?.iter().copied()))
        };
        siblings(index, leaves.len() as u64)?.iter().map(subtree).collect()
    }

    /// The root of the tree of `count` leaves in which the leaf in place `index` hashes to `leaf` and has this
    /// audit path; `None` where a path of that length cannot be.
    #[must_use]
    pub fn root_by_path(self, leaf: Hash, index: u64, count: u64, path: &[Hash]) -> Option<Hash> {
        let ranges = siblings(index, count)?;
        if ranges.len() != path.len() {
            return None;
        }
        let climb = |hash: Hash, (range, sibling): (&Range<u64>, &Hash)| {
            if range.start > index { self.node(&hash, sibling) } else { self.node(sibling, &hash) }
        };
        Some(ranges.iter().zip(path).fold(leaf, climb))
    }
}

/// A hash that is not finished.
pub enum Hashing {
    /// SM3.
    Sm3(Box<Sm3>),
    /// SHA-256.
    Sha256(Box<Sha256>),
}

impl Hashing {
    /// The bytes that come next.
    pub fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sm3(hash) => hash.update(bytes),
            Self::Sha256(hash) => hash.update(bytes),
        }
    }

    /// The hash of all of them.
    #[must_use]
    pub fn finish(self) -> Hash {
        match self {
            Self::Sm3(hash) => hash.finalize().into(),
            Self::Sha256(hash) => hash.finalize().into(),
        }
    }
}

/// Over which leaves the siblings on the audit path of leaf `index` of `count` stand, from the leaf up; `None`
/// where there is no such leaf. Together with the leaf they are all leaves, each once.
#[must_use]
pub fn siblings(index: u64, count: u64) -> Option<Vec<Range<u64>>> {
    let mut within = 0..count;
    if !within.contains(&index) {
        return None;
    }
    let mut ranges = Vec::new();
    while within.end - within.start > 1 {
        let size = within.end - within.start;
        // The left subtree holds the largest power of two that is less than the size.
        let left = 1_u64 << (u64::BITS - 1 - (size - 1).leading_zeros());
        let middle = within.start + left;
        if index < middle {
            ranges.push(middle..within.end);
            within.end = middle;
        } else {
            ranges.push(within.start..middle);
            within.start = middle;
        }
    }
    ranges.reverse();
    Some(ranges)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_answers() {
        // GB/T 32905-2016, example 1; FIPS 180-4 example.
        assert_eq!(
            hex::encode(Algorithm::Sm3.hash(&[b"a", b"bc"])),
            "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
        );
        assert_eq!(
            hex::encode(Algorithm::Sha256.hash(&[b"abc"])),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn the_root_depends_on_every_leaf_and_on_their_order() {
        let leaves: [&[u8]; 5] = [b"1", b"2", b"3", b"4", b"5"];
        let root = Algorithm::Sm3.merkle_root(leaves);
        for at in 0..5 {
            let mut other = leaves;
            other[at] = b"x";
            assert_ne!(Algorithm::Sm3.merkle_root(other), root);
        }
        assert_ne!(Algorithm::Sm3.merkle_root([leaves[1], leaves[0], leaves[2], leaves[3], leaves[4]]), root);
        assert_ne!(Algorithm::Sm3.merkle_root(leaves[..4].iter().copied()), root);
    }

    #[test]
    fn every_leaf_is_proved_by_its_own_path_alone() {
        let names: Vec<[u8; 1]> = (0..70).map(|n| [n]).collect();
        let leaves: Vec<&[u8]> = names.iter().map(<[u8; 1]>::as_slice).collect();
        let sm3 = Algorithm::Sm3;
        for count in 1..=leaves.len() {
            let root = sm3.merkle_root(leaves[..count].iter().copied());
            for index in 0..count {
                let path = sm3.audit_path(&leaves[..count], index as u64).unwrap();
                let by = |leaf: usize, index: usize, count: usize, path: &[Hash]| {
                    sm3.root_by_path(sm3.leaf(leaves[leaf]), index as u64, count as u64, path)
                };
                assert_eq!(by(index, index, count, &path), Some(root));
                assert_ne!(by((index + 1) % 70, index, count, &path), Some(root));
                for other in (0..count).filter(|other| *other != index) {
                    assert_ne!(by(index, other, count, &path), Some(root));
                }
                assert_eq!(by(index, index, count, &[path, vec![root]].concat()), None);
            }
            assert_eq!(sm3.audit_path(&leaves[..count], count as u64), None);
        }
    }

    /// RFC 6962, 2.1.3: in a tree of seven, the path of d4 is e.g. [d5, node of d6, node of d0 to d3].
    #[test]
    fn siblings_stand_where_the_standard_says() {
        assert_eq!(siblings(0, 7).unwrap(), [1..2, 2..4, 4..7]);
        assert_eq!(siblings(3, 7).unwrap(), [2..3, 0..2, 4..7]);
        assert_eq!(siblings(4, 7).unwrap(), [5..6, 6..7, 0..4]);
        assert_eq!(siblings(6, 7).unwrap(), [4..6, 0..4]);
        assert_eq!(siblings(0, 1).unwrap(), []);
        assert_eq!(siblings(0, 0), None);
        assert_eq!(siblings(u64::MAX - 1, u64::MAX).unwrap().len(), 63);
    }
}
