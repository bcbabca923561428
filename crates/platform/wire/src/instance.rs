//! One process that runs a service.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::http::{HeaderValue, Request, Response, StatusCode};
use contracts::Unavailable;
use contracts::far::Call;
use http_body_util::{BodyExt, Full, Limited};
use tonic::body::Body;
use tonic::transport::{Channel, Endpoint, Error};
use tower::Service;

use crate::breaker::Breaker;
use crate::papers::Papers;
use crate::{ALIVE, CONTRACTS, DEADLINE};

/// The largest answer that is read, bytes.
const ANSWER_BYTES_MAX: usize = 64 << 20;
/// How long making a connection may take.
const CONNECT_MAX: Duration = Duration::from_secs(1);
/// A connection on which nothing comes for so long is asked whether it is there, and so long after that it is not.
const ALIVE_ASKED: Duration = Duration::from_secs(1);
const ALIVE_AWAITED: Duration = Duration::from_millis(1_500);
/// How long an instance may take to say that it is there.
const PROBED_MAX: Duration = Duration::from_millis(1_500);
/// How long an instance that sent us on to another one is asked after the others.
const TURNED_AWAY: Duration = Duration::from_secs(3);

/// What an instance did with a question.
pub(crate) enum Heard {
    /// Answered it.
    Answered(Result<Vec<u8>, Unavailable>),
    /// Sent us on to another one, and did nothing that would be done twice.
    Elsewhere,
    /// Did not come to an end in the time that the caller had.
    TooLate,
    /// Nothing, as far as is known: the connection broke or could not be made.
    Nothing,
}

/// One process that runs a service. It is not connected to before it is asked.
pub(crate) struct Instance {
    service: &'static str,
    pub(crate) address: String,
    channel: Channel,
    pub(crate) breaker: Breaker,
    began: Instant,
    /// Until when others are asked first, milliseconds since it began.
    turned_until: AtomicU64,
}

impl Instance {
    pub(crate) fn new(service: &'static str, address: &str, papers: &Papers) -> Result<Self, Error> {
        let channel = Endpoint::from_shared(format!("https://{address}"))?
            .tls_config(papers.client(service))?
            .tcp_nodelay(true)
            .connect_timeout(CONNECT_MAX)
            .http2_keep_alive_interval(ALIVE_ASKED)
            .keep_alive_timeout(ALIVE_AWAITED)
            .keep_alive_while_idle(true)
            .initial_stream_window_size(1 << 20)
            .initial_connection_window_size(4 << 20)
            .connect_lazy();
        Ok(Self {
            service,
            address: address.to_owned(),
            channel,
            breaker: Breaker::new(),
            began: Instant::now(),
            turned_until: AtomicU64::new(0),
        })
    }

    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Whether it has sent us on lately.
    pub(crate) fn has_turned_away(&self) -> bool {
        self.now() < self.turned_until.load(Ordering::Relaxed)
    }

    /// It has sent us on.
    pub(crate) fn turn_away(&self) {
        let until = self.now() + TURNED_AWAY.as_millis() as u64;
        self.turned_until.store(until, Ordering::Relaxed);
    }

    /// The response; `None`: the connection broke or could not be made. `left`: how long the caller still waits.
    pub(crate) async fn send(&self, mut request: Request<Body>, left: Duration) -> Option<Response<Body>> {
        let headers = request.headers_mut();
        let left = u64::try_from(left.as_millis()).unwrap_or(u64::MAX);
        headers.insert(DEADLINE, HeaderValue::from(left));
        if let Some(trace) = telemetry::current_trace()
            && let Ok(value) = HeaderValue::from_str(&trace.to_string())
        {
            headers.insert("traceparent", value);
        }
        let mut channel = self.channel.clone();
        let ready = std::future::poll_fn(|cx| channel.poll_ready(cx)).await;
        let sent = match ready {
            Ok(()) => channel.call(request).await,
            Err(error) => Err(error),
        };
        let reached = sent.inspect_err(|error| {
            let error: &dyn std::error::Error = error;
            tracing::debug!(
                service = self.service,
                address = self.address,
                error,
                "a neighbor was not reached"
            );
        });
        reached.ok()
    }

    /// Whether it answers now.
    pub(crate) async fn is_there(&self) -> bool {
        let Ok(request) = Request::get(ALIVE).body(Body::empty()) else { return false };
        let asked = tokio::time::timeout(PROBED_MAX, self.send(request, PROBED_MAX)).await;
        matches!(asked, Ok(Some(response)) if response.status() == StatusCode::OK)
    }

    /// Asks a question of a contract.
    pub(crate) async fn ask(&self, call: &Call, question: Bytes, left: Duration) -> Heard {
        let request = Request::post(format!("{CONTRACTS}/{}/{}", call.contract, call.method))
            .header("content-type", "application/json")
            .body(Body::new(Full::new(question)));
        let Ok(request) = request else { return Heard::Answered(Err(Unavailable::Misunderstood)) };
        let Some(response) = self.send(request, left).await else { return Heard::Nothing };
        match response.status() {
            StatusCode::OK => match Limited::new(response.into_body(), ANSWER_BYTES_MAX).collect().await {
                Ok(body) => Heard::Answered(Ok(body.to_bytes().to_vec())),
                Err(_) => Heard::Nothing,
            },
            StatusCode::MISDIRECTED_REQUEST => {
                self.turn_away();
                Heard::Elsewhere
            }
            StatusCode::SERVICE_UNAVAILABLE => Heard::Answered(Err(Unavailable::Stopping)),
            StatusCode::GATEWAY_TIMEOUT => Heard::TooLate,
            StatusCode::TOO_MANY_REQUESTS => Heard::Answered(Err(Unavailable::Overloaded)),
            _ => Heard::Answered(Err(Unavailable::Misunderstood)),
        }
    }
}
