//! The check: a proof against what was asked.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clock::Clock;

use crate::memory::{Mark, Memory};
use crate::nonce::{Giver, Nonces, NotTaken};
use crate::proof::{Claims, Proof};
use crate::thumbprint::sha256;
use crate::{Refused, Rules, Thumbprint, url};

/// Checks proofs. One for each process; shared by its threads.
pub struct Proofs {
    clock: Arc<dyn Clock>,
    rules: Rules,
    nonces: Nonces,
    memory: Memory,
}

/// A request and the proof that came with it.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// The value of the one header `DPoP`. Where the request has several, that is no proof; where it has none, empty.
    pub proof: &'a str,
    /// The request's method as it came.
    pub method: &'a str,
    /// The request's path as it came, percent signs and all, without query.
    pub path: &'a str,
    /// Where the bank is reached, as `https://host` or `https://host:port`; at least one. The request's own `Host` is no
    /// witness: whoever forwards a proof chooses it.
    pub origins: &'a [&'a str],
    /// The bearer token that came with the request: the proof must be for it (`ath`). `None` for a session in a cookie
    /// that its page cannot read: the proof may then be for no token.
    pub token: Option<&'a str>,
    /// The key that the session is bound to; `None` where there is none yet.
    pub key: Option<&'a Thumbprint>,
    /// Whether the request may change something. If so, the proof is good at this process alone.
    pub is_change: bool,
}

impl Proofs {
    /// Checks proofs by these rules. `secret` is random and shared by all processes of the bank.
    #[must_use]
    pub fn new(secret: [u8; 32], clock: Arc<dyn Clock>, rules: Rules) -> Self {
        Self { nonces: Nonces::new(&secret, &rules), memory: Memory::new(&rules), clock, rules }
    }

    /// The nonce that proofs shall have (`DPoP-Nonce`, RFC 9449 section 8): 64 characters of base64url, the same for as
    /// long as [`Rules::nonce_s`] says.
    #[must_use]
    pub fn nonce(&self) -> String {
        self.nonces.give(self.clock.now().as_second())
    }

    /// Checks a proof (RFC 9449 section 4.3) and uses it up: the key that signed it. What costs little is looked at
    /// first, the signature after it, and only what is signed is remembered; a proof that is refused may come again.
    ///
    /// # Errors
    /// Each variant of [`Refused`].
    pub fn check(&self, asked: &Asked<'_>) -> Result<Thumbprint, Refused> {
        if asked.proof.is_empty() {
            return Err(Refused::Missing);
        }
        if asked.proof.len() > self.rules.proof_bytes_max {
            return Err(Refused::Malformed("it is too long"));
        }
        let now = self.clock.now().as_second();
        let proof = Proof::read(asked.proof)?;
        let claims = &proof.claims;
        let key = proof.thumbprint();
        if asked.key.is_some_and(|bound| bound != key) {
            return Err(Refused::KeyOther);
        }
        if claims.method != asked.method {
            return Err(Refused::Method);
        }
        if !url::is_same(&claims.url, asked.path, asked.origins) {
            return Err(Refused::Url);
        }
        self.check_time(claims, now)?;
        if claims.token_hash != asked.token.map(token_hash) {
            return Err(Refused::Token);
        }
        self.check_nonce(claims.nonce.as_deref(), asked.is_change, now)?;
        if !proof.is_signed() {
            return Err(Refused::Signature);
        }
        self.memory.remember(mark(key, &claims.id), claims.made_at, now)?;
        Ok(*key)
    }

    fn check_time(&self, claims: &Claims, now: i64) -> Result<(), Refused> {
        let latest = now.saturating_add(self.rules.early_s.into());
        let earliest = now.saturating_sub(self.rules.late_s.into());
        if claims.made_at > latest || claims.good_from.is_some_and(|from| from > latest) {
            return Err(Refused::TimeEarly);
        }
        if claims.made_at < earliest || claims.good_until.is_some_and(|until| until <= now) {
            return Err(Refused::TimeLate);
        }
        Ok(())
    }

    fn check_nonce(&self, nonce: Option<&str>, is_change: bool, now: i64) -> Result<(), Refused> {
        let giver = nonce.map_or(Err(NotTaken::Untimely), |nonce| self.nonces.giver(nonce, now));
        match giver {
            Ok(Giver::Own) => Ok(()),
            Ok(Giver::Neighbor) if !is_change => Ok(()),
            Ok(Giver::Neighbor) | Err(NotTaken::Untimely) => {
                Err(Refused::NonceNeeded { nonce: self.nonces.give(now) })
            }
            Err(NotTaken::Forged) => Err(Refused::NonceForged),
        }
    }
}

/// What a proof says of the token that it is for (RFC 9449 section 4.2, `ath`).
pub(crate) fn token_hash(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(sha256(token.as_bytes()))
}

/// A proof's number, which is unique for its key at most, and its key.
fn mark(key: &Thumbprint, id: &str) -> Mark {
    let hash = sha256(&[key.as_bytes(), id.as_bytes()].concat());
    hash.first_chunk().copied().unwrap_or_default()
}
