//! The routes as a browser and a program meet them.

use std::net::SocketAddr;

use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::header::{COOKIE, RETRY_AFTER, SET_COOKIE};
use axum::http::{Request, Response};
use contracts::identity::{Identity, Principal, Role};
use http::{Access, Visitor};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::world::{PASSWORD, PHONE, PIN, World, quick, secret, worlds};
use crate::Settings;

pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) cookies: Vec<String>,
    retry_after: Option<String>,
    pub(super) body: Value,
}

/// A request as the gateway would hand it on: with the visitor found by the token.
pub(super) async fn call(world: &World, line: &str, body: Value, token: &str, cookies: &str) -> Answer {
    let (method, path) = line.split_once(' ').unwrap();
    let mut request = Request::builder().method(method).uri(path).header("content-type", "application/json");
    if !cookies.is_empty() {
        request = request.header(COOKIE, cookies);
    }
    request = request.header("user-agent", "Mozilla/5.0 (Linux; Android 16) Chrome/140 Mobile Safari/537");
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    let mut request = request.body(body).unwrap();
    let mut visitor = Visitor::default();
    // Without a token nothing is waited for before the route is entered.
    if !token.is_empty() {
        match world.session(&secret(token)).await {
            Some(session) if matches!(session.principal, Principal::Customer(_)) => {
                visitor.customer = Some(session)
            }
            other => visitor.staff = other,
        }
    }
    request.extensions_mut().insert(visitor);
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([192, 0, 2, 1], 4000))));
    let authority = std::sync::Arc::new(policies::PolicySet::embedded().unwrap());
    let identities = std::sync::Arc::clone(&world.identities);
    let countersigning = http::Countersigning::new(std::sync::Arc::clone(&identities) as _);
    let routes = crate::http::routes_of(identities).governed(authority).countersigned(countersigning);
    let response: Response<Body> = routes.into_router().oneshot(request).await.unwrap();
    let text = |value: &axum::http::HeaderValue| value.to_str().unwrap().to_owned();
    Answer {
        status: response.status().as_u16(),
        cookies: response.headers().get_all(SET_COOKIE).iter().map(text).collect(),
        retry_after: response.headers().get(RETRY_AFTER).map(text),
        body: serde_json::from_slice(&to_bytes(response.into_body(), 1 << 20).await.unwrap())
            .unwrap_or_default(),
    }
}

pub(super) fn code_of(answer: &Answer) -> (u16, String) {
    (answer.status, answer.body["code"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn a_customer_signs_up_and_in_and_out() {
    let world = worlds(quick()).await.remove(0);
    let asked =
        call(&world, "POST /api/identity/codes", json!({"phone": PHONE, "purpose": "sign_up"}), "", "").await;
    assert_eq!((asked.status, &asked.body), (202, &json!({"expires_in_s": 300, "resend_after_s": 60})));
    let device = asked.cookies[0].split(';').next().unwrap().to_owned();
    assert!(device.starts_with("yh_device="));
    let code = world.gateway.code(PHONE).await;
    let form = json!({"phone": PHONE, "code": code, "name": "测试甲", "id_number": "110101199003074477", "password": PASSWORD});
    let up = call(&world, "POST /api/identity/sign-up", form, "", &device).await;
    assert_eq!(up.status, 201);
    let token = up.body["token"].as_str().unwrap().to_owned();
    let name = format!("yh_session={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=43200");
    assert_eq!(up.cookies[0], name);
    assert!(up.cookies[1].starts_with("yh_device=") && up.cookies[1].contains("HttpOnly; SameSite=Strict"));
    let mut shown = call(&world, "GET /api/identity/session", Value::Null, &token, "").await.body;
    for random in ["/session_id", "/customer/id"] {
        assert_eq!(shown.pointer(random), up.body.pointer(random));
        *shown.pointer_mut(random).unwrap() = "…".into();
    }
    assert_eq!(
        shown,
        json!({
            "session_id": "…",
            "customer": {"id": "…", "name": "测试甲", "masked_phone": "139****1234", "kind": "person"},
            "channel": "app", "assurance": "one_factor", "pin_set": false,
            "started_at": "2026-11-22T08:00:00Z", "expires_at": "2026-11-22T20:00:00Z", "idle_s": 1800,
        })
    );
    let pin = json!({"password": PASSWORD, "pin": PIN});
    assert_eq!(call(&world, "PUT /api/identity/pin", pin, &token, "").await.status, 204);
    let list = call(&world, "GET /api/identity/sessions", Value::Null, &token, "").await.body;
    assert_eq!(list["sessions"][0]["current"], true);
    assert_eq!(list["sessions"][0]["device_name"], "Chrome · Android");
    let out = call(&world, "POST /api/identity/sign-out", Value::Null, &token, "").await;
    assert_eq!(
        (out.status, out.cookies[0].as_str()),
        (204, "yh_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0")
    );
    let gone = call(&world, "GET /api/identity/session", Value::Null, &token, "").await;
    assert_eq!(code_of(&gone), (401, "not_signed_in".into()));
    let again =
        call(&world, "POST /api/identity/sign-in", json!({"name": PHONE, "password": PASSWORD}), "", "")
            .await;
    assert_eq!((again.status, &again.body["pin_set"]), (200, &true.into()));
}

#[tokio::test]
async fn refusals_have_their_codes() {
    let world = worlds(quick()).await.remove(0);
    world.customer(PHONE).await;
    let token = world.try_password(PHONE, PASSWORD, "192.0.2.9", None).await.unwrap().token;
    let token = token.expose().as_str();
    let password = |password: &str| json!({"name": PHONE, "password": password});
    for (line, body, token, status, code) in [
        (
            "POST /api/identity/sign-in",
            json!({"name": PHONE, "password": PASSWORD, "totp": "000000"}),
            "",
            403,
            "totp_wrong",
        ),
        ("POST /api/identity/sign-in", password("wrong"), "", 401, "sign_in_refused"),
        ("POST /api/identity/sign-in", json!({"name": PHONE, "code": "000000"}), "", 403, "code_wrong"),
        ("POST /api/identity/sign-in", json!({"name": PHONE}), "", 422, "invalid_field"),
        (
            "POST /api/identity/sign-in",
            json!({"name": PHONE, "password": "a", "code": "b"}),
            "",
            401,
            "sign_in_refused",
        ),
        (
            "POST /api/identity/sign-in",
            json!({"name": PHONE, "password": "a", "x": 1}),
            "",
            400,
            "malformed_body",
        ),
        ("POST /api/identity/codes", json!({"phone": PHONE, "purpose": "rob"}), "", 400, "malformed_body"),
        ("POST /api/identity/codes", json!({"phone": "x", "purpose": "sign_in"}), "", 422, "invalid_field"),
        (
            "POST /api/identity/sign-in",
            json!({"name": PHONE, "password": PASSWORD, "code": "000000", "totp": "000000"}),
            "",
            422,
            "invalid_field",
        ),
        ("POST /api/identity/sign-in", json!({"name": PHONE, "totp": "000000"}), "", 422, "invalid_field"),
        ("POST /api/identity/totp", json!({"code": "000000"}), token, 409, "totp_over"),
        ("DELETE /api/identity/totp", Value::Null, token, 404, "not_found"),
        ("POST /api/identity/step-up", json!({"totp": "000000"}), token, 403, "totp_wrong"),
        ("POST /api/identity/step-up", json!({"totp": "0", "password": "0"}), token, 422, "invalid_field"),
        ("PUT /api/identity/pin", json!({"password": "x", "pin": PIN}), token, 403, "password_wrong"),
        ("PUT /api/identity/password", json!({"old": PASSWORD, "new": "weak"}), token, 422, "invalid_field"),
        ("DELETE /api/identity/sessions/x", Value::Null, token, 404, "not_found"),
        ("GET /api/identity/console/session", Value::Null, token, 401, "not_signed_in"),
        ("POST /api/identity/console/sign-in", password(PASSWORD), "", 401, "sign_in_refused"),
        ("POST /api/identity/console/passkey-sign-in/options", Value::Null, "", 403, "passkey_origin"),
        (
            "POST /api/identity/console/enrollment/options",
            json!({"name": "chief", "code": "0", "credential": {}}),
            "",
            400,
            "malformed_body",
        ),
    ] {
        let answer = call(&world, line, body, token, "").await;
        assert_eq!(code_of(&answer), (status, code.to_owned()), "{line}");
        assert!(answer.cookies.is_empty(), "{line}");
    }
    for _ in 0..4 {
        call(&world, "POST /api/identity/sign-in", password("wrong"), "", "").await;
    }
    let held = call(&world, "POST /api/identity/sign-in", password(PASSWORD), "", "").await;
    assert_eq!((code_of(&held), held.retry_after.as_deref()), ((429, "too_many_tries".into()), Some("60")));
}

#[tokio::test]
async fn staff_manage_staff_by_role() {
    let world = worlds(Settings { cookie_secure: true, ..quick() }).await.remove(0);
    for (name, role) in
        [("chief", Role::Administrator), ("clerk", Role::Operator), ("deputy", Role::Administrator)]
    {
        world.identities.ensure_staff(name, secret("Desk-lamp-42"), role).await.unwrap();
    }
    let sign_in = async |name: &str| {
        let body = json!({"name": name, "password": "Desk-lamp-42"});
        call(&world, "POST /api/identity/console/sign-in", body, "", "").await
    };
    let chief = sign_in("chief").await;
    assert_eq!((chief.status, &chief.body["role"]), (200, &"administrator".into()));
    assert!(chief.cookies.iter().all(|cookie| cookie.ends_with("; Secure")), "{:?}", chief.cookies);
    let (chief, clerk) = (chief.body["token"].clone(), sign_in("clerk").await.body["token"].clone());
    let (chief, clerk) = (chief.as_str().unwrap(), clerk.as_str().unwrap());
    let deputy = sign_in("deputy").await.body["token"].clone();
    let seconded = async |line: &str, body: Value| {
        let asked = call(&world, line, body.clone(), chief, "").await;
        assert_eq!(code_of(&asked), (403, "countersignature_needed".into()));
        let id = asked.body["countersignature"].as_str().unwrap();
        let line_of = format!("POST /api/identity/console/countersignatures/{id}");
        assert_eq!(call(&world, &line_of, Value::Null, deputy.as_str().unwrap(), "").await.status, 204);
        call(&world, line, body, chief, "").await
    };
    let new = json!({"name": "newcomer", "role": "viewer"});
    let list = "GET /api/identity/console/staff";
    assert_eq!(call(&world, list, Value::Null, clerk, "").await.status, 403);
    assert_eq!(call(&world, "POST /api/identity/console/staff", new.clone(), clerk, "").await.status, 403);
    let added = seconded("POST /api/identity/console/staff", new).await;
    assert_eq!((added.status, &added.body["staff"]["role"]), (201, &"viewer".into()));
    assert_eq!(added.body["code"].as_str().unwrap().len(), 23, "four groups of five");
    let all = call(&world, list, Value::Null, chief, "").await.body;
    let entries: Vec<_> =
        all["staff"].as_array().unwrap().iter().map(|staff| staff["entry"].clone()).collect();
    assert_eq!(entries, ["password", "password", "password", "code"]);
    let names: Vec<_> = all["staff"].as_array().unwrap().iter().map(|staff| staff["name"].clone()).collect();
    assert_eq!(names, ["chief", "clerk", "deputy", "newcomer"]);
    let id = added.body["staff"]["id"].as_str().unwrap();
    let again = format!("POST /api/identity/console/staff/{id}/enrollment");
    assert_eq!(call(&world, &again, Value::Null, clerk, "").await.status, 403);
    let given = seconded(&again, Value::Null).await;
    assert_eq!((given.status, given.body["code"] == added.body["code"]), (201, false));
    let path = format!("DELETE /api/identity/console/staff/{id}");
    assert_eq!(seconded(&path, Value::Null).await.status, 204);
    let session = call(&world, "GET /api/identity/console/session", Value::Null, clerk, "").await;
    assert_eq!(
        (session.status, &session.body["name"], session.body.get("token")),
        (200, &"clerk".into(), None)
    );
    assert_eq!(call(&world, "POST /api/identity/console/sign-out", Value::Null, clerk, "").await.status, 204);
    assert_eq!(call(&world, "GET /api/identity/console/session", Value::Null, clerk, "").await.status, 401);
}

#[tokio::test]
async fn every_route_that_is_not_public_refuses_the_stranger() {
    let world = worlds(quick()).await.remove(0);
    let routes = crate::http::routes_of(std::sync::Arc::clone(&world.identities));
    let mut public = Vec::new();
    for entry in routes.entries() {
        if entry.access == Access::Public {
            public.push(entry.path.as_str());
            continue;
        }
        let id = "01890000-0000-7000-8000-000000000000";
        let path = [
            "{id}",
            "{customer_id}",
            "{recovery_id}",
            "{third_party_id}",
            "{device_id}",
            "{countersignature_id}",
            "{emergency_id}",
        ]
        .iter()
        .fold(entry.path.clone(), |path, name| path.replace(name, id));
        let answer = call(&world, &format!("{} {path}", entry.method), json!({}), "made up", "").await;
        assert_eq!(code_of(&answer), (401, "not_signed_in".into()), "{} {path}", entry.method);
    }
    let expected = [
        "codes",
        "envelope",
        "sign-up",
        "sign-in",
        "password-resets",
        "passkeys/sign-in/options",
        "passkeys/sign-in",
        "scans",
        "scans/{id}/session",
        "tablet",
        "third-party/token",
        "console/sign-in",
        "console/sign-in",
        "console/passkey-sign-in/options",
        "console/passkey-sign-in",
        "console/enrollment/options",
        "console/enrollment",
    ];
    assert_eq!(public, expected.map(|end| format!("/api/identity/{end}")));
    assert_eq!(routes.entries().len(), 89);
}

/// A connection that breaks off, as many do in an outage, is no wrong password.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_hangs_up_while_signing_in_is_not_held_for_it() {
    for world in worlds(Settings { tries_stranger_max: 3, ..quick() }).await {
        let customer = world.customer(PHONE).await;
        let form = json!({"name": PHONE, "password": PASSWORD});
        for hung_up in 1..=6 {
            let calling = call(&world, "POST /api/identity/sign-in", form.clone(), "", "");
            let _ = tokio::time::timeout(std::time::Duration::from_millis(hung_up), calling).await;
            let decided = async {
                while world.identities.sessions_of(customer).await.unwrap().len() < hung_up as usize {
                    tokio::task::yield_now().await;
                }
            };
            let patience = std::time::Duration::from_secs(20);
            tokio::time::timeout(patience, decided).await.expect("it is decided all the same");
        }
        let signed_in = call(&world, "POST /api/identity/sign-in", form, "", "").await;
        assert_eq!(signed_in.status, 200, "{}: {}", world.store.name, signed_in.body);
    }
}
