//! Unified social credit code (GB 32100-2015): registrar, category, division, organization, check character.

use super::division;

/// The characters in the order of their values 0..=30: no I, O, S, V, Z.
const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
/// Registrars (GB 32100-2015, table 2, with amendment 1).
const REGISTRARS: &str = "123456789ANY";
/// Weights: powers of three modulo 31.
const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/// A code that can exist, in upper case; `None` for any other text.
pub(crate) fn parse(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_uppercase();
    let (body, given) = (text.get(..17)?, text.get(17..)?);
    let fits = check_character(body)?.to_string() == given
        && body.starts_with(|c| REGISTRARS.contains(c))
        && division::is_of_business(body.get(2..8)?);
    fits.then_some(text)
}

/// The check character that completes 17 characters; `None` where they are not 17 characters of the alphabet.
#[must_use]
pub(crate) fn check_character(body: &str) -> Option<char> {
    let values: Option<Vec<usize>> = body.chars().map(|c| ALPHABET.find(c)).collect();
    let values = values.filter(|values| values.len() == WEIGHTS.len())?;
    let sum: usize = values.iter().zip(WEIGHTS).map(|(value, weight)| value * weight).sum();
    ALPHABET.chars().nth((31 - sum % 31) % 31)
}
