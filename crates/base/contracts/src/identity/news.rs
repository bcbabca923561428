//! What identity tells: who came, what changed about how they come in, and what ended.

use clock::Timestamp;
use ids::{ApprovalId, CustomerId, DeviceId, PasskeyId, SessionId, StaffId};
use serde::{Deserialize, Serialize};

use super::{Channel, Principal, Role};
use crate::discreet::discreet;

/// News: somebody became a customer who can sign in. Topic [`SIGNED_UP`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedUp {
    /// Who.
    pub customer: CustomerId,
    /// Through what.
    pub channel: Channel,
}

/// The topic of [`SignedUp`].
pub const SIGNED_UP: &str = "identity.signed_up";

/// News: a member of staff got a code with which they register a passkey. Topic [`STAFF_ENROLLED`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffEnrolled {
    /// Who.
    pub staff: StaffId,
    /// In which role.
    pub role: Role,
    /// On whose word; `None`: on that of whoever operates the bank, by command.
    pub by: Option<StaffId>,
}

/// The topic of [`StaffEnrolled`].
pub const STAFF_ENROLLED: &str = "identity.staff_enrolled";

/// News: somebody signed in. Topic [`SIGNED_IN`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// The session that was opened.
    pub session: SessionId,
    /// Who.
    pub principal: Principal,
    /// Through what.
    pub channel: Channel,
    /// From which device.
    pub device: DeviceId,
}

/// The topic of [`SignedIn`].
pub const SIGNED_IN: &str = "identity.signed_in";

/// News: a device signed somebody in for the first time, other than at sign-up. Topic [`DEVICE_ADDED`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceAdded {
    /// Whom.
    pub customer: CustomerId,
    /// Which device.
    pub device: DeviceId,
    /// What it calls itself, for example `Chrome · Windows`; empty where it says nothing known.
    pub device_name: String,
    /// Whether the page spoke English.
    pub english: bool,
}

/// News: a passkey was added or removed. Topic [`PASSKEY_CHANGED`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasskeyChanged {
    /// Whose.
    pub customer: CustomerId,
    /// Which.
    pub passkey: PasskeyId,
    /// What its owner knows it by; empty where nothing is known of it.
    pub name: String,
    /// Whether it was added; removed otherwise.
    pub added: bool,
    /// Whether the page spoke English.
    pub english: bool,
}

/// The topic of [`PasskeyChanged`].
pub const PASSKEY_CHANGED: &str = "identity.passkey_changed";

/// News: an authenticator app was set up, in place of another where there was one, or removed. Topic [`TOTP_CHANGED`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TotpChanged {
    /// Whose.
    pub customer: CustomerId,
    /// Whether it was set up; removed otherwise.
    pub added: bool,
    /// Whether the page spoke English.
    pub english: bool,
}

/// News: the carrier said that the SIM of a customer's phone was changed of late. Topic [`SIM_CHANGED`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SimChanged {
    /// Whose.
    pub customer: CustomerId,
    /// Until when what comes to the phone proves nothing.
    pub until: Timestamp,
}

/// The topic of [`SimChanged`].
pub const SIM_CHANGED: &str = "identity.sim_changed";

/// The topic of [`TotpChanged`].
pub const TOTP_CHANGED: &str = "identity.totp_changed";

/// The topic of [`DeviceAdded`].
pub const DEVICE_ADDED: &str = "identity.device_added";

/// News: a customer approved or refused what they were asked to. Topic [`APPROVAL_DECIDED`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalDecided {
    /// Who.
    pub customer: CustomerId,
    /// What.
    pub approval: ApprovalId,
    /// Whether it was approved; refused otherwise.
    pub approved: bool,
    /// In which session.
    pub session: SessionId,
}

/// The topic of [`ApprovalDecided`].
pub const APPROVAL_DECIDED: &str = "identity.approval_decided";

/// How far the recovery of a password is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecoveryStage {
    /// Somebody who holds the phone and knows the identity number asked for it; it waits.
    Asked,
    /// Its owner refused it, or signed in with what was said to be forgotten.
    Refused,
    /// There is a new password.
    Done,
}

/// News: the recovery of a password came further. Topic [`RECOVERY_CHANGED`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryChanged {
    /// Whose password.
    pub customer: CustomerId,
    /// How far.
    pub stage: RecoveryStage,
    /// Of one that was asked for: from when a new password can be set.
    pub ready_at: Option<Timestamp>,
    /// Whether the page spoke English.
    pub english: bool,
}

/// The topic of [`RecoveryChanged`].
pub const RECOVERY_CHANGED: &str = "identity.recovery_changed";

/// Why a session ended before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// Its owner signed out.
    SignedOut,
    /// Its owner ended it from another session.
    Revoked,
    /// The password was changed or reset.
    PasswordChanged,
    /// The member of staff was removed, or got another role or password.
    StaffChanged,
    /// The third party was removed, or a key of it taken away.
    ThirdPartyChanged,
    /// The customer was erased.
    Erased,
}

/// News: a session ended before its time. Topic [`SESSION_REVOKED`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRevoked {
    /// Which.
    pub session: SessionId,
    /// Whose.
    pub principal: Principal,
    /// Why.
    pub reason: EndReason,
}

/// The topic of [`SessionRevoked`].
pub const SESSION_REVOKED: &str = "identity.session_revoked";

/// News: too many wrong tries; tries from there are refused for a while. A guesser never holds up a device that its
/// owner signed in with before. Topic [`LOCKED`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Locked {
    /// Whose name or PIN was guessed; `None` for a name that nobody has, and for staff.
    pub customer: Option<CustomerId>,
    /// Whether it is the payment PIN; otherwise the sign-in.
    pub pin: bool,
    /// Until when.
    pub until: Timestamp,
}

/// The topic of [`Locked`].
pub const LOCKED: &str = "identity.locked";

/// News: it was asked that a customer be erased. Topic [`ERASURE_ASKED`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasureAsked {
    /// Who.
    pub customer: CustomerId,
    /// When it is to be done; until then it can be withdrawn.
    pub due_at: Timestamp,
    /// The member of staff who took the request on paper; `None` where the customer asked.
    pub staff: Option<StaffId>,
    /// Whether the page spoke English.
    pub english: bool,
}

/// The topic of [`ErasureAsked`].
pub const ERASURE_ASKED: &str = "identity.erasure_asked";

/// News: a customer is not erased although it was asked. Topic [`ERASURE_WITHDRAWN`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasureWithdrawn {
    /// Who.
    pub customer: CustomerId,
    /// Whether the bank dropped it, because an account is open; otherwise the customer took it back.
    pub by_bank: bool,
    /// Whether the page spoke English when it was asked.
    pub english: bool,
}

/// The topic of [`ErasureWithdrawn`].
pub const ERASURE_WITHDRAWN: &str = "identity.erasure_withdrawn";

/// News: a customer took a copy of their data. Topic [`DATA_EXPORTED`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataExported {
    /// Who.
    pub customer: CustomerId,
    /// In which session.
    pub session: SessionId,
}

/// The topic of [`DataExported`].
pub const DATA_EXPORTED: &str = "identity.data_exported";

discreet! {
    DeviceAdded { customer, device, english }
    PasskeyChanged { customer, passkey, added, english }
}
