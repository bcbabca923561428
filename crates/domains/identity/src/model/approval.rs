//! What a customer is asked to approve: the text that is shown and signed, and how far it has come.

use clock::Timestamp;
use contracts::identity::{ApprovalUse, Terms};
use serde::{Deserialize, Serialize};

/// How far an approval has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum State {
    Waiting,
    Approved,
    Refused,
    Used,
}

/// The text that is signed, member by member in this order. What the phone shows is read from it; its SHA-256 is the
/// challenge, so that no member can be another without the signature being none of it.
#[derive(Serialize)]
struct Act<'a> {
    what: &'static str,
    payee: &'a str,
    account: &'a str,
    amount: &'a str,
    currency: &'a str,
    from: &'a str,
    order: &'a str,
    nonce: String,
    expires_at: String,
}

/// The text for a transfer on these terms.
pub(crate) fn act(terms: &Terms, nonce: [u8; 16], expires_at: Timestamp) -> String {
    let Terms { payee, account, amount, currency, from, order } = terms;
    let act = Act {
        what: "transfer",
        payee,
        account,
        amount,
        currency,
        from,
        order,
        nonce: hex::encode(nonce),
        expires_at: expires_at.to_string(),
    };
    serde_json::to_string(&act).unwrap_or_default()
}

/// What an approval is worth to an order.
pub(crate) struct Offered<'a> {
    pub(crate) state: State,
    pub(crate) is_over: bool,
    pub(crate) used_by: Option<[u8; 16]>,
    pub(crate) order: &'a str,
}

impl Offered<'_> {
    /// What it is worth to the transfer of `key` that orders `order`. [`ApprovalUse::Approved`] must still be taken.
    pub(crate) fn to(&self, order: &str, key: [u8; 16]) -> ApprovalUse {
        if self.order != order {
            return ApprovalUse::Other;
        }
        match self.state {
            State::Used if self.used_by == Some(key) => ApprovalUse::Approved,
            State::Used => ApprovalUse::Other,
            State::Refused => ApprovalUse::Refused,
            _ if self.is_over => ApprovalUse::Expired,
            State::Approved => ApprovalUse::Approved,
            State::Waiting => ApprovalUse::Waiting,
        }
    }
}
