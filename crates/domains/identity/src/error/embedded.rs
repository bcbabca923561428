//! Why a mini-program or an embedded page gets no session of its own, and what is not done in one.
//!
//! Pages may read the member `error`, whose words are those of RFC 6749 section 5.2 and RFC 8693 section 2.2.2.

use http::Consequence;

/// A refusal about a mini-program or an embedded page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EmbeddedRefused {
    /// The page asks in a way that is none of those of this bank.
    #[error("the grant type is not that of a token exchange")]
    GrantType,
    /// It asks for something else than an access token.
    #[error("the token asked for is no access token")]
    TokenType,
    /// The bank offers none that is called so, or none at all.
    #[error("no such mini-program is offered")]
    Unknown,
    /// The name of the page's key is none.
    #[error("the thumbprint of the key is malformed")]
    Key,
    /// Only the app and the web bank open mini-programs, and only there its owner proves to be there.
    #[error("this is done in the app or the web bank alone")]
    OnlyInApp,
}

impl EmbeddedRefused {
    pub(super) fn consequence(self) -> Consequence {
        let row = |status, code, zh: &str, en: &str| Consequence::new(status, code, zh, en);
        match self {
            Self::GrantType => row(
                400,
                "grant_type_unsupported",
                "grant_type 须为 urn:ietf:params:oauth:grant-type:token-exchange。",
                "`grant_type` must be `urn:ietf:params:oauth:grant-type:token-exchange`.",
            )
            .with("error", "unsupported_grant_type"),
            Self::TokenType => row(
                400,
                "token_type_unsupported",
                "requested_token_type 须为 urn:ietf:params:oauth:token-type:access_token。",
                "`requested_token_type` must be `urn:ietf:params:oauth:token-type:access_token`.",
            )
            .with("error", "invalid_request"),
            Self::Unknown => row(
                400,
                "mini_program_unknown",
                "本行没有这个小程序，或已停用。",
                "The bank offers no such mini-program, or no longer does.",
            )
            .with("error", "invalid_target"),
            Self::Key => row(
                400,
                "key_malformed",
                "dpop_jkt 须为页面公钥的 SHA-256 指纹（RFC 7638），43 个 base64url 字符。",
                "`dpop_jkt` must be the SHA-256 thumbprint of the page's key (RFC 7638), 43 characters of base64url.",
            )
            .with("error", "invalid_request"),
            Self::OnlyInApp => row(
                403,
                "only_in_app",
                "请在手机银行或网上银行中办理。",
                "Please do this in the app or the web bank.",
            ),
        }
    }
}
