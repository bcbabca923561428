//! Getting a forgotten password back: who may at once, who waits, and for how long.

use clock::Timestamp;
use serde::{Deserialize, Serialize};

use super::later;
use crate::Settings;

/// How a recovery ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    /// Its owner refused it, or signed in with what was said to be forgotten.
    Refused,
    /// It led to a new password.
    Done,
    /// Nobody used it in time.
    Expired,
}

/// What the bank knows of the device on which somebody asks, beside the cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Device {
    /// Since when it signs its owner in, with the key that it proves to hold now.
    pub(crate) known_since: Timestamp,
    /// Whether its owner proved with two factors that it is theirs.
    pub(crate) trusted: bool,
}

/// From when a new password can be set by one who proved the phone and knows the identity number: at once on a device
/// of the owner's, after the cooling-off elsewhere. Whoever took the phone's number over can sign in with a code and
/// is then known; but the owner is told at that moment, so a device counts once it is known for as long as the
/// cooling-off would last. `is_longer`: the customer has a passkey, or a change of their SIM is fresh.
pub(crate) fn ready_at(
    settings: &Settings,
    device: Option<Device>,
    is_longer: bool,
    now: Timestamp,
) -> Timestamp {
    let wait_s = if is_longer { settings.recovery_passkey_wait_s } else { settings.recovery_wait_s };
    let own = device.is_some_and(|device| device.trusted || later(device.known_since, wait_s) <= now);
    if own { now } else { later(now, wait_s) }
}
