//! A generated bank as data, before anything of it is in the books.

use clock::BusinessDate;
use contracts::accounts::{Class, Right};
use contracts::customers::Profile;
use money::Currency;
use sm3::{Digest, Sm3};

use super::{calendar, life, people};
use crate::books::BankSide;

/// How large a bank to plan. The same values give the same plan, byte for byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// How many customers, at most 100,000.
    pub customers: u32,
    /// How many months of movements.
    pub months: u32,
    /// Where chance begins.
    pub seed: u64,
    /// The last day.
    pub until: BusinessDate,
}

/// A bank's customers, accounts and movements. Every index points into the list that it names.
pub struct Plan {
    /// What it was planned from.
    pub size: Size,
    /// The first day with movements.
    pub from: BusinessDate,
    /// Who.
    pub customers: Vec<Profile>,
    /// Their accounts.
    pub accounts: Vec<Account>,
    /// Who else may use an account: account, customer, right.
    pub authorized: Vec<(usize, usize, Right)>,
    /// What happens, by day.
    pub transfers: Vec<Transfer>,
    /// Names of those outside the bank.
    pub outsiders: Vec<String>,
    /// Customers worth showing, an index each: one with a salary and several accounts, one with foreign currency,
    /// a business. Those with the most movements of their sort; empty where the plan has none of a sort.
    pub shown: Vec<usize>,
}

/// A planned account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// An index of [`Plan::customers`].
    pub owner: usize,
    /// What it counts.
    pub currency: Currency,
    /// Its class.
    pub class: Class,
    /// The owner's name for it.
    pub nickname: &'static str,
    /// When it was opened, before the first day.
    pub opened_on: BusinessDate,
}

/// One side of a planned transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Party {
    /// An index of [`Plan::accounts`].
    Account(usize),
    /// The bank's own account, standing for somebody of [`Plan::outsiders`] or for the bank itself.
    Bank(BankSide, Option<usize>),
}

/// A planned movement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transfer {
    /// Booking day.
    pub booked_on: BusinessDate,
    /// Who pays: debited.
    pub payer: Party,
    /// Who receives: credited.
    pub payee: Party,
    /// Minor units of `currency`, at least 1.
    pub amount: u64,
    /// Of the accounts it touches.
    pub currency: Currency,
    /// See `contracts::ledger::codes`.
    pub code: u16,
    /// May be empty.
    pub memo: &'static str,
}

/// Plans a bank. Pure: neither clock nor store.
#[must_use]
pub fn plan(size: Size) -> Plan {
    let days = calendar::days(size.until, size.months);
    let from = days.first().map_or(size.until, |day| day.on);
    let mut people = people::settle(size, from);
    let mut ledger = life::Book::new(&people.accounts);
    life::open(&mut people, &mut ledger, from);
    for day in &days {
        life::live(&mut people, &mut ledger, day);
    }
    let shown = people.worth_showing(&ledger.transfers);
    Plan {
        size,
        from,
        customers: people.customers,
        accounts: people.accounts,
        authorized: people.authorized,
        transfers: ledger.transfers,
        outsiders: people.outsiders,
        shown,
    }
}

impl Plan {
    /// SM3 over everything planned, in hexadecimal: equal for equal plans.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut hash = Sm3::new();
        let mut add = |text: String| {
            hash.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(text);
        };
        for profile in &self.customers {
            let own = match profile {
                Profile::Person(person) => person.id_number.clone().unwrap_or_default(),
                Profile::Business(business) => business.credit_code.clone(),
            };
            add(format!("{} {own} {}", profile.name(), profile.phone().unwrap_or_default()));
        }
        self.accounts.iter().for_each(|account| add(format!("{account:?}")));
        self.authorized.iter().for_each(|grant| add(format!("{grant:?}")));
        self.transfers.iter().for_each(|transfer| add(format!("{transfer:?}")));
        hex::encode(hash.finalize())
    }
}
