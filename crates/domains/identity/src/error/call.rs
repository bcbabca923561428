//! Why a caller is not signed in.

use http::Consequence;

/// A refusal about a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CallRefused {
    /// The PIN is wrong, locked or not set, or nobody has the number. Never says which.
    #[error("the caller is not signed in")]
    Pin,
    /// It opened a session, waited for too long, or too many PINs were keyed in.
    #[error("the call is over")]
    Over,
    /// The customer said no, or gave another number.
    #[error("the call was refused in the app")]
    Declined,
    /// That is not the number that is read out.
    #[error("the number is not that of the call")]
    Number,
}

impl CallRefused {
    pub(super) fn consequence(self) -> Consequence {
        let row = |status, code, zh: &str, en: &str| Consequence::new(status, code, zh, en);
        match self {
            Self::Pin => row(
                403,
                "call_pin_refused",
                "身份验证未通过，请核对支付密码，或在手机银行批准。",
                "You could not be signed in. Check the payment PIN, or approve the call in the app.",
            ),
            Self::Over => row(
                410,
                "call_over",
                "本次电话验证已失效，请重新致电。",
                "This call can no longer be signed in. Please call again.",
            ),
            Self::Declined => row(
                403,
                "call_declined",
                "客户在手机银行拒绝了本次电话登录。",
                "The customer refused this call in the app.",
            ),
            Self::Number => row(
                403,
                "call_number",
                "数字不一致，本次电话登录已取消。若非您本人致电，请勿向任何人提供数字或密码。",
                "This is not the number read out in the call, which is now refused. If you did not call, tell nobody any \
                 number or password.",
            ),
        }
    }
}
