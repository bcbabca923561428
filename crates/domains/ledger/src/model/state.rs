//! The whole state as canonical bytes, in parts, and its hash.
//!
//! A part is what a snapshot stores as one piece: the rest (dates, assets, holds, windows), then accounts by the
//! thousand. The state hash is the hash over the list of part hashes; maps are kept in key order, so equal states
//! have equal bytes. Ids are not part of it: they are in the journal.

use contracts::ledger::Asset;
use ids::{AccountId, TransferId};

use super::account::{ALL_FLAGS, FLOOR, LIMITED};
use super::book::{Book, Hold};
use super::bytes::{Reader, Truncated, put};
use super::content::{decode_asset, decode_limits, encode_limits};
use super::{Account, LOGIC_VERSION};
use crate::hash::{Algorithm, Hash};

/// Accounts of one part.
pub(crate) const ACCOUNTS_PART: usize = 16_384;

const TAG_PART: &[u8] = b"yuanhang.ledger.part.2";
const TAG_STATE: &[u8] = b"yuanhang.ledger.state.2";

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

/// A part with its hash.
#[derive(Debug, Clone)]
pub struct Part {
    /// Hash of the bytes.
    pub hash: PartHash,
    /// The bytes.
    pub bytes: Vec<u8>,
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

/// A copy of the state that is taken piece by piece while the book goes on: accounts that were copied and are
/// changed afterwards are copied again, so that in the end the copy is of one moment.
#[derive(Debug, Clone, Default)]
pub struct Copying {
    accounts: Vec<Account>,
    ids: Vec<AccountId>,
    kinds: Vec<u16>,
    limits: rustc_hash::FxHashMap<u32, contracts::ledger::Limits>,
    rest: Vec<u8>,
}

impl Copying {
    /// Brings up to date what the batch that was just executed has changed, then copies at most `accounts` more.
    /// `true` once all is copied: the copy is then of the book as it stands.
    ///
    /// `last_at` is the instant of the last entry of that batch.
    ///
    /// INVARIANT: called after each batch is executed and before it is launched.
    pub fn go_on(&mut self, book: &Book, accounts: usize, last_at: i64) -> bool {
        for number in book.touched() {
            if let Some((copy, now)) = self.accounts.get_mut(number as usize).zip(book.account(number)) {
                *copy = *now;
            }
        }
        let from = self.accounts.len();
        let until = book.accounts.len().min(from + accounts);
        let all = &book.accounts;
        self.accounts.extend_from_slice(all.hot.get(from..until).unwrap_or_default());
        self.ids.extend_from_slice(all.ids.get(from..until).unwrap_or_default());
        self.kinds.extend_from_slice(all.kinds.get(from..until).unwrap_or_default());
        if until < book.accounts.len() {
            return false;
        }
        self.limits.clone_from(&all.limits);
        // Flags of limits change without their account being touched.
        for (number, account) in (0_u32..).zip(&mut self.accounts) {
            account.set(LIMITED, self.limits.contains_key(&number));
        }
        self.rest = book.encode_rest_at(book.last_at.max(last_at));
        true
    }

    /// The parts: the rest, then accounts.
    #[must_use]
    pub fn parts(self, algorithm: Algorithm) -> Vec<Part> {
        let fresh = |bytes: Vec<u8>| Part { hash: part_hash(algorithm, &bytes), bytes };
        let mut parts = vec![fresh(self.rest.clone())];
        let mut number = 0_u32;
        for from in (0..self.accounts.len()).step_by(ACCOUNTS_PART) {
            let until = (from + ACCOUNTS_PART).min(self.accounts.len());
            let mut bytes = Vec::with_capacity((until - from) * 48);
            put::u8(&mut bytes, 1);
            put_count(&mut bytes, until - from);
            for at in from..until {
                if let (Some(account), Some(id), Some(kind)) =
                    (self.accounts.get(at), self.ids.get(at), self.kinds.get(at))
                {
                    encode_account(*id, *kind, account, &mut bytes);
                    if account.has(LIMITED) {
                        encode_limits(&self.limits.get(&number).copied().unwrap_or_default(), &mut bytes);
                    }
                }
                number = number.saturating_add(1);
            }
            parts.push(fresh(bytes));
        }
        parts
    }
}

impl Book {
    /// The state as parts: the rest, then accounts. All at once; see [`Copying`] for piece by piece.
    #[must_use]
    pub fn parts(&self, algorithm: Algorithm) -> Vec<Part> {
        let mut copying = Copying::default();
        copying.go_on(self, usize::MAX / 2, self.last_at);
        copying.parts(algorithm)
    }

    /// Hash of the whole state.
    #[must_use]
    pub fn state_hash(&self, algorithm: Algorithm) -> Hash {
        state_hash(algorithm, self.parts(algorithm).into_iter().map(|part| part.hash))
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
                    let (id, kind, account) = decode_account(&mut from).map_err(damaged)?;
                    if usize::from(account.asset) >= self.asset_codes.len() {
                        return Err(StateDamaged::Incoherent);
                    }
                    let limits = if account.has(LIMITED) {
                        decode_limits(&mut from).map_err(damaged)?
                    } else {
                        contracts::ledger::Limits::default()
                    };
                    self.accounts.push(id, kind, account, limits);
                }
            }
            _ => return Err(StateDamaged::Incoherent),
        }
        from.finish().map_err(damaged)
    }

    #[cfg(test)]
    pub(super) fn encode_rest(&self) -> Vec<u8> {
        self.encode_rest_at(self.last_at)
    }

    fn encode_rest_at(&self, last_at: i64) -> Vec<u8> {
        let mut out = Vec::new();
        put::u8(&mut out, 0);
        put::u16(&mut out, LOGIC_VERSION);
        put::i32(&mut out, self.today);
        put::i64(&mut out, last_at);
        put::u64(&mut out, self.transfers);
        put::u64(&mut out, self.commands);
        put_count(&mut out, self.asset_codes.len());
        for asset in &self.asset_codes {
            out.extend_from_slice(&asset.to_bytes());
            put::u8(&mut out, self.assets.get(asset).map_or(0, |(scale, _)| *scale));
        }
        put_count(&mut out, self.holds.len());
        for (id, hold) in &self.holds {
            put::u128(&mut out, id.as_u128());
            encode_hold(hold, &mut out);
        }
        for sums in self.windows.kept(self.today) {
            put_count(&mut out, sums.clone().count());
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
        self.commands = from.u64()?;
        for _ in 0..from.u32()? {
            let bad = from.bad();
            let asset: Asset = decode_asset(from)?;
            let number = u16::try_from(self.asset_codes.len()).map_err(|_| bad)?;
            self.assets.insert(asset, (from.u8()?, number));
            self.asset_codes.push(asset);
        }
        for _ in 0..from.u32()? {
            let id = TransferId::from_u128(from.u128()?);
            let hold = decode_hold(from)?;
            self.expiries.insert((hold.until, id));
            self.holds.insert(id, hold);
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

fn encode_account(id: AccountId, kind: u16, account: &Account, out: &mut Vec<u8>) {
    put::u128(out, id.as_u128());
    put::u8(out, account.flags);
    put::varint(out, u64::from(kind));
    put::varint(out, u64::from(account.asset));
    if account.has(FLOOR) {
        put::zigzag(out, account.floor);
    }
    put_wide(out, account.debits_posted);
    put_wide(out, account.credits_posted);
    put::varint(out, account.debits_pending);
    put::varint(out, account.credits_pending);
    put::varint(out, u64::from(account.movements));
}

fn decode_account(from: &mut Reader<'_>) -> Result<(AccountId, u16, Account), Truncated> {
    let id = AccountId::from_u128(from.u128()?);
    let bad = from.bad();
    let flags = from.u8()?;
    if flags & !ALL_FLAGS != 0 {
        return Err(bad);
    }
    let kind = u16::try_from(from.varint()?).map_err(|_| bad)?;
    let asset = u16::try_from(from.varint()?).map_err(|_| bad)?;
    let account = Account {
        flags,
        asset,
        floor: if flags & FLOOR == 0 { 0 } else { from.zigzag()? },
        debits_posted: wide(from)?,
        credits_posted: wide(from)?,
        debits_pending: from.varint()?,
        credits_pending: from.varint()?,
        movements: from.varint_u32()?,
    };
    Ok((id, kind, account))
}

/// A sum, nearly always below 2⁶⁴: lower half, then upper half.
fn put_wide(out: &mut Vec<u8>, value: u128) {
    put::varint(out, value as u64);
    put::varint(out, (value >> 64) as u64);
}

fn wide(from: &mut Reader<'_>) -> Result<u128, Truncated> {
    let low = from.varint()?;
    Ok(u128::from(from.varint()?) << 64 | u128::from(low))
}
