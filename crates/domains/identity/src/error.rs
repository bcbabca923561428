//! Why identity refuses, and what each refusal means to the one who asked.

mod call;
mod door;
mod embedded;
mod field;
mod seal;
mod staff;
mod tablet;
mod third_party;
mod two_eyes;

use clock::Timestamp;
use contracts::Unavailable;
use http::{Consequence, Refusal};
use sea_orm::DbErr;

use crate::model::door::Wanted;
use crate::model::quality::Weakness;

pub(crate) use call::CallRefused;
pub(crate) use embedded::EmbeddedRefused;
pub(crate) use field::Field;
pub(crate) use seal::SealRefused;
pub(crate) use staff::StaffRefused;
pub(crate) use tablet::TabletRefused;
pub(crate) use third_party::ThirdPartyRefused;
pub(crate) use two_eyes::TwoEyesRefused;

/// A refusal of identity.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    /// A field cannot be what it is.
    #[error("`{0}` is not valid")]
    Invalid(Field),
    /// A new password or PIN is too easily guessed.
    #[error("the new {field} is too weak")]
    Weak {
        /// `password` or `pin`.
        field: &'static str,
        /// Why.
        weakness: Weakness,
    },
    /// Name and proof do not belong together. Never says which of them is wrong.
    #[error("sign-in refused")]
    SignIn,
    /// What was proved is right, and not enough on a device that is new to its owner.
    #[error("more has to be proved on a new device")]
    MoreNeeded(Wanted),
    /// The password of the one who is signed in is wrong.
    #[error("the password is wrong")]
    PasswordWrong,
    /// The owner of the session has to prove to be there, in one of these ways, what proves most first.
    #[error("proof is needed that the owner of the session is there")]
    StepUp(Vec<Way>),
    /// A passkey was refused, by this code.
    #[error("the passkey was refused: {0}")]
    Passkey(&'static str),
    /// The customer has as many passkeys as there may be.
    #[error("no more passkeys can be added")]
    PasskeysFull,
    /// The code is not one that the authenticator app shows now, or was used before.
    #[error("the code of the authenticator app is wrong")]
    TotpWrong,
    /// No secret waits to be confirmed in this session: it was too long ago, or another was shown since.
    #[error("there is no authenticator app to be confirmed")]
    TotpOver,
    /// Somebody has decided already.
    #[error("the approval is no longer waiting")]
    ApprovalOver,
    /// Nobody decided in time.
    #[error("the approval has expired")]
    ApprovalExpired,
    /// The identity number is not the customer's.
    #[error("the identity number is wrong")]
    IdentityWrong,
    /// The bank knows no identity number of the customer.
    #[error("nothing is known by which the customer could be recognized")]
    NoIdentity,
    /// The password is new, and got so by a recovery that only waited.
    #[error("held until {until} after a recovery")]
    Held {
        /// Until when.
        until: Timestamp,
    },
    /// The SIM of the customer's phone was changed of late.
    #[error("held until {until} after a change of the SIM")]
    NumberHeld {
        /// Until when.
        until: Timestamp,
    },
    /// Another member of staff has to agree.
    #[error("a second member of staff is needed")]
    SecondNeeded,
    /// The code was read by somebody else, used, or shown for too long.
    #[error("the scan is over")]
    ScanOver,
    /// The owner of the phone said no.
    #[error("the scan was refused on the phone")]
    ScanDeclined,
    /// That is not the number that the page shows.
    #[error("the number is not that of the page")]
    ScanNumber,
    /// Something could not be sealed or opened.
    #[error("the keys failed")]
    Keys(#[from] keys::KeysFailed),
    /// Customers must prove from which device they sign in, and this one did not.
    #[error("the sign-in came without a proof of its device")]
    Proof,
    /// The one-time code is wrong, used up or too old.
    #[error("the one-time code is wrong")]
    CodeWrong,
    /// Too many tries or requests; nothing was checked.
    #[error("too many tries until {until}")]
    TooMany {
        /// When it may be tried again.
        until: Timestamp,
        /// The same in seconds from now.
        retry_after_s: u64,
    },
    /// The identity number belongs to a customer who can sign in.
    #[error("already a customer")]
    AlreadyCustomer,
    /// The phone belongs to another customer.
    #[error("the phone is taken")]
    PhoneTaken,
    /// Under 16.
    #[error("too young to sign up alone")]
    TooYoung,
    /// What the applicant agreed to is not what holds now.
    #[error("the documents were not agreed to as they are now")]
    NotAgreed,
    /// Whoever has open accounts is not erased; how many.
    #[error("{0} accounts are open")]
    AccountsOpen(usize),
    /// How passwords travel.
    #[error(transparent)]
    Seal(#[from] SealRefused),
    /// Somebody of the bank's people.
    #[error(transparent)]
    Staff(#[from] StaffRefused),
    /// A call.
    #[error(transparent)]
    Call(#[from] CallRefused),
    /// A tablet of a branch.
    #[error(transparent)]
    Tablet(#[from] TabletRefused),
    /// A mini-program or an embedded page.
    #[error(transparent)]
    Embedded(#[from] EmbeddedRefused),
    /// A third party, or what its program asked for.
    #[error(transparent)]
    ThirdParty(#[from] ThirdPartyRefused),
    /// Two pairs of eyes, or an emergency.
    #[error(transparent)]
    TwoEyes(#[from] TwoEyesRefused),
    /// There is no such session or member of staff, or it is somebody else's.
    #[error("not found")]
    NotFound,
    /// The session's customer is gone.
    #[error("nobody is signed in")]
    NotSignedIn,
    /// A neighbor, or our own hashing, cannot answer now.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    /// The store failed.
    #[error("the store failed")]
    Store(#[from] DbErr),
}

/// How a customer can prove to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Passkey,
    Totp,
    Password,
}

impl Way {
    const fn word(self) -> &'static str {
        match self {
            Self::Passkey => "passkey",
            Self::Totp => "totp",
            Self::Password => "password",
        }
    }
}

impl Refusal for Refused {
    fn consequence(&self) -> Consequence {
        match self {
            Self::Invalid(field) => {
                let (name, zh, en) = field.row();
                Consequence::invalid_field(name, zh, en)
            }
            Self::Weak { field, weakness } => {
                let (zh, en) = weakness.words();
                Consequence::invalid_field(field, zh, en)
            }
            Self::SignIn => row(
                401,
                "sign_in_refused",
                "登录名、密码或验证码不正确。",
                "The name and the password or code do not belong together.",
            ),
            Self::MoreNeeded(more) => door::more_needed(*more),
            Self::PasswordWrong => row(403, "password_wrong", "登录密码不正确。", "The password is wrong."),
            Self::StepUp(ways) => row(
                403,
                "step_up_needed",
                "为了您的安全，请先验证是您本人操作。",
                "For your safety, please prove first that it is you.",
            )
            .with("ways", ways.iter().map(|way| way.word()).collect::<Vec<_>>()),
            Self::Passkey(code) => passkey(code),
            Self::ApprovalOver => row(
                409,
                "approval_over",
                "这笔交易已处理过，无需再次批准。",
                "This was decided already; there is nothing left to approve.",
            ),
            Self::ApprovalExpired => row(
                409,
                "approval_expired",
                "批准已超时，资金未转出，请重新发起。",
                "This was not approved in time. Nothing was moved; please begin again.",
            ),
            Self::IdentityWrong => row(
                403,
                "identity_wrong",
                "证件号码与本行登记的不一致，请核对。",
                "This is not the identity number that the bank knows; please check it.",
            ),
            Self::NoIdentity => row(
                409,
                "branch_needed",
                "本行没有您的证件号码，请携带有效证件到网点办理。",
                "The bank does not know your identity number. Please come to a branch with your documents.",
            ),
            Self::Held { until } => row(
                403,
                "recovery_hold",
                "您刚找回过登录密码，为了资金安全，暂时不能设置支付密码、通行密钥或验证器。",
                "Your password was recovered a short while ago. For your safety, no PIN, passkey or authenticator app can be set yet.",
            )
            .with("until", until.to_string()),
            Self::NumberHeld { until } => door::number_held(*until),
            Self::SecondNeeded => row(
                409,
                "second_needed",
                "需要另一位员工核验确认。",
                "Another member of staff has to confirm this.",
            ),
            Self::ScanOver => row(
                410,
                "scan_over",
                "二维码已失效，请刷新后重新扫描。",
                "This code is no longer good. Show a new one and scan again.",
            ),
            Self::ScanDeclined => row(
                403,
                "scan_refused",
                "手机上已拒绝本次登录。",
                "The sign-in was refused on the phone.",
            ),
            Self::ScanNumber => row(
                403,
                "scan_number",
                "数字不一致，本次登录已取消。若非您本人要登录，请勿再扫描他人发来的二维码。",
                "This is not the number shown there; the sign-in is cancelled. Never scan codes that others send you.",
            ),
            Self::Keys(keys::KeysFailed::Destroyed) => Consequence::not_found(),
            Self::Keys(_) => Consequence::unavailable(),
            Self::Proof => row(
                401,
                "proof_missing",
                "此浏览器无法证明设备身份，请使用手机银行或更新浏览器后再登录。",
                "This browser cannot prove which device it is on. Use the app, or a newer browser.",
            ),
            Self::PasskeysFull => row(
                409,
                "passkeys_full",
                "通行密钥数量已达上限，请先移除不用的。",
                "You have as many passkeys as there can be; remove one that you do not use.",
            ),
            Self::CodeWrong => row(
                403,
                "code_wrong",
                "验证码不正确或已失效，请核对，或重新获取。",
                "The code is wrong or no longer good. Check it, or ask for another.",
            ),
            Self::TotpWrong => door::totp_wrong(),
            Self::TotpOver => door::totp_over(),
            Self::TooMany { retry_after_s, .. } => row(
                429,
                "too_many_tries",
                format!("操作过于频繁，请在 {retry_after_s} 秒后再试。"),
                format!("Too many tries. Please try again in {retry_after_s} seconds."),
            )
            .retry_after_s(*retry_after_s)
            .with("retry_after_s", *retry_after_s),
            Self::AlreadyCustomer => row(
                409,
                "already_customer",
                "您已是本行客户，请直接登录。",
                "You are a customer already; please sign in.",
            ),
            Self::PhoneTaken => row(
                409,
                "phone_taken",
                "该手机号已被其他客户使用，请更换手机号或联系客服。",
                "Another customer uses this phone number. Use another one, or call us.",
            ),
            Self::TooYoung => row(
                409,
                "too_young",
                "未满 16 周岁，请由监护人陪同到网点办理。",
                "Under 16: please come to a branch together with your guardian.",
            ),
            Self::NotAgreed => row(
                409,
                "documents_not_agreed",
                "请阅读并同意最新版本的服务协议和个人信息保护政策。",
                "Please read the latest terms and privacy statement and agree to them.",
            ),
            Self::AccountsOpen(count) => row(
                409,
                "accounts_open",
                format!("您名下还有 {count} 个账户未销户。请先转出余额并销户，再申请注销。"),
                format!("You still have {count} open account(s). Move the money out and close them first."),
            )
            .with("accounts_open", *count),
            Self::Seal(refused) => refused.consequence(),
            Self::Staff(refused) => refused.consequence(),
            Self::Call(refused) => refused.consequence(),
            Self::Tablet(refused) => refused.consequence(),
            Self::Embedded(refused) => refused.consequence(),
            Self::ThirdParty(refused) => refused.consequence(),
            Self::TwoEyes(refused) => refused.consequence(),
            Self::NotFound => Consequence::not_found(),
            Self::NotSignedIn => row(401, "not_signed_in", "请先登录。", "Please sign in first."),
            Self::Unavailable(_) => Consequence::unavailable(),
            Self::Store(error) if db::fault(error) == db::Fault::StorageFull => Consequence::storage_full(),
            Self::Store(_) => Consequence::unavailable(),
        }
    }
}

fn row(status: u16, code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Consequence {
    Consequence::new(status, code, zh, en)
}

/// What a refused passkey means to its owner.
fn passkey(code: &'static str) -> Consequence {
    let (zh, en) = match code {
        "passkey_expired" => ("操作超时，请重新开始。", "That took too long; please begin again."),
        "passkey_unknown" => (
            "本行没有这把通行密钥，可能已被移除，请改用其他方式登录。",
            "The bank does not know this passkey; it may have been removed. Please sign in another way.",
        ),
        "passkey_known" => ("这把通行密钥已经添加过了。", "This passkey has been added already."),
        "passkey_other" => ("这把通行密钥不属于您的账户。", "This passkey is not one of yours."),
        "passkey_not_verified" => (
            "请用指纹、面容或屏幕密码解锁后再试。",
            "Unlock it with your finger, your face or your screen's code, and try again.",
        ),
        "passkey_counter_regressed" => (
            "这把通行密钥可能已被复制，已拒绝使用，请联系客服。",
            "This passkey may have been copied; it was refused. Please call us.",
        ),
        _ => (
            "通行密钥验证未通过，请重试或改用其他方式。",
            "The passkey was refused; try again, or another way.",
        ),
    };
    row(403, code, zh, en)
}

impl Refused {
    /// A refusal of a passkey's answer.
    pub(crate) fn passkey(refused: webauthn::Refused) -> Self {
        Self::Passkey(refused.code())
    }

    /// What a contract may say of it.
    pub(crate) fn unavailable(self) -> Unavailable {
        match self {
            Self::Unavailable(unavailable) => unavailable,
            Self::Store(error) => db::unavailable(&error),
            other => {
                tracing::error!(error = %other, "a refusal where none can be");
                Unavailable::StoreFailed
            }
        }
    }
}
