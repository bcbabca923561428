//! Resident identity number (GB 11643-1999): division, day of birth, sequence, check character.

use clock::BusinessDate;

use super::division;

/// Weights of the first 17 digits (GB 11643-1999, table 1; ISO/IEC 7064 MOD 11-2).
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// Check characters by remainder.
const CHECKS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];

/// A number that can exist.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct IdNumber {
    text: String,
    born_on: BusinessDate,
}

impl IdNumber {
    /// Reads a number; spaces around it and a small `x` are forgiven. `None` where it cannot exist: wrong length,
    /// wrong check character, a division or day that does not exist, a birth before 1850.
    #[must_use]
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_uppercase();
        let body = text.get(..17)?;
        let given = text.get(17..)?;
        let fits = check_character(body)?.to_string() == given && division::is_of_person(body.get(..6)?);
        let number = |from: usize, until: usize| body.get(from..until)?.parse::<i16>().ok();
        let (year, month, day) = (number(6, 10)?, number(10, 12)?, number(12, 14)?);
        let born_on =
            BusinessDate::from_ymd(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
        (fits && year >= 1850).then_some(Self { text, born_on })
    }

    /// The 18 characters.
    #[must_use]
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Day of birth.
    #[must_use]
    pub(crate) const fn born_on(&self) -> BusinessDate {
        self.born_on
    }
}

/// The check character that completes 17 digits; `None` where they are not 17 digits.
#[must_use]
pub(crate) fn check_character(body: &str) -> Option<char> {
    let digits: Option<Vec<u32>> = body.chars().map(|c| c.to_digit(10)).collect();
    let digits = digits.filter(|digits| digits.len() == WEIGHTS.len())?;
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    CHECKS.get(usize::try_from(sum % 11).ok()?).copied()
}

/// Completed years at `today`.
pub(crate) fn age(born_on: BusinessDate, today: BusinessDate) -> i16 {
    let (born, today) = (born_on.date(), today.date());
    let before_birthday = (today.month(), today.day()) < (born.month(), born.day());
    today.year() - born.year() - i16::from(before_birthday)
}
