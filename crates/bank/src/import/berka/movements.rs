//! The movements of the Berka data and what their Czech words mean.

use std::path::Path;

use contracts::ledger::codes;
use money::Side;

use super::super::form::{Fault, Movement, Source};
use super::super::table::{Row, Table};
use super::{Places, account, claim, day, each, number, positive, signed};
use crate::books::BankSide;

const COLUMNS: [&str; 10] = [
    "trans_id",
    "account_id",
    "date",
    "type",
    "operation",
    "amount",
    "balance",
    "k_symbol",
    "bank",
    "account",
];

/// Reads `trans.asc` into `source`. Its last line may be cut.
pub(super) fn read(folder: &Path, accounts: &Places, source: &mut Source) -> Result<(), Vec<Fault>> {
    let table = Table::read(folder, "trans.asc", &COLUMNS)?;
    let mut places = Places::with_capacity(table.rows.len());
    source.movements.reserve(table.rows.len());
    each(&table, |row| {
        claim(&mut places, number(row.get(0), "trans_id")?, source.movements.len(), row.line)?;
        let movement = movement(row, accounts)?;
        let opened_on = source.accounts.get(movement.account).map(|account| account.opened_on);
        if opened_on.is_some_and(|opened_on| movement.booked_on < opened_on) {
            return Err(format!("booked before account `{}` was opened", row.get(1)));
        }
        source.movements.push(movement);
        Ok(())
    })?;
    source.refused.extend(table.cut);
    source.movements.sort_by_cached_key(|movement| {
        let outgoing = movement.side == Side::Debit;
        (movement.booked_on, movement.account, outgoing, movement.key.len(), movement.key.clone())
    });
    Ok(())
}

fn movement(row: &Row, accounts: &Places) -> Result<Movement, String> {
    let meaning = meaning(row.get(3), row.get(4), row.get(7))?;
    Ok(Movement {
        key: row.get(0).to_owned(),
        line: row.line,
        account: account(accounts, row.get(1))?,
        booked_on: day(row.get(2))?,
        side: meaning.side,
        amount: positive(row.get(5))?.unsigned_abs(),
        stated: Some(signed(row.get(6))?),
        code: meaning.code,
        against: meaning.against,
        counterparty_bank: row.get(8).to_owned(),
        counterparty_account: row.get(9).to_owned(),
        memo: meaning.memo,
    })
}

struct Meaning {
    side: Side,
    code: u16,
    against: BankSide,
    memo: &'static str,
}

/// What `type`, `operation` and `k_symbol` say together. `VYBER` as a type stands for a withdrawal, too.
fn meaning(kind: &str, operation: &str, symbol: &str) -> Result<Meaning, String> {
    let side = match kind {
        "PRIJEM" => Side::Credit,
        "VYDAJ" | "VYBER" => Side::Debit,
        other => return Err(format!("`{other}` is not a type of movement")),
    };
    let (code, against, memo) = match (side, operation, symbol.trim()) {
        (Side::Credit, "VKLAD", "") => (codes::CASH_DEPOSIT, BankSide::Cash, ""),
        (Side::Credit, "", "UROK") => (codes::INTEREST, BankSide::InterestExpense, "UROK: interest credited"),
        (Side::Credit, "PREVOD Z UCTU", "") => (codes::INTERBANK_CREDIT, BankSide::Settlement, ""),
        (Side::Credit, "PREVOD Z UCTU", "DUCHOD") => {
            (codes::PENSION, BankSide::Settlement, "DUCHOD: pension")
        }
        (Side::Debit, "VYBER", "") => (codes::CASH_WITHDRAWAL, BankSide::Cash, ""),
        (Side::Debit, "VYBER KARTOU", "") => (codes::CARD_WITHDRAWAL, BankSide::Cash, ""),
        (Side::Debit, "VYBER", "SLUZBY") => (codes::FEE, BankSide::FeeIncome, "SLUZBY: fee for statements"),
        (Side::Debit, "VYBER", "SANKC. UROK") => (
            codes::PENALTY_INTEREST,
            BankSide::InterestIncome,
            "SANKC. UROK: interest on an overdrawn balance",
        ),
        (Side::Debit, "VYBER", "SIPO") => {
            (codes::HOUSEHOLD, BankSide::Cash, "SIPO: household payment in cash")
        }
        (Side::Debit, "PREVOD NA UCET", symbol) => {
            (order_code(symbol)?, BankSide::Settlement, order_memo(symbol))
        }
        _ => return Err(format!("`{kind}`, `{operation}`, `{symbol}` do not go together")),
    };
    Ok(Meaning { side, code, against, memo })
}

/// The code of a payment to another bank by its `k_symbol`.
pub(super) fn order_code(symbol: &str) -> Result<u16, String> {
    match symbol.trim() {
        "" | "LEASING" => Ok(codes::INTERBANK_DEBIT),
        "SIPO" => Ok(codes::HOUSEHOLD),
        "POJISTNE" => Ok(codes::INSURANCE),
        "UVER" => Ok(codes::LOAN_REPAYMENT),
        other => Err(format!("`{other}` is not a purpose of payment")),
    }
}

fn order_memo(symbol: &str) -> &'static str {
    match symbol.trim() {
        "SIPO" => "SIPO: household payment",
        "POJISTNE" => "POJISTNE: insurance premium",
        "UVER" => "UVER: loan repayment",
        "LEASING" => "LEASING: leasing payment",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_do_not_go_together_are_refused() {
        for (kind, operation, symbol, code) in [
            ("PRIJEM", "VKLAD", "", Some(codes::CASH_DEPOSIT)),
            ("VYBER", "VYBER", "", Some(codes::CASH_WITHDRAWAL)),
            ("VYDAJ", "VYBER", " ", Some(codes::CASH_WITHDRAWAL)),
            ("VYDAJ", "PREVOD NA UCET", "UVER", Some(codes::LOAN_REPAYMENT)),
            ("PRIJEM", "VYBER", "", None),
            ("VYDAJ", "PREVOD NA UCET", "UROK", None),
            ("PRIJ", "VKLAD", "", None),
        ] {
            assert_eq!(
                meaning(kind, operation, symbol).ok().map(|meaning| meaning.code),
                code,
                "{kind} {operation}"
            );
        }
    }
}
