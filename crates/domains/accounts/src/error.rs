//! Why accounts refuse, and what each refusal means to the one who asked.

use contracts::Unavailable;
use contracts::accounts::{OpenRefused, State};
use http::{Consequence, Refusal};
use keys::KeysFailed;
use sea_orm::DbErr;

use crate::model::state;

/// Why a request was refused.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AccountsRefused {
    /// No such thing, or the caller may not know of it.
    #[error("not found")]
    NotFound,
    /// The caller sees the account but may not do this with it.
    #[error("not allowed")]
    NotAllowed,
    /// A field has a value it may not have.
    #[error("`{field}` is not valid")]
    Invalid {
        /// Which.
        field: &'static str,
        /// What to do, in Chinese.
        zh: String,
        /// What to do, in English.
        en: String,
    },
    /// The account could not be opened.
    #[error(transparent)]
    Open(OpenRefused),
    /// Not legal in this state.
    #[error("the account is {}", state::word(*.0))]
    StateForbids(State),
    /// Money is still on it, or held.
    #[error("the account is not empty")]
    NotEmpty,
    /// No customer has this phone and this name.
    #[error("no customer has this phone and name")]
    PersonUnknown,
    /// No receipt bears this code.
    #[error("no receipt bears this code")]
    ReceiptUnknown,
    /// No font for receipts was found.
    #[error("no font for receipts was found")]
    FontMissing,
    /// The receipt could not be drawn.
    #[error("the receipt could not be drawn: {0}")]
    ReceiptFailed(String),
    /// A neighbor could not answer.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    /// The store failed.
    #[error("the store failed")]
    Store(#[from] DbErr),
    /// Something could not be sealed.
    #[error("the keys failed")]
    Keys(#[from] KeysFailed),
}

impl AccountsRefused {
    pub(crate) fn invalid(field: &'static str, zh: &str, en: &str) -> Self {
        Self::Invalid { field, zh: zh.to_owned(), en: en.to_owned() }
    }

    /// What a contract may say of it.
    pub(crate) fn unavailable(&self) -> Unavailable {
        match self {
            Self::Unavailable(unavailable) => unavailable.clone(),
            Self::Store(error) | Self::Keys(KeysFailed::Store(error)) => db::unavailable(error),
            other => {
                tracing::error!(error = %other, "a contract call failed");
                Unavailable::StoreFailed
            }
        }
    }
}

fn of_store(error: &DbErr) -> Consequence {
    match db::fault(error) {
        db::Fault::StorageFull => Consequence::storage_full(),
        _ => Consequence::unavailable(),
    }
}

fn of_keys(failed: &KeysFailed) -> Consequence {
    match failed {
        KeysFailed::Store(error) => of_store(error),
        KeysFailed::Destroyed | KeysFailed::Unknown | KeysFailed::Damaged => Consequence::not_found(),
        // It is there, and opens as soon as the master key is in reach again.
        KeysFailed::Generation { .. } | KeysFailed::Module(_) | KeysFailed::KeyFile(_) => {
            Consequence::unavailable()
        }
    }
}

fn of_open(refused: &OpenRefused) -> Consequence {
    match refused {
        OpenRefused::CustomerNotEligible => Consequence::new(
            409,
            "customer_not_eligible",
            "您的身份信息尚待核实，暂不能开立账户，请联系客服。",
            "Your identity is still to be verified; accounts cannot be opened yet. Please contact us.",
        ),
        OpenRefused::NumberInvalid => Consequence::invalid_field(
            "number",
            "账号无效或已被使用。",
            "The number is not valid or is taken.",
        ),
        OpenRefused::TooMany => Consequence::new(
            409,
            "too_many_accounts",
            "该类账户的数量已达上限（Ⅰ类 1 个，Ⅱ类、Ⅲ类各 5 个）。",
            "You hold as many accounts of this class as allowed (one of class I, five each of classes II and III).",
        ),
        OpenRefused::Unavailable(_) => Consequence::unavailable(),
    }
}

impl Refusal for AccountsRefused {
    fn consequence(&self) -> Consequence {
        let row = |status, code, zh: &str, en: &str| Consequence::new(status, code, zh, en);
        match self {
            Self::NotFound => Consequence::not_found(),
            Self::NotAllowed => {
                row(403, "not_allowed", "您没有办理此项业务的权限。", "You are not allowed to do this.")
            }
            Self::Invalid { field, zh, en } => Consequence::invalid_field(field, zh.as_str(), en.as_str()),
            Self::Open(refused) => of_open(refused),
            Self::StateForbids(State::Frozen) => row(
                409,
                "account_frozen",
                "账户已冻结，不能办理。",
                "The account is frozen; this cannot be done.",
            ),
            Self::StateForbids(State::Closed) => row(
                409,
                "account_closed",
                "账户已销户，不能办理。",
                "The account is closed; this cannot be done.",
            ),
            Self::StateForbids(State::Dormant) => row(
                409,
                "account_dormant",
                "账户已转为睡眠户，请先激活。",
                "The account is dormant; reactivate it first.",
            ),
            Self::StateForbids(State::Active) => row(
                409,
                "account_active",
                "账户状态正常，无需办理。",
                "The account is active; there is nothing to do.",
            ),
            Self::NotEmpty => row(
                409,
                "account_not_empty",
                "账户仍有余额或在途款项，请先转出全部资金再销户。",
                "Money is still on the account or on hold. Move all of it away before closing.",
            ),
            Self::PersonUnknown => row(
                404,
                "person_unknown",
                "没有找到手机号与姓名相符的本行客户。",
                "No customer of the bank has this phone and this name.",
            ),
            Self::ReceiptUnknown => row(
                404,
                "receipt_unknown",
                "验证码不存在，请核对回单上的 16 位验证码。",
                "No receipt bears this code. Check the 16 characters on the receipt.",
            ),
            Self::FontMissing => row(
                503,
                "font_missing",
                "系统未安装回单所需的中文字体，请联系银行。",
                "The bank's system lacks the Chinese font that receipts need. Please tell the bank.",
            ),
            Self::ReceiptFailed(_) | Self::Unavailable(_) => Consequence::unavailable(),
            Self::Store(error) => of_store(error),
            Self::Keys(failed) => of_keys(failed),
        }
    }
}
