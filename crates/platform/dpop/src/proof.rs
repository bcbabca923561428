//! A proof as it is written: a compact JWS (RFC 7515 section 7.1) whose header holds the key (RFC 9449 section 4.2).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use crate::key::Key;
use crate::{Refused, Thumbprint, json};

/// Bytes of a signature: r and s (RFC 7518 section 3.4).
pub(crate) const SIGNATURE_BYTES: usize = 64;
/// Characters that a proof's own number may have: enough to be unguessable, and not a burden to hash.
pub(crate) const ID_CHARACTERS: std::ops::RangeInclusive<usize> = 16..=128;
/// Header members that would change what is signed, or where the key comes from (RFC 7515 section 4.1, RFC 7516
/// section 4.1, RFC 7797 section 3). A reader that passes over them may see something else than one that does not.
pub(crate) const DANGEROUS: [&str; 9] = ["crit", "b64", "zip", "enc", "jku", "x5u", "x5c", "x5t", "x5t#S256"];

/// A proof that is well formed. Nothing it says is true yet.
pub(crate) struct Proof<'a> {
    pub(crate) claims: Claims,
    key: Key,
    /// What the signature is of: header and payload as they came.
    signed: &'a str,
    signature: Vec<u8>,
}

/// What a proof says.
pub(crate) struct Claims {
    /// Its own number (`jti`), 16 to 128 characters.
    pub(crate) id: String,
    /// `htm`.
    pub(crate) method: String,
    /// `htu`.
    pub(crate) url: String,
    /// When it was made (`iat`), seconds since 1970.
    pub(crate) made_at: i64,
    /// From when on and until when, exclusive, its maker wants it to be good (`nbf`, `exp`), seconds since 1970. RFC 9449
    /// asks for neither; where they are, RFC 7519 section 4.1 has them obeyed.
    pub(crate) good_from: Option<i64>,
    pub(crate) good_until: Option<i64>,
    /// `nonce`.
    pub(crate) nonce: Option<String>,
    /// Hash of the token that comes with it (`ath`).
    pub(crate) token_hash: Option<String>,
}

impl<'a> Proof<'a> {
    /// Reads a proof.
    ///
    /// # Errors
    /// [`Refused::Malformed`], [`Refused::Algorithm`], [`Refused::KeyMalformed`]; [`Refused::Signature`] where it is
    /// not of 64 bytes.
    pub(crate) fn read(text: &'a str) -> Result<Self, Refused> {
        let (signed, header, payload, signature) = parts(text)?;
        let key = read_header(header)?;
        let payload = decoded(payload)?;
        let claims = Claims::of(&json::object(&payload).ok_or(NOT_JSON)?)?;
        let signature = decoded(signature)?;
        if signature.len() != SIGNATURE_BYTES {
            return Err(Refused::Signature);
        }
        Ok(Self { claims, key, signed, signature })
    }

    pub(crate) const fn thumbprint(&self) -> &Thumbprint {
        self.key.thumbprint()
    }

    /// Whether who holds the key signed it. Costs more than everything else together.
    pub(crate) fn is_signed(&self) -> bool {
        self.key.verifies(self.signed.as_bytes(), &self.signature)
    }
}

pub(crate) const NOT_JSON: Refused = Refused::Malformed("a part is no JSON object with distinct members");

/// What is signed, header and payload of it, and the signature, all as they came.
pub(crate) fn parts(text: &str) -> Result<(&str, &str, &str, &str), Refused> {
    let parts = text.rsplit_once('.').and_then(|(signed, end)| Some((signed, signed.split_once('.')?, end)));
    let (signed, (header, payload), signature) =
        parts.ok_or(Refused::Malformed("it is not of three parts"))?;
    Ok((signed, header, payload, signature))
}

/// Takes base64url without padding, and only the one way of writing the bytes: no bits are left over.
pub(crate) fn decoded(part: &str) -> Result<Vec<u8>, Refused> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| Refused::Malformed("a part is not base64url"))
}

/// Reads a header: the key that it holds.
fn read_header(part: &str) -> Result<Key, Refused> {
    let header = decoded(part)?;
    let header = json::object(&header).ok_or(NOT_JSON)?;
    if header.get("typ").and_then(Value::as_str) != Some("dpop+jwt") {
        return Err(Refused::Malformed("its `typ` is not `dpop+jwt`"));
    }
    if header.get("alg").and_then(Value::as_str) != Some("ES256") {
        return Err(Refused::Algorithm);
    }
    if DANGEROUS.iter().any(|name| header.contains_key(*name)) {
        return Err(Refused::Malformed("its header has a member that it may not have"));
    }
    let jwk = header.get("jwk").and_then(Value::as_object);
    Key::of(jwk.ok_or(Refused::KeyMalformed("there is none"))?)
}

impl Claims {
    fn of(payload: &Map<String, Value>) -> Result<Self, Refused> {
        let id = text(payload, "jti")?.ok_or(Refused::Malformed("its `jti` is missing"))?;
        if !ID_CHARACTERS.contains(&id.chars().count()) {
            return Err(Refused::Malformed("its `jti` is not of 16 to 128 characters"));
        }
        Ok(Self {
            id,
            method: text(payload, "htm")?.ok_or(Refused::Malformed("its `htm` is missing"))?,
            url: text(payload, "htu")?.ok_or(Refused::Malformed("its `htu` is missing"))?,
            made_at: second(payload, "iat")?.ok_or(Refused::Malformed("its `iat` is missing"))?,
            good_from: second(payload, "nbf")?,
            good_until: second(payload, "exp")?,
            nonce: text(payload, "nonce")?,
            token_hash: text(payload, "ath")?,
        })
    }
}

pub(crate) fn text(payload: &Map<String, Value>, name: &str) -> Result<Option<String>, Refused> {
    match payload.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(Refused::Malformed("a member that is text is something else")),
    }
}

pub(crate) fn second(payload: &Map<String, Value>, name: &str) -> Result<Option<i64>, Refused> {
    let whole = |value: &Value| value.as_i64().ok_or(Refused::Malformed("a time is not of whole seconds"));
    payload.get(name).map(whole).transpose()
}
