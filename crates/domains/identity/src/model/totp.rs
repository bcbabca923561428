//! Codes of an authenticator app: time-based one-time passwords (RFC 6238) over HMAC-SHA-1, six digits, half a minute each.
//!
//! Other hashes and lengths are in the standard, and not in the apps: several take every secret for one of these.

use clock::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::Secret;
use sha1::Sha1;
use subtle::ConstantTimeEq;

use super::code::is_code;

/// How long a code is shown, seconds.
const STEP_S: i64 = 30;
/// How many steps a clock may be ahead or behind.
const WINDOW: i64 = 1;
/// RFC 4226 asks for 128 bits and recommends 160.
pub(crate) const SECRET_BYTES: usize = 20;
/// Letters that base 32 is written with (RFC 4648, section 6).
const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Before every step.
pub(crate) const NO_STEP: i64 = i64::MIN;

/// What an app and the bank share.
pub(crate) type SharedSecret = Secret<[u8; SECRET_BYTES]>;

/// The step of which `code` is, where that is a step around `now` and after `last`. Takes as long for a wrong code as for a
/// right one.
pub(crate) fn step_of(secret: &SharedSecret, code: &str, now: Timestamp, last: i64) -> Option<i64> {
    let given: u32 = if is_code(code) { code.parse().ok()? } else { return None };
    let current = now.as_second().div_euclid(STEP_S);
    let steps = current.saturating_sub(WINDOW)..=current.saturating_add(WINDOW);
    steps.fold(None, |found, step| {
        let is_right = bool::from(code_of(secret, step).ct_eq(&given));
        if is_right && step > last && found.is_none() { Some(step) } else { found }
    })
}

/// The code of a step, as a number: HOTP of RFC 4226, section 5.3.
fn code_of(secret: &SharedSecret, step: i64) -> u32 {
    // A key shorter than the block of 64 bytes is padded with zeros (RFC 2104).
    let bytes = secret.expose();
    let block: Secret<[u8; 64]> =
        Secret::new(std::array::from_fn(|at| bytes.get(at).copied().unwrap_or_default()));
    let mut mac = <Hmac<Sha1> as KeyInit>::new(block.expose().into());
    mac.update(&step.to_be_bytes());
    let digest: [u8; 20] = mac.finalize().into_bytes().into();
    let at = usize::from(digest.last().copied().unwrap_or_default() & 0xf);
    let four = digest.get(at..).and_then(<[u8]>::first_chunk::<4>).copied().unwrap_or_default();
    (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000
}

/// A secret as it is typed into an app.
pub(crate) fn base32(secret: &SharedSecret) -> Secret<String> {
    let mut text = String::with_capacity(SECRET_BYTES * 8 / 5);
    for five in secret.expose().chunks(5) {
        let bits = five.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        for shift in (0..8_u32).rev().map(|at| at * 5) {
            let letter = usize::try_from(bits >> shift & 31).ok().and_then(|at| LETTERS.get(at));
            text.extend(letter.copied().map(char::from));
        }
    }
    Secret::new(text)
}

/// What an app reads from the picture: `otpauth://totp/` with the bank's name and what tells this customer's accounts apart,
/// as Google Authenticator defined it and the others took over. What is not said is as above.
pub(crate) fn uri(secret: &SharedSecret, issuer: &str, account: &str) -> Secret<String> {
    let (issuer, account) = (encoded(issuer), encoded(account));
    Secret::new(format!(
        "otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}",
        base32(secret).expose().as_str()
    ))
}

/// All but the unreserved characters of RFC 3986, and the asterisk of what is masked: the shorter, the coarser the picture.
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'*' => {
                encoded.push(char::from(byte));
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
pub(crate) fn code_at(secret: &SharedSecret, at: Timestamp) -> String {
    format!("{:06}", code_of(secret, at.as_second().div_euclid(STEP_S)))
}

#[cfg(test)]
mod tests;
