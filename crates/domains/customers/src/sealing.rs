//! Between a profile in the clear and its sealed row.

use clock::{BusinessDate, Timestamp};
use contracts::customers::{Business, Kyc, Person, Profile};
use ids::CustomerId;
use keys::{DataKey, Keys};
use serde::{Deserialize, Serialize};

use crate::error::Failed;
use crate::model::name;
use crate::store::{Hashes, Kind, NewRow, Row};

const NAME: &str = "customers.name";
const NUMBER: &str = "customers.number";
const PHONE: &str = "customers.phone";
const DETAILS: &str = "customers.details";
const FOREIGN: &str = "customers.foreign";
const CONTENT: &str = "customers.content";

/// What is neither shown in lists nor searched for, sealed as one.
#[derive(Serialize, Deserialize)]
struct Details {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    foreign_number: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    born_on: Option<BusinessDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    division: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    representative: Option<String>,
}

impl Details {
    fn of(profile: &Profile) -> Self {
        match profile.clone() {
            Profile::Person(Person { foreign_number, born_on, division, address, .. }) => {
                Self { foreign_number, born_on, division, address, representative: None }
            }
            Profile::Business(Business { division, address, representative, .. }) => Self {
                foreign_number: None,
                born_on: None,
                division,
                address,
                representative: Some(representative),
            },
        }
    }
}

fn number(profile: &Profile) -> Option<&str> {
    match profile {
        Profile::Person(person) => person.id_number.as_deref(),
        Profile::Business(business) => Some(&business.credit_code),
    }
}

/// The hashes of a checked profile.
pub(crate) fn hashes(keys: &Keys, profile: &Profile) -> Hashes {
    let foreign = match profile {
        Profile::Person(person) => person.foreign_number.as_deref(),
        Profile::Business(_) => None,
    };
    // Writing strings and dates as JSON cannot fail; an empty text would only make a repetition look different.
    let content = serde_json::to_vec(profile).unwrap_or_default();
    Hashes {
        name: name_hash(keys, profile.name()),
        number: number(profile).map(|number| number_hash(keys, number)),
        phone: profile.phone().map(|phone| phone_hash(keys, phone)),
        foreign: foreign.map(|foreign| foreign_hash(keys, foreign)),
        content: keys.mac(CONTENT, &content),
    }
}

/// The hash of a normalized phone.
pub(crate) fn phone_hash(keys: &Keys, phone: &str) -> [u8; 32] {
    keys.index(PHONE, phone)
}

/// The hash of a normalized identity number or credit code.
pub(crate) fn number_hash(keys: &Keys, number: &str) -> [u8; 32] {
    keys.index(NUMBER, number)
}

/// The hash of a name in its comparable form.
pub(crate) fn name_hash(keys: &Keys, text: &str) -> [u8; 32] {
    keys.index(NAME, &name::comparable(text))
}

/// The hash of a number of another country or bank.
pub(crate) fn foreign_hash(keys: &Keys, number: &str) -> [u8; 32] {
    keys.index(FOREIGN, number)
}

/// A checked profile as the row to be stored.
pub(crate) fn seal(
    key: &DataKey,
    id: CustomerId,
    profile: &Profile,
    kyc: Kyc,
    hashes: Hashes,
    registered_at: Timestamp,
) -> NewRow {
    let details = serde_json::to_vec(&Details::of(profile)).unwrap_or_default();
    let row = Row {
        id,
        kind: match profile {
            Profile::Person(_) => Kind::Person,
            Profile::Business(_) => Kind::Business,
        },
        kyc,
        name: key.seal(NAME, profile.name().as_bytes()),
        number: number(profile).map(|number| key.seal(NUMBER, number.as_bytes())),
        phone: profile.phone().map(|phone| key.seal(PHONE, phone.as_bytes())),
        details: key.seal(DETAILS, &details),
        registered_at,
    };
    NewRow { row, hashes }
}

/// The profile of a stored row.
pub(crate) fn open(key: &DataKey, row: &Row) -> Result<Profile, Failed> {
    let damaged = |what| Failed::Damaged { id: row.id, what };
    let text = |field: &'static str, sealed: &[u8]| -> Result<String, Failed> {
        String::from_utf8(key.open(field, sealed)?).map_err(|_| damaged(field))
    };
    let details: Details =
        serde_json::from_slice(&key.open(DETAILS, &row.details)?).map_err(|_| damaged(DETAILS))?;
    let name = text(NAME, &row.name)?;
    let number = row.number.as_deref().map(|sealed| text(NUMBER, sealed)).transpose()?;
    let phone = row.phone.as_deref().map(|sealed| text(PHONE, sealed)).transpose()?;
    let Details { foreign_number, born_on, division, address, representative } = details;
    Ok(match row.kind {
        Kind::Person => Profile::Person(Person {
            name,
            id_number: number,
            foreign_number,
            phone,
            born_on,
            division,
            address,
        }),
        Kind::Business => Profile::Business(Business {
            name,
            credit_code: number.ok_or_else(|| damaged(NUMBER))?,
            phone,
            representative: representative.ok_or_else(|| damaged(DETAILS))?,
            division,
            address,
        }),
    })
}
