//! The routes of the page of policies.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::Request;
use clock::{SystemClock, Timestamp};
use contracts::identity::{Assurance, Channel, Principal, Role, Session};
use http::Visitor;
use ids::{DeviceId, SessionId, StaffId};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::NO_MINI_PROGRAM;
use crate::{InForce, Settings, routes};

async fn call(role: Role, line: &str, body: Value) -> (u16, Value) {
    let in_force = Arc::new(InForce::open(&Settings::default(), Arc::new(SystemClock)).unwrap());
    let session = Session {
        id: SessionId::mint(),
        principal: Principal::Staff(StaffId::mint(), role),
        channel: Channel::Console,
        device: DeviceId::mint(),
        assurance: Assurance::OneFactor,
        started_at: Timestamp::UNIX_EPOCH,
        expires_at: Timestamp::UNIX_EPOCH,
        device_key: None,
        emergency_until: None,
    };
    let (method, path) = line.split_once(' ').unwrap();
    let sent = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
    let visitor = Visitor { staff: Some(session), ..Visitor::default() };
    let request = request.extension(visitor).body(sent).unwrap();
    let router = routes(Arc::clone(&in_force)).governed(in_force).into_router();
    let response = router.oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

const SHOW: &str = "GET /api/gateway/console/policies";
const TRIAL: &str = "POST /api/gateway/console/policies/trial";

#[tokio::test]
async fn administrators_see_who_may_do_what() {
    for (role, status) in [(Role::Viewer, 403), (Role::Operator, 403), (Role::Administrator, 200)] {
        assert_eq!(call(role, SHOW, Value::Null).await.0, status, "{role:?}");
    }
    let (_, shown) = call(Role::Administrator, SHOW, Value::Null).await;
    assert_eq!((&shown["from_folder"], &shown["faults"]), (&json!(false), &json!([])));
    let group = shown["groups"].as_array().unwrap().iter().position(|group| group["id"] == "console_freeze");
    let of = |kind: &str| {
        let rows = shown["table"].as_array().unwrap();
        let row = rows.iter().find(|row| row["kind"] == kind).unwrap();
        row["cells"][group.unwrap()]["extent"].as_str().unwrap().to_owned()
    };
    assert_eq!(["customer", "viewer", "operator", "administrator"].map(of), ["none", "none", "all", "all"]);
    let administrators =
        &shown["table"].as_array().unwrap().iter().find(|row| row["kind"] == "administrator");
    let cells = administrators.unwrap()["cells"].as_array().unwrap();
    let money = cells.iter().find(|cell| cell["group"] == "console_money").unwrap();
    assert_eq!(
        (&money["extent"], &money["allowed"], &money["countersigned"]),
        (&json!("all"), &json!([]), &json!(["ledger_batch_transfers"]))
    );
    let policies = shown["policies"].as_array().unwrap();
    let policy = policies.iter().find(|policy| policy["id"] == "staff.session").unwrap();
    assert_eq!((&policy["file"], &policy["line"]), (&json!("staff.cedar"), &json!(3)));
}

#[tokio::test]
async fn a_changed_file_is_tried_and_changes_nothing() {
    let order = |name: &str, text: &str| json!({"name": name, "text": text});
    let (status, tried) = call(Role::Administrator, TRIAL, order("own.cedar", NO_MINI_PROGRAM)).await;
    assert_eq!((status, &tried["faults"], tried["changes"].as_array().unwrap().len()), (200, &json!([]), 4));
    let change = &tried["changes"][0];
    assert_eq!(
        (&change["kind"], &change["becomes"], &change["group"]),
        (&json!("customer"), &json!("denied"), &json!("own_money"))
    );
    assert_eq!(change["only"][0], json!({"channel": "mini_program", "assurance": 1}));
    let (_, refused) = call(Role::Administrator, TRIAL, order("staff.cedar", "\n\npermit (")).await;
    assert_eq!(
        (&refused["faults"][0]["file"], &refused["faults"][0]["line"]),
        (&json!("staff.cedar"), &json!(3))
    );
    let (_, broken) = call(Role::Administrator, TRIAL, order("staff.cedar", "")).await;
    assert_eq!(broken["faults"][0]["file"], "cases.tsv", "what was promised is not kept");
    let (status, refused) = call(Role::Administrator, TRIAL, order("../staff.txt", "")).await;
    assert_eq!((status, &refused["field"]), (422, &json!("name")));
}
