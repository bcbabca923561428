//! Sessions that are bound to a device, and requests that come from it or do not.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use clock::Timestamp;
use dpop::testing::{Device, Draft};
use http::Visitor;
use tower::ServiceExt;

use super::door;

/// Who the gateway says is there, for those who are not signed in, too.
#[utoipa::path(get, path = "/api/who", responses((status = 200)))]
pub(super) async fn who(axum::Extension(visitor): axum::Extension<Visitor>) -> String {
    format!("{} {}", visitor.customer.is_some(), visitor.device_key.unwrap_or_default())
}

const ECHO: &str = "http://bank.test/api/echo";

struct Bank(axum::Router);

impl Bank {
    async fn ask(&self, line: &str, headers: &[(&str, &str)]) -> (StatusCode, Option<String>, String) {
        let (method, path) = line.split_once(' ').unwrap();
        let mut request = Request::builder().method(method).uri(path).header("host", "bank.test");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = if method == "POST" { "\"hello\"" } else { "" };
        let request = request.header("content-type", "application/json").body(Body::from(body)).unwrap();
        let response = self.0.clone().oneshot(request).await.unwrap();
        let nonce = response.headers().get("dpop-nonce").map(|nonce| nonce.to_str().unwrap().to_owned());
        let (status, body) = (response.status(), response.into_body());
        let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
        (status, nonce, String::from_utf8_lossy(&body).into_owned())
    }

    /// The nonce that a page learns when it asks for the first time.
    async fn nonce(&self, device: &Device) -> String {
        let first = device.proof("POST", ECHO, Timestamp::now(), "");
        let (status, nonce, body) = self.ask("POST /api/echo", &[("dpop", &first)]).await;
        assert_eq!(status.as_u16(), 401);
        assert!(body.contains("proof_nonce_"), "{body}");
        nonce.unwrap()
    }
}

fn cookie(device: &Device) -> String {
    format!("yh_session=bound:{}", device.thumbprint())
}

#[tokio::test]
async fn a_bound_session_is_good_on_its_device_alone() {
    let bank = Bank(door(&[]));
    let (own, thief) = (Device::new(), Device::new());
    let nonce = bank.nonce(&own).await;
    let make = |device: &Device, change: fn(Draft) -> Draft| {
        device.sign(&change(device.draft("POST", ECHO, Timestamp::now(), &nonce)))
    };
    let plain = |draft: Draft| draft;
    let bound = cookie(&own);
    let token = format!("bound:{}", own.thumbprint());
    let bearer = format!("Bearer {token}");
    let twice = make(&own, plain);
    let with_token = own.sign(&own.draft("POST", ECHO, Timestamp::now(), &nonce).for_token(&token));
    for (proof, name, value, status, code) in [
        (None, "cookie", bound.as_str(), 401, "proof_missing"),
        (Some(make(&own, plain)), "cookie", bound.as_str(), 200, "hello"),
        (Some(make(&thief, plain)), "cookie", bound.as_str(), 401, "proof_key_other"),
        (Some(make(&own, plain)), "cookie", "yh_session=good", 200, "hello"),
        (Some(twice.clone()), "cookie", bound.as_str(), 200, "hello"),
        (Some(twice), "cookie", bound.as_str(), 401, "proof_replayed"),
        (Some(make(&own, |draft| draft.with("htm", "GET"))), "cookie", bound.as_str(), 401, "proof_method"),
        (
            Some(make(&own, |draft| draft.with("htu", "http://bank.test/api/pay"))),
            "cookie",
            bound.as_str(),
            401,
            "proof_url",
        ),
        (
            Some(make(&own, |draft| draft.with("htu", "http://evil.test/api/echo"))),
            "cookie",
            bound.as_str(),
            401,
            "proof_url",
        ),
        (Some(make(&own, plain)), "authorization", bearer.as_str(), 401, "proof_token"),
        (Some(with_token), "authorization", bearer.as_str(), 200, "hello"),
        (Some("nonsense".to_owned()), "cookie", "yh_session=good", 401, "proof_malformed"),
    ] {
        let mut headers = vec![(name, value)];
        if let Some(proof) = &proof {
            headers.push(("dpop", proof));
        }
        let (answered, nonce, body) = bank.ask("POST /api/echo", &headers).await;
        assert_eq!(answered.as_u16(), status, "{code}: {body}");
        assert!(body.contains(code), "{code}: {body}");
        assert_eq!(nonce.is_some(), proof.is_some(), "the next nonce comes along");
    }
}

#[tokio::test]
async fn two_proofs_are_one_too_many() {
    let bank = Bank(door(&[]));
    let device = Device::new();
    let nonce = bank.nonce(&device).await;
    let (one, two) = (
        device.proof("POST", ECHO, Timestamp::now(), &nonce),
        device.proof("POST", ECHO, Timestamp::now(), &nonce),
    );
    let (status, _, body) = bank.ask("POST /api/echo", &[("dpop", &one), ("dpop", &two)]).await;
    assert_eq!(status.as_u16(), 401);
    assert!(body.contains("proof_malformed"), "{body}");
}

#[tokio::test]
async fn at_the_door_a_proof_says_which_device_it_is() {
    let bank = Bank(door(&[]));
    let device = Device::new();
    let nonce = bank.nonce(&device).await;
    let url = "http://bank.test/api/who";
    let proof = device.proof("GET", url, Timestamp::now(), &nonce);
    let (_, _, body) = bank.ask("GET /api/who", &[("dpop", &proof)]).await;
    assert_eq!(body, format!("false {}", device.thumbprint()));
    // Somebody who was signed in here once, and whose page is too old to prove it, is not refused what anybody may.
    let (status, _, body) = bank.ask("GET /api/who", &[("cookie", &cookie(&device))]).await;
    assert_eq!((status.as_u16(), body.as_str()), (200, "false "));
}

#[tokio::test]
async fn another_process_takes_a_proof_for_a_look_and_none_for_a_change() {
    let (here, there) = (Bank(door(&[])), Bank(door(&[])));
    let device = Device::new();
    let nonce = here.nonce(&device).await;
    let proof = device.proof("POST", ECHO, Timestamp::now(), &nonce);
    let bound = cookie(&device);
    let (status, fresh, body) = there.ask("POST /api/echo", &[("dpop", &proof), ("cookie", &bound)]).await;
    assert_eq!(status.as_u16(), 401);
    assert!(body.contains("proof_nonce_needed"), "{body}");
    let proof = device.proof("POST", ECHO, Timestamp::now(), &fresh.unwrap());
    let (status, ..) = there.ask("POST /api/echo", &[("dpop", &proof), ("cookie", &bound)]).await;
    assert_eq!(status.as_u16(), 200);
    let look = device.proof("GET", "http://bank.test/api/who", Timestamp::now(), &nonce);
    let (_, _, body) = there.ask("GET /api/who", &[("dpop", &look), ("cookie", &bound)]).await;
    assert!(body.starts_with("true "), "{body}");
}
