//! What travels of forgotten passwords.

use contracts::identity::Channel;
use http::PersonalDevice;
use ids::StaffId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::store::RecoveryRow;

/// The new password is not set yet: the bank does not know the device, and waits whether the owner refuses.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct RecoveryWaits {
    /// From when the same request, with another code and on the same device, sets the new password.
    pub(in crate::http) ready_at: String,
    /// Until when.
    pub(in crate::http) expires_at: String,
}

/// Somebody waits for a new password of the customer who asks.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct RecoveryView {
    asked_at: String,
    /// From when a new password can be set.
    ready_at: String,
    #[schema(value_type = String, example = "web")]
    channel: Channel,
    /// For example `Chrome · Windows`; empty where the device says nothing known.
    device_name: PersonalDevice,
}

impl RecoveryView {
    /// As `row`'s customer sees it.
    pub(in crate::http) fn of(row: &RecoveryRow) -> Self {
        Self {
            asked_at: row.asked_at.to_string(),
            ready_at: row.ready_at.to_string(),
            channel: row.channel,
            device_name: PersonalDevice::new(&row.device_name).known_to(row.customer),
        }
    }
}

/// What waits, the oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct RecoveryList {
    pub(in crate::http) recoveries: Vec<RecoveryView>,
}

/// The same for staff.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct ConsoleRecovery {
    id: String,
    asked_at: String,
    /// From when a new password can be set.
    ready_at: String,
    expires_at: String,
    #[schema(value_type = String, example = "web")]
    channel: Channel,
    /// `asked`: nobody saw the customer's documents. `vouched`: one did. `confirmed`: two did, and the waiting is over.
    #[schema(value_type = String, example = "asked")]
    state: &'static str,
    /// Whether the one who asks has vouched for it.
    mine: bool,
}

impl ConsoleRecovery {
    pub(in crate::http) fn of(row: &RecoveryRow, asking: StaffId) -> Self {
        Self {
            id: row.id.to_string(),
            asked_at: row.asked_at.to_string(),
            ready_at: row.ready_at.to_string(),
            expires_at: row.expires_at.to_string(),
            channel: row.channel,
            state: match (row.vouched_by, row.confirmed_by) {
                (None, _) => "asked",
                (Some(_), None) => "vouched",
                (Some(_), Some(_)) => "confirmed",
            },
            mine: row.vouched_by == Some(asking) || row.confirmed_by == Some(asking),
        }
    }
}

/// What is held because the SIM of a customer's phone was changed of late.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct NumberHoldView {
    /// Until when, RFC 3339; absent where nothing is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http) until: Option<String>,
}

/// What waits for a new password of one customer, the oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct ConsoleRecoveryList {
    pub(in crate::http) recoveries: Vec<ConsoleRecovery>,
}
