//! What travels: third parties and their tokens.

use contracts::identity::{Principal, Scope, Session};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Shown;
use crate::service::ThirdPartySeen;
use crate::store::ThirdPartyKeyRow;

/// What a program asks for (RFC 6749 section 4.4, RFC 7523 section 2.2).
#[derive(Deserialize, ToSchema)]
pub(in crate::http) struct TokenRequest {
    /// `client_credentials`.
    pub(in crate::http) grant_type: String,
    /// `urn:ietf:params:oauth:client-assertion-type:jwt-bearer`.
    pub(in crate::http) client_assertion_type: Option<String>,
    /// A JWT signed with a registered key: `iss` and `sub` the id of the third party, `aud` the bank, `exp`, `jti`.
    pub(in crate::http) client_assertion: Option<String>,
    /// The id of the third party; may be left out.
    pub(in crate::http) client_id: Option<String>,
    /// Words with spaces between; left out: all that it is registered for.
    pub(in crate::http) scope: Option<String>,
}

/// A token (RFC 6749 section 5.1, RFC 9449 section 5).
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct TokenAnswer {
    /// Goes into `Authorization: DPoP …`, with a proof of the same key.
    #[schema(value_type = String)]
    pub(in crate::http) access_token: Shown,
    /// `DPoP`.
    pub(in crate::http) token_type: &'static str,
    /// Seconds.
    pub(in crate::http) expires_in: u32,
    /// What it is good for, words with spaces between.
    pub(in crate::http) scope: String,
}

/// A session of a third party.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct ThirdPartySession {
    /// Which third party.
    third_party: String,
    /// `payee_check`, `rates`, `phone_channel`.
    scopes: Vec<&'static str>,
    /// When it ends, RFC 3339.
    expires_at: String,
}

impl ThirdPartySession {
    pub(in crate::http) fn of(session: &Session) -> Option<Self> {
        let Principal::ThirdParty(id, scopes) = &session.principal else { return None };
        Some(Self {
            third_party: id.to_string(),
            scopes: words(scopes),
            expires_at: session.expires_at.to_string(),
        })
    }
}

/// A third party to register.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NewThirdPartyRequest {
    /// Its name, at most 60 characters; no other one's.
    pub(in crate::http) name: String,
    /// `payee_check`, `rates`, `phone_channel`; at least one.
    #[schema(value_type = Vec<String>)]
    pub(in crate::http) scopes: Vec<Scope>,
    /// Its public key: a JSON Web Key of P-256.
    pub(in crate::http) key: String,
}

/// A further key.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NewKeyRequest {
    /// A JSON Web Key of P-256, public.
    pub(in crate::http) key: String,
}

/// All third parties, by name.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct ThirdPartyList {
    pub(in crate::http) third_parties: Vec<ThirdPartyView>,
}

/// A third party.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct ThirdPartyView {
    /// UUID; also its `client_id`.
    id: String,
    /// Its name.
    name: String,
    /// What it is registered for.
    scopes: Vec<&'static str>,
    /// When it was registered, RFC 3339.
    added_at: String,
    /// The member of staff who did it, a UUID.
    added_by: String,
    /// Its keys, the oldest first.
    keys: Vec<ThirdPartyKeyView>,
    /// The last time that it asked for a token; absent where it never did.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_asked_at: Option<String>,
    /// Whether that was refused.
    last_refused: bool,
}

/// A key of a third party.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct ThirdPartyKeyView {
    /// Its SHA-256 thumbprint (RFC 7638), base64url.
    thumbprint: String,
    /// When it was registered, RFC 3339.
    added_at: String,
}

impl From<ThirdPartySeen> for ThirdPartyView {
    fn from(seen: ThirdPartySeen) -> Self {
        let ThirdPartySeen { row, keys, last } = seen;
        let key = |ThirdPartyKeyRow { key, added_at, .. }: &ThirdPartyKeyRow| ThirdPartyKeyView {
            thumbprint: key.thumbprint().to_string(),
            added_at: added_at.to_string(),
        };
        Self {
            id: row.id.to_string(),
            name: row.name,
            scopes: words(&row.scopes),
            added_at: row.added_at.to_string(),
            added_by: row.added_by.to_string(),
            keys: keys.iter().map(key).collect(),
            last_refused: last.as_ref().is_some_and(|last| last.refused),
            last_asked_at: last.map(|last| last.at.to_string()),
        }
    }
}

fn words(scopes: &[Scope]) -> Vec<&'static str> {
    scopes.iter().map(|scope| scope.word()).collect()
}
