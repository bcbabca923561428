//! Escapes of programming languages: JavaScript, CSS, C.

use super::decode::{digit, hex_four, hex_pair, push_code_unit};

/// Up to three octal digits after a backslash, below 256, and how many they are.
fn octal(rest: &[u8]) -> Option<(u8, usize)> {
    let digits: Vec<u8> =
        rest.iter().copied().take(3).take_while(|byte| matches!(byte, b'0'..=b'7')).collect();
    let value = |digits: &[u8]| digits.iter().fold(0_u32, |value, digit| value * 8 + u32::from(digit - b'0'));
    let length = if value(&digits) > 0xff { 2 } else { digits.len() };
    let value = u8::try_from(value(digits.get(..length)?)).ok()?;
    (length > 0).then_some((value, length))
}

/// The letter that a backslash and `letter` stand for.
const fn control(letter: u8) -> Option<u8> {
    Some(match letter {
        b'a' => 0x07,
        b'b' => 0x08,
        b'f' => 0x0c,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 0x0b,
        _ => return None,
    })
}

/// `\uXXXX`, `\xHH`, `\ooo`, `\n` and the like.
pub(super) fn javascript(value: &[u8]) -> Option<Vec<u8>> {
    memchr::memchr(b'\\', value)?;
    let mut decoded = Vec::with_capacity(value.len());
    let mut rest = value;
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        if *byte != b'\\' {
            decoded.push(*byte);
            continue;
        }
        match after {
            [b'u', digits @ ..] if hex_four(digits).is_some() => {
                hex_four(digits).into_iter().for_each(|unit| push_code_unit(&mut decoded, unit));
                rest = digits.get(4..).unwrap_or_default();
            }
            [b'x', high, low, tail @ ..] if hex_pair(Some(high), Some(low)).is_some() => {
                decoded.extend(hex_pair(Some(high), Some(low)));
                rest = tail;
            }
            [b'0'..=b'7', ..] => {
                if let Some((byte, length)) = octal(after) {
                    decoded.push(byte);
                    rest = after.get(length..).unwrap_or_default();
                }
            }
            [letter, tail @ ..] => {
                decoded.push(control(*letter).unwrap_or(*letter));
                rest = tail;
            }
            [] => {}
        }
    }
    Some(decoded)
}

/// Backslashes as CSS 2 has them: up to six hexadecimal digits, of which the last two count.
pub(super) fn css(value: &[u8]) -> Option<Vec<u8>> {
    memchr::memchr(b'\\', value)?;
    let mut decoded = Vec::with_capacity(value.len());
    let mut rest = value;
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        if *byte != b'\\' {
            decoded.push(*byte);
            continue;
        }
        let length = after.iter().take(6).take_while(|byte| byte.is_ascii_hexdigit()).count();
        if length > 0 {
            let digits = after.get(..length).unwrap_or_default();
            let code = digits
                .iter()
                .fold(0_u32, |code, byte| code * 16 + u32::from(digit(*byte).unwrap_or_default()));
            match u16::try_from(code) {
                Ok(unit) => push_code_unit(&mut decoded, unit),
                Err(_) => decoded.push(code.to_be_bytes()[3]),
            }
            rest = after.get(length..).unwrap_or_default();
            // One blank ends the digits and belongs to them.
            if rest.first().is_some_and(u8::is_ascii_whitespace) {
                rest = rest.get(1..).unwrap_or_default();
            }
        } else if let [letter, tail @ ..] = after {
            // A line that goes on is nothing.
            if *letter != b'\n' {
                decoded.push(*letter);
            }
            rest = tail;
        }
    }
    Some(decoded)
}

/// The escapes of ANSI C.
pub(super) fn escape_sequences(value: &[u8]) -> Option<Vec<u8>> {
    memchr::memchr(b'\\', value)?;
    let mut decoded = Vec::with_capacity(value.len());
    let mut rest = value;
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        if *byte != b'\\' {
            decoded.push(*byte);
            continue;
        }
        match after {
            [b'x' | b'X', high, low, tail @ ..] if hex_pair(Some(high), Some(low)).is_some() => {
                decoded.extend(hex_pair(Some(high), Some(low)));
                rest = tail;
            }
            [b'0'..=b'7', ..] => {
                if let Some((byte, length)) = octal(after) {
                    decoded.push(byte);
                    rest = after.get(length..).unwrap_or_default();
                }
            }
            [letter @ (b'\\' | b'?' | b'\'' | b'"'), tail @ ..] => {
                decoded.push(*letter);
                rest = tail;
            }
            [letter, tail @ ..] if control(*letter).is_some() => {
                decoded.extend(control(*letter));
                rest = tail;
            }
            _ => decoded.push(b'\\'),
        }
    }
    Some(decoded)
}
