//! The whole state as canonical bytes, in parts, and its hash.
//!
//! A part is what a snapshot stores as one piece: the rest (dates, assets, holds, windows), accounts by the
//! thousand, ids by the thousand. A full part of ids never changes again, so its hash is computed once and
//! snapshots share its bytes. The state hash is the hash over the list of part hashes; maps are kept in key
//! order, so equal states have equal bytes.

use contracts::ledger::Asset;
use ids::AccountId;

use super::book::{Book, Ended, Hold};
use super::bytes::{Reader, Truncated, put};
use super::content::{decode_asset, decode_limits, decode_side, encode_limits, side_code};
use super::known::{Known, PART};
use super::{Account, LOGIC_VERSION};
use crate::hash::{Algorithm, Hash};

/// Accounts of one part.
const ACCOUNTS_PART: usize = 4_096;

const TAG_PART: &[u8] = b"yuanhang.ledger.part.1";
const TAG_STATE: &[u8] = b"yuanhang.ledger.state.1";

/// Hash of one part's bytes.
pub type PartHash = Hash;

/// The parts of a snapshot are not a state of a book.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StateDamaged {
    /// A part's bytes have no meaning.
    #[error("part {part} of the snapshot cannot be read")]
    Part {
        /// Place of the part, from 0.
        part: usize,
        /// Where in its bytes.
        #[source]
        source: Truncated,
    },
    /// The parts do not belong together.
    #[error("the parts of the snapshot do not belong together")]
    Incoherent,
}

/// Hashes of full parts of ids, computed once and reused by the next state hash of the same book.
#[derive(Debug, Clone, Default)]
pub struct Sealed(Vec<PartHash>);

impl Sealed {
    /// The hashes of full parts of ids among all part hashes of a `book` that was just made of them.
    #[must_use]
    pub fn of_loaded(book: &Book, parts: Vec<PartHash>) -> Self {
        let before = 1 + book.accounts.len().div_ceil(ACCOUNTS_PART);
        let full = book.known.parts().iter().filter(|ids| ids.len() == PART).count();
        Self(parts.into_iter().skip(before).take(full).collect())
    }
}

/// A part with its hash; without bytes where the hash was known from before.
#[derive(Debug, Clone)]
pub struct Part {
    /// Hash of the bytes.
    pub hash: PartHash,
    /// The bytes; `None` for a sealed part whose hash was known already.
    pub bytes: Option<Vec<u8>>,
}

/// Hash of a part's bytes.
#[must_use]
pub fn part_hash(algorithm: Algorithm, bytes: &[u8]) -> PartHash {
    algorithm.hash(&[TAG_PART, bytes])
}

/// The state hash of a list of part hashes.
#[must_use]
pub fn state_hash(algorithm: Algorithm, parts: impl IntoIterator<Item = PartHash>) -> Hash {
    let mut bytes = Vec::new();
    parts.into_iter().for_each(|part| bytes.extend_from_slice(&part));
    algorithm.hash(&[TAG_STATE, &bytes])
}

impl Book {
    /// The state as parts: the rest, then accounts, then ids. `sealed` is of the same book, or empty.
    #[must_use]
    pub fn parts(&self, algorithm: Algorithm, sealed: &mut Sealed) -> Vec<Part> {
        let fresh = |bytes: Vec<u8>| Part { hash: part_hash(algorithm, &bytes), bytes: Some(bytes) };
        let mut parts = vec![fresh(self.encode_rest())];
        for accounts in self.accounts.chunks(ACCOUNTS_PART) {
            let mut bytes = Vec::with_capacity(accounts.len() * 160);
            put::u8(&mut bytes, 1);
            put::u32(&mut bytes, u32::try_from(accounts.len()).unwrap_or(u32::MAX));
            accounts.iter().for_each(|account| encode_account(account, &mut bytes));
            parts.push(fresh(bytes));
        }
        for (place, ids) in self.known.parts().iter().enumerate() {
            if let Some(hash) = sealed.0.get(place) {
                parts.push(Part { hash: *hash, bytes: None });
                continue;
            }
            let mut bytes = Vec::with_capacity(ids.len() * 56 + 5);
            put::u8(&mut bytes, 2);
            put::u32(&mut bytes, u32::try_from(ids.len()).unwrap_or(u32::MAX));
            ids.iter().for_each(|known| known.encode(&mut bytes));
            let part = fresh(bytes);
            if ids.len() == PART {
                sealed.0.push(part.hash);
            }
            parts.push(part);
        }
        parts
    }

    /// Hash of the whole state.
    #[must_use]
    pub fn state_hash(&self, algorithm: Algorithm, sealed: &mut Sealed) -> Hash {
        state_hash(algorithm, self.parts(algorithm, sealed).into_iter().map(|part| part.hash))
    }

    /// The book of these parts, in the order of [`Book::parts`].
    ///
    /// # Errors
    /// [`StateDamaged`].
    pub fn from_parts<B: AsRef<[u8]>>(parts: impl IntoIterator<Item = B>) -> Result<Self, StateDamaged> {
        let mut book = Self::default();
        for (place, bytes) in parts.into_iter().enumerate() {
            book.add_part(place, bytes.as_ref())?;
        }
        Ok(book)
    }

    /// Adds the next part to a book that has all parts before it. A part is not needed any more once it is added.
    ///
    /// # Errors
    /// [`StateDamaged`]: the book is of no use then.
    pub fn add_part(&mut self, place: usize, bytes: &[u8]) -> Result<(), StateDamaged> {
        let damaged = |source| StateDamaged::Part { part: place, source };
        let mut from = Reader::new(bytes);
        match (place, from.u8().map_err(damaged)?) {
            (0, 0) => self.decode_rest(&mut from).map_err(damaged)?,
            (1.., 1) => {
                for _ in 0..from.u32().map_err(damaged)? {
                    let account = decode_account(&mut from).map_err(damaged)?;
                    let number = u32::try_from(self.accounts.len()).map_err(|_| StateDamaged::Incoherent)?;
                    self.account_index.insert(account.id.as_u128(), number);
                    self.accounts.push(account);
                }
            }
            (1.., 2) => {
                for _ in 0..from.u32().map_err(damaged)? {
                    self.known.push(Known::decode(&mut from).map_err(damaged)?);
                }
            }
            _ => return Err(StateDamaged::Incoherent),
        }
        from.finish().map_err(damaged)
    }

    pub(super) fn encode_rest(&self) -> Vec<u8> {
        let mut out = Vec::new();
        put::u8(&mut out, 0);
        put::u16(&mut out, LOGIC_VERSION);
        put::i32(&mut out, self.today);
        put::i64(&mut out, self.last_at);
        put::u64(&mut out, self.transfers);
        put_count(&mut out, self.assets.len());
        for (asset, scale) in &self.assets {
            out.extend_from_slice(&asset.to_bytes());
            put::u8(&mut out, *scale);
        }
        put_count(&mut out, self.holds.len());
        for (number, hold) in &self.holds {
            put::u32(&mut out, *number);
            encode_hold(hold, &mut out);
        }
        put_count(&mut out, self.ended.len());
        for (number, how) in &self.ended {
            put::u32(&mut out, *number);
            put::u8(&mut out, *how as u8);
        }
        for sums in [&self.windows.days, &self.windows.months] {
            put_count(&mut out, sums.len());
            for ((window, account), sum) in sums {
                put::i32(&mut out, *window);
                put::u32(&mut out, *account);
                put::u64(&mut out, *sum);
            }
        }
        out
    }

    fn decode_rest(&mut self, from: &mut Reader<'_>) -> Result<(), Truncated> {
        let bad = from.bad();
        if from.u16()? != LOGIC_VERSION {
            return Err(bad);
        }
        self.today = from.i32()?;
        self.last_at = from.i64()?;
        self.transfers = from.u64()?;
        for _ in 0..from.u32()? {
            let asset: Asset = decode_asset(from)?;
            self.assets.insert(asset, from.u8()?);
        }
        for _ in 0..from.u32()? {
            let number = from.u32()?;
            let hold = decode_hold(from)?;
            self.expiries.insert((hold.until, number));
            self.holds.insert(number, hold);
        }
        for _ in 0..from.u32()? {
            let number = from.u32()?;
            let bad = from.bad();
            let how = match from.u8()? {
                0 => Ended::Posted,
                1 => Ended::Voided,
                2 => Ended::Expired,
                _ => return Err(bad),
            };
            self.ended.insert(number, how);
        }
        for sums in [&mut self.windows.days, &mut self.windows.months] {
            for _ in 0..from.u32()? {
                sums.insert((from.i32()?, from.u32()?), from.u64()?);
            }
        }
        Ok(())
    }
}

fn put_count(out: &mut Vec<u8>, count: usize) {
    put::u32(out, u32::try_from(count).unwrap_or(u32::MAX));
}

fn encode_hold(hold: &Hold, out: &mut Vec<u8>) {
    put::u32(out, hold.debit);
    put::u32(out, hold.credit);
    put::u64(out, hold.amount);
    put::i64(out, hold.until);
    put::u16(out, hold.code);
    put::option(out, hold.booking, put::i32);
    put::option(out, hold.value, put::i32);
    put::option(out, hold.counted_on, put::i32);
}

fn decode_hold(from: &mut Reader<'_>) -> Result<Hold, Truncated> {
    Ok(Hold {
        debit: from.u32()?,
        credit: from.u32()?,
        amount: from.u64()?,
        until: from.i64()?,
        code: from.u16()?,
        booking: from.option(Reader::i32)?,
        value: from.option(Reader::i32)?,
        counted_on: from.option(Reader::i32)?,
    })
}

fn encode_account(account: &Account, out: &mut Vec<u8>) {
    put::u128(out, account.id.as_u128());
    out.extend_from_slice(&account.asset.to_bytes());
    put::u8(out, side_code(account.normal));
    put::u16(out, account.kind);
    put::option(out, account.floor, put::i64);
    encode_limits(&account.limits, out);
    put::u8(out, u8::from(account.frozen_debits));
    put::u8(out, u8::from(account.frozen_credits));
    put::u8(out, u8::from(account.closed));
    put::u128(out, account.debits_posted);
    put::u128(out, account.debits_pending);
    put::u128(out, account.credits_posted);
    put::u128(out, account.credits_pending);
    put::u32(out, account.movements);
}

fn decode_account(from: &mut Reader<'_>) -> Result<Account, Truncated> {
    Ok(Account {
        id: AccountId::from_u128(from.u128()?),
        asset: decode_asset(from)?,
        normal: decode_side(from)?,
        kind: from.u16()?,
        floor: from.option(Reader::i64)?,
        limits: decode_limits(from)?,
        frozen_debits: from.flag()?,
        frozen_credits: from.flag()?,
        closed: from.flag()?,
        debits_posted: from.u128()?,
        debits_pending: from.u128()?,
        credits_posted: from.u128()?,
        credits_pending: from.u128()?,
        movements: from.u32()?,
    })
}
