//! The built pages: found by path, sent compressed, remembered by browsers for ever where their name bears a hash.

use std::borrow::Cow;
use std::sync::Arc;

use axum::body::Body;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};

/// One file of a built app.
#[derive(Debug, Clone)]
pub struct Page {
    /// Its content.
    pub content: Cow<'static, [u8]>,
    /// Its media type.
    pub media_type: String,
    /// Hash of its content, for `ETag`.
    pub hash: String,
}

/// Finds a file by its path without leading slash: `index.html`, `console/index.html`, `assets/app-1a2b.js`, and the
/// same with `.br` for its compressed form.
pub type Pages = Arc<dyn Fn(&str) -> Option<Page> + Send + Sync>;

/// Answers whatever is no route of the API: a file of an app, or the app's front page, which routes by itself.
pub(crate) fn serve(pages: &Pages, method: &Method, uri: &Uri, headers: &HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path.starts_with("api/") || !(method == Method::GET || method == Method::HEAD) {
        return http::Problem::from(http::Consequence::not_found()).into_response();
    }
    let app =
        if path == "console" || path.starts_with("console/") { "console/index.html" } else { "index.html" };
    // A name with a dot is a file: a missing one is not found. Anything else is a place inside an app.
    let is_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    let wanted = if is_file { path } else { app };
    match find(pages, wanted, headers) {
        Some((page, encoded)) => send(page, encoded, wanted, headers),
        None if is_file => http::Problem::from(http::Consequence::not_found()).into_response(),
        None => unbuilt(),
    }
}

fn find(pages: &Pages, path: &str, headers: &HeaderMap) -> Option<(Page, bool)> {
    let plain = pages(path)?;
    let accepts_brotli = headers
        .get(ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.split(',').any(|coding| coding.trim().split(';').next() == Some("br")));
    let compressed = if accepts_brotli { pages(&format!("{path}.br")) } else { None };
    match compressed {
        Some(page) => Some((Page { media_type: plain.media_type, ..page }, true)),
        None => Some((plain, false)),
    }
}

fn send(page: Page, encoded: bool, path: &str, headers: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", page.hash);
    let unchanged = headers.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let mut response = if unchanged {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Body::from(page.content.into_owned()).into_response()
    };
    let headers = response.headers_mut();
    let mut set = |name, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(CONTENT_TYPE, &page.media_type);
    set(ETAG, &tag);
    set(VARY, "accept-encoding");
    let hashed = path.contains("assets/");
    set(CACHE_CONTROL, if hashed { "public, max-age=31536000, immutable" } else { "no-cache" });
    if encoded {
        set(CONTENT_ENCODING, "br");
    }
    response
}

fn unbuilt() -> Response {
    let text = "<!doctype html><meta charset=utf-8><title>远行</title><p>页面尚未构建，请运行 <code>cargo xtask web</code>。\
                <p>The pages are not built yet: run <code>cargo xtask web</code>.";
    (StatusCode::SERVICE_UNAVAILABLE, [(CONTENT_TYPE, "text/html; charset=utf-8")], text).into_response()
}
