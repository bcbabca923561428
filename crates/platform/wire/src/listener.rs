//! Answers neighbors: contracts, and whatever routes the caller adds.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, MatchedPath, Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use contracts::far::{Desk, Misunderstood};
use telemetry::TraceParent;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tonic::service::Routes;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tracing::Instrument;

use crate::callers::{Callers, only};
use crate::papers::Papers;
use crate::{ALIVE, CONTRACTS, DEADLINE};

/// The largest question that is read, bytes.
const QUESTION_BYTES_MAX: usize = 64 << 20;
/// How long what is under way may take once stopping was asked for.
const GRACE: Duration = Duration::from_secs(10);

/// Why neighbors cannot be answered.
#[derive(Debug, thiserror::Error)]
pub enum ListenFailed {
    /// The address is malformed or taken.
    #[error("cannot listen on `{address}` for neighbors; set another as `wire.listen`")]
    Address {
        /// The address.
        address: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Certificate or key are not what they should be.
    #[error("the papers of this process cannot be used; make new ones with `yuanhang certs`")]
    Papers(#[source] tonic::transport::Error),
}

/// A contract that is answered, and for whom.
pub struct Answered {
    /// What answers.
    pub desk: Arc<dyn Desk>,
    /// The services that may ask.
    pub callers: Vec<&'static str>,
}

/// A listener that does not answer yet.
pub struct Listener {
    listener: TcpListener,
    address: SocketAddr,
    server: Server,
    fit: Option<watch::Receiver<bool>>,
}

impl Listener {
    /// Listens on `address` for neighbors that bear certificates of the same authority.
    ///
    /// # Errors
    /// [`ListenFailed`].
    pub async fn open(address: &str, papers: &Papers) -> Result<Self, ListenFailed> {
        let cannot = |source| ListenFailed::Address { address: address.to_owned(), source };
        let listener = TcpListener::bind(address).await.map_err(cannot)?;
        let local = listener.local_addr().map_err(cannot)?;
        let server = Server::builder()
            .tls_config(papers.server())
            .map_err(ListenFailed::Papers)?
            .initial_stream_window_size(1 << 20)
            .initial_connection_window_size(4 << 20)
            .http2_keepalive_interval(Some(Duration::from_secs(10)));
        Ok(Self { listener, address: local, server, fit: None })
    }

    /// While `fit` is `false`, whoever asks is told to ask another process, before anything is done.
    #[must_use]
    pub fn while_fit(self, fit: watch::Receiver<bool>) -> Self {
        Self { fit: Some(fit), ..self }
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers with `answered`, and with `routes` those who run `passing_on`, until `stop`; then what is under way has some
    /// seconds.
    pub async fn serve(
        mut self,
        answered: Vec<Answered>,
        routes: Router,
        passing_on: &'static str,
        stop: impl Future<Output = ()> + Send + 'static,
    ) {
        let contracts = answered.into_iter().map(contract).fold(Router::new(), Router::merge);
        let unknown = || async { (StatusCode::NOT_FOUND, "this process does not run that service") };
        let callers = Callers::of(&[passing_on]);
        let routes = routes.layer(from_fn(move |request, next| only(callers.clone(), request, next)));
        let fit = self.fit.take();
        let router = contracts
            .merge(routes)
            .layer(from_fn(move |request, next| while_fit(fit.clone(), request, next)))
            .route(ALIVE, get(async || "alive"))
            .fallback(unknown)
            .layer(from_fn(within_deadline))
            .layer(from_fn(traced));
        let incoming = TcpIncoming::from(self.listener).with_nodelay(Some(true));
        let (stopping, mut stopped) = watch::channel(false);
        let serving =
            self.server.add_routes(Routes::from(router)).serve_with_incoming_shutdown(incoming, async move {
                stop.await;
                stopping.send_replace(true);
            });
        let cut = async move {
            if stopped.wait_for(|stopped| *stopped).await.is_ok() {
                tokio::time::sleep(GRACE).await;
            } else {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            served = serving => if let Err(error) = served {
                tracing::error!(%error, "neighbors are no longer answered");
            },
            () = cut => tracing::warn!("neighbors did not finish in time and are cut"),
        }
    }
}

fn contract(Answered { desk, callers }: Answered) -> Router {
    let callers = Callers::of(&callers);
    let path = format!("{CONTRACTS}/{}", desk.contract());
    // A route for each, so that logs and traces say which.
    let known = desk.methods().iter().fold(Router::new(), |router, method| {
        let answer = async move |State(desk), question| answer(desk, method, question).await;
        router.route(&format!("{path}/{method}"), post(answer))
    });
    let unknown =
        async |State(desk), Path(method): Path<String>, question| answer(desk, &method, question).await;
    known
        .route(&format!("{path}/{{method}}"), post(unknown))
        .layer(DefaultBodyLimit::max(QUESTION_BYTES_MAX))
        .layer(from_fn(move |request, next| only(callers.clone(), request, next)))
        .with_state(desk)
}

async fn answer(desk: Arc<dyn Desk>, method: &str, question: Bytes) -> Response {
    let contract = desk.contract();
    match desk.answer(method, &question).await {
        Ok(answer) => ([("content-type", "application/json")], answer).into_response(),
        Err(elsewhere @ Misunderstood::Elsewhere) => {
            (StatusCode::MISDIRECTED_REQUEST, elsewhere.to_string()).into_response()
        }
        Err(misunderstood) => {
            tracing::warn!(contract, method, %misunderstood, "a neighbor asked what is not understood here");
            let status = match misunderstood {
                Misunderstood::Method => StatusCode::NOT_FOUND,
                Misunderstood::Question(_) => StatusCode::UNPROCESSABLE_ENTITY,
                Misunderstood::Answer(_) | Misunderstood::Elsewhere => StatusCode::INTERNAL_SERVER_ERROR,
            };
            (status, misunderstood.to_string()).into_response()
        }
    }
}

/// Sends whoever asks on to another process while this one cannot do anything.
async fn while_fit(fit: Option<watch::Receiver<bool>>, request: Request, next: Next) -> Response {
    if fit.is_some_and(|fit| !*fit.borrow()) {
        return (StatusCode::MISDIRECTED_REQUEST, "the store of this process is away").into_response();
    }
    next.run(request).await
}

fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.parse().ok()
}

/// Begins nothing whose caller has stopped waiting, and does not go on beyond.
async fn within_deadline(request: Request, next: Next) -> Response {
    let left = number(request.headers(), DEADLINE).unwrap_or(u64::MAX);
    let refused = || (StatusCode::GATEWAY_TIMEOUT, "the caller no longer waits").into_response();
    if left == 0 {
        return refused();
    }
    let left = Duration::from_millis(left.min(3_600_000));
    tokio::time::timeout(left, next.run(request)).await.unwrap_or_else(|_| refused())
}

/// Goes on with the caller's trace.
async fn traced(request: Request, next: Next) -> Response {
    let given = request.headers().get("traceparent").and_then(|value| value.to_str().ok());
    let trace = TraceParent::inside(given);
    // The pattern, never the path: a path may hold personal data.
    let route = request.extensions().get::<MatchedPath>().map_or("?", MatchedPath::as_str);
    let method = telemetry::method_name(request.method().as_str());
    let line = telemetry::request_span(&trace, method, route);
    let span = telemetry::Span::request(trace, method, route);
    let response = span.within(next.run(request)).instrument(line).await;
    span.answered(response.status().as_u16());
    response
}
