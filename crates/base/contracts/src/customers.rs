//! Customers: people and businesses, how far the bank knows them (KYC), and how they are called.

use async_trait::async_trait;
use clock::BusinessDate;
use ids::CustomerId;
use serde::{Deserialize, Serialize};

use crate::Unavailable;
use crate::far::far;
use crate::news::announced;

/// A person as given at sign-up or import. Personal data: encrypted at rest, never logged.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Full name, 1..=60 characters.
    pub name: String,
    /// Resident identity number (GB 11643-1999, 18 characters with check character), or `None` for people
    /// brought in from elsewhere with [`Person::foreign_number`].
    pub id_number: Option<String>,
    /// An identifier of another country or bank, as it was there.
    pub foreign_number: Option<String>,
    /// Mobile number, 11 digits from 1; or `None` where unknown.
    pub phone: Option<String>,
    /// Day of birth; taken from the identity number where there is one.
    pub born_on: Option<BusinessDate>,
    /// Administrative division (GB/T 2260, six digits).
    pub division: Option<String>,
    /// Street and number.
    pub address: Option<String>,
}

/// A business.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Business {
    /// Registered name.
    pub name: String,
    /// Unified social credit code (GB 32100-2015, 18 characters with check character).
    pub credit_code: String,
    /// Mobile number of the one who acts for it.
    pub phone: Option<String>,
    /// Name of the legal representative.
    pub representative: String,
    /// Administrative division (GB/T 2260, six digits).
    pub division: Option<String>,
    /// Street and number.
    pub address: Option<String>,
}

/// Either.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Profile {
    /// A natural person.
    Person(Person),
    /// A business.
    Business(Business),
}

impl Profile {
    /// The full name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Person(person) => &person.name,
            Self::Business(business) => &business.name,
        }
    }

    /// The phone, where known.
    #[must_use]
    pub fn phone(&self) -> Option<&str> {
        match self {
            Self::Person(person) => person.phone.as_deref(),
            Self::Business(business) => business.phone.as_deref(),
        }
    }

    /// The name as others may see it.
    #[must_use]
    pub fn masked_name(&self) -> String {
        match self {
            Self::Person(person) => secrecy::mask::name(&person.name),
            Self::Business(business) => secrecy::mask::business_name(&business.name),
        }
    }
}

/// How far the bank knows a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kyc {
    /// Data given, nothing verified.
    Declared,
    /// Identity number and name agree with each other and with the phone's owner.
    Verified,
    /// Something did not agree, or documents have expired: no new accounts.
    Suspended,
}

/// Why a customer could not be registered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum RegisterRefused {
    /// A field is malformed; names the field.
    #[error("`{field}` is not valid")]
    Invalid {
        /// Which field: `name`, `id_number`, `credit_code`, `phone`, `division`, `born_on`.
        field: String,
    },
    /// The identity number or credit code belongs to a customer already.
    #[error("already a customer")]
    AlreadyKnown,
    /// The phone belongs to another customer.
    #[error("the phone belongs to another customer")]
    PhoneTaken,
    /// Under 16 years: cannot sign up alone.
    #[error("too young to sign up alone")]
    TooYoung,
    /// Could not answer.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// News: somebody became a customer. Topic `customers.registered`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    /// Who.
    pub customer: CustomerId,
    /// How far the bank knows them.
    pub kyc: Kyc,
}

/// The topic of [`Registered`].
pub const REGISTERED: &str = "customers.registered";

/// News: many became customers at once, when books were taken over. Topic `customers.taken_over`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenOver {
    /// How many.
    pub count: u64,
}

/// The topic of [`TakenOver`].
pub const TAKEN_OVER: &str = "customers.taken_over";

/// News: the personal data of a customer was erased. Topic `customers.erased`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erased {
    /// Who.
    pub customer: CustomerId,
}

/// The topic of [`Erased`].
pub const ERASED: &str = "customers.erased";

/// The customers of the bank.
#[async_trait]
pub trait Customers: Send + Sync {
    /// Registers a customer under the id the caller minted; the same id again with the same content changes
    /// nothing.
    ///
    /// # Errors
    /// [`RegisterRefused`].
    async fn register(&self, id: CustomerId, profile: Profile, kyc: Kyc) -> Result<(), RegisterRefused>;

    /// Registers many (imports, generation), all or none. Content is checked as in [`Customers::register`].
    ///
    /// # Errors
    /// The index of the first refused one and why.
    async fn register_many(
        &self,
        batch: Vec<(CustomerId, Profile, Kyc)>,
    ) -> Result<(), (usize, RegisterRefused)>;

    /// The profile; `None` for an unknown or erased customer.
    ///
    /// # Errors
    /// [`Unavailable`].
    async fn profile(&self, id: CustomerId) -> Result<Option<(Profile, Kyc)>, Unavailable>;

    /// The profiles of many, in order; `None` for an unknown or erased customer.
    ///
    /// # Errors
    /// [`Unavailable`].
    async fn profiles(&self, ids: &[CustomerId]) -> Result<Vec<Option<(Profile, Kyc)>>, Unavailable> {
        let mut profiles = Vec::with_capacity(ids.len());
        for id in ids {
            profiles.push(self.profile(*id).await?);
        }
        Ok(profiles)
    }

    /// Who has this phone.
    ///
    /// # Errors
    /// [`Unavailable`].
    async fn by_phone(&self, phone: &str) -> Result<Option<CustomerId>, Unavailable>;
}

announced! {
    Registered = REGISTERED;
    TakenOver = TAKEN_OVER;
    Erased = ERASED;
}

far! {
    Customers = "customers": FarCustomers, CustomersDesk;
    again register(id: CustomerId, profile: Profile, kyc: Kyc) -> (), RegisterRefused;
    again register_many(batch: Vec<(CustomerId, Profile, Kyc)>) -> (), (usize, RegisterRefused);
    again profile(id: CustomerId) -> Option<(Profile, Kyc)>, Unavailable;
    again profiles(ids: &[CustomerId] = Vec<CustomerId>) -> Vec<Option<(Profile, Kyc)>>, Unavailable;
    again by_phone(phone: &str = String) -> Option<CustomerId>, Unavailable;
}
