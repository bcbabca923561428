//! A batch: entries that become one record, packed as they are decided.

use super::bytes::{Reader, Truncated};
use super::entry::Entry;
use super::known_ids::{Location, RECORD_ENTRIES_MAX};
use super::packed;

/// Entries of one chunk. A chunk is a leaf of the record's Merkle tree and what is read to see one entry.
pub const CHUNK_ENTRIES: u32 = 32;

/// What is decided together and becomes one record.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// Number of the record that it will be.
    pub sequence: u64,
    /// Instant of the first entry, nanoseconds since 1970; each further one is a nanosecond later.
    pub at: i64,
    /// Business date at its beginning, days since 1970-01-01.
    pub date: i32,
    /// How many entries.
    pub len: u32,
    /// Where each chunk ends in the bytes.
    pub ends: Vec<u32>,
    /// The entries, packed.
    pub bytes: Vec<u8>,
}

/// A place in a batch to come back to.
#[derive(Debug, Clone, Copy)]
pub(super) struct BatchMark {
    len: u32,
    bytes: usize,
}

impl Batch {
    /// The instant of the entry in this place.
    #[must_use]
    pub fn instant_of(at: i64, place: u32) -> i64 {
        at.saturating_add(i64::from(place))
    }

    /// The instant of the next entry.
    #[must_use]
    pub fn next_instant(&self) -> i64 {
        Self::instant_of(self.at, self.len)
    }

    /// Instant of the last entry, or of the record where it has none.
    #[must_use]
    pub fn last_at(&self) -> i64 {
        Self::instant_of(self.at, self.len.saturating_sub(1))
    }

    /// Whether nothing happened.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// How many more entries it can take.
    #[must_use]
    pub const fn room(&self) -> u32 {
        RECORD_ENTRIES_MAX - self.len
    }

    /// Where the next entry will stand.
    #[must_use]
    pub const fn next_location(&self) -> Location {
        Location::new(self.sequence, self.len)
    }

    /// A batch of these entries, whoever decided them.
    #[cfg(test)]
    pub(crate) fn of(sequence: u64, at: i64, date: i32, entries: &[Entry]) -> Self {
        let mut batch = Self { sequence, at, date, ..Self::default() };
        entries.iter().for_each(|entry| batch.push(entry));
        batch
    }

    pub(super) fn push(&mut self, entry: &Entry) {
        packed::encode(entry, self.date, &mut self.bytes);
        let end = u32::try_from(self.bytes.len()).unwrap_or(u32::MAX);
        if self.len.is_multiple_of(CHUNK_ENTRIES) {
            self.ends.push(end);
        } else if let Some(last) = self.ends.last_mut() {
            *last = end;
        }
        self.len += 1;
    }

    pub(super) const fn mark(&self) -> BatchMark {
        BatchMark { len: self.len, bytes: self.bytes.len() }
    }

    pub(super) fn roll_back(&mut self, mark: BatchMark) {
        self.len = mark.len;
        self.bytes.truncate(mark.bytes);
        self.ends.truncate(mark.len.div_ceil(CHUNK_ENTRIES) as usize);
        if let Some(last) = self.ends.last_mut() {
            *last = (*last).min(u32::try_from(mark.bytes).unwrap_or(u32::MAX));
        }
    }

    /// The bytes of each chunk.
    pub fn chunks(&self) -> impl Iterator<Item = &[u8]> {
        chunks(&self.ends, &self.bytes)
    }

    /// The entry in this place, if there is one.
    #[must_use]
    pub fn entry(&self, place: u32) -> Option<Entry> {
        if place >= self.len {
            return None;
        }
        let chunk = self.chunks().nth((place / CHUNK_ENTRIES) as usize)?;
        entry_of(chunk, self.date, place % CHUNK_ENTRIES).ok()
    }

    /// All entries, in order.
    ///
    /// # Errors
    /// [`Truncated`]: the bytes are not those of entries.
    pub fn entries(&self) -> Result<Vec<Entry>, Truncated> {
        let mut from = Reader::new(&self.bytes);
        (0..self.len).map(|_| packed::decode(&mut from, self.date)).collect()
    }
}

/// The pieces of `bytes` that end at `ends`.
pub(crate) fn chunks<'a, 'b>(
    ends: &'b [u32],
    bytes: &'a [u8],
) -> impl Iterator<Item = &'a [u8]> + use<'a, 'b> {
    let mut start = 0;
    ends.iter().map(move |end| {
        let end = *end as usize;
        let chunk = bytes.get(start..end).unwrap_or_default();
        start = end;
        chunk
    })
}

/// The entry in this place of a chunk.
pub(crate) fn entry_of(chunk: &[u8], date: i32, place: u32) -> Result<Entry, Truncated> {
    let mut from = Reader::new(chunk);
    for _ in 0..place {
        packed::decode(&mut from, date)?;
    }
    packed::decode(&mut from, date)
}
