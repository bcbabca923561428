//! What identity decides, without clock, randomness or I/O.

pub(crate) mod approval;
pub(crate) mod authenticators;
pub(crate) mod call;
pub(crate) mod challenge;
pub(crate) mod code;
pub(crate) mod countersignature;
pub(crate) mod door;
pub(crate) mod enrollment;
pub(crate) mod method;
pub(crate) mod name;
pub(crate) mod pin;
pub(crate) mod place;
pub(crate) mod quality;
pub(crate) mod recovery;
pub(crate) mod scan;
pub(crate) mod sim;
pub(crate) mod source;
pub(crate) mod totp;
pub(crate) mod tries;

use std::time::Duration;

use clock::Timestamp;

/// `seconds` after `at`; stops at the end of time.
pub(crate) fn later(at: Timestamp, seconds: u32) -> Timestamp {
    at.saturating_add(Duration::from_secs(seconds.into())).unwrap_or(Timestamp::MAX)
}

/// `seconds` before `at`; stops at the beginning of time.
pub(crate) fn earlier(at: Timestamp, seconds: u32) -> Timestamp {
    at.saturating_sub(Duration::from_secs(seconds.into())).unwrap_or(Timestamp::MIN)
}

/// Whole seconds from `now` until `at`, rounded up, at least one: what `Retry-After` says.
pub(crate) fn seconds_until(now: Timestamp, at: Timestamp) -> u64 {
    let micros = at.as_microsecond().saturating_sub(now.as_microsecond()).max(1);
    u64::try_from(micros).unwrap_or(1).div_ceil(1_000_000)
}

#[cfg(test)]
mod tests;
