//! Appending, once and in order; searching; signing.

use contracts::Unavailable;
use contracts::audit::{Act, Actor, Audit as _, Detail, Field, Purpose, Reference, Subject};
use futures_util::future::join_all;

use super::kit::{account, act, acts, at, benches, customer, on, staff};
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
