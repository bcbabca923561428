//! What travels of mini-programs and embedded pages.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Shown;

/// What the page around asks for (RFC 8693 section 2.1, RFC 9449 section 10).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct TokenExchangeRequest {
    /// `urn:ietf:params:oauth:grant-type:token-exchange`.
    pub(in crate::http) grant_type: String,
    /// `urn:ietf:params:oauth:token-type:access_token`, also where it is left out.
    pub(in crate::http) requested_token_type: Option<String>,
    /// Which mini-program: one of those that are set in `identity.mini_programs`.
    pub(in crate::http) audience: String,
    /// The SHA-256 thumbprint of the page's own public key (RFC 7638), in base64url.
    #[schema(example = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I")]
    pub(in crate::http) dpop_jkt: String,
}

/// A token for the page (RFC 8693 section 2.2).
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct TokenExchangeAnswer {
    /// Goes into `Authorization: DPoP …`, with a proof of the page's key; of no use without it.
    #[schema(value_type = String)]
    pub(in crate::http) access_token: Shown,
    /// `urn:ietf:params:oauth:token-type:access_token`.
    pub(in crate::http) issued_token_type: &'static str,
    /// `DPoP`.
    pub(in crate::http) token_type: &'static str,
    /// Seconds.
    pub(in crate::http) expires_in: u32,
}
