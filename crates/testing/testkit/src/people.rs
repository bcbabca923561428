//! People for a bank in a box: openly invented, with money when asked for.

use bank::books::Books;
use contracts::accounts::{Account, Class, OpenRequest};
use contracts::customers::{Kyc, Person, Profile};
use contracts::identity::Enrollment;
use contracts::ledger::{Act, Command, OpenAccount, Transfer, codes, kinds};
use ids::{AccountId, CustomerId, TransferId};
use money::{Currency, Money, Side};
use secrecy::Secret;

use crate::{Client, Failed};

/// A customer with one account, who can sign in and pay.
#[derive(Debug, Clone)]
pub struct Someone {
    /// Who.
    pub id: CustomerId,
    /// Full name.
    pub name: String,
    /// Mobile number, also the name to sign in with.
    pub phone: String,
    /// Sign-in password.
    pub password: String,
    /// Payment PIN.
    pub pin: String,
    /// A class I account in renminbi.
    pub account: Account,
}

impl Someone {
    /// Signs in.
    ///
    /// # Errors
    /// The bank refused.
    pub async fn sign_in(&self, client: &Client) -> Result<Client, Failed> {
        client.sign_in(&self.phone, &self.password).await
    }
}

/// Enrolls `count` people with `balance_minor` fen each.
///
/// # Errors
/// The bank refused one of them.
pub async fn enroll(books: &Books, count: usize, balance_minor: i64) -> Result<Vec<Someone>, Failed> {
    enroll_some(books, 0..count, balance_minor).await
}

/// Enrolls the people of these numbers; no number is enrolled twice.
///
/// # Errors
/// The bank refused one of them.
pub async fn enroll_some(
    books: &Books,
    numbers: std::ops::Range<usize>,
    balance_minor: i64,
) -> Result<Vec<Someone>, Failed> {
    let (password, pin) = ("Box-customer-1", "280517");
    let mut people = Vec::with_capacity(numbers.len());
    for at in numbers {
        let id = CustomerId::mint();
        let (name, phone) = (format!("测试客户{at}"), format!("188{:08}", 10_000 + at));
        let person = Person {
            name: name.clone(),
            id_number: None,
            foreign_number: Some(format!("BOX{at:06}")),
            phone: Some(phone.clone()),
            born_on: None,
            division: None,
            address: None,
        };
        books.customers.register(id, Profile::Person(person), Kyc::Verified).await?;
        let account = books.accounts.open(first_account(id)).await?;
        people.push(Someone { id, name, phone, password: password.into(), pin: pin.into(), account });
    }
    let enrollments = people.iter().map(|someone| Enrollment {
        customer: someone.id,
        sign_in_name: someone.phone.clone(),
        password: Secret::new(password.to_owned()),
        pin: Secret::new(pin.to_owned()),
    });
    books.identity.enroll_many(enrollments.collect()).await?;
    let accounts: Vec<AccountId> = people.iter().map(|someone| someone.account.id).collect();
    fund(books, &accounts, Money::new(balance_minor, Currency::CNY)).await?;
    Ok(people)
}

fn first_account(customer: CustomerId) -> OpenRequest {
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

/// Puts `amount` on each of `accounts` from a settlement account opened for it; nothing where it is zero.
///
/// # Errors
/// The ledger refused.
pub async fn fund(books: &Books, accounts: &[AccountId], amount: Money) -> Result<(), Failed> {
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
    commands.extend(accounts.iter().map(|account| {
        command(Act::Transfer(Transfer {
            debit: settlement,
            credit: *account,
            amount: minor,
            hold_until: None,
            code: codes::OPENING_BALANCE,
            booked_on: None,
            value_on: None,
            counts_toward_limits: false,
        }))
    }));
    for outcome in books.ledger.submit(commands).await? {
        outcome?;
    }
    Ok(())
}
