//! Answers to what was submitted: in full, or in few bytes.

use contracts::ledger::{Applied, Outcome, Receipt, Receipted, Refusal};

use super::account::day;
use super::accounts::NO_ACCOUNT;
use super::book::Book;
use super::content::instant;
use super::entry::{Did, Effect, Executed, Posting};

/// One answer per command, in order.
#[derive(Debug)]
pub enum Answers {
    /// With the state of both accounts.
    Full(Vec<Outcome>),
    /// With both balances alone.
    Brief(Vec<Receipt>),
}

impl Answers {
    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        match self {
            Self::Full(outcomes) => outcomes.len(),
            Self::Brief(receipts) => receipts.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn truncate(&mut self, len: usize) {
        match self {
            Self::Full(outcomes) => outcomes.truncate(len),
            Self::Brief(receipts) => receipts.truncate(len),
        }
    }

    pub(super) fn refused(&mut self, refusal: Refusal) {
        match self {
            Self::Full(outcomes) => outcomes.push(Err(refusal)),
            Self::Brief(receipts) => receipts.push(Err(refusal)),
        }
    }

    /// A transfer was posted just now.
    pub(super) fn posted(&mut self, book: &Book, posting: &Posting, at: i64) {
        match self {
            Self::Full(_) => {
                self.applied(book, [posting.debit, posting.credit], at, posting.booked_on, false)
            }
            Self::Brief(receipts) => receipts.push(Ok(Receipted {
                at,
                repeated: false,
                debit_balance: Some(posting.debit_balance),
                credit_balance: Some(posting.credit_balance),
            })),
        }
    }

    /// What an entry did, with balances of now.
    pub fn executed(&mut self, book: &Book, executed: &Executed, at: i64, repeated: bool) {
        match executed.refusal() {
            Some(refusal) => self.refused(refusal),
            None => self.applied(book, touched(executed), at, executed.booked_on, repeated),
        }
    }

    fn applied(&mut self, book: &Book, numbers: [u32; 2], at: i64, booked_on: i32, repeated: bool) {
        match self {
            Self::Full(outcomes) => {
                let balances = numbers
                    .into_iter()
                    .filter(|number| *number != NO_ACCOUNT)
                    .filter_map(|number| Some((book.id_of(number)?, book.balance(number)?)))
                    .collect();
                let (at, booked_on) = (instant(at), day(booked_on));
                outcomes.push(Ok(Applied { at, booked_on, repeated, balances }));
            }
            Self::Brief(receipts) => {
                let [debit_balance, credit_balance] =
                    numbers.map(|number| book.account(number).map(super::Account::posted));
                receipts.push(Ok(Receipted { at, repeated, debit_balance, credit_balance }));
            }
        }
    }
}

/// Numbers of the accounts that it touched, debited or named first.
fn touched(executed: &Executed) -> [u32; 2] {
    match &executed.did {
        Did::Posted { posting, .. } => [posting.debit, posting.credit],
        Did::Other { effect, .. } => match effect {
            Effect::Posted(posting) | Effect::HoldPosted(posting) => [posting.debit, posting.credit],
            Effect::Held(holding) => [holding.debit, holding.credit],
            Effect::AccountOpened(number) | Effect::AccountChanged(number) => [*number, NO_ACCOUNT],
            Effect::HoldVoided { debit, credit } => [*debit, *credit],
            Effect::Refused(_) | Effect::AssetRegistered | Effect::DateAdvanced => [NO_ACCOUNT, NO_ACCOUNT],
        },
    }
}
