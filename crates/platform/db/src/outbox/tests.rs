//! News that is set aside, seen and relayed again; what waits, counted without reading what was relayed.

use ids::StaffId;

use super::*;
use crate::testing::{Store, stores};

const DOMAINS: [&str; 2] = ["test", "other"];
const ATTEMPTS_MAX: u32 = 3;

/// An instant that both databases keep whole.
fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap()
}

fn event_of(topic: &str, payload: serde_json::Value, occurred_at: Timestamp) -> Event {
    Event { id: EventId::mint(), topic: topic.to_owned(), key: "k".to_owned(), payload, occurred_at }
}

async fn fresh() -> Vec<Store> {
    let stores = stores().await.unwrap();
    for store in &stores {
        MIGRATIONS.apply(&store.db).await.unwrap();
    }
    stores
}

async fn announced(store: &Store, topic: &str, count: usize, occurred_at: Timestamp) -> Vec<EventId> {
    let event = |_| event_of(topic, serde_json::json!({"name": "张三"}), occurred_at);
    let events: Vec<Event> = (0..count).map(event).collect();
    let ids = events.iter().map(|event| event.id).collect();
    let written = store.db.write(move |tx| {
        let events = events.clone();
        Box::pin(async move { announce_many(tx, &events).await })
    });
    written.await.unwrap();
    ids
}

async fn refuse(store: &Store, id: EventId, why: &str, times: u32) {
    for _ in 0..times {
        refused(&store.db, id, why, at(100), ATTEMPTS_MAX).await.unwrap();
    }
}

async fn letters(store: &Store) -> Vec<DeadLetter> {
    dead_letters(&store.db, &DOMAINS, None, 10).await.unwrap()
}

async fn waits(store: &Store) -> Vec<EventId> {
    waiting(&store.db, None, 10).await.unwrap().into_iter().map(|event| event.id).collect()
}

#[tokio::test]
async fn a_dead_letter_is_seen_and_relayed_again_on_a_word() {
    for store in fresh().await {
        let staff = StaffId::mint();
        let replay = async |domains: &[&str], id, second| {
            replay(&store.db, domains, id, staff, at(second)).await.unwrap()
        };
        let id = announced(&store, "test.happened", 1, at(1)).await[0];
        refuse(&store, id, "test.hearer: not yet", ATTEMPTS_MAX - 1).await;
        assert!(letters(&store).await.is_empty(), "{}: it is tried again", store.name);
        assert_eq!(replay(&DOMAINS, id, 101).await, Replayed::NotDead);

        refuse(&store, id, "test.hearer: never", 1).await;
        let mut letter = DeadLetter {
            id,
            topic: "test.happened".to_owned(),
            key: "k".to_owned(),
            occurred_at: at(1),
            set_aside_at: at(100),
            attempts: i64::from(ATTEMPTS_MAX),
            failure: "test.hearer: never".to_owned(),
            replays: Vec::new(),
        };
        assert_eq!(letters(&store).await, [letter.clone()], "{}", store.name);
        assert!(dead_letters(&store.db, &["tes"], None, 10).await.unwrap().is_empty());
        assert_eq!(replay(&["other"], id, 102).await, Replayed::Unknown);
        assert_eq!(replay(&DOMAINS, EventId::mint(), 102).await, Replayed::Unknown);

        assert_eq!(replay(&DOMAINS, id, 103).await, Replayed::Waits);
        assert_eq!(replay(&DOMAINS, id, 104).await, Replayed::NotDead);
        assert_eq!((waits(&store).await, letters(&store).await), (vec![id], vec![]), "{}", store.name);

        refuse(&store, id, "test.hearer: still not", ATTEMPTS_MAX).await;
        letter.failure = "test.hearer: still not".to_owned();
        letter.replays.push(Replay { at: at(103), staff });
        assert_eq!(letters(&store).await, [letter], "{}: the word is kept", store.name);

        assert_eq!(replay(&DOMAINS, id, 105).await, Replayed::Waits);
        refuse(&store, id, "test.hearer: soon", 1).await;
        relayed(&store.db, vec![id], at(106)).await.unwrap();
        assert_eq!((waits(&store).await, letters(&store).await), (vec![], vec![]), "{}: heard", store.name);
        assert_eq!(replay(&DOMAINS, id, 107).await, Replayed::NotDead);
    }
}

#[tokio::test]
async fn dead_letters_come_in_pages_newest_first() {
    for store in fresh().await {
        let ids = announced(&store, "test.happened", 5, at(1)).await;
        for id in &ids {
            refuse(&store, *id, "never", ATTEMPTS_MAX).await;
        }
        let page = async |before| {
            let letters = dead_letters(&store.db, &DOMAINS, before, 2).await.unwrap();
            letters.into_iter().map(|letter| letter.id).collect::<Vec<_>>()
        };
        assert_eq!(page(None).await, [ids[4], ids[3]], "{}", store.name);
        assert_eq!(page(Some(ids[3])).await, [ids[2], ids[1]]);
        assert_eq!(page(Some(ids[1])).await, [ids[0]]);
        assert!(page(Some(ids[0])).await.is_empty());
    }
}

/// What a program of before left behind: something heard at last that kept its old failure, and a dead letter.
#[tokio::test]
async fn what_was_set_aside_before_is_a_dead_letter_and_what_was_heard_is_not() {
    for store in stores().await.unwrap() {
        let before = Migrations { steps: &MIGRATIONS.steps[..2], ..MIGRATIONS };
        before.apply(&store.db).await.unwrap();
        let ids = announced(&store, "test.happened", 2, at(1)).await;
        for (id, attempts) in [(ids[0], 20), (ids[1], 19)] {
            let statement = format!(
                "UPDATE outbox_event SET relayed_at = 1, failure = 'why', attempts = {attempts} WHERE id = $1"
            );
            let value = [id.to_bytes().to_vec().into()];
            let connection = store.db.migrator();
            let backend = connection.get_database_backend();
            let statement = Statement::from_sql_and_values(backend, statement, value);
            connection.execute_raw(statement).await.unwrap();
        }
        MIGRATIONS.apply(&store.db).await.unwrap();
        let dead: Vec<EventId> = letters(&store).await.into_iter().map(|letter| letter.id).collect();
        assert_eq!(dead, [ids[0]], "{}", store.name);
    }
}

#[tokio::test]
async fn lag_counts_all_that_waits_and_all_that_is_dead() {
    for store in fresh().await {
        let nothing = |domain: &str| Lag { domain: domain.to_owned(), waiting: 0, oldest_at: None, dead: 0 };
        let lag = async || lag(&store.db, &DOMAINS).await.unwrap();
        assert_eq!(lag().await, [nothing("test"), nothing("other")]);
        assert!(super::lag(&store.db, &[]).await.unwrap().is_empty());

        announced(&store, "test.happened", 300, at(20)).await;
        announced(&store, "test.ended", 2, at(10)).await;
        announced(&store, "testing.happened", 1, at(1)).await;
        let dead = announced(&store, "other.happened", 2, at(5)).await;
        for id in &dead {
            refuse(&store, *id, "never", ATTEMPTS_MAX).await;
        }
        let test = Lag { waiting: 302, oldest_at: Some(at(10)), ..nothing("test") };
        assert_eq!(lag().await, [test.clone(), Lag { dead: 2, ..nothing("other") }], "{}", store.name);

        replay(&store.db, &DOMAINS, dead[0], StaffId::mint(), at(30)).await.unwrap();
        // It waits since it was replayed: what lay aside is not late at once.
        let other = Lag { waiting: 1, oldest_at: Some(at(30)), dead: 1, ..nothing("other") };
        assert_eq!(lag().await, [test, other], "{}", store.name);
    }
}

/// The relay and its counts read what waits and what is dead, however much was relayed before.
#[tokio::test]
async fn counting_reads_nothing_that_was_relayed() {
    for store in fresh().await {
        let ids = announced(&store, "test.happened", 2_000, at(1)).await;
        relayed(&store.db, ids, at(2)).await.unwrap();
        let dead = announced(&store, "test.happened", 3, at(3)).await;
        refuse(&store, dead[0], "never", ATTEMPTS_MAX).await;
        // Either database plans by what it knows of its tables.
        store.db.migrator().execute_unprepared("ANALYZE").await.unwrap();
        for (which, index) in [(IS_WAITING, "outbox_event_waiting"), (IS_DEAD, "outbox_event_dead")] {
            let reader = store.db.reader();
            let explain = if store.name == "sqlite" { "EXPLAIN QUERY PLAN" } else { "EXPLAIN" };
            let sql = format!("{explain} {}", counting(&mut Places::on(reader), &DOMAINS, which));
            let backend = reader.get_database_backend();
            let statement = Statement::from_sql_and_values(backend, sql, topics(&DOMAINS));
            let rows = reader.query_all_raw(statement).await.unwrap();
            let column = if store.name == "sqlite" { "detail" } else { "QUERY PLAN" };
            let plan: Vec<String> = rows.iter().map(|row| row.try_get("", column).unwrap()).collect();
            assert!(plan.iter().any(|line| line.contains(index)), "{}: {plan:?}", store.name);
        }
    }
}

#[test]
fn an_unreadable_payload_is_described_without_its_values() {
    #[derive(Debug, serde::Deserialize)]
    struct Payload {
        #[expect(dead_code, reason = "reading it is the test")]
        amount: i64,
    }
    let why = |payload: serde_json::Value| {
        let event = event_of("test.happened", payload, at(1));
        event.read::<Payload>().unwrap_err().to_string()
    };
    let cases = [
        (serde_json::json!({}), "the payload cannot be read: missing field `amount`"),
        (serde_json::json!({"amount": "张三, expected 7"}), "the payload cannot be read: a value is not i64"),
        (serde_json::json!("张三"), "the payload cannot be read: a value is not struct Payload"),
    ];
    for (payload, expected) in cases {
        assert_eq!(why(payload), expected);
    }
}

/// A device is named in some news: that is kept no longer than anybody needs it.
#[tokio::test]
async fn what_was_heard_is_forgotten_and_what_was_set_aside_is_not() {
    for store in fresh().await {
        let ids = announced(&store, "test.happened", 3, at(1)).await;
        relayed(&store.db, vec![ids[0]], at(2)).await.unwrap();
        refuse(&store, ids[1], "never", ATTEMPTS_MAX).await;
        let reader = store.db.reader();
        let sql = "SELECT payload FROM outbox_event ORDER BY id";
        let rows = reader.query_all_raw(Statement::from_string(reader.get_database_backend(), sql)).await;
        let payload = |row: &QueryResult| row.try_get_by_index::<String>(0).unwrap();
        let payloads: Vec<String> = rows.unwrap().iter().map(payload).collect();
        assert_eq!(payloads[0], "null", "{}", store.name);
        assert!(payloads[1..].iter().all(|payload| payload != "null"), "{}: {payloads:?}", store.name);
        assert_eq!(waits(&store).await, [ids[2]]);
    }
}
