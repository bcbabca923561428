//! Client assertions: who asks for a token is a registered third party (RFC 7523 sections 2.2 and 3; `private_key_jwt`).
//!
//! The rules are the narrow ones of FAPI 2.0 (section 5.3.2.1): one algorithm, a short life, an audience that is the bank.

use serde_json::{Map, Value};

use crate::proof::{DANGEROUS, ID_CHARACTERS, NOT_JSON, SIGNATURE_BYTES, decoded, parts, second, text};
use crate::{PublicKey, Refused, json};

/// Largest assertion, bytes.
const BYTES_MAX: usize = 4096;
/// An assertion is good for no longer than this, seconds.
const LIFE_S_MAX: i64 = 300;
/// So far ahead of the bank's clock that of a third party may be, seconds.
const EARLY_S: i64 = 10;
/// What an assertion may call itself (RFC 7519 section 5.1, RFC 7523bis), in lower case.
const TYPES: [&str; 2] = ["jwt", "client-authentication+jwt"];

/// An assertion that is well formed. Nothing it says is true yet.
pub struct Assertion<'a> {
    issuer: String,
    subject: String,
    audience: String,
    id: String,
    made_at: Option<i64>,
    good_from: Option<i64>,
    good_until: i64,
    /// What the signature is of: header and payload as they came.
    signed: &'a str,
    signature: Vec<u8>,
}

/// Why an assertion is refused. No message holds anything of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AssertionRefused {
    /// It is none, or lacks something, or is written in another way than the one that is allowed.
    #[error("the assertion is malformed: {0}")]
    Malformed(&'static str),
    /// It is signed with something other than ES256.
    #[error("the assertion's algorithm is not ES256")]
    Algorithm,
    /// It speaks for somebody else than its maker.
    #[error("the assertion's `iss` and `sub` differ")]
    Subject,
    /// It was made for somebody else.
    #[error("the assertion's `aud` is not this bank")]
    Audience,
    /// It is of a time to come.
    #[error("the assertion is of a time to come")]
    TimeEarly,
    /// It has expired.
    #[error("the assertion has expired")]
    TimeLate,
    /// It would be good for too long.
    #[error("the assertion would be good for more than 300 seconds")]
    LifeLong,
    /// Its signature is of none of the keys that are registered.
    #[error("the assertion's signature is of no registered key")]
    Signature,
    /// It came before.
    #[error("the assertion came before")]
    Replayed,
}

impl AssertionRefused {
    /// Stable, snake_case; programs read it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Malformed(_) => "assertion_malformed",
            Self::Algorithm => "assertion_algorithm",
            Self::Subject => "assertion_subject",
            Self::Audience => "assertion_audience",
            Self::TimeEarly => "assertion_time_early",
            Self::TimeLate => "assertion_time_late",
            Self::LifeLong => "assertion_life_long",
            Self::Signature => "assertion_signature",
            Self::Replayed => "assertion_replayed",
        }
    }
}

impl From<Refused> for AssertionRefused {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Malformed(why) => Self::Malformed(why),
            Refused::Algorithm => Self::Algorithm,
            Refused::Signature => Self::Signature,
            _ => Self::Malformed("it is no assertion"),
        }
    }
}

impl<'a> Assertion<'a> {
    /// Reads an assertion.
    ///
    /// # Errors
    /// [`AssertionRefused::Malformed`], [`AssertionRefused::Algorithm`]; [`AssertionRefused::Signature`] where it is not
    /// of 64 bytes.
    pub fn read(text: &'a str) -> Result<Self, AssertionRefused> {
        if text.len() > BYTES_MAX {
            return Err(AssertionRefused::Malformed("it is too long"));
        }
        let (signed, header, payload, signature) = parts(text)?;
        check_header(&json::object(&decoded(header)?).ok_or(NOT_JSON)?)?;
        let payload = json::object(&decoded(payload)?).ok_or(NOT_JSON)?;
        let signature = decoded(signature)?;
        if signature.len() != SIGNATURE_BYTES {
            return Err(AssertionRefused::Signature);
        }
        Self::of(&payload, signed, signature)
    }

    fn of(
        payload: &Map<String, Value>,
        signed: &'a str,
        signature: Vec<u8>,
    ) -> Result<Self, AssertionRefused> {
        let needed = |name: &str, missing| {
            text(payload, name)?.ok_or(Refused::Malformed(missing)).map_err(AssertionRefused::from)
        };
        let id = needed("jti", "its `jti` is missing")?;
        if !ID_CHARACTERS.contains(&id.chars().count()) {
            return Err(AssertionRefused::Malformed("its `jti` is not of 16 to 128 characters"));
        }
        Ok(Self {
            issuer: needed("iss", "its `iss` is missing")?,
            subject: needed("sub", "its `sub` is missing")?,
            audience: audience(payload)?,
            id,
            made_at: second(payload, "iat")?,
            good_from: second(payload, "nbf")?,
            good_until: second(payload, "exp")?.ok_or(Refused::Malformed("its `exp` is missing"))?,
            signed,
            signature,
        })
    }

    /// Who says to be its maker (`iss`).
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Its own number (`jti`), 16 to 128 characters: whoever takes it remembers it until it has expired.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Until when it is good, exclusive, seconds since 1970.
    #[must_use]
    pub const fn good_until(&self) -> i64 {
        self.good_until
    }

    /// Checks what it says against `audiences`, the names of the bank, and the clock, seconds since 1970 (RFC 7523 section
    /// 3).
    ///
    /// # Errors
    /// [`AssertionRefused`].
    pub fn check(&self, audiences: &[String], now: i64) -> Result<(), AssertionRefused> {
        if self.issuer != self.subject {
            return Err(AssertionRefused::Subject);
        }
        if !audiences.contains(&self.audience) {
            return Err(AssertionRefused::Audience);
        }
        let latest = now.saturating_add(EARLY_S);
        if [self.made_at, self.good_from].into_iter().flatten().any(|from| from > latest) {
            return Err(AssertionRefused::TimeEarly);
        }
        if self.good_until <= now {
            return Err(AssertionRefused::TimeLate);
        }
        if self.good_until > latest.saturating_add(LIFE_S_MAX) {
            return Err(AssertionRefused::LifeLong);
        }
        Ok(())
    }

    /// Whether who holds one of `keys` signed it.
    #[must_use]
    pub fn is_signed_by(&self, keys: &[PublicKey]) -> bool {
        keys.iter().any(|key| key.0.verifies(self.signed.as_bytes(), &self.signature))
    }
}

fn check_header(header: &Map<String, Value>) -> Result<(), AssertionRefused> {
    let named = |word: &str| TYPES.contains(&word.to_ascii_lowercase().as_str());
    if !header.get("typ").is_none_or(|kind| kind.as_str().is_some_and(named)) {
        return Err(AssertionRefused::Malformed("its `typ` is not `JWT`"));
    }
    if header.get("alg").and_then(Value::as_str) != Some("ES256") {
        return Err(AssertionRefused::Algorithm);
    }
    // Its key is one that was registered, and never one that it brings.
    if DANGEROUS.iter().chain(&["jwk"]).any(|name| header.contains_key(*name)) {
        return Err(AssertionRefused::Malformed("its header has a member that it may not have"));
    }
    Ok(())
}

/// One, as text or in a list of its own: one for several could be shown on by any of them.
fn audience(payload: &Map<String, Value>) -> Result<String, AssertionRefused> {
    let one = match payload.get("aud") {
        Some(Value::String(one)) => Some(one),
        Some(Value::Array(list)) => match list.as_slice() {
            [Value::String(one)] => Some(one),
            _ => None,
        },
        _ => None,
    };
    one.cloned().ok_or(AssertionRefused::Malformed("its `aud` is not one text"))
}
