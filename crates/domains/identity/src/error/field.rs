//! What cannot be as it was written, and what to write instead.

use crate::model::quality::Weakness;

/// A field of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    Phone,
    CallerNumber,
    Name,
    IdNumber,
    StaffName,
    Proof,
    TabletName,
    ThirdPartyName,
    Scopes,
    PublicKey,
    PrivateKey,
}

impl std::fmt::Display for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.row().0)
    }
}

impl Field {
    /// The name of the member, and what to do, in both languages.
    pub(super) const fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Phone => (
                "phone",
                "请填写 11 位中国大陆手机号。",
                "Give a mobile number of mainland China with 11 digits.",
            ),
            Self::CallerNumber => (
                "caller_number",
                "请填写 11 位中国大陆手机号；来电未显示号码的，请转人工。",
                "Give a mobile number of mainland China with 11 digits; where none is shown, hand the call on to somebody.",
            ),
            Self::Name => ("name", "请填写与身份证一致的姓名。", "Give the name as on the identity card."),
            Self::IdNumber => (
                "id_number",
                "身份证号码不正确，请核对 18 位号码。",
                "The identity number is not valid; check its 18 characters.",
            ),
            Self::StaffName => (
                "name",
                "员工登录名须为 2 到 40 位小写字母、数字、点、下划线或连字符，并以字母开头。",
                "A staff name has 2 to 40 of a-z, 0-9, dot, underscore and hyphen, and begins with a letter.",
            ),
            Self::Proof => ("password", "请填写登录密码或验证码。", "Give the password or a code."),
            Self::TabletName => (
                "name",
                "请填写平板所在的位置，不超过 40 个字。",
                "Say where the tablet stands, in at most 40 characters.",
            ),
            Self::ThirdPartyName => (
                "name",
                "请填写第三方机构名称，不超过 60 个字。",
                "Give the name of the third party, at most 60 characters.",
            ),
            Self::Scopes => ("scopes", "请至少选择一项授权范围。", "Choose at least one scope."),
            Self::PublicKey => (
                "key",
                "请粘贴第三方的公钥：P-256 的 JWK（JSON），不含私钥。",
                "Paste the public key of the third party: a JWK (JSON) of P-256, without its private half.",
            ),
            Self::PrivateKey => (
                "key",
                "这里面含有私钥。私钥一旦给出就不再安全，请第三方重新生成一对，只提供公钥。",
                "This holds a private key, which is no longer safe once given away. Have a new pair made, and take the \
                 public key alone.",
            ),
        }
    }
}

impl Weakness {
    /// What to choose instead, in both languages.
    pub(super) const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Length => ("密码须为 8 到 64 位。", "A password has 8 to 64 characters."),
            Self::Uniform => (
                "密码须包含字母、数字、符号中的至少两种，且至少四个不同字符。",
                "Mix at least two of letters, capitals, digits and symbols, and four different characters.",
            ),
            Self::Common => {
                ("该密码过于常见，请换一个。", "Everybody tries this password first; choose another.")
            }
            Self::Personal => (
                "请不要使用手机号、身份证号或生日。",
                "Do not use your phone number, identity number or birthday.",
            ),
            Self::NotSixDigits => ("支付密码须为 6 位数字。", "A payment PIN has six digits."),
            Self::Pattern => (
                "支付密码过于简单，请避免连续、重复或常见的数字。",
                "This PIN is too simple; avoid sequences, repetition and well-known numbers.",
            ),
        }
    }
}
