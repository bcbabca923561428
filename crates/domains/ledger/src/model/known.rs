//! What the book remembers of every id for ever: a log in order of first use, with an index.
//!
//! An entry is 56 bytes and never changes once committed: later news about a hold (posted, voided, expired) is
//! kept beside the log. So the log's full parts can be sealed, shared by snapshots and, when it grows large,
//! moved to disk.

use super::bytes::{Reader, Truncated, put};
use super::index::Index;

/// Entries of one part of the log.
pub(super) const PART: usize = 16_384;

/// No account: the command touched none, or was refused.
pub(crate) const NO_ACCOUNT: u32 = u32::MAX;

/// One id that was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Known {
    /// The id, upper and lower half: kept apart so that an entry needs no 16-byte alignment.
    id: (u64, u64),
    /// Digest of the content under which it was first used.
    pub(crate) digest: u64,
    /// When, nanoseconds since 1970.
    pub(crate) at: i64,
    /// Account debited or named, [`NO_ACCOUNT`] for none.
    pub(crate) debit: u32,
    /// Account credited, [`NO_ACCOUNT`] for none.
    pub(crate) credit: u32,
    /// Number of the movement on the debited account, 0 for none.
    pub(crate) debit_movement: u32,
    /// Number of the movement on the credited account, 0 for none.
    pub(crate) credit_movement: u32,
    /// Booking day, days since 1970-01-01.
    pub(crate) booked_on: i32,
    /// Code of the refusal; 0 where it was accepted.
    pub(crate) refusal: u8,
    /// Whether it made a hold.
    pub(crate) is_hold: bool,
}

impl Known {
    pub(crate) const fn new(id: u128, digest: u64, at: i64, booked_on: i32) -> Self {
        Self {
            id: ((id >> 64) as u64, id as u64),
            digest,
            at,
            debit: NO_ACCOUNT,
            credit: NO_ACCOUNT,
            debit_movement: 0,
            credit_movement: 0,
            booked_on,
            refusal: 0,
            is_hold: false,
        }
    }

    pub(crate) const fn id(&self) -> u128 {
        (self.id.0 as u128) << 64 | self.id.1 as u128
    }

    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        put::u64(out, self.id.0);
        put::u64(out, self.id.1);
        put::u64(out, self.digest);
        put::i64(out, self.at);
        put::u32(out, self.debit);
        put::u32(out, self.credit);
        put::u32(out, self.debit_movement);
        put::u32(out, self.credit_movement);
        put::i32(out, self.booked_on);
        put::u8(out, self.refusal);
        put::u8(out, u8::from(self.is_hold));
    }

    pub(super) fn decode(from: &mut Reader<'_>) -> Result<Self, Truncated> {
        Ok(Self {
            id: (from.u64()?, from.u64()?),
            digest: from.u64()?,
            at: from.i64()?,
            debit: from.u32()?,
            credit: from.u32()?,
            debit_movement: from.u32()?,
            credit_movement: from.u32()?,
            booked_on: from.i32()?,
            refusal: from.u8()?,
            is_hold: from.flag()?,
        })
    }
}

/// All ids ever used, in order.
#[derive(Debug, Clone, Default)]
pub(super) struct KnownLog {
    /// Every part but the last is full.
    parts: Vec<Vec<Known>>,
    len: u32,
    index: Index,
}

impl KnownLog {
    pub(super) const fn len(&self) -> u32 {
        self.len
    }

    pub(super) fn get(&self, number: u32) -> Option<&Known> {
        self.parts.get(number as usize / PART)?.get(number as usize % PART)
    }

    pub(super) fn find(&self, id: u128) -> Option<(u32, &Known)> {
        let number = self.index.find(id, |number| self.get(number).is_some_and(|known| known.id() == id))?;
        Some((number, self.get(number)?))
    }

    /// Appends an id that is not in the log and gives its number.
    pub(super) fn push(&mut self, known: Known) -> u32 {
        let number = self.len;
        match self.parts.last_mut() {
            Some(part) if part.len() < PART => part.push(known),
            _ => {
                // The first part grows as it needs to; later ones are surely filled.
                let mut part = Vec::with_capacity(if self.parts.is_empty() { 16 } else { PART });
                part.push(known);
                self.parts.push(part);
            }
        }
        self.index.insert(known.id(), number);
        self.len += 1;
        number
    }

    /// Takes back the newest entry.
    pub(super) fn pop(&mut self) {
        let Some(known) = self.parts.last_mut().and_then(Vec::pop) else { return };
        self.len -= 1;
        self.index.remove(known.id(), self.len);
        if self.parts.last().is_some_and(Vec::is_empty) {
            self.parts.pop();
        }
    }

    pub(super) fn parts(&self) -> &[Vec<Known>] {
        &self.parts
    }
}
