//! What the writer decided: the entries of a record, and their canonical bytes.
//!
//! An effect names what was resolved (account numbers, days, resulting balances, movement numbers); what the
//! command says literally is not repeated. Account numbers count accounts in the order of opening, from 0.

use contracts::ledger::{Command, Refusal};
use ids::TransferId;

use super::bytes::{Reader, Truncated, put};
use super::content::{refusal_code, refusal_from_code};

/// One thing that happened, in the order in which it did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// A command and what became of it.
    Executed {
        /// As it was submitted.
        command: Command,
        /// Digest of its content; for a member of a chain, of the whole chain.
        digest: u64,
        /// What became of it.
        effect: Effect,
    },
    /// A hold ended because its time came.
    Expired {
        /// The transfer that made it.
        hold: TransferId,
    },
}

/// What became of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Nothing but the memory that it was refused.
    Refused(Refusal),
    /// The asset is known now, or was known already with the same scale.
    AssetRegistered,
    /// The account has this number.
    AccountOpened(u32),
    /// The account of this number has other conditions: floor, limits, freeze or closed, as the command says.
    AccountChanged(u32),
    /// A transfer was posted.
    Posted(Posting),
    /// A hold was made.
    Held(Holding),
    /// A hold was posted, in full or in part; the rest was released.
    HoldPosted(Posting),
    /// A hold was released.
    HoldVoided,
    /// The business date is what the command says.
    DateAdvanced,
}

/// A posting to two accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Posting {
    /// Number of the account debited.
    pub debit: u32,
    /// Number of the account credited.
    pub credit: u32,
    /// Minor units.
    pub amount: u64,
    /// Kind of movement.
    pub code: u16,
    /// Booking day, days since 1970-01-01.
    pub booked_on: i32,
    /// Value day, days since 1970-01-01.
    pub value_on: i32,
    /// Position in the history of the debited account, from 1.
    pub debit_movement: u32,
    /// Position in the history of the credited account, from 1.
    pub credit_movement: u32,
    /// Posted balance of the debited account afterwards, on its normal side.
    pub debit_balance: i64,
    /// Posted balance of the credited account afterwards, on its normal side.
    pub credit_balance: i64,
}

/// A hold between two accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holding {
    /// Number of the account debited.
    pub debit: u32,
    /// Number of the account credited.
    pub credit: u32,
    /// Day under whose limits it counts, days since 1970-01-01.
    pub booked_on: i32,
}

pub(crate) fn encode_effect(effect: &Effect, out: &mut Vec<u8>) {
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
        Effect::HoldVoided => put::u8(out, 7),
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

pub(crate) fn decode_effect(from: &mut Reader<'_>) -> Result<Effect, Truncated> {
    let bad = from.bad();
    Ok(match from.u8()? {
        0 => Effect::Refused(refusal_from_code(from.u8()?).ok_or(bad)?),
        1 => Effect::AssetRegistered,
        2 => Effect::AccountOpened(from.u32()?),
        3 => Effect::AccountChanged(from.u32()?),
        4 => Effect::Posted(decode_posting(from)?),
        5 => Effect::Held(Holding { debit: from.u32()?, credit: from.u32()?, booked_on: from.i32()? }),
        6 => Effect::HoldPosted(decode_posting(from)?),
        7 => Effect::HoldVoided,
        8 => Effect::DateAdvanced,
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
