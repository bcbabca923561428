//! Amounts, currencies, rates, rounding.
//!
//! Money is an integer of minor units with its currency. Arithmetic is checked and refuses mixed currencies;
//! there is no conversion from or to a float. Debit and credit are words ([`Side`]), not signs. Exchange rates
//! are decimals ([`Rate`]) and the rounding of a conversion is named at the call. Cost: 16 bytes, `Copy`.

mod capitals;
mod currency;
mod rate;

pub use capitals::capitals;
pub use currency::Currency;
pub use rate::{Rate, Rounding};

use std::fmt;

/// Why an amount was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyRefused {
    /// Not a decimal number such as `12.30`: digits, at most one point, an optional leading minus.
    #[error("not a decimal amount such as 12.30")]
    Malformed,
    /// More decimal places than the currency has.
    #[error("{currency} has {scale} decimal places")]
    OverScale {
        /// The currency.
        currency: Currency,
        /// How many places it has.
        scale: u8,
    },
    /// Beyond ±9,223,372,036,854,775,807 minor units.
    #[error("the amount is out of range")]
    OutOfRange,
    /// Not a currency of the bank's list (ISO 4217 alphabetic code).
    #[error("unknown currency")]
    UnknownCurrency,
    /// Two different currencies in one sum.
    #[error("{left} and {right} cannot be added")]
    MixedCurrencies {
        /// The first.
        left: Currency,
        /// The second.
        right: Currency,
    },
}

/// The two sides of double entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Left: increases what the bank owns, decreases what it owes.
    Debit,
    /// Right: increases what the bank owes (a customer's balance), decreases what it owns.
    Credit,
}

/// An amount of one currency in minor units (fen, cents, yen). Range: all of `i64`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

impl Money {
    /// `minor` units of `currency`: `Money::new(1230, Currency::CNY)` is ¥12.30.
    #[must_use]
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing, in `currency`.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// Reads `12.30`, `-0.05`, `7`. No thousands separators, no sign but minus, no exponent, no spaces.
    ///
    /// # Errors
    /// [`MoneyRefused::Malformed`], [`MoneyRefused::OverScale`], [`MoneyRefused::OutOfRange`].
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyRefused> {
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !all_digits(whole) || fraction.is_some_and(|f| !all_digits(f)) {
            return Err(MoneyRefused::Malformed);
        }
        let scale = currency.scale();
        let fraction = fraction.unwrap_or("");
        if fraction.len() > usize::from(scale) {
            return Err(MoneyRefused::OverScale { currency, scale });
        }
        let mut minor: i128 = 0;
        let padding = std::iter::repeat_n(b'0', usize::from(scale) - fraction.len());
        for digit in whole.bytes().chain(fraction.bytes()).chain(padding) {
            minor = minor
                .checked_mul(10)
                .and_then(|m| m.checked_add(i128::from(digit - b'0')))
                .ok_or(MoneyRefused::OutOfRange)?;
        }
        let minor = if negative { -minor } else { minor };
        i64::try_from(minor).map(|minor| Self::new(minor, currency)).map_err(|_| MoneyRefused::OutOfRange)
    }

    /// Minor units.
    #[must_use]
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    #[must_use]
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// The sum.
    ///
    /// # Errors
    /// [`MoneyRefused::MixedCurrencies`], [`MoneyRefused::OutOfRange`].
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyRefused> {
        self.same_currency(other)?;
        let minor = self.minor.checked_add(other.minor).ok_or(MoneyRefused::OutOfRange)?;
        Ok(Self::new(minor, self.currency))
    }

    /// The difference.
    ///
    /// # Errors
    /// [`MoneyRefused::MixedCurrencies`], [`MoneyRefused::OutOfRange`].
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyRefused> {
        self.same_currency(other)?;
        let minor = self.minor.checked_sub(other.minor).ok_or(MoneyRefused::OutOfRange)?;
        Ok(Self::new(minor, self.currency))
    }

    /// Whether there is more than nothing.
    #[must_use]
    pub const fn is_positive(self) -> bool {
        self.minor > 0
    }

    /// The amount without currency, with exactly the currency's places: `1230.00`.
    #[must_use]
    pub fn to_decimal(self) -> String {
        let scale = usize::from(self.currency.scale());
        let digits = format!("{:0>width$}", self.minor.unsigned_abs(), width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        let sign = if self.minor < 0 { "-" } else { "" };
        if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
    }

    const fn same_currency(self, other: Self) -> Result<(), MoneyRefused> {
        if self.currency.eq(other.currency) {
            Ok(())
        } else {
            Err(MoneyRefused::MixedCurrencies { left: self.currency, right: other.currency })
        }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.to_decimal(), self.currency)
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests;
