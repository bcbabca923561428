//! Asking over HTTP with a time for everything, as an app does that knows several addresses of its bank.

use std::net::SocketAddr;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

use super::Failed;

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(1);

/// How long a customer's app waits for an answer before it asks elsewhere.
pub(super) const ANSWER: Duration = Duration::from_secs(5);

/// The largest answer that is read, bytes.
const ANSWER_BYTES_MAX: usize = 8 << 20;

/// What was answered.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    /// HTTP status.
    pub(super) status: u16,
    /// The JSON in it; null where it held none.
    pub(super) body: Value,
}

impl Answer {
    /// A text in it, such as `/token`; empty where it is missing.
    pub(super) fn text(&self, pointer: &str) -> &str {
        self.body.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
    }

    /// The answer, if it has this status.
    pub(super) fn expect(self, status: u16) -> Result<Self, Failed> {
        if self.status == status {
            Ok(self)
        } else {
            Err(format!("answered {} instead of {status}: {}", self.status, self.body).into())
        }
    }
}

/// What is asked.
#[derive(Debug, Clone, Default)]
pub(super) struct Question {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) body: Option<Value>,
    /// The token of a session.
    pub(super) token: Option<String>,
    /// The idempotency key.
    pub(super) key: Option<String>,
}

impl Question {
    pub(super) fn get(path: impl Into<String>) -> Self {
        Self { path: path.into(), ..Self::default() }
    }

    pub(super) fn post(path: impl Into<String>, body: Value) -> Self {
        Self { method: Method::POST, path: path.into(), body: Some(body), ..Self::default() }
    }

    pub(super) fn bearing(self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self }
    }

    pub(super) fn keyed(self, key: &str) -> Self {
        Self { key: Some(key.to_owned()), ..self }
    }

    fn request(&self) -> Result<Request<Body>, Failed> {
        let mut request = Request::builder().method(&self.method).uri(&self.path).header("host", "localhost");
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if let Some(key) = &self.key {
            request = request.header("idempotency-key", key);
        }
        match &self.body {
            Some(body) => {
                let request = request.header("content-type", "application/json");
                Ok(request.body(Body::from(body.to_string()))?)
            }
            None => Ok(request.body(Body::empty())?),
        }
    }
}

async fn open(address: SocketAddr) -> Result<SendRequest<Body>, Failed> {
    let stream = tokio::time::timeout(CONNECT, TcpStream::connect(address)).await??;
    stream.set_nodelay(true)?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    Ok(sender)
}

async fn send(connection: &mut SendRequest<Body>, question: &Question) -> Result<Answer, Failed> {
    connection.ready().await?;
    let response = connection.send_request(question.request()?).await?;
    let status = response.status().as_u16();
    let bytes = to_bytes(Body::new(response.into_body()), ANSWER_BYTES_MAX).await?;
    Ok(Answer { status, body: serde_json::from_slice(&bytes).unwrap_or(Value::Null) })
}

/// Asks one address once, over a connection of its own.
pub(super) async fn ask(
    address: SocketAddr,
    question: &Question,
    within: Duration,
) -> Result<Answer, Failed> {
    let asking = async { send(&mut open(address).await?, question).await };
    tokio::time::timeout(within, asking).await?
}

/// An app: one connection to one of the bank's gateways, and the next of them where that does not answer.
pub(super) struct App {
    gateways: Vec<SocketAddr>,
    at: usize,
    connection: Option<SendRequest<Body>>,
}

impl App {
    /// An app that begins at the `first` of these addresses.
    pub(super) const fn new(gateways: Vec<SocketAddr>, first: usize) -> Self {
        Self { gateways, at: first, connection: None }
    }

    /// Asks once. Where the gateway was not reached or cannot help now, the next question goes to the next one.
    pub(super) async fn ask(&mut self, question: &Question) -> Result<Answer, Failed> {
        let asked = tokio::time::timeout(ANSWER, self.ask_here(question)).await;
        let answer = asked.unwrap_or_else(|late| Err(late.into()));
        if !answer.as_ref().is_ok_and(|answer| answer.status < 500) {
            self.connection = None;
            self.at = self.at.wrapping_add(1);
        }
        answer
    }

    async fn ask_here(&mut self, question: &Question) -> Result<Answer, Failed> {
        let connection = match self.connection.take().filter(|connection| !connection.is_closed()) {
            Some(connection) => connection,
            None => {
                let index = self.at.checked_rem(self.gateways.len()).unwrap_or(0);
                open(*self.gateways.get(index).ok_or("there is no gateway")?).await?
            }
        };
        let connection = self.connection.insert(connection);
        send(connection, question).await
    }

    /// Asks until there is an answer that is not «later», for so long.
    pub(super) async fn insist(&mut self, question: &Question, within: Duration) -> Result<Answer, Failed> {
        let began = std::time::Instant::now();
        loop {
            let answer = self.ask(question).await;
            if let Ok(answer) = answer.as_ref()
                && answer.status < 500
                && answer.status != 429
            {
                return Ok(answer.clone());
            }
            if began.elapsed() > within {
                return Err(format!(
                    "{} was not answered for {} s: {answer:?}",
                    question.path,
                    within.as_secs()
                )
                .into());
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}
