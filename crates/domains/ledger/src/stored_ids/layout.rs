//! How a generation is laid out: blocks of ids by the beginning of their hashes, and a filter in front.
//!
//! ```text
//! block   per id, in order: upper 48 bits of the hash | location less the first one of the generation, in as many
//!         bytes as the generation needs
//! filter  lines of 64 bytes, so many for each block; an id sets six bits of one line
//! ```
//!
//! A power of two of blocks, each with the ids whose hashes begin with its number: hashes are spread evenly, so
//! blocks are of nearly one size, and no directory is needed. 48 bits tell a hundred million ids apart but for one
//! in millions; whether an id is the same is told by its entry, not here.

use sha2::{Digest, Sha256};

use crate::hash::Hash;
use crate::model::{IdKey, Location, Minted, Reader, Truncated, put};

/// The most ids of a block on average; half of it is the fewest.
const BLOCK_IDS: usize = 1_536;
/// Bytes of a hash in a block.
const HASH_BYTES: usize = 6;
/// Bytes of a line of the filter: what a processor brings from memory at once.
const LINE_BYTES: usize = 64;
/// Bits of the filter for each id, on average. With six bits set for each, one foreign id in some 200 passes.
const FILTER_BITS: usize = 12;
/// Bits that an id sets in its line.
const BITS_SET: u32 = 6;
/// Blocks whose lines of the filter are stored in one row.
pub(super) const FILTER_BLOCKS: u32 = 128;

/// A check over what is stored, in 16 bytes: it finds damage, and stands against nobody.
pub(super) fn digest(pieces: &[&[u8]]) -> [u8; 16] {
    let mut hash = Sha256::new();
    pieces.iter().for_each(|piece| hash.update(piece));
    let all: Hash = hash.finalize().into();
    let mut check = [0; 16];
    all.iter().zip(&mut check).for_each(|(from, to)| *to = *from);
    check
}

/// What is to be known of a generation to read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Outline {
    /// Its number, above 0, in no order. A generation made anew gets another one.
    pub(super) number: u32,
    /// It has all ids from here on, as far as older ones have them not.
    pub(super) from: Location,
    /// It has all ids before this.
    pub(super) until: Location,
    /// Hash of the record in which it ends.
    pub(super) head_hash: Vec<u8>,
    /// How many ids.
    pub(super) ids: u64,
    /// When they were minted.
    pub(super) minted: Minted,
    /// The location from which those in blocks are counted.
    pub(super) base: Location,
    /// Bytes of a location in a block.
    pub(super) location_bytes: u8,
    /// Two to the power of this is the number of blocks.
    pub(super) block_bits: u8,
    /// Lines of the filter for each block.
    pub(super) lines: u32,
}

impl Outline {
    /// For a generation of so many ids.
    pub(super) fn sized(mut self, ids: usize, first: Location, last: Location) -> Self {
        let blocks = ids.div_ceil(BLOCK_IDS).max(1).next_power_of_two();
        let widest = last.to_bits().saturating_sub(first.to_bits());
        self.ids = ids as u64;
        self.base = first;
        self.block_bits = u8::try_from(blocks.trailing_zeros()).unwrap_or(0);
        self.location_bytes = u8::try_from((64 - widest.leading_zeros()).div_ceil(8).max(1)).unwrap_or(8);
        let lines = (ids * FILTER_BITS).div_ceil(blocks * LINE_BYTES * 8).max(1);
        self.lines = u32::try_from(lines).unwrap_or(u32::MAX);
        self
    }

    /// How many blocks.
    pub(super) const fn blocks(&self) -> u32 {
        1 << self.block_bits
    }

    /// How many rows of the filter.
    pub(super) const fn filter_rows(&self) -> u32 {
        self.blocks().div_ceil(FILTER_BLOCKS)
    }

    /// Bytes of the filter.
    pub(super) const fn filter_bytes(&self) -> usize {
        self.blocks() as usize * self.lines as usize * LINE_BYTES
    }

    /// The number of a row of this generation.
    pub(super) fn row(&self, place: u32) -> i64 {
        i64::from(self.number) << 32 | i64::from(place)
    }

    /// The block in which a hash stands.
    pub(super) const fn block_of(&self, hash: u64) -> u32 {
        if self.block_bits == 0 { 0 } else { (hash >> (64 - self.block_bits)) as u32 }
    }

    /// First and last hash of a block.
    pub(super) fn hashes_of(&self, block: u32) -> (u64, u64) {
        let shift = 64 - u32::from(self.block_bits);
        let first = u64::from(block).checked_shl(shift).unwrap_or(0);
        (first, first | u64::MAX.checked_shr(u32::from(self.block_bits)).unwrap_or(0))
    }

    /// The bytes of a block of these ids, which are in order.
    pub(super) fn encode_block(&self, ids: &[(u64, u64)]) -> Vec<u8> {
        let width = usize::from(self.location_bytes);
        let mut bytes = Vec::with_capacity(ids.len() * (HASH_BYTES + width));
        for (hash, location) in ids {
            bytes.extend_from_slice(hash.to_be_bytes().get(..HASH_BYTES).unwrap_or_default());
            let away = location.saturating_sub(self.base.to_bits()).to_be_bytes();
            bytes.extend_from_slice(away.get(8 - width..).unwrap_or_default());
        }
        bytes
    }

    /// Hash, its lower 16 bits zero, and location of each id of a block.
    pub(super) fn decode_block<'a>(&self, bytes: &'a [u8]) -> impl Iterator<Item = (u64, Location)> + 'a {
        let base = self.base.to_bits();
        bytes.chunks_exact(HASH_BYTES + usize::from(self.location_bytes)).map(move |id| {
            let (hash, away) = id.split_at(HASH_BYTES);
            let number =
                |bytes: &[u8]| bytes.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
            (number(hash) << 16, Location::from_bits(base.saturating_add(number(away))))
        })
    }

    /// Where in a block those of this hash stand.
    pub(super) fn find_in_block(&self, bytes: &[u8], hash: u64) -> Vec<Location> {
        let size = HASH_BYTES + usize::from(self.location_bytes);
        let wanted = hash.to_be_bytes();
        let wanted = wanted.get(..HASH_BYTES).unwrap_or_default();
        let at = |place: usize| bytes.get(place * size..place * size + HASH_BYTES).unwrap_or_default();
        let (mut low, mut high) = (0, bytes.len() / size);
        while low < high {
            let middle = low.midpoint(high);
            if at(middle) < wanted { low = middle + 1 } else { high = middle }
        }
        let from = bytes.get(low * size..).unwrap_or_default();
        self.decode_block(from)
            .take_while(|(found, _)| found >> 16 == hash >> 16)
            .map(|(_, location)| location)
            .collect()
    }

    /// What is stored beside the columns.
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        put::u64(&mut out, self.ids);
        put::u64(&mut out, self.minted.first_ms);
        put::u64(&mut out, self.minted.last_ms);
        put::u64(&mut out, self.minted.untold);
        put::u64(&mut out, self.base.to_bits());
        put::u8(&mut out, self.location_bytes);
        put::u8(&mut out, self.block_bits);
        put::u32(&mut out, self.lines);
        out
    }

    pub(super) fn decode(&mut self, bytes: &[u8]) -> Result<(), Truncated> {
        let mut from = Reader::new(bytes);
        self.ids = from.u64()?;
        self.minted = Minted { first_ms: from.u64()?, last_ms: from.u64()?, untold: from.u64()? };
        self.base = Location::from_bits(from.u64()?);
        self.location_bytes = from.u8()?;
        let bad = from.bad();
        self.block_bits = from.u8()?;
        self.lines = from.u32()?;
        if self.location_bytes > 8 || self.block_bits > 31 {
            return Err(bad);
        }
        from.finish()
    }

    pub(super) fn digest(&self) -> [u8; 16] {
        let numbers =
            [u64::from(self.number), self.from.to_bits(), self.until.to_bits()].map(u64::to_be_bytes);
        digest(&[numbers.as_flattened(), &self.head_hash, &self.encode()])
    }

    fn line_of(&self, hash: u64) -> usize {
        let within = u128::from(hash.checked_shl(u32::from(self.block_bits)).unwrap_or(0));
        let line = (within * u128::from(self.lines)) >> 64;
        self.block_of(hash) as usize * self.lines as usize + line as usize
    }

    /// Adds an id to the filter's lines, which begin with those of the block `first`.
    pub(super) fn add_to_filter(&self, lines: &mut [u8], first: u32, hash: u64) {
        let line = self.line_of(hash).saturating_sub(first as usize * self.lines as usize) * LINE_BYTES;
        if let Some(line) = lines.get_mut(line..line + LINE_BYTES) {
            for bit in bits(hash) {
                if let Some(byte) = line.get_mut(bit >> 3) {
                    *byte |= 1 << (bit & 7);
                }
            }
        }
    }

    /// Whether an id of this key may be in the generation, as far as the filter tells.
    pub(super) fn may_hold(&self, filter: &[u8], key: IdKey) -> bool {
        let line = self.line_of(key.hash) * LINE_BYTES;
        let Some(line) = filter.get(line..line + LINE_BYTES) else { return true };
        bits(key.hash).all(|bit| line.get(bit >> 3).is_some_and(|byte| byte & 1 << (bit & 7) != 0))
    }
}

/// The bits that a hash sets in its line. Of its upper 48 bits alone, which is what blocks keep.
fn bits(hash: u64) -> impl Iterator<Item = usize> {
    let mut mixed = (hash >> 16).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ mixed >> 32).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    (0..BITS_SET).map(move |n| (mixed >> (64 - 9 * (n + 1)) & 511) as usize)
}
