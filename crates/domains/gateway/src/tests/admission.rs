//! Who is refused at the door because they ask too much, or because something is closed.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{Request, Response};
use tower::ServiceExt;

use super::door_with;
use crate::{Cost, Limits, Rate, Settings};

const ONE: Rate = Rate { per_minute: 1, burst: 1 };
/// As good as none.
const MANY: Rate = Rate { per_minute: 600_000, burst: 600_000 };

/// What is asked, from where, and with which headers.
type Asked = (&'static str, &'static str, &'static [(&'static str, &'static str)]);
/// What is bounded, how, what is asked, and the status of the second answer.
type Case = (&'static str, fn(&mut Limits), [Asked; 2], u16);

fn door(change: impl FnOnce(&mut Limits)) -> axum::Router {
    let mut settings = Settings::default();
    change(&mut settings.limits);
    door_with(settings, &[])
}

fn named(route: &str) -> BTreeMap<String, Rate> {
    BTreeMap::from([(route.to_owned(), ONE)])
}

fn asked(line: &str, peer: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let (method, path) = line.split_once(' ').unwrap();
    let mut request = Request::builder().method(method).uri(path).header("host", "bank.test");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let body = match method {
        "POST" => {
            request = request.header("content-type", "application/json");
            Body::from("\"hello\"")
        }
        _ => Body::empty(),
    };
    let mut request = request.body(body).unwrap();
    request.extensions_mut().insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 7)));
    request
}

async fn told(response: Response<Body>) -> (u16, String) {
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, String::from_utf8_lossy(&body).into_owned())
}

#[tokio::test]
async fn each_kind_of_caller_has_a_bound_of_its_own() {
    const SIGNED_IN: &[(&str, &str)] = &[("cookie", "yh_session=good")];
    const ECHO: &str = "POST /api/echo";
    let (here, there) = ("203.0.113.7", "203.0.113.8");
    let cases: [Case; 7] = [
        ("an address", |limits| limits.address = ONE, [(ECHO, here, &[]), (ECHO, here, &[])], 429),
        ("another address", |limits| limits.address = ONE, [(ECHO, here, &[]), (ECHO, there, &[])], 401),
        ("pages count too", |limits| limits.address = ONE, [("GET /", here, &[]), (ECHO, here, &[])], 429),
        (
            "a customer",
            |limits| limits.customer = ONE,
            [(ECHO, here, SIGNED_IN), (ECHO, there, SIGNED_IN)],
            429,
        ),
        (
            "a stranger beside",
            |limits| limits.customer = ONE,
            [(ECHO, here, SIGNED_IN), (ECHO, here, &[])],
            401,
        ),
        (
            "a route",
            |limits| limits.routes = named("echo"),
            [(ECHO, here, &[]), (ECHO, there, SIGNED_IN)],
            429,
        ),
        (
            "another route",
            |limits| limits.routes = named("POST /api/echo"),
            [(ECHO, here, &[]), ("GET /api/who", here, &[])],
            200,
        ),
    ];
    for (what, change, [first, second], status) in cases {
        let door = door(change);
        let ask = async |(line, peer, headers): Asked| {
            told(door.clone().oneshot(asked(line, peer, headers)).await.unwrap()).await
        };
        let begun = ask(first).await;
        assert_ne!(begun.0, 429, "{what}: {begun:?}");
        let answered = ask(second).await;
        assert_eq!(answered.0, status, "{what}: {answered:?}");
        assert_eq!(answered.1.contains("too_many_requests"), status == 429, "{what}");
    }
}

#[tokio::test]
async fn what_a_request_costs_is_for_its_route_to_say() {
    for (cost, passed) in [(Cost::Browse, 10), (Cost::Act, 2), (Cost::Secret, 1)] {
        let door = door(|limits| {
            limits.address = Rate { per_minute: 1, burst: 10 };
            limits.cost_of.insert("echo".to_owned(), cost);
        });
        let mut passing = 0;
        for _ in 0..12 {
            let request = asked("POST /api/echo", "203.0.113.7", &[]);
            passing += usize::from(door.clone().oneshot(request).await.unwrap().status() != 429);
        }
        assert_eq!(passing, passed, "{cost:?}");
    }
}

#[tokio::test]
async fn a_refusal_says_when_and_in_which_language() {
    let door = door(|limits| {
        limits.address = Rate { per_minute: 2, burst: 1 };
        limits.customer = MANY;
    });
    let english = [("accept-language", "en")];
    let ask = async || door.clone().oneshot(asked("GET /api/who", "203.0.113.7", &english)).await.unwrap();
    assert_eq!(ask().await.status(), 200);
    let response = ask().await;
    assert_eq!(response.headers()["retry-after"], "30");
    let (status, body) = told(response).await;
    assert_eq!(status, 429);
    assert!(body.contains("Too many requests. Please try again in 30 seconds."), "{body}");
}

#[tokio::test]
async fn what_is_closed_is_refused_before_anybody_asks_who_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("maintenance.toml");
    std::fs::write(&file, "[[switch]]\noperations = [\"echo\"]\n").unwrap();
    let door = door_with(Settings { maintenance_file: Some(file), ..Settings::default() }, &[]);
    for (line, status, code) in
        [("POST /api/echo", 503, "\"maintenance\""), ("GET /api/who", 200, ""), ("GET /", 200, "front")]
    {
        let answered = told(door.clone().oneshot(asked(line, "203.0.113.7", &[])).await.unwrap()).await;
        assert_eq!(answered.0, status, "{line}: {answered:?}");
        assert!(answered.1.contains(code), "{line}: {answered:?}");
    }
}
