//! What a stranger and an honest client meet at a route.

use std::sync::Arc;

use axum::body::{Body as Content, to_bytes};
use axum::http::{Request, Response, StatusCode};
use contracts::identity::{Assurance, Channel, Principal, Role, Session};
use ids::{CustomerId, DeviceId, SessionId, StaffId};
use tower::ServiceExt;

use super::*;

mod described;

#[derive(serde::Deserialize, serde::Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Echo {
    amount: Amount,
}

#[utoipa::path(post, path = "/echo", request_body = Echo, responses((status = 200, body = Echo)))]
async fn echo(_: Customer, Body(echo): Body<Echo>) -> Result<axum::Json<Echo>, Problem> {
    echo.amount.positive()?;
    Ok(axum::Json(echo))
}

#[utoipa::path(get, path = "/desk", responses((status = 200)))]
async fn desk(staff: Staff) -> String {
    staff.id.to_string()
}

#[utoipa::path(post, path = "/console/desk/{id}", operation_id = "console_desk",
    params(("id" = String, Path)), responses((status = 204)))]
async fn shared() {}

#[test]
fn routes_of_several_services_are_told_apart() {
    let of = |service| Routes::of_service(service, ()).add(Access::Staff, routes!(shared)).finish();
    let both = of("accounts").merge(of("payments"));
    let paths: Vec<&str> = both.entries().iter().map(|entry| entry.path.as_str()).collect();
    assert_eq!(paths, ["/api/accounts/console/desk/{id}", "/api/payments/console/desk/{id}"]);
    let described = serde_json::to_value(both.openapi()).unwrap();
    let operation = &described["paths"]["/api/payments/console/desk/{id}"]["post"];
    assert_eq!(operation["operationId"], "payments_console_desk");
    assert_eq!(operation["tags"], serde_json::json!(["payments"]));
    let _ = both.into_router();
}

fn list() -> Routes {
    Routes::of(()).add(Access::Customer, routes!(echo)).add(Access::Staff, routes!(desk)).finish()
}

/// Customers echo, administrators sit at the desk.
struct Strict;

impl Authority for Strict {
    fn decide(&self, request: &AccessRequest<'_>) -> Decision {
        let allowed = matches!(
            (request.action, &request.session.principal),
            ("echo", Principal::Customer(_)) | ("desk", Principal::Staff(_, Role::Administrator))
        );
        Decision { allowed, policies: Vec::new() }
    }
}

/// Everybody may do what their kind may enter.
struct Open;

impl Authority for Open {
    fn decide(&self, _: &AccessRequest<'_>) -> Decision {
        Decision { allowed: true, policies: Vec::new() }
    }
}

fn session(principal: Principal) -> Session {
    let now = clock::Timestamp::now();
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

async fn send(request: Request<Content>, principal: Option<Principal>) -> (StatusCode, serde_json::Value) {
    send_to(list().governed(Arc::new(Strict)), request, principal).await
}

async fn send_to(
    routes: Routes,
    mut request: Request<Content>,
    principal: Option<Principal>,
) -> (StatusCode, serde_json::Value) {
    let mut visitor = Visitor::default();
    match principal {
        Some(customer @ Principal::Customer(_)) => visitor.customer = Some(session(customer)),
        Some(staff) => visitor.staff = Some(session(staff)),
        None => {}
    }
    let lang = Lang::of(request.headers());
    request.extensions_mut().insert(visitor);
    let response: Response<Content> = routes.into_router().oneshot(request).await.unwrap();
    let response = localize(response, lang);
    let status = response.status();
    let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

fn post(body: impl Into<Content>) -> Request<Content> {
    Request::post("/echo").header("content-type", "application/json").body(body.into()).unwrap()
}

#[tokio::test]
async fn every_route_denies_whom_it_does_not_name() {
    let customer = Principal::Customer(CustomerId::mint());
    let viewer = Principal::Staff(StaffId::mint(), Role::Viewer);
    let administrator = Principal::Staff(StaffId::mint(), Role::Administrator);
    let desk = || Request::get("/desk").body(Content::empty()).unwrap();
    for (request, principal, status, code) in [
        (post("{}"), None, 401, "not_signed_in"),
        (post("{}"), Some(administrator.clone()), 401, "not_signed_in"),
        (desk(), None, 401, "not_signed_in"),
        (desk(), Some(customer), 401, "not_signed_in"),
        (desk(), Some(viewer), 403, "not_allowed"),
        (desk(), Some(administrator), 200, ""),
    ] {
        let (answered, body) = send(request, principal).await;
        assert_eq!((answered.as_u16(), body["code"].as_str().unwrap_or("")), (status, code));
    }
    let list = list();
    let paths: Vec<_> = list.entries().iter().map(|entry| (entry.method, entry.path.as_str())).collect();
    assert_eq!(paths, [("POST", "/echo"), ("GET", "/desk")]);
    let actions: Vec<_> = list.entries().iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(actions, ["echo", "desk"]);
    assert!(list.openapi().to_json().unwrap().contains("Echo"));
}

#[tokio::test]
async fn without_an_authority_everybody_is_denied() {
    let desk = Request::get("/desk").body(Content::empty()).unwrap();
    let (status, body) =
        send_to(list(), desk, Some(Principal::Staff(StaffId::mint(), Role::Administrator))).await;
    assert_eq!((status.as_u16(), &body["code"]), (403, &"not_allowed".into()));
    let (status, _) = send_to(list(), post("{}"), Some(Principal::Customer(CustomerId::mint()))).await;
    assert_eq!(status.as_u16(), 403);
}

/// A method for which the path has no handler is asked of nobody.
#[tokio::test]
async fn an_unknown_method_is_not_found() {
    let administrator = || Some(Principal::Staff(StaffId::mint(), Role::Administrator));
    for (method, status) in [("DELETE", 404), ("HEAD", 200), ("GET", 200)] {
        let request = Request::builder().method(method).uri("/desk").body(Content::empty()).unwrap();
        assert_eq!(send(request, administrator()).await.0.as_u16(), status, "{method}");
    }
}

#[derive(serde::Serialize, utoipa::ToSchema)]
struct Card {
    /// Whose phone it is.
    phone: PersonalPhone,
    /// May be missing.
    name: Option<PersonalName>,
}

/// The card of a customer.
fn card(of: CustomerId) -> axum::Json<Card> {
    axum::Json(Card {
        phone: PersonalPhone::new("13812345678").known_to(of),
        name: Some(PersonalName::new("张三").known_to(of)),
    })
}

#[utoipa::path(get, path = "/cards/{id}", params(("id" = String, Path)), responses((status = 200, body = Card)))]
async fn shown_to_customers(Segments(id): Segments<CustomerId>) -> axum::Json<Card> {
    card(id)
}

#[utoipa::path(get, path = "/console/cards/{id}", params(("id" = String, Path)), responses((status = 200, body = Card)))]
async fn shown_to_staff(Segments(id): Segments<CustomerId>) -> axum::Json<Card> {
    card(id)
}

#[utoipa::path(get, path = "/public/cards/{id}", params(("id" = String, Path)), responses((status = 200, body = Card)))]
async fn shown_to_anybody(Segments(id): Segments<CustomerId>) -> axum::Json<Card> {
    card(id)
}

#[utoipa::path(get, path = "/welcome/{id}", params(("id" = String, Path)), responses((status = 200, body = Card)))]
async fn welcome(Segments(id): Segments<CustomerId>) -> axum::response::Response {
    answer_to(id, card(id))
}

#[tokio::test]
async fn a_personal_field_is_whole_to_the_one_it_is_known_to() {
    let routes = || {
        Routes::of(())
            .add(Access::Customer, routes!(shown_to_customers))
            .add(Access::Staff, routes!(shown_to_staff))
            .add(Access::Public, routes!(shown_to_anybody))
            .add(Access::Public, routes!(welcome))
            .finish()
    };
    let (owner, other) = (CustomerId::mint(), CustomerId::mint());
    let administrator = Principal::Staff(StaffId::mint(), Role::Administrator);
    for (path, principal, whole) in [
        ("/cards", Some(Principal::Customer(owner)), true),
        ("/cards", Some(Principal::Customer(other)), false),
        ("/console/cards", Some(administrator.clone()), false),
        ("/public/cards", None, false),
        ("/public/cards", Some(Principal::Customer(owner)), false),
        ("/welcome", None, true),
    ] {
        let mut request = Request::get(format!("{path}/{owner}")).body(Content::empty()).unwrap();
        let mut visitor = Visitor::default();
        match principal.clone() {
            Some(customer @ Principal::Customer(_)) => visitor.customer = Some(session(customer)),
            Some(staff) => visitor.staff = Some(session(staff)),
            None => {}
        }
        request.extensions_mut().insert(visitor);
        let routes = routes().governed(Arc::new(Open));
        let response = routes.into_router().oneshot(request).await.unwrap();
        let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        let seen: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        let expected = if whole {
            serde_json::json!({"phone": "13812345678", "name": "张三"})
        } else {
            serde_json::json!({"phone": "138****5678", "name": "*三"})
        };
        assert_eq!(seen, expected, "{path} {principal:?}");
    }
    let described = serde_json::to_value(routes().openapi()).unwrap();
    let schemas = &described["components"]["schemas"];
    assert_eq!(schemas["PersonalPhone"]["type"], "string");
    assert!(
        schemas["PersonalPhone"]["description"].as_str().unwrap().contains("masked to others and to staff")
    );
    let phone = &schemas["Card"]["properties"]["phone"];
    assert!(phone.to_string().contains("#/components/schemas/PersonalPhone"), "{phone}");
}

#[tokio::test]
async fn bad_bodies_are_refused_with_a_reason() {
    let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
    let amount = |amount: &str, currency: &str| {
        serde_json::json!({"amount": {"amount": amount, "currency": currency}}).to_string()
    };
    for (body, status, code) in [
        (amount("1.00", "CNY"), 200, ""),
        (amount("0", "CNY"), 422, "amount_not_positive"),
        (amount("-1", "CNY"), 422, "amount_not_positive"),
        (amount("1.001", "CNY"), 422, "amount_over_scale"),
        (amount("99999999999999999999", "CNY"), 422, "amount_out_of_range"),
        (amount("1", "ZZZ"), 422, "unknown_currency"),
        (amount("abc", "CNY"), 422, "amount_malformed"),
        (deep, 400, "malformed_body"),
        ("{".to_owned(), 400, "malformed_body"),
        (r#"{"amount":{"amount":"1","currency":"CNY"},"x":1}"#.to_owned(), 400, "malformed_body"),
        (r#"{"amount":{"amount":1,"currency":"CNY"}}"#.to_owned(), 400, "malformed_body"),
    ] {
        let (answered, answer) =
            send(post(body.clone()), Some(Principal::Customer(CustomerId::mint()))).await;
        assert_eq!((answered.as_u16(), answer["code"].as_str().unwrap_or("")), (status, code), "{body:.60}");
    }
}

#[tokio::test]
async fn only_json_in_utf8_is_read() {
    for media in ["text/plain", "application/json; charset=gbk", "application/x-www-form-urlencoded", ""] {
        let request = Request::post("/echo").header("content-type", media).body(Content::from("{}")).unwrap();
        let (status, body) = send(request, Some(Principal::Customer(CustomerId::mint()))).await;
        assert_eq!(
            (status.as_u16(), body["code"].as_str()),
            (415, Some("unsupported_media_type")),
            "{media}"
        );
    }
    let mut latin = post(vec![b'"', 0xff, 0xfe, b'"']);
    latin.headers_mut().insert("accept-language", "en".parse().unwrap());
    let (status, body) = send(latin, Some(Principal::Customer(CustomerId::mint()))).await;
    assert_eq!(status.as_u16(), 400);
    assert!(body["detail"].as_str().unwrap().starts_with("The body is malformed"));
}

#[test]
fn the_preferred_language_is_spoken() {
    for (accept, lang) in [
        ("en", Lang::English),
        ("en-US,en;q=0.9,zh;q=0.8", Lang::English),
        ("zh-CN,zh;q=0.9,en;q=0.8", Lang::Chinese),
        ("fr, en;q=0.3, zh;q=0.5", Lang::Chinese),
        ("fr", Lang::Chinese),
        ("", Lang::Chinese),
        ("en;q=banana", Lang::Chinese),
    ] {
        let mut headers = axum::http::HeaderMap::new();
        headers.insert("accept-language", accept.parse().unwrap());
        assert_eq!(Lang::of(&headers), lang, "{accept}");
    }
}

/// Administrators do everything, once another has countersigned it.
struct TwoPairsOfEyes;

impl Authority for TwoPairsOfEyes {
    fn decide(&self, request: &AccessRequest<'_>) -> Decision {
        let is_staff = matches!(request.session.principal, Principal::Staff(_, Role::Administrator));
        Decision { allowed: is_staff && request.countersigned, policies: Vec::new() }
    }
}

#[tokio::test]
async fn what_nobody_countersigns_is_not_done() {
    let routes = || {
        let routes = Routes::of(()).add(Access::Staff, routes!(shared)).add(Access::Staff, routes!(desk));
        routes.finish().governed(Arc::new(TwoPairsOfEyes))
    };
    let act = || Request::post("/console/desk/1").body(Content::empty()).unwrap();
    let look = Request::get("/desk").body(Content::empty()).unwrap();
    let staff = |role| Some(Principal::Staff(StaffId::mint(), role));
    let (status, body) = send_to(routes(), act(), staff(Role::Administrator)).await;
    assert_eq!((status.as_u16(), &body["code"]), (503, &"unavailable".into()), "nobody keeps them here");
    let (status, body) = send_to(routes(), act(), staff(Role::Viewer)).await;
    assert_eq!((status.as_u16(), &body["code"]), (403, &"not_allowed".into()));
    let (status, body) = send_to(routes(), look, staff(Role::Administrator)).await;
    assert_eq!((status.as_u16(), &body["code"]), (403, &"not_allowed".into()), "a look is not countersigned");
}
