//! Why the ledger refuses a command.

use serde::{Deserialize, Serialize};

/// Why a command was refused. Refusals change nothing but the memory that this id was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
pub enum Refusal {
    /// This id was used before with other content.
    #[error("the id was used before with other content")]
    IdReused,
    /// Another command of its chain was refused.
    #[error("another command of its chain was refused")]
    ChainBroken,
    /// The last command of a submission was linked to nothing.
    #[error("the chain has no end")]
    ChainOpen,
    /// The asset is not registered.
    #[error("the asset is unknown")]
    AssetUnknown,
    /// The asset is registered with other decimal places.
    #[error("the asset exists with another scale")]
    AssetExists,
    /// Decimal places beyond 18.
    #[error("the scale is out of range")]
    ScaleOutOfRange,
    /// An account of this id exists.
    #[error("the account exists")]
    AccountExists,
    /// No account of this id.
    #[error("the debited account is unknown")]
    DebitAccountUnknown,
    /// No account of this id.
    #[error("the credited account is unknown")]
    CreditAccountUnknown,
    /// No account of this id (commands that name one account).
    #[error("the account is unknown")]
    AccountUnknown,
    /// Debit and credit name the same account.
    #[error("debit and credit are the same account")]
    SameAccount,
    /// The two accounts count different assets.
    #[error("the accounts count different assets")]
    AssetMismatch,
    /// Amounts start at 1.
    #[error("the amount is zero")]
    AmountZero,
    /// A sum would leave its range.
    #[error("a sum would overflow")]
    Overflow,
    /// The debited account is closed.
    #[error("the debited account is closed")]
    DebitAccountClosed,
    /// The credited account is closed.
    #[error("the credited account is closed")]
    CreditAccountClosed,
    /// The account is closed (commands that name one account).
    #[error("the account is closed")]
    AccountClosed,
    /// The account has a balance or holds and cannot be closed.
    #[error("the account is not empty")]
    AccountNotEmpty,
    /// Debits of the debited account are blocked.
    #[error("the debited account is frozen")]
    DebitAccountFrozen,
    /// Credits of the credited account are blocked.
    #[error("the credited account is frozen")]
    CreditAccountFrozen,
    /// The debited account would go below its floor.
    #[error("not enough funds")]
    InsufficientFunds,
    /// The credited account is debit-normal and would go below its floor.
    #[error("the credited account would go below its floor")]
    CreditBelowFloor,
    /// Above the limit of one transfer.
    #[error("above the limit per transfer")]
    LimitPerTransfer,
    /// Above the limit of the day.
    #[error("above the limit per day")]
    LimitPerDay,
    /// Above the limit of the month.
    #[error("above the limit per month")]
    LimitPerMonth,
    /// No hold of this id.
    #[error("the hold is unknown")]
    HoldUnknown,
    /// The hold was posted already.
    #[error("the hold is already posted")]
    HoldPosted,
    /// The hold was voided already.
    #[error("the hold is already voided")]
    HoldVoided,
    /// The hold has expired.
    #[error("the hold has expired")]
    HoldExpired,
    /// More than the hold's amount.
    #[error("the amount exceeds the hold")]
    AboveHold,
    /// A hold that ends in the past.
    #[error("the hold would already have expired")]
    HoldEndsInPast,
    /// The business date can only move forward.
    #[error("the business date can only move forward")]
    DateNotLater,
}
