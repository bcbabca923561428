//! The bank's own accounts, one of each per currency, against which customers' accounts move.

use clock::BusinessDate;
use contracts::ledger::{Act, Asset, Command, Limits, OpenAccount, kinds};
use ids::AccountId;
use money::{Currency, Side};

use super::Origin;

/// An account of the bank itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BankSide {
    /// Cash in vaults and machines.
    Cash,
    /// The position toward other banks.
    Settlement,
    /// Interest paid to customers.
    InterestExpense,
    /// Interest earned from customers.
    InterestIncome,
    /// Fees earned.
    FeeIncome,
    /// Differences between a balance taken over and its movements that come from the source's rounding.
    RoundingDifferences,
    /// Differences that nothing in the source explains, until their owner is found.
    UnexplainedDifferences,
}

impl BankSide {
    /// Every one of them, in the order in which they are opened.
    pub const ALL: [Self; 7] = [
        Self::Cash,
        Self::Settlement,
        Self::InterestExpense,
        Self::InterestIncome,
        Self::FeeIncome,
        Self::RoundingDifferences,
        Self::UnexplainedDifferences,
    ];

    /// Its account of `currency`: the same in every book.
    #[must_use]
    pub fn account(self, currency: Currency) -> AccountId {
        origin().account(first_day(), &self.key(currency))
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Cash => "cash",
            Self::Settlement => "settlement",
            Self::InterestExpense => "interest expense",
            Self::InterestIncome => "interest income",
            Self::FeeIncome => "fee income",
            Self::RoundingDifferences => "rounding differences",
            Self::UnexplainedDifferences => "unexplained differences",
        }
    }

    const fn kind(self) -> u16 {
        match self {
            Self::Cash => kinds::CASH,
            Self::Settlement => kinds::SETTLEMENT,
            Self::InterestExpense => kinds::INTEREST_EXPENSE,
            Self::InterestIncome => kinds::INTEREST_INCOME,
            Self::FeeIncome => kinds::FEE_INCOME,
            Self::RoundingDifferences | Self::UnexplainedDifferences => kinds::SUSPENSE,
        }
    }

    const fn normal(self) -> Side {
        match self {
            Self::Cash | Self::Settlement | Self::InterestExpense => Side::Debit,
            Self::InterestIncome
            | Self::FeeIncome
            | Self::RoundingDifferences
            | Self::UnexplainedDifferences => Side::Credit,
        }
    }

    fn key(self, currency: Currency) -> String {
        format!("{} {currency}", self.word())
    }

    /// What makes `currency` and all bank-side accounts of it known to the ledger. The same commands each time.
    #[must_use]
    pub fn opening(currency: Currency) -> Vec<Command> {
        let origin = origin();
        let asset = Asset::from(currency);
        let command = |key: &str, act| Command { id: origin.transfer(first_day(), key), act, linked: false };
        let register =
            command(&format!("register {currency}"), Act::RegisterAsset { asset, scale: currency.scale() });
        let open = Self::ALL.into_iter().map(|side| {
            let account = OpenAccount {
                account: side.account(currency),
                asset,
                normal: side.normal(),
                kind: side.kind(),
                floor: None,
                limits: Limits::default(),
            };
            command(&format!("open {}", side.key(currency)), Act::OpenAccount(account))
        });
        std::iter::once(register).chain(open).collect()
    }
}

fn origin() -> Origin {
    Origin::new("bank side")
}

/// Ids of the bank's own accounts sort before all others.
fn first_day() -> BusinessDate {
    BusinessDate::from_day_number(0).unwrap_or_else(|_| BusinessDate::in_china(clock::Timestamp::UNIX_EPOCH))
}
