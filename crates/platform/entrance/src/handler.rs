//! Hands one connection's requests to the routes, and refuses those that cannot be told apart from others.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::ConnectInfo;
use axum::http::header::{CONNECTION, HOST, STRICT_TRANSPORT_SECURITY};
use axum::http::{HeaderValue, Method, StatusCode, Version};
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::service::Service;
use hyper::{Request, Response};
use tower::ServiceExt;

use crate::activity::{Activity, Exchange};
use crate::head::is_host;
use crate::pace::{Pace, Paced};
use crate::refused::Refused;

/// What answers one connection.
#[derive(Clone)]
pub(crate) struct Handler {
    pub(crate) router: Router,
    pub(crate) peer: SocketAddr,
    pub(crate) pace: Pace,
    pub(crate) activity: Arc<Activity>,
    /// `Strict-Transport-Security`, where there is TLS.
    pub(crate) strict: Option<HeaderValue>,
}

impl Service<Request<Incoming>> for Handler {
    type Response = Response<Sending>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let handler = self.clone();
        let activity = Arc::clone(&self.activity);
        let exchange = Exchange::begin(Arc::clone(&self.activity));
        Box::pin(async move {
            let response = match handler.refusal(&request) {
                Some(why) => closing(why.answer(), request.version()),
                None => handler.answer(request).await,
            };
            if response.status() == StatusCode::SWITCHING_PROTOCOLS {
                activity.hand_over();
            }
            Ok(response.map(|body| Sending { body, exchange }))
        })
    }
}

impl Handler {
    async fn answer(self, request: Request<Incoming>) -> axum::response::Response {
        let (mut parts, body) = request.into_parts();
        parts.extensions.insert(ConnectInfo(self.peer));
        // Whoever asks for the host need not know in which version it was named (RFC 9113, 8.3.1).
        if let (None, Some(authority)) = (parts.headers.get(HOST), parts.uri.authority())
            && let Ok(host) = HeaderValue::from_str(authority.as_str())
        {
            parts.headers.insert(HOST, host);
        }
        let body = if body.is_end_stream() {
            Body::empty()
        } else {
            Body::new(Paced::new(body, self.pace, Arc::clone(&self.activity)))
        };
        let answered = self.router.oneshot(Request::from_parts(parts, body)).await;
        let mut response = answered.unwrap_or_else(|never| match never {});
        if let Some(strict) = self.strict {
            response.headers_mut().entry(STRICT_TRANSPORT_SECURITY).or_insert(strict);
        }
        response
    }

    /// Why it is refused here: what an HTTP/1 head was refused for, or what HTTP/2 leaves open.
    fn refusal(&self, request: &Request<Incoming>) -> Option<Refused> {
        if request.version() < Version::HTTP_2 {
            let is_instead = request.uri() == "*" && request.method() == Method::GET;
            return self.activity.refused().filter(|_| is_instead);
        }
        let why = refusal_http2(request)?;
        why.count();
        Some(why)
    }
}

/// The last answer of a connection; HTTP/2 has no word for it.
fn closing(mut response: axum::response::Response, version: Version) -> axum::response::Response {
    if version < Version::HTTP_2 {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

fn refusal_http2<B>(request: &Request<B>) -> Option<Refused> {
    if request.method() == Method::CONNECT {
        return Some(Refused::Tunnel);
    }
    let mut hosts = request.headers().get_all(HOST).iter();
    let (host, second) = (hosts.next(), hosts.next());
    let authority = request.uri().authority().map(|authority| authority.as_str().as_bytes());
    match (authority, host.map(HeaderValue::as_bytes)) {
        _ if second.is_some() => Some(Refused::Host),
        (Some(authority), Some(host)) if !authority.eq_ignore_ascii_case(host) => Some(Refused::Authority),
        (Some(named), _) | (None, Some(named)) if is_host(named) => None,
        _ => Some(Refused::Host),
    }
}

/// The body of an answer; the request is in progress until its end.
pub(crate) struct Sending {
    body: Body,
    exchange: Exchange,
}

impl HttpBody for Sending {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(cx);
        if frame.is_ready() {
            self.exchange.touch();
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
