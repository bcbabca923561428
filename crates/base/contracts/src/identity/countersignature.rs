//! Countersignatures: what takes two pairs of eyes is asked by one member of staff and countersigned by another.

use async_trait::async_trait;
use clock::Timestamp;
use ids::{CountersignatureId, SessionId, StaffId};
use serde::{Deserialize, Serialize};

use crate::Unavailable;
use crate::audit::Subject;
use crate::discreet::discreet;
use crate::far::far;

/// What a member of staff asks that is done only once another has countersigned it: one request, to the byte.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountersignatureOrder {
    /// Who asks.
    pub staff: StaffId,
    /// In which session.
    pub session: SessionId,
    /// What: the operation id of the route.
    pub action: String,
    /// Of which service.
    pub service: String,
    /// What its path names; may be empty.
    pub subjects: Vec<Subject>,
    /// Method and path, with the query where there is one: `DELETE /api/identity/console/staff/0198…`.
    pub line: String,
    /// SHA-256 of the body, 64 hexadecimal digits.
    pub body_sha256: String,
    /// Bytes of the body.
    pub body_bytes: u64,
    /// The body, for whoever countersigns to read; `None` where it is long, or no text.
    pub body: Option<String>,
}

/// What a countersignature is worth to an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum CountersignatureUse {
    /// Another has countersigned; it is used up by this order.
    Countersigned {
        /// Which.
        id: CountersignatureId,
        /// Who did.
        by: StaffId,
    },
    /// Nobody has decided yet. The same order again asks for nothing new.
    Waiting {
        /// Which.
        id: CountersignatureId,
        /// Until when it can be given and used.
        expires_at: Timestamp,
    },
    /// Another has refused. It is said once; the same order again asks anew.
    Refused {
        /// Which.
        id: CountersignatureId,
        /// Who did.
        by: StaffId,
    },
}

/// What takes a second pair of eyes. A contract of its own: every process that serves staff asks it, and may ask nothing else
/// of the bank's identities.
#[async_trait]
pub trait Countersignatures: Send + Sync {
    /// Uses the countersignature of this order where another member of staff gave it, and asks for one otherwise.
    ///
    /// # Errors
    /// [`Unavailable`]: it may have been used; then it is asked for anew.
    async fn use_countersignature(
        &self,
        order: CountersignatureOrder,
    ) -> Result<CountersignatureUse, Unavailable>;
}

/// How far something is that takes a second pair of eyes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountersignatureStage {
    /// A member of staff asked for it.
    Asked,
    /// Another countersigned.
    Countersigned,
    /// Another refused.
    Refused,
    /// Whoever asked took it back.
    Withdrawn,
    /// It was used: what was asked was begun.
    Used,
}

/// News: something that takes a second pair of eyes came further. Topic [`COUNTERSIGNATURE_CHANGED`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountersignatureChanged {
    /// Which.
    pub countersignature: CountersignatureId,
    /// How far.
    pub stage: CountersignatureStage,
    /// Who brought it there.
    pub staff: StaffId,
    /// In which session.
    pub session: SessionId,
    /// What was asked: an operation id.
    pub action: String,
    /// What it is about; may be empty.
    pub subjects: Vec<Subject>,
}

/// The topic of [`CountersignatureChanged`].
pub const COUNTERSIGNATURE_CHANGED: &str = "identity.countersignature_changed";

discreet! {
    CountersignatureOrder { staff, session, action, service, body_sha256, body_bytes }
}

far! {
    Countersignatures = "countersignatures": FarCountersignatures, CountersignaturesDesk;
    once use_countersignature(order: CountersignatureOrder) -> CountersignatureUse, Unavailable;
}
