//! Every route refuses whom it does not name: the list of routes is walked, so a new route is walked too.

use contracts::identity::Role;
use http::Access;
use reqwest::Method;
use secrecy::Secret;
use serde_json::json;
use testkit::{BankBox, Client, Failed, enroll};
use uuid::Uuid;

use crate::third_parties::Program;

/// All that is open to anybody. A route that joins this list is a decision, made here.
const PUBLIC: &[&str] = &[
    "GET /api/about",
    "GET /api/accounts/receipt-checks/{verification_code}",
    "GET /api/customers/documents",
    "GET /api/identity/console/sign-in",
    "GET /api/openapi.json",
    "GET /healthz",
    "GET /metrics",
    "GET /readyz",
    "POST /api/identity/codes",
    "POST /api/identity/console/enrollment",
    "POST /api/identity/console/enrollment/options",
    "POST /api/identity/console/passkey-sign-in",
    "POST /api/identity/console/passkey-sign-in/options",
    "POST /api/identity/console/sign-in",
    "POST /api/identity/envelope",
    "POST /api/identity/passkeys/sign-in",
    "POST /api/identity/passkeys/sign-in/options",
    "POST /api/identity/password-resets",
    "POST /api/identity/scans",
    "POST /api/identity/scans/{id}/session",
    "POST /api/identity/sign-in",
    "POST /api/identity/sign-up",
    "POST /api/identity/tablet",
    "POST /api/identity/third-party/token",
];

/// The path with every `{segment}` filled by an id that nobody has.
fn concrete(path: &str) -> String {
    let fill = |segment: &str| {
        if segment.starts_with('{') { Uuid::now_v7().to_string() } else { segment.to_owned() }
    };
    path.split('/').map(fill).collect::<Vec<_>>().join("/")
}

async fn knock(client: &Client, method: &str, path: &str) -> Result<(u16, String), Failed> {
    let body = json!({});
    let body = (method != "GET").then_some(&body);
    let key = Uuid::now_v7().to_string();
    let answer = client.call(Method::from_bytes(method.as_bytes())?, path, body, Some(&key)).await?;
    Ok((answer.status.as_u16(), answer.code().to_owned()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_route_refuses_whom_it_does_not_name() -> Result<(), Failed> {
    for bank in BankBox::on_each_store().await? {
        walk(bank).await?;
    }
    Ok(())
}

async fn walk(bank: BankBox) -> Result<(), Failed> {
    let books = bank.books()?;
    let someone = enroll(&books, 1, 0).await?.remove(0);
    books.identity.ensure_staff("viewer", Secret::new("Box-viewer-12".into()), Role::Viewer).await?;
    let stranger = bank.client();
    let customer = someone.sign_in(&stranger).await?;
    let viewer = stranger.sign_in_staff("viewer", "Box-viewer-12").await?;
    let forged = stranger.clone().with_token(&"0".repeat(64));
    let mut public = Vec::new();
    for entry in bank.entries() {
        let (method, path) = (entry.method, concrete(&entry.path));
        let route = format!("{method} {}", entry.path);
        let not_signed_in = (401, "not_signed_in".to_owned());
        match entry.access {
            Access::Public => public.push(route),
            Access::Customer => {
                for (who, client) in [("stranger", &stranger), ("forged", &forged), ("staff", &viewer)] {
                    assert_eq!(knock(client, method, &path).await?, not_signed_in, "{who} {route}");
                }
            }
            Access::ThirdParty => {
                let others = [("staff", &viewer), ("customer", &customer)];
                for (who, client) in [("stranger", &stranger), ("forged", &forged)].into_iter().chain(others)
                {
                    assert_eq!(knock(client, method, &path).await?, not_signed_in, "{who} {route}");
                }
            }
            Access::Staff => {
                for (who, client) in [("stranger", &stranger), ("forged", &forged), ("customer", &customer)] {
                    assert_eq!(knock(client, method, &path).await?, not_signed_in, "{who} {route}");
                }
            }
        }
    }
    public.sort();
    let unexpected: Vec<_> = public.iter().filter(|route| !PUBLIC.contains(&route.as_str())).collect();
    assert!(unexpected.is_empty(), "open to anybody: {unexpected:?}");
    assert!(bank.entries().len() > 40, "the list of routes is short: {}", bank.entries().len());
    bank.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_customers_account_does_not_exist() -> Result<(), Failed> {
    for bank in BankBox::on_each_store().await? {
        snoop_around(bank).await?;
    }
    Ok(())
}

async fn snoop_around(bank: BankBox) -> Result<(), Failed> {
    let people = enroll(&bank.books()?, 2, 10_000).await?;
    let [owner, other] = people.as_slice() else { return Err("two people".into()) };
    let snoop = other.sign_in(&bank.client()).await?;
    let mut walked = 0;
    for entry in bank.entries() {
        if entry.access != Access::Customer || !entry.path.starts_with("/api/accounts/{") {
            continue;
        }
        let path = entry.path.split('/').map(|segment| match segment {
            "{id}" | "{account}" => owner.account.id.to_string(),
            segment if segment.starts_with('{') => Uuid::now_v7().to_string(),
            segment => segment.to_owned(),
        });
        let path = path.collect::<Vec<_>>().join("/");
        let body = match (entry.method, path.ends_with("authorized-persons")) {
            ("GET", _) => None,
            ("PATCH", _) => Some(json!({"nickname": "mine"})),
            (_, true) => Some(json!({"phone": other.phone, "name": other.name, "right": "move"})),
            _ => Some(json!({})),
        };
        let method = Method::from_bytes(entry.method.as_bytes())?;
        let answer = snoop.call(method, &path, body.as_ref(), Some(&Uuid::now_v7().to_string())).await?;
        assert_eq!((answer.status.as_u16(), answer.code()), (404, "not_found"), "{} {path}", entry.method);
        walked += 1;
    }
    assert!(walked >= 6, "{walked} routes were walked");
    let path = format!("/api/payments/limits?account={}", owner.account.id);
    assert_eq!(snoop.get(&path).await?.status.as_u16(), 404);
    bank.close().await;
    Ok(())
}

/// Each operation of the whole bank is held against its description: one that asks for more than is described is refused
/// by the route itself, before anything is done.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_operation_takes_what_it_does_not_describe() -> Result<(), Failed> {
    let bank = BankBox::on_sqlite().await?;
    let someone = enroll(&bank.books()?, 1, 0).await?.remove(0);
    bank.books()?
        .identity
        .ensure_staff("operator", Secret::new("Box-operator-12".into()), Role::Operator)
        .await?;
    let stranger = bank.client();
    let customer = someone.sign_in(&stranger).await?;
    let operator = stranger.sign_in_staff("operator", "Box-operator-12").await?;
    let administrator = bank.administrator().await?;
    let mut program = Program::register(&administrator, &["payee_check", "rates", "phone_channel"]).await?;
    program.enter(None).await?.expect(200)?;
    let described = stranger.get("/api/openapi.json").await?.expect(200)?.body;
    let mut walked = 0;
    for entry in bank.entries().into_iter().filter(|entry| !entry.action.is_empty()) {
        let named = [("{number}", "1"), ("{purpose}", "marketing"), ("{document}", "terms")];
        let path = named.iter().fold(entry.path.clone(), |path, (name, value)| path.replace(name, value));
        let path = concrete(&path);
        // A name that none describes, beside those that are needed.
        let operation = &described["paths"][&entry.path][entry.method.to_lowercase()];
        let needed = operation["parameters"].as_array().into_iter().flatten();
        let needed = needed.filter(|one| one["in"] == "query" && one["required"] == true);
        let query: String =
            needed.filter_map(|one| one["name"].as_str()).map(|name| format!("{name}=1&")).collect();
        let path = format!("{path}?{query}undescribed=1");
        let method = Method::from_bytes(entry.method.as_bytes())?;
        let mut answer = match entry.access {
            Access::Public => stranger.call(method.clone(), &path, None, None).await?,
            Access::Customer => customer.call(method.clone(), &path, None, None).await?,
            Access::Staff => administrator.call(method.clone(), &path, None, None).await?,
            Access::ThirdParty => program.call(method.clone(), &path, None).await?,
        };
        if entry.access == Access::Staff && answer.code() == "not_allowed" {
            answer = operator.call(method, &path, None, None).await?;
        }
        let told = (answer.status.as_u16(), answer.code(), answer.text("/field"));
        assert_eq!(told, (400, "malformed_query", "undescribed"), "{} {}", entry.method, entry.path);
        walked += 1;
    }
    assert!(walked > 150, "{walked} operations were walked");
    bank.close().await;
    Ok(())
}
