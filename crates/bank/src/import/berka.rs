//! The public Berka data: a Czech bank of the nineties, anonymized (PKDD'99 discovery challenge).
//!
//! Eight `;`-separated files. Days are written YYMMDD and belong to the twentieth century; a birth number is
//! YYMMDD with 50 added to the month for women. The source holds no names: customers are called by their number.

use std::collections::HashMap;
use std::path::Path;

use clock::BusinessDate;
use contracts::accounts::Right;
use money::{Currency, Money};

use super::form::{Account, Customer, Fault, Order, Profile, Source};
use super::table::{Row, Table};

mod movements;

/// The profile.
pub(super) struct Berka;

impl Profile for Berka {
    fn name(&self) -> &'static str {
        "berka"
    }

    fn rounding_minor(&self) -> u64 {
        10
    }

    fn sign_in_name(&self, key: &str) -> String {
        format!("BERKA-{key}")
    }

    fn read(&self, folder: &Path) -> Result<Source, Vec<Fault>> {
        let mut source = Source::default();
        let customers = read_customers(folder, &mut source)?;
        let accounts = read_accounts(folder, &customers, &mut source)?;
        movements::read(folder, &accounts, &mut source)?;
        read_orders(folder, &accounts, &mut source)?;
        for (what, file, key) in [("cards", "card.asc", "card_id"), ("loans", "loan.asc", "loan_id")] {
            if folder.join(file).exists() {
                let table = Table::read(folder, file, &[key])?.whole()?;
                source.not_imported.push((what, u64::try_from(table.rows.len()).unwrap_or(u64::MAX)));
            }
        }
        Ok(source)
    }
}

/// Where each key stands in its list, and the line that gave it.
pub(super) type Places = HashMap<String, (usize, u64)>;

fn read_customers(folder: &Path, source: &mut Source) -> Result<Places, Vec<Fault>> {
    let districts = Table::read(folder, "district.asc", &["A1", "A2", "A3"])?.whole()?;
    let names: HashMap<&str, String> =
        districts.rows.iter().map(|row| (row.get(0), format!("{}, {}", row.get(1), row.get(2)))).collect();
    let table = Table::read(folder, "client.asc", &["client_id", "birth_number", "district_id"])?.whole()?;
    let mut places = Places::new();
    each(&table, |row| {
        let key = number(row.get(0), "client_id")?;
        claim(&mut places, key, source.customers.len(), row.line)?;
        let address =
            names.get(row.get(2)).ok_or_else(|| format!("there is no district `{}`", row.get(2)))?;
        source.customers.push(Customer {
            key: key.to_owned(),
            name: format!("Berka client {key}"),
            born_on: Some(birth(row.get(1))?),
            address: Some(address.clone()),
        });
        Ok(())
    })?;
    Ok(places)
}

fn read_accounts(folder: &Path, customers: &Places, source: &mut Source) -> Result<Places, Vec<Fault>> {
    let dispositions = Table::read(folder, "disp.asc", &["client_id", "account_id", "type"])?.whole()?;
    let mut owners: HashMap<String, usize> = HashMap::new();
    let mut others: Vec<(String, usize, u64)> = Vec::new();
    each(&dispositions, |row| {
        let (customer, _) =
            *customers.get(row.get(0)).ok_or_else(|| format!("there is no client `{}`", row.get(0)))?;
        let account = number(row.get(1), "account_id")?.to_owned();
        match row.get(2) {
            "OWNER" if owners.contains_key(&account) => Err(format!("account `{account}` has two owners")),
            "OWNER" => {
                owners.insert(account, customer);
                Ok(())
            }
            "DISPONENT" => {
                others.push((account, customer, row.line));
                Ok(())
            }
            other => Err(format!("`{other}` is neither OWNER nor DISPONENT")),
        }
    })?;
    let table = Table::read(folder, "account.asc", &["account_id", "date"])?.whole()?;
    let mut places = Places::new();
    each(&table, |row| {
        let key = number(row.get(0), "account_id")?;
        claim(&mut places, key, source.accounts.len(), row.line)?;
        let owner = *owners.get(key).ok_or_else(|| format!("account `{key}` has no owner in disp.asc"))?;
        let opened_on = day(row.get(1))?;
        source.accounts.push(Account { key: key.to_owned(), owner, currency: Currency::CZK, opened_on });
        Ok(())
    })?;
    for (account, customer, line) in others {
        let Some((account, _)) = places.get(&account) else {
            return Err(vec![dispositions.fault(line, format!("there is no account `{account}`"))]);
        };
        source.authorized.push((*account, customer, Right::Move));
    }
    Ok(places)
}

fn read_orders(folder: &Path, accounts: &Places, source: &mut Source) -> Result<(), Vec<Fault>> {
    let columns = ["order_id", "account_id", "bank_to", "account_to", "amount", "k_symbol"];
    let table = Table::read(folder, "order.asc", &columns)?.whole()?;
    let mut places = Places::new();
    each(&table, |row| {
        let key = number(row.get(0), "order_id")?;
        claim(&mut places, key, source.orders.len(), row.line)?;
        source.orders.push(Order {
            key: key.to_owned(),
            account: account(accounts, row.get(1))?,
            payee_bank: row.get(2).to_owned(),
            payee_account: row.get(3).to_owned(),
            amount: Money::new(positive(row.get(4))?, Currency::CZK),
            code: movements::order_code(row.get(5))?,
        });
        Ok(())
    })
}

/// Runs `read` on every row and gathers what it refuses.
fn each(table: &Table, mut read: impl FnMut(&Row) -> Result<(), String>) -> Result<(), Vec<Fault>> {
    let faults: Vec<Fault> = table
        .rows
        .iter()
        .filter_map(|row| read(row).err().map(|reason| table.fault(row.line, reason)))
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

fn claim(places: &mut Places, key: &str, place: usize, line: u64) -> Result<(), String> {
    match places.insert(key.to_owned(), (place, line)) {
        Some((_, first)) => Err(format!("`{key}` is also on line {first}")),
        None => Ok(()),
    }
}

fn account(accounts: &Places, key: &str) -> Result<usize, String> {
    accounts.get(key).map(|(place, _)| *place).ok_or_else(|| format!("there is no account `{key}`"))
}

/// A key: one to nine digits.
fn number<'a>(text: &'a str, column: &str) -> Result<&'a str, String> {
    let fits = (1..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    fits.then_some(text).ok_or_else(|| format!("`{text}` is not a number of one to nine digits ({column})"))
}

/// YYMMDD of the twentieth century.
fn day(text: &str) -> Result<BusinessDate, String> {
    let refused = || format!("`{text}` is not a day that exists, written YYMMDD");
    if text.len() != 6 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(refused());
    }
    let part = |range: std::ops::Range<usize>| text.get(range).and_then(|digits| digits.parse::<i8>().ok());
    let (year, month, day) = (part(0..2), part(2..4), part(4..6));
    let date = year.zip(month).zip(day).map(|((year, month), day)| (1900 + i16::from(year), month, day));
    date.and_then(|(year, month, day)| BusinessDate::from_ymd(year, month, day).ok()).ok_or_else(refused)
}

/// YYMMDD, with 50 added to the month for women.
fn birth(text: &str) -> Result<BusinessDate, String> {
    let month = text.get(2..4).and_then(|month| month.parse::<u8>().ok()).filter(|month| *month > 50);
    match (month, text.get(..2), text.get(4..)) {
        (Some(month), Some(year), Some(rest)) => day(&format!("{year}{:02}{rest}", month - 50)),
        _ => day(text),
    }
    .map_err(|_| format!("`{text}` is not a birth number"))
}

/// A CZK amount above zero, minor units.
fn positive(text: &str) -> Result<i64, String> {
    let minor = signed(text)?;
    if minor > 0 { Ok(minor) } else { Err(format!("`{text}` is not an amount above zero")) }
}

/// A CZK amount, minor units.
fn signed(text: &str) -> Result<i64, String> {
    Money::parse(text, Currency::CZK).map(Money::minor).map_err(|refused| format!("`{text}`: {refused}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_days_of_the_century_and_birth_numbers_of_both_sexes() {
        for (text, expected) in [("930101", "1993-01-01"), ("960229", "1996-02-29"), ("000101", "1900-01-01")]
        {
            assert_eq!(day(text).unwrap().to_string(), expected);
        }
        for text in ["930229", "931301", "93011", "9301011", "93-1-1", "", "９３０１０１"] {
            assert!(day(text).is_err(), "{text}");
        }
        assert_eq!(birth("706213").unwrap().to_string(), "1970-12-13");
        assert_eq!(birth("450204").unwrap().to_string(), "1945-02-04");
        for text in ["706313", "705013", "709913", "", "70"] {
            assert!(birth(text).is_err(), "{text}");
        }
        assert_eq!(positive("700.00"), Ok(70_000));
        assert!(positive("0.00").is_err() && positive("-1.00").is_err() && positive("1.001").is_err());
    }
}
