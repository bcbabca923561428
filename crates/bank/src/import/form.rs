//! The intermediate form between a source and the books.

use std::path::Path;

use clock::BusinessDate;
use contracts::accounts::Right;
use money::{Currency, Money, Side};

use crate::books::BankSide;

/// How one source is mapped into the intermediate form.
pub trait Profile: Sync {
    /// The name on the command line and in derived ids.
    fn name(&self) -> &'static str;

    /// Up to how many minor units a stated balance may be off and still count as rounding of the source.
    fn rounding_minor(&self) -> u64;

    /// The name that the source's customer `key` signs in with.
    fn sign_in_name(&self, key: &str) -> String;

    /// Reads and checks the whole source.
    ///
    /// # Errors
    /// What is malformed, in the order of files and lines; at least one.
    fn read(&self, folder: &Path) -> Result<Source, Vec<Fault>>;
}

/// A source as read. Every index points into the list that it names; keys are unique in their list.
#[derive(Debug, Default)]
pub struct Source {
    /// Who.
    pub customers: Vec<Customer>,
    /// Their accounts.
    pub accounts: Vec<Account>,
    /// Who else may use an account: account, customer, right.
    pub authorized: Vec<(usize, usize, Right)>,
    /// What happened, sorted by booking date, account, incoming first, key.
    pub movements: Vec<Movement>,
    /// Orders that repeat.
    pub orders: Vec<Order>,
    /// Lines that were refused without refusing the whole.
    pub refused: Vec<Fault>,
    /// What the source holds besides and how much of it, for example `cards`.
    pub not_imported: Vec<(&'static str, u64)>,
}

/// A customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// What the source calls it.
    pub key: String,
    /// Display name; openly made up where the source gives none.
    pub name: String,
    /// Day of birth.
    pub born_on: Option<BusinessDate>,
    /// Address.
    pub address: Option<String>,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// What the source calls it.
    pub key: String,
    /// Its owner, an index of [`Source::customers`].
    pub owner: usize,
    /// What it counts.
    pub currency: Currency,
    /// When it was opened.
    pub opened_on: BusinessDate,
}

/// A movement of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    /// What the source calls it.
    pub key: String,
    /// Its line in the source, from 1.
    pub line: u64,
    /// An index of [`Source::accounts`].
    pub account: usize,
    /// Booking day.
    pub booked_on: BusinessDate,
    /// Side of the account: credit comes in.
    pub side: Side,
    /// Minor units, at least 1.
    pub amount: u64,
    /// The balance after it as the source states it, minor units.
    pub stated: Option<i64>,
    /// See `contracts::ledger::codes`.
    pub code: u16,
    /// The bank's own account that it moves against.
    pub against: BankSide,
    /// Bank of the other party; may be empty.
    pub counterparty_bank: String,
    /// Account of the other party; may be empty.
    pub counterparty_account: String,
    /// What it was for; may be empty.
    pub memo: &'static str,
}

impl Movement {
    /// What it adds to the balance, minor units.
    #[must_use]
    pub fn signed(&self) -> i64 {
        let amount = i64::try_from(self.amount).unwrap_or(i64::MAX);
        if self.side == Side::Credit { amount } else { -amount }
    }
}

/// A standing order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// What the source calls it.
    pub key: String,
    /// An index of [`Source::accounts`].
    pub account: usize,
    /// The payee's bank.
    pub payee_bank: String,
    /// The payee's account.
    pub payee_account: String,
    /// How much each time.
    pub amount: Money,
    /// See `contracts::ledger::codes`.
    pub code: u16,
}

/// Something malformed in a source.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Fault {
    /// The file, without its folder.
    pub file: String,
    /// The line, from 1; 0 for the file as a whole.
    pub line: u64,
    /// What is wrong with it.
    pub reason: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.reason),
            line => write!(f, "{} line {line}: {}", self.file, self.reason),
        }
    }
}

/// The most faults shown one by one.
const FAULTS_SHOWN: usize = 50;

/// One fault a line, at most fifty, then how many more.
#[must_use]
pub fn list(faults: &[Fault]) -> String {
    let mut lines: Vec<String> = faults.iter().take(FAULTS_SHOWN).map(ToString::to_string).collect();
    if let Some(more) = faults.len().checked_sub(FAULTS_SHOWN).filter(|more| *more > 0) {
        lines.push(format!("and {more} more"));
    }
    lines.join("\n")
}
