//! A record: one batch as it stands in the journal, in canonical bytes.
//!
//! ```text
//! head   tag length (u8) | tag "yuanhang.ledger.record" | format (u16) | logic version (u16) | hash algorithm (u8)
//!        epoch (u64) | sequence (u64) | at, nanoseconds since 1970 (i64) | hash of the previous record (32)
//!        entries (u32) | length of the body (u32) | Merkle root over the entries (32)
//! body   per entry: length (u32) | kind (u8: 1 executed, 2 expired)
//!        executed: length (u16) | command | digest of its content (u64) | length (u16) | effect
//!        expired:  id of the transfer that made the hold (16)
//! ```
//!
//! Integers are big-endian. The hash of a record is the hash of its head; the head holds the Merkle root, the
//! leaves of which are the entries' bytes. So one entry can be proved without the others. There is no personal
//! data in a record: accounts and transfers are ids.

use crate::hash::{Algorithm, Hash};
use crate::model::{
    Entry, LOGIC_VERSION, Reader, Truncated, decode_command, decode_effect, encode_command, encode_effect,
    put,
};

/// The layout that this program writes.
pub const FORMAT_VERSION: u16 = 1;

const TAG: &[u8] = b"yuanhang.ledger.record";
const TAG_HASH: &[u8] = b"yuanhang.ledger.head.1";

/// What a record says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
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
    /// Merkle root over the entries' bytes.
    pub root: Hash,
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

/// Seals `entries` into the record that follows `previous`.
#[must_use]
pub fn seal(
    algorithm: Algorithm,
    epoch: u64,
    sequence: u64,
    previous: Hash,
    at: i64,
    entries: &[Entry],
) -> Sealed {
    let mut body = Vec::with_capacity(entries.len() * 176);
    let mut ends = Vec::with_capacity(entries.len());
    for entry in entries {
        encode_entry(entry, &mut body);
        ends.push(body.len());
    }
    let mut start = 0;
    let leaves = ends.iter().map(|end| {
        let leaf = body.get(start + 4..*end).unwrap_or_default();
        start = *end;
        leaf
    });
    let root = algorithm.merkle_root(leaves);
    let mut bytes = Vec::with_capacity(body.len() + 160);
    put::u8(&mut bytes, TAG.len() as u8);
    bytes.extend_from_slice(TAG);
    put::u16(&mut bytes, FORMAT_VERSION);
    put::u16(&mut bytes, LOGIC_VERSION);
    put::u8(&mut bytes, algorithm.code());
    put::u64(&mut bytes, epoch);
    put::u64(&mut bytes, sequence);
    put::i64(&mut bytes, at);
    bytes.extend_from_slice(&previous);
    put::u32(&mut bytes, u32::try_from(entries.len()).unwrap_or(u32::MAX));
    put::u32(&mut bytes, u32::try_from(body.len()).unwrap_or(u32::MAX));
    bytes.extend_from_slice(&root);
    let hash = algorithm.hash(&[TAG_HASH, &bytes]);
    bytes.extend_from_slice(&body);
    Sealed { sequence, epoch, hash, bytes }
}

/// Reads a record: its head, its hash and its entries, with the Merkle root checked. Whether the hash is the
/// one that is stored, and whether the record follows its predecessor, is for the caller to compare.
///
/// # Errors
/// [`Unreadable`].
pub fn open(bytes: &[u8]) -> Result<(Head, Hash, Vec<Entry>), Unreadable> {
    let mut from = Reader::new(bytes);
    let (head, body_length) = open_head(&mut from)?;
    let (sealed, body) = bytes.split_at_checked(from.offset()).ok_or(Unreadable::Length)?;
    let hash = head.algorithm.hash(&[TAG_HASH, sealed]);
    if body.len() != body_length as usize {
        return Err(Unreadable::Length);
    }
    // Each entry takes more than four bytes: a damaged count cannot ask for more memory than the body has.
    let mut leaves = Vec::with_capacity((head.entries as usize).min(body.len() / 4));
    let mut reader = Reader::new(body);
    for place in 0..head.entries {
        let damaged = |source| Unreadable::Entry { place, source };
        let length = reader.u32().map_err(damaged)?;
        leaves.push(reader.take(length as usize).map_err(damaged)?);
    }
    reader.finish().map_err(|_| Unreadable::Length)?;
    if head.algorithm.merkle_root(leaves.iter().copied()) != head.root {
        return Err(Unreadable::Root);
    }
    let entries = leaves
        .iter()
        .zip(0_u32..)
        .map(|(leaf, place)| decode_entry(leaf).map_err(|source| Unreadable::Entry { place, source }))
        .collect::<Result<_, _>>()?;
    Ok((head, hash, entries))
}

fn open_head(from: &mut Reader<'_>) -> Result<(Head, u32), Unreadable> {
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
            logic,
            algorithm,
            epoch: from.u64()?,
            sequence: from.u64()?,
            at: from.i64()?,
            previous: from.array()?,
            entries: from.u32()?,
            root: [0; 32],
        };
        let body_length = from.u32()?;
        Ok((Head { root: from.array()?, ..head }, body_length))
    };
    rest().map_err(Unreadable::Head)
}

fn encode_entry(entry: &Entry, out: &mut Vec<u8>) {
    let start = out.len();
    put::u32(out, 0);
    match entry {
        Entry::Executed { command, digest, effect } => {
            put::u8(out, 1);
            prefixed(out, |out| encode_command(command, out));
            put::u64(out, *digest);
            prefixed(out, |out| encode_effect(effect, out));
        }
        Entry::Expired { hold } => {
            put::u8(out, 2);
            put::u128(out, hold.as_u128());
        }
    }
    let length = u32::try_from(out.len() - start - 4).unwrap_or(u32::MAX);
    if let Some(prefix) = out.get_mut(start..start + 4) {
        prefix.copy_from_slice(&length.to_be_bytes());
    }
}

fn prefixed(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    put::u16(out, 0);
    write(out);
    let length = u16::try_from(out.len() - start - 2).unwrap_or(u16::MAX);
    if let Some(prefix) = out.get_mut(start..start + 2) {
        prefix.copy_from_slice(&length.to_be_bytes());
    }
}

fn decode_entry(bytes: &[u8]) -> Result<Entry, Truncated> {
    let mut from = Reader::new(bytes);
    let entry = match from.u8()? {
        1 => {
            let length = from.u16()?;
            let mut inner = Reader::new(from.take(usize::from(length))?);
            let command = decode_command(&mut inner)?;
            inner.finish()?;
            let digest = from.u64()?;
            let length = from.u16()?;
            let mut inner = Reader::new(from.take(usize::from(length))?);
            let effect = decode_effect(&mut inner)?;
            inner.finish()?;
            Entry::Executed { command, digest, effect }
        }
        2 => Entry::Expired { hold: ids::TransferId::from_u128(from.u128()?) },
        _ => return Err(Truncated(0)),
    };
    from.finish()?;
    Ok(entry)
}

#[cfg(test)]
mod tests;
