//! A request in Cedar's words.

use std::borrow::Cow;

use cedar_policy::{
    Context, Entities, Entity, EntityId, EntityTypeName, EntityUid, Request, RestrictedExpression,
};
use contracts::audit::Subject;
use contracts::identity::{Assurance, Channel, Principal, Role};
use http::AccessRequest;

use crate::Faults;
use crate::fault::all_told;

/// The kinds of entities, parsed once.
pub(crate) struct Kinds {
    customer: EntityTypeName,
    staff: EntityTypeName,
    role: EntityTypeName,
    third_party: EntityTypeName,
    scope: EntityTypeName,
    channel: EntityTypeName,
    account: EntityTypeName,
    pub(crate) service: EntityTypeName,
    pub(crate) action: EntityTypeName,
}

/// Principals of whom scopes of policies say the same, but for one by id: of one kind and, where they have one, in one role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Circle {
    pub(crate) kind: EntityTypeName,
    /// The only thing that they are in, see [`Kinds::entities`].
    pub(crate) role: Option<(Role, EntityUid)>,
}

/// Why a request cannot be put in Cedar's words: a broken invariant.
pub(crate) type Unspeakable = Box<dyn std::error::Error + Send + Sync>;

impl Kinds {
    pub(crate) fn try_new() -> Result<Self, Faults> {
        let kind = |name: &str| name.parse::<EntityTypeName>().map_err(|error| all_told("", name, &error));
        Ok(Self {
            customer: kind("Customer")?,
            staff: kind("Staff")?,
            role: kind("Role")?,
            third_party: kind("ThirdParty")?,
            scope: kind("Scope")?,
            channel: kind("Channel")?,
            account: kind("Account")?,
            service: kind("Service")?,
            action: kind("Action")?,
        })
    }

    /// `action`: the entity of what is asked. It is one of the schema, for a principal of a kind that may ask it, and the
    /// rest is written here: it is not held against the schema once more each time.
    pub(crate) fn request(
        &self,
        asked: &AccessRequest<'_>,
        action: &EntityUid,
    ) -> Result<Request, Unspeakable> {
        let principal = self.principal(&asked.session.principal);
        let resource = uid(&self.service, asked.service);
        Ok(Request::new(principal, action.clone(), resource, self.context(asked)?, None)?)
    }

    /// `actions`, where the action is in its groups, and whoever asks where they are in anything: customers are not.
    pub(crate) fn entities<'a>(
        &self,
        asked: &AccessRequest<'_>,
        actions: &'a Entities,
    ) -> Result<Cow<'a, Entities>, Unspeakable> {
        let within = match &asked.session.principal {
            Principal::Customer(_) => return Ok(Cow::Borrowed(actions)),
            Principal::Staff(_, role) => [uid(&self.role, role_name(*role))].into(),
            Principal::ThirdParty(_, scopes) => {
                scopes.iter().map(|scope| uid(&self.scope, scope.word())).collect()
            }
        };
        let entity = Entity::new_no_attrs(self.principal(&asked.session.principal), within);
        Ok(Cow::Owned(actions.clone().add_entities([entity], None)?))
    }

    /// The kind of whoever asks.
    pub(crate) const fn of(&self, principal: &Principal) -> &EntityTypeName {
        match principal {
            Principal::Customer(_) => &self.customer,
            Principal::Staff(..) => &self.staff,
            Principal::ThirdParty(..) => &self.third_party,
        }
    }

    /// Those of `kind`.
    pub(crate) fn circles(&self, kind: &EntityTypeName) -> Vec<Circle> {
        let circle = |role| Circle { kind: kind.clone(), role };
        if *kind != self.staff {
            return vec![circle(None)];
        }
        let role = |role| circle(Some((role, uid(&self.role, role_name(role)))));
        [Role::Viewer, Role::Operator, Role::Administrator].map(role).into()
    }

    /// Whether whoever asks is of this circle.
    pub(crate) fn is_of(&self, principal: &Principal, circle: &Circle) -> bool {
        let role = if let Principal::Staff(_, role) = principal { Some(*role) } else { None };
        circle.role.as_ref().map(|(role, _)| *role) == role && circle.kind == *self.of(principal)
    }

    fn principal(&self, principal: &Principal) -> EntityUid {
        match principal {
            Principal::Customer(id) => uid(&self.customer, &id.to_string()),
            Principal::Staff(id, _) => uid(&self.staff, &id.to_string()),
            Principal::ThirdParty(id, _) => uid(&self.third_party, &id.to_string()),
        }
    }

    fn context(&self, asked: &AccessRequest<'_>) -> Result<Context, Unspeakable> {
        let entity = RestrictedExpression::new_entity_uid;
        let mut pairs = vec![
            ("channel".to_owned(), entity(uid(&self.channel, channel_name(asked.session.channel)))),
            ("assurance".to_owned(), RestrictedExpression::new_long(level(asked.session.assurance))),
        ];
        if let Principal::Staff(..) = asked.session.principal {
            let emergency = asked.session.emergency_until.is_some();
            pairs.push(("countersigned".to_owned(), RestrictedExpression::new_bool(asked.countersigned)));
            pairs.push(("emergency".to_owned(), RestrictedExpression::new_bool(emergency)));
        }
        for subject in asked.subjects {
            let (name, about) = match subject {
                Subject::Customer(id) => ("customer", uid(&self.customer, &id.to_string())),
                Subject::Account(id) => ("account", uid(&self.account, &id.to_string())),
                Subject::Staff(id) => ("staff", uid(&self.staff, &id.to_string())),
                Subject::ThirdParty(id) => ("third_party", uid(&self.third_party, &id.to_string())),
                Subject::Transfer(_) | Subject::Session(_) | Subject::Device(_) => continue,
            };
            pairs.push((name.to_owned(), entity(about)));
        }
        Ok(Context::from_pairs(pairs)?)
    }
}

pub(crate) fn uid(kind: &EntityTypeName, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(id))
}

/// As the schema writes it.
pub(crate) const fn role_name(role: Role) -> &'static str {
    match role {
        Role::Viewer => "viewer",
        Role::Operator => "operator",
        Role::Administrator => "administrator",
    }
}

/// As the schema writes it.
pub(crate) const fn channel_name(channel: Channel) -> &'static str {
    match channel {
        Channel::App => "app",
        Channel::Web => "web",
        Channel::MiniProgram => "mini_program",
        Channel::Phone => "phone",
        Channel::Branch => "branch",
        Channel::OpenApi => "open_api",
        Channel::Console => "console",
    }
}

/// As the schema writes it.
pub(crate) const fn level(assurance: Assurance) -> i64 {
    match assurance {
        Assurance::OneFactor => 1,
        Assurance::TwoFactor => 2,
        Assurance::BoundDevice => 3,
    }
}
