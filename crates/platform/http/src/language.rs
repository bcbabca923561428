//! The language of an answer.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};

/// Simplified Chinese unless the caller prefers English (`Accept-Language`, RFC 9110 §12.5.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// zh-CN.
    #[default]
    Chinese,
    /// en.
    English,
}

impl Lang {
    /// The preferred one of the two.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        headers
            .get(ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok())
            .map_or(Self::Chinese, Self::negotiate)
    }

    fn negotiate(accept: &str) -> Self {
        let mut best = (0_u32, Self::Chinese);
        for range in accept.split(',') {
            let mut parts = range.trim().split(';');
            let tag = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
            let quality = parts.find_map(|part| part.trim().strip_prefix("q=")).map_or(1000, thousandths);
            let lang = match tag.split('-').next() {
                Some("zh") => Self::Chinese,
                Some("en") => Self::English,
                _ => continue,
            };
            if quality > best.0 {
                best = (quality, lang);
            }
        }
        best.1
    }

    /// The tag for `Content-Language`.
    #[must_use]
    pub const fn header(self) -> HeaderValue {
        match self {
            Self::Chinese => HeaderValue::from_static("zh-CN"),
            Self::English => HeaderValue::from_static("en"),
        }
    }
}

/// `0.8` → 800. Anything malformed counts as nothing.
fn thousandths(quality: &str) -> u32 {
    let (whole, fraction) = quality.split_once('.').unwrap_or((quality, ""));
    let digits = format!("{fraction:0<3}");
    match (whole, digits.get(..3).and_then(|three| three.parse::<u32>().ok())) {
        ("1", _) => 1000,
        ("0", Some(three)) => three,
        _ => 0,
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Lang {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.headers))
    }
}
