//! A record: one batch as it stands in the journal, in canonical bytes.
//!
//! ```text
//! head   tag length (u8) | tag "yuanhang.ledger.record" | format (u16) | logic version (u16) | hash algorithm (u8)
//!        epoch (u64) | sequence (u64) | at, nanoseconds since 1970 (i64) | hash of the previous record (32)
//!        entries (u32) | length of the body (u32) | Merkle root (32)
//!        format 2: business date, days since 1970 (i32) | where each chunk ends in the body (u32 each)
//! body   format 2: entries, packed (see `model::packed`); a chunk is 32 of them, the last one fewer
//!        format 1: per entry: length (u32) | kind (u8: 1 executed, 2 expired)
//!                  executed: length (u16) | command | digest of its content (u64) | length (u16) | effect
//!                  expired:  id of the transfer that made the hold (16)
//! ```
//!
//! Integers are big-endian. The hash of a record is the hash of its head. The head holds the Merkle root, the
//! leaves of which are the chunks (format 2) or the entries (format 1). So one chunk can be proved, and read,
//! without the others. There is no personal data in a record: accounts and transfers are ids and numbers.

use crate::hash::{Algorithm, Hash};
use crate::model::{
    Batch, CHUNK_ENTRIES, Entry, LOGIC_VERSION, RECORD_ENTRIES_MAX, Reader, Truncated, chunks, decode,
    decode_format_1, entry_of, put,
};

/// The layout that this program writes.
pub const FORMAT_VERSION: u16 = 2;

const TAG: &[u8] = b"yuanhang.ledger.record";
const TAG_HASH: &[u8] = b"yuanhang.ledger.head.1";

/// What a record says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The layout of the record.
    pub format: u16,
    /// The rules by which its effects were decided.
    pub logic: u16,
    /// With what it is sealed.
    pub algorithm: Algorithm,
    /// Which writer wrote it: raised at each opening of the book.
    pub epoch: u64,
    /// Position in the journal, from 1.
    pub sequence: u64,
    /// Instant of the first entry, nanoseconds since 1970; each further entry is a nanosecond later.
    pub at: i64,
    /// Hash of the record before it; zeros for the first.
    pub previous: Hash,
    /// How many entries.
    pub entries: u32,
    /// Merkle root over the chunks (format 2) or the entries (format 1).
    pub root: Hash,
    /// Business date at its beginning, days since 1970-01-01; 0 for format 1, which does not say.
    pub date: i32,
}

impl Head {
    /// Instant of the last entry, or of the record where it has none.
    #[must_use]
    pub fn last_at(&self) -> i64 {
        self.at.saturating_add(i64::from(self.entries.saturating_sub(1)))
    }
}

/// A record ready to be appended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Position in the journal.
    pub sequence: u64,
    /// Which writer.
    pub epoch: u64,
    /// Hash of the head.
    pub hash: Hash,
    /// Head and body.
    pub bytes: Vec<u8>,
}

/// Bytes that are not a record of a format that this program knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Does not begin as a record does.
    #[error("the record does not begin with the tag of a record")]
    NotARecord,
    /// Written by a newer program.
    #[error(
        "the record has format {format} and logic version {logic}; this program knows up to {FORMAT_VERSION} and {LOGIC_VERSION}: use the newer program"
    )]
    Newer {
        /// Its format.
        format: u16,
        /// Its logic version.
        logic: u16,
    },
    /// A hash algorithm that does not exist.
    #[error("the record names an unknown hash algorithm {0}")]
    AlgorithmUnknown(u8),
    /// The head is cut short.
    #[error("the head of the record is damaged")]
    Head(#[source] Truncated),
    /// An entry has no meaning.
    #[error("entry {place} of the record is damaged")]
    Entry {
        /// Place in the record, from 0.
        place: u32,
        /// Where.
        #[source]
        source: Truncated,
    },
    /// The body is longer or shorter than the head says.
    #[error("the body of the record has another length than its head says")]
    Length,
    /// The entries are not those that the head was sealed over.
    #[error("the entries do not hash to the Merkle root in the head")]
    Root,
}

/// Seals a batch into the record that follows `previous`.
#[must_use]
pub fn seal(algorithm: Algorithm, epoch: u64, previous: Hash, batch: &Batch) -> Sealed {
    let root = algorithm.merkle_root(batch.chunks());
    let mut bytes = Vec::with_capacity(batch.bytes.len() + batch.ends.len() * 4 + 160);
    put::u8(&mut bytes, TAG.len() as u8);
    bytes.extend_from_slice(TAG);
    put::u16(&mut bytes, FORMAT_VERSION);
    put::u16(&mut bytes, LOGIC_VERSION);
    put::u8(&mut bytes, algorithm.code());
    put::u64(&mut bytes, epoch);
    put::u64(&mut bytes, batch.sequence);
    put::i64(&mut bytes, batch.at);
    bytes.extend_from_slice(&previous);
    put::u32(&mut bytes, batch.len);
    put::u32(&mut bytes, u32::try_from(batch.bytes.len()).unwrap_or(u32::MAX));
    bytes.extend_from_slice(&root);
    put::i32(&mut bytes, batch.date);
    batch.ends.iter().for_each(|end| put::u32(&mut bytes, *end));
    let hash = algorithm.hash(&[TAG_HASH, &bytes]);
    bytes.extend_from_slice(&batch.bytes);
    Sealed { sequence: batch.sequence, epoch, hash, bytes }
}

/// A record that was taken apart and not yet checked.
#[derive(Debug, Clone)]
pub struct Opened<'a> {
    /// What it says of itself.
    pub head: Head,
    /// Hash of the bytes of the head.
    pub hash: Hash,
    /// The bytes of the head.
    pub head_bytes: &'a [u8],
    /// Where each chunk ends in the body; empty for format 1.
    pub ends: Vec<u32>,
    /// The entries' bytes.
    pub body: &'a [u8],
}

impl<'a> Opened<'a> {
    /// Takes a record apart.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn try_new(bytes: &'a [u8]) -> Result<Self, Unreadable> {
        let mut from = Reader::new(bytes);
        let (head, body_length, ends) = open_head(&mut from)?;
        let (head_bytes, body) = bytes.split_at_checked(from.offset()).ok_or(Unreadable::Length)?;
        if body.len() != body_length as usize
            || (head.format != 1 && ends.last().map_or(0, |end| *end as usize) != body.len())
            || !ends.is_sorted()
        {
            return Err(Unreadable::Length);
        }
        let hash = head.algorithm.hash(&[TAG_HASH, head_bytes]);
        Ok(Self { head, hash, head_bytes, ends, body })
    }

    /// The leaves of the Merkle tree.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn leaves(&self) -> Result<Vec<&'a [u8]>, Unreadable> {
        if self.head.format != 1 {
            return Ok(chunks(&self.ends, self.body).collect());
        }
        // Each entry takes more than four bytes: a damaged count cannot ask for more memory than the body has.
        let mut leaves = Vec::with_capacity((self.head.entries as usize).min(self.body.len() / 4));
        let mut reader = Reader::new(self.body);
        for place in 0..self.head.entries {
            let damaged = |source| Unreadable::Entry { place, source };
            let length = reader.u32().map_err(damaged)?;
            leaves.push(reader.take(length as usize).map_err(damaged)?);
        }
        reader.finish().map_err(|_| Unreadable::Length)?;
        Ok(leaves)
    }

    /// Checks that the entries' bytes are those which the head was sealed over.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn check_root(&self) -> Result<(), Unreadable> {
        let leaves = self.leaves()?;
        if self.head.algorithm.merkle_root(leaves) == self.head.root { Ok(()) } else { Err(Unreadable::Root) }
    }

    /// All entries, in order.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn entries(&self) -> Result<Vec<Entry>, Unreadable> {
        if self.head.format == 1 {
            let each = |(leaf, place): (&[u8], u32)| {
                decode_format_1(leaf).map_err(|source| Unreadable::Entry { place, source })
            };
            return self.leaves()?.into_iter().zip(0_u32..).map(each).collect();
        }
        let mut from = Reader::new(self.body);
        let mut entries = Vec::with_capacity((self.head.entries as usize).min(self.body.len() / 17));
        for place in 0..self.head.entries {
            let entry = decode(&mut from, self.head.date);
            entries.push(entry.map_err(|source| Unreadable::Entry { place, source })?);
            let ends_chunk = (place + 1).is_multiple_of(CHUNK_ENTRIES) || place + 1 == self.head.entries;
            let end = self.ends.get((place / CHUNK_ENTRIES) as usize);
            if ends_chunk && end.is_none_or(|end| *end as usize != from.offset()) {
                return Err(Unreadable::Length);
            }
        }
        Ok(entries)
    }

    /// The entry in this place.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn entry(&self, place: u32) -> Result<Option<Entry>, Unreadable> {
        if place >= self.head.entries {
            return Ok(None);
        }
        let damaged = |source| Unreadable::Entry { place, source };
        if self.head.format == 1 {
            let leaves = self.leaves()?;
            return leaves.get(place as usize).map(|leaf| decode_format_1(leaf).map_err(damaged)).transpose();
        }
        let chunk = chunks(&self.ends, self.body).nth((place / CHUNK_ENTRIES) as usize).unwrap_or_default();
        entry_of(chunk, self.head.date, place % CHUNK_ENTRIES).map(Some).map_err(damaged)
    }
}

/// Reads a record: its head, its hash and its entries, with the Merkle root checked. Whether the hash is the
/// one that is stored, and whether the record follows its predecessor, is for the caller to compare.
///
/// # Errors
/// [`Unreadable`].
pub fn open(bytes: &[u8]) -> Result<(Head, Hash, Vec<Entry>), Unreadable> {
    let opened = Opened::try_new(bytes)?;
    opened.check_root()?;
    let entries = opened.entries()?;
    Ok((opened.head, opened.hash, entries))
}

/// Reads the bytes of a head alone: the head, its hash, and where each chunk ends in the body.
///
/// # Errors
/// [`Unreadable`]; [`Unreadable::Length`] where more follows.
pub fn open_head_alone(bytes: &[u8]) -> Result<(Head, Hash, Vec<u32>), Unreadable> {
    let mut from = Reader::new(bytes);
    let (head, body_length, ends) = open_head(&mut from)?;
    from.finish().map_err(|_| Unreadable::Length)?;
    if !ends.is_sorted() || (head.format != 1 && ends.last().copied().unwrap_or(0) != body_length) {
        return Err(Unreadable::Length);
    }
    let hash = head.algorithm.hash(&[TAG_HASH, bytes]);
    Ok((head, hash, ends))
}

fn open_head(from: &mut Reader<'_>) -> Result<(Head, u32, Vec<u32>), Unreadable> {
    let tag_length = from.u8().map_err(|_| Unreadable::NotARecord)?;
    if from.take(usize::from(tag_length)).ok() != Some(TAG) {
        return Err(Unreadable::NotARecord);
    }
    let format = from.u16().map_err(Unreadable::Head)?;
    let logic = from.u16().map_err(Unreadable::Head)?;
    if format == 0 || format > FORMAT_VERSION || logic == 0 || logic > LOGIC_VERSION {
        return Err(Unreadable::Newer { format, logic });
    }
    let code = from.u8().map_err(Unreadable::Head)?;
    let algorithm = Algorithm::from_code(code).ok_or(Unreadable::AlgorithmUnknown(code))?;
    let mut rest = || {
        let head = Head {
            format,
            logic,
            algorithm,
            epoch: from.u64()?,
            sequence: from.u64()?,
            at: from.i64()?,
            previous: from.array()?,
            entries: from.u32()?,
            root: [0; 32],
            date: 0,
        };
        let body_length = from.u32()?;
        let root = from.array()?;
        let date = if format == 1 { 0 } else { from.i32()? };
        Ok((Head { root, date, ..head }, body_length))
    };
    let (head, body_length) = rest().map_err(Unreadable::Head)?;
    if format != 1 && head.entries > RECORD_ENTRIES_MAX {
        return Err(Unreadable::Length);
    }
    let ends = if head.format == 1 {
        Vec::new()
    } else {
        (0..head.entries.div_ceil(CHUNK_ENTRIES))
            .map(|_| from.u32())
            .collect::<Result<Vec<_>, _>>()
            .map_err(Unreadable::Head)?
    };
    Ok((head, body_length, ends))
}

#[cfg(test)]
mod tests;
