//! Bounds on what a request may take, and the headers that protect the browser.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use http::{Consequence, Problem};
use tokio::sync::Semaphore;

use super::Places;
use crate::Settings;

#[derive(Clone)]
pub(super) struct Bounds {
    places: Places,
    timeout: Duration,
}

impl Bounds {
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            places: Arc::new(Semaphore::new(settings.in_progress_max)),
            timeout: Duration::from_millis(settings.timeout_ms),
        }
    }
}

/// Takes a place or refuses at once; answers in time; a panicking handler is an answer, not a lost connection.
pub(super) async fn bound(State(bounds): State<Bounds>, request: Request, next: Next) -> Response {
    let Ok(_place) = bounds.places.try_acquire() else {
        metrics::counter!("gateway_shed").increment(1);
        return Problem::from(Consequence::unavailable()).into_response();
    };
    let answer = AssertUnwindSafe(next.run(request)).catch_unwind();
    match tokio::time::timeout(bounds.timeout, answer).await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => {
            tracing::error!("a handler panicked");
            let words = ("系统内部错误，请联系客服。", "Something went wrong on our side.");
            Problem::from(Consequence::new(500, "internal", words.0, words.1)).into_response()
        }
        Err(_) => {
            metrics::counter!("gateway_timed_out").increment(1);
            Problem::from(Consequence::unavailable()).into_response()
        }
    }
}

/// Content from here alone, no framing, no sniffing, no referrer. Inline styles are allowed for computed positions;
/// inline scripts are not.
const HEADERS: [(&str, &str); 6] = [
    (
        "content-security-policy",
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
         connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("permissions-policy", "camera=(self), microphone=(), geolocation=()"),
    ("cross-origin-opener-policy", "same-origin"),
];

pub(super) async fn browser_headers(request: Request, next: Next) -> Response {
    let answers_data = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    }
    if answers_data {
        // Balances are nobody's to keep: not a proxy's, not the back button's.
        headers.entry("cache-control").or_insert(HeaderValue::from_static("no-store"));
    }
    response
}
