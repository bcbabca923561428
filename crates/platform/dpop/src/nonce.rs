//! Nonces that nobody keeps (RFC 9449 section 8): time, process, and a code that only the bank can make of them.

use std::hash::{BuildHasher as _, RandomState};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;

use crate::Rules;

/// What is hashed before time and process, so that the secret may serve for something else too.
const PURPOSE: &[u8] = b"yuanhang dpop nonce 1";

/// Gives nonces and knows them again.
pub(crate) struct Nonces {
    key: hmac::Key,
    /// Random, of this process alone. Not secret.
    process: [u8; 8],
    good_s: i64,
    early_s: i64,
}

/// Who gave a nonce that is in time.
#[derive(PartialEq, Eq)]
pub(crate) enum Giver {
    /// This process.
    Own,
    /// Another process of the bank.
    Neighbor,
}

/// Why a nonce is not taken.
pub(crate) enum NotTaken {
    /// The bank gave it, but not for now.
    Untimely,
    /// The bank did not give it.
    Forged,
}

impl Nonces {
    pub(crate) fn new(secret: &[u8; 32], rules: &Rules) -> Self {
        Self {
            key: hmac::Key::new(hmac::HMAC_SHA256, secret),
            // The standard library's keys are random, and different for each that is made.
            process: RandomState::new().hash_one(std::process::id()).to_be_bytes(),
            good_s: i64::from(rules.nonce_s).max(1),
            early_s: i64::from(rules.early_s),
        }
    }

    /// The nonce of this process that is given out at `now`, seconds since 1970; 64 characters of base64url.
    pub(crate) fn give(&self, now: i64) -> String {
        let given_at = now.saturating_sub(now.rem_euclid(self.good_s)).to_be_bytes();
        let code = hmac::sign(&self.key, &[PURPOSE, &given_at, &self.process].concat());
        URL_SAFE_NO_PAD.encode([&given_at, &self.process, code.as_ref()].concat())
    }

    /// Who gave `nonce`, where it is taken at `now`.
    pub(crate) fn giver(&self, nonce: &str, now: i64) -> Result<Giver, NotTaken> {
        let bytes = URL_SAFE_NO_PAD.decode(nonce).map_err(|_| NotTaken::Forged)?;
        let (given_at, rest) = bytes.split_first_chunk::<8>().ok_or(NotTaken::Forged)?;
        let (process, code) = rest.split_first_chunk::<8>().ok_or(NotTaken::Forged)?;
        hmac::verify(&self.key, &[PURPOSE, given_at, process].concat(), code)
            .map_err(|_| NotTaken::Forged)?;
        // Another process may be fast by as much as a device may.
        let age = now.saturating_sub(i64::from_be_bytes(*given_at));
        if age < -self.early_s || age >= 2 * self.good_s {
            return Err(NotTaken::Untimely);
        }
        Ok(if *process == self.process { Giver::Own } else { Giver::Neighbor })
    }
}
