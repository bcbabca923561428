//! Rows of transfers and their results on the wire, read straight into the ledger's commands and written straight
//! from its receipts: the messages `CreateTransfersRequest` and `CreateTransfersResponse` of the interface.

use clock::{BusinessDate, Timestamp};
use contracts::ledger::{Act, Command, Receipt, Receipted, Transfer};
use ids::{AccountId, TransferId};

use super::codec::{Incoming, Outgoing};
use super::wire::{
    DELIMITED, FIXED64, Malformed, Reader, VARINT, put_fixed64, put_present_sint, put_short, put_uint, sint,
    tag,
};
use crate::handle::SUBMISSION_MAX;
use crate::refusal;

/// A batch of commands that transfer, or post or void a hold. Other commands are not sent: they are left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Batch(pub Vec<Command>);

/// What became of each command of a batch, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Results(pub Vec<Receipt>);

/// Bytes of a short row; the first guess of how many rows a message holds.
const ROW_BYTES_MIN: usize = 40;
/// Bytes of a usual row with its tag and length.
const ROW_BYTES: usize = 66;
/// Bytes of a usual result with its tag and length.
const RESULT_BYTES: usize = 24;

/// Why a row cannot be read.
type Fault = &'static str;

impl From<Malformed> for Fault {
    fn from(_: Malformed) -> Self {
        "the bytes are no `Transfer`; check the message against yuanhang.ledger.v1"
    }
}

impl Incoming for Batch {
    fn read(bytes: &[u8]) -> Result<Self, String> {
        let mut commands = Vec::with_capacity((bytes.len() / ROW_BYTES_MIN).clamp(1, SUBMISSION_MAX));
        let mut reader = Reader(bytes);
        while !reader.is_empty() {
            let no_message = |Malformed| format!("row {}: {}", commands.len(), Fault::from(Malformed));
            if reader.tag().map_err(no_message)? != tag(1, DELIMITED) {
                return Err("an unknown field in `CreateTransfersRequest`; send only `transfers`".to_owned());
            }
            let row = reader.delimited().map_err(no_message)?;
            if commands.len() == SUBMISSION_MAX {
                return Err(format!("more than {SUBMISSION_MAX} rows; send them in several batches"));
            }
            match row_of(row) {
                Ok(command) => commands.push(command),
                Err(fault) => return Err(format!("row {} (the first is 0): {fault}", commands.len())),
            }
        }
        Ok(Self(commands))
    }
}

impl Outgoing for Batch {
    fn write(&self, out: &mut Vec<u8>) {
        out.reserve(self.0.len() * ROW_BYTES);
        for command in &self.0 {
            if matches!(command.act, Act::Transfer(_) | Act::PostHold { .. } | Act::VoidHold { .. }) {
                put_short(out, 1, |out| write_row(command, out));
            }
        }
    }
}

/// Fields as they stand in a row.
#[derive(Default)]
struct Row {
    id: u128,
    debit: u128,
    credit: u128,
    hold: u128,
    amount: u64,
    code: u64,
    kind: u64,
    hold_until_ns: u64,
    booked_on: u64,
    value_on: u64,
    linked: bool,
    counts_toward_limits: bool,
}

#[inline]
fn set_high(id: &mut u128, high: u64) {
    *id = u128::from(high) << 64 | (*id & u128::from(u64::MAX));
}

#[inline]
fn set_low(id: &mut u128, low: u64) {
    *id = *id >> 64 << 64 | u128::from(low);
}

fn row_of(bytes: &[u8]) -> Result<Command, Fault> {
    let mut row = Row::default();
    let mut reader = Reader(bytes);
    while !reader.is_empty() {
        let tag = reader.tag()?;
        match (tag >> 3, tag & 7) {
            (1, FIXED64) => set_high(&mut row.id, reader.fixed64()?),
            (2, FIXED64) => set_low(&mut row.id, reader.fixed64()?),
            (3, FIXED64) => set_high(&mut row.debit, reader.fixed64()?),
            (4, FIXED64) => set_low(&mut row.debit, reader.fixed64()?),
            (5, FIXED64) => set_high(&mut row.credit, reader.fixed64()?),
            (6, FIXED64) => set_low(&mut row.credit, reader.fixed64()?),
            (7, VARINT) => row.amount = reader.varint()?,
            (8, VARINT) => row.code = reader.varint()?,
            (9, VARINT) => row.linked = reader.varint()? != 0,
            (10, VARINT) => row.counts_toward_limits = reader.varint()? != 0,
            (11, VARINT) => row.kind = reader.varint()?,
            (12, FIXED64) => row.hold_until_ns = reader.fixed64()?,
            (13, VARINT) => row.booked_on = reader.varint()?,
            (14, VARINT) => row.value_on = reader.varint()?,
            (15, FIXED64) => set_high(&mut row.hold, reader.fixed64()?),
            (16, FIXED64) => set_low(&mut row.hold, reader.fixed64()?),
            _ => return Err("a field that `Transfer` of yuanhang.ledger.v1 does not have"),
        }
    }
    row.command()
}

impl Row {
    #[inline]
    fn command(self) -> Result<Command, Fault> {
        if self.id == 0 {
            return Err(
                "`id_high` and `id_low` are missing; mint an id for each row and keep it for repetitions",
            );
        }
        let act = match self.kind {
            0 => Act::Transfer(self.transfer()?),
            1 => Act::PostHold { hold: self.hold()?, amount: (self.amount != 0).then_some(self.amount) },
            2 if self.amount != 0 => return Err("a hold is voided whole; leave `amount` out"),
            2 => Act::VoidHold { hold: self.hold()? },
            _ => return Err("`kind` is none of KIND_TRANSFER, KIND_POST_HOLD, KIND_VOID_HOLD"),
        };
        Ok(Command { id: TransferId::from_u128(self.id), act, linked: self.linked })
    }

    fn hold(&self) -> Result<TransferId, Fault> {
        let of_transfers = self.debit != 0 || self.credit != 0 || self.code != 0 || self.hold_until_ns != 0;
        if of_transfers || self.booked_on != 0 || self.value_on != 0 || self.counts_toward_limits {
            return Err("a hold is posted or voided by its id; leave the fields of transfers out");
        }
        match self.hold {
            0 => Err("`hold_high` and `hold_low` are missing: the transfer that made the hold"),
            hold => Ok(TransferId::from_u128(hold)),
        }
    }

    #[inline]
    fn transfer(&self) -> Result<Transfer, Fault> {
        if self.debit == 0 {
            return Err("`debit_high` and `debit_low` are missing: the account debited");
        }
        if self.credit == 0 {
            return Err("`credit_high` and `credit_low` are missing: the account credited");
        }
        if self.hold != 0 {
            return Err("`hold_high` and `hold_low` belong to KIND_POST_HOLD and KIND_VOID_HOLD");
        }
        let code = match u16::try_from(self.code) {
            Ok(code @ 1..) => code,
            _ => return Err("`code` is missing or above 65535: what kind of movement it is"),
        };
        let hold_until = match self.hold_until_ns {
            0 => None,
            until => Some(instant_of(until).ok_or("`hold_until_ns` is no instant")?),
        };
        Ok(Transfer {
            debit: AccountId::from_u128(self.debit),
            credit: AccountId::from_u128(self.credit),
            amount: self.amount,
            hold_until,
            code,
            booked_on: day_of(self.booked_on)
                .ok_or("`booked_on` is no day; write 20261122 for 2026-11-22")?,
            value_on: day_of(self.value_on).ok_or("`value_on` is no day; write 20261122 for 2026-11-22")?,
            counts_toward_limits: self.counts_toward_limits,
        })
    }
}

/// The instant of nanoseconds since 1970, as far as the ledger's own instants reach.
fn instant_of(nanoseconds: u64) -> Option<Timestamp> {
    Timestamp::from_nanosecond(i128::from(i64::try_from(nanoseconds).ok()?)).ok()
}

/// The day of a number such as 20261122; `Some(None)` for 0.
#[inline]
pub(super) fn day_of(number: u64) -> Option<Option<BusinessDate>> {
    if number == 0 {
        return Some(None);
    }
    let year = i16::try_from(number / 10_000).ok().filter(|year| (1..=9999).contains(year))?;
    let (month, day) = (i8::try_from(number / 100 % 100).ok()?, i8::try_from(number % 100).ok()?);
    BusinessDate::from_ymd(year, month, day).ok().map(Some)
}

/// A day as one number.
pub(super) fn number_of(day: BusinessDate) -> u32 {
    u32::try_from(day.month_number()).unwrap_or(0) * 100 + u32::from(day.date().day().unsigned_abs())
}

#[inline]
pub(super) const fn halves(id: u128) -> (u64, u64) {
    ((id >> 64) as u64, id as u64)
}

#[inline]
fn put_id(out: &mut Vec<u8>, field: u32, id: u128) {
    let (high, low) = halves(id);
    put_fixed64(out, field, high);
    put_fixed64(out, field + 1, low);
}

fn write_row(command: &Command, out: &mut Vec<u8>) {
    put_id(out, 1, command.id.as_u128());
    match &command.act {
        Act::Transfer(transfer) => {
            put_id(out, 3, transfer.debit.as_u128());
            put_id(out, 5, transfer.credit.as_u128());
            put_uint(out, 7, transfer.amount);
            put_uint(out, 8, u64::from(transfer.code));
            put_uint(out, 9, u64::from(command.linked));
            put_uint(out, 10, u64::from(transfer.counts_toward_limits));
            let until =
                transfer.hold_until.map_or(0, |until| u64::try_from(until.as_nanosecond()).unwrap_or(1));
            put_fixed64(out, 12, until);
            put_uint(out, 13, transfer.booked_on.map_or(0, |day| u64::from(number_of(day))));
            put_uint(out, 14, transfer.value_on.map_or(0, |day| u64::from(number_of(day))));
        }
        Act::PostHold { hold, amount } => {
            put_uint(out, 7, amount.unwrap_or(0));
            put_uint(out, 9, u64::from(command.linked));
            put_uint(out, 11, 1);
            put_id(out, 15, hold.as_u128());
        }
        Act::VoidHold { hold } => {
            put_uint(out, 9, u64::from(command.linked));
            put_uint(out, 11, 2);
            put_id(out, 15, hold.as_u128());
        }
        _ => {}
    }
}

impl Outgoing for Results {
    fn write(&self, out: &mut Vec<u8>) {
        out.reserve(self.0.len() * RESULT_BYTES);
        for receipt in &self.0 {
            put_short(out, 1, |out| match receipt {
                Ok(done) => {
                    put_fixed64(out, 2, done.at as u64);
                    put_uint(out, 3, u64::from(done.repeated));
                    if let Some(balance) = done.debit_balance {
                        put_present_sint(out, 4, balance);
                    }
                    if let Some(balance) = done.credit_balance {
                        put_present_sint(out, 5, balance);
                    }
                }
                Err(why) => put_uint(out, 1, u64::from(refusal::number(*why))),
            });
        }
    }
}

impl Incoming for Results {
    fn read(bytes: &[u8]) -> Result<Self, String> {
        let no_results = |Malformed| "the bytes are no `CreateTransfersResponse`".to_owned();
        let mut receipts = Vec::with_capacity(bytes.len() / RESULT_BYTES + 1);
        let mut reader = Reader(bytes);
        while !reader.is_empty() {
            if reader.tag().map_err(no_results)? != tag(1, DELIMITED) {
                return Err(no_results(Malformed));
            }
            receipts.push(result_of(reader.delimited().map_err(no_results)?).map_err(no_results)?);
        }
        Ok(Self(receipts))
    }
}

fn result_of(bytes: &[u8]) -> Result<Receipt, Malformed> {
    let mut done = Receipted { at: 0, repeated: false, debit_balance: None, credit_balance: None };
    let mut status = 0;
    let mut reader = Reader(bytes);
    while !reader.is_empty() {
        let tag = reader.tag()?;
        match (tag >> 3, tag & 7) {
            (1, VARINT) => status = reader.varint()?,
            (2, FIXED64) => done.at = reader.fixed64()? as i64,
            (3, VARINT) => done.repeated = reader.varint()? != 0,
            (4, VARINT) => done.debit_balance = Some(sint(reader.varint()?)),
            (5, VARINT) => done.credit_balance = Some(sint(reader.varint()?)),
            _ => return Err(Malformed),
        }
    }
    match status {
        0 => Ok(Ok(done)),
        number => u8::try_from(number).ok().and_then(refusal::of_number).map(Err).ok_or(Malformed),
    }
}
