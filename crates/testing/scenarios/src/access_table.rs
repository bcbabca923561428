//! Who may enter which route: every route is asked by every kind of principal, and the answers stand in
//! `docs/generated/access.md`, where auditors read them. `YUANHANG_KEEP_ACCESS=1` writes the page anew.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use contracts::identity::Role;
use http::{Access, Entry};
use policies::Schema;
use reqwest::Method;
use secrecy::Secret;
use serde_json::json;
use testkit::{Answer, BankBox, Client, Failed, Someone, enroll};
use uuid::Uuid;

use crate::third_parties::Program;

/// Set, the page is written; it is compared otherwise.
const KEEP: &str = "YUANHANG_KEEP_ACCESS";

/// The columns.
const PRINCIPALS: [&str; 8] = [
    "stranger",
    "forged token",
    "third party",
    "customer",
    "another customer",
    "viewer",
    "operator",
    "administrator",
];

const HEAD: &str = "\
# Who may enter which route

Written by a test (`YUANHANG_KEEP_ACCESS=1 cargo test -p scenarios access_table`), which asks the running bank every
route as every kind of principal and fails where an answer differs from this page.

- `enters`: the route's own work began; what it then says of the request is its own affair.
- `sign in`: 401, nobody is signed in who could ask this.
- `denied`: 403, signed in, and the policies do not allow it.
- `second pair`: 403, allowed once another member of staff has countersigned it.
- `not found`: 404, what the path names is another customer's, who does not learn that it exists.

*Another customer* asks with the ids of the first one's account, session, device and transfer; where a route names
other things, with ids that nobody has. The *third party* is registered for the scope `payee_check` alone. The action is what
policies name (`config/policies`).

";

/// Somebody who asks.
enum Somebody {
    Page(Client),
    Program(Box<Program>),
}

/// Everybody who asks, signed in.
struct Cast<'a> {
    bank: &'a BankBox,
    owner: &'a Someone,
    other: &'a Someone,
    clients: Vec<Somebody>,
    /// Ids of what is the owner's: session, device, transfer.
    session: String,
    device: String,
    transfer: String,
}

impl<'a> Cast<'a> {
    async fn gather(bank: &'a BankBox, people: &'a [Someone]) -> Result<Self, Failed> {
        let [owner, other, payee] = people else { return Err("three people".into()) };
        let identity = bank.books()?.identity;
        for (name, role) in [("viewer", Role::Viewer), ("operator", Role::Operator)] {
            identity.ensure_staff(name, Secret::new(format!("Box-{name}-12")), role).await?;
        }
        let first = owner.sign_in(&bank.client()).await?;
        let session = first.get("/api/identity/session").await?.expect(200)?;
        let devices = first.get("/api/identity/devices").await?.expect(200)?;
        let order = owner.order(payee, "1.00", "");
        let key = Uuid::now_v7().to_string();
        let transfer = first.post_keyed("/api/payments/transfers", &order, &key).await?.expect(201)?;
        let mut cast = Self {
            bank,
            owner,
            other,
            clients: Vec::new(),
            session: session.text("/session_id").to_owned(),
            device: devices.text("/devices/0/id").to_owned(),
            transfer: transfer.text("/transfer_id").to_owned(),
        };
        for id in [&cast.session, &cast.device, &cast.transfer] {
            id.parse::<Uuid>()?;
        }
        for who in PRINCIPALS {
            let client = cast.admit(who).await?;
            cast.clients.push(client);
        }
        Ok(cast)
    }

    async fn admit(&self, who: &str) -> Result<Somebody, Failed> {
        let stranger = self.bank.client();
        if who == "third party" {
            let administrator = self.bank.administrator().await?;
            let mut program = Program::register(&administrator, &["payee_check"]).await?;
            program.enter(None).await?.expect(200)?;
            return Ok(Somebody::Program(Box::new(program)));
        }
        Ok(Somebody::Page(match who {
            "stranger" => Ok(stranger),
            "forged token" => Ok(stranger.with_token(&"0".repeat(64))),
            "customer" => self.owner.sign_in(&stranger).await,
            "another customer" => self.other.sign_in(&stranger).await,
            "administrator" => Ok(self.bank.administrator().await?.alone()),
            name => stranger.sign_in_staff(name, &format!("Box-{name}-12")).await,
        }?))
    }

    /// The path with the owner's ids, as far as there are any.
    fn concrete(&self, path: &str) -> String {
        let below = |start: &str| path.starts_with(start);
        let fill = |segment: &str| match segment {
            "{id}" if below("/api/accounts/{id}") => self.owner.account.id.to_string(),
            "{id}" if below("/api/identity/sessions/") => self.session.clone(),
            "{id}" if below("/api/identity/devices/") => self.device.clone(),
            "{id}" if below("/api/payments/transfers/") => self.transfer.clone(),
            "{transfer_id}" => self.transfer.clone(),
            segment if segment.starts_with('{') => Uuid::now_v7().to_string(),
            segment => segment.to_owned(),
        };
        path.split('/').map(fill).collect::<Vec<_>>().join("/")
    }

    /// What `entry` answers the principal of this column.
    async fn ask(&mut self, column: usize, entry: &Entry) -> Result<&'static str, Failed> {
        let who = PRINCIPALS[column];
        let answer = self.knock(column, entry).await?;
        if answer != "sign in" || ["stranger", "forged token"].contains(&who) || self.is_in(column).await? {
            return Ok(answer);
        }
        // What was asked before has ended the session.
        self.clients[column] = self.admit(who).await?;
        self.knock(column, entry).await
    }

    /// Whether the principal of this column is still signed in.
    async fn is_in(&mut self, column: usize) -> Result<bool, Failed> {
        let path = match PRINCIPALS[column] {
            "third party" => "/api/identity/third-party/session",
            "customer" | "another customer" => "/api/identity/session",
            _ => "/api/identity/console/session",
        };
        let answer = match &mut self.clients[column] {
            Somebody::Page(client) => client.call(Method::GET, path, None, None).await?,
            Somebody::Program(program) => program.call(Method::GET, path, None).await?,
        };
        Ok(answer.status == 200)
    }

    async fn knock(&mut self, column: usize, entry: &Entry) -> Result<&'static str, Failed> {
        // Whoever has no business there asks in earnest.
        let in_earnest = PRINCIPALS[column] == "another customer";
        let body = match (entry.method, entry.action.as_str()) {
            ("GET", _) => None,
            (_, "accounts_rename") if in_earnest => Some(json!({"nickname": "mine"})),
            (_, "accounts_authorize") if in_earnest => {
                Some(json!({"phone": self.other.phone, "name": self.other.name, "right": "move"}))
            }
            // What is plainly wrong is refused before anybody is asked to countersign it.
            (_, "identity_console_add_staff") => Some(json!({"name": "newcomer", "role": "viewer"})),
            (_, "identity_console_add_third_party") => {
                Some(json!({"name": "样例第三方", "scopes": ["rates"], "key": public_key()}))
            }
            (_, "identity_console_add_third_party_key") => Some(json!({"key": public_key()})),
            _ => Some(json!({})),
        };
        let method = Method::from_bytes(entry.method.as_bytes())?;
        let key = Uuid::now_v7().to_string();
        let path = self.concrete(&entry.path);
        let answer = match &mut self.clients[column] {
            // What is of another type is refused before anybody is asked to countersign it.
            Somebody::Page(client) if entry.action == "ledger_batch_transfers" => {
                let (status, text) = client.post_file(&path, "application/x-ndjson", b"").await?;
                let body = serde_json::from_str(&text).unwrap_or_default();
                Answer { status, body, trace_id: String::new(), cookies: Vec::new(), nonce: String::new() }
            }
            Somebody::Page(client) => client.call(method, &path, body.as_ref(), Some(&key)).await?,
            Somebody::Program(program) => program.call(method, &path, body.as_ref()).await?,
        };
        let of_another = in_earnest && entry.path.contains('{');
        Ok(match (answer.status.as_u16(), answer.code()) {
            (401, "not_signed_in") => "sign in",
            (403, "not_allowed") => "denied",
            (403, "countersignature_needed") => "second pair",
            (404, "not_found") if of_another && entry.access == Access::Customer => "not found",
            (500, _) => return Err(format!("{} {path} fails: {answer:?}", entry.method).into()),
            _ => "enters",
        })
    }

    async fn table(&mut self) -> Result<String, Failed> {
        let mut entries = self.bank.entries();
        entries.sort_by(|one, other| (&one.path, one.method).cmp(&(&other.path, other.method)));
        let mut page = format!("{HEAD}| route | action | {} |\n", PRINCIPALS.join(" | "));
        page += &format!("|---|---|{}\n", "---|".repeat(PRINCIPALS.len()));
        for entry in entries {
            let mut cells = vec![""; PRINCIPALS.len()];
            // The owner comes last of the customers: what is closed by then is closed for nobody before.
            for column in (0..PRINCIPALS.len()).rev() {
                cells[column] = self.ask(column, &entry).await?;
            }
            let action = if entry.action.is_empty() { "-" } else { &entry.action };
            page += &format!("| {} {} | {action} | {} |\n", entry.method, entry.path, cells.join(" | "));
        }
        Ok(page)
    }
}

/// Of nobody.
fn public_key() -> String {
    serde_json::Value::Object(dpop::testing::Device::new().jwk()).to_string()
}

fn page() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs/generated/access.md")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_route_answers_every_principal_as_the_page_says() -> Result<(), Failed> {
    let mut banks = BankBox::on_each_store().await?;
    if std::env::var_os(KEEP).is_some() {
        banks.truncate(1);
    }
    for bank in banks {
        let people = enroll(&bank.books()?, 3, 10_000).await?;
        let table = Cast::gather(&bank, &people).await?.table().await?;
        if std::env::var_os(KEEP).is_some() {
            std::fs::create_dir_all(page().parent().ok_or("a folder")?)?;
            std::fs::write(page(), &table)?;
        }
        let expected = std::fs::read_to_string(page())?;
        for (answered, expected) in table.lines().zip(expected.lines()) {
            assert_eq!(answered, expected, "{}; {KEEP}=1 writes the page anew", bank.store);
        }
        assert_eq!(table.lines().count(), expected.lines().count(), "{}", bank.store);
        bank.close().await;
    }
    Ok(())
}

/// Policies can name every route, and nothing that is none.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_action_is_in_the_schema_and_every_one_there_is_a_route() -> Result<(), Failed> {
    let bank = BankBox::on_sqlite().await?;
    let schema = Schema::embedded()?;
    let mut walked = BTreeSet::new();
    for entry in bank.entries().iter().filter(|entry| entry.access != Access::Public) {
        let route = format!("{} {}", entry.method, entry.path);
        let group = schema.group_of(&entry.action);
        let group = group.ok_or(format!("{route}: `{}` is not in bank.cedarschema", entry.action))?;
        assert_eq!(group.asked_by, entry.access, "{route}");
        assert!(walked.insert(entry.action.clone()), "{route}: `{}` has two routes", entry.action);
    }
    let known: BTreeSet<String> = schema.actions().map(str::to_owned).collect();
    assert_eq!(known, walked, "bank.cedarschema names what is no route");
    bank.close().await;
    Ok(())
}
