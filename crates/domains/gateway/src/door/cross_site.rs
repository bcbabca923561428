//! Requests that another site's page makes with our customer's cookies are refused.
//!
//! Cookies are `SameSite=Strict` already; this is the second wall, by what browsers say of a request's origin (Fetch
//! Metadata, and `Origin`, RFC 6454). Requests without either come from programs, which hold no cookies by accident.

use axum::extract::Request;
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{Consequence, Problem};

pub(super) async fn refuse(request: Request, next: Next) -> Response {
    let safe = [Method::GET, Method::HEAD, Method::OPTIONS].contains(request.method());
    if safe || is_own(request.headers()) {
        return next.run(request).await;
    }
    metrics::counter!("gateway_cross_site_refused").increment(1);
    let words = ("请求来自其他网站，已被拒绝。", "The request came from another site and was refused.");
    Problem::from(Consequence::new(403, "cross_site", words.0, words.1)).into_response()
}

fn is_own(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if matches!(text("sec-fetch-site"), Some(site) if site != "same-origin" && site != "none") {
        return false;
    }
    match text(ORIGIN.as_str()) {
        None => true,
        Some(origin) => origin.split_once("://").map(|(_, authority)| authority) == text(HOST.as_str()),
    }
}
