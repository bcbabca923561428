//! What travels of signing in by phone.

use secrecy::Secret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Shown;
use crate::service::{CallAsked, CallBegun};

/// Somebody calls.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct CallRequest {
    /// The mobile number that calls, 11 digits.
    #[schema(example = "13900001234")]
    pub(in crate::http) caller_number: String,
}

/// A call that can be signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct CallBegunView {
    id: String,
    /// To be read out to the caller, 10 to 99: whoever approves in the app gives it.
    number: u8,
    /// Seconds for which it can be signed in.
    expires_in_s: u32,
}

impl From<CallBegun> for CallBegunView {
    fn from(begun: CallBegun) -> Self {
        Self { id: begun.id.to_string(), number: begun.number, expires_in_s: begun.expires_in_s }
    }
}

/// How a caller is to be signed in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct CallEnterRequest {
    /// The payment PIN, as it was keyed in. Left out: by approval in the app.
    #[schema(value_type = Option<String>, format = Password)]
    pub(in crate::http) pin: Option<Secret<String>>,
}

/// How far a call is.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct CallProgress {
    /// `open`: nobody has decided.
    #[schema(value_type = String, example = "open")]
    pub(in crate::http) state: &'static str,
}

/// A token to ask with in the name of the customer who called.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct CallToken {
    /// Goes into `Authorization: DPoP …`, with a proof of the key that asked for it.
    #[schema(value_type = String)]
    pub(in crate::http) access_token: Shown,
    /// `DPoP`.
    pub(in crate::http) token_type: &'static str,
    /// Seconds.
    pub(in crate::http) expires_in: u32,
}

/// A call that asks in the customer's name.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct CallView {
    id: String,
    /// The telephone system that was called, as the bank registered it.
    asked_by: String,
    asked_at: String,
    /// Until when it can be approved.
    expires_at: String,
}

impl From<CallAsked> for CallView {
    fn from(asked: CallAsked) -> Self {
        Self {
            id: asked.id.to_string(),
            asked_by: asked.asked_by,
            asked_at: asked.asked_at.to_string(),
            expires_at: asked.expires_at.to_string(),
        }
    }
}

/// Calls that ask in the customer's name, the oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct CallList {
    pub(in crate::http) calls: Vec<CallView>,
}

/// The customer approves a call.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct CallApprovalRequest {
    /// The number that is read out in the call, 10 to 99.
    #[schema(minimum = 10, maximum = 99)]
    pub(in crate::http) number: u8,
}
