//! Day blocks: what moved on an account under each pair of booking day and value day, packed under a check.
//!
//! Each run has them beside its movements, made of these alone; so they are added up when runs are merged, and the
//! days of an account are read in as many steps as it has runs and days, however often it moved.
//!
//! ```text
//! block     check: first 16 bytes of SHA-256 over the tag, the run (i64) and everything that follows
//!           format (u8: 1) | days, at least one
//! day       flags (u8): same account 1 | names booking day 2 | names value day 4 | debits 8 | credits 16
//!           | a sum beyond 64 bits 32 | more than one movement 64
//!           account less the one before it, unless it is the same (varint)
//!           booking day less the one before | value day less booking day (zigzag varints)
//!           movements | sum of debits | sum of credits (varints; where a sum is beyond 64 bits, each sum is led by
//!           its upper half)
//! ```
//!
//! Days stand in the order of account, booking day and value day, each triple once in a run. What is not named is as
//! in the day before, a value day as the booking day. Before the first day of a block all of it is zero.

use contracts::ledger::{DayKind, DayMoved};
use money::Side;

use super::block::{Block, begin_block, close_block, open_block};
use super::{Damaged, Moved};
use crate::model::{Reader, Truncated, day, put};

const TAG: &[u8] = b"yuanhang.ledger.history.days";
const FORMAT: u8 = 1;
/// A packed day is never longer.
const DAY_BYTES_MAX: usize = 80;

const SAME: u8 = 1;
const BOOKED: u8 = 2;
const VALUE: u8 = 4;
const DEBITS: u8 = 8;
const CREDITS: u8 = 16;
const LARGE: u8 = 32;
const MANY: u8 = 64;

/// What moved on an account under one booking day and one value day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Day {
    /// Days since 1970-01-01.
    pub(super) booked_on: i32,
    /// Days since 1970-01-01.
    pub(super) value_on: i32,
    /// How many movements.
    pub(super) movements: u64,
    /// Their debits, minor units.
    pub(super) debits: u128,
    /// Their credits, minor units.
    pub(super) credits: u128,
}

impl Day {
    fn of(moved: &Moved) -> Self {
        let amount = u128::from(moved.amount);
        let (debits, credits) = if moved.side == Side::Debit { (amount, 0) } else { (0, amount) };
        Self { booked_on: moved.booked_on, value_on: moved.value_on, movements: 1, debits, credits }
    }

    pub(super) const fn key(&self) -> (i32, i32) {
        (self.booked_on, self.value_on)
    }
}

/// The days of one account, in their order.
#[derive(Debug, Default)]
pub(crate) struct Days(pub(super) Vec<Day>);

impl Days {
    /// Adds a movement.
    pub(super) fn add(&mut self, moved: &Moved) {
        self.add_day(Day::of(moved));
    }

    fn add_day(&mut self, day: Day) {
        // Most movements are of the newest day.
        let place = match self.0.last() {
            Some(last) if last.key() == day.key() => self.0.len() - 1,
            Some(last) if last.key() > day.key() => self.0.partition_point(|other| other.key() < day.key()),
            _ => self.0.len(),
        };
        match self.0.get_mut(place).filter(|same| same.key() == day.key()) {
            Some(same) => {
                same.movements = same.movements.saturating_add(day.movements);
                same.debits = same.debits.saturating_add(day.debits);
                same.credits = same.credits.saturating_add(day.credits);
            }
            None => self.0.insert(place, day),
        }
    }

    /// How many movements they are made of.
    pub(super) fn movements(&self) -> u64 {
        self.0.iter().fold(0, |sum, day| sum.saturating_add(day.movements))
    }

    /// As told to others.
    pub(crate) fn told(&self, kind: DayKind) -> impl Iterator<Item = DayMoved> + '_ {
        self.0.iter().map(move |of| DayMoved {
            day: day(match kind {
                DayKind::Booking => of.booked_on,
                DayKind::Value => of.value_on,
            }),
            movements: of.movements,
            debits: of.debits,
            credits: of.credits,
        })
    }
}

/// Packs the days of one run into blocks, while its movements pass by in the order of accounts.
#[derive(Debug)]
pub(super) struct DayPacker {
    run: i64,
    bytes_max: usize,
    account: u32,
    days: Days,
    /// Account and booking day of the day before, in this block.
    before: Option<(u32, i32)>,
    first: (u32, usize),
    bytes: Vec<u8>,
}

impl DayPacker {
    pub(super) fn new(run: i64, bytes_max: usize) -> Self {
        let (days, bytes) = (Days::default(), Vec::new());
        Self { run, bytes_max, account: 0, days, before: None, first: (0, 0), bytes }
    }

    /// Takes the next movement; blocks that are full go to `ready`.
    pub(super) fn push(&mut self, moved: &Moved, ready: &mut Vec<Block>) {
        if moved.account != self.account {
            self.pack_account(ready);
            self.account = moved.account;
        }
        self.days.add(moved);
    }

    /// The rest.
    pub(super) fn finish(&mut self, ready: &mut Vec<Block>) {
        self.pack_account(ready);
        ready.extend(self.finish_block());
    }

    fn pack_account(&mut self, ready: &mut Vec<Block>) {
        let mut days = std::mem::take(&mut self.days);
        for (place, day) in days.0.drain(..).enumerate() {
            if self.bytes.len() + DAY_BYTES_MAX > self.bytes_max {
                ready.extend(self.finish_block());
            }
            if self.before.is_none() {
                self.first = (self.account, place);
                self.bytes = begin_block(FORMAT, self.bytes_max + DAY_BYTES_MAX);
            }
            pack(self.account, &day, self.before, &mut self.bytes);
            self.before = Some((self.account, day.booked_on));
        }
        self.days = days;
    }

    fn finish_block(&mut self) -> Option<Block> {
        self.before.take()?;
        let mut bytes = std::mem::take(&mut self.bytes);
        close_block(TAG, self.run, &mut bytes);
        let (account, place) = self.first;
        let number = i64::try_from(place).unwrap_or(i64::MAX);
        Some(Block { run: self.run, account: account.into(), number, bytes })
    }
}

fn pack(account: u32, day: &Day, before: Option<(u32, i32)>, out: &mut Vec<u8>) {
    let (account_before, booked_before) = before.unwrap_or_default();
    let large = day.debits.max(day.credits) > u128::from(u64::MAX);
    let same = before.is_some() && account == account_before;
    let flags = [
        (SAME, same),
        (BOOKED, day.booked_on != booked_before),
        (VALUE, day.value_on != day.booked_on),
        (DEBITS, day.debits > 0),
        (CREDITS, day.credits > 0),
        (LARGE, large),
        (MANY, day.movements > 1),
    ];
    put::u8(out, flags.iter().filter(|(_, set)| *set).fold(0, |all, (flag, _)| all | flag));
    if !same {
        put::varint(out, u64::from(account).wrapping_sub(u64::from(account_before)));
    }
    if day.booked_on != booked_before {
        put::zigzag(out, i64::from(day.booked_on) - i64::from(booked_before));
    }
    if day.value_on != day.booked_on {
        put::zigzag(out, i64::from(day.value_on) - i64::from(day.booked_on));
    }
    if day.movements > 1 {
        put::varint(out, day.movements);
    }
    for sum in [day.debits, day.credits].into_iter().filter(|sum| *sum > 0) {
        if large {
            put::varint(out, (sum >> 64) as u64);
        }
        put::varint(out, sum as u64);
    }
}

/// Reads the days of a block, whose check was found right, from front to end.
#[derive(Debug)]
pub(super) struct DayUnpacker<'a> {
    block: &'a Block,
    before: Option<(u32, i32)>,
    from: Reader<'a>,
}

impl<'a> DayUnpacker<'a> {
    /// # Errors
    /// [`Damaged::DayBlock`].
    pub(super) fn try_new(block: &'a Block) -> Result<Self, Damaged> {
        let from = open_block(TAG, FORMAT, block).ok_or_else(|| damaged(block))?;
        Ok(Self { block, before: None, from })
    }

    /// The next day and its account, unless there is none.
    ///
    /// # Errors
    /// [`Damaged::DayBlock`]: its check is right, but it is not what this program writes.
    pub(super) fn next(&mut self) -> Result<Option<(u32, Day)>, Damaged> {
        if self.from.is_at_end() {
            return Ok(None);
        }
        let (account, day) = unpack(&mut self.from, self.before).map_err(|_| damaged(self.block))?;
        if self.before.is_none() && i64::from(account) != self.block.account {
            return Err(damaged(self.block));
        }
        self.before = Some((account, day.booked_on));
        Ok(Some((account, day)))
    }
}

/// Adds the days of `account` in a block to `days`.
///
/// # Errors
/// [`Damaged::DayBlock`].
pub(super) fn add_block(block: &Block, account: u32, days: &mut Days) -> Result<(), Damaged> {
    let mut unpacker = DayUnpacker::try_new(block)?;
    while let Some((of, day)) = unpacker.next()? {
        if of > account {
            break;
        }
        if of == account {
            days.add_day(day);
        }
    }
    Ok(())
}

fn damaged(block: &Block) -> Damaged {
    Damaged::DayBlock { run: block.run, account: block.account, number: block.number }
}

fn unpack(from: &mut Reader<'_>, before: Option<(u32, i32)>) -> Result<(u32, Day), Truncated> {
    let bad = from.bad();
    let need = |right: bool| if right { Ok(()) } else { Err(bad) };
    let flags = from.u8()?;
    let has = |flag: u8| flags & flag != 0;
    need(flags & !(SAME | BOOKED | VALUE | DEBITS | CREDITS | LARGE | MANY) == 0)?;
    need(has(DEBITS) || has(CREDITS))?;
    need(!has(SAME) || before.is_some())?;
    let (account_before, booked_before) = before.unwrap_or_default();
    let account = match has(SAME) {
        true => account_before,
        false => account_before.checked_add(from.varint_u32()?).ok_or(bad)?,
    };
    let days_after = |day: i32, days: i64| {
        i64::from(day).checked_add(days).and_then(|day| i32::try_from(day).ok()).ok_or(bad)
    };
    let booked_on = if has(BOOKED) { days_after(booked_before, from.zigzag()?)? } else { booked_before };
    let value_on = if has(VALUE) { days_after(booked_on, from.zigzag()?)? } else { booked_on };
    let movements = if has(MANY) { from.varint()? } else { 1 };
    let mut sum = |flag: u8| -> Result<u128, Truncated> {
        if !has(flag) {
            return Ok(0);
        }
        let upper = if has(LARGE) { from.varint()? } else { 0 };
        Ok(u128::from(upper) << 64 | u128::from(from.varint()?))
    };
    let (debits, credits) = (sum(DEBITS)?, sum(CREDITS)?);
    Ok((account, Day { booked_on, value_on, movements, debits, credits }))
}
