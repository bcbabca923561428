//! Why payments refuse, and what each refusal means to the one who asked.

use contracts::Unavailable;
use contracts::identity::{ApprovalAsked, ApprovalUse};
use http::{Amount, Consequence, Refusal};
use keys::KeysFailed;
use money::Money;
use sea_orm::DbErr;

use crate::refusals;

/// Why a request was refused.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PaymentsRefused {
    /// No such thing, or the caller may not know of it.
    #[error("not found")]
    NotFound,
    /// The caller sees the account but may not move money from it.
    #[error("not allowed")]
    NotAllowed,
    /// A field has a value it may not have.
    #[error("`{field}` is not valid")]
    Invalid {
        /// Which.
        field: &'static str,
        /// What to do, in Chinese.
        zh: &'static str,
        /// What to do, in English.
        en: &'static str,
    },
    /// The key was used for something else.
    #[error("the idempotency key was used with other content")]
    KeyReused,
    /// The PIN is wrong.
    #[error("the PIN is wrong")]
    PinWrong {
        /// Tries left.
        tries_left: u32,
    },
    /// The PIN is locked.
    #[error("the PIN is locked")]
    PinLocked {
        /// Seconds until it unlocks.
        retry_after_s: u64,
    },
    /// No PIN was set.
    #[error("no PIN is set")]
    PinNotSet,
    /// No account answers to what was given.
    #[error("the payee is unknown")]
    PayeeUnknown,
    /// The name is not the payee's.
    #[error("the name is not the payee's")]
    PayeeNameMismatch,
    /// Too many checks or wrong payees.
    #[error("too many tries")]
    TooManyTries {
        /// Seconds until the next.
        retry_after_s: u64,
    },
    /// From and to the same account.
    #[error("the same account")]
    SameAccount,
    /// The accounts or the amount are of different currencies.
    #[error("the currencies differ")]
    CurrencyMismatch,
    /// Too many saved payees.
    #[error("too many payees")]
    TooManyPayees,
    /// A limit above what class and assurance allow.
    #[error("above the ceiling")]
    AboveCeiling {
        /// Which limit.
        field: &'static str,
        /// The highest allowed.
        ceiling: Money,
    },
    /// The transfer was refused for good; the word of `refusals`.
    #[error("the transfer was refused: {word}")]
    Transfer {
        /// Stable code.
        word: &'static str,
        /// The limit that was hit and how much of it is used, where it was one.
        limit: Option<(Money, Money)>,
    },
    /// The payer has to approve it with a passkey first; then the same order is sent again with the approval.
    #[error("the transfer needs an approval")]
    ApprovalNeeded(ApprovalAsked),
    /// It must be approved, and the payer has nothing to do it with.
    #[error("the transfer needs an approval that its payer cannot give")]
    ApprovalImpossible,
    /// The approval that came with the order is not good for it.
    #[error("the approval is not good for this order: {0:?}")]
    Approval(ApprovalUse),
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

impl PaymentsRefused {
    pub(crate) const fn transfer(word: &'static str) -> Self {
        Self::Transfer { word, limit: None }
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

fn amount(money: Money) -> serde_json::Value {
    serde_json::to_value(Amount::from(money)).unwrap_or_default()
}

fn of_pin(refused: &PaymentsRefused) -> Consequence {
    match refused {
        PaymentsRefused::PinWrong { tries_left } => Consequence::new(
            403,
            "pin_wrong",
            format!("支付密码不正确，还可尝试 {tries_left} 次。"),
            format!("The payment PIN is wrong; {tries_left} tries are left."),
        )
        .with("tries_left", *tries_left),
        PaymentsRefused::PinLocked { retry_after_s } => Consequence::new(
            403,
            "pin_locked",
            "支付密码已锁定，请稍后再试或重新设置。",
            "The payment PIN is locked. Try again later or set a new one.",
        )
        .with("retry_after", *retry_after_s)
        .retry_after_s(*retry_after_s),
        _ => Consequence::new(409, "pin_not_set", "请先设置支付密码。", "Set a payment PIN first."),
    }
}

fn of_approval(came: ApprovalUse) -> Consequence {
    let (status, code, zh, en) = match came {
        ApprovalUse::Waiting => {
            (409, "approval_waiting", "这笔转账还未批准。", "This transfer has not been approved yet.")
        }
        ApprovalUse::Refused => (
            409,
            "approval_refused",
            "您已拒绝这笔转账，资金未转出。",
            "You refused this transfer. Nothing was moved.",
        ),
        ApprovalUse::Expired => (
            409,
            "approval_expired",
            "批准已超时，资金未转出，请重新发起。",
            "This was not approved in time. Nothing was moved; please begin again.",
        ),
        ApprovalUse::Unknown => return Consequence::not_found(),
        ApprovalUse::Other | ApprovalUse::Approved => (
            409,
            "approval_other",
            "转账内容与您批准的不一致，资金未转出。",
            "This is not what you approved. Nothing was moved.",
        ),
    };
    Consequence::new(status, code, zh, en)
}

impl Refusal for PaymentsRefused {
    fn consequence(&self) -> Consequence {
        let row = |status, code, zh: &str, en: &str| Consequence::new(status, code, zh, en);
        match self {
            Self::NotFound => Consequence::not_found(),
            Self::NotAllowed => row(
                403,
                "not_allowed",
                "您只能查看该账户，不能从中转出资金。",
                "You may see this account but not move money from it.",
            ),
            Self::Invalid { field, zh, en } => Consequence::invalid_field(field, *zh, *en),
            Self::KeyReused => row(
                409,
                "idempotency_key_reused",
                "该请求编号已用于另一笔业务，请重新发起。",
                "This idempotency key was used for something else. Start again with a new one.",
            ),
            Self::PinWrong { .. } | Self::PinLocked { .. } | Self::PinNotSet => of_pin(self),
            Self::PayeeUnknown => row(
                404,
                "payee_unknown",
                "没有找到该收款账户，请核对账号或手机号及币种。",
                "No account answers to this number or phone in this currency. Please check them.",
            ),
            Self::PayeeNameMismatch => row(
                409,
                "payee_name_mismatch",
                "收款人姓名与账户不符，资金未转出，请核对。",
                "The name is not that of the payee. Nothing was sent; please check it.",
            )
            .with("field", "name"),
            Self::TooManyTries { retry_after_s } => row(
                429,
                "too_many_tries",
                "查询收款人过于频繁，请稍后再试。",
                "Payees were asked for too often. Please try again later.",
            )
            .with("retry_after", *retry_after_s)
            .retry_after_s(*retry_after_s),
            Self::SameAccount => {
                row(409, "same_account", "转出与转入账户相同。", "From and to are the same account.")
            }
            Self::CurrencyMismatch => row(
                409,
                "currency_mismatch",
                "币种不一致，请选择相同币种的账户。",
                "The currencies differ; choose accounts of one currency.",
            ),
            Self::TooManyPayees => row(
                409,
                "too_many_payees",
                "收款人数量已达上限，请先删除不用的收款人。",
                "You have saved as many payees as allowed. Remove one first.",
            ),
            Self::AboveCeiling { field, ceiling } => Consequence::new(
                409,
                "limit_above_ceiling",
                format!("限额最高可设为 {ceiling}，如需更高请到网点办理。"),
                format!("The limit can be set to at most {ceiling}; for more please come to a branch."),
            )
            .with("field", *field)
            .with("ceiling", amount(*ceiling)),
            Self::Transfer { word, limit } => {
                let (status, zh, en) = refusals::words(word);
                let refused = Consequence::new(status, word, zh, en);
                match limit {
                    Some((limit, used)) => refused.with("limit", amount(*limit)).with("used", amount(*used)),
                    None => refused,
                }
            }
            Self::ApprovalNeeded(asked) => row(
                403,
                "approval_needed",
                "请用通行密钥批准这笔转账，可在本机或手机上操作。",
                "Approve this transfer with a passkey, here or on your phone.",
            )
            .with("approval_id", asked.id.to_string())
            .with("expires_at", asked.expires_at.to_string()),
            Self::ApprovalImpossible => row(
                403,
                "approval_impossible",
                "从这里转账须在手机银行批准。请先在手机银行的安全中心添加通行密钥，或直接在手机银行转账。",
                "Transfers ordered here are approved in the app. Add a passkey there first, or order it there.",
            ),
            Self::Approval(came) => of_approval(*came),
            Self::Unavailable(_) => Consequence::unavailable(),
            Self::Store(error) => of_store(error),
            Self::Keys(failed) => of_keys(failed),
        }
    }
}
