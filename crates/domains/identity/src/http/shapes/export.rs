//! What travels when a customer takes a copy of their data.

use contracts::customers::{Business, Kyc, Person, Profile};
use contracts::identity::Session;
use serde::Serialize;
use utoipa::ToSchema;

use super::SessionListItem;
use super::devices::DeviceView;
use super::passkeys::PasskeyView;
use super::sign_ins::SignInView;
use crate::service::Exported;

/// Who the customer is, unmasked.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct ProfileCopy {
    /// The customer's id.
    id: String,
    /// `person` or `business`.
    kind: &'static str,
    name: String,
    /// Identity number or credit code.
    id_number: Option<String>,
    /// The number of another country or bank.
    foreign_number: Option<String>,
    phone: Option<String>,
    /// Name of the legal representative of a business.
    representative: Option<String>,
    /// Day of birth.
    born_on: Option<String>,
    /// Administrative division, six digits (GB/T 2260).
    division: Option<String>,
    /// Street and number.
    address: Option<String>,
    /// `declared`, `verified` or `suspended`.
    kyc: &'static str,
}

impl ProfileCopy {
    fn of(id: String, profile: Profile, kyc: Kyc) -> Self {
        let kyc = match kyc {
            Kyc::Declared => "declared",
            Kyc::Verified => "verified",
            Kyc::Suspended => "suspended",
        };
        match profile {
            Profile::Person(person) => {
                let Person { name, id_number, foreign_number, phone, born_on, division, address } = person;
                let (kind, born_on) = ("person", born_on.map(|day| day.to_string()));
                let representative = None;
                Self {
                    id,
                    kind,
                    name,
                    id_number,
                    foreign_number,
                    phone,
                    representative,
                    born_on,
                    division,
                    address,
                    kyc,
                }
            }
            Profile::Business(business) => {
                let Business { name, credit_code, phone, representative, division, address } = business;
                Self {
                    id,
                    kind: "business",
                    name,
                    id_number: Some(credit_code),
                    foreign_number: None,
                    phone,
                    representative: Some(representative),
                    born_on: None,
                    division,
                    address,
                    kyc,
                }
            }
        }
    }
}

/// A copy of what the bank knows of a customer and of how they came in. Accounts, movements, payees and consents are
/// answered by their own routes.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct ExportView {
    /// When it was made, UTC.
    exported_at: String,
    profile: ProfileCopy,
    devices: Vec<DeviceView>,
    passkeys: Vec<PasskeyView>,
    sessions: Vec<SessionListItem>,
    /// The newest first.
    sign_ins: Vec<SignInView>,
}

impl ExportView {
    pub(in crate::http) fn of(
        exported: Exported,
        session: &Session,
        id: String,
        exported_at: String,
    ) -> Self {
        Self {
            exported_at,
            profile: ProfileCopy::of(id, exported.profile, exported.kyc),
            devices: exported.devices.iter().map(|one| DeviceView::of(one, session.device)).collect(),
            passkeys: exported.passkeys.iter().map(PasskeyView::of).collect(),
            sessions: exported.sessions.iter().map(|one| SessionListItem::of(one, session)).collect(),
            sign_ins: exported.sign_ins.iter().map(SignInView::of).collect(),
        }
    }
}
