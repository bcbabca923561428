//! Ids and account numbers derived from where a thing comes from.

use clock::BusinessDate;
use ids::{AccountId, CustomerId, StandingOrderId, TransferId};
use sm3::{Digest, Sm3};

/// First digits of numbers given to accounts taken over or generated (ISO/IEC 7812-1, major industry 6). The
/// range is assigned to no bank in the public lists of card ranges.
pub const NUMBER_PREFIX: &str = "628899";

/// A source of things, for example `berka` or `generated 7 2000`. The same source and key give the same id.
#[derive(Debug, Clone)]
pub struct Origin(String);

impl Origin {
    /// The source of this name.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The customer that the source calls `key`; `on` gives the order of ids only.
    #[must_use]
    pub fn customer(&self, on: BusinessDate, key: &str) -> CustomerId {
        CustomerId::seeded(millis(on), self.entropy("customer", key))
    }

    /// The account that the source calls `key`.
    #[must_use]
    pub fn account(&self, on: BusinessDate, key: &str) -> AccountId {
        AccountId::seeded(millis(on), self.entropy("account", key))
    }

    /// The movement or other ledger command that the source calls `key`.
    #[must_use]
    pub fn transfer(&self, on: BusinessDate, key: &str) -> TransferId {
        TransferId::seeded(millis(on), self.entropy("transfer", key))
    }

    /// The standing order that the source calls `key`.
    #[must_use]
    pub fn standing_order(&self, on: BusinessDate, key: &str) -> StandingOrderId {
        StandingOrderId::seeded(millis(on), self.entropy("standing order", key))
    }

    /// A card-style number of 19 digits for the account that the source calls `key`: the prefix, twelve digits
    /// spread by hash, and the Luhn digit.
    #[must_use]
    pub fn account_number(&self, key: &str) -> String {
        let spread =
            self.entropy("number", key).iter().fold(0_u128, |sum, byte| (sum << 8) | u128::from(*byte));
        let body = format!("{NUMBER_PREFIX}{:012}", spread % 1_000_000_000_000);
        let check = luhn_digit(&body);
        format!("{body}{check}")
    }

    /// Each part is preceded by its length, so that no two lists of parts read alike.
    fn entropy(&self, kind: &str, key: &str) -> [u8; 10] {
        let mut hash = Sm3::new();
        for part in [self.0.as_str(), kind, key] {
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(part.as_bytes());
        }
        let mut entropy = [0; 10];
        for (to, from) in entropy.iter_mut().zip(hash.finalize()) {
            *to = from;
        }
        entropy
    }
}

/// Check digit of ISO/IEC 7812-1 annex B for the digits before it; characters that are no digits count as 0.
#[must_use]
pub fn luhn_digit(body: &str) -> u32 {
    let sum: u32 = body
        .chars()
        .rev()
        .map(|c| c.to_digit(10).unwrap_or(0))
        .enumerate()
        .map(|(at, digit)| if at % 2 == 0 { digit * 2 / 10 + digit * 2 % 10 } else { digit })
        .sum();
    (10 - sum % 10) % 10
}

fn millis(on: BusinessDate) -> u64 {
    u64::try_from(on.starts_at().as_millisecond()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_source_and_key_give_the_same_ids_and_valid_numbers() {
        let day = "1993-01-01".parse().unwrap();
        let (one, other) = (Origin::new("a"), Origin::new("b"));
        assert_eq!(one.transfer(day, "1"), Origin::new("a").transfer(day, "1"));
        assert_ne!(one.transfer(day, "1"), one.transfer(day, "2"));
        assert_ne!(one.transfer(day, "1"), other.transfer(day, "1"));
        assert_ne!(one.transfer(day, "1").as_u128(), one.account(day, "1").as_u128());
        for key in ["1", "2", "3"] {
            let number = one.account_number(key);
            assert_eq!(number.len(), 19);
            assert!(number.ends_with(&luhn_digit(&number[..18]).to_string()));
        }
        assert_eq!(luhn_digit("7992739871"), 3, "the worked example of ISO/IEC 7812-1");
    }
}
