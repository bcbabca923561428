//! What travels when a customer takes a copy of their data.

use clock::BusinessDate;
use contracts::customers::{Kyc, Profile};
use http::{Customer, PersonalAddress, PersonalBornOn, PersonalIdNumber, PersonalName, PersonalPhone};
use ids::CustomerId;
use serde::Serialize;
use utoipa::ToSchema;

use super::SessionListItem;
use super::devices::DeviceView;
use super::passkeys::PasskeyView;
use super::sign_ins::SignInView;
use super::totp::TotpView;
use crate::service::Exported;

/// Who the customer is, unmasked.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct ProfileCopy {
    /// The customer's id.
    id: String,
    /// `person` or `business`.
    kind: &'static str,
    name: PersonalName,
    /// Identity number or credit code.
    id_number: Option<PersonalIdNumber>,
    /// The number of another country or bank.
    foreign_number: Option<PersonalIdNumber>,
    phone: Option<PersonalPhone>,
    /// Name of the legal representative of a business.
    representative: Option<PersonalName>,
    /// Day of birth.
    born_on: Option<PersonalBornOn>,
    /// Administrative division, six digits (GB/T 2260).
    division: Option<String>,
    /// Street and number.
    address: Option<PersonalAddress>,
    /// `declared`, `verified` or `suspended`.
    kyc: &'static str,
}

impl ProfileCopy {
    /// Whole to `customer`, whose it is.
    fn of(customer: CustomerId, profile: Profile, kyc: Kyc) -> Self {
        let kyc = match kyc {
            Kyc::Declared => "declared",
            Kyc::Verified => "verified",
            Kyc::Suspended => "suspended",
        };
        let number = |text: String| PersonalIdNumber::new(text).known_to(customer);
        let phone = |text: String| PersonalPhone::new(text).known_to(customer);
        let address = |text: String| PersonalAddress::new(text).known_to(customer);
        let born_on = |day: BusinessDate| PersonalBornOn::new(day.to_string()).known_to(customer);
        let (id, name) = (customer.to_string(), PersonalName::of(&profile).known_to(customer));
        match profile {
            Profile::Person(person) => Self {
                id,
                kind: "person",
                name,
                id_number: person.id_number.map(number),
                foreign_number: person.foreign_number.map(number),
                phone: person.phone.map(phone),
                representative: None,
                born_on: person.born_on.map(born_on),
                division: person.division,
                address: person.address.map(address),
                kyc,
            },
            Profile::Business(business) => Self {
                id,
                kind: "business",
                name,
                id_number: Some(number(business.credit_code)),
                foreign_number: None,
                phone: business.phone.map(phone),
                representative: Some(PersonalName::new(business.representative).known_to(customer)),
                born_on: None,
                division: business.division,
                address: business.address.map(address),
                kyc,
            },
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
    /// The authenticator app; missing where there is none. Its secret is not handed out again.
    #[serde(skip_serializing_if = "Option::is_none")]
    totp: Option<TotpView>,
    sessions: Vec<SessionListItem>,
    /// The newest first.
    sign_ins: Vec<SignInView>,
}

impl ExportView {
    pub(in crate::http) fn of(exported: Exported, asking: &Customer, exported_at: String) -> Self {
        let (customer, session) = (asking.id, &asking.session);
        let device = |one| DeviceView::of(one, session.device, customer);
        Self {
            exported_at,
            profile: ProfileCopy::of(customer, exported.profile, exported.kyc),
            devices: exported.devices.iter().map(device).collect(),
            passkeys: exported.passkeys.iter().map(|one| PasskeyView::of(one, customer)).collect(),
            totp: exported.totp.as_ref().map(TotpView::of),
            sessions: exported
                .sessions
                .iter()
                .map(|one| SessionListItem::of(one, session, customer))
                .collect(),
            sign_ins: exported.sign_ins.iter().map(|one| SignInView::of(one, customer)).collect(),
        }
    }
}
