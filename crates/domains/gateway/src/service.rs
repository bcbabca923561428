//! Opening the gateway, and putting the door in front of the house.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use contracts::identity::Identity;
use dpop::{Proofs, Rules};
use http::{Entry, Routes};
use keys::Keys;
use runtime::{Health, Loop, OpenFailed, Running, Service, Site};

use wire::Neighbor;

use crate::door::{Maintenance, Possession};
use crate::{Firewall, Operations, Pages, Settings, door};

/// How often files are looked at.
const LOOKED: Duration = Duration::from_secs(1);

/// The gateway before it is opened.
#[must_use]
pub fn service() -> Box<dyn Service> {
    Box::new(Unopened)
}

struct Unopened;

/// The opened gateway: builds the door once every other service has listed its routes.
pub struct Gateway {
    pub(crate) identity: Arc<dyn Identity>,
    pub(crate) possession: Arc<Possession>,
    pub(crate) firewall: Arc<Firewall>,
    pub(crate) maintenance: Arc<Maintenance>,
    pub(crate) settings: Arc<Settings>,
}

impl Gateway {
    /// The door around `routes`, those of `neighbors` and `pages`, and the list of every route of this process.
    pub fn door(
        &self,
        routes: Routes,
        neighbors: &[(&'static str, Arc<Neighbor>)],
        pages: Pages,
        operations: Operations,
    ) -> (Router, Vec<Entry>) {
        door::build(self, routes, neighbors, pages, operations)
    }

    /// `routes` as a gateway in another process reaches them: who asks is what it says.
    pub fn behind(routes: Routes, settings: &Settings) -> Router {
        door::behind(routes, settings.body_max_bytes)
    }

    /// The firewall alone in front of `router`: for whoever tries rules out.
    pub fn walled(firewall: &Arc<Firewall>, settings: &Settings, router: Router) -> Router {
        door::walled(firewall, settings, router)
    }

    /// What operators ask of a process that is no gateway: health, readiness and metrics.
    pub fn operations(operations: Operations) -> Router {
        door::operations(operations)
    }

    /// The OpenAPI 3.1 description of `routes` as JSON.
    #[must_use]
    pub fn describe(routes: &Routes) -> String {
        door::describe(routes)
    }
}

struct AlwaysWell;

#[async_trait]
impl Health for AlwaysWell {
    async fn check(&self) -> Result<(), String> {
        Ok(())
    }
}

#[async_trait]
impl Service for Unopened {
    fn name(&self) -> &'static str {
        "gateway"
    }

    fn needs(&self) -> &'static [&'static str] {
        &["identity"]
    }

    fn migrations(&self) -> &'static [db::Migrations] {
        &[]
    }

    async fn open(&self, site: &Site) -> Result<Running, OpenFailed> {
        let settings = site.need::<Settings>()?;
        // One secret for all processes of the bank: each knows the nonces of the others.
        let secret = site.need::<Keys>()?.mac("gateway.nonces", b"");
        let proofs = Proofs::new(secret, Arc::clone(&site.clock), Rules::default());
        let possession = Arc::new(Possession { proofs, origins: settings.origins.clone() });
        let file = settings.maintenance_file.clone();
        let opened = Maintenance::open(file.clone(), Arc::clone(&site.clock));
        let maintenance =
            Arc::new(opened.map_err(|why| OpenFailed::because("`gateway.maintenance_file`", why))?);
        let firewall = Firewall::open(&settings.firewall)
            .map_err(|error| OpenFailed::because("the gateway has no firewall as it is set", error))?;
        let firewall = Arc::new(firewall);
        let exceptions = settings.firewall.exceptions.as_ref().map(|_| {
            let firewall = Arc::clone(&firewall);
            looking("gateway.firewall", move || firewall.look())
        });
        let switches = file.map(|_| {
            let maintenance = Arc::clone(&maintenance);
            looking("gateway.maintenance", move || maintenance.look())
        });
        let identity = site.need::<dyn Identity>()?;
        site.offer(Arc::new(Gateway { identity, possession, firewall, maintenance, settings }));
        let loops = exceptions.into_iter().chain(switches).collect();
        Ok(Running { loops, ..Running::new(Routes::none(), Arc::new(AlwaysWell)) })
    }
}

/// Looks again and again whether a file has changed.
fn looking(name: &'static str, look: impl Fn() + Clone + Send + Sync + 'static) -> Loop {
    Loop::every(name, LOOKED, move || {
        let look = look.clone();
        Box::pin(async move {
            let looked = tokio::task::spawn_blocking(look).await;
            looked.map_err(|error| error.to_string())
        })
    })
}
