//! A profile that was checked: every field in its one form.

use clock::BusinessDate;
use contracts::customers::{Business, Person, Profile, RegisterRefused};

use super::id_number::{IdNumber, age};
use super::{credit_code, division, name, phone};

/// The most characters of an address.
const ADDRESS_MAX: usize = 200;
/// The most characters of a number of another country or bank.
const FOREIGN_MAX: usize = 60;

/// The profile with every field in its one form, or which field is wrong. `today` bounds the day of birth.
pub(crate) fn check(profile: Profile, today: BusinessDate) -> Result<Profile, RegisterRefused> {
    match profile {
        Profile::Person(person) => check_person(person, today).map(Profile::Person),
        Profile::Business(business) => check_business(business).map(Profile::Business),
    }
}

/// Whether a person is known to be younger than `age_min_years`.
pub(crate) fn is_too_young(profile: &Profile, today: BusinessDate, age_min_years: u8) -> bool {
    match profile {
        Profile::Person(person) => {
            person.born_on.is_some_and(|born_on| age(born_on, today) < i16::from(age_min_years))
        }
        Profile::Business(_) => false,
    }
}

fn check_person(person: Person, today: BusinessDate) -> Result<Person, RegisterRefused> {
    let id_number = match &person.id_number {
        Some(text) => Some(IdNumber::parse(text).ok_or_else(|| invalid("id_number"))?),
        None => None,
    };
    // People taken over from elsewhere may be called as they were called there.
    let name = if id_number.is_some() { name::person(&person.name) } else { name::printable(&person.name) };
    let born_on = match (&id_number, person.born_on) {
        (Some(number), Some(given)) if number.born_on() != given => return Err(invalid("born_on")),
        (Some(number), _) => Some(number.born_on()),
        (None, given) => given,
    };
    if born_on.is_some_and(|born_on| born_on > today) {
        return Err(invalid(if id_number.is_some() { "id_number" } else { "born_on" }));
    }
    if id_number.is_none() && person.foreign_number.is_none() {
        return Err(invalid("id_number"));
    }
    Ok(Person {
        name: name.ok_or_else(|| invalid("name"))?,
        id_number: id_number.map(|number| number.as_str().to_owned()),
        foreign_number: line(person.foreign_number, FOREIGN_MAX, "foreign_number")?,
        phone: check_phone(person.phone)?,
        born_on,
        division: check_division(person.division)?,
        address: line(person.address, ADDRESS_MAX, "address")?,
    })
}

fn check_business(business: Business) -> Result<Business, RegisterRefused> {
    Ok(Business {
        name: name::printable(&business.name).ok_or_else(|| invalid("name"))?,
        credit_code: credit_code::parse(&business.credit_code).ok_or_else(|| invalid("credit_code"))?,
        phone: check_phone(business.phone)?,
        representative: name::person(&business.representative).ok_or_else(|| invalid("representative"))?,
        division: check_division(business.division)?,
        address: line(business.address, ADDRESS_MAX, "address")?,
    })
}

fn check_phone(text: Option<String>) -> Result<Option<String>, RegisterRefused> {
    text.map(|text| phone::normalize(&text).ok_or_else(|| invalid("phone"))).transpose()
}

fn check_division(code: Option<String>) -> Result<Option<String>, RegisterRefused> {
    match code {
        Some(code) if !division::is_known(&code) => Err(invalid("division")),
        code => Ok(code),
    }
}

/// One line of printable text; an empty one is none.
fn line(text: Option<String>, length_max: usize, field: &str) -> Result<Option<String>, RegisterRefused> {
    let Some(text) = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let fits = text.chars().count() <= length_max && !text.chars().any(char::is_control);
    if fits { Ok(Some(text)) } else { Err(invalid(field)) }
}

fn invalid(field: &str) -> RegisterRefused {
    RegisterRefused::Invalid { field: field.to_owned() }
}
