//! Jobs run once for each of their days, and to the end, whoever dies meanwhile; on both databases.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use clock::ManualClock;
use tokio::sync::Notify;

use super::*;

fn day(text: &str) -> BusinessDate {
    text.parse().unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// What jobs did: how often each item of each day.
type Work = Arc<Mutex<BTreeMap<(BusinessDate, u32), u32>>>;

fn runner(db: &Db, clock: &Arc<ManualClock>, job: Job) -> Runner {
    let clock = Arc::clone(clock) as Arc<dyn Clock>;
    Runner { job, db: db.clone(), clock, calendar: Arc::new(Calendar::china()) }
}

fn at_three(days: Days, missed: Missed) -> Schedule {
    Schedule { days, missed, ..Schedule::daily("03:00").unwrap() }
}

/// A job that does nothing but to say for which days it ran.
fn diary(schedule: Schedule) -> (Job, Arc<Mutex<Vec<String>>>) {
    let days = Arc::new(Mutex::new(Vec::new()));
    let written = Arc::clone(&days);
    let job = Job::new("test.diary", schedule, move |turn: Turn| {
        written.lock().unwrap().push(turn.due_on().to_string());
        Box::pin(async { Ok(()) })
    });
    (job, days)
}

async fn stores() -> Vec<db::testing::Store> {
    let stores = db::testing::stores().await.unwrap();
    for store in &stores {
        db::outbox::MIGRATIONS.apply(&store.db).await.unwrap();
    }
    stores
}

#[test]
fn a_time_of_day_is_read_strictly() {
    let half_past_three = Schedule::daily("03:30").unwrap();
    assert_eq!(half_past_three.after_midnight, Duration::from_secs(12_600));
    assert_eq!(half_past_three.to_string(), "03:30");
    for text in ["", "3:30", "24:00", "12:60", "12.30", "12:30:00", "+1:30"] {
        assert_eq!(Schedule::daily(text), Err(MalformedTime(text.to_owned())), "{text}");
    }
}

/// Instants in UTC; 03:00 in China is 19:00 of the day before.
#[tokio::test]
async fn it_runs_once_a_day_when_its_time_has_come() {
    for store in stores().await {
        let clock = Arc::new(ManualClock::new(at("2026-09-29T10:00:00Z")));
        let (job, days) = diary(at_three(Days::Every, Missed::Last));
        let runner = runner(&store.db, &clock, job);
        for (now, looked) in [
            ("2026-09-29T10:00:00Z", Looked::Idle), // a new bank owes nothing
            ("2026-09-29T18:59:59Z", Looked::Idle),
            ("2026-09-29T19:00:00Z", Looked::Done(day("2026-09-30"))),
            ("2026-09-29T19:00:01Z", Looked::Idle),
            ("2026-09-28T19:00:01Z", Looked::Idle), // the clock was set back
            ("2026-10-03T19:30:00Z", Looked::Done(day("2026-10-04"))), // down for days: the last one is made up for
            ("2026-10-03T19:30:00Z", Looked::Idle),
        ] {
            clock.set(at(now));
            assert_eq!(runner.look().await.unwrap(), looked, "{now}");
        }
        assert_eq!(*days.lock().unwrap(), ["2026-09-30", "2026-10-04"]);
    }
}

/// The National Day holidays of 2026 end on 7 October; 10 October is a Saturday that is worked.
#[tokio::test]
async fn every_missed_workday_is_made_up_for_in_order() {
    for store in stores().await {
        let clock = Arc::new(ManualClock::new(at("2026-09-29T20:00:00Z")));
        let (job, days) = diary(at_three(Days::Workdays, Missed::Each));
        let runner = runner(&store.db, &clock, job);
        assert_eq!(runner.look().await.unwrap(), Looked::Idle);
        clock.set(at("2026-10-12T00:00:00Z"));
        while runner.look().await.unwrap() != Looked::Idle {}
        assert_eq!(*days.lock().unwrap(), ["2026-10-08", "2026-10-09", "2026-10-10", "2026-10-12"]);
    }
}

#[tokio::test]
async fn a_failed_run_is_tried_again_until_it_is_done() {
    for store in stores().await {
        let clock = Arc::new(ManualClock::new(at("2026-09-29T10:00:00Z")));
        let tries = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&tries);
        let job = Job::new("test.fails", at_three(Days::Every, Missed::Last), move |_| {
            let tried = counted.fetch_add(1, Ordering::Relaxed);
            Box::pin(async move {
                assert!(tried != 1, "it panics at its second try");
                if tried < 3 { Err(JobFailed::Because(format!("try {tried}"))) } else { Ok(()) }
            })
        });
        let runner = runner(&store.db, &clock, job);
        assert_eq!(runner.look().await.unwrap(), Looked::Idle);
        clock.advance(Duration::from_secs(86_400));
        for (looked, failure) in [
            (Looked::Failed(1), Some("try 0")),
            (Looked::Failed(2), Some("it panicked")),
            (Looked::Failed(3), Some("try 2")),
            (Looked::Done(day("2026-09-30")), None),
        ] {
            assert_eq!(runner.look().await.unwrap(), looked);
            let run = JobRun::latest(&store.db, "test.fails").await.unwrap().unwrap();
            assert_eq!((run.failure.as_deref(), run.done_at.is_some()), (failure, failure.is_none()));
        }
    }
}

/// A verification that failed on one day is not all that is ever known; the close of a day has to wait for the day
/// before.
#[tokio::test]
async fn a_failed_day_is_left_or_waited_for_as_the_job_says() {
    for store in stores().await {
        let clock = Arc::new(ManualClock::new(at("2026-09-29T10:00:00Z")));
        for (name, missed, then) in [
            ("test.last", Missed::Last, ["2026-09-30", "2026-10-01"]),
            ("test.each", Missed::Each, ["2026-09-30", "2026-09-30"]),
        ] {
            clock.set(at("2026-09-29T10:00:00Z"));
            let days = Arc::new(Mutex::new(Vec::new()));
            let tried = Arc::clone(&days);
            let job = Job::new(name, at_three(Days::Every, missed), move |turn: Turn| {
                tried.lock().unwrap().push(turn.due_on().to_string());
                Box::pin(async { Err(JobFailed::Because("always".to_owned())) })
            });
            let runner = runner(&store.db, &clock, job);
            assert_eq!(runner.look().await.unwrap(), Looked::Idle);
            for _ in 0..2 {
                clock.advance(Duration::from_secs(86_400));
                assert!(matches!(runner.look().await.unwrap(), Looked::Failed(_)));
            }
            assert_eq!(*days.lock().unwrap(), then, "{name}");
        }
    }
}

/// Items of a run: 0 up to this.
const ITEMS: u32 = 40;
/// The item at which the first try stops.
const STOPS: u32 = 17;

/// A job that notes each item that it did, and of which the first try waits at an item until it is let go.
fn itemized(work: &Work, reached: &Arc<Notify>, let_go: &Arc<Notify>) -> Job {
    let (work, reached, let_go) = (Arc::clone(work), Arc::clone(reached), Arc::clone(let_go));
    let first = Arc::new(AtomicU32::new(0));
    Job::new("test.items", at_three(Days::Every, Missed::Each), move |turn: Turn| {
        let (work, reached, let_go) = (Arc::clone(&work), Arc::clone(&reached), Arc::clone(&let_go));
        let first = first.fetch_add(1, Ordering::Relaxed) == 0;
        Box::pin(async move {
            let begin = turn.progress().parse().unwrap_or(0);
            for item in begin..ITEMS {
                if first && item == STOPS {
                    reached.notify_one();
                    let_go.notified().await;
                }
                *work.lock().unwrap().entry((turn.due_on(), item)).or_default() += 1;
                turn.note(&(item + 1).to_string()).await?;
            }
            Ok(())
        })
    })
}

/// A run of which the first try stands at item [`STOPS`].
struct Halfway {
    runner: Arc<Runner>,
    work: Work,
    let_go: Arc<Notify>,
    first: tokio::task::JoinHandle<Result<Looked, DbErr>>,
}

async fn halfway(store: &db::testing::Store) -> Halfway {
    let clock = Arc::new(ManualClock::new(at("2026-09-29T10:00:00Z")));
    let (work, reached, let_go) = (Work::default(), Arc::new(Notify::new()), Arc::new(Notify::new()));
    let runner = Arc::new(runner(&store.db, &clock, itemized(&work, &reached, &let_go)));
    assert_eq!(runner.look().await.unwrap(), Looked::Idle);
    clock.advance(Duration::from_secs(86_400));
    let running = Arc::clone(&runner);
    let first = tokio::spawn(async move { running.look().await });
    reached.notified().await;
    Halfway { runner, work, let_go, first }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_died_halfway_is_continued_and_nothing_is_done_twice() {
    for store in stores().await {
        let Halfway { runner, work, first: dying, .. } = halfway(&store).await;
        dying.abort();
        assert!(dying.await.unwrap_err().is_cancelled());
        assert_eq!(runner.look().await.unwrap(), Looked::Done(day("2026-09-30")));
        let work = work.lock().unwrap();
        assert_eq!(work.len(), ITEMS as usize);
        assert!(work.values().all(|times| *times == 1), "{work:?}");
    }
}

/// The first process stands still halfway, another takes the run and ends it; when the first wakes up, it does the item
/// that it was at and learns that it is superseded.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_wakes_up_late_stops_at_its_next_note() {
    for store in stores().await {
        let Halfway { runner, work, let_go, first: late } = halfway(&store).await;
        assert_eq!(runner.look().await.unwrap(), Looked::Done(day("2026-09-30")));
        let_go.notify_one();
        assert_eq!(late.await.unwrap().unwrap(), Looked::Elsewhere);
        let work = work.lock().unwrap();
        assert_eq!(work.len(), ITEMS as usize);
        let twice: Vec<u32> =
            work.iter().filter(|(_, times)| **times > 1).map(|((_, item), _)| *item).collect();
        assert_eq!(twice, [STOPS]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_that_look_at_once_one_takes_a_run() {
    for store in stores().await {
        let clock = Arc::new(ManualClock::new(at("2026-09-29T10:00:00Z")));
        JobRun::skip(&store.db, "test.diary", day("2026-09-29"), clock.now()).await.unwrap();
        clock.advance(Duration::from_secs(86_400));
        let seen = JobRun::latest(&store.db, "test.diary").await.unwrap();
        assert!(seen.is_some_and(|seen| seen.done_at.is_some() && seen.begun_at.is_none()));
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let (db, now) = (store.db.clone(), clock.now());
                tokio::spawn(
                    async move { JobRun::take(&db, "test.diary", day("2026-09-30"), None, now).await },
                )
            })
            .collect();
        let mut taken = 0;
        for task in tasks {
            taken += u32::from(task.await.unwrap().unwrap().is_some());
        }
        assert_eq!(taken, 1);
    }
}
