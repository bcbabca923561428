//! A part in memory: the newest movements, one entry per posting, each linked to the one before it of either account.

use money::Side;
use rustc_hash::FxHashMap;

use super::read::{Walk, Walked};
use super::{Damaged, Moved, Posted};
use crate::journal::Position;

/// No movement.
const NONE: u32 = u32::MAX;

/// A posting, and where the movement before it stands of either account.
#[derive(Debug, Clone, Copy)]
struct Linked {
    posted: Posted,
    debit_before: u32,
    credit_before: u32,
}

/// The movements of consecutive records.
///
/// A movement stands at a place: twice that of its posting, one more for the credited side. Places of an account
/// ascend with its movement numbers.
#[derive(Debug)]
pub(super) struct Part {
    /// The last record before it.
    pub(super) after: Position,
    /// Its last record.
    pub(super) to: Position,
    postings: Vec<Linked>,
    /// Place of the newest movement of each account.
    newest: FxHashMap<u32, u32>,
}

impl Part {
    /// A part for the records after `after`, with room for so many postings.
    pub(super) fn new(after: Position, postings: usize) -> Self {
        Self { after, to: after, postings: Vec::with_capacity(postings), newest: FxHashMap::default() }
    }

    /// The same memory, emptied, for the records after `after`.
    pub(super) fn begun_anew(mut self, after: Position) -> Self {
        self.postings.clear();
        self.newest.clear();
        Self { after, to: after, ..self }
    }

    /// How many postings it holds.
    pub(super) const fn len(&self) -> usize {
        self.postings.len()
    }

    /// Whether it covers no record.
    pub(super) const fn is_empty(&self) -> bool {
        self.after.sequence == self.to.sequence
    }

    /// Takes postings of the record that comes next.
    pub(super) fn push(&mut self, posted: &[Posted]) {
        for posted in posted {
            let place = u32::try_from(self.postings.len() * 2).unwrap_or(NONE);
            let debit_before = self.newest.insert(posted.posting.debit, place).unwrap_or(NONE);
            let credit_before = self.newest.insert(posted.posting.credit, place + 1).unwrap_or(NONE);
            self.postings.push(Linked { posted: *posted, debit_before, credit_before });
        }
    }

    /// Place of the newest movement of an account.
    pub(super) fn newest(&self, account: u32) -> Option<u32> {
        self.newest.get(&account).copied()
    }

    fn at(&self, place: u32) -> Option<(Moved, u32)> {
        let linked = self.postings.get((place / 2) as usize)?;
        Some(if place.is_multiple_of(2) {
            (linked.posted.side(Side::Debit), linked.debit_before)
        } else {
            (linked.posted.side(Side::Credit), linked.credit_before)
        })
    }

    /// Shows the movements of an account to `walk`, from `place` on toward older ones, at most `steps` of them.
    /// Tells where to go on.
    ///
    /// # Errors
    /// [`Damaged::Missing`].
    pub(super) fn walk(
        &self,
        mut place: u32,
        walk: &mut Walk<'_>,
        steps: usize,
    ) -> Result<Option<u32>, Damaged> {
        for _ in 0..steps {
            let Some((moved, before)) = self.at(place) else { return Ok(None) };
            if walk.see(moved)? == Walked::Enough {
                return Ok(None);
            }
            place = before;
        }
        Ok((place != NONE).then_some(place))
    }

    /// The places of all movements, by account and number.
    pub(super) fn sorted(&self) -> Vec<u64> {
        let mut keys: Vec<u64> = Vec::with_capacity(self.postings.len() * 2);
        for (linked, place) in self.postings.iter().zip((0_u32..).step_by(2)) {
            let posting = &linked.posted.posting;
            keys.push(u64::from(posting.debit) << 32 | u64::from(place));
            keys.push(u64::from(posting.credit) << 32 | u64::from(place + 1));
        }
        keys.sort_unstable();
        keys
    }

    /// Reaches for the postings of some keys: here the waits for memory overlap, while those of taking one movement
    /// after the other add up.
    pub(super) fn reach_for(&self, keys: &[u64]) {
        let postings = keys.iter().filter_map(|key| self.postings.get((*key as u32 >> 1) as usize));
        let reached = postings.fold(0, |all, linked| {
            all ^ linked.posted.posting.amount ^ u64::from(linked.debit_before ^ linked.credit_before)
        });
        std::hint::black_box(reached);
    }

    /// The movement of a key of [`Part::sorted`].
    pub(super) fn of_key(&self, key: u64) -> Option<Moved> {
        self.at(key as u32).map(|(moved, _)| moved)
    }
}
