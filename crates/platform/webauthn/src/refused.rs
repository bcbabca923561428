//! Why a registration or an assertion is refused: one code each, and nothing of what was sent.

use thiserror::Error;

/// Why an authenticator's answer is refused. Section numbers are those of Web Authentication Level 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error)]
pub enum Refused {
    /// Not in the shape of the standard: JSON, CBOR, lengths, or bytes that nothing asks for.
    #[error("the authenticator's answer is malformed")]
    Malformed,
    /// Made for another ceremony: a registration is no assertion (7.1, 7.2).
    #[error("the answer was made for another ceremony")]
    Type,
    /// Not an answer to this challenge, or the challenge is shorter than 16 bytes.
    #[error("the answer is to another challenge")]
    Challenge,
    /// Made on a page of somebody else.
    #[error("the answer was made on a page of another origin")]
    Origin,
    /// Made in a frame of somebody else's page.
    #[error("the answer was made inside a page of another origin")]
    CrossOrigin,
    /// Made for another relying party.
    #[error("the answer was made for another relying party")]
    RelyingParty,
    /// Nobody touched the authenticator.
    #[error("the user was not present")]
    NotPresent,
    /// The authenticator did not find out whether it was the user.
    #[error("the user was not verified")]
    NotVerified,
    /// The key is for an algorithm that was not asked for.
    #[error("the key's algorithm is not among those asked for")]
    Algorithm,
    /// The key is none of its algorithm, or too weak.
    #[error("the key is not one of its algorithm")]
    Key,
    /// The signature is not by the known key over what was sent.
    #[error("the signature is not by the known key")]
    Signature,
    /// The counter did not grow: there may be a copy of the authenticator (6.1.1).
    #[error("the signature counter did not grow")]
    CounterRegressed,
    /// The answer names another user.
    #[error("the answer is by a credential of another user")]
    User,
    /// The flags of backup contradict each other or those at registration (6.1.3).
    #[error("the flags of backup contradict each other or those known")]
    Backup,
    /// The attestation is of a format not asked for, or does not hold.
    #[error("the attestation is of another format or does not hold")]
    Attestation,
    /// The credential's id is empty, too long, or differs from place to place.
    #[error("the credential's id is too long or differs from place to place")]
    Credential,
}

impl Refused {
    /// All, in the order of their declaration.
    pub const ALL: [Self; 16] = [
        Self::Malformed,
        Self::Type,
        Self::Challenge,
        Self::Origin,
        Self::CrossOrigin,
        Self::RelyingParty,
        Self::NotPresent,
        Self::NotVerified,
        Self::Algorithm,
        Self::Key,
        Self::Signature,
        Self::CounterRegressed,
        Self::User,
        Self::Backup,
        Self::Attestation,
        Self::Credential,
    ];

    /// Stable, `snake_case`; programs read it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Malformed => "passkey_malformed",
            Self::Type => "passkey_type",
            Self::Challenge => "passkey_challenge",
            Self::Origin => "passkey_origin",
            Self::CrossOrigin => "passkey_cross_origin",
            Self::RelyingParty => "passkey_relying_party",
            Self::NotPresent => "passkey_not_present",
            Self::NotVerified => "passkey_not_verified",
            Self::Algorithm => "passkey_algorithm",
            Self::Key => "passkey_key",
            Self::Signature => "passkey_signature",
            Self::CounterRegressed => "passkey_counter_regressed",
            Self::User => "passkey_user",
            Self::Backup => "passkey_backup",
            Self::Attestation => "passkey_attestation",
            Self::Credential => "passkey_credential",
        }
    }
}
