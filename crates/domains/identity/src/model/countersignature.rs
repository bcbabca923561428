//! What takes a second pair of eyes: how far one is, and what it is worth to the request that it is for.

use serde::{Deserialize, Serialize};

/// How far one has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum State {
    /// Nobody has decided.
    Waiting,
    /// Another has countersigned.
    Countersigned,
    /// Another has refused.
    Refused,
    /// Whoever asked took it back.
    Withdrawn,
    /// What was asked was begun.
    Used,
    /// It was not given or used in time.
    Expired,
}

/// What one that is open is worth to its request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Worth {
    /// The request is done.
    Done,
    /// The request waits.
    Wait,
    /// The request is refused, which is said once.
    Refuse,
    /// Nothing any more: another is asked for.
    Nothing,
}

impl State {
    /// `is_over`: its time has run out. `by_staff`: whether whoever decided still is of the bank's staff.
    pub(crate) const fn worth(self, is_over: bool, by_staff: bool) -> Worth {
        match self {
            _ if is_over => Worth::Nothing,
            Self::Waiting => Worth::Wait,
            Self::Refused => Worth::Refuse,
            Self::Countersigned if by_staff => Worth::Done,
            Self::Countersigned | Self::Withdrawn | Self::Used | Self::Expired => Worth::Nothing,
        }
    }
}
