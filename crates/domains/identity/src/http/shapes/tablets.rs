//! What travels: tablets that stand in branches.

use secrecy::Secret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Shown;
use crate::service::TabletGiven;
use crate::store::TabletRow;

/// A tablet to register.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NewTabletRequest {
    /// Where it stands, as customers see it; at most 40 characters, and no other one's.
    #[schema(example = "虹口支行 2 号柜台")]
    pub(in crate::http) name: String,
}

/// The code that was given for this tablet is typed in at it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct TabletClaim {
    /// With or without its hyphens.
    #[schema(value_type = String, example = "7K2QD-90TZM-4XBWA-C5RHE")]
    pub(in crate::http) code: Secret<String>,
}

/// The page is that of this tablet from now on.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct TabletClaimed {
    /// Where it stands.
    pub(in crate::http) name: String,
}

/// All tablets, by name.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct TabletList {
    pub(in crate::http) tablets: Vec<TabletView>,
}

/// A tablet.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct TabletView {
    /// UUID; that of the device in the record.
    id: String,
    /// Where it stands.
    name: String,
    /// Whether its code was typed in.
    in_use: bool,
    /// Until when it can be, RFC 3339.
    code_expires_at: String,
    /// When it was registered, RFC 3339.
    added_at: String,
    /// The member of staff who did it, a UUID.
    added_by: String,
}

impl From<TabletRow> for TabletView {
    fn from(row: TabletRow) -> Self {
        Self {
            id: row.id.to_string(),
            name: row.name,
            in_use: row.key.is_some(),
            code_expires_at: row.code_expires_at.to_string(),
            added_at: row.added_at.to_string(),
            added_by: row.added_by.to_string(),
        }
    }
}

/// A tablet that was registered, with its code, which is shown once.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct TabletAdded {
    tablet: TabletView,
    #[schema(value_type = String, example = "7K2QD-90TZM-4XBWA-C5RHE")]
    code: Shown,
}

impl From<TabletGiven> for TabletAdded {
    fn from(TabletGiven { tablet, code }: TabletGiven) -> Self {
        Self { tablet: tablet.into(), code: Shown::from(&code) }
    }
}
