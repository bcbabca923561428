//! Encodings of the web: percent signs, entities, Base64.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use sha1::{Digest as _, Sha1};

/// Padding may be there or not, and may be wrong: what an application takes, a rule looks at.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The value of two hexadecimal digits.
pub(super) fn hex_pair(high: Option<&u8>, low: Option<&u8>) -> Option<u8> {
    Some((digit(*high?)? << 4) | digit(*low?)?)
}

pub(super) fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// Four hexadecimal digits.
pub(super) fn hex_four(bytes: &[u8]) -> Option<u16> {
    let [one, two, three, four, ..] = bytes else { return None };
    let high = hex_pair(Some(one), Some(two))?;
    let low = hex_pair(Some(three), Some(four))?;
    Some(u16::from_be_bytes([high, low]))
}

/// `%41` and `+`; what is no valid escape stays.
pub(crate) fn url(value: &[u8]) -> Option<Vec<u8>> {
    memchr::memchr2(b'%', b'+', value)?;
    let mut decoded = Vec::with_capacity(value.len());
    let mut at = 0;
    while let Some(byte) = value.get(at) {
        at += 1;
        match byte {
            b'+' => decoded.push(b' '),
            b'%' => match hex_pair(value.get(at), value.get(at + 1)) {
                Some(byte) => {
                    decoded.push(byte);
                    at += 2;
                }
                None => decoded.push(b'%'),
            },
            _ => decoded.push(*byte),
        }
    }
    Some(decoded)
}

/// Whether each `%` is followed by two hexadecimal digits.
pub(crate) fn url_valid(value: &[u8]) -> bool {
    memchr::memchr_iter(b'%', value).all(|at| hex_pair(value.get(at + 1), value.get(at + 2)).is_some())
}

/// As [`url`], and `%uXXXX` as well.
pub(super) fn url_unicode(value: &[u8]) -> Option<Vec<u8>> {
    memchr::memchr2(b'%', b'+', value)?;
    let mut decoded = Vec::with_capacity(value.len());
    let mut at = 0;
    while let Some(byte) = value.get(at) {
        at += 1;
        match byte {
            b'+' => decoded.push(b' '),
            b'%' if matches!(value.get(at), Some(b'u' | b'U')) => {
                match value.get(at + 1..).and_then(hex_four) {
                    Some(unit) => {
                        push_code_unit(&mut decoded, unit);
                        at += 5;
                    }
                    None => decoded.push(b'%'),
                }
            }
            b'%' => match hex_pair(value.get(at), value.get(at + 1)) {
                Some(byte) => {
                    decoded.push(byte);
                    at += 2;
                }
                None => decoded.push(b'%'),
            },
            _ => decoded.push(*byte),
        }
    }
    Some(decoded)
}

/// What an application that knows ASCII alone would make of a character: itself, or the letter that it is a wide form of.
/// Others stay what they are. ModSecurity keeps their low byte instead, which makes a quotation mark of 丧 (U+4E27):
/// Chinese would be taken for an attack, and no part of the house reads it so.
pub(super) fn push_code_unit(decoded: &mut Vec<u8>, unit: u16) {
    match unit {
        0..=0xff => decoded.push(unit.to_be_bytes()[1]),
        0xff01..=0xff5e => decoded.push((unit - 0xfee0).to_be_bytes()[1]),
        0x2018 | 0x2019 | 0x02bc | 0x2032 => decoded.push(b'\''),
        0x201c | 0x201d | 0x2033 => decoded.push(b'"'),
        0x2044 | 0x2215 => decoded.push(b'/'),
        0x2039 | 0x2329 => decoded.push(b'<'),
        0x203a | 0x232a => decoded.push(b'>'),
        _ => {
            let letter = char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER);
            decoded.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }
}

/// Characters beyond ASCII as `%uXXXX`.
pub(super) fn utf8_to_unicode(value: &[u8]) -> Option<Vec<u8>> {
    if value.is_ascii() {
        return None;
    }
    let mut written = Vec::with_capacity(value.len() * 2);
    for chunk in value.utf8_chunks() {
        for letter in chunk.valid().chars() {
            if letter.is_ascii() {
                written.extend(u8::try_from(letter));
                continue;
            }
            let code = u32::from(letter);
            written.extend_from_slice(b"%u");
            let digits = if code > 0xffff { 5 } else { 4 };
            for at in (0..digits).rev() {
                let nibble = (code >> (4 * at)) & 0xf;
                written.extend(char::from_digit(nibble, 16).and_then(|digit| u8::try_from(digit).ok()));
            }
        }
        written.extend_from_slice(chunk.invalid());
    }
    Some(written)
}

/// `&lt;`, `&#60;`, `&#x3c;`, with or without the semicolon.
pub(super) fn html_entities(value: &[u8]) -> Option<Vec<u8>> {
    memchr::memchr(b'&', value)?;
    let mut decoded = Vec::with_capacity(value.len());
    let mut at = 0;
    while let Some(byte) = value.get(at) {
        at += 1;
        let entity = (*byte == b'&').then(|| value.get(at..).and_then(html_entity)).flatten();
        match entity {
            Some((code, length)) => {
                match u16::try_from(code) {
                    Ok(unit @ 0..=0xff) => decoded.push(unit.to_be_bytes()[1]),
                    Ok(unit) => push_code_unit(&mut decoded, unit),
                    Err(_) => decoded.push(b'?'),
                }
                at += length;
                at += usize::from(value.get(at) == Some(&b';'));
            }
            None => decoded.push(*byte),
        }
    }
    Some(decoded)
}

/// The character after `&`, and how many bytes name it.
fn html_entity(rest: &[u8]) -> Option<(u32, usize)> {
    let number = |digits: &[u8], radix: u32| {
        let length = digits.iter().take_while(|byte| char::from(**byte).is_digit(radix)).count();
        let text = std::str::from_utf8(digits.get(..length)?).ok()?;
        // However many zeros stand before it.
        let code = u32::from_str_radix(text.trim_start_matches('0'), radix).unwrap_or_default();
        (length > 0).then_some((code, length))
    };
    match rest {
        [b'#', b'x' | b'X', digits @ ..] => number(digits, 16).map(|(code, length)| (code, length + 2)),
        [b'#', digits @ ..] => number(digits, 10).map(|(code, length)| (code, length + 1)),
        _ => {
            let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
            let code = match rest.get(..length)?.to_ascii_lowercase().as_slice() {
                b"quot" => 0x22,
                b"amp" => 0x26,
                b"lt" => 0x3c,
                b"gt" => 0x3e,
                b"nbsp" => 0xa0,
                // Rules look for the names of others.
                _ => return None,
            };
            Some((code, length))
        }
    }
}

pub(super) fn base64(value: &[u8]) -> Vec<u8> {
    let letters: Vec<u8> = value
        .iter()
        .copied()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
        .collect();
    let whole = letters.len() - usize::from(letters.len() % 4 == 1);
    letters.get(..whole).and_then(|letters| LENIENT.decode(letters).ok()).unwrap_or_default()
}

pub(super) fn hex(value: &[u8]) -> Vec<u8> {
    value.chunks_exact(2).map_while(|pair| hex_pair(pair.first(), pair.get(1))).collect()
}

pub(super) fn sha1(value: &[u8]) -> Vec<u8> {
    Sha1::digest(value).to_vec()
}
