//! The settings of accounts.

use std::collections::BTreeMap;

use money::{Currency, Money, Rate};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Deposit accounts: numbers, limits at opening, reference rates, receipts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Name of the bank on receipts, in Chinese.
    pub bank_name_zh: String,
    /// Name of the bank on receipts, in English.
    pub bank_name_en: String,
    /// First digits of account numbers: issuer identification number (ISO/IEC 7812-1), six to eight digits.
    pub number_prefix: String,
    /// A Chinese font for receipts (TrueType, OpenType or a collection). Empty: the font the program brings, then
    /// those that Debian and others install.
    pub receipt_font: String,
    /// Which font of a collection.
    #[schemars(range(min = 0, max = 63))]
    pub receipt_font_index: u32,
    /// Accounts kept in memory for quick look-up.
    #[schemars(range(min = 0, max = 1000000))]
    pub remembered_max: u32,
    /// Day of the reference rates below.
    pub rates_on: String,
    /// Renminbi for one unit of each currency: reference rates of the overview, decimals.
    pub rates: BTreeMap<String, String>,
    /// Limits given to a class I account at opening.
    pub class_1: OpeningLimits,
    /// Limits given to a class II account at opening.
    pub class_2: OpeningLimits,
    /// Limits given to a class III account at opening.
    pub class_3: OpeningLimits,
}

/// Limits on what leaves an account toward others, fen; other currencies by the reference rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OpeningLimits {
    /// The most in one transfer, fen.
    #[schemars(range(min = 0, max = 1_000_000_000_000_i64))]
    pub per_transfer_fen: u64,
    /// The most in one day, fen.
    #[schemars(range(min = 0, max = 1_000_000_000_000_i64))]
    pub per_day_fen: u64,
    /// The most in one calendar month, fen.
    #[schemars(range(min = 0, max = 1_000_000_000_000_i64))]
    pub per_month_fen: u64,
}

impl Default for Settings {
    fn default() -> Self {
        let rates = [
            ("USD", "7.0875"),
            ("EUR", "8.1612"),
            ("GBP", "9.2740"),
            ("HKD", "0.91080"),
            ("JPY", "0.045230"),
            ("CZK", "0.33710"),
        ];
        let limits = |per_transfer, per_day, per_month| OpeningLimits {
            per_transfer_fen: per_transfer,
            per_day_fen: per_day,
            per_month_fen: per_month,
        };
        Self {
            bank_name_zh: "远行银行".to_owned(),
            bank_name_en: "Yuanhang Bank".to_owned(),
            number_prefix: "628899".to_owned(),
            receipt_font: String::new(),
            receipt_font_index: 0,
            remembered_max: 50_000,
            rates_on: "2026-11-20".to_owned(),
            rates: rates.into_iter().map(|(code, rate)| (code.to_owned(), rate.to_owned())).collect(),
            class_1: limits(5_000_000, 20_000_000, 100_000_000),
            class_2: limits(1_000_000, 1_000_000, 20_000_000),
            class_3: limits(200_000, 200_000, 5_000_000),
        }
    }
}

/// Why settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsInvalid {
    /// Six to eight digits are wanted.
    #[error("`accounts.number_prefix` must be six to eight digits")]
    NumberPrefix,
    /// Not a currency, or not a positive decimal.
    #[error("`accounts.rates.{0}` is not a known currency with a positive decimal rate")]
    Rate(String),
    /// Not a day.
    #[error("`accounts.rates_on` is not a date such as 2026-11-20")]
    RatesOn,
}

/// Settings that were checked and read into the types the service works with.
#[derive(Debug, Clone)]
pub(crate) struct Checked {
    pub(crate) settings: Settings,
    pub(crate) rates: BTreeMap<Currency, Decimal>,
    pub(crate) rates_on: clock::BusinessDate,
}

impl Settings {
    pub(crate) fn check(&self) -> Result<Checked, SettingsInvalid> {
        let digits = self.number_prefix.bytes().all(|byte| byte.is_ascii_digit());
        if !digits || !(6..=8).contains(&self.number_prefix.len()) {
            return Err(SettingsInvalid::NumberPrefix);
        }
        let mut rates = BTreeMap::new();
        for (code, rate) in &self.rates {
            let refused = || SettingsInvalid::Rate(code.clone());
            let currency: Currency = code.parse().map_err(|_| refused())?;
            let rate: Decimal = rate.parse().map_err(|_| refused())?;
            Rate::try_new(currency, Currency::CNY, rate).ok_or_else(refused)?;
            rates.insert(currency, rate);
        }
        let rates_on = self.rates_on.parse().map_err(|_| SettingsInvalid::RatesOn)?;
        Ok(Checked { settings: self.clone(), rates, rates_on })
    }
}

impl Checked {
    /// `amount` in renminbi by the reference rate; `None` where the bank has no rate for it.
    pub(crate) fn in_renminbi(&self, amount: Money) -> Option<Money> {
        if amount.currency() == Currency::CNY {
            return Some(amount);
        }
        let rate = Rate::try_new(amount.currency(), Currency::CNY, *self.rates.get(&amount.currency())?)?;
        rate.convert(amount, money::Rounding::HalfEven).ok()
    }

    /// `amount` in another currency by the reference rates, rounded down; `None` where there is no rate.
    pub(crate) fn converted(&self, amount: Money, to: Currency) -> Option<Money> {
        if amount.currency() == to {
            return Some(amount);
        }
        let renminbi = |currency| {
            if currency == Currency::CNY { Some(Decimal::ONE) } else { self.rates.get(&currency).copied() }
        };
        let value = renminbi(amount.currency())?.checked_div(renminbi(to)?)?;
        Rate::try_new(amount.currency(), to, value)?.convert(amount, money::Rounding::Down).ok()
    }

    /// `fen` in minor units of `currency`, rounded down; the same number where there is no rate.
    pub(crate) fn in_minor_units(&self, fen: u64, currency: Currency) -> u64 {
        let fen = i64::try_from(fen).unwrap_or(i64::MAX);
        let minor = self.converted(Money::new(fen, Currency::CNY), currency).map_or(fen, Money::minor);
        u64::try_from(minor).unwrap_or(0)
    }
}
