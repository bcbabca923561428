//! Starts a list of services in the order of their needs, and stops them in reverse.

use std::collections::BTreeSet;
use std::sync::Arc;

use clock::Calendar;
use db::MigrateFailed;
use futures_util::future::BoxFuture;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::choice::Choice;
use crate::job::Runner;
use crate::{Health, Job, Loop, NewsDesk, OpenFailed, Reaction, Service, Site, Stop, console, lag, relay};

/// Why a house did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartFailed {
    /// A service needs one that is not in the list, or services need each other in a circle.
    #[error("`{service}` needs `{need}`, which does not start before it")]
    Order {
        /// Who needs.
        service: &'static str,
        /// What is not there.
        need: &'static str,
    },
    /// Tables could not be brought up to date.
    #[error("the tables could not be brought up to date")]
    Migrate(#[from] MigrateFailed),
    /// A service refused to open.
    #[error("`{service}` could not be opened")]
    Open {
        /// Which.
        service: &'static str,
        /// Why.
        #[source]
        source: OpenFailed,
    },
}

/// What runs in other processes of the same bank.
#[derive(Default)]
pub struct Outside {
    /// Services whose contracts are offered on the site already.
    pub services: Vec<&'static str>,
    /// Who is to be told the news that is announced here.
    pub reactions: Vec<Reaction>,
}

/// Services that run.
pub struct House {
    stop: watch::Sender<bool>,
    tasks: Vec<(&'static str, JoinHandle<()>)>,
    health: Vec<(&'static str, Arc<dyn Health>)>,
    shutdowns: Vec<(&'static str, BoxFuture<'static, ()>)>,
    reactions: Arc<Vec<Reaction>>,
}

impl House {
    /// Migrates, opens and runs `services` on `site`; returns the house and the routes of all. What they need and is
    /// not among them runs `outside`.
    ///
    /// # Errors
    /// [`StartFailed`]; what was opened before is dropped.
    pub async fn start(
        services: &[Box<dyn Service>],
        outside: Outside,
        site: &Site,
    ) -> Result<(Self, http::Routes), StartFailed> {
        db::outbox::MIGRATIONS.apply(&site.db).await?;
        let (stop, reactions) = (Stop::pair().0, Arc::default());
        let mut house = Self { stop, tasks: vec![], health: vec![], shutdowns: vec![], reactions };
        let (mut routes, mut loops) = (http::Routes::none(), Vec::new());
        let (mut jobs, mut reactions) = (Vec::new(), Vec::new());
        for service in in_order(services, &outside.services)? {
            for migrations in service.migrations() {
                migrations.apply(&site.db).await?;
            }
            let name = service.name();
            let running =
                service.open(site).await.map_err(|source| StartFailed::Open { service: name, source })?;
            routes = routes.merge(running.routes);
            loops.extend(running.loops);
            jobs.push((name, running.jobs));
            reactions.extend(running.reactions);
            house.health.push((name, running.health));
            house.shutdowns.extend(running.shutdown.map(|shutdown| (name, shutdown)));
        }
        let routes = routes
            .merge(console::news::routes(services, &outside.reactions, site))
            .merge(console::jobs::routes(&jobs, site));
        let jobs = jobs.into_iter().flat_map(|(_, jobs)| jobs).collect();
        house.reactions = Arc::new(reactions);
        house.run(site, loops, jobs, services, outside);
        Ok((house, routes))
    }

    /// Lets the reactions of this house hear news that other processes announce.
    #[must_use]
    pub fn news_desk(&self) -> NewsDesk {
        NewsDesk(Arc::clone(&self.reactions))
    }

    fn run(
        &mut self,
        site: &Site,
        loops: Vec<Loop>,
        jobs: Vec<Job>,
        services: &[Box<dyn Service>],
        outside: Outside,
    ) {
        let names: Vec<_> = services.iter().map(|service| service.name()).collect();
        let (choice, chosen) = Choice::new(&site.db, &names, &site.instance);
        for Loop { name, run } in loops {
            let task = tokio::spawn(run(Stop::from(&self.stop), chosen.clone()));
            self.tasks.push((name, task));
        }
        let calendar = site.need::<Calendar>().unwrap_or_else(|_| Arc::new(Calendar::china()));
        for job in jobs {
            let (db, clock, calendar) = (site.db.clone(), Arc::clone(&site.clock), Arc::clone(&calendar));
            let runner = Runner { job, db, clock, calendar };
            self.tasks.push(("a job", tokio::spawn(runner.run(Stop::from(&self.stop), chosen.clone()))));
        }
        let announcing = services.iter().filter(|service| !service.announces().is_empty());
        let lag = lag::Watch {
            db: site.db.clone(),
            announcing: announcing.map(|service| service.name()).collect(),
            clock: Arc::clone(&site.clock),
        };
        let counted = lag.run(Stop::from(&self.stop), chosen.clone());
        self.tasks.push(("outbox.lag", tokio::spawn(counted)));
        let relay = relay::Relay {
            db: site.db.clone(),
            announcing: (!outside.services.is_empty()).then_some(names),
            inside: Arc::clone(&self.reactions),
            outside: outside.reactions,
            clock: Arc::clone(&site.clock),
        };
        self.tasks.push(("outbox.relay", tokio::spawn(relay.run(Stop::from(&self.stop), chosen))));
        self.tasks.push(("house.choice", tokio::spawn(choice.run(Stop::from(&self.stop)))));
    }

    /// Which services cannot serve, and why; empty when all can.
    pub async fn ailing(&self) -> Vec<(&'static str, String)> {
        ailing(&self.health).await
    }

    /// For `/readyz`: the same question, asked without the house at hand.
    #[must_use]
    pub fn health(&self) -> Vec<(&'static str, Arc<dyn Health>)> {
        self.health.clone()
    }

    /// Stops loops, then services in reverse order of opening; each finishes what it accepted.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        for (name, task) in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(name, %error, "a loop ended badly");
            }
        }
        for (name, shutdown) in self.shutdowns.into_iter().rev() {
            shutdown.await;
            tracing::debug!(name, "stopped");
        }
    }
}

/// Asks each; empty when all can serve.
pub(crate) async fn ailing(health: &[(&'static str, Arc<dyn Health>)]) -> Vec<(&'static str, String)> {
    let mut ailing = Vec::new();
    for (name, health) in health {
        if let Err(why) = health.check().await {
            ailing.push((*name, why));
        }
    }
    ailing
}

impl From<&watch::Sender<bool>> for Stop {
    fn from(sender: &watch::Sender<bool>) -> Self {
        Self::following(sender.subscribe())
    }
}

/// The services, each after those it needs; those of `outside` are there already.
fn in_order<'s>(
    services: &'s [Box<dyn Service>],
    outside: &[&'static str],
) -> Result<Vec<&'s dyn Service>, StartFailed> {
    let mut waiting: Vec<&dyn Service> = services.iter().map(AsRef::as_ref).collect();
    let mut opened: BTreeSet<&'static str> = outside.iter().copied().collect();
    let mut order = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let ready = |service: &&dyn Service| service.needs().iter().all(|need| opened.contains(need));
        let Some(at) = waiting.iter().position(ready) else {
            return Err(stuck(&waiting, &opened));
        };
        let service = waiting.remove(at);
        opened.insert(service.name());
        order.push(service);
    }
    Ok(order)
}

fn stuck(waiting: &[&dyn Service], opened: &BTreeSet<&'static str>) -> StartFailed {
    let missing = |service: &&dyn Service| {
        let need = service.needs().iter().find(|need| !opened.contains(*need))?;
        Some(StartFailed::Order { service: service.name(), need })
    };
    waiting.iter().find_map(missing).unwrap_or(StartFailed::Order { service: "?", need: "?" })
}
