//! What a request says is looked at before anything is made of it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, Version};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{Consequence, Problem};

use crate::firewall::{Event, Firewall, Inspector};

/// The firewall with the largest body that it is shown, bytes.
#[derive(Clone)]
pub(super) struct Wall {
    pub(super) firewall: Arc<Firewall>,
    pub(super) body_max_bytes: usize,
}

pub(super) async fn inspect(State(wall): State<Wall>, request: Request, next: Next) -> Response {
    if wall.firewall.rules().is_none() {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let body = match whole(&parts, body, wall.body_max_bytes).await {
        Ok(body) => body,
        Err(problem) => return problem.into_response(),
    };
    if let Some(refused) = ruling(&wall.firewall, &parts, &body) {
        return refused.into_response();
    }
    next.run(Request::from_parts(parts, Body::from(body))).await
}

/// The body, all of it.
async fn whole(parts: &Parts, body: Body, body_max_bytes: usize) -> Result<Bytes, Problem> {
    let bodyless = [Method::GET, Method::HEAD].contains(&parts.method);
    if bodyless
        && !parts.headers.contains_key("content-length")
        && !parts.headers.contains_key("transfer-encoding")
    {
        return Ok(Bytes::new());
    }
    let announced =
        parts.headers.get("content-length").and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    let too_large =
        || Problem::from(Consequence::new(413, "body_too_large", "请求内容过大。", "The body is too large."));
    if announced.is_some_and(|length| length > body_max_bytes as u64) {
        return Err(too_large());
    }
    to_bytes(body, body_max_bytes).await.map_err(|error| {
        if announced.is_none() && error.to_string().contains("length limit") {
            return too_large();
        }
        Consequence::new(400, "malformed_body", "请求体不完整。", "The body did not arrive whole.").into()
    })
}

/// The refusal, where the rules refuse; whatever they found is told.
fn ruling(firewall: &Firewall, parts: &Parts, body: &[u8]) -> Option<Problem> {
    let target = parts.uri.to_string();
    // HTTP/2 says to whom in the target.
    let authority = parts.uri.authority().filter(|_| !parts.headers.contains_key("host"));
    let relative = parts.uri.path_and_query().map_or(target.as_str(), |target| target.as_str());
    let headers = parts.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
    let headers: Vec<(&str, &[u8])> =
        headers.chain(authority.map(|authority| ("host", authority.as_str().as_bytes()))).collect();
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    let request = firewall::Request {
        method: parts.method.as_str(),
        target: if parts.version == Version::HTTP_2 { relative } else { &target },
        protocol: match parts.version {
            Version::HTTP_09 => "HTTP/0.9",
            Version::HTTP_10 => "HTTP/1.0",
            Version::HTTP_2 => "HTTP/2.0",
            Version::HTTP_3 => "HTTP/3.0",
            _ => "HTTP/1.1",
        },
        headers: &headers,
        peer: peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip()),
        body,
    };
    let findings = firewall.inspect(parts.uri.path(), &request)?;
    let refused = findings.is_refused;
    let trace = parts.extensions.get::<http::Trace>().map(|trace| trace.0);
    if let Some(event) = Event::of(&findings, trace, refused) {
        tell(&event);
        firewall.recent.push(event);
    }
    refused.then(|| {
        Consequence::new(
            403,
            "request_refused",
            "请求中含有疑似攻击的内容，未予受理。如属正常使用，请换一种写法，或把追踪编号告知客服。",
            "The request holds what looks like an attack and was refused. If it was meant well, put it in other words, or tell \
             us its trace id.",
        )
        .into()
    })
}

fn tell(event: &Event) {
    let outcome = if event.refused { "refused" } else { "passed" };
    metrics::counter!("gateway_firewall_found", "outcome" => outcome).increment(1);
    let rules: Vec<String> = event.parts.iter().map(|part| part.rule.to_string()).collect();
    let (rules, first) = (rules.join(","), event.parts.first());
    let (message, place, shape) =
        first.map_or(("", "", ""), |part| (&part.message, &part.place, &part.shape));
    // One line for each request, however many rules matched: whoever attacks does not fill the disk.
    tracing::warn!(rules, message, place, shape, outcome, "the firewall found something");
}
