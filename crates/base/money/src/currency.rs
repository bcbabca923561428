//! The currencies the bank knows (ISO 4217) and their minor units.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::MoneyRefused;

/// A currency by its ISO 4217 alphabetic code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

/// Code and number of decimal places, from ISO 4217 list one.
const KNOWN: &[(Currency, u8)] = &[
    (Currency::CNY, 2),
    (Currency::USD, 2),
    (Currency::EUR, 2),
    (Currency::GBP, 2),
    (Currency::HKD, 2),
    (Currency::JPY, 0),
    (Currency(*b"AUD"), 2),
    (Currency(*b"CAD"), 2),
    (Currency(*b"CHF"), 2),
    (Currency(*b"SGD"), 2),
    (Currency(*b"NZD"), 2),
    (Currency(*b"KRW"), 0),
    (Currency(*b"THB"), 2),
    (Currency(*b"MOP"), 2),
    (Currency(*b"KWD"), 3),
    (Currency::CZK, 2),
];

impl Currency {
    /// Renminbi.
    pub const CNY: Self = Self(*b"CNY");
    /// United States dollar.
    pub const USD: Self = Self(*b"USD");
    /// Euro.
    pub const EUR: Self = Self(*b"EUR");
    /// Pound sterling.
    pub const GBP: Self = Self(*b"GBP");
    /// Hong Kong dollar.
    pub const HKD: Self = Self(*b"HKD");
    /// Yen, which has no minor unit.
    pub const JPY: Self = Self(*b"JPY");
    /// Czech koruna.
    pub const CZK: Self = Self(*b"CZK");

    /// All currencies the bank knows, renminbi first.
    pub fn all() -> impl Iterator<Item = Self> {
        KNOWN.iter().map(|(currency, _)| *currency)
    }

    /// Decimal places of the minor unit, 0..=3.
    #[must_use]
    pub fn scale(self) -> u8 {
        KNOWN.iter().find(|(known, _)| *known == self).map_or(2, |(_, scale)| *scale)
    }

    /// The three letters.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("???")
    }

    pub(crate) const fn eq(self, other: Self) -> bool {
        self.0[0] == other.0[0] && self.0[1] == other.0[1] && self.0[2] == other.0[2]
    }
}

impl FromStr for Currency {
    type Err = MoneyRefused;
    fn from_str(text: &str) -> Result<Self, MoneyRefused> {
        Self::all().find(|known| known.code() == text).ok_or(MoneyRefused::UnknownCurrency)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
