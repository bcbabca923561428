//! People for a bank in a box: openly invented, with money when asked for.

use bank::books::Books;
use bank::invented::{first_account, fund};
use contracts::accounts::Account;
use contracts::customers::{Kyc, Person, Profile};
use contracts::identity::Enrollment;
use ids::{AccountId, CustomerId};
use money::{Currency, Money};
use secrecy::Secret;
use serde_json::{Value, json};

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
    /// The body by which this one pays `amount` yuan to `to`.
    #[must_use]
    pub fn order(&self, to: &Self, amount: &str, memo: &str) -> Value {
        json!({
            "from_account": self.account.id.to_string(),
            "to": {"account_number": to.account.number},
            "name": to.name,
            "amount": {"amount": amount, "currency": "CNY"},
            "memo": memo,
            "pin": self.pin,
        })
    }

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
    fund(&*books.ledger, accounts, Money::new(balance_minor, Currency::CNY)).await?;
    Ok(people)
}
