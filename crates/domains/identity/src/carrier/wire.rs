//! One request and its answer, over HTTPS, or HTTP on this machine.

use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderValue, Request, StatusCode, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use super::Unanswered;

/// How much of an answer is read.
const ANSWER_BYTES: usize = 16 << 10;

/// Keeps connections between requests.
pub(super) struct Sender(Client<HttpsConnector<HttpConnector>, Full<Bytes>>);

impl Sender {
    /// Trusts whom this machine trusts.
    ///
    /// # Errors
    /// It trusts nobody.
    pub(super) fn try_new() -> std::io::Result<Self> {
        let connector =
            HttpsConnectorBuilder::new().with_native_roots()?.https_or_http().enable_http1().build();
        Ok(Self(Client::builder(TokioExecutor::new()).build(connector)))
    }

    /// Status and content of the answer.
    ///
    /// # Errors
    /// [`Unanswered`].
    pub(super) async fn post(
        &self,
        uri: &Uri,
        content_type: &'static str,
        authorization: Option<&HeaderValue>,
        body: Vec<u8>,
    ) -> Result<(StatusCode, Vec<u8>), Unanswered> {
        let mut request = Request::post(uri).header(CONTENT_TYPE, content_type);
        if let Some(authorization) = authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        let response = self.0.request(request.body(Full::new(body.into()))?).await?;
        let status = response.status();
        let body = Limited::new(response.into_body(), ANSWER_BYTES).collect().await;
        Ok((status, body.map_err(|_| Unanswered::Broken)?.to_bytes().to_vec()))
    }
}

/// `None` where it is no address, or what is sent there could be read on the way.
pub(super) fn address(text: &str) -> Option<Uri> {
    let uri: Uri = text.parse().ok()?;
    let host = uri.host()?.trim_start_matches('[').trim_end_matches(']');
    let is_here =
        host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|host| host.is_loopback());
    match uri.scheme_str() {
        Some("https") => Some(uri),
        Some("http") if is_here => Some(uri),
        _ => None,
    }
}
