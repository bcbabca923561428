//! Emergencies: a member of staff does for a while what is done in emergencies alone, and others look at it afterwards.

use clock::Timestamp;
use ids::{EmergencyId, SessionId, StaffId};
use serde::{Deserialize, Serialize};

use crate::audit::Reference;

/// Why a member of staff needs to do more than usual.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmergencyReason {
    /// A part of the bank does not work.
    Outage,
    /// Somebody attacks, or an account of staff or a third party is in wrong hands.
    SecurityIncident,
    /// A customer is about to lose money.
    CustomerHarm,
    /// A court or an authority orders it now.
    AuthorityOrder,
}

/// How far an emergency is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmergencyStage {
    /// A member of staff may do more than usual from now on.
    Begun,
    /// No longer, before its time.
    Ended,
    /// Another looked at what was done, and it was right.
    Justified,
    /// Another looked at what was done, and it was not.
    Unjustified,
}

/// News: a member of staff does what is done in emergencies alone. Topic [`EMERGENCY_CHANGED`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmergencyChanged {
    /// Which.
    pub emergency: EmergencyId,
    /// How far.
    pub stage: EmergencyStage,
    /// Whose it is.
    pub staff: StaffId,
    /// In which session.
    pub session: SessionId,
    /// Who brought it there.
    pub by: StaffId,
    /// Why.
    pub reason: EmergencyReason,
    /// For which case.
    pub reference: Reference,
    /// Until when.
    pub until: Timestamp,
}

/// The topic of [`EmergencyChanged`].
pub const EMERGENCY_CHANGED: &str = "identity.emergency_changed";
