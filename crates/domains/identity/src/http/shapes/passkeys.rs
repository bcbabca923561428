//! What travels of passkeys, of devices and of the history of sign-ins.

use secrecy::Secret;
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::AdditionalProperties;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};
use webauthn::{Assertion, CreationOptions, Registration, RequestOptions};

use crate::store::{KnownDevice, PasskeyRow, SignInRow};

/// JSON that Web Authentication describes and a browser reads or writes.
pub(in crate::http) struct BrowserJson;

impl PartialSchema for BrowserJson {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().additional_properties(Some(AdditionalProperties::FreeForm(true))).into()
    }
}

impl ToSchema for BrowserJson {}

/// What a browser needs to use a passkey: `PublicKeyCredential.parseRequestOptionsFromJSON`.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct PasskeyRequest {
    /// `PublicKeyCredentialRequestOptionsJSON` of Web Authentication Level 3.
    #[schema(value_type = BrowserJson)]
    pub(in crate::http) public_key: RequestOptions,
}

/// What a browser needs to make a passkey: `PublicKeyCredential.parseCreationOptionsFromJSON`.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct PasskeyCreation {
    /// `PublicKeyCredentialCreationOptionsJSON` of Web Authentication Level 3.
    #[schema(value_type = BrowserJson)]
    pub(in crate::http) public_key: CreationOptions,
}

/// The answer of a passkey.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct PasskeySigned {
    /// `AuthenticationResponseJSON`: what `PublicKeyCredential.toJSON` gives.
    #[schema(value_type = BrowserJson)]
    pub(in crate::http) credential: Assertion,
}

/// A passkey that was made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct PasskeyMade {
    /// `RegistrationResponseJSON`: what `PublicKeyCredential.toJSON` gives.
    #[schema(value_type = BrowserJson)]
    pub(in crate::http) credential: Registration,
}

/// Proves to be there with either the password or a passkey.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct StepUpRequest {
    #[schema(value_type = Option<String>, format = Password)]
    pub(in crate::http) password: Option<Secret<String>>,
    /// `AuthenticationResponseJSON`.
    #[schema(value_type = Option<BrowserJson>)]
    pub(in crate::http) credential: Option<Assertion>,
}

/// A passkey, as its owner sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct PasskeyView {
    id: String,
    /// Who keeps it and where it was made, for example `Apple · Safari · iPhone`; empty where neither is known.
    name: String,
    added_at: String,
    /// Missing where it was never used.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used_at: Option<String>,
    /// Whether its keeper copies it to the owner's other devices.
    synced: bool,
}

impl PasskeyView {
    pub(in crate::http) fn of(row: &PasskeyRow) -> Self {
        Self {
            id: row.id.to_string(),
            name: row.name.clone(),
            added_at: row.added_at.to_string(),
            last_used_at: row.last_used_at.map(|at| at.to_string()),
            synced: row.backed_up,
        }
    }
}

/// A customer's passkeys, the oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct PasskeyList {
    pub(in crate::http) passkeys: Vec<PasskeyView>,
}

/// A device that signed the customer in.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct DeviceView {
    id: String,
    /// For example `Chrome · Windows`; empty where it says nothing known.
    name: String,
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
    pub(in crate::http) fn of(known: &KnownDevice, current: ids::DeviceId) -> Self {
        Self {
            id: known.device.to_string(),
            name: known.name.clone(),
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

/// Which page of sign-ins.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
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
    /// `sign_up`, `password`, `code`, `passkey`.
    #[schema(value_type = String, example = "passkey")]
    method: crate::model::method::Method,
    refused: bool,
    #[schema(value_type = String, example = "app")]
    channel: contracts::identity::Channel,
    /// For example `Chrome · Windows`; empty where the device says nothing known.
    device_name: String,
}

impl SignInView {
    pub(in crate::http) fn of(row: &SignInRow) -> Self {
        Self {
            id: row.id.to_string(),
            at: row.at.to_string(),
            method: row.method,
            refused: row.refused,
            channel: row.channel,
            device_name: row.device_name.clone(),
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
