//! Who might ask, by kind, channel and assurance, and what each of them may do.

use clock::Timestamp;
use contracts::audit::Subject;
use contracts::identity::{Assurance, Channel, Principal, Role, Session};
use http::{AccessRequest, Authority, Decision};
use ids::{CustomerId, DeviceId, SessionId, StaffId};

use crate::ask::{channel_name, level, role_name};

/// Somebody who might ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Who {
    /// With which role; a customer where there is none.
    pub role: Option<Role>,
    /// Through which channel.
    pub channel: Channel,
    /// How surely.
    pub assurance: Assurance,
}

/// Every kind of principal, in order of what they are trusted with.
pub(crate) const KINDS: [Option<Role>; 4] =
    [None, Some(Role::Viewer), Some(Role::Operator), Some(Role::Administrator)];
const CUSTOMERS_CHANNELS: [Channel; 6] =
    [Channel::App, Channel::Web, Channel::MiniProgram, Channel::Phone, Channel::Branch, Channel::OpenApi];
const ASSURANCES: [Assurance; 3] = [Assurance::OneFactor, Assurance::TwoFactor, Assurance::BoundDevice];

/// Everybody who might ask: customers through each of their channels, each role on the console, and each of them with
/// each assurance.
#[must_use]
pub fn whos() -> Vec<Who> {
    KINDS.into_iter().flat_map(whos_of).collect()
}

/// Those of one kind.
pub(crate) fn whos_of(role: Option<Role>) -> Vec<Who> {
    let channels: &[Channel] = if role.is_some() { &[Channel::Console] } else { &CUSTOMERS_CHANNELS };
    let each = |channel: &Channel| ASSURANCES.map(|assurance| Who { role, channel: *channel, assurance });
    channels.iter().flat_map(each).collect()
}

impl Who {
    /// As cases write it: `customer`, `viewer`, `operator`, `administrator`.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self.role {
            None => "customer",
            Some(role) => role_name(role),
        }
    }

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

    pub(crate) fn named(kind: &str) -> Option<Self> {
        let role = KINDS.into_iter().find(|role| Self::of(*role).kind() == kind)?;
        Some(Self::of(role))
    }

    /// As most of the kind ask: customers in the app, staff on the console, both with one factor.
    pub(crate) const fn of(role: Option<Role>) -> Self {
        let channel = if role.is_some() { Channel::Console } else { Channel::App };
        Self { role, channel, assurance: Assurance::OneFactor }
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
    pub fn may(self, action: &str, authority: &dyn Authority) -> Decision {
        self.may_about(action, &[], authority)
    }

    pub(crate) fn may_about(self, action: &str, subjects: &[Subject], authority: &dyn Authority) -> Decision {
        let service = action.split('_').next().unwrap_or_default();
        authority.decide(&AccessRequest { session: &self.session(), action, service, subjects })
    }

    /// Whom a path names that names whoever asks.
    pub(crate) fn oneself(self) -> Subject {
        match self.principal() {
            Principal::Customer(id) => Subject::Customer(id),
            Principal::Staff(id, _) => Subject::Staff(id),
        }
    }

    /// Whom a path names that names somebody else of the same kind.
    pub(crate) fn another(self) -> Subject {
        match self.role {
            None => Subject::Customer(CustomerId::seeded(0, [2; 10])),
            Some(_) => Subject::Staff(StaffId::seeded(0, [2; 10])),
        }
    }

    fn principal(self) -> Principal {
        match self.role {
            None => Principal::Customer(CustomerId::seeded(0, [1; 10])),
            Some(role) => Principal::Staff(StaffId::seeded(0, [1; 10]), role),
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
        }
    }
}
