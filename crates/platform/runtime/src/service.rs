//! The one trait by which a domain is started, and what it leaves running.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use contracts::Unavailable;
use db::outbox::Event;
use futures_util::future::BoxFuture;

use crate::{Chosen, Job, Site, Stop};

/// A domain before it is opened.
#[async_trait]
pub trait Service: Send + Sync {
    /// One word: crate, target, config section, table, route, event and metric prefix.
    fn name(&self) -> &'static str;

    /// Names of the services whose contracts it takes from the site. They are opened before.
    fn needs(&self) -> &'static [&'static str];

    /// Topics of the news that its reactions hear. Known without opening it, so that other processes can tell it.
    fn hears(&self) -> &'static [&'static str] {
        &[]
    }

    /// Topics of the news that it announces. Staff see below `/api/<name>/console/news` how it is getting on.
    fn announces(&self) -> &'static [&'static str] {
        &[]
    }

    /// The tables it owns in the bank's database.
    fn migrations(&self) -> &'static [db::Migrations];

    /// Takes contracts, offers its own, and returns what is to run.
    ///
    /// # Errors
    /// [`OpenFailed`]: the house does not start.
    async fn open(&self, site: &Site) -> Result<Running, OpenFailed>;
}

/// Why a service could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenFailed {
    /// Nobody offered what it needs.
    #[error("nobody offers `{0}`; a service that needs it must name its provider")]
    Missing(&'static str),
    /// Its own reason.
    #[error("{0}")]
    Refused(String, #[source] Option<Box<dyn std::error::Error + Send + Sync>>),
}

impl OpenFailed {
    /// With a cause.
    pub fn because(what: &str, cause: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Refused(what.to_owned(), Some(Box::new(cause)))
    }
}

/// An opened service.
pub struct Running {
    /// Its routes.
    pub routes: http::Routes,
    /// What it does by itself.
    pub loops: Vec<Loop>,
    /// What the calendar makes it do.
    pub jobs: Vec<Job>,
    /// What it does when others announce something.
    pub reactions: Vec<Reaction>,
    /// Whether it can serve.
    pub health: Arc<dyn Health>,
    /// Finishes what was accepted; called after loops and routes have stopped, in reverse order of opening.
    pub shutdown: Option<BoxFuture<'static, ()>>,
}

impl Running {
    /// Routes only.
    #[must_use]
    pub fn new(routes: http::Routes, health: Arc<dyn Health>) -> Self {
        Self { routes, loops: Vec::new(), jobs: Vec::new(), reactions: Vec::new(), health, shutdown: None }
    }
}

/// Whether a service can serve.
#[async_trait]
pub trait Health: Send + Sync {
    /// `Ok` when requests will be answered.
    ///
    /// # Errors
    /// Why not, for operators.
    async fn check(&self) -> Result<(), String>;
}

#[async_trait]
impl Health for db::Db {
    async fn check(&self) -> Result<(), String> {
        self.ping().await.map_err(|error| error.to_string())
    }
}

type Run = Box<dyn FnOnce(Stop, Chosen) -> BoxFuture<'static, ()> + Send>;

/// Something that runs until the house stops.
pub struct Loop {
    pub(crate) name: &'static str,
    pub(crate) run: Run,
}

impl Loop {
    /// Runs `body` once; it returns soon after its [`Stop`] is requested.
    pub fn new(
        name: &'static str,
        body: impl FnOnce(Stop) -> BoxFuture<'static, ()> + Send + 'static,
    ) -> Self {
        Self { name, run: Box::new(move |stop, _| body(stop)) }
    }

    /// Runs `body` now and then again `pause` after each end; a failure is logged and tried again.
    pub fn every<F>(name: &'static str, pause: Duration, body: F) -> Self
    where
        F: Fn() -> BoxFuture<'static, Result<(), String>> + Send + Sync + 'static,
    {
        Self::new(name, move |stop| Box::pin(again_and_again(name, pause, stop, None, body)))
    }

    /// As [`Loop::every`], in one process at a time of those that run the same services. It begins as soon as this
    /// process is chosen. One that was stopped for a while may do it beside another for some moments: `body` must be
    /// of the kind that harms nothing then.
    pub fn every_in_one<F>(name: &'static str, pause: Duration, body: F) -> Self
    where
        F: Fn() -> BoxFuture<'static, Result<(), String>> + Send + Sync + 'static,
    {
        let run = move |stop, chosen| -> BoxFuture<'static, ()> {
            Box::pin(again_and_again(name, pause, stop, Some(chosen), body))
        };
        Self { name, run: Box::new(run) }
    }
}

async fn again_and_again<F>(name: &'static str, pause: Duration, stop: Stop, chosen: Option<Chosen>, body: F)
where
    F: Fn() -> BoxFuture<'static, Result<(), String>> + Send + Sync,
{
    while !stop.is_requested() {
        if let Some(chosen) = &chosen {
            tokio::select! {
                () = stop.requested() => return,
                () = chosen.becomes() => {}
            }
        }
        if let Err(why) = body().await {
            tracing::warn!(name, why, "a loop failed; it will be tried again");
        }
        tokio::select! {
            () = stop.requested() => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// What a service does when others announce something.
pub struct Reaction {
    /// For logs and metrics: `messages.movements`.
    pub name: &'static str,
    /// Topics it reacts to, whole.
    pub topics: &'static [&'static str],
    /// How.
    pub react: Arc<dyn React>,
}

/// The handler of a [`Reaction`]. Idempotent by event id: an event may come again.
#[async_trait]
pub trait React: Send + Sync {
    /// Takes one or more events, in order.
    ///
    /// # Errors
    /// [`ReactFailed::Refused`]: they come again one by one, and an event that keeps being refused is set aside.
    /// [`ReactFailed::Away`]: they come again for as long as it takes.
    async fn react(&self, events: &[Event]) -> Result<(), ReactFailed>;
}

/// Why a reaction failed.
#[derive(Debug, thiserror::Error)]
pub enum ReactFailed {
    /// It cannot do anything with this event.
    #[error("{0}")]
    Refused(String),
    /// Somebody whom it needs does not answer now; the event is not to blame.
    #[error("{0}")]
    Away(Unavailable),
}

impl From<Unavailable> for ReactFailed {
    fn from(unavailable: Unavailable) -> Self {
        Self::Away(unavailable)
    }
}
