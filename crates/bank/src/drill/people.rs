//! The customers of a drill: openly invented, half of them pay and half of them are paid.

use contracts::accounts::{Account, Class, OpenRequest};
use contracts::customers::{Kyc, Person, Profile};
use contracts::identity::{Enrollment, Role};
use contracts::ledger::{Act, Command, OpenAccount, Transfer, codes, kinds};
use ids::{AccountId, CustomerId, TransferId};
use money::{Currency, Side};
use secrecy::Secret;

use super::Failed;
use crate::books::Books;

/// Who pays; so many others are paid.
pub(super) const PAYERS: usize = 8;
/// What each has to begin with, fen.
pub(super) const OPENING_MINOR: i64 = 100_000_000;
/// The password of every customer.
pub(super) const PASSWORD: &str = "drill-Passw0rd";
/// The payment PIN of every customer.
pub(super) const PIN: &str = "280517";
/// Who reads what customers were told, and the password.
pub(super) const STAFF: (&str, &str) = ("drill", "drill-Passw0rd-staff");

/// A customer with an account.
#[derive(Debug, Clone)]
pub(super) struct Customer {
    pub(super) name: String,
    /// Also the name to sign in with.
    pub(super) phone: String,
    pub(super) account: AccountId,
    pub(super) number: String,
}

fn phone(at: usize) -> String {
    format!("198{at:08}")
}

fn name(at: usize) -> String {
    format!("演练客户{at}")
}

fn profile(at: usize) -> Profile {
    Profile::Person(Person {
        name: name(at),
        id_number: None,
        foreign_number: Some(format!("DRILL{at:06}")),
        phone: Some(phone(at)),
        born_on: None,
        division: None,
        address: None,
    })
}

fn opening(customer: CustomerId) -> OpenRequest {
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

/// Enrolls everybody: the payers first, then those who are paid.
pub(super) async fn enroll(books: &Books) -> Result<Vec<Customer>, Failed> {
    let ids: Vec<CustomerId> = (0..PAYERS * 2).map(|_| CustomerId::mint()).collect();
    let profiles = ids.iter().enumerate().map(|(at, id)| (*id, profile(at), Kyc::Verified)).collect();
    books.customers.register_many(profiles).await.map_err(|(at, why)| format!("customer {at}: {why}"))?;
    let requests = ids.iter().map(|id| opening(*id)).collect();
    let accounts =
        books.accounts.open_many(requests).await.map_err(|(at, why)| format!("account {at}: {why}"))?;
    fund(books, &accounts).await?;
    let enrollments = ids.iter().enumerate().map(|(at, customer)| Enrollment {
        customer: *customer,
        sign_in_name: phone(at),
        password: Secret::new(PASSWORD.to_owned()),
        pin: Secret::new(PIN.to_owned()),
    });
    books.identity.enroll_many(enrollments.collect()).await?;
    let password = Secret::new(STAFF.1.to_owned());
    books.identity.ensure_staff(STAFF.0, password, Role::Administrator).await?;
    let customer = |(at, account): (usize, Account)| Customer {
        name: name(at),
        phone: phone(at),
        account: account.id,
        number: account.number,
    };
    Ok(accounts.into_iter().enumerate().map(customer).collect())
}

async fn fund(books: &Books, accounts: &[Account]) -> Result<(), Failed> {
    let settlement = AccountId::mint();
    let command = |act| Command { id: TransferId::mint(), act, linked: false };
    let mut commands = vec![command(Act::OpenAccount(OpenAccount {
        account: settlement,
        asset: Currency::CNY.into(),
        normal: Side::Debit,
        kind: kinds::SETTLEMENT,
        floor: None,
        limits: Default::default(),
    }))];
    commands.extend(accounts.iter().map(|account| {
        command(Act::Transfer(Transfer {
            debit: settlement,
            credit: account.id,
            amount: OPENING_MINOR.unsigned_abs(),
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
