//! Who might ask, by kind, channel and assurance, and what each of them may do.

use clock::Timestamp;
use contracts::audit::Subject;
use contracts::identity::{Assurance, Channel, Principal, Role, Scope, Session};
use http::{AccessRequest, Authority, Decision};
use ids::{CustomerId, DeviceId, SessionId, StaffId, ThirdPartyId};

use crate::ask::{channel_name, level, role_name};

/// A kind of principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Customers.
    Customer,
    /// Staff in this role.
    Staff(Role),
    /// Third parties that are registered for this alone.
    ThirdParty(Scope),
}

/// Somebody who might ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Who {
    /// Of which kind.
    pub kind: Kind,
    /// Through which channel.
    pub channel: Channel,
    /// How surely.
    pub assurance: Assurance,
    /// Whether they are staff who have declared an emergency.
    pub emergency: bool,
}

/// Whether somebody may do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum May {
    /// They may not.
    No,
    /// They may once another member of staff has countersigned it.
    Countersigned,
    /// They may.
    Yes,
}

impl May {
    /// As cases write it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::No => "deny",
            Self::Countersigned => "countersign",
            Self::Yes => "allow",
        }
    }

    pub(crate) fn of_word(word: &str) -> Option<Self> {
        [Self::No, Self::Countersigned, Self::Yes].into_iter().find(|may| may.word() == word)
    }
}

/// Every kind of principal: customers, staff in order of what they are trusted with, third parties.
pub(crate) const KINDS: [Kind; 7] = [
    Kind::Customer,
    Kind::Staff(Role::Viewer),
    Kind::Staff(Role::Operator),
    Kind::Staff(Role::Administrator),
    Kind::ThirdParty(Scope::PayeeCheck),
    Kind::ThirdParty(Scope::Rates),
    Kind::ThirdParty(Scope::PhoneChannel),
];
const CUSTOMERS_CHANNELS: [Channel; 6] =
    [Channel::App, Channel::Web, Channel::MiniProgram, Channel::Phone, Channel::Branch, Channel::OpenApi];
const ASSURANCES: [Assurance; 3] = [Assurance::OneFactor, Assurance::TwoFactor, Assurance::BoundDevice];

impl Kind {
    /// As cases write it: `customer`, the name of a role, or that of a scope.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Staff(role) => role_name(role),
            Self::ThirdParty(scope) => scope.word(),
        }
    }

    const fn channels(self) -> &'static [Channel] {
        match self {
            Self::Customer => &CUSTOMERS_CHANNELS,
            Self::Staff(_) => &[Channel::Console],
            Self::ThirdParty(_) => &[Channel::OpenApi],
        }
    }
}

/// Everybody who might ask: customers through each of their channels, each role on the console, third parties for each
/// of their scopes, and each of them with each assurance.
#[must_use]
pub fn whos() -> Vec<Who> {
    KINDS.into_iter().flat_map(whos_of).collect()
}

/// Those of one kind.
pub(crate) fn whos_of(kind: Kind) -> Vec<Who> {
    let each = |channel: &Channel| {
        ASSURANCES.map(|assurance| Who { kind, channel: *channel, assurance, emergency: false })
    };
    kind.channels().iter().flat_map(each).collect()
}

impl Who {
    /// As the schema writes it.
    #[must_use]
    pub const fn channel_name(self) -> &'static str {
        channel_name(self.channel)
    }

    /// As the schema writes it, 1 to 3.
    #[must_use]
    pub const fn level(self) -> i64 {
        level(self.assurance)
    }

    pub(crate) fn named(word: &str) -> Option<Self> {
        KINDS.into_iter().find(|kind| kind.word() == word).map(Self::of)
    }

    /// As most of the kind ask: customers in the app, all with one factor.
    pub(crate) const fn of(kind: Kind) -> Self {
        let channel = match kind {
            Kind::Customer => Channel::App,
            Kind::Staff(_) => Channel::Console,
            Kind::ThirdParty(_) => Channel::OpenApi,
        };
        Self { kind, channel, assurance: Assurance::OneFactor, emergency: false }
    }

    pub(crate) const fn in_emergency(self) -> Self {
        Self { emergency: true, ..self }
    }

    pub(crate) fn with_channel(self, name: &str) -> Option<Self> {
        let channels = CUSTOMERS_CHANNELS.into_iter().chain([Channel::Console]);
        let channel = channels.into_iter().find(|channel| channel_name(*channel) == name)?;
        Some(Self { channel, ..self })
    }

    pub(crate) fn with_level(self, name: &str) -> Option<Self> {
        let assurance = ASSURANCES.into_iter().find(|assurance| level(*assurance).to_string() == name)?;
        Some(Self { assurance, ..self })
    }

    /// What an authority says, where the path names nothing.
    #[must_use]
    pub fn may(self, action: &str, authority: &dyn Authority) -> May {
        self.may_about(action, &[], authority).0
    }

    /// The same where the path names these, with the policies that say so.
    pub(crate) fn may_about(
        self,
        action: &str,
        subjects: &[Subject],
        authority: &dyn Authority,
    ) -> (May, Decision) {
        let alone = self.decided(action, subjects, false, authority);
        if alone.allowed {
            return (May::Yes, alone);
        }
        let is_staff = matches!(self.kind, Kind::Staff(_));
        if is_staff && self.decided(action, subjects, true, authority).allowed {
            return (May::Countersigned, alone);
        }
        (May::No, alone)
    }

    fn decided(
        self,
        action: &str,
        subjects: &[Subject],
        countersigned: bool,
        authority: &dyn Authority,
    ) -> Decision {
        let service = action.split('_').next().unwrap_or_default();
        authority.decide(&AccessRequest {
            session: &self.session(),
            action,
            service,
            subjects,
            countersigned,
        })
    }

    /// Whom a path names that names whoever asks.
    pub(crate) fn oneself(self) -> Subject {
        match self.principal() {
            Principal::Customer(id) => Subject::Customer(id),
            Principal::Staff(id, _) => Subject::Staff(id),
            Principal::ThirdParty(id, _) => Subject::ThirdParty(id),
        }
    }

    /// Whom a path names that names somebody else of the same kind.
    pub(crate) fn another(self) -> Subject {
        match self.kind {
            Kind::Customer => Subject::Customer(CustomerId::seeded(0, [2; 10])),
            Kind::Staff(_) => Subject::Staff(StaffId::seeded(0, [2; 10])),
            Kind::ThirdParty(_) => Subject::ThirdParty(ThirdPartyId::seeded(0, [2; 10])),
        }
    }

    fn principal(self) -> Principal {
        match self.kind {
            Kind::Customer => Principal::Customer(CustomerId::seeded(0, [1; 10])),
            Kind::Staff(role) => Principal::Staff(StaffId::seeded(0, [1; 10]), role),
            Kind::ThirdParty(scope) => Principal::ThirdParty(ThirdPartyId::seeded(0, [1; 10]), vec![scope]),
        }
    }

    fn session(self) -> Session {
        Session {
            id: SessionId::seeded(0, [1; 10]),
            principal: self.principal(),
            channel: self.channel,
            device: DeviceId::seeded(0, [1; 10]),
            assurance: self.assurance,
            started_at: Timestamp::UNIX_EPOCH,
            expires_at: Timestamp::UNIX_EPOCH,
            device_key: None,
            emergency_until: self.emergency.then_some(Timestamp::MAX),
        }
    }
}
