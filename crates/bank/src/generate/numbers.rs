//! Identity numbers, credit codes and phones that are valid in form and belong to nobody by intent.

use clock::BusinessDate;

use super::dice::Dice;

/// Weights of GB 11643-1999 (ISO/IEC 7064 MOD 11-2).
const ID_WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// Check characters of GB 11643-1999 by remainder.
const ID_CHECKS: &str = "10X98765432";
/// Characters of GB 32100-2015 in the order of their values.
const CODE_ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
/// Weights of GB 32100-2015: powers of three modulo 31.
const CODE_WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
/// Weights of an organization code inside it (GB 11714-1997).
const ORGANIZATION_WEIGHTS: [usize; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// A resident identity number (GB 11643-1999): `serial` 0..=499 makes it unique in a division and day.
pub(super) fn id_number(division: &str, born_on: BusinessDate, serial: u64, woman: bool) -> String {
    let date = born_on.date();
    let sequence = serial % 500 * 2 + u64::from(!woman);
    let body = format!("{division}{:04}{:02}{:02}{sequence:03}", date.year(), date.month(), date.day());
    let sum: u32 = body.chars().zip(ID_WEIGHTS).map(|(c, weight)| c.to_digit(10).unwrap_or(0) * weight).sum();
    let check = ID_CHECKS.chars().nth(usize::try_from(sum % 11).unwrap_or(0)).unwrap_or('0');
    format!("{body}{check}")
}

/// A unified social credit code (GB 32100-2015) of an enterprise registered with the market regulator (`91`).
/// `serial` makes it unique.
pub(super) fn credit_code(division: &str, serial: u64, dice: &mut Dice) -> String {
    // Seven digits of serial behind a drawn character: organizations never collide.
    let organization = format!("M{}{:06}", dice.below(10), serial % 1_000_000);
    let sum: usize =
        organization.chars().zip(ORGANIZATION_WEIGHTS).map(|(c, weight)| long_value(c) * weight).sum();
    let organization_check = match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from_digit(u32::try_from(digit).unwrap_or(0), 10).unwrap_or('0'),
    };
    let body = format!("91{division}{organization}{organization_check}");
    let sum: usize = body.chars().zip(CODE_WEIGHTS).map(|(c, weight)| code_value(c) * weight).sum();
    let check = CODE_ALPHABET.chars().nth((31 - sum % 31) % 31).unwrap_or('0');
    format!("{body}{check}")
}

/// A mobile number of valid shape in 154, a range that no operator has been given; `serial` makes it unique.
pub(super) fn phone(serial: u64, offset: u64) -> String {
    // 61,803,399 has no factor in common with 10⁸: each serial has its own number.
    format!("154{:08}", (serial % 100_000_000 * 61_803_399 + offset % 100_000_000) % 100_000_000)
}

fn code_value(c: char) -> usize {
    CODE_ALPHABET.chars().position(|known| known == c).unwrap_or(0)
}

/// Digits count as themselves, A as 10 up to Z as 35 (GB 11714-1997).
fn long_value(c: char) -> usize {
    usize::try_from(c.to_digit(36).unwrap_or(0)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_characters_follow_the_standards() {
        // The worked examples of GB 11643-1999 and GB 32100-2015.
        let born_on = "1949-12-31".parse().unwrap();
        assert_eq!(id_number("110105", born_on, 1, true), "11010519491231002X");
        let sum: usize =
            "91350100M000100Y4".chars().zip(CODE_WEIGHTS).map(|(c, weight)| code_value(c) * weight).sum();
        assert_eq!(CODE_ALPHABET.chars().nth((31 - sum % 31) % 31), Some('3'));
    }

    #[test]
    fn phones_differ() {
        let mut phones: Vec<String> = (0..5_000).map(|serial| phone(serial, 77)).collect();
        phones.sort();
        phones.dedup();
        assert_eq!(phones.len(), 5_000);
        assert!(phones.iter().all(|phone| phone.len() == 11));
    }
}
