//! The routes: who may search, and what is shown.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use clock::ManualClock;
use contracts::audit::{Actor, Audit, Subject};
use contracts::identity::{Assurance, Channel, Principal, Role, Session};
use http::{Visitor, Watch};
use ids::{DeviceId, SessionId};
use serde_json::Value;
use tower::ServiceExt;

use super::kit::{Bench, account, acts, at, benches, staff};
use crate::http::{Desk, routes};
use crate::model::record::Record;
use crate::service::Recorder;
use crate::store;

struct Door {
    router: Router,
    bench: Bench,
}

fn door(bench: Bench) -> Door {
    let recorder: Arc<dyn Audit> = Arc::new(Recorder::open(bench.store.db.clone()));
    let desk = Desk { db: bench.store.db.clone(), witness: Arc::clone(&bench.witness) };
    let watch = Watch::new(recorder, Arc::new(ManualClock::new(at(5_000))), 3);
    Door { router: router(desk, watch), bench }
}

fn router(desk: Desk, watch: Watch) -> Router {
    let authority = Arc::new(policies::PolicySet::embedded().unwrap());
    routes(desk).watched(watch).governed(authority).into_router()
}

impl Door {
    async fn ask(&self, role: Option<Role>, path: &str) -> (u16, Value) {
        let mut request = Request::get(path).body(Body::empty()).unwrap();
        let session = |role| Session {
            id: SessionId::seeded(0, [3; 10]),
            principal: Principal::Staff(staff(9), role),
            channel: Channel::Console,
            device: DeviceId::seeded(0, [4; 10]),
            assurance: Assurance::OneFactor,
            started_at: at(0),
            expires_at: at(9_000),
            device_key: None,
            emergency_until: None,
        };
        let visitor = Visitor { staff: role.map(session), ..Visitor::default() };
        request.extensions_mut().insert(visitor);
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }

    /// What was recorded from `first` on: who, what and how it ended.
    async fn recorded(&self, first: u64) -> Vec<(Actor, String, Vec<Subject>, String)> {
        let rows = store::from(self.bench.store.db.reader(), first, 100).await.unwrap();
        let records = rows.iter().map(|row| Record::try_from_bytes(&row.record).unwrap());
        records.map(|record| (record.actor, record.action, record.subjects, record.outcome)).collect()
    }
}

#[tokio::test]
async fn administrators_search_and_are_recorded_themselves() {
    for bench in benches().await {
        bench.recorder.append(acts(0..20)).await.unwrap();
        let door = door(bench);
        let of_account = format!("/api/audit/console/records?subject=account:{}&limit=2", account(3));
        let (status, found) = door.ask(Some(Role::Administrator), &of_account).await;
        assert_eq!(status, 200, "{found}");
        assert_eq!(found["records"][0]["number"], 19);
        assert_eq!(found["records"][1]["number"], 11);
        assert_eq!((&found["count"], &found["next_cursor"]), (&Value::from(20), &Value::from(11)));
        let (_, next) = door.ask(Some(Role::Administrator), &format!("{of_account}&cursor=11")).await;
        assert_eq!(next["records"][0]["number"], 3);
        // The same look again within a minute is the same look.
        door.ask(Some(Role::Administrator), &of_account).await;
        assert_eq!(door.ask(None, &of_account).await.0, 401);
        assert_eq!(door.ask(Some(Role::Operator), &of_account).await.0, 403);
        let unread = door.ask(Some(Role::Administrator), "/api/audit/console/records?actor=nobody").await;
        assert_eq!((unread.0, &unread.1["field"]), (422, &Value::from("actor")), "{}", unread.1);
        let (status, _) = door.ask(Some(Role::Administrator), "/api/audit/console/records/3/proof").await;
        assert_eq!(status, 404, "nothing is signed yet");
        door.bench.witness.sign(at(30)).await.unwrap();
        let (status, proof) = door.ask(Some(Role::Administrator), "/api/audit/console/records/3/proof").await;
        assert_eq!(status, 200);
        let (_, key) = door.ask(Some(Role::Administrator), "/api/audit/console/key").await;
        let key = proofs::PublicKey::parse(key["public_key"].as_str().unwrap()).unwrap();
        assert!(crate::check(&proof.to_string(), &key).is_ok());

        let who = Actor::Staff(staff(9));
        let list = "GET /api/audit/console/records";
        let prove = "GET /api/audit/console/records/{number}/proof";
        let expected = [
            (list, "done"),
            (list, "done"),
            (list, "http_403"),
            (list, "http_422"),
            (prove, "http_404"),
            (prove, "done"),
            ("GET /api/audit/console/key", "done"),
        ];
        let expected = expected.map(|(action, outcome)| (who, action.to_owned(), vec![], outcome.to_owned()));
        assert_eq!(door.recorded(20).await, expected, "{}", door.bench.store.name);
    }
}

/// Where what staff look at cannot be recorded, they do not see it.
#[tokio::test]
async fn nothing_is_shown_that_is_not_recorded() {
    for bench in benches().await {
        bench.recorder.append(acts(0..3)).await.unwrap();
        let closed = Recorder::open(bench.store.db.clone());
        closed.close().await;
        let desk = Desk { db: bench.store.db.clone(), witness: Arc::clone(&bench.witness) };
        let watch = Watch::new(Arc::new(closed), Arc::new(ManualClock::new(at(5_000))), 3);
        let door = Door { router: router(desk, watch), bench };
        let (status, body) = door.ask(Some(Role::Administrator), "/api/audit/console/records").await;
        assert_eq!(status, 503, "{body}");
        assert!(body.get("records").is_none());
    }
}
