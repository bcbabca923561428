//! Refusals for those who are answered in bulk: a stable number, a stable code, and words.

use contracts::ledger::Refusal;

use crate::model::{refusal_code, refusal_from_code};

/// The stable number, 1..=255; the one that the journal keeps.
pub(crate) fn number(refusal: Refusal) -> u8 {
    refusal_code(refusal)
}

/// The refusal of a number.
pub(crate) fn of_number(number: u8) -> Option<Refusal> {
    refusal_from_code(number)
}

/// Stable code, and what happened and what to do in Chinese and in English.
pub(crate) const fn words(refusal: Refusal) -> (&'static str, &'static str, &'static str) {
    match refusal {
        Refusal::IdReused => (
            "id_reused",
            "该编号已用于其他内容，请换用新编号。",
            "The id was used with other content; mint a new one.",
        ),
        Refusal::ChainBroken => (
            "chain_broken",
            "同一组中有其他记录被拒绝，整组未办理。",
            "Another row of its chain was refused; nothing of the chain was done.",
        ),
        Refusal::ChainOpen => (
            "chain_open",
            "该组没有结束记录。",
            "The chain has no end; the last row of a chain is not linked.",
        ),
        Refusal::AssetUnknown => ("asset_unknown", "该币种或资产未登记。", "The asset is not registered."),
        Refusal::AssetExists => {
            ("asset_exists", "该资产已按其他小数位登记。", "The asset is registered with another scale.")
        }
        Refusal::ScaleOutOfRange => ("scale_out_of_range", "小数位超出范围。", "The scale is out of range."),
        Refusal::AccountExists => ("account_exists", "该账户已存在。", "The account exists."),
        Refusal::DebitAccountUnknown => {
            ("debit_account_unknown", "付款账户不存在。", "There is no account to debit of this id.")
        }
        Refusal::CreditAccountUnknown => {
            ("credit_account_unknown", "收款账户不存在。", "There is no account to credit of this id.")
        }
        Refusal::AccountUnknown => ("account_unknown", "账户不存在。", "There is no account of this id."),
        Refusal::SameAccount => {
            ("same_account", "付款账户与收款账户相同。", "Debit and credit name the same account.")
        }
        Refusal::AssetMismatch => {
            ("asset_mismatch", "两个账户的币种或资产不同。", "The accounts count different assets.")
        }
        Refusal::AmountZero => ("amount_zero", "金额必须大于零。", "The amount must be above zero."),
        Refusal::Overflow => ("overflow", "金额合计超出范围。", "A sum would leave its range."),
        Refusal::DebitAccountClosed => {
            ("debit_account_closed", "付款账户已销户。", "The debited account is closed.")
        }
        Refusal::CreditAccountClosed => {
            ("credit_account_closed", "收款账户已销户。", "The credited account is closed.")
        }
        Refusal::AccountClosed => ("account_closed", "账户已销户。", "The account is closed."),
        Refusal::AccountNotEmpty => {
            ("account_not_empty", "账户仍有余额或冻结金额。", "The account has a balance or holds.")
        }
        Refusal::DebitAccountFrozen => {
            ("debit_account_frozen", "付款账户已止付。", "Debits of the debited account are blocked.")
        }
        Refusal::CreditAccountFrozen => {
            ("credit_account_frozen", "收款账户已止收。", "Credits of the credited account are blocked.")
        }
        Refusal::InsufficientFunds => {
            ("insufficient_funds", "付款账户余额不足。", "The debited account has not enough funds.")
        }
        Refusal::CreditBelowFloor => (
            "credit_below_floor",
            "收款账户将低于最低余额。",
            "The credited account would go below its floor.",
        ),
        Refusal::LimitPerTransfer => {
            ("limit_per_transfer", "超过单笔限额。", "Above the limit of one transfer.")
        }
        Refusal::LimitPerDay => ("limit_per_day", "超过日累计限额。", "Above the limit of the day."),
        Refusal::LimitPerMonth => ("limit_per_month", "超过月累计限额。", "Above the limit of the month."),
        Refusal::HoldUnknown => ("hold_unknown", "没有该笔冻结。", "There is no hold of this id."),
        Refusal::HoldPosted => ("hold_posted", "该笔冻结已扣款。", "The hold was posted already."),
        Refusal::HoldVoided => ("hold_voided", "该笔冻结已解除。", "The hold was voided already."),
        Refusal::HoldExpired => ("hold_expired", "该笔冻结已到期。", "The hold has expired."),
        Refusal::AboveHold => ("above_hold", "金额超过冻结金额。", "More than the amount of the hold."),
        Refusal::HoldEndsInPast => {
            ("hold_ends_in_past", "冻结到期时间早于现在。", "The hold would already have expired.")
        }
        Refusal::DateNotLater => {
            ("date_not_later", "营业日期只能向后推进。", "The business date can only move forward.")
        }
    }
}
