//! A call that asks to be signed in: how far it is.

use serde::{Deserialize, Serialize};

/// How far a call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum State {
    /// The caller is asked for a PIN, or to approve in the app.
    Open,
    /// The customer gave the number that is read out.
    Approved,
    /// The customer refused, or gave another number.
    Refused,
    /// It opened a session.
    Used,
}

/// PINs that a caller may key in, however many of them are borne elsewhere.
pub(crate) const PINS_MAX: i64 = 3;
