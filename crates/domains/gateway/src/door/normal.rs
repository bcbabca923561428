//! Requests that two readers could read differently are refused, before anything is decided about them.
//!
//! What passes has one meaning: its path is UTF-8, encoded once, without detours; of headers of which one counts there is
//! one; its body is what it is, not packed. Nothing is repaired: an honest client sends none of it, and whoever sits
//! between the client and the bank may already have acted on the other reading.
//!
//! Control characters (below U+0020, U+007F) in names and values of headers, lying lengths and broken chunks never come so
//! far: hyper refuses them as it reads.

use std::borrow::Cow;

use axum::extract::Request;
use axum::http::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HOST, ORIGIN, RANGE,
    TRANSFER_ENCODING, USER_AGENT,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{Consequence, Problem};

/// Of these only one may come. Two proofs of possession are refused where proofs are checked, as RFC 9449 has it.
const SINGLE: [HeaderName; 11] = [
    AUTHORIZATION,
    CONTENT_ENCODING,
    CONTENT_LENGTH,
    CONTENT_TYPE,
    HOST,
    ORIGIN,
    RANGE,
    TRANSFER_ENCODING,
    USER_AGENT,
    HeaderName::from_static("idempotency-key"),
    HeaderName::from_static("sec-fetch-site"),
];

/// Why a request was not taken as it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Irregular {
    /// A `%` without two hexadecimal digits.
    PathEncoding,
    /// Not UTF-8, overlong forms included.
    PathUtf8,
    /// What is decoded is encoded again.
    PathEncodedTwice,
    /// A slash or backslash that is encoded, or a backslash.
    PathSlash,
    /// NUL and other control characters.
    PathControl,
    /// `.` or `..`.
    PathDots,
    /// `//`.
    PathEmptySegment,
    QueryEncoding,
    QueryUtf8,
    QueryControl,
    /// Two of a header of which one counts.
    HeaderTwice,
    HeaderControl,
    /// Both a length and chunks.
    LengthTwice,
    /// A body that is packed.
    BodyEncoded,
}

impl Irregular {
    /// For metrics, and for programs that read the answer.
    const fn reason(self) -> &'static str {
        match self {
            Self::PathEncoding => "path_encoding",
            Self::PathUtf8 => "path_utf8",
            Self::PathEncodedTwice => "path_encoded_twice",
            Self::PathSlash => "path_slash",
            Self::PathControl => "path_control",
            Self::PathDots => "path_dots",
            Self::PathEmptySegment => "path_empty_segment",
            Self::QueryEncoding => "query_encoding",
            Self::QueryUtf8 => "query_utf8",
            Self::QueryControl => "query_control",
            Self::HeaderTwice => "header_twice",
            Self::HeaderControl => "header_control",
            Self::LengthTwice => "length_twice",
            Self::BodyEncoded => "body_encoded",
        }
    }

    fn consequence(self) -> Consequence {
        let row = |code, zh, en| Consequence::new(400, code, zh, en);
        let row = match self {
            Self::PathEncoding
            | Self::PathUtf8
            | Self::PathEncodedTwice
            | Self::PathSlash
            | Self::PathControl
            | Self::PathDots
            | Self::PathEmptySegment => row(
                "malformed_path",
                "网址格式不正确，请检查后重试。",
                "The address is malformed. Check it and try again.",
            ),
            Self::QueryEncoding | Self::QueryUtf8 | Self::QueryControl => row(
                "malformed_query",
                "查询参数的编码不正确，请使用 UTF-8 百分号编码。",
                "The query is malformed: encode it as UTF-8 with percent signs.",
            ),
            Self::HeaderTwice | Self::HeaderControl | Self::LengthTwice => row(
                "malformed_header",
                "请求头重复或格式不正确。",
                "A header of the request comes more than once or is malformed.",
            ),
            Self::BodyEncoded => Consequence::new(
                415,
                "content_encoding_unsupported",
                "请求体不能压缩，请直接发送。",
                "Send the body as it is, not compressed.",
            ),
        };
        row.with("reason", self.reason())
    }
}

pub(super) async fn refuse(request: Request, next: Next) -> Response {
    let Err(irregular) = check(&request) else { return next.run(request).await };
    metrics::counter!("gateway_refused", "reason" => irregular.reason()).increment(1);
    let mut response = Problem::from(irregular.consequence()).into_response();
    if irregular == Irregular::BodyEncoded {
        // RFC 9110 section 12.5.3: which codings would have been taken.
        response.headers_mut().insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    }
    response
}

fn check(request: &Request) -> Result<(), Irregular> {
    check_path(request.uri().path())?;
    request.uri().query().map_or(Ok(()), check_query)?;
    check_headers(request.headers())
}

fn check_path(path: &str) -> Result<(), Irregular> {
    if path.contains("%2f") || path.contains("%2F") || path.contains("%5c") || path.contains("%5C") {
        return Err(Irregular::PathSlash);
    }
    let decoded = decode(path, Irregular::PathEncoding, Irregular::PathUtf8)?;
    if holds_escape(decoded.as_bytes()) {
        return Err(Irregular::PathEncodedTwice);
    }
    if decoded.contains('\\') {
        return Err(Irregular::PathSlash);
    }
    if decoded.contains(char::is_control) {
        return Err(Irregular::PathControl);
    }
    let inner = decoded.strip_prefix('/').unwrap_or(&decoded);
    let inner = inner.strip_suffix('/').unwrap_or(inner);
    for segment in inner.split('/') {
        match segment {
            "." | ".." => return Err(Irregular::PathDots),
            "" if decoded.len() > 1 => return Err(Irregular::PathEmptySegment),
            _ => {}
        }
    }
    Ok(())
}

fn check_query(query: &str) -> Result<(), Irregular> {
    let decoded = decode(query, Irregular::QueryEncoding, Irregular::QueryUtf8)?;
    // Texts that customers paste may hold tabs and ends of lines.
    let is_control = |character: char| character.is_control() && !['\t', '\n', '\r'].contains(&character);
    if decoded.contains(is_control) { Err(Irregular::QueryControl) } else { Ok(()) }
}

/// The text that `encoded` stands for; borrowed where nothing is encoded.
fn decode(encoded: &str, broken: Irregular, not_text: Irregular) -> Result<Cow<'_, str>, Irregular> {
    if !encoded.contains('%') {
        return Ok(Cow::Borrowed(encoded));
    }
    let mut decoded = Vec::with_capacity(encoded.len());
    let mut bytes = encoded.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            decoded.push(byte);
            continue;
        }
        let mut digit = || char::from(bytes.next()?).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        match (digit(), digit()) {
            (Some(high), Some(low)) => decoded.push(high << 4 | low),
            _ => return Err(broken),
        }
    }
    String::from_utf8(decoded).map(Cow::Owned).map_err(|_| not_text)
}

/// Whether a `%` with two hexadecimal digits is left.
fn holds_escape(decoded: &[u8]) -> bool {
    decoded.windows(3).any(
        |window| matches!(window, [b'%', high, low] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit()),
    )
}

fn check_headers(headers: &HeaderMap) -> Result<(), Irregular> {
    if headers.contains_key(CONTENT_LENGTH) && headers.contains_key(TRANSFER_ENCODING) {
        return Err(Irregular::LengthTwice);
    }
    // There are more values than names only where a name comes again.
    if headers.len() > headers.keys_len()
        && SINGLE.iter().any(|name| headers.get_all(name).iter().nth(1).is_some())
    {
        return Err(Irregular::HeaderTwice);
    }
    let is_packed = |coding: &HeaderValue| !coding.as_bytes().eq_ignore_ascii_case(b"identity");
    if headers.get(CONTENT_ENCODING).is_some_and(is_packed) {
        return Err(Irregular::BodyEncoded);
    }
    if headers.values().any(|value| holds_control(value.as_bytes())) {
        return Err(Irregular::HeaderControl);
    }
    Ok(())
}

/// U+0080 to U+009F, written in UTF-8: what hyper lets pass.
fn holds_control(value: &[u8]) -> bool {
    !value.is_ascii()
        && std::str::from_utf8(value).is_ok_and(|text| text.contains(|c: char| c.is_control() && c != '\t'))
}
