//! A third party is registered at the console, proves who it is, and does what it is registered for and nothing else, in
//! one process and in five.

use clock::{Clock as _, SystemClock};
use dpop::testing::{Device, Draft};
use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Answer, BankBox, Child, Client, Failed, Someone, Split, enroll};
use uuid::Uuid;

const TOKEN: &str = "/api/identity/third-party/token";
const SESSION: &str = "/api/identity/third-party/session";
const RATES: &str = "/api/accounts/third-party/rates";
const CHECKS: &str = "/api/payments/third-party/payee-checks";
const LIST: &str = "/api/identity/console/third-parties";

/// A program of a third party: it proves who it is with one key, and that its tokens are its own with another.
pub(crate) struct Program {
    client: Client,
    pub(crate) id: String,
    identity: Device,
    device: Device,
    nonce: String,
    token: Option<String>,
}

impl Program {
    /// Registers a third party of an invented name at the console.
    pub(crate) async fn register(administrator: &Client, scopes: &[&str]) -> Result<Self, Failed> {
        let identity = Device::new();
        let name = format!("样例第三方 {}", Uuid::now_v7());
        let key = Value::Object(identity.jwk()).to_string();
        let registered = json!({"name": name, "scopes": scopes, "key": key});
        let registered = administrator.post(LIST, &registered).await?.expect(201)?;
        Ok(Self {
            client: Client::new(administrator.base()),
            id: registered.text("/id").to_owned(),
            identity,
            device: Device::new(),
            nonce: String::new(),
            token: None,
        })
    }

    /// A page of the bank's at `base` that holds `token` and the key of `device`.
    pub(crate) fn holding(base: &str, token: &str, device: Device) -> Self {
        Self {
            client: Client::new(base),
            id: String::new(),
            identity: Device::new(),
            device,
            nonce: String::new(),
            token: Some(token.to_owned()),
        }
    }

    /// Asks with `token` from now on, and the same key.
    pub(crate) fn ask_with(&mut self, token: &str) {
        self.token = Some(token.to_owned());
    }

    /// An assertion as this program makes it, not signed yet.
    fn assertion(&self) -> Draft {
        self.identity.assertion(&self.id, self.client.base(), SystemClock.now())
    }

    /// Asks for a token with a fresh assertion, and keeps it.
    pub(crate) async fn enter(&mut self, scope: Option<&str>) -> Result<Answer, Failed> {
        let assertion = self.identity.sign(&self.assertion());
        self.enter_with(&assertion, scope).await
    }

    async fn enter_with(&mut self, assertion: &str, scope: Option<&str>) -> Result<Answer, Failed> {
        let mut form = vec![
            ("grant_type", "client_credentials"),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", assertion),
        ];
        form.extend(scope.map(|scope| ("scope", scope)));
        self.token = None;
        let answer = self.proving("POST", TOKEN, async |client| client.post_form(TOKEN, &form).await).await?;
        self.token = answer.body["access_token"].as_str().map(str::to_owned);
        Ok(answer)
    }

    /// Asks with the token and a proof of the key.
    pub(crate) async fn call(
        &mut self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Answer, Failed> {
        let name = method.as_str().to_owned();
        self.proving(&name, path, async |client| client.call(method.clone(), path, body, None).await).await
    }

    /// Orders a transfer with the token and a proof of the key.
    pub(crate) async fn ordering(&mut self, order: &Value, key: &str) -> Result<Answer, Failed> {
        const TRANSFERS: &str = "/api/payments/transfers";
        self.proving("POST", TRANSFERS, async |client| client.post_keyed(TRANSFERS, order, key).await).await
    }

    /// Once more, where the bank wants a proof with a nonce of the process that answers.
    async fn proving(
        &mut self,
        method: &str,
        path: &str,
        ask: impl AsyncFn(Client) -> Result<Answer, Failed>,
    ) -> Result<Answer, Failed> {
        loop {
            let url = format!("{}{}", self.client.base(), path.split('?').next().unwrap_or_default());
            let mut draft = self.device.draft(method, &url, SystemClock.now(), &self.nonce);
            if self.nonce.is_empty() {
                draft = draft.without("nonce");
            }
            let mut client = self.client.clone();
            if let Some(token) = &self.token {
                (draft, client) = (draft.for_token(token), client.with_token(token));
            }
            let answer = ask(client.with_header("dpop", &self.device.sign(&draft))).await?;
            if !answer.nonce.is_empty() {
                self.nonce.clone_from(&answer.nonce);
            }
            if answer.code() != "proof_nonce_needed" {
                return Ok(answer);
            }
        }
    }

    pub(crate) async fn get(&mut self, path: &str) -> Result<(u16, String), Failed> {
        let answer = self.call(Method::GET, path, None).await?;
        Ok((answer.status.as_u16(), answer.code().to_owned()))
    }

    async fn checked(&mut self, number: &str, name: &str) -> Result<String, Failed> {
        let body = json!({"account_number": number, "name": name});
        let answer = self.call(Method::POST, CHECKS, Some(&body)).await?.expect(200)?;
        assert_eq!(answer.body.as_object().map(serde_json::Map::len), Some(1), "{answer:?}");
        Ok(answer.text("/match").to_owned())
    }
}

fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_third_party_does_what_it_is_registered_for() -> Result<(), Failed> {
    for bank in BankBox::on_each_store().await? {
        let people = enroll(&bank.books()?, 1, 0).await?;
        story(&bank.administrator().await?, &people[0]).await?;
        tokens_are_refused(&bank.administrator().await?).await?;
        bank.close().await;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_third_party_does_so_in_five_processes() -> Result<(), Failed> {
    for place in Child::places().await? {
        let split = Split::start(place).await?;
        let books = split.books()?;
        let people = enroll(&books, 1, 0).await?;
        let mut signed_in = Vec::new();
        for (name, password) in [("chief", "Box-chief-1234"), ("deputy", "Box-deputy-1234")] {
            let role = contracts::identity::Role::Administrator;
            books.identity.ensure_staff(name, secrecy::Secret::new(password.to_owned()), role).await?;
            signed_in.push(split.client().sign_in_staff(name, password).await?);
        }
        let deputy = signed_in.pop().ok_or("a deputy")?;
        let chief = signed_in.pop().ok_or("a chief")?;
        story(&chief.seconded_by(deputy), &people[0]).await?;
        split.stop().await?;
    }
    Ok(())
}

async fn story(administrator: &Client, someone: &Someone) -> Result<(), Failed> {
    let mut program = Program::register(administrator, &["payee_check"]).await?;
    let entered = program.enter(None).await?.expect(200)?;
    assert_eq!((entered.text("/token_type"), entered.text("/scope")), ("DPoP", "payee_check"));

    // What it is registered for, and not a word more.
    let (number, name) = (&someone.account.number, &someone.name);
    assert_eq!(program.checked(number, name).await?, "match");
    assert_eq!(program.checked(number, "别人的名字").await?, "no_match");
    assert_eq!(program.checked("6230580000000000000", name).await?, "no_match", "nobody's account");
    assert_eq!(program.get(RATES).await?, refused(403, "not_allowed"));
    assert_eq!(program.get("/api/accounts").await?, refused(401, "not_signed_in"));
    assert_eq!(program.get(LIST).await?, refused(401, "not_signed_in"));
    let own = program.call(Method::GET, SESSION, None).await?.expect(200)?;
    assert_eq!(
        (own.text("/third_party"), &own.body["scopes"]),
        (program.id.as_str(), &json!(["payee_check"]))
    );

    // Who reads the token has nothing: not without a proof, nor with one of another key.
    let token = program.token.clone().ok_or("a token")?;
    let stolen = Client::new(administrator.base()).with_token(&token);
    assert_eq!(stolen.get(SESSION).await?.code(), "proof_missing");
    let own_key = std::mem::take(&mut program.device);
    assert_eq!(program.get(SESSION).await?, refused(401, "proof_key_other"));
    program.device = own_key;
    assert_eq!(program.get(SESSION).await?.0, 200);

    // It is on record, by its id.
    let records = format!("/api/audit/console/records?actor=third_party:{}", program.id);
    let recorded = administrator.get(&records).await?.expect(200)?.body.to_string();
    assert!(recorded.contains("POST /api/payments/third-party/payee-checks"), "{recorded}");
    assert!(recorded.contains("http_403") && !recorded.contains(number.as_str()), "{recorded}");

    // A second key beside the first; the first one goes, and with it what it opened.
    let next = Device::new();
    let keys = format!("{LIST}/{}/keys", program.id);
    let key = json!({"key": Value::Object(next.jwk()).to_string()});
    administrator.post(&keys, &key).await?.expect(204)?;
    let first = format!("{keys}/{}", program.identity.thumbprint());
    administrator.call(Method::DELETE, &first, None, None).await?.expect(204)?;
    assert_eq!(program.get(SESSION).await?, refused(401, "not_signed_in"));
    assert_eq!(program.enter(None).await?.code(), "assertion_signature");
    program.identity = next;
    program.enter(None).await?.expect(200)?;

    // It leaves by itself, and comes back until it is removed.
    program.call(Method::DELETE, SESSION, None).await?.expect(204)?;
    assert_eq!(program.get(SESSION).await?, refused(401, "not_signed_in"));
    program.enter(None).await?.expect(200)?;
    let own = format!("{LIST}/{}", program.id);
    administrator.call(Method::DELETE, &own, None, None).await?.expect(204)?;
    assert_eq!(program.get(SESSION).await?, refused(401, "not_signed_in"));
    assert_eq!(program.enter(None).await?.code(), "third_party_unknown");
    administrator.call(Method::DELETE, &own, None, None).await?.expect(404)?;
    Ok(())
}

/// Each way to ask wrongly has its code, and the word that programs know it by (RFC 6749 section 5.2).
async fn tokens_are_refused(administrator: &Client) -> Result<(), Failed> {
    let mut program = Program::register(administrator, &["payee_check", "rates"]).await?;
    let other = Program::register(administrator, &["rates"]).await?;
    let right = program.identity.sign(&program.assertion());
    program.enter_with(&right, None).await?.expect(200)?;
    assert_eq!(program.get(RATES).await?.0, 200);
    let sign = |draft: &Draft| program.identity.sign(draft);
    let nobody = Uuid::now_v7().to_string();
    let rows = [
        (right.clone(), "assertion_replayed", "invalid_client"),
        (String::new(), "assertion_malformed", "invalid_client"),
        (other.identity.sign(&program.assertion()), "assertion_signature", "invalid_client"),
        (sign(&other.assertion()), "assertion_signature", "invalid_client"),
        (
            sign(&program.assertion().with("aud", "https://elsewhere.example")),
            "assertion_audience",
            "invalid_client",
        ),
        (sign(&program.assertion().with("exp", 1_000)), "assertion_time_late", "invalid_client"),
        (sign(&program.assertion().with("sub", other.id.as_str())), "assertion_subject", "invalid_client"),
        (sign(&program.assertion().with_header("alg", "none")), "assertion_algorithm", "invalid_client"),
        (
            sign(&program.assertion().with("iss", nobody.as_str()).with("sub", nobody.as_str())),
            "third_party_unknown",
            "invalid_client",
        ),
    ];
    for (assertion, code, word) in rows {
        let answer = program.enter_with(&assertion, None).await?;
        assert_eq!((answer.code(), answer.text("/error")), (code, word));
        assert!(program.token.is_none());
    }
    for (scope, word) in
        [("everything", "invalid_scope"), ("", "invalid_scope"), ("rates everything", "invalid_scope")]
    {
        assert_eq!(program.enter(Some(scope)).await?.text("/error"), word, "{scope}");
    }
    assert_eq!(program.enter(Some("rates")).await?.expect(200)?.text("/scope"), "rates");
    assert_eq!(program.checked_status().await?, 403, "it asked for less than it may");

    let form = |grant: &'static str, kind: &'static str| {
        [("grant_type", grant), ("client_assertion_type", kind), ("client_assertion", "x.y.z")]
    };
    let plain = Client::new(administrator.base());
    let bearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    for (fields, code) in [
        (form("password", bearer), "grant_type_unsupported"),
        (form("client_credentials", "urn:example:other"), "assertion_missing"),
        (form("client_credentials", bearer), "proof_missing"),
    ] {
        assert_eq!(plain.post_form(TOKEN, &fields).await?.code(), code);
    }
    assert_eq!(plain.post(TOKEN, &json!({"grant_type": "client_credentials"})).await?.status.as_u16(), 415);
    registrations_are_refused(administrator, &program).await
}

async fn registrations_are_refused(administrator: &Client, program: &Program) -> Result<(), Failed> {
    let fresh = || Value::Object(Device::new().jwk());
    let mut private = Device::new().jwk();
    private.insert("d".into(), "AAAA".into());
    let private = Value::Object(private);
    let known = Value::Object(program.identity.jwk());
    let rows = [
        (json!({"name": " ", "scopes": ["rates"], "key": fresh().to_string()}), 422, "name"),
        (json!({"name": "甲", "scopes": [], "key": fresh().to_string()}), 422, "scopes"),
        (json!({"name": "甲", "scopes": ["rates"], "key": "no key"}), 422, "key"),
        (json!({"name": "甲", "scopes": ["rates"], "key": private.to_string()}), 422, "key"),
        (json!({"name": "甲", "scopes": ["everything"], "key": fresh().to_string()}), 400, ""),
        (json!({"name": "甲", "scopes": ["rates"], "key": known.to_string()}), 409, ""),
    ];
    for (body, status, field) in rows {
        let answer = administrator.post(LIST, &body).await?;
        assert_eq!((answer.status.as_u16(), answer.text("/field")), (status, field), "{body}");
    }
    // The last key stays, and there are not more than three.
    let keys = format!("{LIST}/{}/keys", program.id);
    let own = format!("{keys}/{}", program.identity.thumbprint());
    let last = administrator.call(Method::DELETE, &own, None, None).await?;
    assert_eq!(last.code(), "third_party_last_key");
    for status in [204, 204, 409] {
        administrator.post(&keys, &json!({"key": fresh().to_string()})).await?.expect(status)?;
    }
    Ok(())
}

impl Program {
    async fn checked_status(&mut self) -> Result<u16, Failed> {
        let body = json!({"account_number": "6230580000000000000", "name": "甲"});
        Ok(self.call(Method::POST, CHECKS, Some(&body)).await?.status.as_u16())
    }
}
