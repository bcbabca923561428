//! The customers of a drill: half of them pay and half of them are paid.

use contracts::identity::Role;
use secrecy::Secret;

use super::Failed;
use crate::books::Books;
pub(super) use crate::invented::OPENING_MINOR;
use crate::invented::{Cast, Invented};

/// Who pays; so many others are paid.
pub(super) const PAYERS: usize = 8;
/// How they are called and sign in.
pub(super) const CAST: Cast =
    Cast { name: "演练客户", phone: "198", password: "drill-Passw0rd", pin: "280517" };
/// Who reads what customers were told, and the password.
pub(super) const STAFF: (&str, &str) = ("drill", "drill-Passw0rd-staff");

/// A customer with an account.
pub(super) type Customer = Invented;

/// Enrolls everybody: the payers first, then those who are paid.
pub(super) async fn enroll(books: &Books) -> Result<Vec<Customer>, Failed> {
    let customers = CAST.enroll(books, PAYERS * 2).await?;
    let password = Secret::new(STAFF.1.to_owned());
    books.identity.ensure_staff(STAFF.0, password, Role::Administrator).await?;
    Ok(customers)
}
