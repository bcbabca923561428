//! Commands as canonical bytes, their content digest, and the stable numbers of refusals.

use clock::Timestamp;
use contracts::ledger::{Act, Asset, Command, Limits, OpenAccount, Refusal, Transfer};
use ids::{AccountId, TransferId};
use money::Side;
use sha2::{Digest, Sha256};

use super::account::day;
use super::bytes::{Reader, Truncated, put};

/// An instant as nanoseconds since 1970, the form in which the ledger keeps it; held to the years 1678..=2261.
pub(crate) fn nanoseconds(instant: Timestamp) -> i64 {
    let exact = instant.as_nanosecond();
    i64::try_from(exact).unwrap_or(if exact < 0 { i64::MIN } else { i64::MAX })
}

/// The instant of these nanoseconds since 1970.
pub(crate) fn instant(nanoseconds: i64) -> Timestamp {
    Timestamp::from_nanosecond(i128::from(nanoseconds)).unwrap_or(Timestamp::MIN)
}

pub(crate) fn encode_command(command: &Command, out: &mut Vec<u8>) {
    put::u128(out, command.id.as_u128());
    put::u8(out, u8::from(command.linked));
    match &command.act {
        Act::RegisterAsset { asset, scale } => {
            put::u8(out, 1);
            out.extend_from_slice(&asset.to_bytes());
            put::u8(out, *scale);
        }
        Act::OpenAccount(open) => {
            put::u8(out, 2);
            put::u128(out, open.account.as_u128());
            out.extend_from_slice(&open.asset.to_bytes());
            put::u8(out, side_code(open.normal));
            put::u16(out, open.kind);
            put::option(out, open.floor, put::i64);
            encode_limits(&open.limits, out);
        }
        Act::SetFloor { account, floor } => {
            put::u8(out, 3);
            put::u128(out, account.as_u128());
            put::option(out, *floor, put::i64);
        }
        Act::SetLimits { account, limits } => {
            put::u8(out, 4);
            put::u128(out, account.as_u128());
            encode_limits(limits, out);
        }
        Act::SetFreeze { account, debits, credits } => {
            put::u8(out, 5);
            put::u128(out, account.as_u128());
            put::u8(out, u8::from(*debits));
            put::u8(out, u8::from(*credits));
        }
        Act::CloseAccount { account } => {
            put::u8(out, 6);
            put::u128(out, account.as_u128());
        }
        Act::Transfer(transfer) => {
            put::u8(out, 7);
            encode_transfer(transfer, out);
        }
        Act::PostHold { hold, amount } => {
            put::u8(out, 8);
            put::u128(out, hold.as_u128());
            put::option(out, *amount, put::u64);
        }
        Act::VoidHold { hold } => {
            put::u8(out, 9);
            put::u128(out, hold.as_u128());
        }
        Act::AdvanceBusinessDate { to } => {
            put::u8(out, 10);
            put::i32(out, to.day_number());
        }
    }
}

fn encode_transfer(transfer: &Transfer, out: &mut Vec<u8>) {
    put::u128(out, transfer.debit.as_u128());
    put::u128(out, transfer.credit.as_u128());
    put::u64(out, transfer.amount);
    put::option(out, transfer.hold_until.map(nanoseconds), put::i64);
    put::u16(out, transfer.code);
    put::option(out, transfer.booked_on.map(clock::BusinessDate::day_number), put::i32);
    put::option(out, transfer.value_on.map(clock::BusinessDate::day_number), put::i32);
    put::u8(out, u8::from(transfer.counts_toward_limits));
}

pub(super) fn encode_limits(limits: &Limits, out: &mut Vec<u8>) {
    put::option(out, limits.per_transfer, put::u64);
    put::option(out, limits.per_day, put::u64);
    put::option(out, limits.per_month, put::u64);
}

pub(crate) fn decode_command(from: &mut Reader<'_>) -> Result<Command, Truncated> {
    let id = TransferId::from_u128(from.u128()?);
    let linked = from.flag()?;
    let bad = from.bad();
    let act = match from.u8()? {
        1 => Act::RegisterAsset { asset: decode_asset(from)?, scale: from.u8()? },
        2 => Act::OpenAccount(OpenAccount {
            account: decode_account(from)?,
            asset: decode_asset(from)?,
            normal: decode_side(from)?,
            kind: from.u16()?,
            floor: from.option(Reader::i64)?,
            limits: decode_limits(from)?,
        }),
        3 => Act::SetFloor { account: decode_account(from)?, floor: from.option(Reader::i64)? },
        4 => Act::SetLimits { account: decode_account(from)?, limits: decode_limits(from)? },
        5 => Act::SetFreeze { account: decode_account(from)?, debits: from.flag()?, credits: from.flag()? },
        6 => Act::CloseAccount { account: decode_account(from)? },
        7 => Act::Transfer(decode_transfer(from)?),
        8 => Act::PostHold { hold: TransferId::from_u128(from.u128()?), amount: from.option(Reader::u64)? },
        9 => Act::VoidHold { hold: TransferId::from_u128(from.u128()?) },
        10 => Act::AdvanceBusinessDate { to: day(from.i32()?) },
        _ => return Err(bad),
    };
    Ok(Command { id, act, linked })
}

fn decode_transfer(from: &mut Reader<'_>) -> Result<Transfer, Truncated> {
    Ok(Transfer {
        debit: decode_account(from)?,
        credit: decode_account(from)?,
        amount: from.u64()?,
        hold_until: from.option(Reader::i64)?.map(instant),
        code: from.u16()?,
        booked_on: from.option(Reader::i32)?.map(day),
        value_on: from.option(Reader::i32)?.map(day),
        counts_toward_limits: from.flag()?,
    })
}

fn decode_account(from: &mut Reader<'_>) -> Result<AccountId, Truncated> {
    from.u128().map(AccountId::from_u128)
}

pub(super) fn decode_asset(from: &mut Reader<'_>) -> Result<Asset, Truncated> {
    let bad = from.bad();
    let padded: [u8; 8] = from.array()?;
    let code = padded.split(|byte| *byte == 0).next().unwrap_or_default();
    let asset = std::str::from_utf8(code).ok().and_then(Asset::try_new).ok_or(bad)?;
    if asset.to_bytes() == padded { Ok(asset) } else { Err(bad) }
}

pub(super) fn decode_limits(from: &mut Reader<'_>) -> Result<Limits, Truncated> {
    Ok(Limits {
        per_transfer: from.option(Reader::u64)?,
        per_day: from.option(Reader::u64)?,
        per_month: from.option(Reader::u64)?,
    })
}

pub(super) const fn side_code(side: Side) -> u8 {
    match side {
        Side::Debit => 0,
        Side::Credit => 1,
    }
}

pub(super) fn decode_side(from: &mut Reader<'_>) -> Result<Side, Truncated> {
    from.flag().map(|credit| if credit { Side::Credit } else { Side::Debit })
}

/// Digests of the content of `commands`, one each: the first eight bytes of a SHA-256. A command by itself has
/// its own content; the content of a member of a chain is the whole chain and its place in it, because half a
/// chain is not what was asked for. Eight bytes distinguish what honest callers mix up; who would forge a
/// collision has only their own id to confuse.
pub(crate) fn digests(commands: &[Command]) -> Vec<u64> {
    let mut bytes = Vec::with_capacity(commands.len() * 96);
    for command in commands {
        encode_command(command, &mut bytes);
    }
    let digest = |input: &[u8], place: usize| {
        let mut hash = Sha256::new();
        hash.update(input);
        hash.update(place.to_be_bytes());
        Reader::new(&hash.finalize()).u64().unwrap_or(0)
    };
    if commands.len() == 1 {
        return vec![digest(&bytes, 0)];
    }
    let whole = Sha256::digest(&bytes);
    (0..commands.len()).map(|place| digest(&whole, place + 1)).collect()
}

/// Refusals by their stable numbers, from 1. They are in the journal for ever: append only.
const REFUSALS: [Refusal; 32] = [
    Refusal::IdReused,
    Refusal::ChainBroken,
    Refusal::ChainOpen,
    Refusal::AssetUnknown,
    Refusal::AssetExists,
    Refusal::ScaleOutOfRange,
    Refusal::AccountExists,
    Refusal::DebitAccountUnknown,
    Refusal::CreditAccountUnknown,
    Refusal::AccountUnknown,
    Refusal::SameAccount,
    Refusal::AssetMismatch,
    Refusal::AmountZero,
    Refusal::Overflow,
    Refusal::DebitAccountClosed,
    Refusal::CreditAccountClosed,
    Refusal::AccountClosed,
    Refusal::AccountNotEmpty,
    Refusal::DebitAccountFrozen,
    Refusal::CreditAccountFrozen,
    Refusal::InsufficientFunds,
    Refusal::CreditBelowFloor,
    Refusal::LimitPerTransfer,
    Refusal::LimitPerDay,
    Refusal::LimitPerMonth,
    Refusal::HoldUnknown,
    Refusal::HoldPosted,
    Refusal::HoldVoided,
    Refusal::HoldExpired,
    Refusal::AboveHold,
    Refusal::HoldEndsInPast,
    Refusal::DateNotLater,
];

pub(crate) fn refusal_code(refusal: Refusal) -> u8 {
    REFUSALS.iter().position(|known| *known == refusal).and_then(|at| u8::try_from(at + 1).ok()).unwrap_or(0)
}

pub(crate) fn refusal_from_code(code: u8) -> Option<Refusal> {
    REFUSALS.get(usize::from(code).checked_sub(1)?).copied()
}
