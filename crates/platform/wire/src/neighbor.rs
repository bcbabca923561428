//! A service in another process: asking it, and passing requests on to it.

use std::time::{Duration, Instant};

use async_trait::async_trait;
use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, Request, Response, StatusCode};
use contracts::Unavailable;
use contracts::far::{Call, Carrier};
use http_body_util::{BodyExt, Limited};
use tokio::sync::Semaphore;
use tonic::transport::{Channel, Endpoint};
use tower::Service;

use crate::breaker::Breaker;
use crate::papers::Papers;
use crate::{ALIVE, CONTRACTS, DEADLINE};

/// The largest answer that is read, bytes.
const ANSWER_BYTES_MAX: usize = 64 << 20;
/// Rests before what is repeatable is asked again.
const RESTS: [Duration; 2] = [Duration::from_millis(20), Duration::from_millis(120)];

/// How long and how much one neighbor is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How long an answer may take, tries included.
    pub deadline: Duration,
    /// Questions under way at once; one more is refused at once, so that a slow neighbor does not fill this process.
    pub in_progress_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { deadline: Duration::from_secs(10), in_progress_max: 2_048 }
    }
}

/// A service in another process.
pub struct Neighbor {
    service: &'static str,
    channel: Channel,
    breaker: Breaker,
    places: Semaphore,
    limits: Limits,
}

impl Neighbor {
    /// The neighbor that runs `service` at `address` (`host:port`). It is not connected to before it is asked.
    ///
    /// # Errors
    /// The address or the papers are malformed.
    pub fn new(
        service: &'static str,
        address: &str,
        papers: &Papers,
        limits: Limits,
    ) -> Result<Self, tonic::transport::Error> {
        let channel = Endpoint::from_shared(format!("https://{address}"))?
            .tls_config(papers.client(service))?
            .tcp_nodelay(true)
            .connect_timeout(Duration::from_secs(2))
            .http2_keep_alive_interval(Duration::from_secs(5))
            .keep_alive_timeout(Duration::from_secs(5))
            .initial_stream_window_size(1 << 20)
            .initial_connection_window_size(4 << 20)
            .connect_lazy();
        let places = Semaphore::new(limits.in_progress_max);
        Ok(Self { service, channel, breaker: Breaker::new(), places, limits })
    }

    /// Passes a request on and gives the response as it comes.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn forward(&self, request: Request<Body>) -> Result<Response<Body>, Unavailable> {
        let (parts, body) = request.into_parts();
        let request = Request::from_parts(parts, tonic::body::Body::new(body));
        let began = Instant::now();
        let sending = async { self.once(request, began).await.ok_or(Unavailable::Unreachable) };
        Ok(self.bounded(sending).await?.map(Body::new))
    }

    /// Whether it answers.
    ///
    /// # Errors
    /// Why it is taken not to.
    pub async fn check(&self) -> Result<(), Unavailable> {
        let request = Request::get(ALIVE).body(Body::empty()).map_err(|_| Unavailable::Misunderstood)?;
        match self.forward(request).await?.status() {
            StatusCode::OK => Ok(()),
            _ => Err(Unavailable::Unreachable),
        }
    }

    /// Takes a place, unless there is none or the neighbor is resting, and waits no longer than is allowed.
    async fn bounded<T>(
        &self,
        asking: impl Future<Output = Result<T, Unavailable>>,
    ) -> Result<T, Unavailable> {
        let Ok(_place) = self.places.try_acquire() else {
            metrics::counter!("wire_refused", "service" => self.service, "why" => "full").increment(1);
            return Err(Unavailable::Overloaded);
        };
        if !self.breaker.lets_through() {
            metrics::counter!("wire_refused", "service" => self.service, "why" => "resting").increment(1);
            return Err(Unavailable::Unreachable);
        }
        let asked = tokio::time::timeout(self.limits.deadline, asking).await;
        let answer = asked.unwrap_or(Err(Unavailable::Unreachable));
        match &answer {
            Err(Unavailable::Unreachable) => {
                metrics::counter!("wire_unreachable", "service" => self.service).increment(1);
                self.breaker.failed();
            }
            _ => self.breaker.answered(),
        }
        answer
    }

    /// `None`: the connection broke or could not be made.
    async fn once(
        &self,
        mut request: Request<tonic::body::Body>,
        began: Instant,
    ) -> Option<Response<tonic::body::Body>> {
        let left = self.limits.deadline.saturating_sub(began.elapsed()).as_millis();
        let headers = request.headers_mut();
        headers.insert(DEADLINE, HeaderValue::from(u64::try_from(left).unwrap_or(u64::MAX)));
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
            tracing::debug!(service = self.service, error, "a neighbor was not reached");
        });
        reached.ok()
    }

    async fn ask(&self, call: &Call, question: Bytes) -> Result<Vec<u8>, Unavailable> {
        let began = Instant::now();
        let mut rests = RESTS.iter();
        loop {
            let request = Request::post(format!("{CONTRACTS}/{}/{}", call.contract, call.method))
                .header("content-type", "application/json")
                .body(tonic::body::Body::new(http_body_util::Full::new(question.clone())))
                .map_err(|_| Unavailable::Misunderstood)?;
            let read = match self.once(request, began).await {
                Some(response) => read(response).await,
                None => None,
            };
            match (read, rests.next()) {
                (Some(answer), _) => return answer,
                // It may have been heard: only what does no harm twice is asked again.
                (None, Some(rest)) if call.repeatable => {
                    metrics::counter!("wire_repeated", "service" => self.service).increment(1);
                    tokio::time::sleep(*rest).await;
                }
                (None, _) => return Err(Unavailable::Unreachable),
            }
        }
    }
}

/// The answer in a response; `None` where the connection broke meanwhile.
async fn read(response: Response<tonic::body::Body>) -> Option<Result<Vec<u8>, Unavailable>> {
    match response.status() {
        StatusCode::OK => {
            let body = Limited::new(response.into_body(), ANSWER_BYTES_MAX).collect().await.ok()?;
            Some(Ok(body.to_bytes().to_vec()))
        }
        StatusCode::SERVICE_UNAVAILABLE => Some(Err(Unavailable::Stopping)),
        StatusCode::GATEWAY_TIMEOUT => Some(Err(Unavailable::Unreachable)),
        StatusCode::TOO_MANY_REQUESTS => Some(Err(Unavailable::Overloaded)),
        _ => Some(Err(Unavailable::Misunderstood)),
    }
}

#[async_trait]
impl Carrier for Neighbor {
    async fn carry(&self, call: &Call, question: Vec<u8>) -> Result<Vec<u8>, Unavailable> {
        let began = Instant::now();
        let answer = self.bounded(self.ask(call, Bytes::from(question))).await;
        metrics::histogram!("wire_call_seconds", "contract" => call.contract, "method" => call.method)
            .record(began.elapsed());
        answer
    }
}
