//! Audit: the record of who did what, which nobody can alter unnoticed.

use async_trait::async_trait;
use clock::Timestamp;
use ids::{AccountId, CustomerId, DeviceId, EventId, SessionId, StaffId, TransferId};
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
}

/// The record of who did what.
#[async_trait]
pub trait Audit: Send + Sync {
    /// Records acts, and answers when they are durable. The same id again changes nothing.
    ///
    /// # Errors
    /// [`Unavailable`]: tell them again.
    async fn append(&self, acts: Vec<Act>) -> Result<(), Unavailable>;
}

far! {
    Audit = "audit": FarAudit, AuditDesk;
    again append(acts: Vec<Act>) -> (), Unavailable;
}
