//! Appending, once and in order; searching; signing.

use contracts::Unavailable;
use contracts::audit::{Act, Actor, Audit as _, Detail, Field, Purpose, Reference, Subject};
use futures_util::future::join_all;
use sea_orm::{ConnectionTrait, DbErr, Statement, Value};

use super::kit::{account, act, acts, at, benches, customer, on, staff};
use crate::MIGRATIONS;
use crate::model::head::{BLOCK, Head};
use crate::model::record::{Record, actor_key, subject_key};
use crate::service::Recorder;
use crate::store::{self, Query};

/// What is hashed must never be written otherwise: a record of today is read by every later program.
#[test]
fn a_record_is_written_as_it_always_was() {
    let written = String::from_utf8(Record::of(3, &act(3)).to_bytes()).unwrap();
    assert_eq!(
        written,
        "{\"number\":3,\"id\":\"01a1ee56-69b8-7000-8000-000000030707\",\"at\":\"2026-11-18T11:06:43Z\",\
         \"actor\":{\"Staff\":\"019b8b74-1800-7303-8303-030303030303\"},\"session\":null,\
         \"action\":\"GET /api/accounts/console/{id}\",\
         \"subjects\":[{\"Account\":\"019b8b74-1800-7303-8303-030303030303\"},\
         {\"Customer\":\"019b8b74-1800-7000-8000-000000000000\"}],\"outcome\":\"done\"}"
    );
    let reference = Reference::parse("CASE-20261127-0012").unwrap();
    let (field, purpose) = (Field::Phone, Purpose::Complaint);
    let unmasked = Act { detail: Some(Detail::Unmasked { field, purpose, reference }), ..act(3) };
    assert_eq!(
        String::from_utf8(Record::of(3, &unmasked).to_bytes()).unwrap(),
        written.trim_end_matches('}').to_owned()
            + ",\"detail\":{\"Unmasked\":{\"field\":\"phone\",\"purpose\":\"complaint\",\"reference\":\"CASE-20261127-0012\"}}}"
    );
}

#[tokio::test]
async fn an_act_is_recorded_once_in_the_order_in_which_it_was_told() {
    for bench in benches().await {
        bench.recorder.append(acts(0..300)).await.unwrap();
        // Some again, some twice in one call, some new.
        bench.recorder.append([acts(290..310), acts(305..312)].concat()).await.unwrap();
        bench.recorder.append(Vec::new()).await.unwrap();
        let rows = store::from(bench.store.db.reader(), 0, 1_000).await.unwrap();
        let told: Vec<Record> = rows.iter().map(|row| Record::try_from_bytes(&row.record).unwrap()).collect();
        let expected: Vec<Record> = (0..312).map(|n| Record::of(n, &act(n))).collect();
        assert_eq!(told, expected, "{}", bench.store.name);
        let found = bench.verified().await;
        assert!(found.verified && found.records == 312, "{found:?}");
    }
}

/// Many callers, two writers on one store: nothing is lost, nothing stands twice, and the tree is whole.
#[tokio::test]
async fn writers_of_one_record_do_not_disturb_each_other() {
    for bench in benches().await {
        let other = Recorder::open(bench.store.db.clone());
        let calls = (0..200_u64).map(|call| {
            let writer = if call.is_multiple_of(2) { &bench.recorder } else { &other };
            writer.append(acts(call * 3..call * 3 + 4))
        });
        for told in join_all(calls).await {
            told.unwrap();
        }
        let found = bench.verified().await;
        assert!(found.verified && found.records == 601, "{}: {found:?}", bench.store.name);
        other.close().await;
        assert_eq!(other.append(acts(0..1)).await, Err(Unavailable::Stopping));
    }
}

#[tokio::test]
async fn a_record_goes_on_where_it_ended() {
    for bench in benches().await {
        bench.recorder.append(acts(0..700)).await.unwrap();
        bench.recorder.close().await;
        let again = on(bench.store).await;
        again.recorder.append(acts(700..800)).await.unwrap();
        let found = again.verified().await;
        assert!(found.verified && found.records == 800, "{found:?}");
    }
}

#[tokio::test]
async fn records_are_found_by_who_what_and_when() {
    for bench in benches().await {
        bench.recorder.append(acts(0..100)).await.unwrap();
        let found = async |query: Query| -> Vec<u64> {
            let page = store::page(bench.store.db.reader(), &query, 100).await.unwrap();
            page.rows.iter().map(|row| row.number).collect()
        };
        let expected =
            |wanted: &dyn Fn(u64) -> bool| (0..100).rev().filter(|n| wanted(*n)).collect::<Vec<u64>>();
        let by = |actor| Query { actor: Some(actor_key(actor)), ..Query::default() };
        assert_eq!(found(by(Actor::Bank)).await, expected(&|n| n % 5 == 0));
        assert_eq!(found(by(Actor::Staff(staff(1)))).await, expected(&|n| n % 5 != 0 && n % 4 == 1));
        let about = |subject| Query { subject: Some(subject_key(subject)), ..Query::default() };
        assert_eq!(found(about(Subject::Account(account(5)))).await, expected(&|n| n % 8 == 5));
        assert_eq!(found(about(Subject::Customer(customer(2)))).await, expected(&|n| n % 3 == 2));
        assert_eq!(found(about(Subject::Staff(staff(1)))).await, [0; 0], "a subject of another kind");
        let named = |action: &str| Query { action: Some(action.to_owned()), ..Query::default() };
        assert_eq!(found(named("accounts.")).await, expected(&|n| n % 2 == 0));
        assert_eq!(found(named("accounts%")).await, [0; 0], "a text, not a pattern");
        assert_eq!(found(named("accounts_opened")).await, [0; 0]);
        let within = Query { from: Some(at(20)), until: Some(at(30)), ..Query::default() };
        assert_eq!(found(within).await, expected(&|n| (20..30).contains(&n)));
        let all = Query {
            before: Some(50),
            action: Some("GET".to_owned()),
            subject: Some(subject_key(Subject::Account(account(3)))),
            ..by(Actor::Staff(staff(3)))
        };
        assert_eq!(found(all).await, expected(&|n| n < 50 && n % 8 == 3 && n % 5 != 0));
        let page = store::page(bench.store.db.reader(), &Query::default(), 7).await.unwrap();
        assert!(page.more && page.rows.len() == 7);
    }
}

/// Over several blocks, some of which do not name whoever is looked for, page by page.
#[tokio::test]
async fn records_are_found_wherever_they_stand() {
    for bench in benches().await {
        let told: Vec<Act> = (0..3 * BLOCK + 7).map(seldom).collect();
        for some in told.chunks(5_000) {
            bench.recorder.append(some.to_vec()).await.unwrap();
        }
        let queries = [
            Query { actor: Some(actor_key(Actor::Staff(staff(9)))), ..Query::default() },
            Query { subject: Some(subject_key(Subject::Account(account(99)))), ..Query::default() },
            Query {
                actor: Some(actor_key(Actor::Bank)),
                subject: Some(subject_key(Subject::Account(account(99)))),
                ..Query::default()
            },
            Query { subject: Some(subject_key(Subject::Staff(staff(9)))), ..Query::default() },
            Query { actor: Some(actor_key(Actor::Bank)), action: Some("acc".to_owned()), ..Query::default() },
        ];
        for (at, query) in queries.into_iter().enumerate() {
            let expected: Vec<u64> =
                (0..told.len()).rev().filter(|n| asks_for(&query, &told[*n])).map(|n| n as u64).collect();
            let (mut found, mut query) = (Vec::new(), query);
            loop {
                let page = store::page(bench.store.db.reader(), &query, 100).await.unwrap();
                found.extend(page.rows.iter().map(|row| row.number));
                query.before = found.last().copied();
                if !page.more {
                    break;
                }
            }
            assert_eq!(found, expected, "query {at}");
        }
        let found = bench.verified().await;
        assert!(found.verified && found.records == 3 * BLOCK + 7, "{found:?}");
    }
}

/// As [`act`], but that one account and one member of staff are spoken of in the first and the third block alone.
fn seldom(n: u64) -> Act {
    let mut act = act(n);
    if n == 17 || (2 * BLOCK..3 * BLOCK).contains(&n) && n.is_multiple_of(40) {
        act.subjects = vec![Subject::Account(account(99))];
        if n.is_multiple_of(80) {
            act.actor = Actor::Staff(staff(9));
        }
    }
    act
}

fn asks_for(query: &Query, act: &Act) -> bool {
    query.actor.as_ref().is_none_or(|actor| actor_key(act.actor) == *actor)
        && query
            .subject
            .as_ref()
            .is_none_or(|key| act.subjects.iter().any(|about| subject_key(*about) == *key))
        && query.action.as_ref().is_none_or(|action| act.action.starts_with(action))
}

/// A store in which subjects were noted of each record goes on as it is.
#[tokio::test]
async fn an_older_store_is_carried_over() {
    for (store, source) in db::testing::stores().await.unwrap().into_iter().zip(benches().await) {
        source.recorder.append(acts(0..300)).await.unwrap();
        let rows = store::from(source.store.db.reader(), 0, 300).await.unwrap();
        let mut head = Head::empty();
        let before = db::Migrations { domain: "audit", steps: &MIGRATIONS.steps[..1] };
        before.apply(&store.db).await.unwrap();
        let run = async |sql: &'static str, values: Vec<Value>| {
            let done: Result<_, DbErr> = store
                .db
                .write(move |tx| {
                    let backend = tx.get_database_backend();
                    let statement = Statement::from_sql_and_values(backend, sql, values.clone());
                    Box::pin(async move { tx.execute_raw(statement).await })
                })
                .await;
            done.unwrap();
        };
        for row in rows {
            let record = Record::try_from_bytes(&row.record).unwrap();
            let number = Value::from(row.number as i64);
            for subject in &record.subjects {
                let sql = "INSERT INTO audit_subject (subject, number) VALUES ($1, $2)";
                run(sql, vec![subject_key(*subject).into(), number.clone()]).await;
            }
            if let Some(tile) = head.push(&row.record) {
                let sql = "INSERT INTO audit_tile (place, root) VALUES ($1, $2)";
                run(sql, vec![(tile.place as i64).into(), tile.root.to_vec().into()]).await;
            }
            let sql =
                "INSERT INTO audit_record (number, id, actor, action, record) VALUES ($1, $2, $3, $4, $5)";
            run(sql, vec![number, row.id.into(), row.actor.into(), row.action.into(), row.record.into()])
                .await;
        }
        let sql = "INSERT INTO audit_head (log, count, peaks) VALUES (1, 300, $1)";
        run(sql, vec![head.tree.peaks().concat().into()]).await;
        let bench = on(store).await;
        assert!(bench.verified().await.verified);
        bench.recorder.append(acts(290..400)).await.unwrap();
        let found = bench.verified().await;
        assert!(found.verified && found.records == 400, "{found:?}");
        let about = Query { subject: Some(subject_key(Subject::Account(account(5)))), ..Query::default() };
        let page = store::page(bench.store.db.reader(), &about, 100).await.unwrap();
        assert_eq!(page.rows.len(), 50);
    }
}

#[tokio::test]
async fn what_was_recorded_is_signed_once_and_witnessed() {
    for bench in benches().await {
        assert_eq!(bench.witness.sign(at(0)).await.unwrap(), None, "of nothing");
        bench.recorder.append(acts(0..10)).await.unwrap();
        assert_eq!(bench.witness.sign(at(10)).await.unwrap(), Some(10));
        assert_eq!(bench.witness.sign(at(20)).await.unwrap(), None, "nothing new");
        bench.recorder.append(acts(10..300)).await.unwrap();
        assert_eq!(bench.witness.sign(at(30)).await.unwrap(), Some(300));
        assert_eq!(bench.outside().len(), 2);
        let found = bench.verified().await;
        assert_eq!((found.records, found.checkpoints, found.fault), (300, 4, None));
        bench.witness.check().await.unwrap();
        // A line that was being written when the machine stopped is written anew.
        let file = bench.witness.file.clone().unwrap();
        let whole = std::fs::read_to_string(&file).unwrap();
        std::fs::write(&file, &whole[..whole.len() - 20]).unwrap();
        bench.witness.check().await.unwrap();
        bench.witness.sign(at(40)).await.unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), whole);
    }
}
