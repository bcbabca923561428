//! The routes of payments: shapes and refusals as they are on the wire.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request};
use http::Refusal as _;
use ids::CustomerId;
use keys::{KeysFailed, ModuleFailed};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::{Bench, PAYEE_NUMBER, benches, session};
use crate::error::PaymentsRefused;

impl Bench {
    async fn call(
        &self,
        who: CustomerId,
        method: Method,
        path: &str,
        key: Option<&str>,
        body: Value,
    ) -> (u16, Value) {
        let visitor = http::Visitor { customer: Some(session(who)), ..http::Visitor::default() };
        let mut builder =
            Request::builder().method(method).uri(path).header("content-type", "application/json");
        if let Some(key) = key {
            builder = builder.header("idempotency-key", key);
        }
        let mut request = builder.body(Body::from(body.to_string())).unwrap();
        request.extensions_mut().insert(visitor);
        let authority = Arc::new(policies::PolicySet::embedded().unwrap());
        let routes = crate::http::routes(&self.payments).governed(authority);
        let response = routes.into_router().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        (status, serde_json::from_slice(&bytes).unwrap_or_default())
    }

    fn body(&self, amount: &str) -> Value {
        json!({
            "from_account": self.from.to_string(),
            "to": {"account_number": PAYEE_NUMBER},
            "name": "李四",
            "amount": {"amount": amount, "currency": "CNY"},
            "memo": "房租",
            "pin": "135790",
        })
    }
}

const TRANSFERS: &str = "/api/payments/transfers";
const KEY: &str = "018f6f2e-0000-7000-8000-000000000001";

#[tokio::test]
async fn a_transfer_on_the_wire() {
    for bench in benches().await {
        let (status, view) =
            bench.call(bench.payer, Method::POST, TRANSFERS, Some(KEY), bench.body("12.30")).await;
        assert_eq!(status, 201, "{view}");
        let expected = json!({
            "id": view["id"],
            "status": "posted",
            "from_account": bench.from.to_string(),
            "amount": {"amount": "12.30", "currency": "CNY"},
            "memo": "房租",
            "payee_name_masked": "*四",
            "payee_account_masked": "6288 **** **** 0002",
            "balance": {"amount": "987.70", "currency": "CNY"},
            "booked_on": "2026-11-22",
            "at": view["at"],
            "transfer_id": view["transfer_id"],
            "verification_code": "0123-4567-89AB-CDEF",
        });
        assert_eq!(view, expected);
        let path = format!("{TRANSFERS}/{}", view["id"].as_str().unwrap());
        let (status, shown) = bench.call(bench.payer, Method::GET, &path, None, json!({})).await;
        assert_eq!((status, &shown), (200, &expected));
        assert_eq!(bench.call(bench.payee, Method::GET, &path, None, json!({})).await.0, 404);
    }
}

#[tokio::test]
async fn bad_orders_are_refused_with_their_code() {
    for bench in benches().await {
        let with = |field: &str, value: Value| {
            let mut body = bench.body("1.00");
            body[field] = value;
            body
        };
        let both = json!({"account_number": PAYEE_NUMBER, "phone": "13800000002"});
        for (key, body, status, code) in [
            (None, bench.body("1.00"), 400, "idempotency_key_missing"),
            (Some("1"), bench.body("1.00"), 400, "idempotency_key_missing"),
            (Some(KEY), bench.body("0"), 422, "amount_not_positive"),
            (Some(KEY), bench.body("-1"), 422, "amount_not_positive"),
            (Some(KEY), bench.body("1.001"), 422, "amount_over_scale"),
            (Some(KEY), bench.body("99999999999999999999"), 422, "amount_out_of_range"),
            (Some(KEY), with("amount", json!({"amount": "1", "currency": "ZZZ"})), 422, "unknown_currency"),
            (Some(KEY), with("to", json!({})), 422, "invalid_field"),
            (Some(KEY), with("to", both), 422, "invalid_field"),
            (Some(KEY), with("to", json!({"payee_id": "x"})), 422, "invalid_field"),
            (Some(KEY), with("memo", json!("长".repeat(61))), 422, "invalid_field"),
            (Some(KEY), with("memo", json!("a\u{7}b")), 422, "invalid_field"),
            (Some(KEY), with("memo", json!("a\u{0}b")), 400, "malformed_body"),
            (Some(KEY), with("from_account", json!("x")), 422, "invalid_field"),
            (Some(KEY), with("urgent", json!(true)), 400, "malformed_body"),
            (Some(KEY), with("pin", json!("111111")), 403, "pin_wrong"),
            (Some(KEY), bench.body("500.01"), 409, "limit_per_transfer"),
        ] {
            let (answered, problem) =
                bench.call(bench.payer, Method::POST, TRANSFERS, key, body.clone()).await;
            assert_eq!(
                (answered, problem["code"].as_str().unwrap_or("")),
                (status, code),
                "{body} {problem}"
            );
        }
        let (status, problem) =
            bench.call(bench.payer, Method::POST, TRANSFERS, Some(KEY), bench.body("1.00")).await;
        assert_eq!((status, &problem["code"]), (409, &json!("idempotency_key_reused")));
        assert_eq!(bench.book.posted(bench.from), 100_000);
    }
}

#[tokio::test]
async fn a_refused_transfer_says_why_and_shows_it_later() {
    for mut bench in benches().await {
        let (_, problem) =
            bench.call(bench.payer, Method::POST, TRANSFERS, Some(KEY), bench.body("500.01")).await;
        assert_eq!(problem["limit"], json!({"amount": "500.00", "currency": "CNY"}));
        assert_eq!(problem["used"], json!({"amount": "0.00", "currency": "CNY"}));
        let (row, _) = bench.fates.try_recv().unwrap();
        let path = format!("{TRANSFERS}/{}", row.id);
        let (status, view) = bench.call(bench.payer, Method::GET, &path, None, json!({})).await;
        assert_eq!(
            (status, &view["status"], &view["refusal_code"]),
            (200, &json!("refused"), &json!("limit_per_transfer"))
        );
    }
}

#[tokio::test]
async fn limits_go_down_at_will_and_up_to_the_ceiling() {
    for bench in benches().await {
        let path = format!("/api/payments/limits?account={}", bench.from);
        let (status, view) = bench.call(bench.payer, Method::GET, &path, None, json!({})).await;
        assert_eq!(
            (status, &view["per_day"]["amount"], &view["used_day"]["amount"]),
            (200, &json!("800.00"), &json!("0.00"))
        );
        assert_eq!(view["ceiling"]["per_day"]["amount"], "200000.00");
        let body = |amounts: [&str; 3], pin: &str| {
            let amount = |text: &str| json!({"amount": text, "currency": "CNY"});
            json!({
                "account": bench.from.to_string(),
                "per_transfer": amount(amounts[0]),
                "per_day": amount(amounts[1]),
                "per_month": amount(amounts[2]),
                "pin": pin,
            })
        };
        for (amounts, pin, status, code) in [
            (["100.00", "200.00", "300.00"], "135790", 200, ""),
            (["50000.00", "200000.00", "1000000.00"], "135790", 200, ""),
            (["50000.01", "200000.00", "1000000.00"], "135790", 409, "limit_above_ceiling"),
            (["-1", "200000.00", "1000000.00"], "135790", 422, "invalid_field"),
            (["0", "0", "0"], "000000", 403, "pin_wrong"),
            (["0", "0", "0"], "135790", 200, ""),
        ] {
            let answer =
                bench.call(bench.payer, Method::PUT, "/api/payments/limits", None, body(amounts, pin)).await;
            assert_eq!(
                (answer.0, answer.1["code"].as_str().unwrap_or("")),
                (status, code),
                "{amounts:?} {}",
                answer.1
            );
        }
        assert_eq!(bench.call(bench.payee, Method::GET, &path, None, json!({})).await.0, 404);
        let stranger = body(["1", "1", "1"], "135790");
        assert_eq!(bench.call(bench.payee, Method::PUT, "/api/payments/limits", None, stranger).await.0, 404);
        let (_, problem) =
            bench.call(bench.payer, Method::POST, TRANSFERS, Some(KEY), bench.body("0.01")).await;
        assert_eq!(problem["code"], "limit_per_transfer");
    }
}

#[tokio::test]
async fn payees_on_the_wire() {
    for bench in benches().await {
        let body = json!({"name": "李四", "account_number": PAYEE_NUMBER, "nickname": "房东"});
        let (status, saved) = bench.call(bench.payer, Method::POST, "/api/payments/payees", None, body).await;
        assert_eq!(
            (status, &saved["masked_account"], &saved["kind"]),
            (201, &json!("6288 **** **** 0002"), &json!("account"))
        );
        let (_, list) = bench.call(bench.payer, Method::GET, "/api/payments/payees", None, json!({})).await;
        assert_eq!(list["payees"][0]["name"], "李四");
        let path = format!("/api/payments/payees/{}", saved["id"].as_str().unwrap());
        assert_eq!(bench.call(bench.payee, Method::DELETE, &path, None, json!({})).await.0, 404);
        assert_eq!(bench.call(bench.payer, Method::DELETE, &path, None, json!({})).await.0, 204);
        let check = json!({"phone": "13800000002", "name": "李四", "currency": "CNY"});
        let (status, answer) =
            bench.call(bench.payer, Method::POST, "/api/payments/payee-checks", None, check).await;
        assert_eq!(
            (status, &answer["match"], &answer["account_currency"]),
            (200, &json!("match"), &json!("CNY"))
        );
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
        assert_eq!(PaymentsRefused::Keys(failed).consequence().status, status);
    }
}
