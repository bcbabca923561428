//! What an import tells: one line of JSON, a page of text, and the list of differences.

use std::fmt::Write as _;
use std::io;
use std::path::Path;
use std::time::Duration;

use money::Money;
use serde::Serialize;

use super::arrange::Verdict;
use super::form::{Fault, Profile, Source};
use super::reconcile::{Difference, Reconciled};

/// How an import went. Serializes with its keys in this order.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Whole movements in the source.
    pub rows: u64,
    /// Of these, in the ledger with account, side, amount and booking date.
    pub posted: u64,
    /// Of these, the ledger's balance is the stated one.
    pub exact: u64,
    /// Off by no more than the source's rounding.
    pub off_by_rounding: u64,
    /// Off by more.
    pub unexplained: u64,
    /// Accounts in the source.
    pub accounts: u64,
    /// Customers in the source.
    pub clients: u64,
    /// From reading the first file to the last comparison.
    pub seconds: f64,
    /// Grants to authorized persons.
    pub authorized_persons: u64,
    /// Standing orders kept as data.
    pub standing_orders: u64,
    /// Corrections posted so that accounts go on from the stated balance.
    pub corrections: u64,
    /// Accounts with movements.
    pub accounts_with_movements: u64,
    /// Of these, the balance in the ledger is the last one stated.
    pub accounts_at_stated_balance: u64,
    /// Lines refused without refusing the whole.
    pub refused: Vec<Fault>,
    /// What the source holds besides.
    pub not_imported: Vec<NotImported>,
    /// The profile.
    pub profile: String,
    /// The name that the customer with the most movements signs in with.
    pub sign_in_name: String,
    /// Every movement that is not exact.
    #[serde(skip)]
    pub differences: Vec<Difference>,
}

/// Something that the source holds and the bank does not take over.
#[derive(Debug, Clone, Serialize)]
pub struct NotImported {
    /// For example `cards`.
    pub what: String,
    /// How many.
    pub rows: u64,
}

/// Unexplained differences shown in the text; the file holds all.
const SHOWN: usize = 60;

impl Report {
    pub(super) fn new(
        profile: &dyn Profile,
        source: &Source,
        reconciled: Reconciled,
        elapsed: Duration,
    ) -> Self {
        let count = |length: usize| u64::try_from(length).unwrap_or(u64::MAX);
        Self {
            rows: count(source.movements.len()),
            posted: reconciled.posted,
            exact: reconciled.exact,
            off_by_rounding: reconciled.off_by_rounding,
            unexplained: reconciled.unexplained,
            accounts: count(source.accounts.len()),
            clients: count(source.customers.len()),
            seconds: seconds(elapsed),
            authorized_persons: count(source.authorized.len()),
            standing_orders: count(source.orders.len()),
            corrections: reconciled.corrections,
            accounts_with_movements: reconciled.accounts_with_movements,
            accounts_at_stated_balance: reconciled.accounts_at_stated_balance,
            refused: source.refused.clone(),
            not_imported: source
                .not_imported
                .iter()
                .map(|(what, rows)| NotImported { what: (*what).to_owned(), rows: *rows })
                .collect(),
            profile: profile.name().to_owned(),
            sign_in_name: busiest(source).map(|key| profile.sign_in_name(key)).unwrap_or_default(),
            differences: reconciled.differences,
        }
    }

    /// A page for people. Unexplained differences are shown one by one, rounding by reason and amount.
    #[must_use]
    pub fn text(&self) -> String {
        let mut page = String::new();
        let mut line = |text: String| _ = writeln!(page, "{text}");
        line(format!(
            "{}: {} clients, {} accounts, {} authorized persons, {} standing orders",
            self.profile, self.clients, self.accounts, self.authorized_persons, self.standing_orders
        ));
        line(format!("movements read        {:>8}", self.rows));
        line(format!("posted                {:>8}", self.posted));
        line(format!("balance as stated     {:>8}", self.exact));
        line(format!("off by rounding       {:>8}", self.off_by_rounding));
        line(format!("unexplained           {:>8}", self.unexplained));
        line(format!(
            "accounts at their last stated balance {} of {} with movements, after {} corrections",
            self.accounts_at_stated_balance, self.accounts_with_movements, self.corrections
        ));
        for refused in &self.refused {
            line(format!("refused line: {refused}"));
        }
        for other in &self.not_imported {
            line(format!("not taken over: {} {}", other.rows, other.what));
        }
        for difference in
            self.differences.iter().filter(|one| one.verdict == Verdict::Unexplained).take(SHOWN)
        {
            line(format!("unexplained: {}", described(difference)));
        }
        line(format!(
            "{:.1} s; the client with the most movements signs in as {}",
            self.seconds, self.sign_in_name
        ));
        page
    }

    /// Writes every difference with its reason as comma-separated values with a header, amounts as decimals.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn write_differences(&self, path: &Path) -> io::Result<()> {
        let mut writer = csv::Writer::from_path(path).map_err(io::Error::other)?;
        let header =
            ["account", "movement", "line", "booked_on", "amount", "stated", "in_ledger", "off_by", "reason"];
        writer.write_record(header).map_err(io::Error::other)?;
        for one in &self.differences {
            let decimal = |minor| Money::new(minor, one.currency).to_decimal();
            let off_by = one.in_ledger.map(|balance| decimal(one.stated.saturating_sub(balance)));
            writer
                .write_record([
                    one.account.as_str(),
                    one.movement.as_str(),
                    &one.line.to_string(),
                    &one.booked_on.to_string(),
                    &decimal(one.amount),
                    &decimal(one.stated),
                    &one.in_ledger.map(decimal).unwrap_or_default(),
                    &off_by.unwrap_or_default(),
                    one.reason,
                ])
                .map_err(io::Error::other)?;
        }
        writer.flush()
    }
}

/// Seconds to the millisecond, as the nearest number that prints so.
pub(crate) fn seconds(elapsed: Duration) -> f64 {
    format!("{}.{:03}", elapsed.as_secs(), elapsed.subsec_millis()).parse().unwrap_or_default()
}

/// The key of the owner of the account with the most movements.
fn busiest(source: &Source) -> Option<&str> {
    let mut counts = vec![0_u64; source.accounts.len()];
    for movement in &source.movements {
        if let Some(count) = counts.get_mut(movement.account) {
            *count += 1;
        }
    }
    let (account, _) = source.accounts.iter().zip(counts).max_by_key(|(_, count)| *count)?;
    source.customers.get(account.owner).map(|customer| customer.key.as_str())
}

fn described(one: &Difference) -> String {
    let decimal = |minor| Money::new(minor, one.currency).to_decimal();
    let in_ledger = one.in_ledger.map_or_else(|| "nothing".to_owned(), decimal);
    format!(
        "account {}, movement {} (line {}) of {}: stated {}, in the ledger {in_ledger}: {}",
        one.account,
        one.movement,
        one.line,
        one.booked_on,
        decimal(one.stated),
        one.reason
    )
}
