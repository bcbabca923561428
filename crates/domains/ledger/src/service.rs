//! The ledger as a service of the house.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use clock::Clock;
use contracts::ledger::Ledger;
use db::Lease;
use futures_util::future::BoxFuture;
use runtime::{Health, Job, JobFailed, Loop, OpenFailed, Running, Schedule, Service, Site, StoreAddress};

use crate::books::{NamedBook, OtherBooks, SeveralBooks};
use crate::config::{BatchSettings, MAIN, Settings};
use crate::grpc::Door;
use crate::handle::LocalLedger;
use crate::http::{Comparison, Meter, routes};
use crate::lead::{Candidate, Elsewhere, Led, LedDesk, begin_date};
use crate::open::{self, Stores, book_db, open_witnessed};
use crate::witness::Witness;

/// How often the calendar is looked at.
const CALENDAR_LOOK: Duration = Duration::from_secs(5);
/// How often books are compared with each other.
const COMPARED: Duration = Duration::from_secs(10);
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
        let led = match &site.store {
            StoreAddress::Sqlite => Arc::new(Led::alone(alone(site, &settings).await?)),
            StoreAddress::Postgres(address) => Arc::new(among(site, address, &settings).await?),
        };
        // Where nobody else can lead, nothing stands between.
        let ledger: Arc<dyn Ledger> = match led.here() {
            Some(ledger) if !site.is_shared() => ledger,
            _ => Arc::clone(&led) as Arc<dyn Ledger>,
        };
        site.offer(Arc::new(LedDesk::new(Arc::clone(&led))));
        let mut loops = vec![gauges(&led), calendar(&led, &settings)];
        let (ledger, comparison) = match site.need::<OtherBooks>() {
            Ok(others) => {
                let own = NamedBook { name: settings.book.clone(), ledger };
                let all = std::iter::once(own).chain(others.0.iter().cloned()).collect();
                let books = Arc::new(SeveralBooks::new(all, &settings.opens_in));
                let comparison = Arc::new(Comparison::new(Arc::clone(&books)));
                loops.push(comparing(&led, &comparison, &site.clock));
                (books as Arc<dyn Ledger>, Some(comparison))
            }
            Err(_) => (ledger, None),
        };
        site.offer::<dyn Ledger>(Arc::clone(&ledger));
        if settings.witness.is_set() {
            loops.push(witnessing(&led, Duration::from_secs(settings.witness.every_s.into())));
        }
        loops.extend(batch_interface(&ledger, &settings).await?);
        let jobs = verifying(&led, &settings)?.into_iter().collect();
        let stopping = Arc::clone(&led);
        Ok(Running {
            routes: routes(ledger, Arc::new(Meter::default()), comparison.unwrap_or_default()),
            loops,
            jobs,
            reactions: Vec::new(),
            health: Arc::new(Serving(led)),
            shutdown: Some(Box::pin(async move { stopping.stop().await })),
        })
    }
}

fn unopened(error: open::OpenFailed) -> OpenFailed {
    OpenFailed::because(&error.to_string(), error)
}

/// The book in the data directory, which no other process can open.
async fn alone(site: &Site, settings: &Settings) -> Result<Arc<LocalLedger>, OpenFailed> {
    let witness = Witness::try_new(&settings.witness, &site.data_dir)
        .map_err(|error| OpenFailed::because(&error.to_string(), error))?;
    let stores = Stores::sqlite(&site.data_dir)
        .await
        .map_err(|error| OpenFailed::because("the ledger's store could not be opened", error))?;
    let ledger =
        open_witnessed(stores, Arc::clone(&site.clock), settings, witness).await.map_err(unopened)?;
    begin_date(&ledger, settings.business_date_automatic)
        .await
        .map_err(|error| OpenFailed::because("the business date could not be set", error))?;
    Ok(ledger)
}

/// The book in the bank's database, which one of several processes leads.
async fn among(site: &Site, address: &str, settings: &Arc<Settings>) -> Result<Led, OpenFailed> {
    let db = book_db(&site.db, address, &settings.book).await.map_err(unopened)?;
    let stores = Stores::postgres(&db)
        .await
        .map_err(|error| OpenFailed::because("the ledger's store could not be opened", error))?;
    let mut candidate = Candidate {
        stores,
        clock: Arc::clone(&site.clock),
        settings: Arc::clone(settings),
        data_dir: site.data_dir.clone(),
        lease: Lease::new(site.db.clone(), &lease_of(&settings.book), &site.instance),
    };
    let begun = candidate.begin().await.map_err(unopened)?;
    let elsewhere = site.need::<Elsewhere>().ok().map(|elsewhere| Arc::clone(&elsewhere.0));
    Ok(Led::among(candidate, begun, elsewhere))
}

/// The lease of whoever leads a book.
fn lease_of(book: &str) -> String {
    if book == MAIN { "ledger".to_owned() } else { format!("ledger.{book}") }
}

/// Compares the books with each other.
fn comparing(led: &Arc<Led>, comparison: &Arc<Comparison>, clock: &Arc<dyn Clock>) -> Loop {
    let (comparison, clock) = (Arc::clone(comparison), Arc::clone(clock));
    while_leading("ledger.reconcile", COMPARED, led, move |_| {
        let (comparison, clock) = (Arc::clone(&comparison), Arc::clone(&clock));
        Box::pin(async move { comparison.turn(clock.now()).await.map_err(|error| error.to_string()) })
    })
}

/// Verifies the whole journal each day, where the settings name a time.
fn verifying(led: &Arc<Led>, settings: &Settings) -> Result<Option<Job>, OpenFailed> {
    if settings.verify_at.is_empty() {
        return Ok(None);
    }
    let schedule = Schedule::daily(&settings.verify_at)
        .map_err(|error| OpenFailed::because(&format!("`ledger.verify_at`: {error}"), error))?;
    let name = match settings.book.as_str() {
        MAIN => "ledger.verify".to_owned(),
        book => format!("ledger.verify.{book}"),
    };
    let (here, led) = (Arc::clone(led), Arc::clone(led));
    let job = Job::new(&name, schedule, move |_| {
        let led = Arc::clone(&led);
        Box::pin(async move {
            let found = led.verify().await.map_err(JobFailed::because)?;
            metrics::gauge!("ledger_verified").set(f64::from(u8::from(found.verified)));
            match found.fault {
                // Said again with every try, until somebody has looked.
                Some(fault) => Err(JobFailed::Because(format!("the journal does not verify: {fault}"))),
                None => Ok(()),
            }
        })
    });
    Ok(Some(job.wherever(move || here.here().is_some())))
}

/// The listener of the batch interface, where one is set.
async fn batch_interface(ledger: &Arc<dyn Ledger>, settings: &Settings) -> Result<Option<Loop>, OpenFailed> {
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
    let (ledger, queue_commands) = (Arc::clone(ledger), settings.queue_commands);
    Ok(Some(Loop::new("ledger.batch", move |stop| {
        Box::pin(async move {
            let stopped = async move { stop.requested().await };
            if let Err(error) = door.serve(ledger, queue_commands, stopped).await {
                tracing::error!(%error, "the batch interface has ended");
            }
        })
    })))
}

/// Runs `body` again and again wherever the ledger is led.
fn while_leading<F>(name: &'static str, pause: Duration, led: &Arc<Led>, body: F) -> Loop
where
    F: Fn(Arc<LocalLedger>) -> BoxFuture<'static, Result<(), String>> + Send + Sync + 'static,
{
    let led = Arc::clone(led);
    Loop::every(name, pause, move || match led.here() {
        Some(ledger) => body(ledger),
        None => Box::pin(async { Ok(()) }),
    })
}

fn calendar(led: &Arc<Led>, settings: &Settings) -> Loop {
    let automatic = settings.business_date_automatic;
    while_leading("ledger.calendar", CALENDAR_LOOK, led, move |ledger| {
        Box::pin(async move { begin_date(&ledger, automatic).await.map_err(|error| error.to_string()) })
    })
}

fn witnessing(led: &Arc<Led>, every: Duration) -> Loop {
    while_leading("ledger.witness", every, led, |ledger| {
        Box::pin(async move { ledger.witness().await.map_err(|error| error.to_string()) })
    })
}

fn gauges(led: &Arc<Led>) -> Loop {
    while_leading("ledger.gauges", GAUGES_SET, led, |ledger| {
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

struct Serving(Arc<Led>);

#[async_trait]
impl Health for Serving {
    async fn check(&self) -> Result<(), String> {
        self.0.health()
    }
}
