//! Every route of the running bank, asked with whatever there is to ask it with.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Client, Failed};
use uuid::Uuid;

use super::markers::FIELDS;
use super::people::World;

/// An operation that the bank describes.
#[derive(Debug, Clone)]
pub(super) struct Route {
    pub(super) method: String,
    pub(super) path: String,
    /// Parameters of its query.
    query: Vec<String>,
}

impl Route {
    pub(super) fn line(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    pub(super) fn is_for_staff(&self) -> bool {
        self.path.contains("/console/")
    }
}

/// An answer, and what was asked for it.
pub(super) struct Answered {
    pub(super) line: String,
    pub(super) status: u16,
    pub(super) text: String,
}

/// What would end the session that asks, or shows fields whole on purpose: asked apart.
const APART: [&str; 4] = [
    "POST /api/identity/console/sign-out",
    "POST /api/customers/console/{id}/unmask",
    "POST /api/accounts/console/{id}/unmask",
    "POST /api/accounts/console/{id}/movements/{transfer_id}/unmask",
];

/// Every operation of the description that the bank itself tells.
pub(super) async fn described(client: &Client) -> Result<(Vec<Route>, Value), Failed> {
    let description = client.get("/api/openapi.json").await?.expect(200)?.body;
    let mut routes = Vec::new();
    for (path, item) in description["paths"].as_object().ok_or("no paths")? {
        for (method, operation) in item.as_object().ok_or("no operations")? {
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            let named = |parameter: &Value| parameter["name"].as_str().unwrap_or_default().to_owned();
            let query = parameters.iter().filter(|parameter| parameter["in"] == "query").map(named).collect();
            routes.push(Route { method: method.to_uppercase(), path: path.clone(), query });
        }
    }
    for path in ["/healthz", "/readyz", "/metrics", "/api/about", "/api/openapi.json"] {
        routes.push(Route { method: "GET".to_owned(), path: path.to_owned(), query: Vec::new() });
    }
    Ok((routes, description))
}

/// What a parameter of a path is filled with: of everything there is.
fn values(world: &World, path: &str, name: &str) -> Result<Vec<String>, Failed> {
    let service = path.split('/').nth(2).unwrap_or_default();
    let texts = |ids: &[String]| ids.to_vec();
    let customers = || world.customers.iter().map(ToString::to_string).collect();
    Ok(match (service, name) {
        // News that was set aside: there is none in this bank.
        (_, "id") if path.contains("/console/news/") => vec![Uuid::now_v7().to_string()],
        ("customers", "id") | (_, "customer_id") => customers(),
        ("accounts", "id") => world.accounts.iter().map(ToString::to_string).collect(),
        (_, "transfer_id") => texts(&world.transfers),
        (_, "recovery_id") => texts(&world.recoveries),
        (_, "countersignature_id") => texts(&world.countersignatures),
        (_, "emergency_id") => texts(&world.emergencies),
        (_, "verification_code") => texts(&world.receipts),
        ("payments", "id") => texts(&world.payments),
        ("audit", "number") => (0..40).map(|number| number.to_string()).collect(),
        // Third parties and tablets are no persons, and none is registered here.
        (_, "third_party_id" | "device_id") => vec![Uuid::now_v7().to_string()],
        (_, "thumbprint") => vec!["0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I".to_owned()],
        ("customers", "purpose") => vec!["marketing".to_owned()],
        ("customers", "document") => vec!["privacy".to_owned()],
        // Sessions, devices, passkeys, approvals and staff of identity: nobody else's exist for staff.
        ("identity", "id") => vec![world.spare.to_string()],
        _ => return Err(format!("the crawl does not know what `{name}` of `{path}` is: teach it").into()),
    })
}

/// The paths that a pattern stands for.
fn filled(world: &World, pattern: &str) -> Result<Vec<String>, Failed> {
    let mut paths = vec![String::new()];
    for segment in pattern.split('/').skip(1) {
        let name = segment.strip_prefix('{').and_then(|name| name.strip_suffix('}'));
        let fillings = match name {
            Some(name) => values(world, pattern, name)?,
            None => vec![segment.to_owned()],
        };
        paths =
            paths.iter().flat_map(|path| fillings.iter().map(move |one| format!("{path}/{one}"))).collect();
    }
    Ok(paths)
}

/// Queries that a route is asked with: each of its parameters with whatever could bring something up.
fn queries(world: &World, route: &Route) -> Result<Vec<String>, Failed> {
    let all = || FIELDS.iter().map(|(_, value, _)| (*value).to_owned());
    let ids =
        |kind: &str, ids: Vec<String>| ids.into_iter().map(|id| format!("{kind}:{id}")).collect::<Vec<_>>();
    let customers: Vec<String> = world.customers.iter().map(ToString::to_string).collect();
    let mut queries = vec![String::new()];
    for name in &route.query {
        let values: Vec<String> = match name.as_str() {
            "query" | "text" | "to" => {
                all().chain([world.person.account.number.clone()]).chain(customers.clone()).collect()
            }
            "actor" | "subject" => ids("customer", customers.clone()),
            "action" => vec!["POST ".to_owned(), "identity.".to_owned()],
            "limit" => vec!["100".to_owned()],
            "unmasked" => vec!["true".to_owned()],
            "cursor" | "from" | "until" | "direction" | "amount_min" | "amount_max" | "account" | "lang"
            | "before" => Vec::new(),
            _ => {
                return Err(format!(
                    "the crawl does not know what `{name}` of {} is: teach it",
                    route.line()
                )
                .into());
            }
        };
        queries.extend(values.iter().map(|value| {
            let value: String = value.bytes().map(|byte| format!("%{byte:02X}")).collect();
            format!("?{name}={value}")
        }));
    }
    Ok(queries)
}

/// A body that a route for staff takes.
fn body(line: &str) -> Value {
    match line {
        "POST /api/accounts/console/{id}/freeze" | "POST /api/accounts/console/{id}/unfreeze" => {
            json!({"reason": "court order in this test"})
        }
        "POST /api/identity/console/staff" => {
            json!({"name": "later", "role": "viewer"})
        }
        _ => json!({}),
    }
}

/// Asks everything of every route but those that are asked [`APART`].
pub(super) async fn crawl(client: &Client, routes: &[Route], world: &World) -> Result<Vec<Answered>, Failed> {
    let mut answers = Vec::new();
    for route in routes.iter().filter(|route| !APART.contains(&route.line().as_str())) {
        let queries = if route.method == "GET" { queries(world, route)? } else { vec![String::new()] };
        for path in filled(world, &route.path)? {
            for query in &queries {
                let line = format!("{} {path}{query}", route.method);
                let (status, text) = if route.method == "GET" {
                    let (status, _, bytes) = client.fetch(&format!("{path}{query}")).await?;
                    (status, String::from_utf8_lossy(&bytes).into_owned())
                } else {
                    let (method, key) =
                        (Method::from_bytes(route.method.as_bytes())?, Uuid::now_v7().to_string());
                    let answer = client.call(method, &path, Some(&body(&route.line())), Some(&key)).await?;
                    (answer.status, answer.body.to_string())
                };
                answers.push(Answered {
                    line: format!("{line} ({})", route.line()),
                    status: status.as_u16(),
                    text,
                });
            }
        }
    }
    Ok(answers)
}

/// Which routes for staff only look, and were never answered to anybody of `answers`.
pub(super) fn never_answered(routes: &[Route], answers: &[Answered]) -> BTreeSet<String> {
    let looks = routes.iter().filter(|route| route.is_for_staff() && route.method == "GET");
    let is_answered = |route: &&Route| {
        let of = format!("({})", route.line());
        answers.iter().any(|answered| answered.status == 200 && answered.line.ends_with(&of))
    };
    looks.filter(|route| !is_answered(route)).map(Route::line).collect()
}

/// Fields of answers that look personal by their names, and are not described as such.
pub(super) fn undescribed(description: &Value) -> BTreeSet<String> {
    const PERSONAL: [&str; 12] = [
        "name",
        "phone",
        "number",
        "account",
        "address",
        "memo",
        "nickname",
        "born_on",
        "text",
        "representative",
        "masked",
        "act",
    ];
    /// Names that say so and are not: of staff, third parties, tablets, jobs and files, a division, places in a list, ids, a currency, digits on a
    /// page.
    const OTHERWISE: [&str; 21] = [
        "StaffView.name",
        "ThirdPartyView.name",
        "TabletView.name",
        "TabletClaimed.name",
        "SessionView.number_held_until",
        "JobView.name",
        "CustomerView.division_name",
        "MaskedCustomerView.division_name",
        "MovementView.number",
        "RecordView.number",
        "RecordView.unmasked",
        "PayeeCheckView.account_currency",
        "TransferView.from_account",
        "ConsoleDetailView.account",
        "FileView.name",
        "FileView.text",
        "CallBegunView.number",
        "ScanApproval.number",
        "ScanProgress.number",
        "TrialOrder.name",
        "TrialOrder.text",
    ];
    let mut found = BTreeSet::new();
    for (schema, described) in description["components"]["schemas"].as_object().into_iter().flatten() {
        if ["Body", "Request", "Asked", "Query"].iter().any(|end| schema.ends_with(end)) {
            continue;
        }
        for (property, of) in described["properties"].as_object().into_iter().flatten() {
            let path = format!("{schema}.{property}");
            let words: Vec<&str> = property.split('_').collect();
            let sounds = PERSONAL.iter().any(|personal| {
                words.contains(personal) || property == personal || property.ends_with(personal)
            });
            if sounds && !of.to_string().contains("/schemas/Personal") && !OTHERWISE.contains(&path.as_str())
            {
                found.insert(path);
            }
        }
    }
    found
}
