//! Verification codes: 80 bits of a keyed hash over account and transfer, written as 16 characters.
//!
//! The code reveals nothing of what it vouches for and cannot be made without the bank's key. It is written in
//! Crockford's base 32, which leaves out I, L, O and U; reading takes them for 1, 1, 0 and refuses U.

use std::fmt;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A verification code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct VerificationCode([u8; 10]);

impl VerificationCode {
    /// The first 80 bits of a keyed hash.
    pub(crate) fn of(mac: [u8; 32]) -> Self {
        let mut bits = [0; 10];
        bits.iter_mut().zip(mac).for_each(|(to, from)| *to = from);
        Self(bits)
    }

    pub(crate) const fn to_bytes(self) -> [u8; 10] {
        self.0
    }

    /// Reads what somebody copied from a receipt: any case, with or without the dashes or spaces between groups.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (mut bits, mut count) = (0_u128, 0);
        for c in text.chars().filter(|c| !matches!(c, '-' | ' ')) {
            let c = match c.to_ascii_uppercase() {
                'I' | 'L' => '1',
                'O' => '0',
                other => other,
            };
            let value = ALPHABET.iter().position(|letter| char::from(*letter) == c)?;
            count += 1;
            if count > 16 {
                return None;
            }
            bits = bits << 5 | u128::try_from(value).ok()?;
        }
        let bytes = bits.to_be_bytes();
        (count == 16).then_some(Self(bytes.get(6..)?.try_into().ok()?))
    }
}

impl fmt::Display for VerificationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits = self.0.iter().fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
        for at in 0..16_u32 {
            if at > 0 && at % 4 == 0 {
                f.write_str("-")?;
            }
            let value = usize::try_from(bits >> (75 - 5 * at) & 31).unwrap_or(0);
            fmt::Write::write_char(f, ALPHABET.get(value).map_or('?', |letter| char::from(*letter)))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_slips_of_the_hand_are_forgiven() {
        let mut mac = [0; 32];
        (0..32_u8).for_each(|at| mac[usize::from(at)] = at.wrapping_mul(37) ^ 0xa5);
        let code = VerificationCode::of(mac);
        let text = code.to_string();
        assert_eq!(text.len(), 19);
        for written in [text.clone(), text.to_lowercase(), text.replace('-', ""), text.replace('-', " ")] {
            assert_eq!(VerificationCode::parse(&written), Some(code), "{written}");
        }
        assert_eq!(
            VerificationCode::parse("OIL0-0000-0000-0000"),
            VerificationCode::parse("0110-0000-0000-0000")
        );
        for wrong in
            ["", "0110", "U110-0000-0000-0000", &format!("{text}0"), "０１１００００００００００００００"]
        {
            assert_eq!(VerificationCode::parse(wrong), None, "{wrong}");
        }
    }
}
