//! Card-style account numbers: 19 digits, the last a Luhn check digit (ISO/IEC 7812-1).

/// Digits of an account number.
pub(crate) const LENGTH: usize = 19;

/// The 19 digits of `text`, where it is an account number; spaces between groups are dropped.
pub(crate) fn parse(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| *c != ' ').collect();
    let valid =
        digits.len() == LENGTH && digits.bytes().all(|byte| byte.is_ascii_digit()) && checksum(&digits) == 0;
    valid.then_some(digits)
}

/// A number that begins with `prefix`, continues with digits taken from `random` and ends with its check digit.
pub(crate) fn compose(prefix: &str, random: u64) -> String {
    let free = LENGTH.saturating_sub(1).saturating_sub(prefix.len());
    let spread = random % 10_u64.saturating_pow(u32::try_from(free).unwrap_or(0));
    let body = format!("{prefix}{spread:0free$}");
    let digit = (10 - checksum(&format!("{body}0"))) % 10;
    format!("{body}{digit}")
}

/// Sum of annex B over all digits, the check digit included, modulo 10: 0 for a valid number.
fn checksum(digits: &str) -> u32 {
    let weigh = |(at, digit): (usize, u32)| if at % 2 == 1 { digit * 2 / 10 + digit * 2 % 10 } else { digit };
    digits.chars().rev().map(|c| c.to_digit(10).unwrap_or(0)).enumerate().map(weigh).sum::<u32>() % 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn composed_numbers_are_valid_and_one_wrong_digit_is_noticed() {
        for random in [0, 1, 999_999_999_999, u64::MAX] {
            let number = compose("628899", random);
            assert_eq!(parse(&number), Some(number.clone()), "{random}");
            for at in 0..LENGTH {
                let mut wrong: Vec<char> = number.chars().collect();
                let digit = wrong[at].to_digit(10).unwrap();
                wrong[at] = char::from_digit((digit + 1) % 10, 10).unwrap();
                assert_eq!(parse(&wrong.into_iter().collect::<String>()), None);
            }
        }
    }

    #[test]
    fn only_nineteen_digits_are_a_number() {
        let number = compose("628899", 42);
        let grouped = format!("{} {} {}", &number[..4], &number[4..8], &number[8..]);
        assert_eq!(parse(&grouped), Some(number.clone()));
        for text in
            ["", "0", "abc", "628899000000000042", &number[1..], &format!("{number}0"), "６２８８９９"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
