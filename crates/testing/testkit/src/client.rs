//! A client of the bank, as an app is one.

use std::sync::Arc;

use reqwest::{Method, StatusCode};
use serde_json::Value;

use crate::Failed;

/// What takes two pairs of eyes.
pub const COUNTERSIGNATURES: &str = "/api/identity/console/countersignatures";

/// Calls routes, with a token once signed in.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    token: Option<String>,
    language: &'static str,
    headers: Vec<(&'static str, String)>,
    persistent: bool,
    user_agent: &'static str,
    /// Who countersigns what takes two pairs of eyes.
    seconder: Option<Arc<Client>>,
}

/// Status and JSON of an answer; `Null` where it had no JSON body.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The body.
    pub body: Value,
    /// The trace of which the answer is a part; empty where it names none.
    pub trace_id: String,
    /// The cookies that it sets, as they are written.
    pub cookies: Vec<String>,
    /// The nonce for the next proof of possession; empty where it names none.
    pub nonce: String,
}

impl Answer {
    async fn of(response: reqwest::Response) -> Result<Self, Failed> {
        let status = response.status();
        let texts = |name: &str| -> Vec<String> {
            let values = response.headers().get_all(name).iter();
            values.filter_map(|value| value.to_str().ok()).map(str::to_owned).collect()
        };
        let first = |name: &str| texts(name).into_iter().next().unwrap_or_default();
        let (trace_id, cookies, nonce) = (first("x-trace-id"), texts("set-cookie"), first("dpop-nonce"));
        let bytes = response.bytes().await?;
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Ok(Self { status, body, trace_id, cookies, nonce })
    }

    /// The stable code of a problem; empty for anything else.
    #[must_use]
    pub fn code(&self) -> &str {
        self.body.get("code").and_then(Value::as_str).unwrap_or_default()
    }

    /// A text of the body by JSON pointer; empty where there is none.
    #[must_use]
    pub fn text(&self, pointer: &str) -> &str {
        self.body.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
    }

    /// The answer itself where it has this status.
    ///
    /// # Errors
    /// The whole answer as text.
    pub fn expect(self, status: u16) -> Result<Self, Failed> {
        if self.status.as_u16() == status { Ok(self) } else { Err(format!("{self:?}").into()) }
    }
}

impl Client {
    /// A stranger to the bank at `base`, such as `http://127.0.0.1:8080`.
    #[must_use]
    pub fn new(base: &str) -> Self {
        let http = reqwest::Client::builder().pool_max_idle_per_host(64).no_proxy();
        Self {
            http: http.build().unwrap_or_default(),
            base: base.trim_end_matches('/').to_owned(),
            token: None,
            language: "en",
            headers: Vec::new(),
            persistent: false,
            user_agent: "",
            seconder: None,
        }
    }

    /// The same client with a token.
    #[must_use]
    pub fn with_token(mut self, token: &str) -> Self {
        self.token = Some(token.to_owned());
        self
    }

    /// The same client, which calls itself so.
    #[must_use]
    pub const fn calling_itself(mut self, user_agent: &'static str) -> Self {
        self.user_agent = user_agent;
        self
    }

    /// The same client, which sends this header along each time.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.to_owned()));
        self
    }

    /// Where the bank is: `http://host:port`.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The same client, which asks again what failed in the bank, as an app does.
    #[must_use]
    pub const fn persistent(mut self) -> Self {
        self.persistent = true;
        self
    }

    /// The same client, beside whom `colleague` countersigns at once whatever takes two pairs of eyes.
    #[must_use]
    pub fn seconded_by(mut self, colleague: Self) -> Self {
        self.seconder = Some(Arc::new(colleague));
        self
    }

    /// The same client, with nobody beside them.
    #[must_use]
    pub fn alone(mut self) -> Self {
        self.seconder = None;
        self
    }

    /// The same client at another door of the bank.
    #[must_use]
    pub fn at(&self, other: &Self) -> Self {
        Self { base: other.base.clone(), ..self.clone() }
    }

    /// The same client, answered in `language`.
    #[must_use]
    pub const fn speaking(mut self, language: &'static str) -> Self {
        self.language = language;
        self
    }

    /// Signs in as a customer.
    ///
    /// # Errors
    /// The bank refused or did not answer.
    pub async fn sign_in(&self, name: &str, password: &str) -> Result<Self, Failed> {
        self.sign_in_at("/api/identity/sign-in", name, password).await
    }

    /// Signs in as staff.
    ///
    /// # Errors
    /// The bank refused or did not answer.
    pub async fn sign_in_staff(&self, name: &str, password: &str) -> Result<Self, Failed> {
        self.sign_in_at("/api/identity/console/sign-in", name, password).await
    }

    async fn sign_in_at(&self, path: &str, name: &str, password: &str) -> Result<Self, Failed> {
        let body = serde_json::json!({"name": name, "password": password});
        let answer = self.post(path, &body).await?.expect(200)?;
        Ok(self.clone().with_token(answer.text("/token")))
    }

    /// `GET path`.
    ///
    /// # Errors
    /// The bank did not answer.
    pub async fn get(&self, path: &str) -> Result<Answer, Failed> {
        self.call(Method::GET, path, None, None).await
    }

    /// `POST path` with a JSON body.
    ///
    /// # Errors
    /// The bank did not answer.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Answer, Failed> {
        self.call(Method::POST, path, Some(body), None).await
    }

    /// `POST path` with a JSON body under an idempotency key.
    ///
    /// # Errors
    /// The bank did not answer.
    pub async fn post_keyed(&self, path: &str, body: &Value, key: &str) -> Result<Answer, Failed> {
        self.call(Method::POST, path, Some(body), Some(key)).await
    }

    /// Any method.
    ///
    /// # Errors
    /// The bank did not answer.
    pub async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        key: Option<&str>,
    ) -> Result<Answer, Failed> {
        loop {
            let answer = self.call_once(method.clone(), path, body, key).await?;
            if let Some(seconder) = &self.seconder
                && answer.code() == "countersignature_needed"
            {
                let path = format!("{COUNTERSIGNATURES}/{}", answer.text("/countersignature"));
                seconder.call_once(Method::POST, &path, None, None).await?.expect(204)?;
                continue;
            }
            if !(answer.status.is_server_error() && self.persistent) {
                return Ok(answer);
            }
            tokio::task::yield_now().await;
        }
    }

    /// `POST path` with a form (`application/x-www-form-urlencoded`).
    ///
    /// # Errors
    /// The bank did not answer.
    pub async fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Result<Answer, Failed> {
        let escaped = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
        let fields = fields.iter().map(|(name, value)| format!("{name}={}", escaped(value)));
        let form = fields.collect::<Vec<_>>().join("&");
        let mut request = self
            .http
            .post(format!("{}{path}", self.base))
            .header("accept-language", self.language)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form);
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        Answer::of(request.send().await?).await
    }

    async fn call_once(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        key: Option<&str>,
    ) -> Result<Answer, Failed> {
        let mut request = self
            .http
            .request(method, format!("{}{path}", self.base))
            .header("accept-language", self.language);
        if !self.user_agent.is_empty() {
            request = request.header("user-agent", self.user_agent);
        }
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        Answer::of(request.send().await?).await
    }

    /// `POST path` with the bytes of a file of this media type; what a second pair of eyes is asked for is left to the caller.
    ///
    /// # Errors
    /// The bank did not answer.
    pub async fn post_file(
        &self,
        path: &str,
        media_type: &str,
        file: &[u8],
    ) -> Result<(StatusCode, String), Failed> {
        let mut request = self
            .http
            .post(format!("{}{path}", self.base))
            .header("accept-language", self.language)
            .header("content-type", media_type)
            .body(file.to_vec());
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let response = request.send().await?;
        Ok((response.status(), response.text().await?))
    }

    /// `GET path`, raw: status, media type and bytes.
    ///
    /// # Errors
    /// The bank did not answer.
    pub async fn fetch(&self, path: &str) -> Result<(StatusCode, String, Vec<u8>), Failed> {
        let mut request =
            self.http.get(format!("{}{path}", self.base)).header("accept-language", self.language);
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let response = request.send().await?;
        let media = response.headers().get("content-type").and_then(|value| value.to_str().ok());
        let (status, media) = (response.status(), media.unwrap_or_default().to_owned());
        Ok((status, media, response.bytes().await?.to_vec()))
    }
}
