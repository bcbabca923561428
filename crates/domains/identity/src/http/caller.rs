//! Reading where a request comes from, and writing cookies.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header::{COOKIE, ORIGIN, SET_COOKIE, USER_AGENT};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::AppendHeaders;
use contracts::messages::Language;
use http::{Lang, Problem, Visitor};
use secrecy::Secret;

use crate::Settings;
use crate::model::source;
use crate::service::{Caller, Identities};

pub(super) const SESSION: &str = "yh_session";
pub(super) const STAFF: &str = "yh_staff";
pub(super) const DEVICE: &str = "yh_device";

/// As long as browsers keep a cookie at all (RFC 6265bis: 400 days).
pub(super) const DEVICE_KEPT_S: u32 = 400 * 24 * 3600;

/// Length of a token: 256 bits in base64url without padding.
const TOKEN_LENGTH: usize = 43;

impl FromRequestParts<Arc<Identities>> for Caller {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, identities: &Arc<Identities>) -> Result<Self, Problem> {
        // The gateway sets the address of the client; without one, all share one budget.
        let address = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(address)| address.ip());
        let agent = parts.headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let caller = Self {
            address,
            network: source::network(address),
            device: device(&parts.headers),
            device_name: source::device_name(agent),
            channel: source::channel(agent),
            language: match Lang::of(&parts.headers) {
                Lang::Chinese => Language::Chinese,
                Lang::English => Language::English,
            },
            device_key: parts
                .extensions
                .get::<Visitor>()
                .and_then(|visitor| visitor.device_key.as_deref()?.parse().ok()),
            origin: parts.headers.get(ORIGIN).and_then(|value| Some(value.to_str().ok()?.to_owned())),
            tablet: None,
        };
        Ok(identities.placed(caller).await?)
    }
}

fn device(headers: &HeaderMap) -> Option<Secret<String>> {
    let well_formed = |token: &&str| {
        token.len() == TOKEN_LENGTH
            && token.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find_map(|(name, token)| (name == DEVICE).then_some(token))
        .filter(well_formed)
        .map(|token| Secret::new(token.to_owned()))
}

/// A cookie that scripts cannot read and that other sites cannot use. `kept_s` 0 removes it.
pub(super) fn cookie(
    settings: &Settings,
    name: &str,
    value: &Secret<String>,
    kept_s: u32,
) -> (HeaderName, HeaderValue) {
    let secure = if settings.cookie_secure { "; Secure" } else { "" };
    let text =
        format!("{name}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age={kept_s}{secure}", value.expose());
    let mut header = HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""));
    header.set_sensitive(true);
    (SET_COOKIE, header)
}

/// The cookie of a device that came with none: what was begun on it is bound to `token`.
pub(super) fn device_cookie(
    settings: &Settings,
    caller: &Caller,
    token: &Secret<String>,
) -> AppendHeaders<Vec<(HeaderName, HeaderValue)>> {
    let is_new = caller.device.is_none();
    AppendHeaders(is_new.then(|| cookie(settings, DEVICE, token, DEVICE_KEPT_S)).into_iter().collect())
}

/// Removes a cookie.
pub(super) fn no_cookie(settings: &Settings, name: &str) -> (HeaderName, HeaderValue) {
    cookie(settings, name, &Secret::new(String::new()), 0)
}
