//! One transfer as JSON, and what became of it.

use ::http::{Amount, Lang, Refusal as _};
use clock::BusinessDate;
use contracts::ledger::{Act, Asset, Command, Receipt, Transfer};
use ids::{AccountId, TransferId};
use money::{Currency, Money};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::refusal;

/// One transfer. Its id is minted by the caller and kept for repetitions: the same row again moves nothing twice.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BatchRow {
    /// A UUID, unique for ever.
    #[schema(value_type = String, example = "0199e0c2-6c5e-7d5a-9a3c-3f0d6a1b2c3d")]
    id: TransferId,
    /// The account debited.
    #[schema(value_type = String)]
    debit: AccountId,
    /// The account credited.
    #[schema(value_type = String)]
    credit: AccountId,
    /// How much, in the currency of both accounts.
    amount: Amount,
    /// What kind of movement it is, 1 to 65535: 40 for a salary.
    code: u16,
    /// The day under which it is booked, `2026-11-22`; the book's business date where it is left out.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    booked_on: Option<BusinessDate>,
    /// The day from which it bears interest; the booking day where it is left out.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    value_on: Option<BusinessDate>,
    /// Whether limits of the account debited apply.
    #[serde(default)]
    counts_toward_limits: bool,
}

/// What became of one row.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BatchRowResult {
    /// The line, from 1.
    row: u64,
    /// The id of the row; left out where the row could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    id: Option<TransferId>,
    /// `ok`, `repeated` (done before, nothing moved now), or why it was refused: a stable code.
    status: &'static str,
    /// Why, in the caller's language; left out where it was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// Balance of the account debited after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    debit_balance: Option<Amount>,
    /// Balance of the account credited after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    credit_balance: Option<Amount>,
}

/// Why a row was not given to the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RowRefused {
    pub(crate) status: &'static str,
    pub(crate) zh: String,
    pub(crate) en: String,
}

impl RowRefused {
    pub(crate) fn new(status: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { status, zh: zh.into(), en: en.into() }
    }

    pub(crate) fn unavailable() -> Self {
        let of = ::http::Consequence::unavailable();
        Self::new(of.code, of.zh, of.en)
    }

    pub(crate) fn currency_mismatch() -> Self {
        let zh = "金额的币种与付款账户的币种不同。";
        Self::new("currency_mismatch", zh, "The amount is in another currency than the account debited.")
    }
}

/// A row that can be given to the ledger.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) command: Command,
    pub(crate) currency: Currency,
}

impl Asked {
    /// The account debited: its asset must be the currency of the amount.
    pub(crate) const fn debited(&self) -> Option<AccountId> {
        match &self.command.act {
            Act::Transfer(transfer) => Some(transfer.debit),
            _ => None,
        }
    }

    pub(crate) fn asset(&self) -> Asset {
        Asset::from(self.currency)
    }
}

/// Reads one row.
pub(crate) fn read(line: &[u8]) -> Result<Asked, RowRefused> {
    let row: BatchRow = serde_json::from_slice(line).map_err(|error| {
        RowRefused::new(
            "malformed_row",
            format!("这一行无法读取：{error}"),
            format!("This line cannot be read: {error}"),
        )
    })?;
    if row.code == 0 {
        let words = ("交易类型代码应为 1 至 65535。", "`code` is 1 to 65535.");
        return Err(RowRefused::new("invalid_field", words.0, words.1));
    }
    let money = row.amount.positive().map_err(|error| {
        let consequence = error.consequence();
        RowRefused::new(consequence.code, consequence.zh, consequence.en)
    })?;
    let transfer = Transfer {
        debit: row.debit,
        credit: row.credit,
        amount: money.minor().unsigned_abs(),
        hold_until: None,
        code: row.code,
        booked_on: row.booked_on,
        value_on: row.value_on,
        counts_toward_limits: row.counts_toward_limits,
    };
    let command = Command { id: row.id, act: Act::Transfer(transfer), linked: false };
    Ok(Asked { command, currency: money.currency() })
}

/// Writes what became of a row that the ledger was given, as one line.
pub(crate) fn tell(
    row: u64,
    id: TransferId,
    currency: Currency,
    receipt: &Receipt,
    lang: Lang,
    out: &mut Vec<u8>,
) {
    let balance = |balance: Option<i64>| balance.map(|minor| Amount::from(Money::new(minor, currency)));
    let result = match receipt {
        Ok(done) => BatchRowResult {
            row,
            id: Some(id),
            status: if done.repeated { "repeated" } else { "ok" },
            reason: None,
            debit_balance: balance(done.debit_balance),
            credit_balance: balance(done.credit_balance),
        },
        Err(why) => {
            let (status, zh, en) = refusal::words(*why);
            let reason = Some((if lang == Lang::English { en } else { zh }).to_owned());
            BatchRowResult { row, id: Some(id), status, reason, debit_balance: None, credit_balance: None }
        }
    };
    write(&result, out);
}

/// Writes that a row was not given to the ledger, as one line.
pub(crate) fn tell_refused(
    row: u64,
    id: Option<TransferId>,
    refused: &RowRefused,
    lang: Lang,
    out: &mut Vec<u8>,
) {
    let reason = if lang == Lang::English { &refused.en } else { &refused.zh };
    write(
        &BatchRowResult {
            row,
            id,
            status: refused.status,
            reason: Some(reason.clone()),
            debit_balance: None,
            credit_balance: None,
        },
        out,
    );
}

fn write(result: &BatchRowResult, out: &mut Vec<u8>) {
    // Writing into memory what holds no map with odd keys does not fail.
    if serde_json::to_writer(&mut *out, result).is_ok() {
        out.push(b'\n');
    }
}
