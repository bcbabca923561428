//! That a tree grew out of a smaller one: consistency proofs (RFC 6962, 2.1.2; checked as RFC 9162, 2.1.4.2 does).

use std::ops::Range;

use crate::{Algorithm, Hash};

/// The largest power of two that is less than `size`, which is at least two.
const fn left_of(size: u64) -> u64 {
    1 << (u64::BITS - 1 - (size - 1).leading_zeros())
}

/// Over which leaves the hashes of the proof stand that the tree of `count` leaves grew out of that of the first
/// `earlier`, in the order of the proof; `None` where there is no such tree. Empty where both are the same.
fn ranges(earlier: u64, count: u64) -> Option<Vec<Range<u64>>> {
    if earlier == 0 || earlier > count {
        return None;
    }
    let (mut within, mut ranges, mut whole) = (0..count, Vec::new(), true);
    while within.end != earlier {
        let middle = within.start + left_of(within.end - within.start);
        if earlier <= middle {
            ranges.push(middle..within.end);
            within.end = middle;
        } else {
            ranges.push(within.start..middle);
            within.start = middle;
            whole = false;
        }
    }
    if !whole {
        ranges.push(within);
    }
    ranges.reverse();
    Some(ranges)
}

impl Algorithm {
    /// The hashes by which it is shown that the tree of `count` leaves grew out of that of the first `earlier`. `root`
    /// gives the root over a range of leaves. `None` where there is no such tree, or `root` gives none.
    pub fn consistency(
        self,
        earlier: u64,
        count: u64,
        root: impl FnMut(Range<u64>) -> Option<Hash>,
    ) -> Option<Vec<Hash>> {
        ranges(earlier, count)?.into_iter().map(root).collect()
    }

    /// Whether `proof` shows that the tree of `count` leaves and root `root` grew out of that of the first `earlier`
    /// leaves and root `before`: those leaves are in both, unaltered and in the same order.
    #[must_use]
    pub fn is_consistent(
        self,
        (earlier, before): (u64, Hash),
        (count, root): (u64, Hash),
        proof: &[Hash],
    ) -> bool {
        let Some(ranges) = ranges(earlier, count) else { return false };
        if ranges.len() != proof.len() {
            return false;
        }
        // Where the earlier tree is a whole subtree, its root begins both climbs.
        let (begin, rest) = match proof.split_first() {
            _ if earlier == count => return before == root,
            Some((first, rest)) if ranges.first().is_some_and(|range| range.end == earlier) => (*first, rest),
            _ => (before, proof),
        };
        let skipped = ranges.len() - rest.len();
        let (mut old, mut new) = (begin, begin);
        for (range, hash) in ranges.iter().skip(skipped).zip(rest) {
            if range.start >= earlier {
                new = self.node(&new, hash);
            } else {
                old = self.node(hash, &old);
                new = self.node(hash, &new);
            }
        }
        old == before && new == root
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6962, 2.1.3: the examples for trees of 3, 4 and 6 leaves within one of 7.
    #[test]
    fn proofs_are_those_of_the_standard() {
        assert_eq!(ranges(3, 7).unwrap(), [2..3, 3..4, 0..2, 4..7]);
        assert_eq!(ranges(4, 7).unwrap(), vec![Range { start: 4, end: 7 }]);
        assert_eq!(ranges(6, 7).unwrap(), [4..6, 6..7, 0..4]);
        assert_eq!(ranges(7, 7).unwrap(), []);
        assert_eq!((ranges(0, 7), ranges(8, 7)), (None, None));
    }

    #[test]
    fn a_tree_is_consistent_with_its_own_beginnings_alone() {
        let names: Vec<[u8; 2]> = (0..40_u8).map(|n| [n, 7]).collect();
        let leaves: Vec<&[u8]> = names.iter().map(<[u8; 2]>::as_slice).collect();
        let sm3 = Algorithm::Sm3;
        let root = |range: Range<u64>| {
            Some(sm3.merkle_root(leaves[range.start as usize..range.end as usize].iter().copied()))
        };
        for count in 1..=leaves.len() as u64 {
            for earlier in 1..=count {
                let proof = sm3.consistency(earlier, count, root).unwrap();
                let (before, after) = (root(0..earlier).unwrap(), root(0..count).unwrap());
                assert!(sm3.is_consistent((earlier, before), (count, after), &proof), "{earlier} of {count}");
                for at in 0..proof.len() {
                    let mut other = proof.clone();
                    other[at][5] ^= 1;
                    assert!(!sm3.is_consistent((earlier, before), (count, after), &other));
                }
                let (mut forked, mut longer) = (leaves.clone(), proof.clone());
                forked[earlier as usize - 1] = b"other";
                let forked = sm3.merkle_root(forked[..earlier as usize].iter().copied());
                assert!(!sm3.is_consistent((earlier, forked), (count, after), &proof), "another beginning");
                longer.push(before);
                assert!(!sm3.is_consistent((earlier, before), (count, after), &longer));
                assert!(!sm3.is_consistent((earlier, before), (count, [9; 32]), &proof));
                if count > earlier {
                    assert!(!sm3.is_consistent((earlier + 1, before), (count, after), &proof));
                }
            }
        }
    }
}
