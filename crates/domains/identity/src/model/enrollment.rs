//! Enrollment codes: with one, a member of staff registers a passkey.

/// Letters and digits that nobody takes for one another (Crockford's base 32).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Five bits each: a hundred in all.
const LENGTH: usize = 20;
const GROUP: usize = 5;

/// A code as it is read and typed, in four groups: `7K2QD-…`. Of each random byte five bits are taken.
pub(crate) fn code(random: [u8; LENGTH]) -> String {
    let letter = |byte: &u8| ALPHABET.get(usize::from(byte % 32)).copied().map(char::from);
    let groups = random.chunks(GROUP).map(|group| group.iter().filter_map(letter).collect::<String>());
    groups.collect::<Vec<_>>().join("-")
}

/// The form in which a code is hashed: however it was typed, with or without its hyphens. `None` for what cannot be one.
pub(crate) fn normalize(typed: &str) -> Option<String> {
    let meant = |typed: char| match typed.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let mut letters = String::with_capacity(LENGTH);
    for typed in typed.chars().filter(|typed| !typed.is_whitespace() && *typed != '-') {
        let letter = meant(typed);
        if letters.len() == LENGTH || !ALPHABET.iter().any(|known| char::from(*known) == letter) {
            return None;
        }
        letters.push(letter);
    }
    (letters.len() == LENGTH).then_some(letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_known_however_it_is_typed() {
        let code = code([0, 1, 33, 10, 31, 18, 19, 20, 21, 22, 0, 1, 2, 3, 4, 255, 254, 253, 252, 251]);
        assert_eq!(code, "011AZ-JKMNP-01234-ZYXWV");
        let plain = Some("011AZJKMNP01234ZYXWV".to_owned());
        for typed in [code.as_str(), " 011az jkmnp 01234 zyxwv\n", "OilAZ-JKMNP-O1234-ZYXWV"] {
            assert_eq!(normalize(typed), plain, "{typed}");
        }
        for typed in
            ["", "011AZ-JKMNP-01234-ZYXW", "011AZ-JKMNP-01234-ZYXWVV", "011AZ-JKMNP-01234-ZYXWU", "登记码"]
        {
            assert_eq!(normalize(typed), None, "{typed}");
        }
    }
}
