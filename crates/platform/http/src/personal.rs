//! Personal fields in answers. A field says once what it is and to whom it is known; how it is written is decided here.
//!
//! A [`Personal`] is written whole to the one customer it is known to, where [`crate::Access`] has established that it is
//! they who read the answer, and masked to everybody else: other customers, every member of staff, strangers, and
//! whoever prints it. A handler cannot forget it, and has no way around it. Whole to staff leads
//! [`crate::Unmasked`] alone.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::pin;

use axum::response::{IntoResponse, Response};
use contracts::customers::Profile;
use ids::CustomerId;
use secrecy::mask;
use serde::{Serialize, Serializer};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

thread_local! {
    /// The customer who reads what is written now.
    static READER: Cell<Option<CustomerId>> = const { Cell::new(None) };
}

/// While it lives, what this thread writes is read by its customer, or by nobody to whom anything is known.
struct Reading(Option<CustomerId>);

impl Reading {
    fn begin(reader: Option<CustomerId>) -> Self {
        Self(READER.replace(reader))
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        READER.set(self.0);
    }
}

/// Does `work`, whose answer `reader` will read; `None` for staff and strangers.
pub(crate) async fn read_by<F: Future>(reader: Option<CustomerId>, work: F) -> F::Output {
    let mut work = pin!(work);
    poll_fn(|context| {
        let _reading = Reading::begin(reader);
        work.as_mut().poll(context)
    })
    .await
}

/// The answer to somebody who has just now proved to be `customer`: at sign-in and sign-up.
#[must_use]
pub fn answer_to(customer: CustomerId, answer: impl IntoResponse) -> Response {
    let _reading = Reading::begin(Some(customer));
    answer.into_response()
}

/// What a personal field is.
pub trait Kind {
    /// How the description calls it.
    const NAME: &'static str;
    /// What the description says of it.
    const SAYS: &'static str;
    /// What others see of it.
    fn masked(whole: &str) -> String;
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident, $alias:ident: $mask:path, $says:literal;)*) => {
        $($(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub enum $kind {}

        $(#[$doc])*
        pub type $alias = Personal<$kind>;

        impl Kind for $kind {
            const NAME: &'static str = stringify!($alias);
            const SAYS: &'static str = $says;
            fn masked(whole: &str) -> String {
                $mask(whole)
            }
        })*
    };
}

kinds! {
    /// The name of a person or a business.
    Name, PersonalName: mask::party_name, "A name. Whole to the customer it is known to; masked to others and to staff: `*三`.";
    /// An identity number, a credit code, or the number of another country or bank.
    IdNumber, PersonalIdNumber: mask::id_number,
        "An identity number. Whole to the customer it is known to; masked to others and to staff: `1****************4`.";
    /// A mobile number.
    Phone, PersonalPhone: mask::phone,
        "A mobile number. Whole to the customer it is known to; masked to others and to staff: `138****5678`.";
    /// The number of an account or a card.
    AccountNumber, PersonalAccountNumber: mask::account_number,
        "An account number. Whole to the customer it is known to; masked to others and to staff: `6230 **** **** 0128`.";
    /// Street and number.
    Address, PersonalAddress: mask::address,
        "An address. Whole to the customer it is known to; masked to others and to staff: `天河****`.";
    /// A day of birth.
    BornOn, PersonalBornOn: mask::born_on,
        "A day of birth. Whole to the customer it is known to; masked to others and to staff: `1990-**-**`.";
    /// What a customer wrote, or what is written to one: memos, nicknames, messages.
    Text, PersonalText: mask::text,
        "A text of or to a customer. Whole to the customer it is known to; masked to others and to staff.";
    /// What a device or a passkey is called.
    Device, PersonalDevice: mask::text,
        "The name of a device. Whole to the customer it is known to; masked to others and to staff.";
}

/// A personal field of kind `K`: masked, unless the customer it is known to reads it.
pub struct Personal<K> {
    whole: String,
    masked: String,
    known_to: Option<CustomerId>,
    kind: PhantomData<K>,
}

impl<K: Kind> Personal<K> {
    /// Masked to everybody, until it is said to whom it is known.
    #[must_use]
    pub fn new(whole: impl Into<String>) -> Self {
        let whole = whole.into();
        let masked = K::masked(&whole);
        Self { whole, masked, known_to: None, kind: PhantomData }
    }

    /// The same, of which others see `masked`.
    #[must_use]
    pub fn masked_as(whole: impl Into<String>, masked: impl Into<String>) -> Self {
        Self { whole: whole.into(), masked: masked.into(), known_to: None, kind: PhantomData }
    }

    /// The same, whole to this customer: their own, or what they know of another because they gave it themselves or the
    /// bank told them.
    #[must_use]
    pub fn known_to(self, customer: CustomerId) -> Self {
        Self { known_to: Some(customer), ..self }
    }
}

impl Personal<Name> {
    /// The name of a customer.
    #[must_use]
    pub fn of(profile: &Profile) -> Self {
        Self::masked_as(profile.name(), profile.masked_name())
    }
}

impl<K> Personal<K> {
    fn shown(&self) -> &str {
        match (READER.get(), self.known_to) {
            (Some(reader), Some(known_to)) if reader == known_to => &self.whole,
            _ => &self.masked,
        }
    }
}

impl<K> Serialize for Personal<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.shown())
    }
}

impl<K> fmt::Debug for Personal<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.masked, f)
    }
}

impl<K> fmt::Display for Personal<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked)
    }
}

impl<K: Kind> PartialSchema for Personal<K> {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::String).description(Some(K::SAYS)).into()
    }
}

impl<K: Kind> ToSchema for Personal<K> {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed(K::NAME)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(field: &Personal<Phone>) -> String {
        serde_json::to_string(field).unwrap()
    }

    #[tokio::test]
    async fn only_the_customer_it_is_known_to_reads_it_whole() {
        let (owner, other) = (CustomerId::mint(), CustomerId::mint());
        let (whole, masked) = ("\"13812345678\"", "\"138****5678\"");
        let field = Personal::<Phone>::new("13812345678").known_to(owner);
        assert_eq!(written(&field), masked, "nobody was established");
        for (reader, seen) in [(Some(owner), whole), (Some(other), masked), (None, masked)] {
            assert_eq!(read_by(reader, async { written(&field) }).await, seen, "{reader:?}");
        }
        let of_nobody = Personal::<Phone>::new("13812345678");
        assert_eq!(read_by(Some(owner), async { written(&of_nobody) }).await, masked);
        assert_eq!(format!("{field} {field:?}"), "138****5678 \"138****5678\"");
        let printed = async { format!("{field:?}") };
        assert_eq!(read_by(Some(owner), printed).await, masked, "printing is not answering");
    }

    /// Two answers that are written on one thread by turns.
    #[tokio::test]
    async fn readers_are_told_apart_while_they_wait() {
        let (one, two) = (CustomerId::mint(), CustomerId::mint());
        let answer = |reader: Option<CustomerId>| {
            read_by(reader, async move {
                let mut seen = Vec::new();
                for _ in 0..3 {
                    tokio::task::yield_now().await;
                    seen.push(written(&Personal::new("13812345678").known_to(one)).contains("1234"));
                }
                seen
            })
        };
        let (first, second, third) = tokio::join!(answer(Some(one)), answer(Some(two)), answer(None));
        assert_eq!((first, second, third), (vec![true; 3], vec![false; 3], vec![false; 3]));
        assert!(!written(&Personal::new("13812345678").known_to(one)).contains("1234"), "it ended");
    }
}
