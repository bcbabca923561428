//! A service in other processes: asking it, and passing requests on to it.
//!
//! It may run in several. They are asked in the order in which they are known, the next one when one does not answer;
//! what is repeatable is asked again then, and so is whatever no instance answers because none leads at the moment.

use std::sync::Arc;
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

use crate::ALIVE;
use crate::breaker::Patience;
use crate::instance::{Heard, Instance};
use crate::papers::Papers;
use crate::place::{Place, PlaceRefused};
use crate::resolver::{Resolver, SystemResolver};
use crate::roster::{Name, Roster};

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
    /// How often a name is looked up again.
    pub look_up_every: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            deadline: Duration::from_secs(10),
            in_progress_max: 2_048,
            look_up_every: Duration::from_secs(5),
        }
    }
}

/// A service in other processes.
pub struct Neighbor {
    service: &'static str,
    roster: Roster,
    places: Semaphore,
    limits: Limits,
}

impl Neighbor {
    /// The neighbor that runs `service` at `addresses`: `host:port`, with commas between where there are several, or
    /// `dns:name:port` for all addresses behind a name, which is looked up again and again.
    ///
    /// # Errors
    /// [`PlaceRefused`].
    pub fn new(
        service: &'static str,
        addresses: &str,
        papers: &Papers,
        limits: Limits,
    ) -> Result<Self, PlaceRefused> {
        Self::found_by(Arc::new(SystemResolver), service, addresses, papers, limits)
    }

    /// As [`Neighbor::new`]; `resolver` knows the addresses behind names.
    pub(crate) fn found_by(
        resolver: Arc<dyn Resolver>,
        service: &'static str,
        addresses: &str,
        papers: &Papers,
        limits: Limits,
    ) -> Result<Self, PlaceRefused> {
        let instance = |address: &str| {
            let unusable = |source| PlaceRefused::Unusable { address: address.to_owned(), source };
            Instance::new(service, address, papers).map_err(unusable)
        };
        let roster = match Place::read(addresses)? {
            Place::Listed(addresses) => {
                Roster::listed(addresses.into_iter().map(instance).collect::<Result<Vec<_>, _>>()?)
            }
            Place::Named(name) => {
                // That the papers are fit is known at the start, whatever is behind the name.
                instance(name)?;
                let (papers, every) = (papers.clone(), limits.look_up_every);
                Roster::named(Name { service, name: name.to_owned(), papers, resolver, every })
            }
        };
        let places = Semaphore::new(limits.in_progress_max);
        Ok(Self { service, roster, places, limits })
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
        let instances = self.roster.known(deadline).await;
        let round = Round::of(&instances);
        if instances.len() < 2 || !is_small(&parts.headers, &body) {
            let request = Request::from_parts(parts, tonic::body::Body::new(body));
            let instance = round.in_turn().next().ok_or_else(|| self.resting())?;
            return match self.send(round, instance, request, deadline).await? {
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
        for instance in round.in_turn() {
            let body = tonic::body::Body::new(Full::new(body.clone()));
            let request = Request::from_parts(parts.clone(), body);
            match self.send(round, instance, request, deadline).await? {
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
        round: Round<'_>,
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
                self.failed(round, instance);
                Ok(Sent::Nowhere)
            }
            Err(_) => {
                self.failed(round, instance);
                Err(Unavailable::Unreachable)
            }
        }
    }

    /// How long none of its processes is asked, because none answered lately; `None` where one is asked at once, or where
    /// none is known.
    #[must_use]
    pub fn rests_for(&self) -> Option<Duration> {
        let instances = self.roster.known_now();
        let patience = Patience::with(instances.len());
        let rests = instances.iter().map(|instance| instance.breaker.rests_for(patience));
        rests.reduce(|one, other| Some(one?.min(other?))).flatten()
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

    fn failed(&self, round: Round<'_>, instance: &Instance) {
        metrics::counter!("wire_unreachable", "service" => self.service).increment(1);
        instance.breaker.failed(round.patience);
        if round.instances.iter().all(|instance| instance.breaker.has_failed()) {
            self.roster.look_again();
        }
    }

    /// Nobody is to be asked now.
    fn resting(&self) -> Unavailable {
        self.roster.look_again();
        metrics::counter!("wire_refused", "service" => self.service, "why" => "resting").increment(1);
        Unavailable::Unreachable
    }

    async fn ask(&self, call: &Call, question: Bytes) -> Result<Vec<u8>, Unavailable> {
        let deadline = Instant::now() + self.limits.deadline;
        let mut rests = RESTS.iter();
        loop {
            let mut leaderless = false;
            let mut nobody = true;
            // Others may be known by now.
            let instances = self.roster.known(deadline).await;
            let round = Round::of(&instances);
            for instance in round.in_turn() {
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
                    Ok(Heard::Nothing) => self.failed(round, instance),
                    // Nobody waits any longer.
                    Ok(Heard::TooLate) | Err(_) => {
                        self.failed(round, instance);
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

/// Those who are asked one after the other.
#[derive(Clone, Copy)]
struct Round<'a> {
    instances: &'a [Arc<Instance>],
    patience: Patience,
}

impl<'a> Round<'a> {
    fn of(instances: &'a [Arc<Instance>]) -> Self {
        Self { instances, patience: Patience::with(instances.len()) }
    }

    /// Those that do not rest, in the order in which they are to be asked.
    fn in_turn(self) -> impl Iterator<Item = &'a Arc<Instance>> {
        let near = self.instances.iter().filter(|instance| !instance.has_turned_away());
        let away = self.instances.iter().filter(|instance| instance.has_turned_away());
        near.chain(away).filter(move |instance| instance.breaker.lets_through(self.patience))
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
