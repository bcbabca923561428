//! Entries as canonical bytes: the packed form of records of format 2, and the form of format 1, which is only
//! read.
//!
//! ```text
//! entry   kind and flags (u8): kind in the low three bits
//! posted  1 | linked 8 | digest 16 | counts 32 | names booking 64 | names value 128
//!         id (16) | debit, credit, amount, code (varints) | booking day less date of the record, value day less
//!         booking day (zigzag varints) | debit and credit movement (varints) | debit and credit balance (zigzag
//!         varints) | digest (8) where flagged
//! other   2 | linked 8 | digest 16
//!         booking day less date of the record (zigzag varint) | length (u16) | command | length (u16) | effect
//!         | digest (8) where flagged
//! expired 3
//!         id of the transfer that made the hold (16)
//! ```
//!
//! Varints are LEB128 in their shortest form; a longer one has no meaning, so that equal entries have equal bytes.

use contracts::ledger::Command;
use ids::TransferId;

use super::accounts::NO_ACCOUNT;
use super::bytes::{Reader, Truncated, put};
use super::content::{decode_command, encode_command, refusal_code, refusal_from_code};
use super::entry::{Did, Effect, Entry, Executed, Holding, Posting};

const POSTED: u8 = 1;
const OTHER: u8 = 2;
const EXPIRED: u8 = 3;
const KIND: u8 = 7;
const LINKED: u8 = 8;
const DIGEST: u8 = 16;
const COUNTS: u8 = 32;
const NAMES_BOOKING: u8 = 64;
const NAMES_VALUE: u8 = 128;

/// Appends an entry of a record whose business date is `date`.
pub(crate) fn encode(entry: &Entry, date: i32, out: &mut Vec<u8>) {
    match entry {
        Entry::Executed(executed) => match &executed.did {
            Did::Posted { posting, counts, names_booking, names_value } => {
                let mut flags = 0;
                for (flag, set) in
                    [(COUNTS, counts), (NAMES_BOOKING, names_booking), (NAMES_VALUE, names_value)]
                {
                    flags |= if *set { flag } else { 0 };
                }
                encode_posted(executed.id, executed.linked, executed.digest, flags, posting, date, out);
            }
            Did::Other { act, effect } => {
                put::u8(out, OTHER | mark(LINKED, executed.linked) | mark(DIGEST, executed.digest.is_some()));
                put::zigzag(out, i64::from(executed.booked_on) - i64::from(date));
                let command = Command { id: executed.id, act: act.clone(), linked: executed.linked };
                prefixed(out, |out| encode_command(&command, out));
                prefixed(out, |out| encode_effect(effect, out));
                if let Some(digest) = executed.digest {
                    put::u64(out, digest);
                }
            }
        },
        Entry::Expired { hold } => {
            put::u8(out, EXPIRED);
            put::u128(out, hold.as_u128());
        }
    }
}

const fn mark(flag: u8, set: bool) -> u8 {
    if set { flag } else { 0 }
}

fn encode_posted(
    id: TransferId,
    linked: bool,
    digest: Option<u64>,
    flags: u8,
    posting: &Posting,
    date: i32,
    out: &mut Vec<u8>,
) {
    // Written to a buffer of its own: one check for room instead of one per byte.
    let mut bytes = [0_u8; 128];
    let mut to = Cursor { bytes: &mut bytes, at: 0 };
    to.put(&[POSTED | mark(LINKED, linked) | mark(DIGEST, digest.is_some()) | flags]);
    to.put(&id.as_u128().to_be_bytes());
    to.varint(u64::from(posting.debit));
    to.varint(u64::from(posting.credit));
    to.varint(posting.amount);
    to.varint(u64::from(posting.code));
    to.varint(zigzag(i64::from(posting.booked_on) - i64::from(date)));
    to.varint(zigzag(i64::from(posting.value_on) - i64::from(posting.booked_on)));
    to.varint(u64::from(posting.debit_movement));
    to.varint(u64::from(posting.credit_movement));
    to.varint(zigzag(posting.debit_balance));
    to.varint(zigzag(posting.credit_balance));
    if let Some(digest) = digest {
        to.put(&digest.to_be_bytes());
    }
    let len = to.at;
    out.extend_from_slice(bytes.get(..len).unwrap_or_default());
}

/// Writes into a fixed buffer that is larger than any posted entry (115 bytes).
struct Cursor<'a> {
    bytes: &'a mut [u8; 128],
    at: usize,
}

impl Cursor<'_> {
    fn put(&mut self, bytes: &[u8]) {
        if let Some(to) = self.bytes.get_mut(self.at..self.at + bytes.len()) {
            to.copy_from_slice(bytes);
            self.at += bytes.len();
        }
    }

    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.byte(value as u8 | 0x80);
            value >>= 7;
        }
        self.byte(value as u8);
    }

    fn byte(&mut self, byte: u8) {
        if let Some(to) = self.bytes.get_mut(self.at) {
            *to = byte;
            self.at += 1;
        }
    }
}

const fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
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

/// Reads the next entry of a record of format 2 whose business date is `date`.
pub(crate) fn decode(from: &mut Reader<'_>, date: i32) -> Result<Entry, Truncated> {
    let bad = from.bad();
    let kind = from.u8()?;
    let linked = kind & LINKED != 0;
    match kind & KIND {
        POSTED => decode_posted_entry(from, kind, date),
        OTHER if kind & !(KIND | LINKED | DIGEST) == 0 => {
            let booked_on = day_after(date, from.zigzag()?).ok_or(bad)?;
            let command = within(from, decode_command)?;
            let effect = within(from, decode_effect)?;
            let digest = if kind & DIGEST == 0 { None } else { Some(from.u64()?) };
            if command.linked != linked {
                return Err(bad);
            }
            let did = Did::Other { act: command.act, effect };
            Ok(Entry::Executed(Executed { id: command.id, linked, digest, booked_on, did }))
        }
        EXPIRED if kind == EXPIRED => Ok(Entry::Expired { hold: TransferId::from_u128(from.u128()?) }),
        _ => Err(bad),
    }
}

fn decode_posted_entry(from: &mut Reader<'_>, kind: u8, date: i32) -> Result<Entry, Truncated> {
    let bad = from.bad();
    let id = TransferId::from_u128(from.u128()?);
    let (debit, credit) = (from.varint_u32()?, from.varint_u32()?);
    let amount = from.varint()?;
    let code = u16::try_from(from.varint()?).map_err(|_| bad)?;
    let booked_on = day_after(date, from.zigzag()?).ok_or(bad)?;
    let value_on = day_after(booked_on, from.zigzag()?).ok_or(bad)?;
    let posting = Posting {
        debit,
        credit,
        amount,
        code,
        booked_on,
        value_on,
        debit_movement: from.varint_u32()?,
        credit_movement: from.varint_u32()?,
        debit_balance: from.zigzag()?,
        credit_balance: from.zigzag()?,
    };
    let digest = if kind & DIGEST == 0 { None } else { Some(from.u64()?) };
    let did = Did::Posted {
        posting,
        counts: kind & COUNTS != 0,
        names_booking: kind & NAMES_BOOKING != 0,
        names_value: kind & NAMES_VALUE != 0,
    };
    Ok(Entry::Executed(Executed { id, linked: kind & LINKED != 0, digest, booked_on, did }))
}

fn day_after(date: i32, days: i64) -> Option<i32> {
    i32::try_from(i64::from(date).checked_add(days)?).ok()
}

fn within<T>(
    from: &mut Reader<'_>,
    read: impl FnOnce(&mut Reader<'_>) -> Result<T, Truncated>,
) -> Result<T, Truncated> {
    let length = from.u16()?;
    let mut inner = Reader::new(from.take(usize::from(length))?);
    let value = read(&mut inner)?;
    inner.finish()?;
    Ok(value)
}

/// Reads an entry of a record of format 1, which is all of `bytes`.
pub(crate) fn decode_format_1(bytes: &[u8]) -> Result<Entry, Truncated> {
    let mut from = Reader::new(bytes);
    let entry = match from.u8()? {
        1 => {
            let command = within(&mut from, decode_command)?;
            let digest = from.u64()?;
            let effect = within(&mut from, decode_effect)?;
            let booked_on = match &effect {
                Effect::Posted(posting) | Effect::HoldPosted(posting) => posting.booked_on,
                Effect::Held(holding) => holding.booked_on,
                _ => 0,
            };
            let (id, linked) = (command.id, command.linked);
            let did = Did::Other { act: command.act, effect };
            Entry::Executed(Executed { id, linked, digest: Some(digest), booked_on, did })
        }
        2 => Entry::Expired { hold: TransferId::from_u128(from.u128()?) },
        _ => return Err(Truncated(0)),
    };
    from.finish()?;
    Ok(entry)
}

fn encode_effect(effect: &Effect, out: &mut Vec<u8>) {
    match effect {
        Effect::Refused(refusal) => {
            put::u8(out, 0);
            put::u8(out, refusal_code(*refusal));
        }
        Effect::AssetRegistered => put::u8(out, 1),
        Effect::AccountOpened(number) => {
            put::u8(out, 2);
            put::u32(out, *number);
        }
        Effect::AccountChanged(number) => {
            put::u8(out, 3);
            put::u32(out, *number);
        }
        Effect::Posted(posting) => {
            put::u8(out, 4);
            encode_posting(posting, out);
        }
        Effect::Held(holding) => {
            put::u8(out, 5);
            put::u32(out, holding.debit);
            put::u32(out, holding.credit);
            put::i32(out, holding.booked_on);
        }
        Effect::HoldPosted(posting) => {
            put::u8(out, 6);
            encode_posting(posting, out);
        }
        Effect::HoldVoided { debit, credit } => {
            put::u8(out, 9);
            put::u32(out, *debit);
            put::u32(out, *credit);
        }
        Effect::DateAdvanced => put::u8(out, 8),
    }
}

fn encode_posting(posting: &Posting, out: &mut Vec<u8>) {
    put::u32(out, posting.debit);
    put::u32(out, posting.credit);
    put::u64(out, posting.amount);
    put::u16(out, posting.code);
    put::i32(out, posting.booked_on);
    put::i32(out, posting.value_on);
    put::u32(out, posting.debit_movement);
    put::u32(out, posting.credit_movement);
    put::i64(out, posting.debit_balance);
    put::i64(out, posting.credit_balance);
}

fn decode_effect(from: &mut Reader<'_>) -> Result<Effect, Truncated> {
    let bad = from.bad();
    Ok(match from.u8()? {
        0 => Effect::Refused(refusal_from_code(from.u8()?).ok_or(bad)?),
        1 => Effect::AssetRegistered,
        2 => Effect::AccountOpened(from.u32()?),
        3 => Effect::AccountChanged(from.u32()?),
        4 => Effect::Posted(decode_posting(from)?),
        5 => Effect::Held(Holding { debit: from.u32()?, credit: from.u32()?, booked_on: from.i32()? }),
        6 => Effect::HoldPosted(decode_posting(from)?),
        // As format 1 told it.
        7 => Effect::HoldVoided { debit: NO_ACCOUNT, credit: NO_ACCOUNT },
        8 => Effect::DateAdvanced,
        9 => Effect::HoldVoided { debit: from.u32()?, credit: from.u32()? },
        _ => return Err(bad),
    })
}

fn decode_posting(from: &mut Reader<'_>) -> Result<Posting, Truncated> {
    Ok(Posting {
        debit: from.u32()?,
        credit: from.u32()?,
        amount: from.u64()?,
        code: from.u16()?,
        booked_on: from.i32()?,
        value_on: from.i32()?,
        debit_movement: from.u32()?,
        credit_movement: from.u32()?,
        debit_balance: from.i64()?,
        credit_balance: from.i64()?,
    })
}
