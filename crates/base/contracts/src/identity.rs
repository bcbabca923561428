//! Identity: who asks, through which channel, from which device, and how sure the bank is of it.

mod countersignature;
mod emergency;
mod news;

use async_trait::async_trait;
use clock::Timestamp;
use ids::{ApprovalId, CustomerId, DeviceId, SessionId, StaffId, ThirdPartyId};
use secrecy::Secret;
use serde::{Deserialize, Serialize};

use crate::Unavailable;
use crate::discreet::discreet;
use crate::far::far;
use crate::news::announced;

pub use countersignature::{
    COUNTERSIGNATURE_CHANGED, CountersignatureChanged, CountersignatureOrder, CountersignatureStage,
    CountersignatureUse, Countersignatures, CountersignaturesDesk, FarCountersignatures,
};
pub use emergency::{EMERGENCY_CHANGED, EmergencyChanged, EmergencyReason, EmergencyStage};
pub use news::{
    APPROVAL_DECIDED, ApprovalDecided, DATA_EXPORTED, DEVICE_ADDED, DataExported, DeviceAdded, ERASURE_ASKED,
    ERASURE_WITHDRAWN, EndReason, ErasureAsked, ErasureWithdrawn, LOCKED, Locked, PASSKEY_CHANGED,
    PasskeyChanged, RECOVERY_CHANGED, RecoveryChanged, RecoveryStage, SESSION_REVOKED, SIGNED_IN, SIGNED_UP,
    SIM_CHANGED, STAFF_ENROLLED, SessionRevoked, SignedIn, SignedUp, SimChanged, StaffEnrolled, TOTP_CHANGED,
    TotpChanged,
};

/// Through what a session came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The phone app (the phone-sized web app).
    App,
    /// The web bank on a desktop.
    Web,
    /// Mini-programs and embedded pages.
    MiniProgram,
    /// By phone.
    Phone,
    /// In a branch.
    Branch,
    /// Third parties over the open API.
    OpenApi,
    /// The bank's own staff.
    Console,
}

impl Channel {
    /// Whether its sessions rest on one of the app or the web bank, where their customer proves to be there and approves
    /// what is ordered in them.
    #[must_use]
    pub const fn needs_app(self) -> bool {
        matches!(self, Self::MiniProgram | Self::Phone)
    }
}

/// How sure the bank is of who is there. Ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assurance {
    /// One factor: password or one-time code.
    OneFactor,
    /// Two independent factors.
    TwoFactor,
    /// Two factors, one of them a bound device that signs.
    BoundDevice,
}

/// A role of the bank's staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sees customers and accounts, masked.
    Viewer,
    /// Serves customers: freezes and unfreezes with a reason.
    Operator,
    /// Runs the bank: staff, business date, ledger verification, news that was set aside.
    Administrator,
}

impl Role {
    /// Whether this role includes what `other` may do.
    #[must_use]
    pub const fn includes(self, other: Self) -> bool {
        self as u8 >= other as u8
    }
}

/// What a third party is registered for (RFC 6749, section 3.3). What each lets it do is for the policies to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Whether a name is that of an account.
    PayeeCheck,
    /// Reference rates.
    Rates,
    /// Customers who call: the telephone system of the bank asks in their name once they proved who they are.
    PhoneChannel,
}

impl Scope {
    /// Every one there is, in order.
    pub const ALL: [Self; 3] = [Self::PayeeCheck, Self::Rates, Self::PhoneChannel];

    /// As it is written in requests, policies and stores.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::PayeeCheck => "payee_check",
            Self::Rates => "rates",
            Self::PhoneChannel => "phone_channel",
        }
    }

    /// The one that is written so.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.word() == word)
    }
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Principal {
    /// A customer.
    Customer(CustomerId),
    /// A member of staff.
    Staff(StaffId, Role),
    /// A third party, by a program of its own, within these scopes.
    ThirdParty(ThirdPartyId, Vec<Scope>),
}

/// A live session: principal, channel, device and assurance travel together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Its id (not the token).
    pub id: SessionId,
    /// Who.
    pub principal: Principal,
    /// Through what.
    pub channel: Channel,
    /// From where.
    pub device: DeviceId,
    /// How sure.
    pub assurance: Assurance,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// The key of the device that it is bound to: a JWK thumbprint (RFC 7638, SHA-256) in base64url. Whoever asks in
    /// this session proves with each request to hold the key (RFC 9449). `None`: not bound.
    #[serde(default)]
    pub device_key: Option<String>,
    /// Until when its member of staff may do more than usual ([`EmergencyChanged`]). `None`: no more than usual.
    #[serde(default)]
    pub emergency_until: Option<Timestamp>,
}

/// What came of a payment PIN.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PinCheck {
    /// Right.
    Right,
    /// Wrong; this many tries are left.
    Wrong {
        /// Tries left before it locks.
        tries_left: u32,
    },
    /// Locked until then after too many wrong tries.
    Locked {
        /// When it unlocks.
        until: Timestamp,
    },
    /// The customer has not set one.
    NotSet,
}

/// Credentials for a customer taken over or generated.
#[derive(Serialize, Deserialize)]
pub struct Enrollment {
    /// Who.
    pub customer: CustomerId,
    /// The name to sign in with: a mobile number; or, for customers taken over without one, a customer number.
    pub sign_in_name: String,
    /// Sign-in password.
    #[serde(serialize_with = "exposed")]
    pub password: Secret<String>,
    /// Payment PIN, six digits.
    #[serde(serialize_with = "exposed")]
    pub pin: Secret<String>,
}

/// A code with which a member of staff registers a passkey at the console. Shown once, good once.
#[derive(Serialize, Deserialize)]
pub struct StaffCode {
    /// In groups, as it is read aloud.
    #[serde(serialize_with = "exposed")]
    pub code: Secret<String>,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// A secret on its way to the process that checks it.
fn exposed<S: serde::Serializer>(secret: &Secret<String>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose())
}

/// A transfer that its payer is asked to approve: what is shown, and what exactly was ordered.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Name of the payee.
    pub payee: String,
    /// Number of the payee's account, as far as the payer knows it.
    pub account: String,
    /// Decimal amount: `1200.00`.
    pub amount: String,
    /// ISO 4217.
    pub currency: String,
    /// Number of the account debited.
    pub from: String,
    /// A hash of the whole order, in hex: another order is another approval.
    pub order: String,
}

/// An approval that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalAsked {
    /// Its id.
    pub id: ApprovalId,
    /// Until when it can be given and used.
    pub expires_at: Timestamp,
}

/// What became of an approval that an order came with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ApprovalUse {
    /// The customer approved this order; it is used up by it.
    Approved,
    /// The customer has not decided yet.
    Waiting,
    /// The customer refused.
    Refused,
    /// It was not given or used in time.
    Expired,
    /// It is for another order, or was used by another.
    Other,
    /// The customer was never asked.
    Unknown,
}

/// The identities of the bank.
#[async_trait]
pub trait Identity: Send + Sync {
    /// The live session of a token; `None` where it is unknown, expired or revoked.
    ///
    /// # Errors
    /// [`Unavailable`].
    async fn session(&self, token: &Secret<String>) -> Result<Option<Session>, Unavailable>;

    /// Checks a payment PIN and counts the try.
    ///
    /// # Errors
    /// [`Unavailable`].
    async fn check_pin(&self, customer: CustomerId, pin: &Secret<String>) -> Result<PinCheck, Unavailable>;

    /// Asks a customer to approve a transfer that was ordered in `session`; the same order is asked for once. `None`:
    /// the customer has nothing to approve with.
    ///
    /// # Errors
    /// [`Unavailable`].
    async fn ask_approval(
        &self,
        customer: CustomerId,
        session: SessionId,
        terms: Terms,
    ) -> Result<Option<ApprovalAsked>, Unavailable>;

    /// Uses an approval for the transfer that bears `key`. The same again is answered alike.
    ///
    /// # Errors
    /// [`Unavailable`].
    async fn use_approval(
        &self,
        customer: CustomerId,
        approval: ApprovalId,
        order: &str,
        key: [u8; 16],
    ) -> Result<ApprovalUse, Unavailable>;

    /// Gives credentials to customers taken over or generated. Hashing many passwords is slow on purpose: equal
    /// passwords of one call are hashed once per `shared_hash`. Only for demonstration and migration data.
    ///
    /// # Errors
    /// [`Unavailable`].
    async fn enroll_many(&self, enrollments: Vec<Enrollment>) -> Result<(), Unavailable>;

    /// Makes sure a member of staff of this name exists with this password and role.
    ///
    /// # Errors
    /// [`Unavailable`].
    async fn ensure_staff(
        &self,
        name: &str,
        password: Secret<String>,
        role: Role,
    ) -> Result<StaffId, Unavailable>;

    /// Adds a member of staff who has no passkey yet, or takes the passkeys of one away and ends their sessions; the
    /// role is theirs from then on. `None`: nobody can be called so.
    ///
    /// # Errors
    /// [`Unavailable`].
    async fn enroll_staff(&self, name: &str, role: Role) -> Result<Option<StaffCode>, Unavailable>;
}

discreet! {
    Terms { amount, currency, order }
}

announced! {
    SignedUp = SIGNED_UP;
    SignedIn = SIGNED_IN;
    StaffEnrolled = STAFF_ENROLLED;
    DeviceAdded = DEVICE_ADDED;
    PasskeyChanged = PASSKEY_CHANGED;
    TotpChanged = TOTP_CHANGED;
    SimChanged = SIM_CHANGED;
    ApprovalDecided = APPROVAL_DECIDED;
    RecoveryChanged = RECOVERY_CHANGED;
    SessionRevoked = SESSION_REVOKED;
    CountersignatureChanged = COUNTERSIGNATURE_CHANGED;
    EmergencyChanged = EMERGENCY_CHANGED;
    Locked = LOCKED;
    ErasureAsked = ERASURE_ASKED;
    ErasureWithdrawn = ERASURE_WITHDRAWN;
    DataExported = DATA_EXPORTED;
}

far! {
    Identity = "identity": FarIdentity, IdentityDesk;
    again session(#secret token: &Secret<String> = Secret<String>) -> Option<Session>, Unavailable;
    once check_pin(customer: CustomerId, #secret pin: &Secret<String> = Secret<String>) -> PinCheck, Unavailable;
    again ask_approval(customer: CustomerId, session: SessionId, terms: Terms) -> Option<ApprovalAsked>, Unavailable;
    again use_approval(customer: CustomerId, approval: ApprovalId, order: &str = String, key: [u8; 16])
        -> ApprovalUse, Unavailable;
    again enroll_many(enrollments: Vec<Enrollment>) -> (), Unavailable;
    again ensure_staff(name: &str = String, #secret password: Secret<String>, role: Role) -> StaffId, Unavailable;
    once enroll_staff(name: &str = String, role: Role) -> Option<StaffCode>, Unavailable;
}
