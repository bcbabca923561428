//! The list of services, and the bank they make.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use clock::{BusinessDate, Calendar, Clock, Timestamp};
use contracts::Unavailable;
use contracts::audit::{Act, Audit};
use contracts::identity::Countersignatures;
use db::{Db, MigrateFailed};
use gateway::{Gateway, Operations};
use http::{Countersigning, Entry, Routes, Watch};
use ids::StaffId;
use runtime::{ClaimFailed, DataDir, House, Service, Site, StartFailed, StoreAddress};
use sea_orm::DbErr;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;
use wire::{ListenFailed, Listener, Papers};

use crate::books::Books;
use crate::configuration::{Configuration, HolidaysRefused, StoreKind};
use crate::key_room::{self, KeysRefused};
use crate::marks;
use crate::pages;
use crate::policy_room;
use crate::targets::{self, Neighbors, NeighborsFailed, Targets};

/// Every service of the bank. The order does not matter: each is opened after those it needs.
#[must_use]
pub fn services() -> Vec<Box<dyn Service>> {
    vec![
        audit::service(),
        ledger::service(),
        customers::service(),
        messages::service(),
        identity::service(),
        accounts::service(),
        payments::service(),
        gateway::service(),
    ]
}

/// How often it is looked whether the store is there.
const LOOKED: Duration = Duration::from_millis(300);

/// So long ahead the holidays are to be known.
const HOLIDAYS_WANTED: Duration = Duration::from_secs(21 * 86_400);

/// The file in a data directory of before the mark lay with the books, that says that they were generated.
const DEMONSTRATION_FILE: &str = "demonstration";

/// Why the bank did not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenFailed {
    /// Its data directory is in use, of a newer version, or unusable.
    #[error(transparent)]
    Claim(#[from] ClaimFailed),
    /// The setting `store.address` is missing or cannot be resolved.
    #[error("`store.address` must name the PostgreSQL database: {0}")]
    Address(String),
    /// The setting `calendar` is none.
    #[error(transparent)]
    Calendar(#[from] HolidaysRefused),
    /// The database did not open.
    #[error("the store did not open")]
    Store(#[from] db::OpenFailed),
    /// The bank's own table could not be brought up to date.
    #[error("the marks of the books could not be read")]
    Marks(#[from] MigrateFailed),
    /// The keys did not open.
    #[error(transparent)]
    Keys(#[from] KeysRefused),
    /// The book's own tables cannot be reached.
    #[error(transparent)]
    Book(#[from] ledger::OpenFailed),
    /// A service did not start.
    #[error(transparent)]
    Start(#[from] StartFailed),
    /// A neighbor is not found.
    #[error(transparent)]
    Neighbors(#[from] NeighborsFailed),
    /// Neighbors cannot be answered.
    #[error(transparent)]
    Listen(#[from] ListenFailed),
    /// The policies have faults.
    #[error(transparent)]
    Policies(#[from] policies::Faults),
    /// A route takes what its description does not say.
    #[error(transparent)]
    Undescribed(#[from] http::Undescribed),
    /// A contract is missing from the composition.
    #[error(transparent)]
    Contract(#[from] runtime::OpenFailed),
}

/// An open bank, or the part of one that runs in this process.
pub struct Bank {
    site: Site,
    house: House,
    routes: Routes,
    entries: Vec<Entry>,
    targets: Targets,
    /// Whether the books were generated.
    demonstration: bool,
    neighbors: Neighbors,
    answering: Option<Answering>,
    _data_dir: DataDir,
}

/// Answers neighbors.
struct Answering {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

/// An open bank with its door in place.
pub struct Door {
    /// Serves every channel.
    pub router: Router,
    /// Every route behind it.
    pub entries: Vec<Entry>,
}

impl Bank {
    /// Claims the data directory, opens the store and starts every service.
    ///
    /// # Errors
    /// [`OpenFailed`]; nothing stays open.
    pub async fn open(configuration: &Configuration, clock: Arc<dyn Clock>) -> Result<Self, OpenFailed> {
        Self::open_some(configuration, &Targets::all(), clock).await
    }

    /// As [`Bank::open`], but the services of `targets` alone; the others are asked where the settings say they are.
    ///
    /// # Errors
    /// [`OpenFailed`]; nothing stays open.
    pub async fn open_some(
        configuration: &Configuration,
        targets: &Targets,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, OpenFailed> {
        Self::open_with(configuration, targets, clock, Routes::none()).await
    }

    /// As [`Bank::open_some`], with further routes: those of a measurement.
    pub(crate) async fn open_with(
        configuration: &Configuration,
        targets: &Targets,
        clock: Arc<dyn Clock>,
        more: Routes,
    ) -> Result<Self, OpenFailed> {
        let calendar = known_calendar(configuration, clock.now())?;
        let in_force = policy_room::open(&configuration.policies, Arc::clone(&clock))?;
        let papers = configuration.wire.papers.as_deref().map(Papers::read).transpose();
        let papers = papers.map_err(NeighborsFailed::from)?;
        let neighbors = Neighbors::find(targets, configuration, papers.as_ref())?;
        let data_dir = DataDir::claim(&configuration.data_dir)?;
        let (db, store) = open_store(configuration, data_dir.path()).await?;
        let keys = key_room::open(configuration, data_dir.path(), &db, Arc::clone(&clock)).await?;
        let site = Site::new(db, clock, data_dir.path(), store, &data_dir.instance()?);
        site.offer(Arc::new(keys));
        if let Some(font) = pages::font() {
            site.offer(Arc::new(accounts::EmbeddedFont(font)));
        }
        site.offer(Arc::new(calendar));
        marks::MIGRATIONS.apply(&site.db).await?;
        let demonstration = site.data_dir.join(DEMONSTRATION_FILE).exists()
            || marks::is_demonstration(&site.db).await.map_err(MigrateFailed::from)?;
        offer_settings(&site, configuration, demonstration);
        let outside = neighbors.offer(&site, targets, &configuration.ledger);
        let (house, mut routes) = House::start(&targets.opened(), outside, &site).await?;
        if targets.include("gateway") {
            routes = routes.merge(policies::routes(Arc::clone(&in_force)));
        }
        routes.check_described()?;
        let unmasked_max = configuration.audit.unmasked_per_hour_max;
        let watch = Watch::new(record(&site), Arc::clone(&site.clock), unmasked_max);
        let mut routes = routes.merge(more).watched(watch).governed(in_force);
        // Without it, what takes two pairs of eyes is refused.
        if let Ok(kept) = site.need::<dyn Countersignatures>() {
            routes = routes.countersigned(Countersigning::new(kept));
        }
        let entries = routes.entries().to_vec();
        let mut bank = Self {
            site,
            house,
            routes,
            entries,
            targets: targets.clone(),
            demonstration,
            neighbors,
            answering: None,
            _data_dir: data_dir,
        };
        if let Some(address) = &configuration.wire.listen {
            let papers = papers.ok_or(NeighborsFailed::NoPapers)?;
            bank.answer(address, &papers, targets, &configuration.gateway).await?;
        }
        Ok(bank)
    }

    /// Answers neighbors: contracts, news, and the routes where the gateway is another process.
    async fn answer(
        &mut self,
        address: &str,
        papers: &Papers,
        targets: &Targets,
        settings: &gateway::Settings,
    ) -> Result<(), OpenFailed> {
        let listener = Listener::open(address, papers).await?.while_fit(fitness(&self.site.db));
        let answered = targets::answered(&self.site, targets, self.house.news_desk())?;
        let routes = if targets.include("gateway") {
            Router::new()
        } else {
            let routes = std::mem::replace(&mut self.routes, Routes::none());
            Gateway::behind(routes, settings)
        };
        let (stop, stopped) = oneshot::channel();
        let address = listener.address();
        let task = tokio::spawn(listener.serve(answered, routes, "gateway", async move {
            let _ = stopped.await;
        }));
        self.answering = Some(Answering { address, stop, task });
        Ok(())
    }

    /// Every route of the services of this process.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Where neighbors are answered, if they are.
    #[must_use]
    pub fn wire_address(&self) -> Option<SocketAddr> {
        self.answering.as_ref().map(|answering| answering.address)
    }

    /// The contracts through which books are taken over or generated.
    ///
    /// # Errors
    /// [`OpenFailed::Contract`] where a service is missing from the list.
    pub fn books(&self) -> Result<Books, OpenFailed> {
        Ok(Books {
            ledger: self.site.need()?,
            customers: self.site.need()?,
            accounts: self.site.need()?,
            payments: self.site.need()?,
            identity: self.site.need()?,
        })
    }

    /// Marks the books as generated, so that every page says so from the next start on.
    ///
    /// # Errors
    /// The mark could not be written.
    pub async fn mark_as_demonstration(&self) -> Result<(), DbErr> {
        marks::mark_as_demonstration(&self.site.db).await
    }

    /// The store of the services of this process: for tests, which make failures in it on purpose.
    #[must_use]
    pub const fn store(&self) -> &Db {
        &self.site.db
    }

    /// Which services run in this process.
    #[must_use]
    pub const fn targets(&self) -> &Targets {
        &self.targets
    }

    /// The settings of the gateway; a process without one listens by them, too.
    ///
    /// # Errors
    /// [`OpenFailed::Contract`] where they were not offered.
    pub fn gateway_settings(&self) -> Result<Arc<gateway::Settings>, OpenFailed> {
        Ok(self.site.need()?)
    }

    /// What time it is in this bank.
    #[must_use]
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.site.clock)
    }

    /// The OpenAPI description of every route.
    #[must_use]
    pub fn description(&self) -> String {
        Gateway::describe(&self.routes)
    }

    /// Puts the door in front of the routes. The routes are handed over: a second door would have none.
    ///
    /// # Errors
    /// [`OpenFailed::Contract`] where the gateway is missing from the list.
    pub fn door(&mut self) -> Result<Door, OpenFailed> {
        let health = Arc::new(self.house.health());
        let needed: Arc<Vec<_>> = Arc::new(self.neighbors.needed_by(&self.targets).cloned().collect());
        let operations = Operations {
            ailing: Arc::new(move || {
                let (health, needed) = (Arc::clone(&health), Arc::clone(&needed));
                Box::pin(async move {
                    let mut ailing = Vec::new();
                    for (name, health) in health.iter() {
                        if let Err(why) = health.check().await {
                            ailing.push((*name, why));
                        }
                    }
                    for (name, neighbor) in needed.iter() {
                        if let Err(why) = neighbor.check().await {
                            ailing.push((*name, why.to_string()));
                        }
                    }
                    ailing
                })
            }),
            metrics: telemetry::render_metrics,
            demonstration: self.demonstration,
        };
        let Ok(gateway) = self.site.need::<Gateway>() else {
            return Ok(Door { router: Gateway::operations(operations), entries: Vec::new() });
        };
        let routes = std::mem::replace(&mut self.routes, Routes::none());
        let (router, entries) = gateway.door(routes, &self.neighbors.found, pages::pages(), operations);
        Ok(Door { router, entries })
    }

    /// Stops every service, each finishing what it accepted, and closes the store.
    pub async fn close(self) {
        if let Some(Answering { stop, task, .. }) = self.answering {
            let _ = stop.send(());
            let _ = task.await;
        }
        self.house.stop().await;
        self.site.db.close().await;
    }
}

/// Whether this process can do anything: its store answers. Ends with whoever looks at it.
fn fitness(db: &Db) -> watch::Receiver<bool> {
    let (fit, seen) = watch::channel(true);
    let db = db.clone();
    tokio::spawn(async move {
        while !fit.is_closed() {
            let reachable = db.is_reachable().await;
            if fit.send_if_modified(|fit| std::mem::replace(fit, reachable) != reachable) {
                tracing::warn!(reachable, "whether the store can be reached has changed");
            }
            tokio::time::sleep(LOOKED).await;
        }
    });
    seen
}

pub(crate) async fn open_store(
    configuration: &Configuration,
    data_dir: &Path,
) -> Result<(Db, StoreAddress), OpenFailed> {
    match configuration.store.kind {
        StoreKind::Sqlite => {
            let file: PathBuf = data_dir.join("bank.db");
            Ok((Db::open_sqlite(&file).await?, StoreAddress::Sqlite))
        }
        StoreKind::Postgres => {
            let reference = configuration
                .store
                .address
                .as_ref()
                .ok_or_else(|| OpenFailed::Address("it is not set".to_owned()))?;
            let address = reference.resolve().map_err(|error| OpenFailed::Address(error.to_string()))?;
            let db = Db::open_postgres(address.expose()).await?;
            Ok((db, StoreAddress::Postgres(address.expose().clone())))
        }
    }
}

/// The database in which the ledger's book is kept, on PostgreSQL.
pub(crate) async fn open_book(configuration: &Configuration) -> Result<Db, OpenFailed> {
    let (db, address) = open_store(configuration, &configuration.data_dir).await?;
    match address {
        StoreAddress::Sqlite => Ok(db),
        StoreAddress::Postgres(address) => {
            Ok(ledger::book_db(&db, &address, &configuration.ledger.book).await?)
        }
    }
}

/// The bank's calendar. Warns while there is still time to add what is missing.
fn known_calendar(configuration: &Configuration, now: Timestamp) -> Result<Calendar, HolidaysRefused> {
    let calendar = configuration.calendar.calendar()?;
    let soon = now.checked_add(HOLIDAYS_WANTED).unwrap_or(now);
    if let Err(unannounced) = calendar.is_workday(BusinessDate::in_china(soon)) {
        tracing::warn!(%unannounced, "the calendar ends soon");
    }
    Ok(calendar)
}

/// Where what staff ask is recorded.
fn record(site: &Site) -> Arc<dyn Audit> {
    site.need::<dyn Audit>().unwrap_or_else(|_| {
        tracing::warn!("`neighbors.audit` is not set: what staff ask of this process cannot be recorded, so they are refused");
        Arc::new(NoRecord)
    })
}

/// The record of a process that does not know where it is.
struct NoRecord;

#[async_trait]
impl Audit for NoRecord {
    async fn append(&self, _: Vec<Act>) -> Result<(), Unavailable> {
        Err(Unavailable::Unreachable)
    }

    async fn unmasked_count(&self, _: StaffId, _: Timestamp) -> Result<u64, Unavailable> {
        Err(Unavailable::Unreachable)
    }
}

/// Staff read one-time codes, and sign in with passwords, only where the customers are invented, or the settings
/// say so; and invented customers have no phones to be sent codes to.
fn offer_settings(site: &Site, configuration: &Configuration, demonstration: bool) {
    site.offer(Arc::new(configuration.gateway.clone()));
    site.offer(Arc::new(configuration.ledger.clone()));
    site.offer(Arc::new(configuration.customers.clone()));
    site.offer(Arc::new(configuration.accounts.clone()));
    site.offer(Arc::new(configuration.payments.clone()));
    let mut identity = configuration.identity.clone();
    identity.staff_passwords |= demonstration;
    identity.new_device_two_factors &= !demonstration;
    identity.sealed_passwords &= !demonstration;
    site.offer(Arc::new(identity));
    let mut messages = configuration.messages.clone();
    messages.outbox_whole |= demonstration;
    site.offer(Arc::new(messages));
    site.offer(Arc::new(configuration.audit.clone()));
}
