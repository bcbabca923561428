//! Why a proof is refused.

/// Why a proof is refused. No message holds anything of the proof.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// There is none.
    #[error("the request came without a proof")]
    Missing,
    /// It is no proof, or lacks something, or is written in another way than the one that is allowed.
    #[error("the proof is malformed: {0}")]
    Malformed(&'static str),
    /// It is signed with something other than ES256.
    #[error("the proof's algorithm is not ES256")]
    Algorithm,
    /// It holds no public P-256 key.
    #[error("the proof's key is malformed: {0}")]
    KeyMalformed(&'static str),
    /// Its key is not the one that the session is bound to.
    #[error("the proof is of another key than the session's")]
    KeyOther,
    /// Its signature is not one of its key, or the key is no point of the curve.
    #[error("the proof's signature is not its key's")]
    Signature,
    /// It is for another method.
    #[error("the proof is for another method")]
    Method,
    /// It is for another URL.
    #[error("the proof is for another URL")]
    Url,
    /// It is of a time to come. The device's clock is fast.
    #[error("the proof is of a time to come")]
    TimeEarly,
    /// It is too old. The device's clock is slow, or the proof was kept back.
    #[error("the proof is too old")]
    TimeLate,
    /// Its nonce is missing, too old, or of another process where that does not suffice: to be made again, with this one
    /// and another number.
    #[error("the proof needs a nonce of this process")]
    NonceNeeded {
        /// A nonce of this process, fresh.
        nonce: String,
    },
    /// Its nonce was never given by this bank.
    #[error("the proof's nonce is none of ours")]
    NonceForged,
    /// It is for another token, for none where there is one, or for one where there is none.
    #[error("the proof is for another token")]
    Token,
    /// It came before.
    #[error("the proof came before")]
    Replayed,
    /// No more proofs can be remembered. It was not used up and may come again in a moment.
    #[error("no more proofs can be remembered at present")]
    Busy,
}

impl Refused {
    /// A key that holds its private half: it is no longer safe.
    pub const KEY_PRIVATE: Self = Self::KeyMalformed("it is not public");

    /// Stable, snake_case; programs read it.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing => "proof_missing",
            Self::Malformed(_) => "proof_malformed",
            Self::Algorithm => "proof_algorithm",
            Self::KeyMalformed(_) => "proof_key_malformed",
            Self::KeyOther => "proof_key_other",
            Self::Signature => "proof_signature",
            Self::Method => "proof_method",
            Self::Url => "proof_url",
            Self::TimeEarly => "proof_time_early",
            Self::TimeLate => "proof_time_late",
            Self::NonceNeeded { .. } => "proof_nonce_needed",
            Self::NonceForged => "proof_nonce_forged",
            Self::Token => "proof_token",
            Self::Replayed => "proof_replayed",
            Self::Busy => "proof_busy",
        }
    }
}
