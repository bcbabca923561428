//! What finding the session and checking the proof of its device add to a request.
//!
//! Through the whole door of a bank in this process, without a socket: the same route, which asks no store, once as a
//! stranger and once in a session that is bound to a device, in turns. The proof is signed before the clock starts.

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response};
use clock::SystemClock;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::device::Device;
use super::{Failed, Keys, keys};
use crate::composition::Bank;
use crate::configuration::Configuration;
use crate::invented::Cast;

const CAST: Cast = Cast { name: "压测客户", phone: "199", password: "bench-Passw0rd", pin: "280517" };
const HOST: &str = "bank.example";
const ROUTE: &str = "/api/customers/documents";
const SIGN_IN: &str = "/api/identity/sign-in";

pub(super) async fn measure(requests: u32) -> Result<Keys, Failed> {
    let folder = db::testing::Folder::try_new()?;
    let mut configuration = Configuration { data_dir: folder.path().to_owned(), ..Configuration::default() };
    configuration.identity.new_device_two_factors = false;
    configuration.identity.sealed_passwords = false;
    configuration.gateway.limits = configuration.gateway.limits.unbounded();
    let mut bank = Bank::open(&configuration, Arc::new(SystemClock)).await?;
    let people = CAST.enroll(&bank.books()?, 1).await?;
    let door = bank.door()?.router;
    let device = Device::try_new()?;
    let (cookie, mut nonce) = sign_in(&door, &device, &people.first().ok_or("nobody")?.phone).await?;
    let (mut stranger, mut bound) = (Vec::new(), Vec::new());
    for _ in 0..requests {
        stranger.push(timed(&door, request("GET", ROUTE, &[])?).await?.0);
        let proof = device.proof("GET", &format!("https://{HOST}{ROUTE}"), Some(&nonce))?;
        let headers = [("cookie", cookie.as_str()), ("dpop", proof.as_str())];
        let (took, answer) = timed(&door, request("GET", ROUTE, &headers)?).await?;
        bound.push(took);
        nonce = header(&answer, "dpop-nonce").ok_or("no nonce")?;
    }
    // The session is the customer's: the requests that were timed were not a stranger's with a cookie that nobody knows.
    let path = "/api/identity/session";
    let proof = device.proof("GET", &format!("https://{HOST}{path}"), Some(&nonce))?;
    timed(&door, request("GET", path, &[("cookie", &cookie), ("dpop", &proof)])?).await?;
    bank.close().await;
    let (stranger, bound) = (median(stranger), median(bound));
    Ok(keys(json!({
        "request_p50_us": bound.saturating_sub(stranger).div_ceil(1_000),
        "request_stranger_p50_us": stranger.div_ceil(1_000),
        "request_bound_p50_us": bound.div_ceil(1_000),
        "requests": requests,
    })))
}

/// The cookie of a session that is bound to `device`, and the next nonce.
async fn sign_in(door: &Router, device: &Device, name: &str) -> Result<(String, String), Failed> {
    let body = json!({"name": name, "password": CAST.password}).to_string();
    let mut nonce: Option<String> = None;
    loop {
        let proof = device.proof("POST", &format!("https://{HOST}{SIGN_IN}"), nonce.as_deref())?;
        let headers = [("dpop", proof.as_str()), ("content-type", "application/json")];
        let mut request = request("POST", SIGN_IN, &headers)?;
        *request.body_mut() = Body::from(body.clone());
        let answer = door.clone().oneshot(request).await?;
        let next = header(&answer, "dpop-nonce").ok_or("no nonce")?;
        let cookies = answer.headers().get_all("set-cookie").iter();
        let mut cookies = cookies.filter_map(|cookie| cookie.to_str().ok()?.split(';').next());
        if let Some(cookie) = cookies.find(|cookie| cookie.starts_with("yh_session=")) {
            return Ok((cookie.to_owned(), next));
        }
        if nonce.replace(next).is_some() {
            let body = to_bytes(answer.into_body(), 1 << 16).await?;
            return Err(format!("the sign-in was refused: {}", String::from_utf8_lossy(&body)).into());
        }
    }
}

fn request(method: &str, path: &str, headers: &[(&str, &str)]) -> Result<Request<Body>, Failed> {
    let mut request = Request::builder().method(method).uri(path).header("host", HOST);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    Ok(request.body(Body::empty())?)
}

fn header(answer: &Response<Body>, name: &str) -> Option<String> {
    answer.headers().get(name)?.to_str().ok().map(str::to_owned)
}

/// How long a request took that was answered, nanoseconds.
async fn timed(door: &Router, request: Request<Body>) -> Result<(u64, Response<Body>), Failed> {
    let door = door.clone();
    let began = Instant::now();
    let answer = door.oneshot(request).await?;
    let took = u64::try_from(began.elapsed().as_nanos())?;
    if answer.status().is_success() {
        return Ok((took, answer));
    }
    let body: Value = serde_json::from_slice(&to_bytes(answer.into_body(), 1 << 16).await?)?;
    Err(format!("a request was refused: {body}").into())
}

fn median(mut taken: Vec<u64>) -> u64 {
    taken.sort_unstable();
    taken.get(taken.len() / 2).copied().unwrap_or_default()
}
