//! Exchange rates: decimals, applied with a rounding that is named.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::{Currency, Money, MoneyRefused};

/// How a conversion meets the minor unit of its result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rounding {
    /// To the nearest, a half to the even neighbor (banker's rounding).
    HalfEven,
    /// Toward zero: never in favor of the one who receives.
    Down,
}

/// How many units of `to` one unit of `from` is worth. Always positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    from: Currency,
    to: Currency,
    value: Decimal,
}

impl Rate {
    /// A rate, or nothing where `value` is not positive.
    #[must_use]
    pub fn try_new(from: Currency, to: Currency, value: Decimal) -> Option<Self> {
        (value > Decimal::ZERO).then_some(Self { from, to, value })
    }

    /// `amount` in the other currency.
    ///
    /// # Errors
    /// [`MoneyRefused::MixedCurrencies`] where `amount` is not of this rate's first currency,
    /// [`MoneyRefused::OutOfRange`].
    pub fn convert(self, amount: Money, rounding: Rounding) -> Result<Money, MoneyRefused> {
        if amount.currency() != self.from {
            return Err(MoneyRefused::MixedCurrencies { left: amount.currency(), right: self.from });
        }
        let strategy = match rounding {
            Rounding::HalfEven => RoundingStrategy::MidpointNearestEven,
            Rounding::Down => RoundingStrategy::ToZero,
        };
        let scale = i32::from(self.to.scale()) - i32::from(self.from.scale());
        let shift = 10_i64.checked_pow(scale.unsigned_abs()).ok_or(MoneyRefused::OutOfRange)?;
        let product = Decimal::from(amount.minor()).checked_mul(self.value).and_then(|product| {
            if scale >= 0 { product.checked_mul(shift.into()) } else { product.checked_div(shift.into()) }
        });
        let rounded = product.ok_or(MoneyRefused::OutOfRange)?.round_dp_with_strategy(0, strategy);
        let minor = i64::try_from(rounded).map_err(|_| MoneyRefused::OutOfRange)?;
        Ok(Money::new(minor, self.to))
    }
}
