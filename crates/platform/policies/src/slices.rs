//! Which policies may speak when somebody asks: what the others' scopes say does not match, so they determine nothing.
//!
//! Of each action there is a slice for each circle of principals ([`Circle`]) and each service that a scope names. Only
//! scopes are looked at, never conditions. INVARIANT: a policy that is left out of a slice does not match whoever the
//! slice is for. Where a scope matches everybody whom the slice is for, the policy stands in it without its scope, which
//! need not be evaluated again each time. Policies whose scope names one principal stand apart, under its id, once each.
//!
//! Slices of the same policies are one: memory grows with the policies, and with the groups of actions that they tell
//! apart, not with principals.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use cedar_policy::{
    ActionConstraint, Authorizer, Entities, EntityTypeName, EntityUid, Policy, PolicySet,
    PrincipalConstraint, ResourceConstraint, Response, pst,
};
use http::{AccessRequest, Decision};

use crate::ask::{Circle, Kinds, Unspeakable, uid};
use crate::fault::all_told;
use crate::schema::id_of;
use crate::{Faults, Schema};

/// The policies, by who may ask what.
pub(crate) struct Slices {
    of_actions: HashMap<String, OfAction>,
    /// Those whose scope names one principal, of all actions.
    of_one: HashMap<EntityUid, PolicySet>,
}

/// What is asked of one action.
struct OfAction {
    action: EntityUid,
    /// The action with the groups it is in.
    entities: Entities,
    /// For everybody of whom the schema says that they may ask it.
    circles: Vec<(Circle, OfCircle)>,
}

/// The policies that may speak when one of a circle asks, by the service.
struct OfCircle {
    /// Of services that no scope names.
    others: Arc<PolicySet>,
    services: Vec<(String, Arc<PolicySet>)>,
}

/// Whether a scope matches those whom a slice is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Matches {
    None,
    Some,
    All,
}

fn all_or_none(all: bool) -> Matches {
    if all { Matches::All } else { Matches::None }
}

impl Slices {
    /// `policies`: whose ids differ.
    ///
    /// # Errors
    /// Cedar's: a broken invariant.
    pub(crate) fn try_new(schema: &Schema, kinds: &Kinds, policies: &[Policy]) -> Result<Self, Faults> {
        let mut cutter = Cutter { schema, kinds, scopes: Vec::new(), cut: HashMap::new() };
        let mut of_one: HashMap<EntityUid, PolicySet> = HashMap::new();
        for policy in policies {
            if let PrincipalConstraint::Eq(one) = policy.principal_constraint() {
                let own = of_one.entry(one).or_default();
                own.add(policy.clone()).map_err(|error| all_told("", "", &error))?;
            } else {
                cutter.scopes.push(Scope::try_of(policy)?);
            }
        }
        let entities = schema.cedar.action_entities().map_err(|error| all_told("", "", &error))?;
        let mut of_actions = HashMap::new();
        for name in schema.actions() {
            let of_action = cutter.of_action(uid(&kinds.action, name), &entities)?;
            of_actions.insert(name.to_owned(), of_action);
        }
        Ok(Self { of_actions, of_one })
    }

    /// What the policies say.
    ///
    /// # Errors
    /// A policy that may speak could not be evaluated, or the request could not be put in Cedar's words.
    pub(crate) fn decide(&self, kinds: &Kinds, request: &AccessRequest<'_>) -> Result<Decision, Unspeakable> {
        let Some(of_action) = self.of_actions.get(request.action) else { return Ok(Decision::denied()) };
        let principal = &request.session.principal;
        let Some((_, of_circle)) =
            of_action.circles.iter().find(|(circle, _)| kinds.is_of(principal, circle))
        else {
            return Ok(Decision::denied());
        };
        let asked = kinds.request(request, &of_action.action)?;
        let entities = kinds.entities(request, &of_action.entities)?;
        let own = asked.principal().and_then(|principal| self.of_one.get(principal));
        let authorizer = Authorizer::new();
        let answers = [Some(of_circle.slice(request.service)), own]
            .map(|policies| policies.map(|policies| authorizer.is_authorized(&asked, policies, &entities)));
        together(answers.iter().flatten())
    }
}

#[cfg(test)]
impl Slices {
    /// How many different slices there are.
    pub(crate) fn count(&self) -> usize {
        let circles = self.of_actions.values().flat_map(|of_action| &of_action.circles);
        let sets = circles.flat_map(|(_, of)| of.services.iter().map(|(_, set)| set).chain([&of.others]));
        sets.map(Arc::as_ptr).collect::<std::collections::HashSet<_>>().len()
    }
}

impl OfCircle {
    fn slice(&self, service: &str) -> &PolicySet {
        let named = self.services.iter().find(|(name, _)| name == service);
        named.map_or(&self.others, |(_, policies)| policies)
    }
}

/// What is decided where each of `answers` is of other policies: a single one that forbids denies, and of those that
/// allow a single one suffices.
fn together<'a>(answers: impl Iterator<Item = &'a Response> + Clone) -> Result<Decision, Unspeakable> {
    // Cedar passes over a policy that it cannot evaluate, which would be wrong of one that forbids.
    if let Some(error) = answers.clone().find_map(|answer| answer.diagnostics().errors().next()) {
        return Err(error.to_string().into());
    }
    let determined_by = |decision| {
        let those = answers.clone().filter(move |answer| answer.decision() == decision);
        let reasons = those.flat_map(|answer| answer.diagnostics().reason());
        let mut ids: Vec<Arc<str>> = reasons.map(|id| Arc::from(id.as_ref() as &str)).collect();
        ids.sort();
        ids
    };
    let forbidden = determined_by(cedar_policy::Decision::Deny);
    if !forbidden.is_empty() {
        return Ok(Decision { allowed: false, policies: forbidden });
    }
    let allowed = determined_by(cedar_policy::Decision::Allow);
    Ok(Decision { allowed: !allowed.is_empty(), policies: allowed })
}

/// A policy, and what its scope says.
struct Scope {
    principal: PrincipalConstraint,
    action: ActionConstraint,
    resource: ResourceConstraint,
    whole: Policy,
    /// Without its scope.
    bare: Policy,
}

impl Scope {
    /// Both forms are made of what the policy says, without the places in its text, which cost at each step of evaluation.
    fn try_of(policy: &Policy) -> Result<Self, Faults> {
        let told = |error: pst::PstConstructionError| all_told("", "", &error);
        let whole = policy.to_pst().map_err(told)?;
        let mut bare = whole.body().clone();
        bare.principal = pst::PrincipalConstraint::Any;
        bare.action = pst::ActionConstraint::Any;
        bare.resource = pst::ResourceConstraint::Any;
        let bare = pst::StaticPolicy::try_from(bare).map_err(|error| told(error.into()))?;
        Ok(Self {
            principal: policy.principal_constraint(),
            action: policy.action_constraint(),
            resource: policy.resource_constraint(),
            whole: Policy::from_pst(whole).map_err(told)?,
            bare: Policy::from_pst(pst::Policy::Static(bare)).map_err(told)?,
        })
    }
}

/// Which policies, by their places, and whether with their scopes.
type Cut = Vec<(usize, Matches)>;

/// Cuts slices, each of its kind once.
struct Cutter<'a> {
    schema: &'a Schema,
    kinds: &'a Kinds,
    scopes: Vec<Scope>,
    cut: HashMap<Cut, Arc<PolicySet>>,
}

impl Cutter<'_> {
    fn of_action(&mut self, action: EntityUid, all: &Entities) -> Result<OfAction, Faults> {
        let asked_by = self.schema.cedar.principals_for_action(&action).into_iter().flatten();
        let circles: Vec<Circle> = asked_by.flat_map(|kind| self.kinds.circles(kind)).collect();
        let speaks = |scope: &Scope| match &scope.action {
            ActionConstraint::Any => true,
            ActionConstraint::Eq(other) => *other == action,
            ActionConstraint::In(others) => others
                .iter()
                .any(|other| id_of(other) == id_of(&action) || all.is_ancestor_of(other, &action)),
        };
        let of_action: Vec<usize> =
            (0..).zip(&self.scopes).filter(|(_, scope)| speaks(scope)).map(|(at, _)| at).collect();
        let mut sliced = Vec::new();
        for circle in circles {
            let of_circle = self.of_circle(&circle, &of_action)?;
            sliced.push((circle, of_circle));
        }
        let own = all.get(&action).cloned();
        let entities = Entities::from_entities(own, None).map_err(|error| all_told("", "", &error))?;
        Ok(OfAction { action, entities, circles: sliced })
    }

    fn of_circle(&mut self, circle: &Circle, of_action: &[usize]) -> Result<OfCircle, Faults> {
        let of_principal = |at: &usize| Some((*at, self.principal(circle, &self.scopes.get(*at)?.principal)));
        let among: Cut = of_action
            .iter()
            .filter_map(of_principal)
            .filter(|(_, matches)| *matches != Matches::None)
            .collect();
        let resources = among.iter().filter_map(|(at, _)| named(&self.scopes.get(*at)?.resource));
        let named: BTreeSet<String> = resources
            .filter(|named| *named.type_name() == self.kinds.service)
            .map(|named| id_of(named).to_owned())
            .collect();
        let others = self.slice(&among, None)?;
        let services = named.into_iter().map(|name| Ok((name.clone(), self.slice(&among, Some(&name))?)));
        Ok(OfCircle { others, services: services.collect::<Result<_, Faults>>()? })
    }

    /// Those of `among` that may speak of `service`: one that a scope names.
    fn slice(&mut self, among: &Cut, service: Option<&str>) -> Result<Arc<PolicySet>, Faults> {
        let of_service = |(at, of_principal): &(usize, Matches)| {
            let matches = self.resource(service, &self.scopes.get(*at)?.resource).min(*of_principal);
            (matches != Matches::None).then_some((*at, matches))
        };
        let cut: Cut = among.iter().filter_map(of_service).collect();
        if let Some(known) = self.cut.get(&cut) {
            return Ok(Arc::clone(known));
        }
        let mut policies = PolicySet::new();
        for (at, matches) in &cut {
            let Some(scope) = self.scopes.get(*at) else { continue };
            let policy = if *matches == Matches::All { &scope.bare } else { &scope.whole };
            policies.add(policy.clone()).map_err(|error| all_told("", "", &error))?;
        }
        let policies = Arc::new(policies);
        self.cut.insert(cut, Arc::clone(&policies));
        Ok(policies)
    }

    /// Whether the principals of `circle` are meant.
    fn principal(&self, circle: &Circle, constraint: &PrincipalConstraint) -> Matches {
        match constraint {
            PrincipalConstraint::Any => Matches::All,
            PrincipalConstraint::Is(kind) => all_or_none(*kind == circle.kind),
            PrincipalConstraint::Eq(one) if *one.type_name() != circle.kind => Matches::None,
            PrincipalConstraint::Eq(_) => Matches::Some,
            PrincipalConstraint::IsIn(kind, _) if *kind != circle.kind => Matches::None,
            PrincipalConstraint::In(group) | PrincipalConstraint::IsIn(_, group) => match &circle.role {
                // Whoever is in a role is in no other.
                Some((_, role)) if role.type_name() == group.type_name() => all_or_none(role == group),
                _ if self.may_be_in(&circle.kind, group.type_name()) => Matches::Some,
                _ => Matches::None,
            },
        }
    }

    /// Whether one of `kind` can be in, or be, an entity of the other kind.
    fn may_be_in(&self, kind: &EntityTypeName, other: &EntityTypeName) -> bool {
        let mut ancestors = self.schema.cedar.ancestors(kind).into_iter().flatten();
        kind == other || ancestors.any(|ancestor| ancestor == other)
    }

    /// Whether the service is meant. It is in nothing.
    fn resource(&self, service: Option<&str>, constraint: &ResourceConstraint) -> Matches {
        let is_it =
            |other: &EntityUid| *other.type_name() == self.kinds.service && Some(id_of(other)) == service;
        all_or_none(match constraint {
            ResourceConstraint::Any => true,
            ResourceConstraint::Is(kind) => *kind == self.kinds.service,
            ResourceConstraint::Eq(other) | ResourceConstraint::In(other) => is_it(other),
            ResourceConstraint::IsIn(kind, other) => *kind == self.kinds.service && is_it(other),
        })
    }
}

/// The entity that a scope names as what is asked of.
const fn named(constraint: &ResourceConstraint) -> Option<&EntityUid> {
    match constraint {
        ResourceConstraint::Any | ResourceConstraint::Is(_) => None,
        ResourceConstraint::Eq(other)
        | ResourceConstraint::In(other)
        | ResourceConstraint::IsIn(_, other) => Some(other),
    }
}
