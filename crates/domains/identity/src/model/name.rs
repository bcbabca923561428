//! The name somebody signs in with: a mobile number or a customer number; and names of staff.

/// The form in which a sign-in name is hashed and looked up: without blanks and hyphens, lower case. A number
/// written with the country code of China is the same number without it.
pub(crate) fn normalize(name: &str) -> String {
    let text: String = name
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .flat_map(char::to_lowercase)
        .take(64)
        .collect();
    match text.strip_prefix("+86") {
        Some(rest) if is_phone(rest) => rest.to_owned(),
        _ => text,
    }
}

/// A mobile number in China: 11 digits from 13 to 19.
pub(crate) fn is_phone(text: &str) -> bool {
    text.len() == 11
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && text.starts_with('1')
        && text.as_bytes().get(1).is_some_and(|second| *second >= b'3')
}

/// The normal form of a staff name, 2..=40 of `a-z 0-9 . _ -` beginning with a letter; `None` for anything else.
pub(crate) fn staff(name: &str) -> Option<String> {
    let name = name.trim().to_ascii_lowercase();
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-');
    let begins = name.starts_with(|c: char| c.is_ascii_lowercase());
    ((2..=40).contains(&name.len()) && begins && name.chars().all(allowed)).then_some(name)
}
