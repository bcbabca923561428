//! What travels: countersignatures and emergencies.

use contracts::audit::Subject;
use contracts::identity::EmergencyReason;
use ids::StaffId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::model::countersignature::State;
use crate::service::{CountersignatureSeen, EmergencySeen};

/// Something that takes a second pair of eyes.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct CountersignatureView {
    /// Its id.
    id: String,
    /// `waiting`, `countersigned`, `refused`, `withdrawn`, `used` or `expired`.
    #[schema(value_type = String, example = "waiting")]
    state: State,
    /// Whether it is for whoever looks to decide.
    can_decide: bool,
    /// Whether whoever looks asked for it.
    own: bool,
    /// What is asked: an operation id.
    action: String,
    /// `POST`, `PUT`, `PATCH` or `DELETE`.
    method: String,
    /// The path, with its query where there is one.
    path: String,
    /// Whom it is about, with their names; may be empty.
    about: Vec<AboutView>,
    /// What stands in the request; absent where there is nothing, where it is longer than 16 KiB, and after a month.
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    /// Bytes of the request's body.
    body_bytes: u64,
    /// SHA-256 of the request's body, in hex: a file can be compared with it.
    body_sha256: String,
    /// Who asked, by the name they sign in with; empty where they are of the staff no longer.
    asked_by: String,
    /// When, RFC 3339.
    asked_at: String,
    /// Until when it can be countersigned and then be done, RFC 3339.
    expires_at: String,
    /// Who decided, by the name they sign in with.
    #[serde(skip_serializing_if = "Option::is_none")]
    decided_by: Option<String>,
    /// When, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    decided_at: Option<String>,
}

/// Whom a path names.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct AboutView {
    /// `staff`, `third_party` or `customer`.
    kind: &'static str,
    /// Its id.
    id: String,
    /// What staff and third parties are called in the bank; empty of customers, whose page shows them masked.
    called: String,
}

impl CountersignatureView {
    pub(in crate::http) fn of(seen: &CountersignatureSeen, viewer: StaffId) -> Self {
        let row = &seen.row;
        let called = |subject: Subject| {
            let named = seen.names.iter().find(|(about, _)| *about == subject);
            named.map(|(_, name)| name.clone()).unwrap_or_default()
        };
        let about = |subject: &Subject| {
            let (kind, id) = match subject {
                Subject::Staff(id) => ("staff", id.to_string()),
                Subject::ThirdParty(id) => ("third_party", id.to_string()),
                Subject::Customer(id) => ("customer", id.to_string()),
                _ => return None,
            };
            Some(AboutView { kind, id, called: called(*subject) })
        };
        let (method, path) = row.line.split_once(' ').unwrap_or_default();
        Self {
            id: row.id.to_string(),
            state: seen.state,
            can_decide: seen.can_decide,
            own: row.staff == viewer,
            action: row.action.clone(),
            method: method.to_owned(),
            path: path.to_owned(),
            about: row.subjects.iter().filter_map(about).collect(),
            body: seen.body.clone(),
            body_bytes: row.body_bytes,
            body_sha256: hex::encode(row.body_sha256),
            asked_by: called(Subject::Staff(row.staff)),
            asked_at: row.asked_at.to_string(),
            expires_at: row.expires_at.to_string(),
            decided_by: row.decided.map(|(by, _)| called(Subject::Staff(by))),
            decided_at: row.decided.map(|(_, at)| at.to_string()),
        }
    }
}

/// What waits for a member of staff, what they asked and what they decided of late; the youngest first.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct CountersignatureList {
    pub(in crate::http) countersignatures: Vec<CountersignatureView>,
}

/// Why more than usual has to be done.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct EmergencyRequest {
    /// `outage`, `security_incident`, `customer_harm` or `authority_order`.
    #[schema(value_type = String, example = "outage")]
    pub(in crate::http) reason: EmergencyReason,
    /// Number of the case: a letter, then up to 31 letters, digits and `-`; no more than 8 digits in a row.
    #[schema(example = "CASE-20261127-0012")]
    pub(in crate::http) reference: String,
}

/// What somebody found who looked at an emergency.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct EmergencyReviewRequest {
    /// Whether what was done was right.
    pub(in crate::http) justified: bool,
}

/// An emergency.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct EmergencyView {
    /// Its id.
    id: String,
    /// Whose it is, by the name they sign in with; empty where they are of the staff no longer.
    declared_by: String,
    /// Whether it is that of whoever looks.
    own: bool,
    /// Whether it is the session of whoever looks that may do more than usual.
    here: bool,
    /// `outage`, `security_incident`, `customer_harm` or `authority_order`.
    #[schema(value_type = String, example = "outage")]
    reason: EmergencyReason,
    /// Number of the case.
    reference: String,
    /// The session in which more than usual could be done: what was done in it is in the audit record.
    session: String,
    /// When it began, RFC 3339.
    begun_at: String,
    /// When it ends at the latest, or ended, RFC 3339.
    until: String,
    /// Whether it is over.
    over: bool,
    /// Who looked at it afterwards, by the name they sign in with.
    #[serde(skip_serializing_if = "Option::is_none")]
    reviewed_by: Option<String>,
    /// When, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    reviewed_at: Option<String>,
    /// Whether what was done was right.
    #[serde(skip_serializing_if = "Option::is_none")]
    justified: Option<bool>,
}

impl EmergencyView {
    pub(in crate::http) fn of(seen: &EmergencySeen, viewer: &http::Staff) -> Self {
        let row = &seen.row;
        Self {
            id: row.id.to_string(),
            declared_by: seen.staff_name.clone(),
            own: row.staff == viewer.id,
            here: row.session == viewer.session.id && !seen.is_over,
            reason: row.reason,
            reference: row.reference.as_str().to_owned(),
            session: row.session.to_string(),
            begun_at: row.begun_at.to_string(),
            until: row.ended_at.unwrap_or(row.until).to_string(),
            over: seen.is_over,
            reviewed_by: row.reviewed.map(|_| seen.reviewer_name.clone()),
            reviewed_at: row.reviewed.map(|(_, at, _)| at.to_string()),
            justified: row.reviewed.map(|(.., justified)| justified),
        }
    }
}

/// Emergencies that nobody has looked at, and those of the last 90 days; the youngest first.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct EmergencyList {
    pub(in crate::http) emergencies: Vec<EmergencyView>,
    /// How long one lasts at most, seconds.
    pub(in crate::http) lasts_s: u32,
}
