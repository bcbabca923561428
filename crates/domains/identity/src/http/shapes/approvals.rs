//! What travels of approvals.

use contracts::identity::Channel;
use http::{Customer, PersonalDevice, PersonalText};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::passkeys::BrowserJson;
use crate::model::approval::State;
use crate::service::ApprovalSeen;

/// Something that waits for the customer's approval, or did.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct ApprovalView {
    id: String,
    /// The text that is signed, in JSON: `what`, `payee`, `account`, `amount`, `currency`, `from`, `order`, `nonce`,
    /// `expires_at`. Show what stands in it and nothing else.
    act: PersonalText,
    /// `waiting`, `approved`, `refused`, `expired` or `used`.
    #[schema(value_type = String, example = "waiting")]
    state: &'static str,
    asked_at: String,
    expires_at: String,
    /// Where it was ordered.
    device_name: PersonalDevice,
    #[schema(value_type = String, example = "web")]
    channel: Channel,
    /// Whether it was ordered in the session that asks.
    current: bool,
}

impl ApprovalView {
    pub(in crate::http) fn of(seen: &ApprovalSeen, asking: &Customer) -> Self {
        let row = &seen.row;
        Self {
            id: row.id.to_string(),
            act: PersonalText::new(&seen.act).known_to(asking.id),
            state: match row.state {
                State::Waiting | State::Approved if seen.is_over => "expired",
                State::Waiting => "waiting",
                State::Approved => "approved",
                State::Refused => "refused",
                State::Used => "used",
            },
            asked_at: row.asked_at.to_string(),
            expires_at: row.expires_at.to_string(),
            device_name: PersonalDevice::new(&row.device_name).known_to(asking.id),
            channel: row.channel,
            current: row.session == asking.session.id,
        }
    }
}

/// What waits, the oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct ApprovalList {
    pub(in crate::http) approvals: Vec<ApprovalView>,
}

/// The answer of a passkey over an approval.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct ApprovalSigned {
    /// `AuthenticationResponseJSON`: what `PublicKeyCredential.toJSON` gives.
    #[schema(value_type = BrowserJson)]
    pub(in crate::http) credential: serde_json::Value,
}
