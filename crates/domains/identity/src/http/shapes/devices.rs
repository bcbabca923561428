//! What travels of devices.

use http::PersonalDevice;
use ids::{CustomerId, DeviceId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::store::KnownDevice;

/// A device that signed the customer in.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct DeviceView {
    id: String,
    /// For example `Chrome · Windows`; empty where it says nothing known.
    name: PersonalDevice,
    first_seen_at: String,
    /// When it last signed the customer in.
    last_seen_at: String,
    /// `trusted`: its key is a factor. `bound`: it proves to be there with a key. `known`: by a cookie alone.
    #[schema(value_type = String, example = "trusted")]
    trust: &'static str,
    /// Whether it is the one that asks.
    current: bool,
}

impl DeviceView {
    pub(in crate::http) fn of(known: &KnownDevice, current: DeviceId, customer: CustomerId) -> Self {
        Self {
            id: known.device.to_string(),
            name: PersonalDevice::new(&known.name).known_to(customer),
            first_seen_at: known.first_at.to_string(),
            last_seen_at: known.last_at.to_string(),
            trust: match (known.key, known.trusted_at) {
                (Some(_), Some(_)) => "trusted",
                (Some(_), None) => "bound",
                (None, _) => "known",
            },
            current: known.device == current,
        }
    }
}

/// A customer's devices, the last used first.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct DeviceList {
    pub(in crate::http) devices: Vec<DeviceView>,
}
