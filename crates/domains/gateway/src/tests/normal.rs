//! Requests that could be read in two ways, and those that only look so.

use axum::body::Body;
use axum::http::Request;

use super::{answer, post};

fn get(uri: &str) -> Request<Body> {
    Request::get(uri).header("accept-language", "en").body(Body::empty()).unwrap()
}

#[tokio::test]
async fn an_address_has_one_meaning() {
    for (uri, status, reason) in [
        ("/", 200, ""),
        ("/console/", 200, ""),
        ("/transfer/new?from=%E5%BC%A0%E4%B8%89&rate=100%2525", 200, ""),
        ("/transfer/%E5%BC%A0%E4%B8%89", 200, ""),
        ("/transfer/100%25", 200, ""),
        ("/transfer/a..b/.c", 404, "not_found"),
        ("/api/about?memo=a%0D%0Ab%09c", 200, ""),
        ("/transfer/%", 400, "path_encoding"),
        ("/transfer/%4", 400, "path_encoding"),
        ("/transfer/%zz", 400, "path_encoding"),
        ("/transfer/%u4f60", 400, "path_encoding"),
        ("/transfer/%ff", 400, "path_utf8"),
        ("/%c0%ae%c0%ae/passwd", 400, "path_utf8"),
        ("/transfer/%e0%80%af", 400, "path_utf8"),
        ("/transfer/%ed%a0%80", 400, "path_utf8"),
        ("/transfer/%252e%252e", 400, "path_encoded_twice"),
        ("/transfer/%2541", 400, "path_encoded_twice"),
        ("/transfer/%25%34%31", 400, "path_encoded_twice"),
        ("/transfer%2Fnew", 400, "path_slash"),
        ("/transfer/..%5cnew", 400, "path_slash"),
        ("/transfer/a%00b", 400, "path_control"),
        ("/transfer/a%0d%0aset-cookie:x", 400, "path_control"),
        ("/transfer/%C2%85", 400, "path_control"),
        ("/../etc/passwd", 400, "path_dots"),
        ("/transfer/./new", 400, "path_dots"),
        ("/transfer/%2e%2E/new", 400, "path_dots"),
        ("/console/..", 400, "path_dots"),
        ("//evil.test/", 400, "path_empty_segment"),
        ("/api//about", 400, "path_empty_segment"),
        ("/console//", 400, "path_empty_segment"),
        ("/?q=%", 400, "query_encoding"),
        ("/?q=%a", 400, "query_encoding"),
        ("/?q=%c0%af", 400, "query_utf8"),
        ("/api/about?q=%00", 400, "query_control"),
        ("/api/about?q=%1b%5b2J", 400, "query_control"),
    ] {
        let (answered, _, body) = answer(get(uri)).await;
        assert_eq!(answered.as_u16(), status, "{uri}: {body}");
        assert!(body.contains(reason), "{uri}: {body}");
    }
}

#[tokio::test]
async fn a_header_of_which_one_counts_comes_once() {
    let good = ("authorization", "Bearer good");
    for (headers, status, code, reason) in [
        (&[good][..], 200, "", ""),
        (&[good, ("accept", "a/b"), ("accept", "*/*"), ("via", "a"), ("via", "b")], 200, "", ""),
        (&[good, ("x-note", "备注")], 200, "", ""),
        (&[good, ("content-encoding", "identity")], 200, "", ""),
        (&[good, ("authorization", "Bearer bad")], 400, "malformed_header", "header_twice"),
        (&[good, ("host", "evil.test")], 400, "malformed_header", "header_twice"),
        (&[good, ("content-type", "text/plain")], 400, "malformed_header", "header_twice"),
        (&[good, ("content-length", "7"), ("content-length", "9")], 400, "malformed_header", "header_twice"),
        (
            &[good, ("idempotency-key", "1"), ("idempotency-key", "2")],
            400,
            "malformed_header",
            "header_twice",
        ),
        (
            &[good, ("content-length", "7"), ("transfer-encoding", "chunked")],
            400,
            "malformed_header",
            "length_twice",
        ),
        (&[good, ("x-note", "a\u{85}b")], 400, "malformed_header", "header_control"),
        (&[good, ("content-encoding", "gzip")], 415, "content_encoding_unsupported", "body_encoded"),
        (&[good, ("content-encoding", "br, gzip")], 415, "content_encoding_unsupported", "body_encoded"),
    ] {
        let (answered, response, body) = answer(post(headers)).await;
        assert_eq!(answered.as_u16(), status, "{headers:?}: {body}");
        assert!(body.contains(code) && body.contains(reason), "{headers:?}: {body}");
        let taken = response.headers().get("accept-encoding").map(|taken| taken.to_str().unwrap());
        assert_eq!(taken, (status == 415).then_some("identity"), "{headers:?}");
    }
}

/// Before anything is asked about who it is: a stranger hears it too, in the language of choice.
#[tokio::test]
async fn what_is_irregular_is_said_in_the_callers_language() {
    let (_, _, english) = answer(get("/a/../b")).await;
    assert!(english.contains("The address is malformed"), "{english}");
    let (_, response, chinese) = answer(Request::get("/a/../b").body(Body::empty()).unwrap()).await;
    assert!(chinese.contains("网址格式不正确"), "{chinese}");
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    assert_eq!(response.headers()["x-content-type-options"], "nosniff");
}
