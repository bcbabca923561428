//! What travels of passkeys, and of proofs that their owner is there.

use http::PersonalDevice;
use ids::CustomerId;
use secrecy::Secret;
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::AdditionalProperties;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};
use webauthn::{Assertion, CreationOptions, Registration, RequestOptions};

use crate::store::PasskeyRow;

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

/// Proves to be there with one of the password, a passkey, and a code of the authenticator app. The latter only in a session
/// that the password opened.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct StepUpRequest {
    #[schema(value_type = Option<String>, format = Password)]
    pub(in crate::http) password: Option<Secret<String>>,
    /// `AuthenticationResponseJSON`.
    #[schema(value_type = Option<BrowserJson>)]
    pub(in crate::http) credential: Option<Assertion>,
    /// A code of the authenticator app.
    #[schema(value_type = Option<String>)]
    pub(in crate::http) totp: Option<Secret<String>>,
    /// The challenge of the envelope, where the passwords of this request are sealed; see `/api/identity/envelope`.
    pub(in crate::http) sealed_by: Option<String>,
}

/// A passkey, as its owner sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct PasskeyView {
    id: String,
    /// Who keeps it and where it was made, for example `Apple · Safari · iPhone`; empty where neither is known.
    name: PersonalDevice,
    added_at: String,
    /// Missing where it was never used.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used_at: Option<String>,
    /// Whether its keeper copies it to the owner's other devices.
    synced: bool,
}

impl PasskeyView {
    pub(in crate::http) fn of(row: &PasskeyRow, customer: CustomerId) -> Self {
        Self {
            id: row.id.to_string(),
            name: PersonalDevice::new(&row.name).known_to(customer),
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
