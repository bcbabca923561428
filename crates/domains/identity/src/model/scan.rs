//! Signing in by scanning a code: how far one is.

use serde::{Deserialize, Serialize};

/// How far a scan is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum State {
    /// It is shown.
    Open,
    /// A phone has read it; its number is shown.
    Scanned,
    /// The phone's owner gave that number.
    Approved,
    /// The phone's owner refused, or gave another number.
    Refused,
    /// It opened a session.
    Used,
}
