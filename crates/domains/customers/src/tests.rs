//! The directory as its callers meet it, on both databases, and its routes.

mod privacy;

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::Request;
use clock::{BusinessDate, Clock, ManualClock};
use contracts::customers::{Business, Customers, Kyc, Person, Profile, RegisterRefused};
use contracts::identity::{Assurance, Channel, Principal, Role, Session};
use db::testing::Store;
use ids::{CustomerId, DeviceId, SessionId, StaffId};
use keys::Keys;
use sea_orm::{ConnectionTrait, Statement};
use tower::ServiceExt;

use crate::model::{credit_code, id_number};
use crate::{Directory, MIGRATIONS, Settings};

struct Bench {
    directory: Arc<Directory>,
    keys: Keys,
    store: Store,
    clock: Arc<ManualClock>,
}

async fn benches() -> Vec<Bench> {
    let mut benches = Vec::new();
    for store in db::testing::stores().await.unwrap() {
        db::outbox::MIGRATIONS.apply(&store.db).await.unwrap();
        MIGRATIONS.apply(&store.db).await.unwrap();
        let clock = Arc::new(ManualClock::new("2026-11-22T04:00:00Z".parse().unwrap()));
        let keys =
            Keys::open(&store.db, &store.folder.path().join("keys/local.key"), clock.clone()).await.unwrap();
        let directory =
            Arc::new(Directory::new(store.db.clone(), keys.clone(), clock.clone(), Settings::default()));
        benches.push(Bench { directory, keys, store, clock });
    }
    benches
}

/// A person whose numbers follow from `at`, born on `born` (eight digits).
fn born(at: usize, born: &str) -> Profile {
    let body = format!("440106{born}{at:03}");
    let check = id_number::check_character(&body).unwrap();
    Profile::Person(Person {
        name: "陈示例".to_owned(),
        id_number: Some(format!("{body}{check}")),
        foreign_number: None,
        phone: Some(format!("139{at:08}")),
        born_on: None,
        division: Some("440106".to_owned()),
        address: Some("天河路1号".to_owned()),
    })
}

fn person(at: usize) -> Profile {
    born(at, "19900307")
}

fn business(at: usize) -> Profile {
    let body = format!("9144010{at:010}");
    Profile::Business(Business {
        name: "示例商贸有限公司".to_owned(),
        credit_code: format!("{body}{}", credit_code::check_character(&body).unwrap()),
        phone: Some(format!("137{at:08}")),
        representative: "李示例".to_owned(),
        division: None,
        address: None,
    })
}

async fn count(store: &Store, sql: &str) -> i64 {
    let reader = store.db.reader();
    let statement = Statement::from_string(reader.get_database_backend(), sql);
    reader.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

#[tokio::test]
async fn a_registration_is_kept_once_and_found_by_phone() {
    for Bench { directory, keys, store, .. } in benches().await {
        let id = CustomerId::mint();
        for _ in 0..2 {
            directory.register(id, person(1), Kyc::Declared).await.unwrap();
        }
        let (profile, kyc) = directory.profile(id).await.unwrap().unwrap();
        let Profile::Person(kept) = &profile else { panic!("{}", store.name) };
        assert_eq!((kept.name.as_str(), kyc), ("陈示例", Kyc::Declared));
        assert_eq!(kept.born_on, BusinessDate::from_ymd(1990, 3, 7).ok());
        assert_eq!(directory.by_phone("+86 139-0000-0001").await.unwrap(), Some(id));
        assert_eq!(directory.by_phone("13900000002").await.unwrap(), None);
        assert_eq!(directory.by_phone("nobody").await.unwrap(), None);
        assert_eq!(directory.profile(CustomerId::mint()).await.unwrap().map(|(_, kyc)| kyc), None);
        assert_eq!(
            count(&store, "SELECT COUNT(*) FROM outbox_event WHERE topic = 'customers.registered'").await,
            1
        );

        let company = CustomerId::mint();
        directory.register(company, business(1), Kyc::Verified).await.unwrap();
        let many = directory.profiles(&[company, CustomerId::mint(), id]).await.unwrap();
        assert!(matches!(many[0], Some((Profile::Business(_), Kyc::Verified))) && many[1].is_none());
        assert!(many[2].as_ref().is_some_and(|(found, _)| *found == profile));
        drop(keys);
    }
}

#[tokio::test]
async fn numbers_and_phones_belong_to_one_customer() {
    for Bench { directory, store, .. } in benches().await {
        let id = CustomerId::mint();
        directory.register(id, person(1), Kyc::Declared).await.unwrap();
        let with_phone = |profile: Profile, phone: &str| match profile {
            Profile::Person(person) => Profile::Person(Person { phone: Some(phone.to_owned()), ..person }),
            Profile::Business(business) => Profile::Business(business),
        };
        let other = CustomerId::mint();
        for (id, profile, refused) in [
            (other, person(1), RegisterRefused::AlreadyKnown),
            (other, with_phone(person(1), "13911111111"), RegisterRefused::AlreadyKnown),
            (other, with_phone(person(2), "13900000001"), RegisterRefused::PhoneTaken),
            (id, person(2), RegisterRefused::AlreadyKnown),
            (other, born(3, "20101123"), RegisterRefused::TooYoung),
            (other, with_phone(person(2), "12"), RegisterRefused::Invalid { field: "phone".to_owned() }),
        ] {
            assert_eq!(directory.register(id, profile, Kyc::Declared).await, Err(refused), "{}", store.name);
        }
        assert_eq!(
            count(&store, "SELECT COUNT(*) FROM keys_data_key").await,
            1,
            "refusals leave no keys behind"
        );
        // Sixteen today.
        directory.register(other, born(3, "20101122"), Kyc::Declared).await.unwrap();
    }
}

#[tokio::test]
async fn two_who_race_for_one_phone_do_not_both_get_it() {
    for Bench { directory, store, .. } in benches().await {
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let directory = Arc::clone(&directory);
                tokio::spawn(
                    async move { directory.register(CustomerId::mint(), person(1), Kyc::Declared).await },
                )
            })
            .collect();
        let mut admitted = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(()) => admitted += 1,
                Err(refused) => assert_eq!(refused, RegisterRefused::AlreadyKnown, "{}", store.name),
            }
        }
        assert_eq!(admitted, 1);
    }
}

#[tokio::test]
async fn many_are_taken_over_all_or_none() {
    for Bench { directory, store, .. } in benches().await {
        let foreign = |at: usize| {
            Profile::Person(Person {
                name: format!("Client {at}"),
                id_number: None,
                foreign_number: Some(format!("berka/{at}")),
                phone: None,
                born_on: BusinessDate::from_ymd(2015, 5, 5).ok(),
                division: None,
                address: None,
            })
        };
        let mut batch: Vec<_> =
            (0..1200).map(|at| (CustomerId::mint(), person(at % 1000), Kyc::Verified)).collect();
        let refused = directory.register_many(batch.clone()).await.unwrap_err();
        assert_eq!(refused, (1000, RegisterRefused::AlreadyKnown), "the same number twice in one batch");
        batch.truncate(900);
        batch.push((CustomerId::mint(), business(7), Kyc::Verified));
        batch.push((CustomerId::mint(), foreign(42), Kyc::Declared));
        let mut broken = batch.clone();
        broken[700].1 = foreign(1);
        if let Profile::Person(person) = &mut broken[700].1 {
            person.name = "\u{7}".to_owned();
        }
        let (at, refused) = directory.register_many(broken).await.unwrap_err();
        assert_eq!((at, refused.to_string().as_str()), (700, "`name` is not valid"));
        assert_eq!(count(&store, "SELECT COUNT(*) FROM customers_customer").await, 0, "{}", store.name);

        directory.register_many(batch.clone()).await.unwrap();
        directory.register_many(batch.clone()).await.unwrap();
        assert_eq!(count(&store, "SELECT COUNT(*) FROM customers_customer").await, 902);
        assert_eq!(count(&store, "SELECT COUNT(*) FROM outbox_event").await, 1);
        assert_eq!(directory.by_phone("13900000899").await.unwrap(), Some(batch[899].0));

        let late = vec![
            (CustomerId::mint(), person(950), Kyc::Verified),
            (CustomerId::mint(), person(5), Kyc::Verified),
        ];
        assert_eq!(directory.register_many(late).await, Err((1, RegisterRefused::AlreadyKnown)));
        assert_eq!(directory.by_phone("13900000950").await.unwrap(), None);
    }
}

#[tokio::test]
async fn nothing_personal_lies_in_the_clear() {
    let bench = benches().await.remove(0);
    let id = CustomerId::mint();
    bench.directory.register(id, person(1), Kyc::Declared).await.unwrap();
    bench.store.db.close().await;
    let mut bytes = std::fs::read(&bench.store.address).unwrap();
    bytes.extend(std::fs::read(format!("{}-wal", bench.store.address)).unwrap_or_default());
    assert!(bytes.windows(8).any(|window| window == b"declared"), "the row is in the file");
    for clear in ["陈示例", "13900000001", "44010619900307", "天河路"] {
        assert!(!bytes.windows(clear.len()).any(|window| window == clear.as_bytes()), "{clear}");
    }
}

async fn get(bench: &Bench, path: &str, principal: Principal, lang: &str) -> (u16, serde_json::Value) {
    ask(bench, &format!("GET {path}"), principal, lang, None).await
}

async fn ask(
    bench: &Bench,
    line: &str,
    principal: Principal,
    lang: &str,
    body: Option<serde_json::Value>,
) -> (u16, serde_json::Value) {
    let session = Session {
        id: SessionId::mint(),
        principal: principal.clone(),
        channel: Channel::App,
        device: DeviceId::mint(),
        assurance: Assurance::OneFactor,
        started_at: bench.clock.now(),
        expires_at: bench.clock.now(),
        device_key: None,
        emergency_until: None,
    };
    let mut visitor = http::Visitor::default();
    match principal {
        Principal::Customer(_) => visitor.customer = Some(session),
        Principal::Staff(..) => visitor.staff = Some(session),
        Principal::ThirdParty(..) => visitor.third_party = Some(session),
    }
    let (method, path) = line.split_once(' ').unwrap();
    let request = Request::builder().method(method).uri(path).header("accept-language", lang);
    let request = request.header("content-type", "application/json").extension(visitor);
    let request = request.body(body.map_or_else(Body::empty, |body| Body::from(body.to_string())));
    let authority = Arc::new(policies::PolicySet::embedded().unwrap());
    let router = crate::http::routes(Arc::clone(&bench.directory)).governed(authority).into_router();
    let response = router.oneshot(request.unwrap()).await.unwrap();
    let status = response.status().as_u16();
    let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

#[tokio::test]
async fn customers_see_themselves_and_staff_see_them_masked() {
    let bench = benches().await.remove(0);
    let (id, company) = (CustomerId::mint(), CustomerId::mint());
    bench.directory.register(id, person(1), Kyc::Verified).await.unwrap();
    bench.directory.register(company, business(1), Kyc::Verified).await.unwrap();

    let (status, me) = get(&bench, "/api/customers/me", Principal::Customer(id), "en").await;
    assert_eq!(status, 200);
    assert_eq!(
        me,
        serde_json::json!({
            "id": id.to_string(), "kind": "person", "name": "陈示例", "masked_id_number": "4****************X",
            "masked_phone": "139****0001", "kyc": "verified", "born_on": "1990-03-07", "division": "440106",
            "division_name": "Guangdong", "address": "天河路1号",
        })
    );
    let (status, _) = get(&bench, "/api/customers/me", Principal::Customer(CustomerId::mint()), "zh").await;
    assert_eq!(status, 404);

    let viewer = || Principal::Staff(StaffId::mint(), Role::Viewer);
    let number = person(1);
    let Profile::Person(Person { id_number: Some(number), .. }) = number else { panic!() };
    for (query, found) in [
        ("13900000001".to_owned(), vec![id]),
        ("%2B86%20139%200000%200001".to_owned(), vec![id]),
        (number, vec![id]),
        (id.to_string(), vec![id]),
        ("%E9%99%88%E7%A4%BA%E4%BE%8B".to_owned(), vec![id]),
        ("13700000001".to_owned(), vec![company]),
        ("13700000002".to_owned(), vec![]),
        ("%E9%99%88".to_owned(), vec![]),
    ] {
        let path = format!("/api/customers/console/search?query={query}");
        let (status, body) = get(&bench, &path, viewer(), "zh").await;
        let ids: Vec<String> = found.iter().map(ToString::to_string).collect();
        let answered: Vec<_> =
            body["customers"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
        assert_eq!((status, answered), (200, ids.iter().map(String::as_str).collect()), "{query}");
        assert!(!body.to_string().contains("陈示例") && !body.to_string().contains("13900000001"));
    }
    for query in ["", "%20", &"a".repeat(101)] {
        let path = format!("/api/customers/console/search?query={query}");
        let (status, body) = get(&bench, &path, viewer(), "zh").await;
        assert_eq!((status, body["code"].as_str()), (422, Some("invalid_field")));
    }
    let (_, shown) = get(&bench, &format!("/api/customers/console/{company}"), viewer(), "zh").await;
    assert_eq!(shown["masked_name"], "示例****公司");
    assert_eq!(shown["masked_id_number"].as_str().map(|text| text.matches('*').count()), Some(16));
    assert_eq!(get(&bench, "/api/customers/console/x", viewer(), "zh").await.0, 404);
    assert_eq!(get(&bench, "/api/customers/console/x", Principal::Customer(id), "zh").await.0, 401);
}
