//! Blocks: movements in the order of account and number, packed under a check.
//!
//! ```text
//! block     check: first 16 bytes of SHA-256 over the tag, the run (i64) and everything that follows
//!           format (u8: 1) | movements, at least one
//! movement  flags (u8): credit 1 | begins an account 2 | balance rises by the amount 4, falls by it 8
//!           | names code 16 | names booking day 32 | names value day 64
//!           begins an account: account less the one before it, number (varints)
//!           transfer (16) | amount, counterparty (varints) | instant less the one before (zigzag varint)
//!           balance that neither rises nor falls by the amount (zigzag varint)
//!           code | booking day less the one before | value day less booking day (varint, zigzag varints)
//! ```
//!
//! What is not named is as in the movement before: code, booking day, and for the next movement of an account its
//! number, one more. Before the first movement of a block all of it is zero, and the balance is zero before the
//! first of an account. A value day that is not named is the booking day. Varints are in their shortest form and
//! nothing is named that need not be, so that equal movements have equal bytes.

use ids::TransferId;
use money::Side;

use super::{Damaged, Moved};
use crate::hash::Algorithm;
use crate::model::{Reader, Truncated, put};

const TAG: &[u8] = b"yuanhang.ledger.history.block";
const FORMAT: u8 = 1;
const CHECK_BYTES: usize = 16;
/// A packed movement is never longer.
const MOVEMENT_BYTES_MAX: usize = 96;

const CREDIT: u8 = 1;
const BEGINS: u8 = 2;
const RISES: u8 = 4;
const FALLS: u8 = 8;
const CODE: u8 = 16;
const BOOKED: u8 = 32;
const VALUE: u8 = 64;

/// A block as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    /// Its run.
    pub(super) run: i64,
    /// Account of its first movement.
    pub(super) account: i64,
    /// Number of its first movement.
    pub(super) number: i64,
    /// Check and movements.
    pub(super) bytes: Vec<u8>,
}

/// What a movement is told relative to.
#[derive(Debug, Clone, Copy, Default)]
struct Before {
    account: u32,
    number: u32,
    balance: i64,
    at: i64,
    code: u16,
    booked_on: i32,
    /// Whether there is a movement before, in this block.
    any: bool,
}

impl Before {
    const fn of(moved: &Moved) -> Self {
        Self {
            account: moved.account,
            number: moved.number,
            balance: moved.balance_after,
            at: moved.at,
            code: moved.code,
            booked_on: moved.booked_on,
            any: true,
        }
    }

    /// Whether a movement must name its account and number.
    const fn is_begun_by(&self, account: u32, number: u32) -> bool {
        !self.any || account != self.account || number != self.number.wrapping_add(1)
    }
}

fn check(tag: &[u8], run: i64, content: &[u8]) -> [u8; CHECK_BYTES] {
    let hash = Algorithm::Sha256.hash(&[tag, &run.to_be_bytes(), content]);
    let mut check = [0; CHECK_BYTES];
    check.iter_mut().zip(hash).for_each(|(to, byte)| *to = byte);
    check
}

/// The bytes of a block with nothing in it yet, with room for so many.
pub(super) fn begin_block(format: u8, bytes: usize) -> Vec<u8> {
    let mut block = Vec::with_capacity(bytes);
    block.extend_from_slice(&[0; CHECK_BYTES]);
    put::u8(&mut block, format);
    block
}

/// Puts the check over what follows it.
pub(super) fn close_block(tag: &[u8], run: i64, bytes: &mut [u8]) {
    if let Some((to, content)) = bytes.split_at_mut_checked(CHECK_BYTES) {
        to.copy_from_slice(&check(tag, run, content));
    }
}

/// What is in a block; nothing where its check is wrong, it has another format or is empty.
pub(super) fn open_block<'a>(tag: &[u8], format: u8, block: &'a Block) -> Option<Reader<'a>> {
    let (stored, content) = block.bytes.split_at_checked(CHECK_BYTES)?;
    if stored != check(tag, block.run, content) {
        return None;
    }
    let mut from = Reader::new(content);
    (from.u8().ok() == Some(format) && from.offset() < content.len()).then_some(from)
}

/// Packs the movements of one run into blocks.
#[derive(Debug)]
pub(super) struct Packer {
    run: i64,
    bytes_max: usize,
    first: (u32, u32),
    before: Before,
    bytes: Vec<u8>,
}

impl Packer {
    pub(super) fn new(run: i64, bytes_max: usize) -> Self {
        Self { run, bytes_max, first: (0, 0), before: Before::default(), bytes: Vec::new() }
    }

    /// Takes the next movement; gives the block that is full, if one is.
    pub(super) fn push(&mut self, moved: &Moved) -> Option<Block> {
        let full = self.before.any && self.bytes.len() + MOVEMENT_BYTES_MAX > self.bytes_max;
        let block = if full { self.finish() } else { None };
        if !self.before.any {
            self.first = (moved.account, moved.number);
            self.bytes = begin_block(FORMAT, self.bytes_max + MOVEMENT_BYTES_MAX);
        }
        pack(moved, &self.before, &mut self.bytes);
        self.before = Before::of(moved);
        block
    }

    /// The last block, if there is anything in it.
    pub(super) fn finish(&mut self) -> Option<Block> {
        if !std::mem::take(&mut self.before).any {
            return None;
        }
        let mut bytes = std::mem::take(&mut self.bytes);
        close_block(TAG, self.run, &mut bytes);
        let (account, number) = self.first;
        Some(Block { run: self.run, account: account.into(), number: number.into(), bytes })
    }
}

fn pack(moved: &Moved, before: &Before, out: &mut Vec<u8>) {
    let begins = before.is_begun_by(moved.account, moved.number);
    let balance = if begins { 0 } else { before.balance };
    let balance_flag = balance_flag(balance, moved.amount, moved.balance_after);
    let flags = [
        (CREDIT, moved.side == Side::Credit),
        (BEGINS, begins),
        (CODE, moved.code != before.code),
        (BOOKED, moved.booked_on != before.booked_on),
        (VALUE, moved.value_on != moved.booked_on),
    ];
    put::u8(out, flags.iter().filter(|(_, set)| *set).fold(balance_flag, |all, (flag, _)| all | flag));
    if begins {
        put::varint(out, u64::from(moved.account).wrapping_sub(u64::from(before.account)));
        put::varint(out, u64::from(moved.number));
    }
    put::u128(out, moved.transfer.as_u128());
    put::varint(out, moved.amount);
    put::varint(out, u64::from(moved.counterparty));
    put::zigzag(out, moved.at.wrapping_sub(before.at));
    if balance_flag == 0 {
        put::zigzag(out, moved.balance_after);
    }
    if moved.code != before.code {
        put::varint(out, u64::from(moved.code));
    }
    if moved.booked_on != before.booked_on {
        put::zigzag(out, i64::from(moved.booked_on) - i64::from(before.booked_on));
    }
    if moved.value_on != moved.booked_on {
        put::zigzag(out, i64::from(moved.value_on) - i64::from(moved.booked_on));
    }
}

fn balance_flag(before: i64, amount: u64, after: i64) -> u8 {
    if before.checked_add_unsigned(amount) == Some(after) {
        RISES
    } else if before.checked_sub_unsigned(amount) == Some(after) {
        FALLS
    } else {
        0
    }
}

/// Reads the movements of a block, whose check was found right, from front to end.
#[derive(Debug)]
pub(super) struct Unpacker<'a> {
    block: &'a Block,
    before: Before,
    from: Reader<'a>,
}

impl<'a> Unpacker<'a> {
    /// # Errors
    /// [`Damaged::Block`].
    pub(super) fn try_new(block: &'a Block) -> Result<Self, Damaged> {
        let from = open_block(TAG, FORMAT, block).ok_or_else(|| damaged(block))?;
        Ok(Self { block, before: Before::default(), from })
    }

    /// The next movement, unless there is none.
    ///
    /// # Errors
    /// [`Damaged::Block`]: its check is right, but it is not what this program writes.
    pub(super) fn next(&mut self) -> Result<Option<Moved>, Damaged> {
        if self.from.is_at_end() {
            return Ok(None);
        }
        let moved = unpack(&mut self.from, &self.before).map_err(|_| damaged(self.block))?;
        let key = (i64::from(moved.account), i64::from(moved.number));
        if !self.before.any && key != (self.block.account, self.block.number) {
            return Err(damaged(self.block));
        }
        self.before = Before::of(&moved);
        Ok(Some(moved))
    }
}

fn damaged(block: &Block) -> Damaged {
    Damaged::Block { run: block.run, account: block.account, number: block.number }
}

fn unpack(from: &mut Reader<'_>, before: &Before) -> Result<Moved, Truncated> {
    let bad = from.bad();
    let need = |right: bool| if right { Ok(()) } else { Err(bad) };
    let flags = from.u8()?;
    let has = |flag: u8| flags & flag != 0;
    need(flags & !(CREDIT | BEGINS | RISES | FALLS | CODE | BOOKED | VALUE) == 0)?;
    let (account, number, balance) = if has(BEGINS) {
        let further = from.varint_u32()?;
        let (account, number) = (before.account.checked_add(further).ok_or(bad)?, from.varint_u32()?);
        need(before.is_begun_by(account, number))?;
        (account, number, 0)
    } else {
        need(before.any)?;
        (before.account, before.number.checked_add(1).ok_or(bad)?, before.balance)
    };
    let transfer = TransferId::from_u128(from.u128()?);
    let amount = from.varint()?;
    let counterparty = from.varint_u32()?;
    let at = before.at.wrapping_add(from.zigzag()?);
    let balance_after = match flags & (RISES | FALLS) {
        0 => {
            let named = from.zigzag()?;
            need(balance_flag(balance, amount, named) == 0)?;
            named
        }
        RISES => balance.checked_add_unsigned(amount).ok_or(bad)?,
        FALLS => balance.checked_sub_unsigned(amount).ok_or(bad)?,
        _ => return Err(bad),
    };
    let code = if has(CODE) { u16::try_from(from.varint()?).map_err(|_| bad)? } else { before.code };
    need(has(CODE) == (code != before.code))?;
    let days_after = |day: i32, days: i64| {
        i64::from(day).checked_add(days).and_then(|day| i32::try_from(day).ok()).ok_or(bad)
    };
    let booked_on =
        if has(BOOKED) { days_after(before.booked_on, from.zigzag()?)? } else { before.booked_on };
    need(has(BOOKED) == (booked_on != before.booked_on))?;
    let value_on = if has(VALUE) { days_after(booked_on, from.zigzag()?)? } else { booked_on };
    need(has(VALUE) == (value_on != booked_on))?;
    let side = if has(CREDIT) { Side::Credit } else { Side::Debit };
    Ok(Moved {
        account,
        number,
        transfer,
        side,
        amount,
        balance_after,
        counterparty,
        code,
        booked_on,
        value_on,
        at,
    })
}
