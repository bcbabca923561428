//! The bytes of a segment.
//!
//! ```text
//! head    tag length (u8) | tag "yuanhang.ledger.segment" | format (u16)
//!         hash algorithm (u8, as in records) | compression (u8: 1 is DEFLATE, RFC 1951)
//!         hash of record 1 of the book (32) | first sequence (u64) | last sequence (u64)
//!         of the record before the first, zeros where there is none:
//!             epoch (u64) | instant of its last entry, nanoseconds since 1970 (i64) | hash (32)
//!         hash of the last record (32)
//! frames  length compressed (u32) | length uncompressed (u32) | compressed, each record:
//!             sequence (u64) | epoch (u64) | hash (32) | length (u32) | bytes
//! seal    hash of "yuanhang.ledger.segment.seal" and of everything before (32)
//! ```
//!
//! Integers are big-endian. Frames follow each other until the last record was read; the seal is the end of the file.

use std::io::{self, Read as _, Write as _};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use super::Flaw;
use crate::hash::{Algorithm, Hash, Hashing};
use crate::journal::{Position, Row};
use crate::model::{Reader, Truncated, put};
use crate::replay::Follower;

const TAG: &[u8] = b"yuanhang.ledger.segment";
const TAG_SEAL: &[u8] = b"yuanhang.ledger.segment.seal";
const FORMAT: u16 = 1;
const DEFLATE: u8 = 1;

/// Bytes up to and with the format.
const OPENING_BYTES: usize = 1 + TAG.len() + 2;

/// Bytes of a head.
pub(super) const HEAD_BYTES: usize = OPENING_BYTES + 2 + 32 + 8 + 8 + 8 + 8 + 32 + 32;

/// Bytes of a seal.
pub(super) const SEAL_BYTES: usize = 32;

/// A frame is closed once it has so many bytes.
pub(super) const FRAME_BYTES: usize = 1 << 20;

/// No frame has more: a record has some megabytes at most, and a damaged length must not ask for all memory.
pub(super) const FRAME_BYTES_MAX: u32 = 64 << 20;

/// What a segment says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label {
    /// With what the book is sealed, and the segment.
    pub algorithm: Algorithm,
    /// Which book: the hash of its record 1.
    pub book: Hash,
    /// The record before the first; zeros where there is none.
    pub before: Position,
    /// Instant of its last entry, nanoseconds since 1970.
    pub before_at: i64,
    /// Number of the last record.
    pub last: u64,
    /// Hash of the last record.
    pub last_hash: Hash,
}

impl Label {
    /// Number of the first record.
    #[must_use]
    pub const fn first(&self) -> u64 {
        self.before.sequence.saturating_add(1)
    }

    /// What the file is called.
    #[must_use]
    pub fn file_name(&self) -> String {
        format!("ledger_{:012}_{:012}{}", self.first(), self.last, super::folder::ENDING)
    }

    /// A follower that has come to the record before the first.
    pub(super) fn follower(&self) -> Follower {
        let algorithm = Some(self.algorithm);
        Follower { position: self.before, last_at: self.before_at, algorithm, entries: 0 }
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEAD_BYTES);
        put::u8(&mut bytes, TAG.len() as u8);
        bytes.extend_from_slice(TAG);
        put::u16(&mut bytes, FORMAT);
        put::u8(&mut bytes, self.algorithm.code());
        put::u8(&mut bytes, DEFLATE);
        bytes.extend_from_slice(&self.book);
        put::u64(&mut bytes, self.first());
        put::u64(&mut bytes, self.last);
        put::u64(&mut bytes, self.before.epoch);
        put::i64(&mut bytes, self.before_at);
        bytes.extend_from_slice(&self.before.hash);
        bytes.extend_from_slice(&self.last_hash);
        bytes
    }

    /// Reads the first [`HEAD_BYTES`] of a file, or what there is of them.
    pub(super) fn decode(bytes: &[u8]) -> Result<Self, Flaw> {
        let mut from = Reader::new(bytes);
        let tag_length = from.u8().map_err(|_| Flaw::NotASegment)?;
        if from.take(usize::from(tag_length)).ok() != Some(TAG) {
            return Err(Flaw::NotASegment);
        }
        let cut_short = |_: Truncated| Flaw::CutShort(0);
        match from.u16().map_err(cut_short)? {
            FORMAT => {}
            format => return Err(Flaw::Newer(format)),
        }
        let code = from.u8().map_err(cut_short)?;
        let algorithm = Algorithm::from_code(code).ok_or(Flaw::CodeUnknown { what: "hash", code })?;
        match from.u8().map_err(cut_short)? {
            DEFLATE => {}
            code => return Err(Flaw::CodeUnknown { what: "compression", code }),
        }
        let mut rest = || {
            let book = from.array()?;
            let (first, last) = (from.u64()?, from.u64()?);
            let (epoch, before_at) = (from.u64()?, from.i64()?);
            let (hash, last_hash) = (from.array()?, from.array()?);
            let before = Position { sequence: first.wrapping_sub(1), epoch, hash };
            Ok((first, Self { algorithm, book, before, before_at, last, last_hash }))
        };
        let (first, label) = rest().map_err(cut_short)?;
        let nothing_before = (label.before, label.before_at) == (Position::default(), 0);
        if first == 0 || label.last < first {
            return Err(Flaw::Label("the first and the last record"));
        }
        if first == 1 && !nothing_before {
            return Err(Flaw::Label("the record before the first"));
        }
        Ok(label)
    }
}

/// The hash that becomes the seal.
pub(super) fn begin_seal(algorithm: Algorithm) -> Hashing {
    let mut hashing = algorithm.begin();
    hashing.update(TAG_SEAL);
    hashing
}

/// Adds a record to what will be a frame.
pub(super) fn put_row(frame: &mut Vec<u8>, row: &Row) {
    put::u64(frame, row.sequence);
    put::u64(frame, row.epoch);
    frame.extend_from_slice(&row.hash);
    // One that is too long is found when the segment is read back.
    put::u32(frame, u32::try_from(row.record.len()).unwrap_or(u32::MAX));
    frame.extend_from_slice(&row.record);
}

/// Compresses a frame, its lengths in front.
pub(super) fn compress(frame: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(vec![0; 8], Compression::default());
    encoder.write_all(frame)?;
    let mut bytes = encoder.finish()?;
    let length = |length: usize| u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes();
    let lengths = [length(bytes.len().saturating_sub(8)), length(frame.len())].concat();
    bytes.iter_mut().zip(lengths).for_each(|(byte, length)| *byte = length);
    Ok(bytes)
}

/// The records of a compressed frame that has `length` bytes uncompressed; `None` where it has not, or they cannot be
/// made out.
pub(super) fn rows(compressed: &[u8], length: u32) -> Option<Vec<Row>> {
    let mut frame = Vec::with_capacity(length.min(FRAME_BYTES_MAX) as usize);
    let mut decoder = DeflateDecoder::new(compressed);
    decoder.by_ref().take(u64::from(length).saturating_add(1)).read_to_end(&mut frame).ok()?;
    if frame.len() != length as usize || decoder.total_in() != compressed.len() as u64 {
        return None;
    }
    let mut from = Reader::new(&frame);
    let mut rows = Vec::new();
    while !from.is_at_end() {
        rows.push(row(&mut from).ok()?);
    }
    Some(rows)
}

fn row(from: &mut Reader<'_>) -> Result<Row, Truncated> {
    let (sequence, epoch) = (from.u64()?, from.u64()?);
    let hash = from.take(32)?.to_vec();
    let length = from.u32()?;
    Ok(Row { sequence, epoch, hash, record: from.take(length as usize)?.to_vec() })
}
