//! Requests against their description: what an operation does not describe does not reach its handler.
//!
//! The description that is served (OpenAPI 3.1, whose schemas are JSON Schema 2020-12) is compiled once, when the routes are
//! listed, and each request is held against it behind the check of [`crate::Access`]: names and values of the path, the query
//! and headers, the media type, and the body to its last field. Objects are closed: a field that the description does not
//! name is refused, unless its schema says that others may follow. What a handler knows better (that an amount has too many
//! decimals) the description leaves to it.
//!
//! Cost: a body is read twice, here and by its handler; some 10 µs for 1 KB.

mod json;
mod refusal;
mod schema;
mod text;

use axum::RequestExt as _;
use axum::body::{Body, Bytes, HttpBody as _, to_bytes};
use axum::extract::{RawPathParams, Request};
use axum::http::header::CONTENT_TYPE;
use http_body_util::LengthLimitError;
use jsonschema::Validator;
use utoipa::openapi::OpenApi;

use crate::body::{self, IdempotencyKey};
use crate::{Consequence, Problem};
use refusal::Place;
use text::Named;

/// An operation whose description cannot be held against requests.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the description of `{operation}` cannot be checked: {why}")]
pub struct Undescribed {
    /// `POST /api/payments/transfers`.
    pub operation: String,
    /// What is wrong with it.
    pub why: String,
}

/// What one operation describes, compiled.
pub(crate) struct Described {
    /// Missing where the path names nothing.
    path: Option<Named>,
    query: Named,
    headers: Vec<(String, Named)>,
    body: Option<Carried>,
}

/// A body that an operation describes.
struct Carried {
    is_required: bool,
    /// By media type; never empty. Nothing is checked here of lines (`application/x-ndjson`): their handler reads one by one and
    /// answers each.
    content: Vec<(String, Option<Content>)>,
}

/// How a body of one media type is held against its description.
enum Content {
    /// `application/json`.
    Json(Validator),
    /// `application/x-www-form-urlencoded`.
    Form(Named),
}

/// What the operations of `path` describe, by method.
///
/// # Errors
/// [`Undescribed`]: the first that cannot be checked.
pub(crate) fn compile(
    described: &OpenApi,
    path: &str,
) -> Result<Vec<(&'static str, Described)>, Undescribed> {
    schema::operations(described, path)
}

impl Described {
    /// The request, which is what the operation describes.
    ///
    /// # Errors
    /// `not_found` for a path, `malformed_query`, `malformed_header`, `idempotency_key_missing`, `unsupported_media_type`,
    /// `body_too_large`, `malformed_body`, `invalid_field`.
    pub(crate) async fn admit(&self, request: Request) -> Result<Request, Problem> {
        let checked = self.check(request).await;
        if let Err(problem) = &checked {
            metrics::counter!("http_refused", "code" => problem.consequence().code).increment(1);
        }
        checked
    }

    async fn check(&self, mut request: Request) -> Result<Request, Problem> {
        if let Some(named) = &self.path {
            let params = request.extract_parts::<RawPathParams>().await;
            let params = params.map_err(|_| Problem::from(Consequence::not_found()))?;
            named.check(Place::Path, params.iter().map(|(name, value)| (name.into(), value.into())))?;
        }
        let query = request.uri().query().unwrap_or_default();
        self.query.check(Place::Query, form_urlencoded::parse(query.as_bytes()))?;
        for (name, named) in &self.headers {
            check_header(&request, name, named)?;
        }
        match &self.body {
            Some(carried) => carried.check(request).await,
            None => nothing(request).await,
        }
    }
}

fn check_header(request: &Request, name: &str, named: &Named) -> Result<(), Problem> {
    // It has an answer of its own, for callers that retry.
    if name.eq_ignore_ascii_case("idempotency-key") {
        return IdempotencyKey::of(request.headers()).map(|_| ());
    }
    let value = request.headers().get(name).map(|value| String::from_utf8_lossy(value.as_bytes()));
    named.check(Place::Header, value.into_iter().map(|value| (name.into(), value)))
}

/// The request, whose body says nothing.
async fn nothing(request: Request) -> Result<Request, Problem> {
    if request.body().is_end_stream() {
        return Ok(request);
    }
    let (request, bytes) = whole(request).await?;
    // An object without members says nothing: some clients send one with every POST.
    if bytes.is_empty() || bytes.trim_ascii() == b"{}" {
        return Ok(request);
    }
    let words = ("此请求不应带有请求体。", "Send no body with this request.");
    Err(Consequence::new(400, "malformed_body", words.0, words.1).into())
}

/// The request with its body, read up to the limit that the gateway sets.
async fn whole(request: Request) -> Result<(Request, Bytes), Problem> {
    let (parts, body) = request.with_limited_body().into_parts();
    let bytes = to_bytes(body, usize::MAX).await.map_err(|error| {
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
        while let Some(error) = cause {
            if error.is::<LengthLimitError>() {
                return body::too_large();
            }
            cause = error.source();
        }
        body::broken_off()
    })?;
    Ok((Request::from_parts(parts, Body::from(bytes.clone())), bytes))
}

impl Carried {
    async fn check(&self, request: Request) -> Result<Request, Problem> {
        let media_type = request.headers().get(CONTENT_TYPE).map(|value| value.as_bytes());
        if media_type.is_none() && !self.is_required && request.body().is_end_stream() {
            return Ok(request);
        }
        let of_type =
            |(described, _): &&(String, Option<Content>)| body::is_media_type(media_type, described);
        let Some((_, content)) = self.content.iter().find(of_type) else {
            let described: Vec<_> = self.content.iter().map(|(described, _)| described.as_str()).collect();
            return Err(body::unsupported_media_type(&described.join(", ")));
        };
        let Some(content) = content else { return Ok(request) };
        let (request, bytes) = whole(request).await?;
        if bytes.is_empty() && !self.is_required {
            return Ok(request);
        }
        match content {
            Content::Json(validator) => {
                let value = json::read(&bytes)?;
                refusal::valid(validator, &value, Place::Body)?;
            }
            Content::Form(named) => named.check(Place::Form, form_urlencoded::parse(&bytes))?,
        }
        Ok(request)
    }
}
