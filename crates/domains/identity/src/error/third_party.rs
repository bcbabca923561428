//! Why a third party is not registered, or its program gets no token.
//!
//! Programs read the member `error`, whose words are those of RFC 6749 section 5.2; `code` says more.

use dpop::AssertionRefused;
use http::Consequence;

/// A refusal about a third party.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ThirdPartyRefused {
    /// Another one has this name.
    #[error("the name is another third party's")]
    NameTaken,
    /// Some third party has this key, or had it once.
    #[error("the key is known already")]
    KeyTaken,
    /// It has as many keys as it may.
    #[error("there are as many keys as there may be")]
    KeysFull,
    /// Without a key it could never ask again.
    #[error("the last key cannot be removed")]
    LastKey,
    /// The program asks in a way that is none of those of this bank.
    #[error("the grant type is not `client_credentials`")]
    GrantType,
    /// The program says by another way who it is.
    #[error("the assertion is missing or of another type")]
    AssertionMissing,
    /// No such third party is registered.
    #[error("no such third party is registered")]
    Unknown,
    /// Its assertion is no proof.
    #[error(transparent)]
    Assertion(AssertionRefused),
    /// It is not registered for what it asks.
    #[error("the scope is none that it is registered for")]
    Scope,
    /// Tokens are bound to a key, and the request proved none.
    #[error("the request came without a proof of possession")]
    ProofMissing,
}

impl ThirdPartyRefused {
    pub(super) fn consequence(self) -> Consequence {
        let row = |status, code, zh: &str, en: &str| Consequence::new(status, code, zh, en);
        match self {
            Self::NameTaken => {
                row(409, "third_party_name_taken", "已有同名的第三方。", "Another third party has this name.")
            }
            Self::KeyTaken => row(
                409,
                "third_party_key_taken",
                "这把公钥已登记过，请第三方重新生成一对。",
                "This key was registered before. Have a new pair made.",
            ),
            Self::KeysFull => row(
                409,
                "third_party_keys_full",
                "公钥数量已达上限，请先移除不用的。",
                "There are as many keys as there may be; remove one that is not used.",
            ),
            Self::LastKey => row(
                409,
                "third_party_last_key",
                "至少保留一把公钥；如不再合作，请停用该第三方。",
                "One key must be left. To end it all, remove the third party.",
            ),
            Self::GrantType => row(
                400,
                "grant_type_unsupported",
                "grant_type 须为 client_credentials。",
                "`grant_type` must be `client_credentials`.",
            )
            .with("error", "unsupported_grant_type"),
            Self::AssertionMissing => row(
                400,
                "assertion_missing",
                "请用 client_assertion 提交签名断言，client_assertion_type 须为 \
                 urn:ietf:params:oauth:client-assertion-type:jwt-bearer。",
                "Send a signed `client_assertion`, with `client_assertion_type` \
                 urn:ietf:params:oauth:client-assertion-type:jwt-bearer.",
            )
            .with("error", "invalid_request"),
            Self::Unknown => row(
                401,
                "third_party_unknown",
                "未登记的第三方。",
                "No third party of this name (`iss`) is registered.",
            )
            .with("error", "invalid_client"),
            Self::Assertion(refused) => {
                let en = format!("Not accepted: {refused}.");
                Consequence::new(401, refused.code(), "签名断言无效，请检查密钥、时间和受众。", en)
                    .with("error", "invalid_client")
            }
            Self::Scope => row(
                400,
                "scope_unknown",
                "申请的授权范围未登记。",
                "The scope asked for is none that is registered.",
            )
            .with("error", "invalid_scope"),
            Self::ProofMissing => row(
                400,
                "proof_missing",
                "请附上 DPoP 证明（RFC 9449）：令牌与密钥绑定。",
                "Send a DPoP proof (RFC 9449): tokens are bound to a key.",
            )
            .with("error", "invalid_dpop_proof"),
        }
    }
}
