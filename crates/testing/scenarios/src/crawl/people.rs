//! Customers whose every personal field bears a marker, and all that they do.

use std::time::Duration;

use bank::books::Books;
use bank::invented::{first_account, fund};
use contracts::accounts::{Account, OpenRequest};
use contracts::customers::{Business, Kyc, Person, Profile};
use contracts::identity::{Enrollment, Role};
use dpop::testing::Device;
use ids::{AccountId, CustomerId, StaffId};
use money::{Currency, Money};
use reqwest::Method;
use secrecy::Secret;
use serde_json::{Value, json};
use testkit::{Answer, Client, Failed, Someone, SystemClock};
use uuid::Uuid;

use super::markers::{Markers, value};

/// Staff of each role, and one more who is removed.
pub(super) const STAFF: [(&str, Role); 4] = [
    ("viewer", Role::Viewer),
    ("operator", Role::Operator),
    ("administrator", Role::Administrator),
    ("spare", Role::Viewer),
];
/// The password of all of them but the administrator, who is everywhere.
pub(super) const STAFF_PASSWORD: &str = "Kestrel-staff-775";

/// Who and what there is.
pub(super) struct World {
    pub(super) person: Someone,
    pub(super) business: Someone,
    /// Customers, with the one who joined by themselves.
    pub(super) customers: Vec<CustomerId>,
    pub(super) accounts: Vec<AccountId>,
    pub(super) transfers: Vec<String>,
    pub(super) payments: Vec<String>,
    pub(super) receipts: Vec<String>,
    /// Passwords that are said to be forgotten.
    pub(super) recoveries: Vec<String>,
    /// What takes a second pair of eyes.
    pub(super) countersignatures: Vec<String>,
    pub(super) emergencies: Vec<String>,
    pub(super) spare: StaffId,
    pub(super) markers: Markers,
    /// What customers were answered: their own, whole.
    pub(super) told: String,
}

fn person() -> Result<Person, Failed> {
    Ok(Person {
        name: value("person.name").to_owned(),
        id_number: Some(value("person.id_number").to_owned()),
        foreign_number: None,
        phone: Some(value("person.phone").to_owned()),
        born_on: Some(value("person.born_on").parse()?),
        division: Some("440106".to_owned()),
        address: Some(value("person.address").to_owned()),
    })
}

fn business() -> Business {
    Business {
        name: value("business.name").to_owned(),
        credit_code: value("business.credit_code").to_owned(),
        phone: Some(value("business.phone").to_owned()),
        representative: value("business.representative").to_owned(),
        division: Some("440106".to_owned()),
        address: Some(value("business.address").to_owned()),
    }
}

/// A person and a business with accounts, money and credentials, and staff.
pub(super) async fn seed(books: &Books) -> Result<World, Failed> {
    let mut markers = Markers::new();
    let mut seeded = Vec::new();
    for (kind, profile, pin) in [
        ("person", Profile::Person(person()?), value("person.pin")),
        ("business", Profile::Business(business()), "280517"),
    ] {
        let (id, name) = (CustomerId::mint(), profile.name().to_owned());
        let phone = profile.phone().unwrap_or_default().to_owned();
        books.customers.register(id, profile, Kyc::Verified).await?;
        let nickname = if kind == "person" { value("account.nickname") } else { "" };
        let request = OpenRequest { nickname: nickname.to_owned(), ..first_account(id) };
        let account = books.accounts.open(request).await?;
        let password = value(if kind == "person" { "person.password" } else { "business.password" });
        books
            .identity
            .enroll_many(vec![Enrollment {
                customer: id,
                sign_in_name: phone.clone(),
                password: Secret::new(password.to_owned()),
                pin: Secret::new(pin.to_owned()),
            }])
            .await?;
        let (password, pin) = (password.to_owned(), pin.to_owned());
        seeded.push(Someone { id, name, phone, password, pin, account });
    }
    let accounts: Vec<AccountId> = seeded.iter().map(|one| one.account.id).collect();
    fund(&*books.ledger, accounts.clone(), Money::new(10_000, Currency::CNY)).await?;
    let mut spare = None;
    for (name, role) in STAFF {
        let id = books.identity.ensure_staff(name, Secret::new(STAFF_PASSWORD.into()), role).await?;
        spare = Some(id);
    }
    let [person, business] = <[Someone; 2]>::try_from(seeded).map_err(|_| "two customers")?;
    for (field, account) in [("person.account", &person.account), ("business.account", &business.account)] {
        markers.add(field, &account.number, true);
    }
    Ok(World {
        customers: vec![person.id, business.id],
        person,
        business,
        accounts,
        transfers: Vec::new(),
        payments: Vec::new(),
        receipts: Vec::new(),
        recoveries: Vec::new(),
        countersignatures: Vec::new(),
        emergencies: Vec::new(),
        spare: spare.ok_or("no staff")?,
        markers,
        told: String::new(),
    })
}

/// A page whose every request is heard.
struct Page<'a> {
    client: Client,
    world: &'a mut World,
}

impl Page<'_> {
    /// Asks, and keeps what was answered and every secret in it.
    async fn ask(&mut self, line: &str, body: Option<Value>) -> Result<Answer, Failed> {
        let (method, path) = line.split_once(' ').ok_or("a method and a path")?;
        let key = Uuid::now_v7().to_string();
        let method = Method::from_bytes(method.as_bytes())?;
        let answer = self.client.call(method, path, body.as_ref(), Some(&key)).await?;
        if let Some(token) = answer.body["token"].as_str() {
            self.world.markers.add("session token", token, false);
        }
        if let Some(shown) = answer.body["secret"].as_str() {
            self.world.markers.add("authenticator secret", shown, false);
        }
        for cookie in &answer.cookies {
            let secret = cookie.split(';').next().and_then(|pair| pair.split_once('='));
            if let Some((_, secret)) = secret.filter(|(_, secret)| secret.len() >= 6) {
                self.world.markers.add("cookie", secret, false);
            }
        }
        let told = json!({"answer": answer.body, "to": line});
        self.world.told += &told["answer"].to_string();
        Ok(answer)
    }

    async fn done(&mut self, line: &str, body: Option<Value>) -> Result<Answer, Failed> {
        let answer = self.ask(line, body).await?;
        if answer.status.is_success() {
            return Ok(answer);
        }
        Err(format!("{line}: {answer:?}").into())
    }

    async fn refused(&mut self, line: &str, body: Value, code: &str) -> Result<(), Failed> {
        let answer = self.ask(line, Some(body)).await?;
        if answer.code() == code { Ok(()) } else { Err(format!("{line}: {code}? {answer:?}").into()) }
    }

    /// Signs in on a device that proves to be there, as an app does.
    async fn sign_in(&mut self, name: &str, password: &str, device: &Device) -> Result<(), Failed> {
        let stranger = self.client.clone();
        let (line, url) = ("POST /api/identity/sign-in", format!("{}/api/identity/sign-in", stranger.base()));
        let body = json!({"name": name, "password": password});
        let mut nonce = String::new();
        for _ in 0..2 {
            let proof = device.proof("POST", &url, clock::Clock::now(&SystemClock), &nonce);
            self.world.markers.add("proof of possession", &proof, false);
            self.client = stranger.clone().with_header("dpop", &proof);
            let answer = self.ask(line, Some(body.clone())).await?;
            nonce.clone_from(&answer.nonce);
            if answer.status.is_success() {
                let token = answer.text("/token").to_owned();
                let url = format!("{}/api/identity/session", stranger.base());
                let draft = device.draft("GET", &url, clock::Clock::now(&SystemClock), &nonce);
                let proof = device.sign(&draft.for_token(&token));
                self.world.markers.add("proof of possession, second", &proof, false);
                self.client = stranger.clone().with_token(&token).with_header("dpop", &proof);
                self.done("GET /api/identity/session", None).await?;
                self.client = stranger;
                return Ok(());
            }
        }
        Err("the bank takes no proof".into())
    }

    /// The code that was sent to this phone last, as it arrives there.
    async fn code(&mut self, desk: &Client, phone: &str, purpose: &str) -> Result<String, Failed> {
        let body = json!({"phone": phone, "purpose": purpose});
        self.done("POST /api/identity/codes", Some(body)).await?;
        let text = tokio::time::timeout(Duration::from_secs(20), arrived(desk, phone))
            .await
            .map_err(|_| format!("no code reaches {phone}"))??;
        let code = text.split(|c: char| !c.is_ascii_digit()).find(|run| run.len() == 6).ok_or("no code")?;
        self.world.markers.add("one-time code", code, false);
        Ok(code.to_owned())
    }
}

/// The first code that reaches this phone: the answer to whoever asked for it does not wait for it.
async fn arrived(desk: &Client, phone: &str) -> Result<String, Failed> {
    loop {
        let outbox = desk.get(&format!("/api/messages/console/outbox?to={phone}")).await?.expect(200)?;
        let messages = outbox.body["messages"].as_array().cloned().unwrap_or_default();
        if let Some(sent) = messages.iter().find(|message| message["kind"] == "one_time_code") {
            return Ok(sent["text"].as_str().unwrap_or_default().to_owned());
        }
        tokio::task::yield_now().await;
    }
}

/// Everybody does what customers do. `desk` reads the codes that were sent, as long as this bank lets it.
pub(super) async fn live(world: &mut World, stranger: &Client, desk: &Client) -> Result<(), Failed> {
    let client =
        stranger.clone().with_header("user-agent", &format!("{} Chrome/130", value("device.user_agent")));
    let mut page = Page { client: client.clone(), world };
    sign_in_and_join(&mut page, desk).await?;
    pay(&mut page, client.clone()).await?;
    change_secrets(&mut page, client.clone()).await?;
    forget_the_password(&mut page, client, desk).await
}

async fn sign_in_and_join(page: &mut Page<'_>, desk: &Client) -> Result<(), Failed> {
    let (person, device) = (page.world.person.clone(), Device::new());
    page.sign_in(&person.phone, &person.password, &device).await?;
    page.refused(
        "POST /api/identity/sign-in",
        json!({"name": person.phone, "password": "Kestrel-wrong-9"}),
        "sign_in_refused",
    )
    .await?;
    let malformed = json!({"name": person.phone, "password": person.password, "pin": person.pin});
    page.refused("POST /api/identity/sign-in", malformed, "malformed_body").await?;
    let code = page.code(desk, &person.phone, "sign_in").await?;
    page.done("POST /api/identity/sign-in", Some(json!({"name": person.phone, "code": code}))).await?;

    let phone = value("joined.phone");
    let code = page.code(desk, phone, "sign_up").await?;
    let documents = page.done("GET /api/customers/documents", None).await?.body["documents"].take();
    let mut joining = json!({
        "phone": phone, "code": code, "name": value("joined.name"), "id_number": "510107199105231043",
        "password": value("joined.password"), "agreed": documents,
    });
    page.refused("POST /api/identity/sign-up", joining.clone(), "invalid_field").await?;
    joining["id_number"] = value("joined.id_number").into();
    let joined = page.done("POST /api/identity/sign-up", Some(joining)).await?;
    page.world.customers.push(joined.text("/customer/id").parse()?);
    page.client = page.client.clone().with_token(joined.text("/token"));
    page.done("GET /api/customers/me", None).await?;
    let opened = page.done("POST /api/accounts", Some(json!({"currency": "CNY"}))).await?;
    page.world.accounts.push(opened.text("/id").parse()?);
    let number = opened.text("/number").to_owned();
    page.world.markers.add("joined.account", &number, true);
    Ok(())
}

async fn pay(page: &mut Page<'_>, stranger: Client) -> Result<(), Failed> {
    let (person, business) = (page.world.person.clone(), page.world.business.clone());
    page.client = stranger.clone();
    let signed_in = page
        .done("POST /api/identity/sign-in", Some(json!({"name": person.phone, "password": person.password})))
        .await?;
    page.client = stranger.clone().with_token(signed_in.text("/token"));
    for look in [
        "/api/customers/me",
        "/api/accounts",
        "/api/identity/sessions",
        "/api/identity/devices",
        "/api/identity/sign-ins",
    ] {
        page.done(&format!("GET {look}"), None).await?;
    }
    page.done("POST /api/identity/export", None).await?;
    let (own, theirs): (&Account, &Account) = (&person.account, &business.account);
    let check = json!({"account_number": theirs.number, "name": business.name, "currency": "CNY"});
    page.done("POST /api/payments/payee-checks", Some(check)).await?;
    let check = json!({"phone": value("joined.phone"), "name": value("joined.name"), "currency": "CNY"});
    page.done("POST /api/payments/payee-checks", Some(check)).await?;
    let payee =
        json!({"name": business.name, "account_number": theirs.number, "nickname": value("payee.nickname")});
    page.done("POST /api/payments/payees", Some(payee)).await?;
    let payee = json!({"name": value("joined.name"), "phone": value("joined.phone")});
    page.done("POST /api/payments/payees", Some(payee)).await?;
    page.done("GET /api/payments/payees", None).await?;

    let order = person.order(&business, "12.30", value("transfer.memo"));
    let paid = page.done("POST /api/payments/transfers", Some(order.clone())).await?;
    let transfer = paid.text("/transfer_id").to_owned();
    page.world.payments.push(paid.text("/id").to_owned());
    page.world.receipts.push(paid.text("/verification_code").to_owned());
    for (pointer, wrong, code) in [
        ("/pin", json!("794614"), "pin_wrong"),
        ("/name", json!(value("person.name")), "payee_name_mismatch"),
        ("/amount/amount", json!("100.01"), "insufficient_funds"),
        ("/to", json!({"phone": value("joined.phone"), "x": 1}), "malformed_body"),
    ] {
        let mut body = order.clone();
        *body.pointer_mut(pointer).ok_or("no such place")? = wrong;
        page.refused("POST /api/payments/transfers", body, code).await?;
    }
    let text = value("transfer.memo").bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    page.done(&format!("GET /api/accounts/{}/movements?text={text}", own.id), None).await?;
    let movement = format!("/api/accounts/{}/movements/{transfer}", own.id);
    page.done(&format!("GET {movement}"), None).await?;
    let (status, media, _) = page.client.fetch(&format!("{movement}/receipt")).await?;
    assert!(status.is_success() && media == "application/pdf", "{media}");
    let person_of = json!({"phone": value("joined.phone"), "name": value("joined.name"), "right": "see"});
    page.done(&format!("POST /api/accounts/{}/authorized-persons", own.id), Some(person_of)).await?;
    page.done(&format!("GET /api/accounts/{}/authorized-persons", own.id), None).await?;
    page.world.transfers.push(transfer);

    page.client = stranger.clone();
    let body = json!({"name": business.phone, "password": business.password});
    let signed_in = page.done("POST /api/identity/sign-in", Some(body)).await?;
    page.client = stranger.with_token(signed_in.text("/token"));
    for look in [
        "/api/customers/me".to_owned(),
        format!("/api/accounts/{}", theirs.id),
        format!("/api/accounts/{}/movements", theirs.id),
    ] {
        page.done(&format!("GET {look}"), None).await?;
    }
    Ok(())
}

async fn forget_the_password(page: &mut Page<'_>, stranger: Client, desk: &Client) -> Result<(), Failed> {
    let business = page.world.business.clone();
    page.client = stranger;
    let code = page.code(desk, &business.phone, "reset_password").await?;
    let forgotten = json!({
        "phone": business.phone, "code": code, "id_number": value("business.credit_code"),
        "password": value("person.password, new"),
    });
    page.done("POST /api/identity/password-resets", Some(forgotten)).await?;
    let waiting = desk.get(&format!("/api/identity/console/customers/{}/recoveries", business.id)).await?;
    let waiting = waiting.expect(200)?;
    page.world.recoveries.push(waiting.text("/recoveries/0/id").to_owned());
    Ok(())
}

async fn change_secrets(page: &mut Page<'_>, stranger: Client) -> Result<(), Failed> {
    let person = page.world.person.clone();
    page.client = stranger.clone();
    let body = json!({"name": person.phone, "password": person.password});
    let signed_in = page.done("POST /api/identity/sign-in", Some(body)).await?;
    page.client = stranger.with_token(signed_in.text("/token"));
    let pin = json!({"password": person.password, "pin": value("person.pin, new")});
    page.done("PUT /api/identity/pin", Some(pin)).await?;
    page.done("POST /api/identity/totp/secret", None).await?;
    page.refused("POST /api/identity/totp", json!({"code": "no-code"}), "totp_wrong").await?;
    let password = json!({"old": person.password, "new": value("person.password, new")});
    page.done("PUT /api/identity/password", Some(password)).await?;
    page.world.person.password = value("person.password, new").to_owned();
    page.done("POST /api/identity/sign-out", None).await?;
    Ok(())
}
