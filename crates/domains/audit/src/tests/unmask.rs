//! A field shown whole: recorded with its reason before it is answered, only so often, and never unrecorded.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body as Content, to_bytes};
use axum::http::Request;
use clock::{Clock as _, ManualClock, SystemClock};
use contracts::audit::{Act, Actor, Audit, Detail, Field, Purpose, Reference, Subject};
use contracts::identity::{Assurance, Channel, Principal, Role, Session};
use futures_util::future::join_all;
use http::{Access, Body, Problem, Routes, UnmaskBody, Unmasked, UnmaskedView, Visitor, Watch};
use ids::{DeviceId, EventId, SessionId};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::kit::{Bench, act, acts, at, benches, customer, staff};
use crate::model::record::Record;
use crate::service::Recorder;
use crate::store;

const PHONE: &str = "13812345678";
const MOST: u32 = 3;

#[utoipa::path(post, path = "/api/customers/console/{id}/unmask", operation_id = "customers_console_unmask",
    request_body = UnmaskBody, params(("id" = String, Path)), responses((status = 200, body = UnmaskedView)))]
async fn unmask(Body(body): Body<UnmaskBody>) -> Result<Unmasked, Problem> {
    let unmasking = body.checked()?;
    match unmasking.field {
        Field::Phone => Ok(unmasking.shows(PHONE)),
        _ => Err(unmasking.elsewhere()),
    }
}

fn listed() -> Routes {
    Routes::of(()).add(Access::Staff, http::routes!(unmask)).finish()
}

fn watched(audit: Arc<dyn Audit>) -> Router {
    let watch = Watch::new(audit, Arc::new(ManualClock::new(SystemClock.now())), MOST);
    governed(listed().watched(watch))
}

fn governed(routes: Routes) -> Router {
    routes.governed(Arc::new(policies::PolicySet::embedded().unwrap())).into_router()
}

async fn ask(router: &Router, who: u8, role: Role, body: &Value) -> (u16, Value) {
    let path = format!("/api/customers/console/{}/unmask", customer(1));
    let request = Request::post(path).header("content-type", "application/json");
    let mut request = request.body(Content::from(body.to_string())).unwrap();
    let session = Session {
        id: SessionId::seeded(0, [3; 10]),
        principal: Principal::Staff(staff(who), role),
        channel: Channel::Console,
        device: DeviceId::seeded(0, [4; 10]),
        assurance: Assurance::OneFactor,
        started_at: at(0),
        expires_at: at(9_000),
        device_key: None,
        emergency_until: None,
    };
    request.extensions_mut().insert(Visitor { staff: Some(session), ..Visitor::default() });
    let response = router.clone().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap_or_default())
}

fn body(field: &str, purpose: &str, reference: &str) -> Value {
    json!({"field": field, "purpose": purpose, "reference": reference})
}

async fn records(bench: &Bench) -> Vec<Record> {
    let rows = store::from(bench.store.db.reader(), 0, 1_000).await.unwrap();
    rows.iter().map(|row| Record::try_from_bytes(&row.record).unwrap()).collect()
}

fn phone(purpose: Purpose, reference: &str) -> Detail {
    Detail::Unmasked { field: Field::Phone, purpose, reference: Reference::parse(reference).unwrap() }
}

#[tokio::test]
async fn a_field_is_shown_whole_when_its_reason_is_on_record() {
    for bench in benches().await {
        let router = watched(Arc::new(Recorder::open(bench.store.db.clone())));
        let right = body("phone", "complaint", "CASE-1");
        let (status, answer) = ask(&router, 1, Role::Operator, &right).await;
        assert_eq!((status, &answer), (200, &json!({"field": "phone", "value": PHONE})));
        for (role, body, status, code) in [
            (Role::Viewer, right.clone(), 403, "not_allowed"),
            (Role::Operator, body("phone", "curiosity", "CASE-1"), 400, "malformed_body"),
            (Role::Operator, body("phone", "complaint", ""), 422, "invalid_field"),
            (Role::Operator, body("phone", "complaint", PHONE), 422, "invalid_field"),
            (Role::Operator, body("memo", "complaint", "CASE-1"), 422, "invalid_field"),
            (Role::Operator, json!({"field": "phone"}), 400, "malformed_body"),
        ] {
            let (answered, answer) = ask(&router, 1, role, &body).await;
            assert_eq!((answered, answer["code"].as_str().unwrap_or("")), (status, code), "{body}");
            assert!(!answer.to_string().contains(PHONE), "{answer}");
        }
        let recorded = records(&bench).await;
        let told: Vec<_> = recorded.iter().map(|record| (record.outcome.as_str(), &record.detail)).collect();
        let done = Some(phone(Purpose::Complaint, "CASE-1"));
        assert_eq!(told[0], ("done", &done));
        let refused = ["http_403", "http_400", "http_422", "http_422", "http_422", "http_400"];
        assert_eq!(told[1..], refused.map(|outcome| (outcome, &None)));
        for record in &recorded {
            assert_eq!(record.action, "POST /api/customers/console/{id}/unmask");
            assert_eq!(
                (record.actor, record.subjects.as_slice()),
                (Actor::Staff(staff(1)), [Subject::Customer(customer(1))].as_slice())
            );
        }
    }
}

/// Where it cannot be recorded, or nobody records, nothing is shown.
#[tokio::test]
async fn nothing_is_shown_whole_that_is_not_recorded() {
    for bench in benches().await {
        let closed = Recorder::open(bench.store.db.clone());
        closed.close().await;
        for router in [watched(Arc::new(closed)), governed(listed())] {
            let (status, answer) =
                ask(&router, 1, Role::Administrator, &body("phone", "complaint", "CASE-1")).await;
            assert_eq!((status, answer["code"].as_str()), (503, Some("unavailable")));
            assert!(!answer.to_string().contains(PHONE), "{answer}");
        }
        assert!(records(&bench).await.is_empty());
    }
}

/// Many at once are no more than one after the other, and each member of staff is counted apart.
#[tokio::test]
async fn fields_are_shown_whole_only_so_often() {
    for bench in benches().await {
        let router = watched(Arc::new(Recorder::open(bench.store.db.clone())));
        let right = body("phone", "fraud_investigation", "F-7");
        let asked = join_all((0..20).map(|_| ask(&router, 1, Role::Operator, &right))).await;
        let shown = asked.iter().filter(|(status, _)| *status == 200).count();
        assert!(shown <= MOST as usize, "{shown}");
        let mut last = (200, Value::Null);
        for _ in 0..=MOST {
            last = ask(&router, 1, Role::Operator, &right).await;
        }
        assert_eq!((last.0, last.1["code"].as_str()), (429, Some("unmask_limit_reached")), "{}", last.1);
        assert_eq!(last.1["per_hour_max"], MOST);
        let done = records(&bench).await.iter().filter(|record| record.detail.is_some()).count();
        assert_eq!(done, MOST as usize, "{}", bench.store.name);
        // Another process of the same bank counts them, too; another member of staff has seen none.
        let elsewhere = watched(Arc::new(Recorder::open(bench.store.db.clone())));
        assert_eq!(ask(&elsewhere, 1, Role::Operator, &right).await.0, 429);
        assert_eq!(ask(&elsewhere, 2, Role::Operator, &right).await.0, 200);
    }
}

#[tokio::test]
async fn what_was_shown_whole_is_counted_from_an_instant_on() {
    for bench in benches().await {
        let unmasked = |n: u64| Act {
            actor: Actor::Staff(staff(1)),
            action: "POST /api/customers/console/{id}/unmask".to_owned(),
            detail: Some(phone(Purpose::IdentityCheck, "CASE-1")),
            ..act(n)
        };
        let refused =
            Act { id: EventId::mint(), detail: None, outcome: "http_429".to_owned(), ..unmasked(9) };
        bench
            .recorder
            .append([acts(0..10), (10..20).map(unmasked).collect(), vec![refused]].concat())
            .await
            .unwrap();
        for (who, since, count) in [(1, at(0), 10), (1, at(15), 5), (1, at(20), 0), (2, at(0), 0)] {
            let counted = bench.recorder.unmasked_count(staff(who), since).await.unwrap();
            assert_eq!(counted, count, "{who} {since}");
        }
        let query = store::Query { unmasked: true, ..store::Query::default() };
        let page = store::page(bench.store.db.reader(), &query, 100).await.unwrap();
        assert_eq!(page.rows.len(), 11);
        let found = bench.verified().await;
        assert!(found.verified && found.records == 21, "{found:?}");
    }
}
