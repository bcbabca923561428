//! Refusals on the wire: RFC 9457 problem details with stable codes, in the caller's language.

use axum::http::header::{CONTENT_LANGUAGE, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use contracts::Unavailable;
use serde_json::{Map, Value};

use crate::{Lang, Unproved};

/// What an error means to the one who asked: the row of a domain's table of consequences.
#[derive(Debug, Clone, PartialEq)]
pub struct Consequence {
    /// HTTP status.
    pub status: u16,
    /// Stable, snake_case; programs read it.
    pub code: &'static str,
    /// What happened and what to do, in Chinese.
    pub zh: String,
    /// What happened and what to do, in English.
    pub en: String,
    /// Further members, for example `tries_left`.
    pub fields: Vec<(&'static str, Value)>,
    /// Seconds after which it may be tried again.
    pub retry_after_s: Option<u64>,
}

impl Consequence {
    /// A row of the table.
    #[must_use]
    pub fn new(status: u16, code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { status, code, zh: zh.into(), en: en.into(), fields: Vec::new(), retry_after_s: None }
    }

    /// With a further member.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.fields.push((name, value.into()));
        self
    }

    /// With `Retry-After`.
    #[must_use]
    pub const fn retry_after_s(mut self, seconds: u64) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    /// Something of ours failed; nothing was done, or it is unknown and asking again with the same ids is safe.
    #[must_use]
    pub fn unavailable() -> Self {
        Self::new(
            503,
            "unavailable",
            "服务暂时繁忙，请稍后用同一请求重试，不会重复办理。",
            "The service is busy. Send the same request again in a moment; nothing is done twice.",
        )
        .retry_after_s(2)
    }

    /// The disk is full: nothing was done.
    #[must_use]
    pub fn storage_full() -> Self {
        Self::new(
            507,
            "storage_full",
            "系统存储空间不足，本次操作未办理，请稍后再试。",
            "The bank's storage is full. Nothing was done; please try again later.",
        )
        .retry_after_s(60)
    }

    /// A field of the request has a value it may not have.
    #[must_use]
    pub fn invalid_field(field: &str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(422, "invalid_field", zh, en).with("field", field)
    }

    /// There is no such thing, or the caller may not know of it.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(404, "not_found", "没有找到您要的内容。", "There is nothing here.")
    }
}

/// An error of a domain that reaches the caller: one match gives each variant its [`Consequence`].
pub trait Refusal: std::error::Error + Send + Sync + 'static {
    /// What it means to the caller.
    fn consequence(&self) -> Consequence;
}

impl Refusal for Unavailable {
    fn consequence(&self) -> Consequence {
        Consequence::unavailable()
    }
}

/// A refusal on its way out.
#[derive(Debug, Clone)]
pub struct Problem(Box<Consequence>);

impl Problem {
    /// Nobody is signed in.
    #[must_use]
    pub fn not_signed_in() -> Self {
        let words = ("请先登录。", "Please sign in first.");
        Consequence::new(401, "not_signed_in", words.0, words.1).into()
    }

    /// The session is bound to a device, and the request did not prove to come from it.
    #[must_use]
    pub fn unproved(why: Unproved) -> Self {
        let code = match why {
            Unproved::Missing => "proof_missing",
            Unproved::OtherKey => "proof_key_other",
        };
        let words = (
            "登录状态与当前设备不符，请重新登录。",
            "This sign-in belongs to another device. Please sign in again.",
        );
        Consequence::new(401, code, words.0, words.1).into()
    }

    /// Signed in, but not for this.
    #[must_use]
    pub fn not_allowed() -> Self {
        let words = ("您没有办理此项业务的权限。", "You are not allowed to do this.");
        Consequence::new(403, "not_allowed", words.0, words.1).into()
    }

    /// What it says.
    #[must_use]
    pub const fn consequence(&self) -> &Consequence {
        &self.0
    }

    fn render(&self, lang: Lang) -> Response {
        let Consequence { status, code, zh, en, fields, retry_after_s } = &*self.0;
        let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let detail = if lang == Lang::English { en } else { zh };
        let mut body = Map::new();
        body.insert("type".into(), format!("urn:yuanhang:problem:{code}").into());
        body.insert("title".into(), status.canonical_reason().unwrap_or("Error").into());
        body.insert("status".into(), status.as_u16().into());
        body.insert("code".into(), (*code).into());
        body.insert("detail".into(), detail.clone().into());
        body.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        let mut response = (status, Value::Object(body).to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(CONTENT_LANGUAGE, lang.header());
        if let Some(seconds) = retry_after_s {
            headers.insert(RETRY_AFTER, HeaderValue::from(*seconds));
        }
        response
    }
}

impl From<Consequence> for Problem {
    fn from(consequence: Consequence) -> Self {
        Self(Box::new(consequence))
    }
}

impl<E: Refusal> From<E> for Problem {
    fn from(error: E) -> Self {
        let consequence = error.consequence();
        if consequence.status >= 500 {
            let source = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
            tracing::error!(code = consequence.code, %error, source, "a request failed");
        }
        consequence.into()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.render(Lang::Chinese);
        // The gateway renders it again where the caller prefers English; a handler need not know the language.
        response.extensions_mut().insert(self);
        response
    }
}

/// The same answer in `lang`: renders problems again, leaves everything else as it is.
#[must_use]
pub fn localize(response: Response, lang: Lang) -> Response {
    match response.extensions().get::<Problem>() {
        Some(problem) if lang == Lang::English => {
            let mut localized = problem.render(lang);
            for (name, value) in response.headers() {
                if !localized.headers().contains_key(name) && name != "content-length" {
                    localized.headers_mut().insert(name.clone(), value.clone());
                }
            }
            localized
        }
        _ => response,
    }
}

/// The shape of a problem in the OpenAPI description (RFC 9457). Further members may follow, see the code.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct ProblemBody {
    /// `urn:yuanhang:problem:<code>`.
    pub r#type: String,
    /// The status in words.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// Stable code, snake_case.
    pub code: String,
    /// What happened and what to do, in the caller's language.
    pub detail: String,
    /// Which field is meant, where one is.
    pub field: Option<String>,
}
