//! Openly invented customers for measurements, drills and tests: each with an account, money on it, a password and a PIN.

use contracts::accounts::{Account, Class, OpenRequest};
use contracts::customers::{Kyc, Person, Profile};
use contracts::identity::Enrollment;
use contracts::ledger::{Act, Command, Ledger, OpenAccount, Transfer, codes, kinds};
use ids::{AccountId, CustomerId, TransferId};
use money::{Currency, Money, Side};
use secrecy::Secret;

use crate::books::Books;

type Failed = Box<dyn std::error::Error + Send + Sync>;

/// What each of them has to begin with, fen.
pub(crate) const OPENING_MINOR: i64 = 100_000_000;

/// How they are called and how they sign in.
pub(crate) struct Cast {
    /// Begins every name; a number follows.
    pub(crate) name: &'static str,
    /// The first three digits of every mobile number.
    pub(crate) phone: &'static str,
    pub(crate) password: &'static str,
    pub(crate) pin: &'static str,
}

/// One of them.
#[derive(Debug, Clone)]
pub(crate) struct Invented {
    pub(crate) name: String,
    /// Also the name to sign in with.
    pub(crate) phone: String,
    pub(crate) account: Account,
}

impl Cast {
    fn name(&self, at: usize) -> String {
        format!("{}{at}", self.name)
    }

    pub(crate) fn phone(&self, at: usize) -> String {
        format!("{}{at:08}", self.phone)
    }

    fn profile(&self, at: usize) -> Profile {
        Profile::Person(Person {
            name: self.name(at),
            id_number: None,
            foreign_number: Some(format!("INVENTED{at:06}")),
            phone: Some(self.phone(at)),
            born_on: None,
            division: None,
            address: None,
        })
    }

    /// Makes so many of them.
    pub(crate) async fn enroll(&self, books: &Books, count: usize) -> Result<Vec<Invented>, Failed> {
        let ids: Vec<CustomerId> = (0..count).map(|_| CustomerId::mint()).collect();
        let profiles =
            ids.iter().enumerate().map(|(at, id)| (*id, self.profile(at), Kyc::Verified)).collect();
        books.customers.register_many(profiles).await.map_err(|(at, why)| format!("customer {at}: {why}"))?;
        let requests = ids.iter().map(|id| first_account(*id)).collect();
        let accounts =
            books.accounts.open_many(requests).await.map_err(|(at, why)| format!("account {at}: {why}"))?;
        let funded = accounts.iter().map(|account| account.id);
        fund(&*books.ledger, funded, Money::new(OPENING_MINOR, Currency::CNY)).await?;
        let enrollments = ids.iter().enumerate().map(|(at, customer)| Enrollment {
            customer: *customer,
            sign_in_name: self.phone(at),
            password: Secret::new(self.password.to_owned()),
            pin: Secret::new(self.pin.to_owned()),
        });
        books.identity.enroll_many(enrollments.collect()).await?;
        let invented = |(at, account)| Invented { name: self.name(at), phone: self.phone(at), account };
        Ok(accounts.into_iter().enumerate().map(invented).collect())
    }
}

/// A first account in renminbi, to be opened.
#[must_use]
pub fn first_account(customer: CustomerId) -> OpenRequest {
    OpenRequest {
        id: AccountId::mint(),
        customer,
        currency: Currency::CNY,
        class: Class::I,
        number: None,
        nickname: String::new(),
        opened_on: None,
        overdraft_minor: 0,
    }
}

/// Puts `amount` on each of `accounts` from a settlement account opened for it; nothing where it is not above zero.
///
/// # Errors
/// The ledger refused, or did not answer.
pub async fn fund(
    ledger: &dyn Ledger,
    accounts: impl IntoIterator<Item = AccountId>,
    amount: Money,
) -> Result<(), Failed> {
    let Some(minor) = u64::try_from(amount.minor()).ok().filter(|minor| *minor > 0) else { return Ok(()) };
    let settlement = AccountId::mint();
    let command = |act| Command { id: TransferId::mint(), act, linked: false };
    let mut commands = vec![command(Act::OpenAccount(OpenAccount {
        account: settlement,
        asset: amount.currency().into(),
        normal: Side::Debit,
        kind: kinds::SETTLEMENT,
        floor: None,
        limits: Default::default(),
    }))];
    commands.extend(accounts.into_iter().map(|account| {
        command(Act::Transfer(Transfer {
            debit: settlement,
            credit: account,
            amount: minor,
            hold_until: None,
            code: codes::OPENING_BALANCE,
            booked_on: None,
            value_on: None,
            counts_toward_limits: false,
        }))
    }));
    for outcome in ledger.submit(commands).await? {
        outcome?;
    }
    Ok(())
}
