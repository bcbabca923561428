//! HTTP/2: honest clients by hyper, the others frame by frame (RFC 9113).

use axum::body::{Body, to_bytes};
use hyper::client::conn::http2::{SendRequest, handshake};
use hyper_util::rt::TokioExecutor;

use super::*;

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const ENHANCE_YOUR_CALM: u8 = 0xb;

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// Preface and empty settings.
fn begin() -> Vec<u8> {
    [PREFACE, &frame(4, 0, 0, b"")].concat()
}

/// `GET /` of `bank`, in HPACK.
const GET: &[u8] = b"\x82\x86\x84\x41\x04bank";

/// A field that is not remembered, in HPACK; name and value are shorter than 127 bytes.
fn field(name: &str, value: &str) -> Vec<u8> {
    let length = |text: &str| u8::try_from(text.len()).unwrap();
    [&[0, length(name)], name.as_bytes(), &[length(value)], value.as_bytes()].concat()
}

/// Kinds of the frames that come until a request or the connection is ended, and the code of GOAWAY.
async fn frames(world: &World, sent: &[u8]) -> (Vec<u8>, Option<u8>) {
    let (mut read, mut write) = world.connect().await.into_split();
    let sending = async {
        let _ = write.write_all(sent).await;
    };
    let mut seen = (Vec::new(), None);
    let receiving = async {
        let mut head = [0; 9];
        while !seen.0.iter().any(|kind| [3, 7].contains(kind)) && read.read_exact(&mut head).await.is_ok() {
            let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
            let mut payload = vec![0; usize::try_from(length).unwrap()];
            if read.read_exact(&mut payload).await.is_err() {
                break;
            }
            seen.0.push(head[3]);
            if head[3] == 7 {
                seen.1 = Some(payload[7]);
            }
        }
    };
    let both = async { tokio::join!(sending, receiving) };
    timeout(LONG, both).await.expect("the connection stays open");
    seen
}

async fn client(world: &World) -> SendRequest<Body> {
    let io = TokioIo::new(world.connect().await);
    let (sender, connection) = handshake(TokioExecutor::new(), io).await.unwrap();
    tokio::spawn(connection);
    sender
}

async fn text(response: hyper::Response<hyper::body::Incoming>) -> String {
    let bytes = to_bytes(Body::new(response.into_body()), 1 << 20).await.unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[tokio::test]
async fn many_requests_share_a_connection_and_know_their_host() {
    let world = World::open(Settings::default()).await;
    let mut sender = client(&world).await;
    let asked = (0..50).map(|_| {
        let request = hyper::Request::get("http://bank.example/host").body(Body::empty()).unwrap();
        sender.send_request(request)
    });
    for response in futures_util::future::join_all(asked).await {
        assert_eq!(text(response.unwrap()).await, r#"Some("bank.example")"#);
    }
}

#[tokio::test]
async fn a_host_that_is_not_the_authority_is_refused() {
    let world = World::open(Settings::default()).await;
    let mut sender = client(&world).await;
    for (host, status) in [("bank", 200), ("BANK", 200), ("other", 400)] {
        let request = hyper::Request::get("http://bank/hello").header("host", host).body(Body::empty());
        let response = sender.send_request(request.unwrap()).await.unwrap();
        assert_eq!(response.status().as_u16(), status, "{host}");
    }
}

#[test]
fn requests_that_are_taken_back_at_once_end_the_connection() {
    let metrics = counted(async {
        let world = World::open(Settings::default()).await;
        let mut sent = begin();
        for stream in (1..4_000).step_by(2) {
            sent.extend(frame(1, 5, stream, GET));
            sent.extend(frame(3, 0, stream, &8_u32.to_be_bytes()));
        }
        let (_, code) = frames(&world, &sent).await;
        assert_eq!(code, Some(ENHANCE_YOUR_CALM));
        world.serves().await;
    });
    assert_refused(&metrics, "flood");
}

#[test]
fn a_head_that_never_ends_ends_the_connection() {
    let metrics = counted(async {
        let world = World::open(Settings::default()).await;
        let mut sent = begin();
        sent.extend(frame(1, 1, 1, GET));
        for _ in 0..20_000 {
            sent.extend(frame(9, 0, 1, &field("a", "b")));
        }
        let (_, code) = frames(&world, &sent).await;
        assert_eq!(code, Some(ENHANCE_YOUR_CALM));
        world.serves().await;
    });
    assert_refused(&metrics, "flood");
}

#[tokio::test]
async fn headers_that_are_too_large_are_refused() {
    let world = World::open(Settings::default()).await;
    let mut sender = client(&world).await;
    let request =
        hyper::Request::get("http://bank/hello").header("a", "b".repeat(40 << 10)).body(Body::empty());
    // A client that knows what may be sent does not send it; one that does is told so.
    if let Ok(response) = sender.send_request(request.unwrap()).await {
        assert_eq!(response.status().as_u16(), 431);
    }
    world.serves().await;
}

#[test]
fn frames_that_are_none_end_the_connection() {
    let metrics = counted(async {
        let world = World::open(Settings::default()).await;
        for sent in [
            frame(0, 0, 0, b"data of no request"),
            frame(1, 5, 2, GET),
            frame(1, 5, 1, b"\xff\xff\xff\xff\xff\xff\xff\xff"),
            [&[0xff, 0xff, 0xff, 0, 0], &1_u32.to_be_bytes()[..]].concat(),
        ] {
            let (_, code) = frames(&world, &[begin(), sent].concat()).await;
            assert!(code.is_some_and(|code| code != 0), "{code:?}");
            world.serves().await;
        }
    });
    assert_refused(&metrics, "frames");
}

#[tokio::test]
async fn requests_of_another_shape_are_refused_one_by_one() {
    let world = World::open(Settings::default()).await;
    for header in [
        field("transfer-encoding", "chunked"),
        field("Upper", "case"),
        field("connection", "close"),
        field("a", "b\rc"),
    ] {
        let sent = [begin(), frame(1, 5, 1, &[GET, &header].concat())].concat();
        let (kinds, _) = frames(&world, &sent).await;
        assert!(kinds.contains(&3) || kinds.contains(&7), "{header:?} got {kinds:?}");
        assert!(!kinds.contains(&1), "{header:?} was answered");
        world.serves().await;
    }
}

#[tokio::test]
async fn a_body_of_another_length_than_was_said_is_no_request() {
    let world = World::open(Settings::default()).await;
    let post = [b"\x83\x86\x44\x05/echo\x41\x04bank", &field("content-length", "5")[..]].concat();
    for body in ["abc", "abcdefgh"] {
        let sent = [begin(), frame(1, 4, 1, &post), frame(0, 1, 1, body.as_bytes())].concat();
        let (kinds, _) = frames(&world, &sent).await;
        assert!(kinds.contains(&3) || kinds.contains(&7), "{body} got {kinds:?}");
        world.serves().await;
    }
}

#[test]
fn a_body_that_stops_is_cut_off_while_others_go_on() {
    let metrics = counted(async {
        let world = World::open(Settings { body_pause_ms: 60, ..Settings::default() }).await;
        let mut sender = client(&world).await;
        let never = Body::from_stream(futures_util::stream::pending::<Result<Bytes, std::io::Error>>());
        let slow = sender.send_request(hyper::Request::post("http://bank/echo").body(never).unwrap());
        let request = hyper::Request::get("http://bank/hello").body(Body::empty()).unwrap();
        let other = sender.send_request(request);
        assert_eq!(text(other.await.unwrap()).await, "hello");
        let slow = timeout(LONG, slow).await.unwrap();
        assert!(slow.is_err() || slow.is_ok_and(|response| response.status().as_u16() == 400));
    });
    assert_refused(&metrics, "body_time");
}

#[tokio::test]
async fn a_connection_without_requests_is_ended() {
    let world = World::open(Settings { idle_ms: 60, ..Settings::default() }).await;
    let io = TokioIo::new(world.connect().await);
    let (_sender, connection) = handshake::<_, _, Body>(TokioExecutor::new(), io).await.unwrap();
    let _ = timeout(LONG, connection).await.expect("the connection stays open");
}
