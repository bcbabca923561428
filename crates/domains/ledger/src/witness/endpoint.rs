//! A witness behind an HTTP address: `POST` hands it a statement, `GET` asks for the last one that it holds.
//!
//! The address is plain HTTP: statements are signed and hold no secret. Who stands between could hold one back or
//! answer with an old one; where that matters, a tunnel or a proxy on this machine carries them.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_TYPE, HOST};
use axum::http::{Method, Request, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// How long one question may take.
const TIMEOUT: Duration = Duration::from_secs(3);
/// How much of an answer is read.
const ANSWER_BYTES: usize = 16 << 10;

/// An address that takes statements.
#[derive(Debug, Clone)]
pub(crate) struct Endpoint {
    url: String,
    authority: String,
    host: String,
    port: u16,
    path: String,
}

impl Endpoint {
    /// `None` where it is not `http://host[:port][/path]`.
    pub(crate) fn parse(url: &str) -> Option<Self> {
        let uri: Uri = url.parse().ok()?;
        if uri.scheme_str() != Some("http") {
            return None;
        }
        let host = uri.host()?.trim_start_matches('[').trim_end_matches(']').to_owned();
        let path = uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        let (authority, port) = (uri.authority()?.to_string(), uri.port_u16().unwrap_or(80));
        Some(Self { url: url.to_owned(), authority, host, port, path })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Hands over a line. The same line again is the same.
    pub(crate) async fn post(&self, line: &str) -> Result<(), String> {
        let (status, _) = self.exchange(Method::POST, line.to_owned()).await?;
        if status.is_success() { Ok(()) } else { Err(format!("it answered {status}")) }
    }

    /// The last line that it holds; `None` where it says that it holds none (204 or 404).
    pub(crate) async fn last(&self) -> Result<Option<String>, String> {
        let (status, body) = self.exchange(Method::GET, String::new()).await?;
        match status {
            StatusCode::OK => Ok(Some(body.trim_end().to_owned())),
            StatusCode::NO_CONTENT | StatusCode::NOT_FOUND => Ok(None),
            status => Err(format!("it answered {status}")),
        }
    }

    async fn exchange(&self, method: Method, body: String) -> Result<(StatusCode, String), String> {
        match tokio::time::timeout(TIMEOUT, self.ask(method, body)).await {
            Ok(answer) => answer,
            Err(_) => Err(format!("it did not answer within {} seconds", TIMEOUT.as_secs())),
        }
    }

    async fn ask(&self, method: Method, body: String) -> Result<(StatusCode, String), String> {
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await.map_err(told)?;
        let connection = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await;
        let (mut sender, connection) = connection.map_err(told)?;
        let asked = async {
            let request = Request::builder()
                .method(method)
                .uri(self.path.as_str())
                .header(HOST, self.authority.as_str())
                .header(CONTENT_TYPE, "application/json")
                .body(Body::from(body))
                .map_err(told)?;
            let response = sender.send_request(request).await.map_err(told)?;
            let status = response.status();
            let bytes = to_bytes(Body::new(response.into_body()), ANSWER_BYTES).await.map_err(told)?;
            Ok((status, String::from_utf8_lossy(&bytes).into_owned()))
        };
        // The connection is driven until the answer is there, and dropped with it.
        let mut asked = std::pin::pin!(asked);
        let mut connection = std::pin::pin!(connection);
        tokio::select! {
            answer = &mut asked => answer,
            ended = &mut connection => match ended {
                Ok(()) => asked.await,
                Err(error) => Err(told(error)),
            },
        }
    }
}

fn told(error: impl std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        text = format!("{text}: {next}");
        cause = next.source();
    }
    text
}
