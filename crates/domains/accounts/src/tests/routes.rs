//! The routes of accounts: shapes, refusals, and somebody else's account.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request};
use contracts::accounts::Accounts as _;
use contracts::accounts::Right;
use contracts::identity::{Assurance, Channel, Principal, Role, Session};
use http::Refusal as _;
use ids::{CustomerId, DeviceId, SessionId, StaffId};
use keys::{KeysFailed, ModuleFailed};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::{Bench, benches};
use crate::error::AccountsRefused;

fn session(principal: Principal) -> Session {
    let now = clock::Timestamp::UNIX_EPOCH;
    Session {
        id: SessionId::mint(),
        principal,
        channel: Channel::App,
        device: DeviceId::mint(),
        assurance: Assurance::OneFactor,
        started_at: now,
        expires_at: now,
        device_key: None,
        emergency_until: None,
    }
}

impl Bench {
    async fn call(&self, who: Principal, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
        let mut visitor = http::Visitor::default();
        match who {
            Principal::Customer(_) => visitor.customer = Some(session(who)),
            Principal::Staff(..) => visitor.staff = Some(session(who)),
            Principal::ThirdParty(..) => visitor.third_party = Some(session(who)),
        }
        let builder = Request::builder().method(method).uri(path).header("content-type", "application/json");
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let mut request = builder.body(body).unwrap();
        request.extensions_mut().insert(visitor);
        let authority = Arc::new(policies::PolicySet::embedded().unwrap());
        let routes = crate::http::routes(&self.accounts).governed(authority);
        let response = routes.into_router().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let bytes = to_bytes(response.into_body(), 1 << 24).await.unwrap();
        (status, serde_json::from_slice(&bytes).unwrap_or_default())
    }

    async fn get(&self, who: CustomerId, path: &str) -> (u16, Value) {
        self.call(Principal::Customer(who), Method::GET, path, None).await
    }
}

#[tokio::test]
async fn a_customer_opens_names_and_looks_at_an_account() {
    for bench in benches().await {
        let owner = bench.people.add("张三", "13800000001");
        let who = Principal::Customer(owner);
        let body = json!({"currency": "CNY", "nickname": " 旅行 "});
        let (status, opened) = bench.call(who.clone(), Method::POST, "/api/accounts", Some(body)).await;
        assert_eq!((status, &opened["class"], &opened["nickname"]), (201, &json!("II"), &json!("旅行")));
        assert_eq!(opened["balance"], json!({"amount": "0.00", "currency": "CNY"}));
        let id = opened["id"].as_str().unwrap().to_owned();
        let path = format!("/api/accounts/{id}");
        let named = bench.call(who.clone(), Method::PATCH, &path, Some(json!({"nickname": ""}))).await;
        assert_eq!((named.0, &named.1["nickname"]), (200, &json!("")));
        let (_, overview) = bench.get(owner, "/api/accounts").await;
        assert_eq!(overview["accounts"][0]["number"], opened["number"]);
        assert_eq!(overview["converted"]["currency"], "CNY");
        for (body, status, code) in [
            (json!({"currency": "ZZZ"}), 422, "unknown_currency"),
            (json!({"currency": "CNY", "class": "I"}), 422, "invalid_field"),
            (json!({"currency": "CNY", "id": "1"}), 422, "invalid_field"),
            (json!({"currency": "CNY", "nickname": "长".repeat(31)}), 422, "invalid_field"),
            (json!({"currency": "CNY", "overdraft": 5}), 400, "malformed_body"),
        ] {
            let (answered, problem) =
                bench.call(who.clone(), Method::POST, "/api/accounts", Some(body.clone())).await;
            assert_eq!((answered, problem["code"].as_str().unwrap()), (status, code), "{body}");
        }
        let close = bench.call(who, Method::POST, &format!("{path}/close"), None).await;
        assert_eq!(close.0, 204);
    }
}

#[tokio::test]
async fn somebody_elses_account_is_not_found_on_any_route() {
    for bench in benches().await {
        let owner = bench.people.add("张三", "13800000001");
        let stranger = bench.people.add("李四", "13800000002");
        let reader = bench.people.add("王五", "13800000003");
        let account = bench.opened(owner).await;
        bench.accounts.grant_many(vec![(account.id, reader, Right::See)]).await.unwrap();
        let base = format!("/api/accounts/{}", account.id);
        let transfer = ids::TransferId::mint();
        let person = CustomerId::mint();
        let authorize = json!({"phone": "13800000002", "name": "李四", "right": "move"});
        for (method, path, body, of_reader) in [
            (Method::GET, base.clone(), None, 200),
            (Method::PATCH, base.clone(), Some(json!({"nickname": "x"})), 403),
            (Method::POST, format!("{base}/close"), None, 403),
            (Method::POST, format!("{base}/reactivate"), None, 403),
            (Method::GET, format!("{base}/movements"), None, 200),
            (Method::GET, format!("{base}/movements/{transfer}"), None, 404),
            (Method::GET, format!("{base}/movements/{transfer}/receipt"), None, 404),
            (Method::GET, format!("{base}/authorized-persons"), None, 403),
            (Method::POST, format!("{base}/authorized-persons"), Some(authorize), 403),
            (Method::DELETE, format!("{base}/authorized-persons/{person}"), None, 403),
        ] {
            let who = Principal::Customer(stranger);
            let (status, problem) = bench.call(who, method.clone(), &path, body.clone()).await;
            assert_eq!((status, &problem["code"]), (404, &json!("not_found")), "{method} {path}");
            let (status, seen) = bench.call(Principal::Customer(reader), method.clone(), &path, body).await;
            assert_eq!(status, of_reader, "{method} {path}");
            assert!(!seen.to_string().contains(&account.number), "{method} {path}");
        }
    }
}

#[tokio::test]
async fn conditions_of_a_search_are_checked() {
    for bench in benches().await {
        let owner = bench.people.add("张三", "13800000001");
        let account = bench.opened(owner).await;
        bench.salaries(&account, 3).await;
        let base = format!("/api/accounts/{}/movements", account.id);
        for (query, count) in [
            ("", 3),
            ("?direction=in", 3),
            ("?direction=out", 0),
            ("?amount_min=0.02", 2),
            ("?amount_max=0.02&amount_min=0.02", 1),
            ("?from=2026-11-22&until=2026-11-22", 3),
            ("?until=2026-11-21", 0),
            ("?text=%E7%AC%AC2", 1),
            ("?limit=2", 2),
            ("?cursor=2", 1),
        ] {
            let (status, page) = bench.get(owner, &format!("{base}{query}")).await;
            assert_eq!((status, page["movements"].as_array().map(Vec::len)), (200, Some(count)), "{query}");
        }
        for query in [
            "?direction=up",
            "?amount_min=0.001",
            "?amount_min=-1",
            "?from=2026-02-30",
            "?limit=0",
            "?limit=101",
            "?cursor=x",
        ] {
            let (status, problem) = bench.get(owner, &format!("{base}{query}")).await;
            assert_eq!((status, &problem["code"]), (422, &json!("invalid_field")), "{query}");
        }
        assert_eq!(bench.get(owner, &format!("{base}?order=x")).await.0, 400);
        let (_, page) = bench.get(owner, &format!("{base}?limit=1")).await;
        let (_, rest) =
            bench.get(owner, &format!("{base}?cursor={}", page["next_cursor"].as_str().unwrap())).await;
        assert_eq!(rest["movements"].as_array().unwrap().len(), 2);
        let newest = page["movements"][0]["transfer_id"].as_str().unwrap();
        let (_, movement) = bench.get(owner, &format!("{base}/{newest}")).await;
        assert_eq!((&movement["code"], &movement["direction"]), (&json!("salary"), &json!("in")));
        assert_eq!(movement["receipt"]["verification_code"].as_str().unwrap().len(), 19);
    }
}

#[tokio::test]
async fn staff_see_masked_accounts_and_freeze_with_a_reason() {
    for bench in benches().await {
        let owner = bench.people.add("张三", "13800000001");
        let account = bench.opened(owner).await;
        bench.salaries(&account, 1).await;
        let operator = Principal::Staff(StaffId::mint(), Role::Operator);
        let viewer = Principal::Staff(StaffId::mint(), Role::Viewer);
        let base = format!("/api/accounts/console/{}", account.id);
        for path in [
            format!("/api/accounts/console/search?query={}", account.number),
            format!("/api/accounts/console/of-customer/{owner}"),
            base.clone(),
            format!("{base}/movements"),
            format!("{base}/state-changes"),
        ] {
            let (status, seen) = bench.call(viewer.clone(), Method::GET, &path, None).await;
            let text = seen.to_string();
            assert_eq!(status, 200, "{path}");
            assert!(
                !text.contains(&account.number) && !text.contains("张三") && !text.contains("远行科技"),
                "{text}"
            );
            assert_eq!(bench.get(owner, &path).await.0, 401, "{path}");
        }
        let freeze = format!("{base}/freeze");
        let reason = Some(json!({"reason": "可疑交易"}));
        assert_eq!(bench.call(viewer, Method::POST, &freeze, reason.clone()).await.0, 403);
        let (_, refused) =
            bench.call(operator.clone(), Method::POST, &freeze, Some(json!({"reason": " x "}))).await;
        assert_eq!((&refused["code"], &refused["field"]), (&json!("invalid_field"), &json!("reason")));
        let (status, frozen) = bench.call(operator.clone(), Method::POST, &freeze, reason.clone()).await;
        assert_eq!((status, &frozen["state"]), (200, &json!("frozen")));
        let (_, changes) =
            bench.call(operator.clone(), Method::GET, &format!("{base}/state-changes"), None).await;
        assert_eq!(changes[0]["reason"], "可疑交易");
        let (status, active) = bench.call(operator, Method::POST, &format!("{base}/unfreeze"), reason).await;
        assert_eq!((status, &active["state"]), (200, &json!("active")));
    }
}

/// Data under a key that is out of reach for a while is not said to be missing.
#[test]
fn a_master_key_out_of_reach_is_no_missing_data() {
    for (failed, status) in [
        (KeysFailed::Generation { number: 2 }, 503),
        (KeysFailed::Module(ModuleFailed::Silent), 503),
        (KeysFailed::Destroyed, 404),
    ] {
        assert_eq!(AccountsRefused::Keys(failed).consequence().status, status);
    }
}
