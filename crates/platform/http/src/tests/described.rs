//! What reaches a handler: what its description says, and nothing else.
#![expect(dead_code, reason = "what the handlers read is not looked at")]

use axum::body::Body as Content;
use axum::http::Request;
use contracts::identity::{Principal, Role};
use ids::{CustomerId, StaffId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::{Open, send_to};
use crate::*;

/// All that the handlers below read.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Order {
    amount: Amount,
    #[schema(max_length = 5)]
    memo: Option<String>,
    #[schema(value_type = Option<String>, format = "uuid")]
    approval: Option<String>,
    #[schema(value_type = Option<String>, format = Date)]
    day: Option<String>,
    #[schema(minimum = 1, maximum = 3)]
    copies: Option<u32>,
    way: Option<Way>,
    #[schema(max_items = 2)]
    tags: Option<Vec<String>>,
    #[schema(pattern = "^[0-9]{6}$")]
    pin: Option<String>,
    whom: Option<Whom>,
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Way {
    Instant,
    NextDay,
}

#[derive(Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Whom {
    Account { number: String },
    Phone { phone: String },
}

/// The same without a memo.
#[derive(ToSchema)]
struct Terse {
    amount: Amount,
}

/// Open to what others add.
#[derive(Deserialize, ToSchema)]
struct Grant {
    grant_type: String,
    lifetime_s: Option<u32>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Page {
    /// From where.
    cursor: String,
    /// How many.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    newest: Option<bool>,
    #[param(inline)]
    way: Option<Way>,
}

#[utoipa::path(post, path = "/orders/{id}", params(("id" = String, Path, format = "uuid"),
    ("Idempotency-Key" = String, Header), ("X-Branch" = Option<String>, Header, pattern = "^[0-9]+$")),
    request_body = Order, responses((status = 200)))]
async fn order(Segments(_id): Segments<String>, Body(_order): Body<Order>) {}

#[utoipa::path(post, path = "/terse", request_body = Terse, responses((status = 200)))]
async fn terse(Body(_order): Body<Order>) {}

#[utoipa::path(get, path = "/pages", params(Page), responses((status = 200)))]
async fn pages(Params(_page): Params<Page>) {}

#[utoipa::path(post, path = "/token", responses((status = 200)),
    request_body(content = Grant, content_type = "application/x-www-form-urlencoded"))]
async fn token(Form(_grant): Form<Grant>) {}

fn list() -> Routes {
    Routes::of(())
        .add(Access::Customer, routes!(order))
        .add(Access::Customer, routes!(terse))
        .add(Access::Public, routes!(pages))
        .add(Access::Public, routes!(token))
        .finish()
        .governed(std::sync::Arc::new(Open))
}

async fn ask(request: Request<Content>) -> (u16, String, String) {
    let (status, body) = send_to(list(), request, Some(Principal::Customer(CustomerId::mint()))).await;
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    (status.as_u16(), text("code"), text("field"))
}

fn json(path: &str, body: impl Into<Content>) -> Request<Content> {
    let request = Request::post(path).header("content-type", "application/json");
    request.header("idempotency-key", uuid::Uuid::now_v7().to_string()).body(body.into()).unwrap()
}

const ORDER: &str = "/orders/0195f1f0-7a5c-7c3e-8f00-000000000001";

#[tokio::test]
async fn a_body_is_what_is_described_to_its_last_field() {
    for (members, status, code, field) in [
        (r#""memo":"谢谢您呀""#, 200, "", ""),
        (r#""approval":"0195f1f0-7a5c-7c3e-8f00-000000000001","day":"2026-02-28""#, 200, "", ""),
        (r#""copies":3,"way":"next_day","tags":["a","b"],"pin":"123456""#, 200, "", ""),
        (r#""whom":{"kind":"phone","phone":"13812345678"},"memo":null,"way":null"#, 200, "", ""),
        (r#""memos":"x""#, 400, "malformed_body", "memos"),
        (r#""memo":7"#, 400, "malformed_body", "memo"),
        (r#""memo":"a","memo":"b""#, 400, "malformed_body", ""),
        (r#""memo":"a","m\u0065mo":"b""#, 400, "malformed_body", ""),
        (r#""memo":"a\u0000""#, 400, "malformed_body", ""),
        (r#""memo":"\uFDD0""#, 400, "malformed_body", ""),
        (r#""memo":"\uD800""#, 400, "malformed_body", ""),
        (r#""memo":"六个字就太长""#, 422, "invalid_field", "memo"),
        (r#""approval":"0195""#, 422, "invalid_field", "approval"),
        (r#""day":"2026-02-30""#, 422, "invalid_field", "day"),
        (r#""copies":0"#, 422, "invalid_field", "copies"),
        (r#""copies":4"#, 422, "invalid_field", "copies"),
        (r#""copies":"3""#, 400, "malformed_body", "copies"),
        (r#""way":"later""#, 400, "malformed_body", "way"),
        (r#""tags":["a","b","c"]"#, 422, "invalid_field", "tags"),
        (r#""tags":["a",{}]"#, 400, "malformed_body", "tags.1"),
        (r#""pin":"12345""#, 422, "invalid_field", "pin"),
        (r#""whom":{"kind":"phone"}"#, 400, "malformed_body", "whom.phone"),
        (r#""whom":{"kind":"phone","phone":"1","x":1}"#, 400, "malformed_body", "whom.x"),
        (r#""whom":[]"#, 400, "malformed_body", "whom"),
    ] {
        let body = format!(r#"{{"amount":{{"amount":"1","currency":"CNY"}},{members}}}"#);
        let (answered, told, named) = ask(json(ORDER, body)).await;
        assert_eq!((answered, &*told, &*named), (status, code, field), "{members}");
    }
    let (status, code, field) = ask(json(ORDER, r#"{"amount":{"amount":"1"}}"#)).await;
    assert_eq!((status, &*code, &*field), (400, "malformed_body", "amount.currency"));
    for body in ["", "[]", "{} {}", "{", "null"] {
        let (status, code, _) = ask(json(ORDER, body)).await;
        assert_eq!((status, &*code), (400, "malformed_body"), "{body}");
    }
}

#[tokio::test]
async fn a_field_that_is_taken_out_of_the_description_is_refused() {
    let whole = r#"{"amount":{"amount":"1","currency":"CNY"},"memo":"hello"}"#;
    let without = r#"{"amount":{"amount":"1","currency":"CNY"}}"#;
    assert_eq!(ask(json(ORDER, whole)).await.0, 200);
    assert_eq!(ask(json("/terse", without)).await.0, 200);
    // The handler reads the same; the description is what differs.
    let (status, code, field) = ask(json("/terse", whole)).await;
    assert_eq!((status, &*code, &*field), (400, "malformed_body", "memo"));
}

#[tokio::test]
async fn names_in_paths_queries_and_headers_are_those_described() {
    for (uri, status, code, field) in [
        ("/pages?cursor=%E5%BC%A0", 200, "", ""),
        ("/pages?cursor=a&limit=100&newest=true&way=instant", 200, "", ""),
        ("/pages", 400, "malformed_query", "cursor"),
        ("/pages?cursor=a&limits=1", 400, "malformed_query", "limits"),
        ("/pages?cursor=a&cursor=b", 400, "malformed_query", "cursor"),
        ("/pages?cursor=a&limit=101", 400, "malformed_query", "limit"),
        ("/pages?cursor=a&limit=-1", 400, "malformed_query", "limit"),
        ("/pages?cursor=a&limit=1e1", 400, "malformed_query", ""),
        ("/pages?cursor=a&limit=many", 400, "malformed_query", "limit"),
        ("/pages?cursor=a&newest=1", 400, "malformed_query", "newest"),
        ("/pages?cursor=a&way=later", 400, "malformed_query", "way"),
    ] {
        let (answered, told, named) = ask(Request::get(uri).body(Content::empty()).unwrap()).await;
        assert_eq!((answered, &*told, &*named), (status, code, field), "{uri}");
    }
    let body = r#"{"amount":{"amount":"1","currency":"CNY"}}"#;
    let (status, code, _) = ask(json("/orders/0195", body)).await;
    assert_eq!((status, &*code), (404, "not_found"));
    let (status, code, field) = ask(json(&format!("{ORDER}?x=1"), body)).await;
    assert_eq!((status, &*code, &*field), (400, "malformed_query", "x"));
    let mut request = json(ORDER, body);
    request.headers_mut().remove("idempotency-key");
    assert_eq!(ask(request).await.1, "idempotency_key_missing");
    for (branch, status) in [("12", 200), ("north", 400)] {
        let mut request = json(ORDER, body);
        request.headers_mut().insert("x-branch", branch.parse().unwrap());
        assert_eq!(ask(request).await.0, status, "{branch}");
    }
}

#[tokio::test]
async fn a_body_comes_where_one_is_described_and_as_described() {
    for (body, status, code) in
        [("", 200, ""), (" {}", 200, ""), ("[]", 400, "malformed_body"), ("{\"a\":1}", 400, "malformed_body")]
    {
        let (answered, told, _) =
            ask(Request::get("/pages?cursor=a").body(Content::from(body)).unwrap()).await;
        assert_eq!((answered, &*told), (status, code), "{body}");
    }
    let form = |media_type: &str, body: &str| {
        let request = Request::post("/token").header("content-type", media_type);
        request.body(Content::from(body.to_owned())).unwrap()
    };
    let form_type = "application/x-www-form-urlencoded";
    for (media_type, body, status, code) in [
        (form_type, "grant_type=a&lifetime_s=60&added=later", 200, ""),
        ("application/x-www-form-urlencoded; charset=UTF-8", "grant_type=a", 200, ""),
        (form_type, "lifetime_s=60", 400, "malformed_body"),
        (form_type, "grant_type=a&lifetime_s=long", 400, "malformed_body"),
        (form_type, "grant_type=a&grant_type=b", 400, "malformed_body"),
        ("application/json", "{}", 415, "unsupported_media_type"),
    ] {
        let (answered, told, _) = ask(form(media_type, body)).await;
        assert_eq!((answered, &*told), (status, code), "{media_type} {body}");
    }
    let long = format!(r#"{{"memo":"{}"}}"#, "a".repeat(3 << 20));
    assert_eq!(ask(json("/terse", long)).await.1, "body_too_large");
}

/// Whoever may not enter does not hear what is wrong with a request.
#[tokio::test]
async fn strangers_hear_that_they_are_strangers() {
    let viewer = Principal::Staff(StaffId::mint(), Role::Viewer);
    for principal in [None, Some(viewer)] {
        let (status, body) = send_to(list(), json("/terse?x=1", "nonsense"), principal).await;
        assert_eq!((status.as_u16(), &body["code"]), (401, &"not_signed_in".into()));
    }
}

#[tokio::test]
async fn every_operation_says_how_it_may_be_refused() {
    let described = serde_json::to_value(list().openapi()).unwrap();
    for (path, method) in [("/orders/{id}", "post"), ("/pages", "get")] {
        let answers = &described["paths"][path][method]["responses"];
        let schema = &answers["default"]["content"]["application/problem+json"]["schema"];
        assert_eq!(schema["$ref"], "#/components/schemas/ProblemBody", "{answers}");
    }
    assert!(described["components"]["schemas"]["ProblemBody"].is_object());
}

#[utoipa::path(post, path = "/raw", request_body(content = String, content_type = "text/plain"),
    responses((status = 200)))]
async fn raw() {}

#[utoipa::path(get, path = "/things/{id}", responses((status = 200)))]
async fn unnamed() {}

/// What cannot be checked does not start, and where somebody starts it all the same, it takes nothing.
#[tokio::test]
async fn what_cannot_be_checked_is_not_served() {
    assert_eq!(list().check_described(), Ok(()));
    let raw = || Routes::of(()).add(Access::Public, routes!(raw)).finish();
    let unnamed = || Routes::of(()).add(Access::Public, routes!(unnamed)).finish();
    for (routes, request, operation) in [
        (raw as fn() -> Routes, Request::post("/raw"), "POST /raw"),
        (unnamed, Request::get("/things/1"), "GET /things/{id}"),
    ] {
        let undescribed = Routes::none().merge(routes()).check_described().unwrap_err();
        assert_eq!(undescribed.operation, operation, "{undescribed}");
        let (status, body) = send_to(routes(), request.body(Content::empty()).unwrap(), None).await;
        assert_eq!((status.as_u16(), &body["code"]), (503, &"unavailable".into()));
    }
}
