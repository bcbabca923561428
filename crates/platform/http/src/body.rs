//! Reading requests strictly: bodies, forms, queries, path segments, idempotency keys.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::{Consequence, Problem};

const JSON: &str = "application/json";
/// Nesting beyond this is nobody's honest request.
const DEPTH_MAX: u32 = 16;

/// A JSON body (RFC 8259, UTF-8). Declare `T` with `deny_unknown_fields`: an unknown field is a mistake that the
/// caller should hear of. The size is limited by the gateway.
#[derive(Debug, Clone)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> Body<T> {
    /// Reads the bytes of a body.
    ///
    /// # Errors
    /// `malformed_body` and its like: what a route that takes it refuses.
    pub fn read(bytes: &[u8]) -> Result<T, Problem> {
        check_depth(bytes)?;
        serde_json::from_slice(bytes).map_err(|error| malformed(&error))
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;
    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_media_type(request.headers().get(CONTENT_TYPE).map(|value| value.as_bytes()), JSON) {
            return Err(unsupported_media_type(JSON));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| unread(&rejection))?;
        Self::read(&bytes).map(Self)
    }
}

/// A form (`application/x-www-form-urlencoded`), where a standard says that a body is one; JSON elsewhere. What a standard
/// lets be added is passed over, so `T` does not deny unknown fields.
#[derive(Debug, Clone)]
pub struct Form<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = Problem;
    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        axum::Form::<T>::from_request(request, state).await.map(|axum::Form(value)| Self(value)).map_err(
            |rejection| {
                let (status, why) = (rejection.status().as_u16(), rejection.body_text());
                let code = if status == 415 { "unsupported_media_type" } else { "malformed_body" };
                Consequence::new(
                    if status == 422 { 400 } else { status },
                    code,
                    format!("表单不正确：{why}"),
                    format!("The form is malformed: {why}"),
                )
                .into()
            },
        )
    }
}

/// Whether a `Content-Type` is `described`, in UTF-8.
pub(crate) fn is_media_type(value: Option<&[u8]>, described: &str) -> bool {
    let text =
        value.and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default().to_ascii_lowercase();
    let mut parts = text.split(';').map(str::trim);
    let is_described = parts.next() == Some(described);
    is_described
        && parts.all(|part| part.strip_prefix("charset=").is_none_or(|set| set.trim_matches('"') == "utf-8"))
}

pub(crate) fn unsupported_media_type(described: &str) -> Problem {
    Consequence::new(
        415,
        "unsupported_media_type",
        format!("请求体须为 UTF-8 编码的 {described}。"),
        format!("Send the body as {described} in UTF-8."),
    )
    .into()
}

fn unread(rejection: &BytesRejection) -> Problem {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE { too_large() } else { broken_off() }
}

pub(crate) fn too_large() -> Problem {
    Consequence::new(413, "body_too_large", "请求内容过大。", "The body is too large.").into()
}

pub(crate) fn broken_off() -> Problem {
    Consequence::new(400, "malformed_body", "请求体不完整。", "The body did not arrive whole.").into()
}

pub(crate) fn check_depth(bytes: &[u8]) -> Result<(), Problem> {
    let (mut depth, mut in_text, mut escaped) = (0_u32, false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'{' | b'[' if !in_text => depth += 1,
            b'}' | b']' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEPTH_MAX {
            let words = ("请求体嵌套过深。", "The body is nested too deeply.");
            return Err(Consequence::new(400, "malformed_body", words.0, words.1).into());
        }
    }
    Ok(())
}

pub(crate) fn malformed(error: &serde_json::Error) -> Problem {
    // serde's message names the field and the place; it holds no value longer than what the caller sent.
    let zh = format!("请求体格式不正确（第 {} 行第 {} 列）：{error}", error.line(), error.column());
    Consequence::new(400, "malformed_body", zh, format!("The body is malformed: {error}")).into()
}

/// The query of a request. Declare `T` with `deny_unknown_fields`.
#[derive(Debug, Clone)]
pub struct Params<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Query::<T>::try_from_uri(&parts.uri).map(|Query(value)| Self(value)).map_err(|rejection| {
            let why = rejection.body_text();
            Consequence::new(
                400,
                "malformed_query",
                format!("查询参数不正确：{why}"),
                format!("The query is malformed: {why}"),
            )
            .into()
        })
    }
}

/// Path segments, typed: `Segments(id): Segments<AccountId>`. What does not parse is not found.
#[derive(Debug, Clone)]
pub struct Segments<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Segments<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        Path::<T>::from_request_parts(parts, state)
            .await
            .map(|Path(value)| Self(value))
            .map_err(|_| Consequence::not_found().into())
    }
}

/// The `Idempotency-Key` header, a UUID minted by the caller: the same act again carries the same key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdempotencyKey(pub Uuid);

impl IdempotencyKey {
    pub(crate) fn of(headers: &HeaderMap) -> Result<Self, Problem> {
        let key = headers
            .get("idempotency-key")
            .and_then(|value| value.to_str().ok())
            .and_then(|text| Uuid::try_parse(text.trim_matches('"')).ok());
        key.map(Self).ok_or_else(|| {
            Consequence::new(
                400,
                "idempotency_key_missing",
                "缺少有效的 Idempotency-Key 请求头（UUID）。",
                "Send an Idempotency-Key header holding a UUID that you keep for retries.",
            )
            .into()
        })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Self::of(&parts.headers)
    }
}
