//! What a page hands to the browser: the options of sections 5.4 and 5.5, in their JSON (5.1).

use std::fmt;

use serde::Serialize;

use crate::{RelyingParty, base64url};

/// `PublicKeyCredentialCreationOptionsJSON`: asks for a new passkey, found without a user name, the user verified.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreationOptions {
    rp: Party,
    user: User,
    challenge: String,
    pub_key_cred_params: [Parameters; 3],
    timeout: u32,
    exclude_credentials: Vec<Descriptor>,
    authenticator_selection: Selection,
    attestation: &'static str,
}

/// `PublicKeyCredentialRequestOptionsJSON`: asks for a signature by a known passkey, the user verified.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestOptions {
    challenge: String,
    timeout: u32,
    rp_id: String,
    allow_credentials: Vec<Descriptor>,
    user_verification: &'static str,
}

#[derive(Clone, PartialEq, Eq, Serialize)]
struct Party {
    id: String,
    name: String,
}

#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct User {
    id: String,
    name: String,
    display_name: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
struct Parameters {
    #[serde(rename = "type")]
    kind: &'static str,
    alg: i32,
}

#[derive(Clone, PartialEq, Eq, Serialize)]
struct Descriptor {
    id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    transports: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Selection {
    resident_key: &'static str,
    /// The word of Level 1 for the same; older browsers know no other (5.4.4).
    require_resident_key: bool,
    user_verification: &'static str,
}

impl fmt::Debug for CreationOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreationOptions").finish_non_exhaustive()
    }
}

impl fmt::Debug for RequestOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestOptions").finish_non_exhaustive()
    }
}

impl CreationOptions {
    /// Asks for a passkey for a user: `user_handle` of 1 to 64 bytes that say nothing about the person (14.6.1), the
    /// names that the authenticator shows, a challenge of 16 bytes at least. `exclude` are the credentials, with
    /// the ways to them, that the user has already; it may be empty. After `timeout_ms` the browser gives up.
    #[must_use]
    pub fn new(
        relying_party: &RelyingParty,
        user_handle: &[u8],
        user_name: &str,
        display_name: &str,
        challenge: &[u8],
        exclude: &[(Vec<u8>, Vec<String>)],
        timeout_ms: u32,
    ) -> Self {
        Self {
            rp: Party { id: relying_party.id().to_owned(), name: relying_party.name().to_owned() },
            user: User {
                id: base64url::encode(user_handle),
                name: user_name.to_owned(),
                display_name: display_name.to_owned(),
            },
            challenge: base64url::encode(challenge),
            pub_key_cred_params: [-7, -8, -257].map(|alg| Parameters { kind: "public-key", alg }),
            timeout: timeout_ms,
            exclude_credentials: descriptors(exclude),
            authenticator_selection: Selection {
                resident_key: "required",
                require_resident_key: true,
                user_verification: "required",
            },
            attestation: "none",
        }
    }
}

impl RequestOptions {
    /// Asks for a signature over a challenge of 16 bytes at least. `allow` are the credentials, with the ways to them,
    /// that may sign; where it is empty, any passkey for this relying party may. After `timeout_ms` the browser gives
    /// up.
    #[must_use]
    pub fn new(
        relying_party: &RelyingParty,
        challenge: &[u8],
        allow: &[(Vec<u8>, Vec<String>)],
        timeout_ms: u32,
    ) -> Self {
        Self {
            challenge: base64url::encode(challenge),
            timeout: timeout_ms,
            rp_id: relying_party.id().to_owned(),
            allow_credentials: descriptors(allow),
            user_verification: "required",
        }
    }
}

fn descriptors(credentials: &[(Vec<u8>, Vec<String>)]) -> Vec<Descriptor> {
    let descriptor = |(id, transports): &(Vec<u8>, Vec<String>)| Descriptor {
        id: base64url::encode(id),
        kind: "public-key",
        transports: transports.clone(),
    };
    credentials.iter().map(descriptor).collect()
}
