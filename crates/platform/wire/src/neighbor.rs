//! A service in other processes: asking it, and passing requests on to it.
//!
//! It may run in several. They are asked in the order in which they are named, the next one when one does not answer;
//! what is repeatable is asked again then, and so is whatever no instance answers because none leads at the moment.

use std::time::Duration;

use async_trait::async_trait;
use axum::body::{Body, Bytes, HttpBody as _};
use axum::http::header::CONTENT_LENGTH;
use axum::http::{HeaderMap, Method, Request, Response, StatusCode};
use contracts::Unavailable;
use contracts::far::{Call, Carrier};
use http_body_util::{BodyExt, Full, Limited};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;
use tonic::transport::Error;

use crate::ALIVE;
use crate::breaker::Patience;
use crate::instance::{Heard, Instance};
use crate::papers::Papers;

/// Rests before what is repeatable is asked again.
const RESTS: [Duration; 2] = [Duration::from_millis(20), Duration::from_millis(120)];
/// Rest while no instance leads.
const REST_LEADERLESS: Duration = Duration::from_millis(100);
/// The largest body of a request that is kept to be sent to another instance, bytes.
const KEPT_BYTES_MAX: usize = 256 << 10;
/// Marks a request that does the same once, however often it comes.
const IDEMPOTENCY_KEY: &str = "idempotency-key";

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

/// A service in other processes.
pub struct Neighbor {
    service: &'static str,
    instances: Vec<Instance>,
    places: Semaphore,
    limits: Limits,
}

impl Neighbor {
    /// The neighbor that runs `service` at `addresses` (`host:port`, with commas between where there are several).
    ///
    /// # Errors
    /// An address or the papers are malformed.
    pub fn new(
        service: &'static str,
        addresses: &str,
        papers: &Papers,
        limits: Limits,
    ) -> Result<Self, Error> {
        let addresses: Vec<&str> = addresses.split(',').map(str::trim).collect();
        let patience = if addresses.len() > 1 { Patience::ONE_OF_SEVERAL } else { Patience::ONLY };
        let instances =
            addresses.into_iter().map(|address| Instance::new(service, address, papers, patience));
        let places = Semaphore::new(limits.in_progress_max);
        Ok(Self { service, instances: instances.collect::<Result<_, _>>()?, places, limits })
    }

    /// Passes a request on and gives the response as it comes. Where an instance sends it on, it goes to the next one;
    /// so does one that may be repeated (it reads, or bears an idempotency key) where an instance does not answer.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn forward(&self, request: Request<Body>) -> Result<Response<Body>, Unavailable> {
        telemetry::question(self.service, "forward", self.pass_on(request)).await
    }

    async fn pass_on(&self, request: Request<Body>) -> Result<Response<Body>, Unavailable> {
        let _place = self.place()?;
        let deadline = Instant::now() + self.limits.deadline;
        let (parts, body) = request.into_parts();
        let repeatable = matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS)
            || parts.headers.contains_key(IDEMPOTENCY_KEY);
        if self.instances.len() < 2 || !is_small(&parts.headers, &body) {
            let request = Request::from_parts(parts, tonic::body::Body::new(body));
            let instance = self.in_turn().find(|instance| instance.breaker.lets_through());
            return match self.send(instance.ok_or_else(|| self.resting())?, request, deadline).await? {
                Sent::Answered(response) => Ok(response),
                Sent::Elsewhere => Err(Unavailable::Stopping),
                Sent::Nowhere => Err(Unavailable::Unreachable),
            };
        }
        let Ok(body) = Limited::new(body, KEPT_BYTES_MAX).collect().await else {
            return Err(Unavailable::Misunderstood);
        };
        let body = body.to_bytes();
        let mut answer = None;
        for instance in self.in_turn().filter(|instance| instance.breaker.lets_through()) {
            let body = tonic::body::Body::new(Full::new(body.clone()));
            let request = Request::from_parts(parts.clone(), body);
            match self.send(instance, request, deadline).await? {
                Sent::Answered(response) => return Ok(response),
                Sent::Elsewhere => answer = Some(Unavailable::Stopping),
                Sent::Nowhere if repeatable => {}
                Sent::Nowhere => return Err(Unavailable::Unreachable),
            }
        }
        Err(answer.unwrap_or_else(|| self.resting()))
    }

    async fn send(
        &self,
        instance: &Instance,
        request: Request<tonic::body::Body>,
        deadline: Instant,
    ) -> Result<Sent, Unavailable> {
        let left = deadline.saturating_duration_since(Instant::now());
        match tokio::time::timeout_at(deadline, instance.send(request, left)).await {
            Ok(Some(response)) => {
                instance.breaker.answered();
                if response.status() == StatusCode::MISDIRECTED_REQUEST {
                    instance.turn_away();
                    return Ok(Sent::Elsewhere);
                }
                Ok(Sent::Answered(response.map(Body::new)))
            }
            Ok(None) => {
                self.failed(instance);
                Ok(Sent::Nowhere)
            }
            Err(_) => {
                self.failed(instance);
                Err(Unavailable::Unreachable)
            }
        }
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

    fn place(&self) -> Result<SemaphorePermit<'_>, Unavailable> {
        self.places.try_acquire().map_err(|_| {
            metrics::counter!("wire_refused", "service" => self.service, "why" => "full").increment(1);
            Unavailable::Overloaded
        })
    }

    /// In the order in which they are to be asked.
    fn in_turn(&self) -> impl Iterator<Item = &Instance> {
        let near = self.instances.iter().filter(|instance| !instance.has_turned_away());
        near.chain(self.instances.iter().filter(|instance| instance.has_turned_away()))
    }

    fn failed(&self, instance: &Instance) {
        metrics::counter!("wire_unreachable", "service" => self.service).increment(1);
        instance.breaker.failed();
    }

    fn resting(&self) -> Unavailable {
        metrics::counter!("wire_refused", "service" => self.service, "why" => "resting").increment(1);
        Unavailable::Unreachable
    }

    async fn ask(&self, call: &Call, question: Bytes) -> Result<Vec<u8>, Unavailable> {
        let deadline = Instant::now() + self.limits.deadline;
        let mut rests = RESTS.iter();
        loop {
            let mut leaderless = false;
            let mut nobody = true;
            for instance in self.in_turn() {
                if !instance.breaker.lets_through() {
                    continue;
                }
                nobody = false;
                let left = deadline.saturating_duration_since(Instant::now());
                let asking = instance.ask(call, question.clone(), left);
                match tokio::time::timeout_at(deadline, asking).await {
                    Ok(Heard::Answered(answer)) => {
                        instance.breaker.answered();
                        return answer;
                    }
                    Ok(Heard::Elsewhere) => {
                        instance.breaker.answered();
                        leaderless = true;
                        continue;
                    }
                    Ok(Heard::Nothing) => self.failed(instance),
                    // Nobody waits any longer.
                    Ok(Heard::TooLate) | Err(_) => {
                        self.failed(instance);
                        return Err(Unavailable::Unreachable);
                    }
                }
                // It may have been heard: only what does no harm twice is asked again.
                if !call.repeatable {
                    return Err(Unavailable::Unreachable);
                }
                metrics::counter!("wire_repeated", "service" => self.service).increment(1);
            }
            if nobody && !leaderless {
                return Err(self.resting());
            }
            let rest = if leaderless { Some(&REST_LEADERLESS) } else { rests.next() };
            match rest {
                Some(rest) if Instant::now() + *rest < deadline => tokio::time::sleep(*rest).await,
                _ if leaderless => return Err(Unavailable::Stopping),
                _ => return Err(Unavailable::Unreachable),
            }
        }
    }
}

/// What became of a request that was passed on.
enum Sent {
    Answered(Response<Body>),
    /// The instance sends us on and has done nothing.
    Elsewhere,
    /// It was not reached, or broke off.
    Nowhere,
}

/// Whether a body is known to be so small that it can be kept.
fn is_small(headers: &HeaderMap, body: &Body) -> bool {
    let told = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    body.is_end_stream() || told.is_some_and(|length| length <= KEPT_BYTES_MAX)
}

#[async_trait]
impl Carrier for Neighbor {
    async fn carry(&self, call: &Call, question: Vec<u8>) -> Result<Vec<u8>, Unavailable> {
        let _place = self.place()?;
        let began = Instant::now();
        let asking = self.ask(call, Bytes::from(question));
        let answer = telemetry::question(call.contract, call.method, asking).await;
        metrics::histogram!("wire_call_seconds", "contract" => call.contract, "method" => call.method)
            .record(began.elapsed());
        answer
    }
}
