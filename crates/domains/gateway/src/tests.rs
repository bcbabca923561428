//! What passes the door and what does not.

use std::borrow::Cow;
use std::sync::Arc;

use async_trait::async_trait;
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode};
use clock::SystemClock;
use contracts::Unavailable;
use contracts::identity::{
    ApprovalAsked, ApprovalUse, Assurance, Channel, Enrollment, Identity, PinCheck, Principal, Role, Session,
    StaffCode, Terms,
};
use dpop::{Proofs, Rules};
use http::{Access, AccessRequest, Authority, Customer, Decision, Routes};
use ids::{ApprovalId, CustomerId, DeviceId, SessionId, StaffId};
use secrecy::Secret;
use tower::ServiceExt;
use wire::Neighbor;

use super::*;
use crate::door::{Maintenance, Possession};

mod admission;
mod far;
mod firewall;
mod normal;
mod possession;

/// Knows one token, `good`, and those of sessions that are bound to a key: `bound:` and its name.
struct OneCustomer(CustomerId);

#[async_trait]
impl Identity for OneCustomer {
    async fn session(&self, token: &Secret<String>) -> Result<Option<Session>, Unavailable> {
        let now = clock::Timestamp::now();
        let bound_to = token.expose().strip_prefix("bound:");
        Ok((token.expose() == "good" || bound_to.is_some()).then(|| Session {
            id: SessionId::mint(),
            principal: Principal::Customer(self.0),
            channel: Channel::App,
            device: DeviceId::mint(),
            assurance: Assurance::OneFactor,
            started_at: now,
            expires_at: now,
            device_key: bound_to.map(str::to_owned),
            emergency_until: None,
        }))
    }
    async fn check_pin(&self, _: CustomerId, _: &Secret<String>) -> Result<PinCheck, Unavailable> {
        Ok(PinCheck::NotSet)
    }
    async fn ask_approval(
        &self,
        _: CustomerId,
        _: SessionId,
        _: Terms,
    ) -> Result<Option<ApprovalAsked>, Unavailable> {
        Ok(None)
    }
    async fn use_approval(
        &self,
        _: CustomerId,
        _: ApprovalId,
        _: &str,
        _: [u8; 16],
    ) -> Result<ApprovalUse, Unavailable> {
        Ok(ApprovalUse::Unknown)
    }
    async fn enroll_many(&self, _: Vec<Enrollment>) -> Result<(), Unavailable> {
        Ok(())
    }
    async fn ensure_staff(&self, _: &str, _: Secret<String>, _: Role) -> Result<StaffId, Unavailable> {
        Ok(StaffId::mint())
    }
    async fn enroll_staff(&self, _: &str, _: Role) -> Result<Option<StaffCode>, Unavailable> {
        Ok(None)
    }
}

#[utoipa::path(post, path = "/api/echo", request_body(content = serde_json::Value, content_type = "application/json"), responses((status = 200)))]
async fn echo(_: Customer, body: String) -> String {
    body
}

#[utoipa::path(get, path = "/api/broken", responses((status = 200)))]
async fn broken() -> String {
    panic!("deliberate")
}

/// The routes here are no bank's.
struct Anybody;

impl Authority for Anybody {
    fn decide(&self, _: &AccessRequest<'_>) -> Decision {
        Decision { allowed: true, policies: Vec::new() }
    }
}

fn door(ailing: &'static [(&'static str, &'static str)]) -> axum::Router {
    door_with(Settings::default(), ailing)
}

fn door_with(settings: Settings, ailing: &'static [(&'static str, &'static str)]) -> axum::Router {
    door_beside(&[], settings, ailing)
}

fn door_beside(
    neighbors: &[(&'static str, Arc<Neighbor>)],
    settings: Settings,
    ailing: &'static [(&'static str, &'static str)],
) -> axum::Router {
    let off = FirewallSettings { mode: FirewallMode::Off, ..FirewallSettings::default() };
    walled_door(neighbors, settings, ailing, &Arc::new(Firewall::open(&off).unwrap()))
}

fn walled_door(
    neighbors: &[(&'static str, Arc<Neighbor>)],
    settings: Settings,
    ailing: &'static [(&'static str, &'static str)],
    firewall: &Arc<Firewall>,
) -> axum::Router {
    let file = settings.maintenance_file.clone();
    let gateway = Gateway {
        firewall: Arc::clone(firewall),
        identity: Arc::new(OneCustomer(CustomerId::mint())),
        possession: Arc::new(Possession {
            proofs: Proofs::new([7; 32], Arc::new(SystemClock), Rules::default()),
            origins: Vec::new(),
        }),
        maintenance: Arc::new(Maintenance::open(file, Arc::new(SystemClock)).unwrap()),
        settings: Arc::new(settings),
    };
    let routes = Routes::of(())
        .add(Access::Customer, http::routes!(echo))
        .add(Access::Public, http::routes!(broken))
        .add(Access::Public, http::routes!(possession::who))
        .finish()
        .governed(Arc::new(Anybody));
    let pages: Pages = Arc::new(|path| {
        let content: &'static [u8] = match path {
            "index.html" => b"front",
            "console/index.html" => b"console",
            "assets/app-1.js" => b"script",
            "assets/app-1.js.br" => b"squeezed",
            _ => return None,
        };
        Some(Page { content: Cow::Borrowed(content), media_type: "text/html".into(), hash: path.into() })
    });
    let operations = Operations {
        ailing: Arc::new(move || {
            Box::pin(async move { ailing.iter().map(|(name, why)| (*name, (*why).to_owned())).collect() })
        }),
        metrics: || "metrics".to_owned(),
        demonstration: true,
    };
    gateway.door(routes, neighbors, pages, operations).0
}

async fn answer(request: Request<Body>) -> (StatusCode, Response<()>, String) {
    let response = door(&[]).oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let text = String::from_utf8_lossy(&to_bytes(body, 1 << 20).await.unwrap()).into_owned();
    (parts.status, Response::from_parts(parts, ()), text)
}

fn post(headers: &[(&str, &str)]) -> Request<Body> {
    let mut request =
        Request::post("/api/echo").header("host", "bank.test").header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::from("\"hello\"")).unwrap()
}

#[tokio::test]
async fn a_request_passes_with_a_good_token_from_its_own_site_only() {
    for (headers, status, code) in [
        (&[][..], 401, "not_signed_in"),
        (&[("cookie", "yh_session=bad")], 401, "not_signed_in"),
        (&[("cookie", "other=1; yh_session=good")], 200, ""),
        (&[("authorization", "Bearer good")], 200, ""),
        (&[("authorization", "Bearer bad"), ("cookie", "yh_session=good")], 401, "not_signed_in"),
        (&[("cookie", "yh_session=good"), ("origin", "https://bank.test")], 200, ""),
        (&[("cookie", "yh_session=good"), ("origin", "https://evil.test")], 403, "cross_site"),
        (&[("cookie", "yh_session=good"), ("origin", "null")], 403, "cross_site"),
        (&[("cookie", "yh_session=good"), ("sec-fetch-site", "cross-site")], 403, "cross_site"),
        (&[("cookie", "yh_session=good"), ("sec-fetch-site", "same-origin")], 200, ""),
    ] {
        let (answered, _, body) = answer(post(headers)).await;
        assert_eq!(answered.as_u16(), status, "{headers:?}: {body}");
        assert!(body.contains(code), "{headers:?}: {body}");
    }
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused() {
    let request = Request::post("/api/echo")
        .header("cookie", "yh_session=good")
        .header("content-type", "application/json")
        .body(Body::from(vec![b'a'; 70_000]))
        .unwrap();
    assert_eq!(answer(request).await.0, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_panic_is_an_answer_in_the_callers_language() {
    let request = Request::get("/api/broken").header("accept-language", "en").body(Body::empty()).unwrap();
    let (status, response, body) = answer(request).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(body.contains("Something went wrong on our side"), "{body}");
    assert!(!body.contains("deliberate"));
    assert_eq!(response.headers()["cache-control"], "no-store");
    assert_eq!(response.headers()["x-trace-id"].len(), 32);
}

#[tokio::test]
async fn pages_are_found_compressed_and_cached() {
    let get = |path: &str, encoding: &str| {
        Request::get(path).header("accept-encoding", encoding).body(Body::empty()).unwrap()
    };
    for (path, encoding, status, expected) in [
        ("/", "gzip, br", 200, "front"),
        ("/transfer/new", "br", 200, "front"),
        ("/console", "br", 200, "console"),
        ("/console/ledger", "", 200, "console"),
        ("/assets/app-1.js", "gzip, br;q=1", 200, "squeezed"),
        ("/assets/app-1.js", "gzip", 200, "script"),
        ("/assets/missing.js", "br", 404, "not_found"),
        ("/api/none", "br", 404, "not_found"),
    ] {
        let (answered, response, body) = answer(get(path, encoding)).await;
        assert_eq!(answered.as_u16(), status, "{path}");
        assert!(body.contains(expected), "{path}: {body}");
        assert!(
            response.headers()["content-security-policy"].to_str().unwrap().contains("script-src 'self'")
        );
    }
    let (_, first, _) = answer(get("/assets/app-1.js", "")).await;
    let again = Request::get("/assets/app-1.js")
        .header("if-none-match", first.headers()["etag"].clone())
        .body(Body::empty())
        .unwrap();
    assert_eq!(answer(again).await.0, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn a_demonstration_says_so() {
    let request = Request::get("/api/about").body(Body::empty()).unwrap();
    assert!(answer(request).await.2.contains("\"demonstration\":true"));
}

#[tokio::test]
async fn readiness_names_who_is_ailing_and_not_why() {
    let request = || Request::get("/readyz").body(Body::empty()).unwrap();
    assert_eq!(answer(request()).await.0, StatusCode::OK);
    let response = door(&[("ledger", "secret reason")]).oneshot(request()).await.unwrap();
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    let body = to_bytes(response.into_body(), 1000).await.unwrap();
    assert_eq!(body, "not ready: ledger\n");
}
