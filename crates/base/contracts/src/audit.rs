//! Audit: the record of who did what, which nobody can alter unnoticed.

use async_trait::async_trait;
use clock::Timestamp;
use ids::{
    AccountId, CountersignatureId, CustomerId, DeviceId, EventId, SessionId, StaffId, ThirdPartyId,
    TransferId,
};
use serde::{Deserialize, Serialize};

use crate::Unavailable;
use crate::far::far;

/// Who acted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Actor {
    /// A customer.
    Customer(CustomerId),
    /// A member of staff.
    Staff(StaffId),
    /// A third party.
    ThirdParty(ThirdPartyId),
    /// The bank by itself: a job, or what follows from something else.
    Bank,
}

/// What an act is about. Ids alone: what is recorded stays for ever, and personal data must not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Subject {
    /// A customer.
    Customer(CustomerId),
    /// A deposit account.
    Account(AccountId),
    /// A transfer.
    Transfer(TransferId),
    /// A session.
    Session(SessionId),
    /// A device.
    Device(DeviceId),
    /// A member of staff.
    Staff(StaffId),
    /// A third party.
    ThirdParty(ThirdPartyId),
}

/// A personal field that can be shown whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Full name, or the registered name of a business.
    Name,
    /// Identity number, credit code, or the number of another country or bank.
    IdNumber,
    /// Mobile number.
    Phone,
    /// Day of birth.
    BornOn,
    /// Street and number.
    Address,
    /// Name of the legal representative.
    Representative,
    /// Number of a deposit account.
    AccountNumber,
    /// Name of the other party of a movement.
    CounterpartyName,
    /// What the payer wrote.
    Memo,
}

/// Why a member of staff has a field shown whole. A closed list: a text could hold personal data itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// To check with the customer that it is they.
    IdentityCheck,
    /// The customer complained.
    Complaint,
    /// A fraud is looked into.
    FraudInvestigation,
    /// A court or an authority asks.
    AuthorityRequest,
    /// What the bank knows is to be corrected.
    DataCorrection,
}

/// The number of a case or ticket: a letter, then up to 31 letters, digits and `-`, no more than 8 digits in a row, so
/// that no phone, identity or account number is one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Reference(String);

/// A text is no reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the reference is not the number of a case")]
pub struct NotReference;

impl Reference {
    /// The most characters.
    pub const LENGTH_MAX: usize = 32;
    const DIGITS_MAX: usize = 8;

    /// Reads one.
    ///
    /// # Errors
    /// [`NotReference`].
    pub fn parse(text: &str) -> Result<Self, NotReference> {
        let text = text.trim();
        let letters = text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
        let digits = text.split(|letter: char| !letter.is_ascii_digit()).map(str::len).max().unwrap_or(0);
        let begins = text.starts_with(|letter: char| letter.is_ascii_alphabetic());
        if letters && begins && text.len() <= Self::LENGTH_MAX && digits <= Self::DIGITS_MAX {
            return Ok(Self(text.to_owned()));
        }
        Err(NotReference)
    }

    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Reference {
    type Error = NotReference;
    fn try_from(text: String) -> Result<Self, NotReference> {
        Self::parse(&text)
    }
}

impl From<Reference> for String {
    fn from(reference: Reference) -> Self {
        reference.0
    }
}

/// What is recorded of an act beside the rest: closed lists and references alone, as it stays for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Detail {
    /// A personal field was shown whole.
    Unmasked {
        /// Which.
        field: Field,
        /// Why.
        purpose: Purpose,
        /// For which case.
        reference: Reference,
    },
    /// It was done because another member of staff had countersigned it.
    Countersigned {
        /// Which countersignature.
        countersignature: CountersignatureId,
        /// Whose.
        by: StaffId,
    },
    /// It was done because of an emergency, and not allowed otherwise.
    Emergency,
}

/// Something that somebody did, or tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// Minted by whoever tells of it: the same is recorded once.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// In which session; `None` outside of any.
    pub session: Option<SessionId>,
    /// What: the topic of news (`payments.transfer_posted`), or method and pattern of a route
    /// (`GET /api/accounts/console/{id}`). At most 128 bytes.
    pub action: String,
    /// What it is about; may be empty, at most 16.
    pub subjects: Vec<Subject>,
    /// How it ended: `done`, or the code of the refusal. At most 64 bytes.
    pub outcome: String,
    /// What else is to be known of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<Detail>,
}

/// The record of who did what.
#[async_trait]
pub trait Audit: Send + Sync {
    /// Records acts, and answers when they are durable. The same id again changes nothing.
    ///
    /// # Errors
    /// [`Unavailable`]: tell them again.
    async fn append(&self, acts: Vec<Act>) -> Result<(), Unavailable>;

    /// How many fields were shown whole to this member of staff since then ([`Detail::Unmasked`]).
    ///
    /// # Errors
    /// [`Unavailable`]. An older process does not know the detail and answers [`Unavailable::Misunderstood`].
    async fn unmasked_count(&self, staff: StaffId, since: Timestamp) -> Result<u64, Unavailable>;
}

far! {
    Audit = "audit": FarAudit, AuditDesk;
    again append(acts: Vec<Act>) -> (), Unavailable;
    again unmasked_count(staff: StaffId, since: Timestamp) -> u64, Unavailable;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_the_number_of_a_case_and_of_nobody() {
        for right in ["CASE-20261127-0012", "T1", " c-1 ", "FRAUD-INVESTIGATION-2026-0000001"] {
            assert_eq!(Reference::parse(right).unwrap().as_str(), right.trim());
        }
        for wrong in [
            "",
            "12345678",
            "13812345678",
            "T13812345678",
            "C-110101199003071234",
            "工单-1",
            "CASE 1",
            "CASE_1",
            "-C1",
            "FRAUD-INVESTIGATION-2026-00000012",
        ] {
            assert_eq!(Reference::parse(wrong), Err(NotReference), "{wrong}");
            assert!(serde_json::from_value::<Reference>(wrong.into()).is_err(), "{wrong}");
        }
    }
}
