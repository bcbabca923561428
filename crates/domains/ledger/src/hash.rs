//! The two hashes of the journal: SM3 (GB/T 32905, the default) and SHA-256.

use sha2::{Digest, Sha256};
use sm3::Sm3;

/// A hash value.
pub type Hash = [u8; 32];

/// Which hash a book is sealed with. Chosen when the book is begun and the same for ever.
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

    /// Root of the Merkle tree over `leaves` (RFC 6962 shape: leaf and node bear different prefixes, a lone node
    /// is carried up). The root of nothing is the hash of nothing.
    #[must_use]
    pub fn merkle_root<'a>(self, leaves: impl IntoIterator<Item = &'a [u8]>) -> Hash {
        let mut level: Vec<Hash> = leaves.into_iter().map(|leaf| self.hash(&[&[0], leaf])).collect();
        if level.is_empty() {
            return self.hash(&[]);
        }
        while level.len() > 1 {
            level = level
                .chunks(2)
                .map(|pair| match pair {
                    [left, right] => self.hash(&[&[1], left, right]),
                    [lone] => *lone,
                    _ => [0; 32],
                })
                .collect();
        }
        level.first().copied().unwrap_or_default()
    }
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
}
