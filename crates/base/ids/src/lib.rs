//! The single list of typed identifiers.
//!
//! Every id is a time-ordered UUID (RFC 9562, version 7) with its kind in the type, so that an account can
//! never be passed where a customer is asked for. Callers mint ids, hence a retry carries the same id and is
//! recognized. Cost: 16 bytes, `Copy`. This crate knows nothing of what an id stands for.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The text given is not a UUID.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MalformedId {
    /// The kind of id that was expected, for example `account`.
    pub kind: &'static str,
}

impl fmt::Display for MalformedId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a valid {} id", self.kind)
    }
}

impl std::error::Error for MalformedId {}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $kind:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A fresh id, ordered by the time of minting.
            #[must_use]
            pub fn mint() -> Self {
                Self(Uuid::now_v7())
            }

            /// A reproducible id: `unix_ms` gives its order, `entropy` its uniqueness. For seeded generation
            /// and for imports that must mint the same id twice.
            #[must_use]
            pub fn seeded(unix_ms: u64, entropy: [u8; 10]) -> Self {
                Self(uuid::Builder::from_unix_timestamp_millis(unix_ms, &entropy).into_uuid())
            }

            /// The id as 128 bits, the form in which the ledger keeps it.
            #[must_use]
            pub const fn as_u128(self) -> u128 {
                self.0.as_u128()
            }

            /// The id as 16 bytes, big-endian, the form in which stores keep it: bytes sort by time of minting.
            #[must_use]
            pub const fn to_bytes(self) -> [u8; 16] {
                *self.0.as_bytes()
            }

            /// The id of these 16 bytes.
            ///
            /// # Errors
            /// [`MalformedId`] where there are not exactly 16.
            pub fn try_from_bytes(bytes: &[u8]) -> Result<Self, MalformedId> {
                Uuid::from_slice(bytes).map(Self).map_err(|_| MalformedId { kind: $kind })
            }

            /// The id of these 128 bits.
            #[must_use]
            pub const fn from_u128(bits: u128) -> Self {
                Self(Uuid::from_u128(bits))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($kind, ":{}"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = MalformedId;
            fn from_str(text: &str) -> Result<Self, MalformedId> {
                Uuid::try_parse(text).map(Self).map_err(|_| MalformedId { kind: $kind })
            }
        }
    )*};
}

ids! {
    /// A person or a business that the bank serves.
    CustomerId = "customer";
    /// An account of one asset in the ledger; a customer's deposit account bears the same id.
    AccountId = "account";
    /// A transfer or any other command to the ledger. Unique for ever.
    TransferId = "transfer";
    /// A payment order of a customer.
    PaymentId = "payment";
    /// A saved payee.
    PayeeId = "payee";
    /// A standing order.
    StandingOrderId = "standing order";
    /// A signed-in session.
    SessionId = "session";
    /// A device that has signed in before.
    DeviceId = "device";
    /// Something that a customer is asked to approve.
    ApprovalId = "approval";
    /// A passkey of a customer.
    PasskeyId = "passkey";
    /// A password that its owner has forgotten, on its way to a new one.
    RecoveryId = "recovery";
    /// A sign-in that waits to be scanned.
    ScanId = "scan";
    /// A customer who called, or somebody who says so, on the way to a session by phone.
    CallId = "call";
    /// One time that somebody signed in, or was refused.
    SignInId = "sign-in";
    /// A member of the bank's staff.
    StaffId = "staff";
    /// Something a member of staff asked that takes a second pair of eyes.
    CountersignatureId = "countersignature";
    /// A time for which a member of staff may do more than usual.
    EmergencyId = "emergency";
    /// A third party that asks the bank with programs of its own.
    ThirdPartyId = "third party";
    /// A message to a customer (SMS, push, mail).
    MessageId = "message";
    /// An announced event.
    EventId = "event";
    /// One request as it travels through the bank; also its trace id (W3C Trace Context).
    TraceId = "trace";
}
