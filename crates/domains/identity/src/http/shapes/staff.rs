//! What travels of the bank's people: signing in to the console, enrolling, the list.

use contracts::identity::{Role, Session};
use secrecy::Secret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use webauthn::Registration;

use super::Shown;
use super::passkeys::BrowserJson;
use crate::service::{Given, StaffEntry, StaffSeen};
use crate::store::StaffRow;

/// In which ways staff sign in, besides a passkey.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct StaffSignInWays {
    /// With a password: in a demonstration.
    pub(in crate::http) password: bool,
}

/// Signs a member of staff in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct StaffSignInRequest {
    pub(in crate::http) name: String,
    #[schema(value_type = String, format = Password)]
    pub(in crate::http) password: Secret<String>,
}

/// Begins to register a passkey.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct EnrollmentBeginRequest {
    pub(in crate::http) name: String,
    /// The enrollment code, with or without its hyphens.
    #[schema(value_type = String, example = "7K2QD-90TZM-4XBWA-C5RHE")]
    pub(in crate::http) code: Secret<String>,
}

/// Registers the passkey that was made, and signs its owner in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct EnrollmentRequest {
    pub(in crate::http) name: String,
    /// The enrollment code, with or without its hyphens.
    #[schema(value_type = String)]
    pub(in crate::http) code: Secret<String>,
    /// `RegistrationResponseJSON`: what `PublicKeyCredential.toJSON` gives.
    #[schema(value_type = BrowserJson)]
    pub(in crate::http) credential: Registration,
}

/// What a member of staff may do; each role includes the one before.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::http) enum StaffRole {
    /// Sees customers and accounts, masked.
    Viewer,
    /// Serves customers: freezes and unfreezes with a reason.
    Operator,
    /// Runs the bank: staff, business date, ledger verification.
    Administrator,
}

impl From<StaffRole> for Role {
    fn from(role: StaffRole) -> Self {
        match role {
            StaffRole::Viewer => Self::Viewer,
            StaffRole::Operator => Self::Operator,
            StaffRole::Administrator => Self::Administrator,
        }
    }
}

impl From<Role> for StaffRole {
    fn from(role: Role) -> Self {
        match role {
            Role::Viewer => Self::Viewer,
            Role::Operator => Self::Operator,
            Role::Administrator => Self::Administrator,
        }
    }
}

/// Somebody to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NewStaffRequest {
    /// 2 to 40 of `a-z 0-9 . _ -`, beginning with a letter.
    pub(in crate::http) name: String,
    pub(in crate::http) role: StaffRole,
}

/// How a member of staff comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::http) enum StaffEntryKind {
    /// With a passkey.
    Passkey,
    /// With an enrollment code that was not used yet.
    Code,
    /// With a password, in a demonstration.
    Password,
    /// Not at all: the code was not used in time.
    None,
}

/// A member of staff.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct StaffView {
    id: String,
    name: String,
    role: StaffRole,
    /// When the account was made; in the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<String>,
    /// How they come in; in the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    entry: Option<StaffEntryKind>,
    /// Until when the code is good, where `entry` is `code`.
    #[serde(skip_serializing_if = "Option::is_none")]
    code_expires_at: Option<String>,
    /// When the session ends at the latest; for the one who is signed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<String>,
    /// Only where the session was just opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    token: Option<Shown>,
}

impl StaffView {
    pub(in crate::http) fn listed(seen: &StaffSeen) -> Self {
        Self::with_entry(&seen.row, seen.entry)
    }

    fn with_entry(staff: &StaffRow, entry: StaffEntry) -> Self {
        let (entry, code_expires_at) = match entry {
            StaffEntry::Passkey => (StaffEntryKind::Passkey, None),
            StaffEntry::Code(until) => (StaffEntryKind::Code, Some(until.to_string())),
            StaffEntry::Password => (StaffEntryKind::Password, None),
            StaffEntry::None => (StaffEntryKind::None, None),
        };
        Self {
            id: staff.id.to_string(),
            name: staff.name.clone(),
            role: staff.role.into(),
            created_at: Some(staff.added_at.to_string()),
            entry: Some(entry),
            code_expires_at,
            expires_at: None,
            token: None,
        }
    }

    pub(in crate::http) fn signed_in(
        staff: &StaffRow,
        session: &Session,
        token: Option<&Secret<String>>,
    ) -> Self {
        Self {
            id: staff.id.to_string(),
            name: staff.name.clone(),
            role: staff.role.into(),
            created_at: None,
            entry: None,
            code_expires_at: None,
            expires_at: Some(session.expires_at.to_string()),
            token: token.map(Shown::from),
        }
    }
}

/// A member of staff, and the code with which they register a passkey. It is not shown again.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct StaffEnrollmentView {
    staff: StaffView,
    #[schema(value_type = String, example = "7K2QD-90TZM-4XBWA-C5RHE")]
    code: Shown,
    /// Until when it is good.
    expires_at: String,
}

impl StaffEnrollmentView {
    pub(in crate::http) fn of(staff: &StaffRow, given: &Given) -> Self {
        Self {
            staff: StaffView::with_entry(staff, StaffEntry::Code(given.expires_at)),
            code: Shown::from(&given.code),
            expires_at: given.expires_at.to_string(),
        }
    }
}

/// Everybody who may sign in to the console, by name.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct StaffList {
    pub(in crate::http) staff: Vec<StaffView>,
}
