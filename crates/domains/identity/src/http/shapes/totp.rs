//! What travels of a customer's authenticator app.

use secrecy::Secret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Shown;
use crate::service::TotpShown;
use crate::store::TotpRow;

/// An authenticator app that is in force.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct TotpView {
    added_at: String,
    /// Missing where none of its codes was used since.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used_at: Option<String>,
}

impl TotpView {
    pub(in crate::http) fn of(row: &TotpRow) -> Self {
        Self { added_at: row.added_at.to_string(), last_used_at: row.last_used_at.map(|at| at.to_string()) }
    }
}

/// Whether a customer has an authenticator app.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct TotpState {
    /// Missing where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http) totp: Option<TotpView>,
}

/// A secret for an authenticator app, shown once.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct TotpSecret {
    /// What an app reads from a QR code: `otpauth://totp/…`.
    #[schema(value_type = String)]
    uri: Shown,
    /// The secret in base 32 (RFC 4648), where it is typed.
    #[schema(value_type = String)]
    secret: Shown,
    /// Seconds for which it can be confirmed.
    good_for_s: u32,
}

impl From<&TotpShown> for TotpSecret {
    fn from(shown: &TotpShown) -> Self {
        Self { uri: Shown::from(&shown.uri), secret: Shown::from(&shown.typed), good_for_s: shown.good_for_s }
    }
}

/// A code that the app shows.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct TotpConfirmation {
    /// Six digits.
    #[schema(value_type = String, example = "123456")]
    pub(in crate::http) code: Secret<String>,
}
