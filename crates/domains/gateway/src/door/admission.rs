//! Who is let in: how much somebody asks, what is closed, and whether there is a place; all of it before a body is read
//! and before it is found out who asks. Those who are known then are counted once more.

use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use http::{Consequence, Entry, Problem, Visitor};

use super::far::Rests;
use super::limits::Limits;
use super::maintenance::Maintenance;
use super::profiles::{Profile, Profiles};
use super::shedding::{self, Shedder};
use crate::Settings;
use crate::config::Class;

/// What decides who is let in.
pub(super) struct Admission {
    began: Instant,
    profiles: Profiles,
    limits: Limits,
    maintenance: Arc<Maintenance>,
    shedder: Arc<Shedder>,
}

impl Admission {
    pub(super) fn new(
        settings: &Settings,
        maintenance: Arc<Maintenance>,
        entries: &[Entry],
        far: &[&'static str],
    ) -> Arc<Self> {
        Arc::new(Self {
            began: Instant::now(),
            profiles: Profiles::new(settings, entries, far),
            limits: Limits::new(&settings.limits),
            maintenance,
            shedder: Shedder::new(settings),
        })
    }

    fn profile(&self, request: &Request) -> Arc<Profile> {
        let pattern = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
        self.profiles.of(request.method().as_str(), pattern, request.uri().path())
    }

    /// Why a request is not let in, whoever asks.
    fn refusal(&self, request: &Request, profile: &Profile) -> Option<Consequence> {
        let (method, path) = (request.method().as_str(), request.uri().path());
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let route = self.profiles.bucket(profile, method, path);
        if let Err(exceeded) = self.limits.stranger(peer, route, profile, self.began.elapsed()) {
            return Some(exceeded.consequence(profile));
        }
        self.maintenance.refusal(profile, method, path)
    }
}

/// Lets a request in or refuses it soon; answers in time; a panicking handler is an answer, not a lost connection.
pub(super) async fn admit(
    State(admission): State<Arc<Admission>>,
    mut request: Request,
    next: Next,
) -> Response {
    let profile = admission.profile(&request);
    if let Some(refusal) = admission.refusal(&request, &profile) {
        return Problem::from(refusal).into_response();
    }
    let Some(place) = admission.shedder.enter_soon(&profile).await else {
        return Problem::from(shedding::refusal(profile.class)).into_response();
    };
    request.extensions_mut().insert(Arc::clone(&profile));
    if profile.class > Class::Money {
        tokio::task::yield_now().await;
    }
    let answer = AssertUnwindSafe(next.run(request)).catch_unwind();
    let response = match tokio::time::timeout(profile.timeout, answer).await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => {
            tracing::error!("a handler panicked");
            let words = ("系统内部错误，请联系客服。", "Something went wrong on our side.");
            Problem::from(Consequence::new(500, "internal", words.0, words.1)).into_response()
        }
        Err(_) => {
            metrics::counter!("gateway_timed_out", "class" => profile.class.name()).increment(1);
            Problem::from(Consequence::unavailable()).into_response()
        }
    };
    match response.extensions().get::<Rests>() {
        Some(Rests) => place.rests(),
        None => place.answered(response.status()),
    }
    response
}

/// Counts what is asked by those who are known by now.
pub(super) async fn count(State(admission): State<Arc<Admission>>, request: Request, next: Next) -> Response {
    let known = request.extensions();
    if let (Some(visitor), Some(profile)) = (known.get::<Visitor>(), known.get::<Arc<Profile>>())
        && let Err(exceeded) = admission.limits.visitor(visitor, profile, admission.began.elapsed())
    {
        return Problem::from(exceeded.consequence(profile)).into_response();
    }
    next.run(request).await
}
