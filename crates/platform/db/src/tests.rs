//! What a caller may rely on, on both databases.

use std::sync::Arc;
use std::task::Poll;

use sea_orm::{ConnectionTrait, DbErr, Statement};

use super::*;

const COUNTER: Migrations = Migrations {
    domain: "test",
    steps: &[Step {
        name: "0001_counter",
        sqlite: "CREATE TABLE counter (name TEXT PRIMARY KEY, value BIGINT NOT NULL)",
        postgres: "CREATE TABLE counter (name TEXT PRIMARY KEY, value BIGINT NOT NULL)",
    }],
};

async fn value(db: &Db, name: &str) -> i64 {
    let sql = "SELECT value FROM counter WHERE name = $1";
    let reader = db.reader();
    let statement = Statement::from_sql_and_values(reader.get_database_backend(), sql, [name.into()]);
    reader.query_one_raw(statement).await.unwrap().map_or(-1, |row| row.try_get_by_index(0).unwrap())
}

async fn add(db: &Db, name: &'static str, by: i64) -> Result<i64, DbErr> {
    db.write(move |tx| {
        Box::pin(async move {
            let backend = tx.get_database_backend();
            let read = Statement::from_sql_and_values(
                backend,
                "SELECT value FROM counter WHERE name = $1",
                [name.into()],
            );
            let row = tx.query_one_raw(read).await?;
            let next = by + row.map_or(Ok(0), |row| row.try_get_by_index::<i64>(0))?;
            let sql = "INSERT INTO counter (name, value) VALUES ($1, $2) \
                       ON CONFLICT (name) DO UPDATE SET value = $2";
            tx.execute_raw(Statement::from_sql_and_values(backend, sql, [name.into(), next.into()])).await?;
            if by < 0 { Err(DbErr::Custom("refused".into())) } else { Ok(next) }
        })
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_writes_neither_lose_nor_see_each_other() {
    for store in testing::stores().await.unwrap() {
        COUNTER.apply(&store.db).await.unwrap();
        let db = Arc::new(store.db.clone());
        let tasks: Vec<_> = (0..40)
            .map(|at| {
                let db = Arc::clone(&db);
                // Every fourth is refused after it wrote; nothing of it may stay.
                tokio::spawn(async move { add(&db, "hits", if at % 4 == 3 { -1000 } else { 1 }).await })
            })
            .collect();
        let mut accepted = 0;
        for task in tasks {
            accepted += i64::from(task.await.unwrap().is_ok());
        }
        assert_eq!(value(&db, "hits").await, accepted, "{}", store.name);
        assert!(accepted >= 1, "{}", store.name);
        if store.name == "sqlite" {
            assert_eq!(accepted, 30);
        }
        db.close().await;
        assert!(add(&db, "hits", 1).await.is_err(), "a closed database refuses");
    }
}

/// Whoever asked may go away at any moment: what was begun is finished, and the connection is as it was.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_that_goes_away_leaves_nothing_half_done() {
    for store in testing::stores().await.unwrap() {
        COUNTER.apply(&store.db).await.unwrap();
        let mut hits = 0;
        for polls in (1..40).cycle().take(200) {
            let mut left = polls;
            let mut write = Box::pin(add(&store.db, "gone", 1));
            std::future::poll_fn(|ctx| {
                left -= 1;
                let done = write.as_mut().poll(ctx).is_ready();
                if done || left == 0 { Poll::Ready(()) } else { Poll::Pending }
            })
            .await;
            drop(write);
            // Whoever reads next must not find himself in a transaction that was left open, nor who writes then.
            value(&store.db, "gone").await;
            hits += 1;
            assert_eq!(add(&store.db, "hits", 1).await.unwrap(), hits, "{}: {polls} polls", store.name);
        }
        assert_ne!(value(&store.db, "gone").await, -1, "{}", store.name);
    }
}

/// A command beside a running bank: neither is refused because the other wrote between its reading and its writing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_write_to_one_file() {
    let store = testing::sqlite().await.unwrap();
    COUNTER.apply(&store.db).await.unwrap();
    let beside = Db::open_sqlite(std::path::Path::new(&store.address)).await.unwrap();
    COUNTER.apply(&beside).await.unwrap();
    let tasks = [store.db.clone(), beside.clone()].map(|db| {
        tokio::spawn(async move {
            for _ in 0..200 {
                add(&db, "hits", 1).await?;
            }
            Ok::<(), DbErr>(())
        })
    });
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(value(&store.db, "hits").await, 400);
    beside.close().await;
    assert_eq!(add(&store.db, "hits", 1).await.unwrap(), 401);
}

#[tokio::test]
async fn a_full_disk_is_named_and_leaves_nothing_half_done() {
    let store = testing::sqlite().await.unwrap();
    COUNTER.apply(&store.db).await.unwrap();
    // The database refuses to grow, as it does when the disk is full: the same error from the same place.
    let room = |pages: u32| format!("PRAGMA max_page_count = {pages}");
    store.db.migrator().execute_unprepared(&room(1)).await.unwrap();
    let fill = |db: Db| async move {
        db.write::<(), DbErr, _>(|tx| {
            Box::pin(async move {
                for row in 0..200 {
                    let sql = "INSERT INTO counter (name, value) VALUES ($1, 1)";
                    let name = format!("{row}{}", "x".repeat(500));
                    let backend = tx.get_database_backend();
                    tx.execute_raw(Statement::from_sql_and_values(backend, sql, [name.into()])).await?;
                }
                Ok(())
            })
        })
        .await
    };
    let full = fill(store.db.clone()).await.unwrap_err();
    assert_eq!(fault(&full), Fault::StorageFull, "{full}");
    store.db.migrator().execute_unprepared(&room(1_000_000)).await.unwrap();
    let sql = "SELECT COUNT(*) FROM counter";
    let statement = Statement::from_string(store.db.reader().get_database_backend(), sql);
    let row = store.db.reader().query_one_raw(statement).await.unwrap().unwrap();
    assert_eq!(row.try_get_by_index::<i64>(0).unwrap(), 0, "nothing of the refused write stayed");
    fill(store.db.clone()).await.unwrap();
}

#[tokio::test]
async fn a_panicking_write_fails_alone() {
    let store = testing::sqlite().await.unwrap();
    COUNTER.apply(&store.db).await.unwrap();
    let panicked: Result<(), DbErr> = store.db.write(|_| Box::pin(async { panic!("deliberate") })).await;
    assert!(panicked.is_err());
    assert_eq!(add(&store.db, "hits", 2).await.unwrap(), 2);
}

#[tokio::test]
async fn data_of_a_newer_program_is_refused() {
    for store in testing::stores().await.unwrap() {
        COUNTER.apply(&store.db).await.unwrap();
        COUNTER.apply(&store.db).await.unwrap();
        let older = Migrations { domain: "test", steps: &[] };
        let refused = older.apply(&store.db).await.unwrap_err();
        assert!(matches!(refused, MigrateFailed::DataNewer { .. }), "{}: {refused}", store.name);
    }
}

/// Processes of one bank that start at once on an empty database.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_processes_may_bring_tables_up_to_date_at_once() {
    for store in testing::stores().await.unwrap() {
        if store.name == "sqlite" {
            // One process at a time has the file.
            continue;
        }
        let processes: Vec<_> = (0..8)
            .map(|_| {
                let address = store.address.clone();
                tokio::spawn(async move {
                    let db = Db::open_postgres(&address).await.unwrap();
                    outbox::MIGRATIONS.apply(&db).await.unwrap();
                    COUNTER.apply(&db).await.unwrap();
                    db.close().await;
                })
            })
            .collect();
        for process in processes {
            process.await.unwrap();
        }
        assert_eq!(add(&store.db, "hits", 1).await.unwrap(), 1);
    }
}

#[tokio::test]
async fn a_failing_step_leaves_nothing_behind() {
    const BROKEN: Migrations = Migrations {
        domain: "broken",
        steps: &[Step {
            name: "0001_half",
            sqlite: "CREATE TABLE half (a INTEGER); CREATE TABLE half (a INTEGER)",
            postgres: "CREATE TABLE half (a INTEGER); CREATE TABLE half (a INTEGER)",
        }],
    };
    for store in testing::stores().await.unwrap() {
        assert!(BROKEN.apply(&store.db).await.is_err());
        assert!(store.db.reader().execute_unprepared("SELECT a FROM half").await.is_err(), "{}", store.name);
    }
}

#[derive(serde::Serialize)]
struct Happened {
    a: u32,
}

impl contracts::News for Happened {
    const TOPIC: &'static str = "test.happened";
}

#[tokio::test]
async fn news_waits_until_it_was_relayed() {
    for store in testing::stores().await.unwrap() {
        outbox::MIGRATIONS.apply(&store.db).await.unwrap();
        let now = clock::Timestamp::now();
        let event = outbox::Event::try_new("k", &Happened { a: 1 }, now).unwrap();
        let event = outbox::Event {
            occurred_at: clock::Timestamp::from_microsecond(now.as_microsecond()).unwrap(),
            ..event
        };
        let written = event.clone();
        store
            .db
            .write(move |tx| {
                let event = written.clone();
                Box::pin(async move { outbox::announce(tx, &event).await })
            })
            .await
            .unwrap();
        assert_eq!(outbox::waiting(&store.db, None, 10).await.unwrap(), vec![event.clone()]);
        let of = async |domains: &[&str]| outbox::waiting(&store.db, Some(domains), 10).await.unwrap().len();
        assert_eq!((of(&["other", "test"]).await, of(&["tes", "testing"]).await), (1, 0));
        outbox::refused(&store.db, event.id, "not yet", now, 2).await.unwrap();
        assert_eq!(outbox::waiting(&store.db, None, 10).await.unwrap().len(), 1);
        outbox::refused(&store.db, event.id, "never", now, 2).await.unwrap();
        assert!(outbox::waiting(&store.db, None, 10).await.unwrap().is_empty(), "a dead letter is set aside");
        outbox::relayed(&store.db, vec![event.id], now).await.unwrap();
    }
}

/// After a promotion a database may answer who reads and keep waiting who writes: no holder can beat then.
#[tokio::test]
async fn a_lease_is_not_taken_while_nothing_can_be_written() {
    for store in testing::stores().await.unwrap() {
        let Some(pool) = store.db.postgres_pool() else { continue };
        outbox::MIGRATIONS.apply(&store.db).await.unwrap();
        let mut first = Lease::new(store.db.clone(), "work", "first");
        assert!(first.turn().await.unwrap());
        let mut waiting = pool.begin().await.unwrap();
        sqlx::query("INSERT INTO lease VALUES ('probe', '', 0, 0)").execute(&mut *waiting).await.unwrap();
        let mut hasty = Lease::new(store.db.clone(), "work", "hasty").patient_for(std::time::Duration::ZERO);
        for _ in 0..2 {
            assert!(hasty.turn().await.is_err(), "what it writes itself waits as well");
        }
        waiting.rollback().await.unwrap();
        assert!(first.turn().await.unwrap());
        assert!(!hasty.turn().await.unwrap());
        assert!(hasty.turn().await.unwrap());
    }
}

#[tokio::test]
async fn a_lease_is_held_by_one_and_taken_from_who_stands_still() {
    for store in testing::stores().await.unwrap() {
        outbox::MIGRATIONS.apply(&store.db).await.unwrap();
        let lease = |holder| Lease::new(store.db.clone(), "work", holder);
        let (mut first, mut second) = (lease("first"), lease("second"));
        assert!(first.turn().await.unwrap());
        // Whoever beats keeps it, however impatient the other is.
        let mut hasty = lease("hasty").patient_for(std::time::Duration::ZERO);
        for _ in 0..3 {
            assert!(first.turn().await.unwrap());
            assert!(!second.turn().await.unwrap());
        }
        assert_eq!(second.holder(), Some("first"));
        // It stands still between two looks of one who waits no longer.
        assert!(!hasty.turn().await.unwrap());
        assert!(hasty.turn().await.unwrap());
        assert!(!first.turn().await.unwrap(), "{}: whose lease was taken finds out", store.name);
        assert_eq!(first.holder(), Some("hasty"));
        // Given back, it is free at once; and a process that starts anew has what it had.
        hasty.release().await.unwrap();
        assert!(second.turn().await.unwrap());
        assert!(lease("second").turn().await.unwrap());
    }
}

#[tokio::test]
async fn what_was_deleted_is_nowhere_in_the_file_while_it_is_open() {
    let folder = testing::Folder::try_new().unwrap();
    let file = folder.path().join("bank.db");
    let db = Db::open_sqlite(&file).await.unwrap();
    COUNTER.apply(&db).await.unwrap();
    let long: &'static str = "personal".repeat(2_000).leak();
    for name in ["a short secret", long] {
        add(&db, name, 7).await.unwrap();
    }
    let read = |path: &std::path::Path| std::fs::read(path).unwrap_or_default();
    let log = file.with_extension("db-wal");
    let lies = |secret: &str| {
        let bytes = [read(&file), read(&log)].concat();
        bytes.windows(secret.len()).any(|window| window == secret.as_bytes())
    };
    assert!(lies("a short secret") && lies("personalpersonal"), "they were written");
    let sql = "DELETE FROM counter WHERE value = 7";
    let deleted = db.write(move |tx| Box::pin(async move { tx.execute_unprepared(sql).await.map(|_| ()) }));
    deleted.await.map_err(|error: DbErr| error).unwrap();
    assert!(lies("a short secret"), "the log still has it");
    assert!(db.scrub().await.unwrap());
    assert!(!lies("a short secret") && !lies("personalpersonal"));
    add(&db, "after", 1).await.unwrap();
    assert_eq!(value(&db, "after").await, 1, "and it goes on");

    // Whoever reads all the while is waited for, and writers go on.
    let reading = db.sqlite_reader().unwrap().begin().await.unwrap();
    let mut reading = reading;
    sqlx::query("SELECT COUNT(*) FROM counter").fetch_one(&mut *reading).await.unwrap();
    add(&db, "meanwhile", 1).await.unwrap();
    assert!(!db.scrub().await.unwrap(), "it is told");
    reading.rollback().await.unwrap();
    assert!(db.scrub().await.unwrap());
    db.close().await;
}
