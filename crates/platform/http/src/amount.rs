//! Money on the wire: a decimal string with its currency.

use money::{Currency, Money, MoneyRefused};
use serde::{Deserialize, Serialize};

use crate::{Consequence, Refusal};

/// `{"amount": "12.30", "currency": "CNY"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Amount {
    /// Decimal, with at most the currency's places: `12.30`.
    #[schema(example = "12.30")]
    pub amount: String,
    /// ISO 4217 alphabetic code.
    #[schema(example = "CNY")]
    pub currency: String,
}

/// Why an amount was refused at the edge.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AmountRefused {
    /// See [`MoneyRefused`].
    #[error(transparent)]
    Money(#[from] MoneyRefused),
    /// Zero or negative where something is to be moved.
    #[error("the amount is not positive")]
    NotPositive,
}

impl Amount {
    /// The amount as money.
    ///
    /// # Errors
    /// [`AmountRefused::Money`].
    pub fn money(&self) -> Result<Money, AmountRefused> {
        let currency: Currency = self.currency.parse()?;
        Ok(Money::parse(&self.amount, currency)?)
    }

    /// The amount as money to be moved: at least one minor unit.
    ///
    /// # Errors
    /// [`AmountRefused`].
    pub fn positive(&self) -> Result<Money, AmountRefused> {
        let money = self.money()?;
        if money.is_positive() { Ok(money) } else { Err(AmountRefused::NotPositive) }
    }
}

impl From<Money> for Amount {
    fn from(money: Money) -> Self {
        Self { amount: money.to_decimal(), currency: money.currency().to_string() }
    }
}

impl Refusal for AmountRefused {
    fn consequence(&self) -> Consequence {
        let row = |code, zh: String, en: String| Consequence::new(422, code, zh, en).with("field", "amount");
        match self {
            Self::NotPositive => {
                row("amount_not_positive", "金额必须大于零。".into(), "The amount must be above zero.".into())
            }
            Self::Money(MoneyRefused::Malformed) => row(
                "amount_malformed",
                "金额格式不正确，请填写如 12.30 的数字。".into(),
                "Write the amount as a number such as 12.30.".into(),
            ),
            Self::Money(MoneyRefused::OverScale { currency, scale }) => row(
                "amount_over_scale",
                format!("{currency} 金额最多 {scale} 位小数。"),
                format!("{currency} has at most {scale} decimal places."),
            ),
            Self::Money(MoneyRefused::OutOfRange) => {
                row("amount_out_of_range", "金额超出范围。".into(), "The amount is out of range.".into())
            }
            Self::Money(MoneyRefused::UnknownCurrency) => Consequence::new(
                422,
                "unknown_currency",
                "不支持该币种，请使用 CNY 等三位字母代码。",
                "Unknown currency; use a three-letter code such as CNY.",
            )
            .with("field", "currency"),
            Self::Money(MoneyRefused::MixedCurrencies { .. }) => {
                Consequence::new(409, "currency_mismatch", "币种不一致。", "The currencies differ.")
            }
        }
    }
}
