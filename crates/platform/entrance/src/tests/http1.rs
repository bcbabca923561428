//! HTTP/1.1 over real sockets: requests that smuggle others, that are too large, or that lie about their length.

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;

/// Sends `request`, expects answers of these statuses and the end of the connection, then serves somebody else.
async fn check(world: &World, request: &[u8], expected: &[u16]) {
    let answers = world.send(request).await;
    let sent = String::from_utf8_lossy(&request[..request.len().min(200)]);
    assert_eq!(statuses(&answers), expected, "{sent:?} was answered\n{answers}");
    world.serves().await;
}

/// A request behind which another hides: only for readers that err is it two.
const HIDDEN: &str = "GET /hello HTTP/1.1\r\nHost: bank\r\n\r\n";

#[test]
fn what_could_smuggle_is_refused_with_its_reason_and_the_connection_ends() {
    let post = "POST /echo HTTP/1.1\r\nHost: bank\r\n";
    let metrics = counted(async move {
        let world = World::open(Settings::default()).await;
        for (request, status) in [
            (format!("{post}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nX{HIDDEN}"), 400),
            (format!("{post}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n5c\r\n{HIDDEN}"), 400),
            (format!("{post}Content-Length: 0\r\nContent-Length: 37\r\n\r\n{HIDDEN}"), 400),
            (format!("{post}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n{HIDDEN}"), 400),
            (format!("{post}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n{HIDDEN}"), 400),
            (format!("{post}X: a\r\n Transfer-Encoding: chunked\r\n\r\n{HIDDEN}"), 400),
            (format!("{post}X: a\nContent-Length: 37\r\n\r\n{HIDDEN}"), 400),
            (format!("{post}X: a\rContent-Length: 37\r\n\r\n{HIDDEN}"), 400),
            (format!("{post}X: a\0b\r\n\r\n{HIDDEN}"), 400),
            (format!("GET http://other/hello HTTP/1.1\r\nHost: bank\r\n\r\n{HIDDEN}"), 400),
            (format!("GET /hello HTTP/1.1\r\nHost: bank\r\nHost: other\r\n\r\n{HIDDEN}"), 400),
            (format!("GET * HTTP/1.1\r\nHost: entrance\r\nConnection: close\r\n\r\n{HIDDEN}"), 400),
            (format!("GET /hello\r\n\r\n{HIDDEN}"), 400),
            (format!("GET /hello HTTP/9.9\r\nHost: bank\r\n\r\n{HIDDEN}"), 505),
            (format!("CONNECT bank:443 HTTP/1.1\r\nHost: bank\r\n\r\n{HIDDEN}"), 501),
        ] {
            check(&world, request.as_bytes(), &[status]).await;
        }
    });
    for reason in [
        "two_lengths",
        "length",
        "transfer_encoding",
        "header_name",
        "folded",
        "line_ending",
        "control",
        "authority",
        "host",
        "target",
        "request_line",
        "version",
        "tunnel",
    ] {
        assert_refused(&metrics, reason);
    }
}

#[tokio::test]
async fn refusals_are_problems_with_a_code_and_a_reason() {
    let world = World::open(Settings::default()).await;
    let answer = world.send(b"GET /hello HTTP/1.1\r\n\r\n").await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.contains("content-type: application/problem+json"), "{head}");
    assert!(head.contains("connection: close"), "{head}");
    for word in [r#""code":"request_malformed""#, r#""reason":"host""#, r#""status":400"#] {
        assert!(body.contains(word), "{body}");
    }
}

#[tokio::test]
async fn pipelined_requests_are_answered_in_turn_and_the_refusal_after_them() {
    let world = World::open(Settings::default()).await;
    let post = "POST /echo HTTP/1.1\r\nHost: bank\r\nContent-Length: 3\r\n\r\nabc";
    let chunked =
        "POST /echo HTTP/1.1\r\nHost: bank\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nxyz\r\n0\r\n\r\n";
    let bad = "GET /hello HTTP/1.1\r\nHost: bank\r\nHost: bank\r\n\r\n";
    let answers = world.send(format!("{HIDDEN}{post}{chunked}{HIDDEN}{bad}{HIDDEN}").as_bytes()).await;
    assert_eq!(statuses(&answers), [200, 200, 200, 200, 400], "{answers}");
    assert!(answers.contains("\r\n\r\nabcHTTP/1.1") && answers.contains("\r\n\r\nxyzHTTP/1.1"), "{answers}");
}

#[test]
fn heads_that_are_too_large_are_refused_before_they_end() {
    let metrics = counted(async {
        let world = World::open(Settings::default()).await;
        let of_64_kb = format!("GET /hello HTTP/1.1\r\nHost: bank\r\nX: {}\r\n\r\n", "a".repeat(64 << 10));
        let without_end = format!("GET /{} ", "a".repeat(64 << 10));
        let of_1000 = format!("GET /hello HTTP/1.1\r\nHost: bank\r\n{}\r\n", "a: b\r\n".repeat(1_000));
        for request in [of_64_kb, without_end, of_1000] {
            check(&world, request.as_bytes(), &[431]).await;
        }
        let of_100 = format!("GET /hello HTTP/1.1\r\nHost: bank\r\n{}", "a: b\r\n".repeat(98));
        check(&world, format!("{of_100}Connection: close\r\n\r\n").as_bytes(), &[200]).await;
    });
    assert_refused(&metrics, "head_size");
    assert_refused(&metrics, "header_count");
}

#[tokio::test]
async fn bodies_that_lie_about_their_length_harm_their_own_connection_only() {
    let world = World::open(Settings::default()).await;
    let post = "POST /echo HTTP/1.1\r\nHost: bank\r\n";
    // Longer: what is too much is the next head, and none.
    check(&world, format!("{post}Content-Length: 3\r\n\r\nabcdef\r\n\r\n").as_bytes(), &[200, 400]).await;
    let chunks = ["fffffffffffffffff\r\nabc", "zz\r\nabc", "3\r\nabcdef\r\n0\r\n\r\n"];
    for chunk in chunks {
        let answers = world.send(format!("{post}Transfer-Encoding: chunked\r\n\r\n{chunk}").as_bytes()).await;
        assert!(!answers.contains(" 200 "), "{chunk:?} was answered {answers}");
        world.serves().await;
    }
    // Shorter: the client goes away.
    let mut client = world.connect().await;
    client.write_all(format!("{post}Content-Length: 30\r\n\r\nabc").as_bytes()).await.unwrap();
    client.shutdown().await.unwrap();
    let mut answer = String::new();
    let _ = timeout(LONG, client.read_to_string(&mut answer)).await.unwrap();
    assert!(!answer.contains(" 200 "), "{answer}");
    world.serves().await;
}

#[tokio::test]
async fn a_body_of_100_mb_is_refused_without_being_taken() {
    let world = World::open(Settings::default()).await;
    let (mut read, mut write) = world.connect().await.into_split();
    let head = format!("POST /echo HTTP/1.1\r\nHost: bank\r\nContent-Length: {}\r\n\r\n", 100 << 20);
    write.write_all(head.as_bytes()).await.unwrap();
    let piece = vec![b'a'; 64 << 10];
    let sending = async {
        let mut sent = 0;
        while sent < 100 << 20 && write.write_all(&piece).await.is_ok() {
            sent += piece.len();
        }
        sent
    };
    let mut answer = Vec::new();
    let receiving = async {
        let mut some = [0; 1_024];
        while let Ok(count @ 1..) = read.read(&mut some).await {
            answer.extend_from_slice(&some[..count]);
        }
    };
    let (sent, ()) = timeout(LONG, async { tokio::join!(sending, receiving) }).await.unwrap();
    assert_eq!(statuses(&String::from_utf8_lossy(&answer)), [413]);
    assert!(sent < 20 << 20, "{sent} bytes were taken");
    world.serves().await;
}

#[tokio::test]
async fn strangers_words_about_their_address_are_not_believed() {
    let world = World::open(Settings::default()).await;
    let answer = world
        .send(
            b"GET /peer HTTP/1.1\r\nHost: bank\r\nForwarded: for=203.0.113.7\r\nX-Forwarded-For: 203.0.113.7\r\n\
              Connection: close\r\n\r\n",
        )
        .await;
    assert!(answer.ends_with("\r\n127.0.0.1"), "{answer}");
}

#[tokio::test]
async fn a_connection_can_become_another_protocol() {
    let world = World::open(Settings::default()).await;
    let mut client = world.connect().await;
    client.write_all(UPGRADE).await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        answer.push(client.read_u8().await.unwrap());
    }
    assert!(answer.starts_with(b"HTTP/1.1 101 "));
    for words in [&b"\n\0not HTTP\n\n"[..], b"\r\n\r\n"] {
        client.write_all(words).await.unwrap();
        let mut back = vec![0; words.len()];
        timeout(LONG, client.read_exact(&mut back)).await.unwrap().unwrap();
        assert_eq!(back, words);
    }
}
