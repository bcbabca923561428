//! What travels: requests and answers of identity.

pub(super) mod approvals;
pub(super) mod calls;
pub(super) mod devices;
pub(super) mod embedded;
pub(super) mod erasure;
pub(super) mod export;
pub(super) mod passkeys;
pub(super) mod recovery;
pub(super) mod scans;
pub(super) mod sign_ins;
pub(super) mod staff;
pub(super) mod tablets;
pub(super) mod third_parties;
pub(super) mod totp;
pub(super) mod two_eyes;

use contracts::customers::{Agreement, Document, Profile};
use contracts::identity::{Assurance, Channel, Principal, Session};
use http::{PersonalDevice, PersonalName, PersonalPhone};
use ids::CustomerId;
use secrecy::Secret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::Refused;
use crate::model::code::Purpose;
use crate::service::{Identities, SessionSeen};
use crate::store;

/// What a one-time code is for.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum CodePurpose {
    /// Becoming a customer.
    SignUp,
    /// Signing in without a password.
    SignIn,
    /// Setting a new password.
    ResetPassword,
}

impl From<CodePurpose> for Purpose {
    fn from(purpose: CodePurpose) -> Self {
        match purpose {
            CodePurpose::SignUp => Self::SignUp,
            CodePurpose::SignIn => Self::SignIn,
            CodePurpose::ResetPassword => Self::ResetPassword,
        }
    }
}

/// Asks for a one-time code.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CodeRequest {
    /// Mobile number, 11 digits.
    #[schema(example = "13900001234")]
    pub(super) phone: String,
    pub(super) purpose: CodePurpose,
}

/// A code is on its way, if there is anybody to send it to.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CodeAnswer {
    /// Seconds for which the code is good.
    pub(super) expires_in_s: u32,
    /// Seconds before another may be asked for.
    pub(super) resend_after_s: u32,
}

/// To what a page seals the passwords of one request, good once: SM2 (GB/T 32918.4), in base64url C1 (uncompressed), C3 and C2
/// of the password in UTF-8, filled up with zeros so that its length does not show.
#[derive(Serialize, ToSchema)]
pub(super) struct EnvelopeView {
    /// Goes into `sealed_by` of the request.
    pub(super) challenge: String,
    /// The public key, in base64url: `04`, x and y.
    pub(super) key: String,
}

/// Becomes a customer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SignUpRequest {
    /// Mobile number, 11 digits.
    pub(super) phone: String,
    /// The one-time code sent to it.
    #[schema(value_type = String, example = "123456")]
    pub(super) code: Secret<String>,
    /// Name as on the identity card.
    pub(super) name: String,
    /// Resident identity number, 18 characters.
    pub(super) id_number: String,
    /// 8 to 64 characters of at least two kinds.
    #[schema(value_type = String, format = Password)]
    pub(super) password: Secret<String>,
    /// The documents of `/api/customers/documents`, in the versions that were read and agreed to.
    #[serde(default)]
    pub(super) agreed: Vec<AgreedDocument>,
    /// The challenge of the envelope, where the passwords of this request are sealed; see `/api/identity/envelope`.
    pub(super) sealed_by: Option<String>,
}

/// A document that was agreed to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AgreedDocument {
    pub(super) document: DocumentKind,
    /// Its version.
    pub(super) version: String,
}

/// Which document.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum DocumentKind {
    /// The terms of service.
    Terms,
    /// How the bank handles personal data.
    Privacy,
}

impl From<AgreedDocument> for Agreement {
    fn from(agreed: AgreedDocument) -> Self {
        let document = match agreed.document {
            DocumentKind::Terms => Document::Terms,
            DocumentKind::Privacy => Document::Privacy,
        };
        Self { document, version: agreed.version }
    }
}

/// Signs in with a password or a one-time code, or with the password and one of two codes: a device that never signed this
/// customer in is asked for two proofs (`sign_in_more_needed`, whose member `also` is `totp`, `code` or `password`; where the
/// customer may give something else instead, its member `or` says what).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SignInRequest {
    /// Mobile number or customer number.
    pub(super) name: String,
    #[schema(value_type = Option<String>, format = Password)]
    pub(super) password: Option<Secret<String>>,
    /// A one-time code; the name is then the phone it was sent to.
    #[schema(value_type = Option<String>)]
    pub(super) code: Option<Secret<String>>,
    /// A code of the authenticator app, beside the password.
    #[schema(value_type = Option<String>)]
    pub(super) totp: Option<Secret<String>>,
    /// The challenge of the envelope, where the passwords of this request are sealed; see `/api/identity/envelope`.
    pub(super) sealed_by: Option<String>,
}

/// Sets a new password for the one who holds the phone and knows the identity number.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PasswordResetRequest {
    /// Mobile number, 11 digits.
    pub(super) phone: String,
    /// The one-time code sent to it.
    #[schema(value_type = String)]
    pub(super) code: Secret<String>,
    /// Number of the identity card, or credit code of the business.
    pub(super) id_number: String,
    /// The new password.
    #[schema(value_type = String, format = Password)]
    pub(super) password: Secret<String>,
    /// The challenge of the envelope, where the passwords of this request are sealed; see `/api/identity/envelope`.
    pub(super) sealed_by: Option<String>,
}

/// Sets the payment PIN.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PinRequest {
    /// The sign-in password.
    #[schema(value_type = String, format = Password)]
    pub(super) password: Secret<String>,
    /// Six digits that are not easily guessed.
    #[schema(value_type = String, format = Password)]
    pub(super) pin: Secret<String>,
    /// The challenge of the envelope, where the passwords of this request are sealed; see `/api/identity/envelope`.
    pub(super) sealed_by: Option<String>,
}

/// Replaces the password, with either the old one or a passkey.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PasswordRequest {
    #[schema(value_type = Option<String>, format = Password)]
    pub(super) old: Option<Secret<String>>,
    /// `AuthenticationResponseJSON`, as for a step-up.
    #[schema(value_type = Option<passkeys::BrowserJson>)]
    pub(super) credential: Option<webauthn::Assertion>,
    #[schema(value_type = String, format = Password)]
    pub(super) new: Secret<String>,
    /// The challenge of the envelope, where the passwords of this request are sealed; see `/api/identity/envelope`.
    pub(super) sealed_by: Option<String>,
}

/// Whether a customer is a person or a business.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum CustomerKind {
    Person,
    Business,
}

/// The customer who is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SessionCustomer {
    id: String,
    name: PersonalName,
    /// Empty where the bank knows no phone.
    masked_phone: PersonalPhone,
    kind: CustomerKind,
}

/// A session, as its owner sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SessionView {
    session_id: String,
    customer: SessionCustomer,
    #[schema(value_type = String, example = "app")]
    channel: Channel,
    #[schema(value_type = String, example = "one_factor")]
    assurance: Assurance,
    /// Whether a payment PIN is set.
    pin_set: bool,
    /// Until when what comes to the customer's phone proves nothing, because its SIM was changed of late.
    #[serde(skip_serializing_if = "Option::is_none")]
    number_held_until: Option<String>,
    started_at: String,
    /// When it ends at the latest.
    expires_at: String,
    /// After how many seconds without a request it ends.
    idle_s: u32,
    /// For programs that keep no cookies: sent as `Authorization: Bearer`. Only where the session was just opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    token: Option<Shown>,
}

/// A token on its way to its owner: written to the answer, never to a log.
#[derive(Serialize)]
#[serde(transparent)]
pub(super) struct Shown(String);

impl std::fmt::Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[hidden]")
    }
}

impl From<&Secret<String>> for Shown {
    fn from(token: &Secret<String>) -> Self {
        Self(token.expose().clone())
    }
}

impl SessionView {
    /// # Errors
    /// [`Refused::NotSignedIn`] where the customer is gone; [`Refused::Unavailable`], [`Refused::Store`].
    pub(super) async fn of(
        identities: &Identities,
        session: &Session,
        token: Option<&Secret<String>>,
    ) -> Result<Self, Refused> {
        let Principal::Customer(id) = session.principal else { return Err(Refused::NotSignedIn) };
        let (profile, _) = identities.customers.profile(id).await?.ok_or(Refused::NotSignedIn)?;
        let credential = store::credential(identities.db.reader(), id).await?.ok_or(Refused::NotSignedIn)?;
        Ok(Self {
            session_id: session.id.to_string(),
            customer: SessionCustomer {
                id: id.to_string(),
                name: PersonalName::of(&profile).known_to(id),
                masked_phone: PersonalPhone::new(profile.phone().unwrap_or_default()),
                kind: match profile {
                    Profile::Person(_) => CustomerKind::Person,
                    Profile::Business(_) => CustomerKind::Business,
                },
            },
            channel: session.channel,
            assurance: session.assurance,
            pin_set: credential.pin_set,
            number_held_until: credential.sim.held(identities.now()).map(|until| until.to_string()),
            started_at: session.started_at.to_string(),
            expires_at: session.expires_at.to_string(),
            idle_s: identities.sessions.idle_s(session),
            token: token.map(Shown::from),
        })
    }
}

/// One of the places where somebody is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct SessionListItem {
    id: String,
    #[schema(value_type = String)]
    channel: Channel,
    /// For example `Chrome · Windows`; empty where the device says nothing known.
    device_name: PersonalDevice,
    started_at: String,
    last_seen_at: String,
    /// Whether it is the one that asks.
    current: bool,
}

impl SessionListItem {
    /// As `customer` sees it, whose session it is.
    pub(in crate::http) fn of(seen: &SessionSeen, current: &Session, customer: CustomerId) -> Self {
        Self {
            id: seen.id.to_string(),
            channel: seen.channel,
            device_name: PersonalDevice::new(&seen.device_name).known_to(customer),
            started_at: seen.started_at.to_string(),
            last_seen_at: seen.last_seen_at.to_string(),
            current: seen.id == current.id,
        }
    }
}

/// Where somebody is signed in, the youngest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SessionList {
    pub(super) sessions: Vec<SessionListItem>,
}
