//! What travels of the history of sign-ins.

use contracts::identity::Channel;
use http::PersonalDevice;
use ids::CustomerId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::model::method::Method;
use crate::model::place::Place;
use crate::store::SignInRow;

/// Which page of sign-ins.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct SignInsAsked {
    /// Those before this one.
    pub(in crate::http) before: Option<String>,
}

/// Somebody signed in, or was refused.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct SignInView {
    id: String,
    at: String,
    /// `sign_up`, `password`, `password_and_code`, `password_and_totp`, `password_alone`, `code`, `passkey`, `scan`,
    /// `call_pin`, `call_approval`.
    #[schema(value_type = String, example = "passkey")]
    method: Method,
    refused: bool,
    #[schema(value_type = String, example = "app")]
    channel: Channel,
    /// For example `Chrome · Windows`; empty where the device says nothing known.
    device_name: PersonalDevice,
    /// Where from, as far as the bank knows of the address: ISO 6709, for example `+31.23+121.47/`.
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<String>,
}

impl SignInView {
    pub(in crate::http) fn of(row: &SignInRow, customer: CustomerId) -> Self {
        Self {
            id: row.id.to_string(),
            at: row.at.to_string(),
            method: row.method,
            refused: row.refused,
            channel: row.channel,
            device_name: PersonalDevice::new(&row.device_name).known_to(customer),
            place: row.place.map(Place::iso_6709),
        }
    }
}

/// The newest sign-ins, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct SignInList {
    pub(in crate::http) sign_ins: Vec<SignInView>,
    /// Ask for those before this one, where there are more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http) next: Option<String>,
}
