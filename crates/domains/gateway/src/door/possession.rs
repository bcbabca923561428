//! Proofs of possession (RFC 9449): which device's key a request was made with.
//!
//! A proof that is wrong is refused here, before anything else is asked. One that is missing is nobody's mistake: who
//! needs it is a session that is bound to a key, see [`super::visitor`].

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, HOST, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use dpop::{Asked, Proofs, Refused, Thumbprint};
use http::{Consequence, Problem};

const PROOF: HeaderName = HeaderName::from_static("dpop");
const NONCE: HeaderName = HeaderName::from_static("dpop-nonce");

/// What a request was proved to be made with.
#[derive(Clone, Copy)]
pub(super) struct Proved(pub(super) Thumbprint);

/// Checks proofs against the addresses of the bank.
pub(crate) struct Possession {
    pub(crate) proofs: Proofs,
    /// Scheme and authority of the bank's pages; empty: whatever host the request names.
    pub(crate) origins: Vec<String>,
}

impl Possession {
    fn check(&self, request: &Request, proof: &str) -> Result<Thumbprint, Refused> {
        let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        let named = [format!("https://{host}"), format!("http://{host}")];
        let origins = if self.origins.is_empty() { named.as_slice() } else { &self.origins };
        self.proofs.check(&Asked {
            proof,
            method: request.method().as_str(),
            path: request.uri().path(),
            origins: &origins.iter().map(String::as_str).collect::<Vec<_>>(),
            token: token(request.headers()),
            key: None,
            is_change: ![Method::GET, Method::HEAD].contains(request.method()),
        })
    }
}

/// The token of an `Authorization` header.
pub(super) fn token(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let token = value.strip_prefix("Bearer ").or_else(|| value.strip_prefix("DPoP "))?;
    Some(token.trim())
}

pub(super) async fn check(
    State(possession): State<Arc<Possession>>,
    mut request: Request,
    next: Next,
) -> Response {
    let mut proofs = request.headers().get_all(PROOF).iter();
    let (first, second) = (proofs.next(), proofs.next());
    let Some(first) = first else { return next.run(request).await };
    let checked = match (first.to_str(), second) {
        (Ok(proof), None) => possession.check(&request, proof),
        _ => Err(Refused::Malformed("there is more than one, or it is not text")),
    };
    let mut response = match checked {
        Ok(key) => {
            request.extensions_mut().insert(Proved(key));
            next.run(request).await
        }
        Err(refused) => refuse(&refused),
    };
    // Sent along each time, so that pages need not be refused to learn the next one (section 8.2).
    if let Ok(nonce) = HeaderValue::from_str(&possession.proofs.nonce()) {
        response.headers_mut().insert(NONCE, nonce);
    }
    response
}

fn refuse(refused: &Refused) -> Response {
    metrics::counter!("gateway_proofs_refused", "code" => refused.code()).increment(1);
    if matches!(refused, Refused::Busy) {
        return Problem::from(Consequence::unavailable()).into_response();
    }
    let words = match refused {
        Refused::TimeEarly | Refused::TimeLate => {
            ("设备时间不准确，请校准后重试。", "The clock of your device is wrong. Set it, and try again.")
        }
        _ => (
            "无法确认请求来自您的设备，请重试或重新登录。",
            "It could not be proved that this came from your device. Try again, or sign in anew.",
        ),
    };
    let mut response = Problem::from(Consequence::new(401, refused.code(), words.0, words.1)).into_response();
    let error =
        if matches!(refused, Refused::NonceNeeded { .. }) { "use_dpop_nonce" } else { "invalid_dpop_proof" };
    if let Ok(challenge) = HeaderValue::from_str(&format!("DPoP error=\"{error}\", algs=\"ES256\"")) {
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    }
    response
}
