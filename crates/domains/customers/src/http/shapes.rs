//! What customers look like on the wire: to themselves, and to staff.

use contracts::customers::{Kyc, Profile};
use http::{Lang, PersonalAddress, PersonalBornOn, PersonalIdNumber, PersonalName, PersonalPhone};
use serde::Serialize;
use utoipa::ToSchema;

use crate::model::division;
use crate::service::Known;

/// A customer as they see themselves.
#[derive(Serialize, ToSchema)]
pub(super) struct CustomerView {
    /// The customer's id.
    id: String,
    /// `person` or `business`.
    kind: &'static str,
    /// Full name.
    name: PersonalName,
    /// Identity number or credit code, masked.
    masked_id_number: Option<PersonalIdNumber>,
    /// Phone, masked.
    masked_phone: Option<PersonalPhone>,
    /// `declared`, `verified` or `suspended`.
    kyc: &'static str,
    /// Day of birth.
    born_on: Option<PersonalBornOn>,
    /// Administrative division, six digits (GB/T 2260).
    division: Option<String>,
    /// Its first level in the caller's language.
    division_name: Option<String>,
    /// Street and number.
    address: Option<PersonalAddress>,
}

/// A customer as staff see them: masked.
#[derive(Serialize, ToSchema)]
pub(super) struct MaskedCustomerView {
    /// The customer's id.
    id: String,
    /// `person` or `business`.
    kind: &'static str,
    /// Name, masked.
    masked_name: PersonalName,
    /// Phone, masked.
    masked_phone: Option<PersonalPhone>,
    /// Identity number or credit code, masked.
    masked_id_number: Option<PersonalIdNumber>,
    /// Day of birth of a person, masked.
    masked_born_on: Option<PersonalBornOn>,
    /// Street and number, masked.
    masked_address: Option<PersonalAddress>,
    /// Legal representative of a business, masked.
    masked_representative: Option<PersonalName>,
    /// `declared`, `verified` or `suspended`.
    kyc: &'static str,
    /// Administrative division, six digits (GB/T 2260).
    division: Option<String>,
    /// Its first level in the caller's language.
    division_name: Option<String>,
    /// When the bank came to know them, UTC.
    registered_at: String,
}

/// Customers found.
#[derive(Serialize, ToSchema)]
pub(super) struct CustomersFound {
    /// Oldest first; may be empty.
    pub(super) customers: Vec<MaskedCustomerView>,
}

impl CustomerView {
    pub(super) fn of(known: &Known, lang: Lang) -> Self {
        let (division, division_name) = division_of(&known.profile, lang);
        Self {
            id: known.id.to_string(),
            kind: kind(&known.profile),
            name: PersonalName::of(&known.profile).known_to(known.id),
            masked_id_number: number(&known.profile).map(PersonalIdNumber::new),
            masked_phone: known.profile.phone().map(PersonalPhone::new),
            kyc: kyc(known.kyc),
            born_on: born_on(&known.profile).map(|day| day.known_to(known.id)),
            division,
            division_name,
            address: address(&known.profile).map(|address| address.known_to(known.id)),
        }
    }
}

impl MaskedCustomerView {
    pub(super) fn of(known: &Known, lang: Lang) -> Self {
        let (division, division_name) = division_of(&known.profile, lang);
        Self {
            id: known.id.to_string(),
            kind: kind(&known.profile),
            masked_name: PersonalName::of(&known.profile),
            masked_phone: known.profile.phone().map(PersonalPhone::new),
            masked_id_number: number(&known.profile).map(PersonalIdNumber::new),
            masked_born_on: born_on(&known.profile),
            masked_address: address(&known.profile),
            masked_representative: representative(&known.profile),
            kyc: kyc(known.kyc),
            division,
            division_name,
            registered_at: known.registered_at.to_string(),
        }
    }
}

fn born_on(profile: &Profile) -> Option<PersonalBornOn> {
    match profile {
        Profile::Person(person) => person.born_on.map(|day| PersonalBornOn::new(day.to_string())),
        Profile::Business(_) => None,
    }
}

fn address(profile: &Profile) -> Option<PersonalAddress> {
    let address = match profile {
        Profile::Person(person) => person.address.as_deref(),
        Profile::Business(business) => business.address.as_deref(),
    };
    address.map(PersonalAddress::new)
}

fn representative(profile: &Profile) -> Option<PersonalName> {
    match profile {
        Profile::Person(_) => None,
        Profile::Business(business) => {
            let name = &business.representative;
            Some(PersonalName::masked_as(name, secrecy::mask::name(name)))
        }
    }
}

fn division_of(profile: &Profile, lang: Lang) -> (Option<String>, Option<String>) {
    let code = match profile {
        Profile::Person(person) => person.division.clone(),
        Profile::Business(business) => business.division.clone(),
    };
    let name = code.as_deref().and_then(division::names).map(|(zh, en)| match lang {
        Lang::Chinese => zh.to_owned(),
        Lang::English => en.to_owned(),
    });
    (code, name)
}

/// Identity number, credit code, or the number of another bank.
pub(super) fn number(profile: &Profile) -> Option<&str> {
    match profile {
        Profile::Person(person) => person.id_number.as_deref().or(person.foreign_number.as_deref()),
        Profile::Business(business) => Some(&business.credit_code),
    }
}

const fn kind(profile: &Profile) -> &'static str {
    match profile {
        Profile::Person(_) => "person",
        Profile::Business(_) => "business",
    }
}

const fn kyc(kyc: Kyc) -> &'static str {
    match kyc {
        Kyc::Declared => "declared",
        Kyc::Verified => "verified",
        Kyc::Suspended => "suspended",
    }
}
