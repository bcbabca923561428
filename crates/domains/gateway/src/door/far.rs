//! Routes of services in other processes: the gateway passes requests on with what it found out about them, and the
//! process behind believes it, because nobody but the gateway's certificate gets there.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use http::{Consequence, Problem, Routes, Visitor};
use utoipa::openapi::OpenApi;
use wire::Neighbor;

/// Who asks, as JSON.
const VISITOR: HeaderName = HeaderName::from_static("yuanhang-visitor");
/// From which address.
const PEER: HeaderName = HeaderName::from_static("yuanhang-peer");
/// Marks the answer in place of a service that rests: it did not answer lately and is left alone for a while.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rests;

/// The largest description that is read, bytes.
const DESCRIPTION_BYTES_MAX: usize = 16 << 20;
/// What belongs to one connection alone (RFC 9110, 7.6.1).
const HOP_BY_HOP: [&str; 5] = ["connection", "keep-alive", "te", "transfer-encoding", "upgrade"];

/// Routes of `neighbors`: `/api/<service>` and everything below.
pub(super) fn routes(neighbors: &[(&'static str, Arc<Neighbor>)]) -> Router {
    neighbors.iter().fold(Router::new(), |router, (service, neighbor)| {
        let below = Router::new()
            .route(&format!("/api/{service}"), any(pass_on))
            .route(&format!("/api/{service}/{{*rest}}"), any(pass_on))
            .with_state(Arc::clone(neighbor));
        router.merge(below)
    })
}

async fn pass_on(State(neighbor): State<Arc<Neighbor>>, mut request: Request) -> Response {
    let visitor = request.extensions().get::<Visitor>().cloned().unwrap_or_default();
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_string());
    let value = serde_json::to_string(&visitor).ok().and_then(|text| HeaderValue::from_str(&text).ok());
    let Some(value) = value else {
        return Problem::from(contracts::Unavailable::Misunderstood).into_response();
    };
    let headers = request.headers_mut();
    HOP_BY_HOP.iter().for_each(|name| drop(headers.remove(*name)));
    // Whatever a stranger wrote there goes.
    headers.insert(VISITOR, value);
    headers.remove(PEER);
    if let Some(peer) = peer.and_then(|peer| HeaderValue::from_str(&peer).ok()) {
        headers.insert(PEER, peer);
    }
    match neighbor.forward(request).await {
        Ok(mut response) => {
            HOP_BY_HOP.iter().for_each(|name| drop(response.headers_mut().remove(*name)));
            response
        }
        Err(unavailable) => match neighbor.rests_for() {
            Some(left) => resting(left),
            None => Problem::from(unavailable).into_response(),
        },
    }
}

/// The answer in place of a service that rests for so long. What it was asked was not done, or it is unknown, and the
/// same request does no harm twice.
fn resting(left: Duration) -> Response {
    let seconds = left.as_secs().saturating_add(1);
    let consequence = Consequence::new(
        503,
        "service_resting",
        format!("该项服务暂时无法使用，请在 {seconds} 秒后用同一请求重试，不会重复办理。"),
        format!(
            "This service cannot be reached at the moment. Send the same request again in {seconds} seconds; nothing \
             is done twice."
        ),
    );
    let consequence = consequence.with("retry_after_s", seconds).retry_after_s(seconds);
    let mut response = Problem::from(consequence).into_response();
    response.extensions_mut().insert(Rests);
    response
}

/// Where a process behind describes its routes.
const DESCRIPTION: &str = "/wire/openapi.json";

/// How a process behind describes its routes; nothing where it does not answer.
pub(super) async fn description(neighbor: &Neighbor) -> Option<OpenApi> {
    let request = Request::get(DESCRIPTION).body(axum::body::Body::empty()).ok()?;
    let response = neighbor.forward(request).await.ok()?;
    let body = axum::body::to_bytes(response.into_body(), DESCRIPTION_BYTES_MAX).await.ok()?;
    serde_json::from_slice(&body).ok()
}

/// `routes` for a gateway in another process.
pub(crate) fn behind(routes: Routes, body_max_bytes: usize) -> Router {
    let description = axum::Json(routes.openapi().clone());
    routes
        .into_router()
        .route(DESCRIPTION, axum::routing::get(async move || description))
        .method_not_allowed_fallback(async || Problem::from(http::Consequence::not_found()))
        .layer(from_fn(believe))
        .layer(DefaultBodyLimit::max(body_max_bytes))
        .layer(from_fn(super::speak))
}

async fn believe(mut request: Request, next: Next) -> Response {
    let visitor = visitor(request.headers());
    let peer = request.headers().get(PEER).and_then(|value| value.to_str().ok()?.parse::<IpAddr>().ok());
    request.headers_mut().remove(VISITOR);
    if let Some(peer) = peer {
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(peer, 0)));
    }
    if let Some(trace) = telemetry::current_trace() {
        let id = u128::from_str_radix(&trace.trace_id(), 16).unwrap_or_default();
        request.extensions_mut().insert(http::Trace(ids::TraceId::from_u128(id)));
    }
    request.extensions_mut().insert(visitor);
    next.run(request).await
}

/// Nobody, where it is missing or not what a gateway writes.
fn visitor(headers: &HeaderMap) -> Visitor {
    let text = headers.get(VISITOR).and_then(|value| value.to_str().ok());
    text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}
