//! Erasing, what the law keeps, and what customers agreed and consented to.

use std::time::Duration;

use clock::Clock;
use contracts::customers::{ConsentPurpose, Customers, Kyc, RegisterRefused};
use contracts::identity::{Channel, Principal, Role};
use ids::{CustomerId, StaffId};
use keys::{KeysFailed, Subject};
use sea_orm::{ConnectionTrait, Statement};

use super::{Bench, ask, benches, count, get, person};

#[tokio::test]
async fn an_erased_customer_is_gone_for_ever() {
    for Bench { directory, keys, store, .. } in benches().await {
        let id = CustomerId::mint();
        directory.register(id, person(1), Kyc::Declared).await.unwrap();
        assert!(directory.erase(id, None).await.unwrap());
        assert!(!directory.erase(id, None).await.unwrap());
        assert!(!directory.erase(CustomerId::mint(), None).await.unwrap());
        assert!(directory.profile(id).await.unwrap().is_none(), "{}", store.name);
        assert_eq!(directory.by_phone("13900000001").await.unwrap(), None);
        assert!(matches!(keys.data_key(Subject::from(id)).await, Err(KeysFailed::Destroyed)));
        assert_eq!(
            directory.register(id, person(1), Kyc::Declared).await,
            Err(RegisterRefused::AlreadyKnown),
            "the id is used up"
        );
        directory.register(CustomerId::mint(), person(1), Kyc::Declared).await.unwrap();
        assert_eq!(count(&store, ERASED_TOLD).await, 1, "{}", store.name);
    }
}

const ERASED_TOLD: &str = "SELECT COUNT(*) FROM outbox_event WHERE topic = 'customers.erased'";

#[tokio::test]
async fn what_the_law_keeps_is_shown_to_nobody_and_ends_when_the_law_says() {
    for Bench { directory, keys, store, clock } in benches().await {
        let id = CustomerId::mint();
        directory.register(id, person(1), Kyc::Declared).await.unwrap();
        let until = clock.now().checked_add(Duration::from_secs(3_600)).unwrap();
        assert!(directory.erase(id, Some(until)).await.unwrap());
        assert!(directory.profile(id).await.unwrap().is_none(), "{}", store.name);
        assert_eq!(directory.by_phone("13900000001").await.unwrap(), None);
        assert!(directory.search("13900000001").await.unwrap().is_empty());
        assert!(directory.search(&id.to_string()).await.unwrap().is_empty());
        directory.register(CustomerId::mint(), person(1), Kyc::Declared).await.unwrap();

        clock.advance(Duration::from_secs(3_599));
        directory.end_due().await.unwrap();
        keys.data_key(Subject::from(id)).await.unwrap();
        assert_eq!(count(&store, "SELECT COUNT(name) FROM customers_customer").await, 2);
        clock.advance(Duration::from_secs(1));
        directory.end_due().await.unwrap();
        directory.end_due().await.unwrap();
        assert!(matches!(keys.data_key(Subject::from(id)).await, Err(KeysFailed::Destroyed)));
        assert_eq!(count(&store, "SELECT COUNT(name) FROM customers_customer").await, 1);
        assert_eq!(count(&store, ERASED_TOLD).await, 2, "{}: what was kept ended, too", store.name);
    }
}

#[tokio::test]
async fn consents_are_off_until_given_and_end_when_withdrawn() {
    for Bench { directory, store, clock, .. } in benches().await {
        let id = CustomerId::mint();
        directory.register(id, person(1), Kyc::Declared).await.unwrap();
        let documents = directory.documents().await.unwrap();
        assert_eq!(documents.len(), 2);
        for _ in 0..2 {
            directory.agree(id, documents.clone(), Channel::App).await.unwrap();
        }
        let change = async |purpose, given| {
            clock.advance(Duration::from_secs(1));
            directory.change_consent(id, purpose, given, Channel::App).await.unwrap();
        };
        let holds = async |purpose| directory.consents_to(id, purpose).await.unwrap();
        assert!(!holds(ConsentPurpose::Marketing).await, "{}", store.name);
        change(ConsentPurpose::Marketing, false).await;
        change(ConsentPurpose::Marketing, true).await;
        change(ConsentPurpose::Marketing, true).await;
        assert!(holds(ConsentPurpose::Marketing).await && !holds(ConsentPurpose::Sharing).await);
        assert!(!directory.consents_to(CustomerId::mint(), ConsentPurpose::Marketing).await.unwrap());
        change(ConsentPurpose::Marketing, false).await;
        assert!(!holds(ConsentPurpose::Marketing).await, "{}", store.name);
        change(ConsentPurpose::Marketing, true).await;
        assert!(holds(ConsentPurpose::Marketing).await);

        let (agreed, consents) = directory.consents(id).await.unwrap();
        assert_eq!(agreed.len(), 2, "the same again changes nothing");
        let ended: Vec<bool> = consents.iter().map(|one| one.withdrawn_at.is_some()).collect();
        assert_eq!(ended, [false, true], "{}: the record shows each with its end", store.name);
        let told = "SELECT COUNT(*) FROM outbox_event WHERE topic = 'customers.consent_changed'";
        assert_eq!(count(&store, told).await, 3);
        directory.erase(id, None).await.unwrap();
        assert_eq!(directory.consents(id).await.unwrap(), (Vec::new(), Vec::new()));
    }
}

#[tokio::test]
async fn the_key_of_an_erased_customer_is_nowhere_in_the_file() {
    let bench = benches().await.remove(0);
    let id = CustomerId::mint();
    bench.directory.register(id, person(1), Kyc::Declared).await.unwrap();
    let wrapped = {
        let reader = bench.store.db.reader();
        let sql = "SELECT wrapped FROM keys_data_key WHERE subject = $1";
        let values = [id.to_bytes().to_vec().into()];
        let statement = Statement::from_sql_and_values(reader.get_database_backend(), sql, values);
        let row = reader.query_one_raw(statement).await.unwrap().unwrap();
        row.try_get_by_index::<Vec<u8>>(0).unwrap()
    };
    let lies_in = |file: String| {
        let bytes = std::fs::read(file).unwrap_or_default();
        bytes.windows(wrapped.len()).any(|window| window == wrapped)
    };
    let (file, log) = (bench.store.address.clone(), format!("{}-wal", bench.store.address));
    assert!(lies_in(log.clone()), "it was written");
    bench.directory.erase(id, None).await.unwrap();
    assert!(!lies_in(file) && !lies_in(log), "while the store is open");
}

#[tokio::test]
async fn customers_see_and_change_what_they_agreed_and_consented_to() {
    let bench = benches().await.remove(0);
    let id = CustomerId::mint();
    bench.directory.register(id, person(1), Kyc::Verified).await.unwrap();
    let me = || Principal::Customer(id);
    let put = async |path: &str, body| ask(&bench, &format!("PUT {path}"), me(), "en", Some(body)).await;
    let shown = async || get(&bench, "/api/customers/consents", me(), "en").await.1;
    let before = shown().await;
    assert_eq!(before["agreements"][0]["document"], "terms");
    assert_eq!(before["agreements"][0]["agreed_version"], serde_json::Value::Null);
    let purposes: Vec<_> = before["consents"].as_array().unwrap().iter().map(|one| &one["purpose"]).collect();
    assert_eq!(purposes, ["marketing", "personalization", "sharing"]);
    assert!(before["consents"].as_array().unwrap().iter().all(|one| one["given"] == false));

    let agree = "/api/customers/agreements/terms";
    let outdated = put(agree, serde_json::json!({"version": "0"})).await;
    assert_eq!((outdated.0, outdated.1["code"].as_str()), (409, Some("document_outdated")));
    assert_eq!(put(agree, serde_json::json!({"version": "1"})).await.0, 204);
    let sharing = "/api/customers/consents/sharing";
    assert_eq!(put(sharing, serde_json::json!({"given": true})).await.0, 204);
    let after = shown().await;
    assert_eq!(
        (&after["agreements"][0]["agreed_version"], &after["consents"][2]["given"]),
        (&"1".into(), &true.into())
    );
    assert_eq!(put(sharing, serde_json::json!({"given": false})).await.0, 204);
    assert_eq!(shown().await["consents"][2]["given"], false);
    let given = serde_json::json!({"given": true});
    assert_eq!(put("/api/customers/consents/selling", given.clone()).await.0, 404);
    assert_eq!(put("/api/customers/agreements/love", serde_json::json!({"version": "1"})).await.0, 404);
    let staff = Principal::Staff(StaffId::mint(), Role::Administrator);
    assert_eq!(ask(&bench, &format!("PUT {sharing}"), staff, "en", Some(given)).await.0, 401);
}
