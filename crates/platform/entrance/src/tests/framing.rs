//! Heads and bodies as the entrance reads them, without a socket.

use axum::body::{Body, to_bytes};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use proptest::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::statuses;
use crate::framing::{Bounds, Framing, Scanned};
use crate::refused::Refused;

const BOUNDS: Bounds = Bounds { head_max_bytes: 256, headers_max: 8 };

/// What comes of `pieces` sent one after another: how many bytes go on, and why no more do.
fn follow<'p>(pieces: impl IntoIterator<Item = &'p [u8]>) -> (usize, Option<Refused>) {
    let (mut framing, mut held, mut passed) = (Framing::new(BOUNDS), Vec::new(), 0);
    for piece in pieces {
        held.extend_from_slice(piece);
        let Scanned { pass, refused } = framing.scan(&held);
        passed += pass;
        held.drain(..pass);
        if refused.is_some() {
            return (passed, refused);
        }
    }
    (passed, None)
}

fn check(head: &str, expected: Option<Refused>) {
    let (passed, refused) = follow([head.as_bytes()]);
    assert_eq!(refused, expected, "{head:?}");
    assert_eq!(passed == head.len(), expected.is_none(), "{head:?}");
}

/// What hyper by itself answers to `bytes`: 200 for each request whose body ends.
fn hyper_answers(bytes: &[u8]) -> Vec<u16> {
    let answer = async |request: Request<Incoming>| {
        to_bytes(Body::new(request.into_body()), usize::MAX).await?;
        Ok::<_, axum::Error>(Response::new(Body::empty()))
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let answers = runtime.block_on(async {
        let (client, server) = tokio::io::duplex(1 << 16);
        let serving = http1::Builder::new()
            .half_close(true)
            .header_read_timeout(None)
            .serve_connection(TokioIo::new(server), service_fn(answer));
        let (mut read, mut write) = tokio::io::split(client);
        let talking = async {
            write.write_all(bytes).await.unwrap();
            write.shutdown().await.unwrap();
            let mut answers = String::new();
            read.read_to_string(&mut answers).await.unwrap();
            answers
        };
        tokio::join!(serving, talking).1
    });
    statuses(&answers.replace("HTTP/1.0 ", "HTTP/1.1 "))
}

#[test]
fn heads_that_are_read_alike_by_everyone_pass() {
    for (head, requests) in [
        ("GET / HTTP/1.1\r\nHost: bank\r\n\r\n", 1),
        ("\r\nGET / HTTP/1.1\r\nHost: bank\r\n\r\n", 1),
        ("GET /a?b=c&d=%E4%B8%AD HTTP/1.1\r\nhost:bank.example:8443\r\naccept: */*\r\n\r\n", 1),
        ("GET /查询 HTTP/1.1\r\nHost: [2001:db8::1]:80\r\nx: 中文\t值 \r\ny:\r\n\r\n", 1),
        ("GET / HTTP/1.0\r\n\r\n", 1),
        ("OPTIONS * HTTP/1.1\r\nHost: bank\r\n\r\n", 1),
        ("GET http://bank/x HTTP/1.1\r\nHost: BANK\r\n\r\n", 1),
        (
            "POST / HTTP/1.1\r\nHost: bank\r\nContent-Length: 3\r\n\r\nabcGET / HTTP/1.1\r\nHost: bank\r\n\r\n",
            2,
        ),
        (
            "POST / HTTP/1.1\r\nHost: bank\r\nTransfer-Encoding: Chunked\r\n\r\n3;n=v\r\nabc\r\n00\r\nt: v\r\n\r\n",
            1,
        ),
        (
            "POST / HTTP/1.1\r\nHost: b\r\nTransfer-Encoding: chunked\r\n\r\nA\r\n0123456789\r\n0\r\n\r\nPUT / HTTP/1.0\r\n\r\n",
            2,
        ),
    ] {
        check(head, None);
        assert_eq!(hyper_answers(head.as_bytes()), vec![200; requests], "{head:?}");
    }
}

#[test]
fn heads_that_can_be_read_in_two_ways_are_refused() {
    let host = "GET / HTTP/1.1\r\nHost: bank\r\n";
    let long = format!("{host}a: {}\r\n\r\n", "b".repeat(256));
    let many = format!("{host}{}\r\n", "a: b\r\n".repeat(8));
    let of = |header: &str| format!("POST / HTTP/1.1\r\nHost: bank\r\n{header}\r\n\r\n");
    let asking = |line: &str| format!("{line}\r\nHost: bank\r\n\r\n");
    for (head, why) in [
        (of("Content-Length: 1\r\nTransfer-Encoding: chunked"), Refused::TwoLengths),
        (of("Transfer-Encoding: chunked\r\nContent-Length: 1"), Refused::TwoLengths),
        (of("Content-Length: 1\r\nContent-Length: 2"), Refused::Length),
        (of("Content-Length: 1\r\nContent-Length: 1"), Refused::Length),
        (of("Content-Length: 1, 1"), Refused::Length),
        (of("Content-Length: +1"), Refused::Length),
        (of("Content-Length: -1"), Refused::Length),
        (of("Content-Length: 0x1"), Refused::Length),
        (of("Content-Length: 1 1"), Refused::Length),
        (of("Content-Length:"), Refused::Length),
        (of("Content-Length: 18446744073709551616"), Refused::Length),
        (of("Transfer-Encoding: xchunked"), Refused::TransferEncoding),
        (of("Transfer-Encoding: chunked, identity"), Refused::TransferEncoding),
        (of("Transfer-Encoding: gzip, chunked"), Refused::TransferEncoding),
        (of("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"), Refused::TransferEncoding),
        (of("Transfer-Encoding: identity\r\nTransfer-Encoding: chunked"), Refused::TransferEncoding),
        (of("Transfer-Encoding:\u{b}chunked"), Refused::Control),
        (of("Transfer-Encoding : chunked"), Refused::HeaderName),
        (of(" Transfer-Encoding: chunked"), Refused::Folded),
        (of("a: b\r\n c: d"), Refused::Folded),
        (of("a: b\r\n\tc"), Refused::Folded),
        (of("a b: c"), Refused::HeaderName),
        (of("a\u{0}: c"), Refused::HeaderName),
        (of(": c"), Refused::HeaderName),
        (of("a"), Refused::HeaderName),
        (of("a: b\u{0}c"), Refused::Control),
        (of("a: b\rc: d"), Refused::Control),
        (of("a: b\u{7f}"), Refused::Control),
        (of("a: b\nTransfer-Encoding: chunked"), Refused::LineEnding),
        (of("Host: other"), Refused::Host),
        ("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n".into(), Refused::TransferEncoding),
        ("GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n".into(), Refused::Host),
        ("GET / HTTP/1.1\r\n\r\n".into(), Refused::Host),
        ("GET / HTTP/1.1\r\nHost:\r\n\r\n".into(), Refused::Host),
        ("GET / HTTP/1.1\r\nHost: me@bank\r\n\r\n".into(), Refused::Host),
        ("GET / HTTP/1.1\r\nHost: a,b\r\n\r\n".into(), Refused::Host),
        ("GET / HTTP/1.1\nHost: bank\n\n".into(), Refused::LineEnding),
        ("\r\n\r\nGET / HTTP/1.1\r\nHost: bank\r\n\r\n".into(), Refused::LineEnding),
        (asking("GET http://other/ HTTP/1.1"), Refused::Authority),
        (asking("GET http://bank@other/ HTTP/1.1"), Refused::Target),
        (asking("GET ftp://bank/ HTTP/1.1"), Refused::Target),
        (asking("GET bank/x HTTP/1.1"), Refused::Target),
        (asking("GET * HTTP/1.1"), Refused::Target),
        (asking("GET /a#b HTTP/1.1"), Refused::Target),
        (asking("CONNECT bank:443 HTTP/1.1"), Refused::Tunnel),
        (asking("GET /"), Refused::RequestLine),
        (asking("GET  / HTTP/1.1"), Refused::RequestLine),
        (asking("GET / HTTP/1.1 "), Refused::RequestLine),
        (asking(" GET / HTTP/1.1"), Refused::RequestLine),
        (asking("GET\t/ HTTP/1.1"), Refused::Control),
        (asking("G(T / HTTP/1.1"), Refused::RequestLine),
        (asking("GET / http/1.1"), Refused::RequestLine),
        (asking("GET / HTTP/2.0"), Refused::Version),
        (asking("GET / HTTP/1.10"), Refused::Version),
        (long, Refused::HeadSize),
        (many, Refused::HeaderCount),
    ] {
        check(&head, Some(why));
    }
}

#[test]
fn chunks_that_are_none_are_refused() {
    let head = "POST / HTTP/1.1\r\nHost: bank\r\nTransfer-Encoding: chunked\r\n\r\n";
    for body in [
        "\r\n",
        "x\r\n",
        "-1\r\n",
        "0x1\r\na\r\n",
        "1\na\r\n",
        "1\r\na\n",
        "1\r\nab\r\n",
        "10000000000000000\r\n",
        "00000000000000001\r\na",
        "1;a\nb\r\na",
        &format!("1;{}\r\na", "e".repeat(300)),
        "0\r\na: b\n\r\n",
        "0\r\na: b\rc\r\n\r\n",
        "0\r\na: \u{0}\r\n\r\n",
        &format!("0\r\na: {}\r\n\r\n", "t".repeat(300)),
    ] {
        check(&format!("{head}{body}"), Some(Refused::Chunk));
    }
}

#[test]
fn what_follows_a_body_is_the_next_head_and_nothing_else() {
    let head = "POST / HTTP/1.1\r\nHost: bank\r\nContent-Length: 3\r\n\r\n";
    assert_eq!(follow([format!("{head}abcdef\r\n").as_bytes()]), (head.len() + 3, None));
    let refused = follow([format!("{head}abcdef\r\n\r\n").as_bytes()]);
    assert_eq!(refused, (head.len() + 3, Some(Refused::RequestLine)));
}

/// Pieces of HTTP in any order; most begin well.
fn soup() -> impl Strategy<Value = Vec<&'static str>> {
    let pieces = [
        "GET / HTTP/1.1\r\nHost: a\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
        "Content-Length: 3\r\n",
        "Transfer-Encoding: chunked\r\n",
        "x: y\r\n",
        "\r\n",
        "\n",
        "\r",
        "abc",
        "3\r\nabc\r\n",
        "3;x=y\r\nabc\r\n",
        "0\r\n\r\n",
        "0\r\nt: v\r\n\r\n",
        " ",
        "0",
        ";",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..12)
}

proptest! {
    /// However the network cuts it, the same is refused, and of whole heads and bodies the same goes on.
    #[test]
    fn it_does_not_matter_where_it_is_cut(
        text in soup(),
        cuts in prop::collection::vec(1..9_usize, 1..40),
    ) {
        let whole = text.concat();
        let (mut pieces, mut rest) = (Vec::new(), whole.as_bytes());
        for cut in cuts {
            let (piece, after) = rest.split_at(cut.min(rest.len()));
            pieces.push(piece);
            rest = after;
        }
        pieces.push(rest);
        let ((cut, cut_why), (one, why)) = (follow(pieces), follow([whole.as_bytes()]));
        prop_assert_eq!(cut_why, why);
        prop_assert!(cut == one || why == Some(Refused::Chunk), "{cut} of {one}");
    }

    /// Of what goes on, hyper refuses nothing: we and it see requests begin at the same places.
    #[test]
    fn hyper_reads_what_passes_as_we_did(text in soup()) {
        let whole = text.concat();
        let (passed, _) = follow([whole.as_bytes()]);
        let answers = hyper_answers(&whole.as_bytes()[..passed]);
        prop_assert!(answers.iter().all(|status| *status == 200), "{answers:?} to {:?}", &whole[..passed]);
    }
}
