//! What one decision costs with as many policies as a large bank writes.
//!
//! One after the other on one thread. A quarter of the policies speaks of every action and is evaluated each time.

use std::time::{Duration, Instant};

use clock::Timestamp;
use contracts::audit::Subject;
use contracts::identity::{Assurance, Channel, Principal, Role, Session};
use http::{AccessRequest, Authority as _};
use ids::{AccountId, CustomerId, DeviceId, SessionId, StaffId};
use policies::{File, Files, PolicySet};

use serde_json::{Value, json};

use super::{Failed, Keys, keys};

/// So many policies, those that are built in among them.
const POLICIES: usize = 200;

/// Decided before it is measured.
const WARM_UP: usize = 2_000;

/// Policies as banks add them: people who are barred, channels with conditions, customers with rules of their own.
fn own(count: usize) -> String {
    let policy = |at: usize| {
        let body = match at % 4 {
            0 => format!(
                "forbid (principal == Staff::\"{}\", action in Action::\"console_run\", resource);",
                StaffId::mint()
            ),
            1 => format!(
                "forbid (principal is Customer, action in Action::\"own_money\", resource) when {{ \
                 context.channel == Channel::\"phone\" && context.assurance < {} }};",
                at % 3 + 1
            ),
            2 => format!(
                "permit (principal in Role::\"operator\", action in Action::\"console_run\", resource) when {{ \
                 context.assurance >= 3 && context has customer && context.customer == Customer::\"{}\" }};",
                CustomerId::mint()
            ),
            _ => format!(
                "forbid (principal, action, resource) when {{ \
                 context has account && context.account == Account::\"{}\" }};",
                AccountId::mint()
            ),
        };
        format!("@id(\"own.{at}\") @says(\"{at}\")\n{body}\n")
    };
    (0..count).map(policy).collect()
}

fn session(principal: Principal, channel: Channel, assurance: Assurance) -> Session {
    Session {
        id: SessionId::mint(),
        principal,
        channel,
        device: DeviceId::mint(),
        assurance,
        started_at: Timestamp::UNIX_EPOCH,
        expires_at: Timestamp::UNIX_EPOCH,
        device_key: None,
        emergency_until: None,
    }
}

/// Decides for so long.
pub(super) fn measure(seconds: u64) -> Result<Keys, Failed> {
    let built_in = PolicySet::embedded()?.policies().len();
    let file = File { name: "own.cedar".to_owned(), text: own(POLICIES - built_in) };
    let set = PolicySet::try_new(Files::embedded().with(file))?;
    let customer = session(Principal::Customer(CustomerId::mint()), Channel::App, Assurance::BoundDevice);
    let operator =
        session(Principal::Staff(StaffId::mint(), Role::Operator), Channel::Console, Assurance::TwoFactor);
    let account = [Subject::Account(AccountId::mint())];
    let somebody = [Subject::Customer(CustomerId::mint())];
    let shapes: [(&Session, &str, &str, &[Subject], bool); 6] = [
        (&customer, "accounts_overview", "accounts", &[], true),
        (&customer, "accounts_movements", "accounts", &account, true),
        (&customer, "payments_transfer", "payments", &[], true),
        (&operator, "customers_console_show", "customers", &somebody, true),
        (&operator, "accounts_console_freeze", "accounts", &account, true),
        (&operator, "ledger_console_verify", "ledger", &[], false),
    ];
    let decide = |at: usize| {
        let (session, action, service, subjects, allowed) = shapes.get(at % shapes.len())?;
        let decision =
            set.decide(&AccessRequest { session, action, service, subjects, countersigned: false });
        (decision.allowed == *allowed).then_some(())
    };
    for at in 0..WARM_UP {
        decide(at).ok_or("a decision is wrong")?;
    }
    let (began, mut taken) = (Instant::now(), Vec::new());
    while began.elapsed() < Duration::from_secs(seconds) {
        let one = Instant::now();
        decide(taken.len()).ok_or("a decision is wrong")?;
        taken.push(u64::try_from(one.elapsed().as_nanos())?);
    }
    let elapsed_us = u64::try_from(began.elapsed().as_micros())?.max(1);
    let per_s = (taken.len() as u64).saturating_mul(1_000_000) / elapsed_us;
    taken.sort_unstable();
    Ok(keys(json!({
        "decisions_per_s": per_s,
        "decision_p50_us": percentile_us(&taken, 50),
        "decision_p99_us": percentile_us(&taken, 99),
        "policies": set.policies().len(),
    })))
}

/// What `percent` of the decisions kept, microseconds to three places; `sorted` are nanoseconds.
fn percentile_us(sorted: &[u64], percent: usize) -> Value {
    let nanos = sorted.get(sorted.len() * percent / 100).copied().unwrap_or_default();
    let text = format!("{}.{:03}", nanos / 1_000, nanos % 1_000);
    serde_json::from_str(&text).unwrap_or_default()
}
