//! Slices decide as the whole set does: each decision, and the policies that determine it.

use std::sync::Arc;

use cedar_policy::{Authorizer, Entities, Policy, PolicyId};
use clock::Timestamp;
use contracts::audit::Subject;
use contracts::identity::{Assurance, Channel, Principal, Role, Scope, Session};
use http::{AccessRequest, Decision};
use ids::{AccountId, CustomerId, DeviceId, SessionId, StaffId, ThirdPartyId};
use proptest::prelude::*;
use proptest::sample::select;

use crate::ask::{Kinds, uid};
use crate::slices::Slices;
use crate::{Files, Schema};

const ROLES: [Role; 3] = [Role::Viewer, Role::Operator, Role::Administrator];
const CHANNELS: [Channel; 4] = [Channel::App, Channel::Web, Channel::MiniProgram, Channel::Console];
const ASSURANCES: [Assurance; 3] = [Assurance::OneFactor, Assurance::TwoFactor, Assurance::BoundDevice];
/// One is asked of no service that a policy names.
const SERVICES: [&str; 4] = ["accounts", "customers", "ledger", ""];

fn customer(n: u8) -> CustomerId {
    CustomerId::seeded(0, [n; 10])
}

fn staff(n: u8) -> StaffId {
    StaffId::seeded(0, [n; 10])
}

fn third_party(n: u8) -> ThirdPartyId {
    ThirdPartyId::seeded(0, [n; 10])
}

fn account(n: u8) -> AccountId {
    AccountId::seeded(0, [n; 10])
}

/// Policies as Cedar has them, each with slices and as a whole.
struct Both {
    schema: Schema,
    kinds: Kinds,
    slices: Slices,
    whole: cedar_policy::PolicySet,
    actions: Entities,
}

impl Both {
    fn of(policies: &[Policy]) -> Self {
        let (schema, kinds) = (Schema::embedded().unwrap(), Kinds::try_new().unwrap());
        let slices = Slices::try_new(&schema, &kinds, policies).unwrap();
        let whole = cedar_policy::PolicySet::from_policies(policies.iter().cloned()).unwrap();
        let actions = schema.cedar.action_entities().unwrap();
        Self { schema, kinds, slices, whole, actions }
    }

    /// What the whole set says, by Cedar alone: `None` where a policy cannot be evaluated.
    fn whole(&self, request: &AccessRequest<'_>) -> Option<Decision> {
        let action = uid(&self.kinds.action, request.action);
        let kind = self.kinds.of(&request.session.principal);
        if !self.schema.cedar.principals_for_action(&action).into_iter().flatten().any(|one| one == kind) {
            return Some(Decision::denied());
        }
        let asked = self.kinds.request(request, &action).unwrap();
        let entities = self.kinds.entities(request, &self.actions).unwrap();
        let answer = Authorizer::new().is_authorized(&asked, &self.whole, &entities);
        if answer.diagnostics().errors().next().is_some() {
            return None;
        }
        let reasons = answer.diagnostics().reason();
        let mut policies: Vec<Arc<str>> = reasons.map(|id| Arc::from(id.as_ref() as &str)).collect();
        policies.sort();
        Some(Decision { allowed: answer.decision() == cedar_policy::Decision::Allow, policies })
    }

    fn check(&self, asked: &Asked) -> Result<(), TestCaseError> {
        let request = asked.request();
        let sliced = self.slices.decide(&self.kinds, &request).ok();
        prop_assert_eq!(sliced, self.whole(&request), "{:?}", asked);
        Ok(())
    }
}

/// Who asks what.
#[derive(Debug)]
struct Asked {
    session: Session,
    action: String,
    service: &'static str,
    subjects: Vec<Subject>,
    countersigned: bool,
}

impl Asked {
    fn request(&self) -> AccessRequest<'_> {
        let Self { session, action, service, subjects, countersigned } = self;
        AccessRequest { session, action, service, subjects, countersigned: *countersigned }
    }
}

fn actions() -> Vec<String> {
    Schema::embedded().unwrap().actions().map(str::to_owned).collect()
}

fn asked() -> impl Strategy<Value = Asked> {
    let principal = prop_oneof![
        (0..3_u8).prop_map(|n| Principal::Customer(customer(n))),
        (0..3_u8, select(&ROLES[..])).prop_map(|(n, role)| Principal::Staff(staff(n), role)),
        (0..3_u8, proptest::sample::subsequence(Scope::ALL.to_vec(), 0..=2))
            .prop_map(|(n, scopes)| Principal::ThirdParty(third_party(n), scopes)),
    ];
    let subject = prop_oneof![
        (0..3_u8).prop_map(|n| Subject::Customer(customer(n))),
        (0..3_u8).prop_map(|n| Subject::Account(account(n))),
        (0..3_u8).prop_map(|n| Subject::Staff(staff(n))),
    ];
    let subjects = proptest::option::of(subject).prop_map(|subject| subject.into_iter().collect());
    let (channel, assurance) = (select(&CHANNELS[..]), select(&ASSURANCES[..]));
    let what = (few(), select(&SERVICES[..]), subjects, any::<bool>(), any::<bool>());
    (principal, channel, assurance, what).prop_map(|(principal, channel, assurance, what)| Asked {
        session: Session {
            id: SessionId::seeded(0, [1; 10]),
            principal,
            channel,
            device: DeviceId::seeded(0, [1; 10]),
            assurance,
            started_at: Timestamp::UNIX_EPOCH,
            expires_at: Timestamp::UNIX_EPOCH,
            device_key: None,
            emergency_until: what.4.then_some(Timestamp::UNIX_EPOCH),
        },
        action: what.0.to_owned(),
        service: what.1,
        subjects: what.2,
        countersigned: what.3,
    })
}

/// Actions of some groups, of customers, staff and third parties, so that generated policies and requests meet.
fn few() -> impl Strategy<Value = &'static str> {
    select(vec![
        "accounts_overview",
        "accounts_show",
        "payments_transfer",
        "accounts_console_freeze",
        "customers_console_show",
        "ledger_console_status",
        "accounts_third_party_rates",
    ])
}

/// A policy in Cedar's words, whether or not it could ever apply.
fn policy() -> impl Strategy<Value = String> {
    let (c, s) =
        (|n: u8| format!("Customer::\"{}\"", customer(n)), |n: u8| format!("Staff::\"{}\"", staff(n)));
    let role = || select(vec!["viewer", "operator", "administrator"]);
    let p = |n: u8| format!("ThirdParty::\"{}\"", third_party(n));
    let scope = || select(vec!["payee_check", "rates"]);
    let one = prop_oneof![(0..3_u8).prop_map(c), (0..3_u8).prop_map(s), (0..3_u8).prop_map(p)];
    let one = one.boxed();
    let principal = prop_oneof![
        3 => Just("principal".to_owned()),
        1 => select(vec!["principal is Customer", "principal is Staff", "principal is Role"]).prop_map(str::to_owned),
        2 => role().prop_map(|role| format!("principal in Role::\"{role}\"")),
        1 => scope().prop_map(|scope| format!("principal in Scope::\"{scope}\"")),
        1 => scope().prop_map(|scope| format!("principal is ThirdParty in Scope::\"{scope}\"")),
        1 => role().prop_map(|role| format!("principal is Staff in Role::\"{role}\"")),
        1 => role().prop_map(|role| format!("principal is Customer in Role::\"{role}\"")),
        2 => one.clone().prop_map(|one| format!("principal == {one}")),
        1 => one.clone().prop_map(|one| format!("principal in {one}")),
        1 => one.prop_map(|one| format!("principal is Staff in {one}")),
    ];
    let group = select(vec!["own_look", "own_money", "console_look", "console_freeze", "third_party_rates"]);
    let action = prop_oneof![
        3 => Just("action".to_owned()),
        2 => few().prop_map(|action| format!("action == Action::\"{action}\"")),
        2 => group.clone().prop_map(|group| format!("action in Action::\"{group}\"")),
        1 => (group, few()).prop_map(|(group, one)| format!("action in [Action::\"{group}\", Action::\"{one}\"]")),
    ];
    let service = || select(&SERVICES[..2]);
    let resource = prop_oneof![
        3 => Just("resource".to_owned()),
        1 => select(vec!["resource is Service", "resource is Account"]).prop_map(str::to_owned),
        1 => service().prop_map(|service| format!("resource == Service::\"{service}\"")),
        1 => service().prop_map(|service| format!("resource in Service::\"{service}\"")),
        1 => service().prop_map(|service| format!("resource is Service in Service::\"{service}\"")),
    ];
    let condition = prop_oneof![
        4 => Just(String::new()),
        1 => (1..4).prop_map(|level| format!("when {{ context.assurance >= {level} }}")),
        1 => scope().prop_map(|scope| format!("when {{ principal in Scope::\"{scope}\" }}")),
        1 => role().prop_map(|role| format!("unless {{ principal in Role::\"{role}\" }}")),
        1 => (0..3_u8).prop_map(|n| format!(
            "when {{ context has account && context.account == Account::\"{}\" }}", account(n)
        )),
        1 => few().prop_map(|action| format!("when {{ action == Action::\"{action}\" }}")),
        1 => Just("when { resource == Service::\"ledger\" }".to_owned()),
        1 => Just("when { context.assurance + 9223372036854775806 > 0 }".to_owned()),
    ];
    let effect = select(vec!["permit", "permit", "forbid"]);
    (effect, principal, action, resource, condition).prop_map(
        |(effect, principal, action, resource, condition)| {
            format!("{effect} ({principal}, {action}, {resource}) {condition};")
        },
    )
}

fn parsed(texts: &[String]) -> Vec<Policy> {
    let parse =
        |(at, text): (usize, &String)| Policy::parse(Some(PolicyId::new(format!("{at:03}"))), text).unwrap();
    texts.iter().enumerate().map(parse).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Written at random, asked at random.
    #[test]
    fn slices_decide_as_the_whole_set(
        texts in prop::collection::vec(policy(), 1..24),
        requests in prop::collection::vec(asked(), 60),
    ) {
        let both = Both::of(&parsed(&texts));
        for asked in &requests {
            both.check(asked)?;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]

    /// The product's, beside a few of a bank's own, each action asked by chance.
    #[test]
    fn slices_of_the_product_decide_as_all_of_it(
        texts in prop::collection::vec(policy(), 0..6),
        requests in prop::collection::vec((asked(), select(actions())), 300),
    ) {
        let mut policies = parsed(&texts);
        for file in Files::embedded().policies {
            let product: cedar_policy::PolicySet = file.text.parse().unwrap();
            let id = |policy: &Policy| PolicyId::new(policy.annotation("id").unwrap());
            policies.extend(product.policies().map(|policy| policy.new_id(id(policy))));
        }
        let both = Both::of(&policies);
        for (mut asked, action) in requests {
            asked.service = SERVICES.into_iter().find(|service| action.starts_with(service)).unwrap_or_default();
            asked.action = action;
            both.check(&asked)?;
        }
    }
}

/// A thousand people who are barred, and a hundred policies of all actions, do not make more slices.
#[test]
fn slices_are_as_many_as_policies_tell_apart() {
    let barred = |n: u8| format!("forbid (principal == Staff::\"{}\", action, resource);", staff(n));
    let by_account = |n: u8| {
        format!(
            "forbid (principal, action, resource) when {{ context has account && context.account == Account::\"{}\" }};",
            account(n)
        )
    };
    let texts: Vec<String> = (0..200).map(barred).chain((0..100).map(by_account)).collect();
    let both = Both::of(&parsed(&texts));
    // All actions are of one kind: for whoever asks, what everybody is told.
    assert_eq!(both.slices.count(), 1);
    let product = Both::of(&[]);
    assert_eq!(product.slices.count(), 1, "the empty one");
}
