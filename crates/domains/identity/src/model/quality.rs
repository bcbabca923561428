//! Which passwords and PINs are too easily guessed.

/// Why a password or PIN is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weakness {
    /// Passwords have 8 to 64 characters.
    Length,
    /// Letters only, digits only, or less than four different characters.
    Uniform,
    /// It is on the list of what everybody tries first.
    Common,
    /// It holds the phone number, the identity number or the birthday.
    Personal,
    /// A PIN has six digits.
    NotSixDigits,
    /// A PIN such as 123456, 111111, 121212 or 112233.
    Pattern,
}

/// What of a person must not be in a secret.
#[derive(Default)]
pub(crate) struct About<'a> {
    pub(crate) phone: Option<&'a str>,
    pub(crate) id_number: Option<&'a str>,
    /// `YYYYMMDD`.
    pub(crate) born: Option<String>,
}

/// What everybody tries first, beyond what the other rules catch; lower case.
const COMMON: [&str; 22] = [
    "password1",
    "password12",
    "password123",
    "passw0rd",
    "p@ssw0rd",
    "qwerty123",
    "qwer1234",
    "asdf1234",
    "zxcv1234",
    "abc12345",
    "abcd1234",
    "abc123456",
    "a1234567",
    "a12345678",
    "a123456789",
    "aa123456",
    "1q2w3e4r",
    "1qaz2wsx",
    "q1w2e3r4",
    "admin123",
    "woaini1314",
    "yuanhang1",
];

/// Whether `password` may be used.
pub(crate) fn password(password: &str, about: &About<'_>) -> Result<(), Weakness> {
    let count = password.chars().count();
    if !(8..=64).contains(&count) {
        return Err(Weakness::Length);
    }
    let kinds: [fn(char) -> bool; 4] = [
        |c| c.is_lowercase(),
        |c| c.is_uppercase(),
        |c| c.is_numeric(),
        |c| !c.is_alphanumeric() || (c.is_alphabetic() && !c.is_lowercase() && !c.is_uppercase()),
    ];
    let mixed = kinds.iter().filter(|kind| password.chars().any(**kind)).count();
    let different: std::collections::BTreeSet<char> = password.chars().collect();
    if mixed < 2 || different.len() < 4 {
        return Err(Weakness::Uniform);
    }
    let lower = password.to_lowercase();
    if COMMON.contains(&lower.as_str()) {
        return Err(Weakness::Common);
    }
    let personal = [about.phone, about.id_number].into_iter().flatten().any(|number| {
        let number = number.to_lowercase();
        let tail = number.get(number.len().saturating_sub(8)..).unwrap_or_default();
        tail.len() == 8 && lower.contains(tail)
    });
    if personal { Err(Weakness::Personal) } else { Ok(()) }
}

/// Pairs of digits in the order in which people like them, beyond repetition and sequence.
const COMMON_PINS: [&str; 14] = [
    "520131", "131420", "147258", "258369", "159357", "357159", "159753", "147369", "168888", "666888",
    "888666", "112358", "314159", "100200",
];

/// Whether `pin` may be used.
pub(crate) fn pin(pin: &str, about: &About<'_>) -> Result<(), Weakness> {
    let digits: Vec<i16> =
        pin.chars().filter_map(|c| c.to_digit(10)).filter_map(|d| i16::try_from(d).ok()).collect();
    if digits.len() != 6 || pin.len() != 6 {
        return Err(Weakness::NotSixDigits);
    }
    let steps: Vec<i16> =
        digits.iter().zip(digits.iter().skip(1)).map(|(a, b)| (b - a).rem_euclid(10)).collect();
    // 111111, 123456, 987654, 135791: one step throughout.
    let even = steps.windows(2).all(|pair| pair.first() == pair.last());
    // 121212, 123123: a part repeated.
    let repeated =
        [2, 3].iter().any(|period| digits.iter().zip(digits.iter().skip(*period)).all(|(a, b)| a == b));
    // 112233, 665544: pairs in sequence; 123321: there and back.
    let pairs = steps.iter().step_by(2).all(|step| *step == 0)
        && steps.iter().skip(1).step_by(2).collect::<std::collections::BTreeSet<_>>().len() == 1;
    let mirrored =
        digits.iter().eq(digits.iter().rev()) && steps.first().zip(steps.get(1)).is_some_and(|(a, b)| a == b);
    // 111222: two halves of one digit each.
    let halves = digits.chunks(3).all(|half| half.iter().all(|digit| Some(digit) == half.first()));
    if even || repeated || pairs || mirrored || halves || COMMON_PINS.contains(&pin) {
        return Err(Weakness::Pattern);
    }
    if personal_pins(about).iter().any(|guess| guess == pin) { Err(Weakness::Personal) } else { Ok(()) }
}

/// The six digits that somebody who found the wallet tries.
fn personal_pins(about: &About<'_>) -> Vec<String> {
    let mut guesses = Vec::new();
    for number in [about.phone, about.id_number].into_iter().flatten() {
        let digits = number.trim_end_matches(['X', 'x']);
        guesses.extend(digits.get(..6).map(str::to_owned));
        guesses.extend(digits.len().checked_sub(6).and_then(|at| digits.get(at..)).map(str::to_owned));
    }
    let born = about.born.clone().or_else(|| about.id_number.and_then(|n| n.get(6..14)).map(str::to_owned));
    if let Some(born) = born
        && let (Some(year), Some(short), Some(month), Some(day)) =
            (born.get(..4), born.get(2..4), born.get(4..6), born.get(6..8))
    {
        guesses.extend([
            format!("{short}{month}{day}"),
            format!("{day}{month}{short}"),
            format!("{month}{day}{short}"),
            format!("{year}{month}"),
            format!("{month}{year}"),
        ]);
    }
    guesses
}
