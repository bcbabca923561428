//! Starting in order, relaying news, claiming a directory.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use clock::SystemClock;
use contracts::Unavailable;
use contracts::far::{Call, Carrier, Desk};
use db::DbErr;
use db::outbox::{self, Event, Replayed};
use ids::{EventId, StaffId};

use super::*;

mod news;

struct Named {
    name: &'static str,
    needs: &'static [&'static str],
    log: Arc<Mutex<Vec<String>>>,
}

#[async_trait]
impl Service for Named {
    fn name(&self) -> &'static str {
        self.name
    }
    fn needs(&self) -> &'static [&'static str] {
        self.needs
    }
    fn migrations(&self) -> &'static [db::Migrations] {
        &[]
    }
    async fn open(&self, site: &Site) -> Result<Running, OpenFailed> {
        self.log.lock().unwrap().push(format!("open {}", self.name));
        let mut running = Running::new(http::Routes::none(), Arc::new(site.db.clone()));
        let (name, log) = (self.name, Arc::clone(&self.log));
        running.shutdown = Some(Box::pin(async move { log.lock().unwrap().push(format!("stop {name}")) }));
        Ok(running)
    }
}

async fn site() -> (Site, db::testing::Store) {
    let store = db::testing::sqlite().await.unwrap();
    let site =
        Site::new(store.db.clone(), Arc::new(SystemClock), store.folder.path(), StoreAddress::Sqlite, "this");
    (site, store)
}

#[tokio::test]
async fn services_open_after_what_they_need_and_stop_before_it() {
    let (site, _store) = site().await;
    let log = Arc::new(Mutex::new(Vec::new()));
    let service = |name, needs| Box::new(Named { name, needs, log: Arc::clone(&log) }) as Box<dyn Service>;
    let list =
        [service("top", &["middle", "ground"]), service("middle", &["ground"]), service("ground", &[])];
    let (house, _) = House::start(&list, Outside::default(), &site).await.unwrap();
    assert!(house.ailing().await.is_empty());
    house.stop().await;
    let log = log.lock().unwrap().join(", ");
    assert_eq!(log, "open ground, open middle, open top, stop top, stop middle, stop ground");
}

#[tokio::test]
async fn a_circle_of_needs_does_not_start() {
    let (site, _store) = site().await;
    let log = Arc::new(Mutex::new(Vec::new()));
    let service = |name, needs| Box::new(Named { name, needs, log: Arc::clone(&log) }) as Box<dyn Service>;
    let list = [service("a", &["b"]), service("b", &["a"])];
    assert!(matches!(
        House::start(&list, Outside::default(), &site).await,
        Err(StartFailed::Order { service: "a", need: "b" })
    ));
    assert!(log.lock().unwrap().is_empty());
}

/// Refuses events with the key `bad`, until it is mended.
#[derive(Default)]
struct Picky {
    seen: AtomicUsize,
    mended: AtomicBool,
}

#[async_trait]
impl React for Picky {
    async fn react(&self, events: &[Event]) -> Result<(), ReactFailed> {
        let bad = events.iter().any(|event| event.key == "bad");
        if bad && !self.mended.load(Ordering::Relaxed) {
            return Err(ReactFailed::Refused("not this one".into()));
        }
        self.seen.fetch_add(events.len(), Ordering::Relaxed);
        Ok(())
    }
}

#[derive(serde::Serialize)]
struct Happened;

impl contracts::News for Happened {
    const TOPIC: &'static str = "test.happened";
}

async fn announce(site: &Site, key: &str) -> EventId {
    announce_many(site, key, 1).await[0]
}

async fn announce_many(site: &Site, key: &str, count: usize) -> Vec<EventId> {
    let event = |_| Event::try_new(key, &Happened, site.clock.now()).unwrap();
    let events: Vec<Event> = (0..count).map(event).collect();
    let ids = events.iter().map(|event| event.id).collect();
    site.db
        .write(move |tx| {
            let events = events.clone();
            Box::pin(async move { outbox::announce_many(tx, &events).await })
        })
        .await
        .unwrap_or_else(|error: DbErr| panic!("{error}"));
    ids
}

#[tokio::test]
async fn one_bad_event_does_not_hold_up_the_others() {
    let (site, _store) = site().await;
    outbox::MIGRATIONS.apply(&site.db).await.unwrap();
    for key in ["good", "bad", "good"] {
        announce(&site, key).await;
    }
    let picky = Arc::new(Picky::default());
    let reactions = vec![Reaction { name: "test.picky", topics: &["test.happened"], react: picky.clone() }];
    let relay = relay_of(&site, reactions);
    for _ in 0..25 {
        relay.once().await.unwrap();
    }
    assert_eq!(picky.seen.load(Ordering::Relaxed), 2);
    assert!(outbox::waiting(&site.db, None, 10).await.unwrap().is_empty(), "the bad one was set aside");
}

/// Two that refuse the same news: it was tried once, not twice, and both say why.
#[tokio::test]
async fn news_that_two_refuse_is_tried_as_often_as_if_one_did() {
    let (site, _store) = site().await;
    outbox::MIGRATIONS.apply(&site.db).await.unwrap();
    announce(&site, "bad").await;
    let picky = |name| Reaction { name, topics: &["test.happened"], react: Arc::new(Picky::default()) };
    let relay = relay_of(&site, vec![picky("test.one"), picky("test.two")]);
    for _ in 1..relay::ATTEMPTS_MAX {
        assert_eq!(relay.once().await.unwrap(), 0, "nothing is relayed");
    }
    let dead = async || outbox::dead_letters(&site.db, &["test"], None, 10).await.unwrap();
    assert!(dead().await.is_empty(), "it is tried again");
    relay.once().await.unwrap();
    assert_eq!(dead().await[0].failure, "test.one: not this one; test.two: not this one");
}

#[tokio::test]
async fn a_dead_letter_is_heard_when_it_is_replayed_after_mending() {
    let (site, _store) = site().await;
    outbox::MIGRATIONS.apply(&site.db).await.unwrap();
    let bad = announce(&site, "bad").await;
    let picky = Arc::new(Picky::default());
    let reactions = vec![Reaction { name: "test.picky", topics: &["test.happened"], react: picky.clone() }];
    let relay = relay_of(&site, reactions);
    let dead = async || outbox::dead_letters(&site.db, &["test"], None, 10).await.unwrap();
    let replay =
        async || outbox::replay(&site.db, &["test"], bad, StaffId::mint(), site.clock.now()).await.unwrap();
    for _ in 1..relay::ATTEMPTS_MAX {
        relay.once().await.unwrap();
    }
    assert!(dead().await.is_empty(), "it is tried again");
    relay.once().await.unwrap();
    assert_eq!(dead().await[0].failure, "test.picky: not this one");

    announce(&site, "good").await;
    relay.once().await.unwrap();
    assert_eq!(picky.seen.load(Ordering::Relaxed), 1, "what follows goes on");

    assert_eq!(replay().await, Replayed::Waits);
    for _ in 0..relay::ATTEMPTS_MAX {
        relay.once().await.unwrap();
    }
    let again = dead().await;
    assert_eq!((again.len(), again[0].replays.len()), (1, 1), "it failed again, and is set aside again");

    picky.mended.store(true, Ordering::Relaxed);
    assert_eq!(replay().await, Replayed::Waits);
    relay.once().await.unwrap();
    assert_eq!(picky.seen.load(Ordering::Relaxed), 2);
    assert!(dead().await.is_empty());
    assert_eq!(replay().await, Replayed::NotDead);
}

#[tokio::test]
async fn what_waits_and_what_is_dead_is_counted_for_each_service() {
    let _guard = telemetry::start(&telemetry::Telemetry::default()).unwrap();
    let (site, _store) = site().await;
    outbox::MIGRATIONS.apply(&site.db).await.unwrap();
    announce_many(&site, "good", 700).await;
    let bad = announce(&site, "bad").await;
    outbox::refused(&site.db, bad, "never", site.clock.now(), 1).await.unwrap();
    let (db, clock) = (site.db.clone(), Arc::clone(&site.clock));
    lag::Watch { db, announcing: vec!["test", "quiet"], clock }.once().await.unwrap();
    let metrics = telemetry::render_metrics();
    let told = |line: &str| assert!(metrics.lines().any(|told| told == line), "{line} in {metrics}");
    // More than the relay takes at once.
    told("outbox_waiting{service=\"test\"} 700");
    told("outbox_dead{service=\"test\"} 1");
    for name in ["outbox_waiting", "outbox_oldest_waiting_seconds", "outbox_dead"] {
        told(&format!("{name}{{service=\"quiet\"}} 0"));
    }
}

#[test]
fn the_oldest_is_as_old_as_the_clock_says() {
    let at = |second| clock::Timestamp::from_second(second).unwrap();
    let lag = |oldest_at| outbox::Lag { domain: "test".to_owned(), waiting: 1, oldest_at, dead: 0 };
    assert_eq!(lag::oldest_s(&lag(None), at(100)), None);
    assert_eq!(lag::oldest_s(&lag(Some(at(40))), at(100)), Some(60));
    assert_eq!(lag::oldest_s(&lag(Some(at(101))), at(100)), Some(0), "another process's clock is ahead");
}

/// Takes nothing until it is told to.
struct Absent {
    away: AtomicBool,
    seen: AtomicUsize,
}

#[async_trait]
impl React for Absent {
    async fn react(&self, events: &[Event]) -> Result<(), ReactFailed> {
        if self.away.load(Ordering::Relaxed) {
            return Err(Unavailable::Unreachable.into());
        }
        self.seen.fetch_add(events.len(), Ordering::Relaxed);
        Ok(())
    }
}

/// However long somebody is away, nothing is set aside; and news comes through a desk as it does without.
#[tokio::test]
async fn news_waits_for_whoever_is_away() {
    let (site, _store) = site().await;
    outbox::MIGRATIONS.apply(&site.db).await.unwrap();
    announce(&site, "k").await;
    let absent = Arc::new(Absent { away: AtomicBool::new(true), seen: AtomicUsize::new(0) });
    let here = Reaction { name: "test.absent", topics: &["test.happened"], react: absent.clone() };
    let desk = Straight(NewsDesk(Arc::new(vec![here])));
    let there: Arc<dyn React> = Arc::new(FarReactions(Arc::new(desk)));
    let relay = relay_of(&site, vec![Reaction { name: "far", topics: &["test.happened"], react: there }]);
    for _ in 0..50 {
        assert_eq!(relay.once().await.unwrap(), 0);
    }
    assert_eq!(outbox::waiting(&site.db, None, 10).await.unwrap().len(), 1);
    absent.away.store(false, Ordering::Relaxed);
    assert_eq!(relay.once().await.unwrap(), 1);
    assert_eq!((absent.seen.load(Ordering::Relaxed), relay.once().await.unwrap()), (1, 0));
}

/// Carries to a desk in the same process.
struct Straight(NewsDesk);

#[async_trait]
impl Carrier for Straight {
    async fn carry(&self, call: &Call, question: Vec<u8>) -> Result<Vec<u8>, Unavailable> {
        self.0.answer(call.method, &question).await.map_err(|_| Unavailable::Misunderstood)
    }
}

fn relay_of(site: &Site, reactions: Vec<Reaction>) -> relay::Relay {
    relay::Relay {
        db: site.db.clone(),
        announcing: None,
        inside: Arc::new(reactions),
        outside: vec![],
        clock: Arc::clone(&site.clock),
    }
}

#[test]
fn one_process_at_a_time_may_claim_a_directory() {
    let folder = db::testing::Folder::try_new().unwrap();
    let claim = DataDir::claim(folder.path()).unwrap();
    let refused = DataDir::claim(folder.path()).unwrap_err().to_string();
    assert!(refused.contains(&format!("process {}", std::process::id())), "{refused}");
    drop(claim);
    drop(DataDir::claim(folder.path()).unwrap());
    std::fs::write(folder.path().join("format"), "9\n").unwrap();
    assert!(matches!(DataDir::claim(folder.path()), Err(ClaimFailed::DataNewer { found: 9, .. })));
}
