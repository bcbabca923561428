//! A trace for each request, and what it took.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;
use ids::TraceId;
use telemetry::TraceParent;
use tracing::Instrument;

pub(super) async fn observe(mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let given = request.headers().get("traceparent").and_then(|value| value.to_str().ok());
    let trace = TraceParent::at_door(given);
    let id = u128::from_str_radix(&trace.trace_id(), 16).unwrap_or_default();
    request.extensions_mut().insert(http::Trace(TraceId::from_u128(id)));
    let method = telemetry::method_name(request.method().as_str());
    // The pattern, never the path: a path may hold personal data, and there are endlessly many.
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "pages".to_owned(), |path| path.as_str().to_owned());
    let line = telemetry::request_span(&trace, method, &route);
    let span = telemetry::Span::request(trace, method, &route);
    let mut response = span.within(next.run(request)).instrument(line.clone()).await;
    let (status, took) = (response.status().as_u16(), started.elapsed());
    span.answered(status);
    line.in_scope(|| tracing::debug!(status, took_us = took.as_micros() as u64, "answered"));
    let class =
        ["1xx", "2xx", "3xx", "4xx", "5xx"].get(usize::from(status / 100).wrapping_sub(1)).unwrap_or(&"?");
    metrics::counter!("http_requests", "method" => method, "route" => route.clone(), "status" => *class)
        .increment(1);
    metrics::histogram!("http_request_seconds", "route" => route).record(took);
    if let Ok(value) = HeaderValue::from_str(&trace.trace_id()) {
        response.headers_mut().insert("x-trace-id", value);
    }
    response
}
