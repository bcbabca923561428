//! Customers: people and businesses, how far the bank knows them (KYC), and how they are called.

use async_trait::async_trait;
use clock::{BusinessDate, Timestamp};
use ids::CustomerId;
use serde::{Deserialize, Serialize};

use crate::Unavailable;
use crate::discreet::discreet;
use crate::far::far;
use crate::identity::Channel;
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

/// News: the personal data of a customer was erased; whoever holds anything of theirs removes it. Topic
/// `customers.erased`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erased {
    /// Who.
    pub customer: CustomerId,
    /// Until when the law has the bank keep what is sealed under the customer's key. Nobody is shown any of it; when the
    /// time has come, the key is destroyed and this is announced once more. `None`: the key is destroyed.
    #[serde(default)]
    pub kept_until: Option<Timestamp>,
    /// By what messages to their phone are found: the keyed index of [`crate::messages::RECIPIENT`], in hex; `None`
    /// where they had no phone.
    #[serde(default)]
    pub recipient: Option<String>,
}

/// The topic of [`Erased`].
pub const ERASED: &str = "customers.erased";

/// A document to which customers agree (个人信息保护法, articles 13 to 17).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Document {
    /// The terms of service.
    Terms,
    /// How the bank handles personal data.
    Privacy,
}

/// A version of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// Which document.
    pub document: Document,
    /// Which version of it.
    pub version: String,
}

/// What personal data may be used for beyond what was agreed to, if the customer wants it. Never taken for granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentPurpose {
    /// Offers by message and telephone.
    Marketing,
    /// Pages and offers chosen by what the customer does (article 24).
    Personalization,
    /// Handing data to partners (article 23).
    Sharing,
}

/// News: a customer consented to a purpose, or withdrew it. Topic [`CONSENT_CHANGED`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentChanged {
    /// Who.
    pub customer: CustomerId,
    /// To what.
    pub purpose: ConsentPurpose,
    /// Whether it holds from now on.
    pub given: bool,
}

/// The topic of [`ConsentChanged`].
pub const CONSENT_CHANGED: &str = "customers.consent_changed";

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

    /// The documents to which customers agree, in the versions that hold now; empty where there are none.
    ///
    /// # Errors
    /// [`Unavailable`].
    async fn documents(&self) -> Result<Vec<Agreement>, Unavailable> {
        Ok(Vec::new())
    }

    /// Records that a customer agreed to these versions; the same again changes nothing.
    ///
    /// # Errors
    /// [`Unavailable`].
    async fn agree(
        &self,
        customer: CustomerId,
        agreements: Vec<Agreement>,
        channel: Channel,
    ) -> Result<(), Unavailable>;

    /// Whether a customer's consent to `purpose` holds; without one that was given and not withdrawn it does not.
    ///
    /// # Errors
    /// [`Unavailable`].
    async fn consents_to(&self, customer: CustomerId, purpose: ConsentPurpose) -> Result<bool, Unavailable>;

    /// Erases a customer: nobody finds or is shown them any more, and what is sealed under their key is dead at once, or
    /// at `kept_until` where the law has the bank keep it. Whether there was anybody to erase. The caller sees to it
    /// that they have no open accounts.
    ///
    /// # Errors
    /// [`Unavailable`].
    async fn erase(&self, id: CustomerId, kept_until: Option<Timestamp>) -> Result<bool, Unavailable>;
}

discreet! {
    Person {}
    Business {}
}

announced! {
    Registered = REGISTERED;
    TakenOver = TAKEN_OVER;
    Erased = ERASED;
    ConsentChanged = CONSENT_CHANGED;
}

far! {
    Customers = "customers": FarCustomers, CustomersDesk;
    again register(id: CustomerId, profile: Profile, kyc: Kyc) -> (), RegisterRefused;
    again register_many(batch: Vec<(CustomerId, Profile, Kyc)>) -> (), (usize, RegisterRefused);
    again profile(id: CustomerId) -> Option<(Profile, Kyc)>, Unavailable;
    again profiles(ids: &[CustomerId] = Vec<CustomerId>) -> Vec<Option<(Profile, Kyc)>>, Unavailable;
    again by_phone(phone: &str = String) -> Option<CustomerId>, Unavailable;
    again documents() -> Vec<Agreement>, Unavailable;
    again agree(customer: CustomerId, agreements: Vec<Agreement>, channel: Channel) -> (), Unavailable;
    again consents_to(customer: CustomerId, purpose: ConsentPurpose) -> bool, Unavailable;
    again erase(id: CustomerId, kept_until: Option<Timestamp>) -> bool, Unavailable;
}
