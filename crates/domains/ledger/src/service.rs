//! The ledger as a service of the house.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use contracts::ledger::Ledger;
use runtime::{Health, Loop, OpenFailed, Running, Service, Site, StoreAddress};

use crate::config::{BatchSettings, Settings};
use crate::grpc::Door;
use crate::handle::LocalLedger;
use crate::http::{Meter, routes};
use crate::open::{Stores, open_witnessed};
use crate::witness::Witness;

/// How often the calendar is looked at.
const CALENDAR_LOOK: Duration = Duration::from_secs(5);
/// How often the gauges are set.
const GAUGES_SET: Duration = Duration::from_secs(5);

/// Offers `dyn contracts::ledger::Ledger`. Takes [`Settings`] from the site.
#[derive(Debug, Default, Clone, Copy)]
pub struct LedgerService;

/// The ledger before it is opened.
#[must_use]
pub fn service() -> Box<dyn Service> {
    Box::new(LedgerService)
}

#[async_trait]
impl Service for LedgerService {
    fn name(&self) -> &'static str {
        "ledger"
    }

    fn needs(&self) -> &'static [&'static str] {
        &[]
    }

    /// None in the bank's own database: the journal has its own file, or brings its tables there by itself.
    fn migrations(&self) -> &'static [db::Migrations] {
        &[]
    }

    async fn open(&self, site: &Site) -> Result<Running, OpenFailed> {
        let settings = site.need::<Settings>()?;
        let stores = match site.store {
            StoreAddress::Sqlite => Stores::sqlite(&site.data_dir).await,
            StoreAddress::Postgres(_) => Stores::postgres(&site.db).await,
        };
        let stores =
            stores.map_err(|error| OpenFailed::because("the ledger's store could not be opened", error))?;
        let witness = Witness::try_new(&settings.witness, &site.data_dir)
            .map_err(|error| OpenFailed::because(&error.to_string(), error))?;
        let witnessed = witness.is_some();
        let ledger = open_witnessed(stores, Arc::clone(&site.clock), &settings, witness)
            .await
            .map_err(|error| OpenFailed::because(&error.to_string(), error))?;
        begin_date(&ledger, &settings).await?;
        site.offer::<dyn Ledger>(Arc::clone(&ledger) as Arc<dyn Ledger>);

        let mut loops = vec![gauges(&ledger)];
        if settings.business_date_automatic {
            loops.push(calendar(&ledger));
        }
        if witnessed {
            loops.push(witnessing(&ledger, Duration::from_secs(settings.witness.every_s.into())));
        }
        loops.extend(batch_interface(&ledger, &settings).await?);
        let stopping = Arc::clone(&ledger);
        Ok(Running {
            routes: routes(Arc::clone(&ledger), Arc::new(Meter::default())),
            loops,
            reactions: Vec::new(),
            health: Arc::new(Serving(ledger)),
            shutdown: Some(Box::pin(async move { stopping.stop().await })),
        })
    }
}

/// A book must have a business date before anybody books: a new one starts with today, whoever moves it later.
async fn begin_date(ledger: &LocalLedger, settings: &Settings) -> Result<(), OpenFailed> {
    let unavailable = |error| OpenFailed::because("the business date could not be set", error);
    let new = ledger.status().await.map_err(unavailable)?.business_date.day_number() == 0;
    if new || settings.business_date_automatic {
        ledger.advance_to_today().await.map_err(unavailable)?;
    }
    Ok(())
}

/// The listener of the batch interface, where one is set.
async fn batch_interface(ledger: &Arc<LocalLedger>, settings: &Settings) -> Result<Option<Loop>, OpenFailed> {
    let BatchSettings { listen, token } = &settings.batch;
    if listen.is_empty() {
        return Ok(None);
    }
    let missing =
        || OpenFailed::Refused("`ledger.batch.listen` is set without `ledger.batch.token`".to_owned(), None);
    let token = token.as_ref().ok_or_else(missing)?.resolve();
    let token = token.map_err(|error| OpenFailed::because("`ledger.batch.token` has no secret", error))?;
    let unheard = |error| {
        OpenFailed::because(
            &format!("the batch interface cannot listen on `{listen}` (ledger.batch.listen)"),
            error,
        )
    };
    let door = Door::open(listen, token).await.map_err(unheard)?;
    let address = door.address().map_err(unheard)?;
    tracing::info!(%address, "the batch interface listens");
    let (ledger, queue_commands) = (Arc::clone(ledger) as Arc<dyn Ledger>, settings.queue_commands);
    Ok(Some(Loop::new("ledger.batch", move |stop| {
        Box::pin(async move {
            let stopped = async move { stop.requested().await };
            if let Err(error) = door.serve(ledger, queue_commands, stopped).await {
                tracing::error!(%error, "the batch interface has ended");
            }
        })
    })))
}

fn calendar(ledger: &Arc<LocalLedger>) -> Loop {
    let ledger = Arc::clone(ledger);
    Loop::every("ledger.calendar", CALENDAR_LOOK, move || {
        let ledger = Arc::clone(&ledger);
        Box::pin(async move { ledger.advance_to_today().await.map_err(|error| error.to_string()) })
    })
}

fn witnessing(ledger: &Arc<LocalLedger>, every: Duration) -> Loop {
    let ledger = Arc::clone(ledger);
    Loop::every("ledger.witness", every, move || {
        let ledger = Arc::clone(&ledger);
        Box::pin(async move { ledger.witness().await.map_err(|error| error.to_string()) })
    })
}

fn gauges(ledger: &Arc<LocalLedger>) -> Loop {
    let ledger = Arc::clone(ledger);
    Loop::every("ledger.gauges", GAUGES_SET, move || {
        let ledger = Arc::clone(&ledger);
        Box::pin(async move {
            let status = ledger.status().await.map_err(|error| error.to_string())?;
            let set = |name: &'static str, value: u64| {
                metrics::gauge!(name).set(f64::from(u32::try_from(value).unwrap_or(u32::MAX)));
            };
            set("ledger_head_sequence", status.head_sequence);
            set("ledger_history_lag_records", status.history_lag);
            set("ledger_accounts", status.accounts);
            set("ledger_holds_open", status.holds);
            Ok(())
        })
    })
}

struct Serving(Arc<LocalLedger>);

#[async_trait]
impl Health for Serving {
    async fn check(&self) -> Result<(), String> {
        self.0.health()
    }
}
