//! What travels of signing in by scanning a code.

use contracts::identity::Channel;
use http::PersonalDevice;
use ids::CustomerId;
use secrecy::Secret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Shown;
use crate::service::ScanAsked;

/// A code to show: `<page of the bank>/scan#<code>`.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct ScanCode {
    pub(in crate::http) id: String,
    /// To be shown to the customer and to nobody else.
    #[schema(value_type = String)]
    pub(in crate::http) code: Shown,
    /// Seconds for which it is good.
    pub(in crate::http) expires_in_s: u32,
}

/// How far a scan is.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct ScanProgress {
    /// `open`: nobody has read the code. `scanned`: a phone has.
    #[schema(value_type = String, example = "open")]
    pub(in crate::http) state: &'static str,
    /// Once it is scanned: the number that the owner of the phone is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http) number: Option<u8>,
}

/// A phone has read a code.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct ScanTaken {
    #[schema(value_type = String)]
    pub(in crate::http) code: Secret<String>,
}

/// Which page asks to be signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct ScanView {
    id: String,
    #[schema(value_type = String, example = "web")]
    channel: Channel,
    /// For example `Chrome · Windows`; empty where the device says nothing known.
    device_name: PersonalDevice,
    /// Whether it is in the network of the phone.
    same_network: bool,
}

impl ScanView {
    /// As `customer` sees it, whose phone has read the code.
    pub(in crate::http) fn of(asked: &ScanAsked, customer: CustomerId) -> Self {
        Self {
            id: asked.id.to_string(),
            channel: asked.channel,
            device_name: PersonalDevice::new(&asked.device_name).known_to(customer),
            same_network: asked.same_network,
        }
    }
}

/// The owner of the phone approves.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct ScanApproval {
    /// The number that the page shows, 10 to 99.
    #[schema(minimum = 10, maximum = 99)]
    pub(in crate::http) number: u8,
}
