//! Clients that are slow on purpose: each is cut off in its time, and only it.

use std::time::Instant;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;

/// Far apart from what else the test sets, so that it is known which of them ended the connection.
const SOON_MS: u64 = 150;
const NEVER_MS: u64 = 600_000;

fn patient() -> Settings {
    Settings {
        handshake_ms: NEVER_MS,
        head_ms: NEVER_MS,
        idle_ms: NEVER_MS,
        body_pause_ms: NEVER_MS,
        body_ms: NEVER_MS,
        body_rate_min_bytes_per_s: 0,
        stalled_ms: NEVER_MS,
        ..Settings::default()
    }
}

/// Sends `begin`, then `drip` again and again, and returns what came before the connection ended.
async fn drip(world: &World, begin: &[u8], drip: &[u8]) -> String {
    let (mut read, mut write) = world.connect().await.into_split();
    write.write_all(begin).await.unwrap();
    let dripping = async {
        while write.write_all(drip).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(SOON_MS / 10)).await;
        }
        std::future::pending::<()>().await;
    };
    let mut answer = Vec::new();
    let receiving = async {
        let mut some = [0; 1_024];
        while let Ok(count @ 1..) = read.read(&mut some).await {
            answer.extend_from_slice(&some[..count]);
        }
    };
    let ended = async {
        tokio::select! {
            () = receiving => {}
            () = dripping => {}
        }
    };
    timeout(LONG, ended).await.expect("the connection stays open");
    world.serves().await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn a_head_that_drips_is_cut_off() {
    let metrics = counted(async {
        let world = World::open(Settings { head_ms: SOON_MS, ..patient() }).await;
        let answer = drip(&world, b"GET /hello HTTP/1.1\r\n", b"a: b\r\n").await;
        assert_eq!(statuses(&answer), [408], "{answer}");
        // The second request of a connection, too.
        let answer = drip(&world, b"GET /hello HTTP/1.1\r\nHost: bank\r\n\r\nGET", b" ").await;
        assert_eq!(statuses(&answer), [200, 408], "{answer}");
    });
    assert_refused(&metrics, "head_time");
}

#[tokio::test]
async fn a_client_that_says_nothing_is_cut_off() {
    let world = World::open(Settings { head_ms: SOON_MS, ..patient() }).await;
    assert_eq!(drip(&world, b"", b"").await, "");
}

#[tokio::test]
async fn a_connection_is_kept_for_a_while_between_requests() {
    let world = World::open(Settings { idle_ms: SOON_MS, ..patient() }).await;
    let began = Instant::now();
    let answers = world.send(b"GET /hello HTTP/1.1\r\nHost: bank\r\n\r\n").await;
    assert_eq!(statuses(&answers), [200]);
    assert!(began.elapsed() >= Duration::from_millis(SOON_MS), "it was closed at once");
    world.serves().await;
}

#[tokio::test]
async fn a_request_may_take_longer_than_a_connection_is_kept() {
    let world = World::open(Settings { idle_ms: SOON_MS, ..patient() }).await;
    let release = async {
        tokio::time::sleep(Duration::from_millis(3 * SOON_MS)).await;
        world.release.notify_one();
    };
    let (answer, ()) = tokio::join!(world.send(b"GET /held HTTP/1.1\r\nHost: bank\r\n\r\n"), release);
    assert!(answer.ends_with("held"), "{answer}");
}

#[test]
fn a_body_that_is_too_slow_is_cut_off() {
    let post = b"POST /echo HTTP/1.1\r\nHost: bank\r\nContent-Length: 60000\r\n\r\n";
    for settings in [
        Settings { body_pause_ms: SOON_MS, ..patient() },
        Settings { body_ms: SOON_MS, ..patient() },
        Settings { body_rate_min_bytes_per_s: 100_000, body_grace_ms: SOON_MS, ..patient() },
    ] {
        let is_pause = settings.body_pause_ms == SOON_MS;
        let metrics = counted(async move {
            let world = World::open(settings).await;
            let answer = drip(&world, post, if is_pause { b"" } else { b"a" }).await;
            assert!(!answer.contains(" 200 "), "{answer}");
        });
        assert_refused(&metrics, "body_time");
    }
}

#[tokio::test]
async fn a_body_that_is_fast_enough_is_taken_however_long_it_takes() {
    let settings = Settings { body_rate_min_bytes_per_s: 10, body_grace_ms: SOON_MS, ..patient() };
    let world = World::open(settings).await;
    let (mut read, mut write) = world.connect().await.into_split();
    let head = "POST /echo HTTP/1.1\r\nHost: bank\r\nContent-Length: 50\r\n\r\n";
    write.write_all(format!("{head}0123456789").as_bytes()).await.unwrap();
    for _ in 0..4 {
        tokio::time::sleep(Duration::from_millis(SOON_MS / 2)).await;
        write.write_all(b"0123456789").await.unwrap();
    }
    let mut some = [0; 12];
    timeout(LONG, read.read_exact(&mut some)).await.unwrap().unwrap();
    assert_eq!(&some, b"HTTP/1.1 200");
}

#[test]
fn a_client_that_takes_nothing_of_its_answer_is_cut_off() {
    counted_while(async |metrics| {
        let world = World::open(Settings { stalled_ms: SOON_MS, ..patient() }).await;
        let mut client = world.connect().await;
        client.write_all(b"GET /large HTTP/1.1\r\nHost: bank\r\n\r\n").await.unwrap();
        let cut = async {
            while !has_refused(&metrics.render(), "stalled") {
                tokio::time::sleep(Duration::from_millis(SOON_MS / 10)).await;
            }
        };
        timeout(LONG, cut).await.expect("it may take nothing for ever");
        let mut answer = Vec::new();
        let _ = timeout(LONG, client.read_to_end(&mut answer)).await.expect("the connection stays open");
        assert!(answer.len() < 64 << 20, "it was sent whole");
        world.serves().await;
    });
}

#[test]
fn a_request_to_which_nothing_happens_is_cut_off() {
    let metrics = counted(async {
        let world = World::open(Settings { stalled_ms: SOON_MS, ..patient() }).await;
        assert_eq!(world.send(b"GET /held HTTP/1.1\r\nHost: bank\r\n\r\n").await, "");
        world.serves().await;
    });
    assert_refused(&metrics, "stalled");
}

#[test]
fn a_client_that_takes_nothing_in_another_protocol_is_cut_off() {
    let metrics = counted(async {
        let world = World::open(Settings { stalled_ms: SOON_MS, ..patient() }).await;
        let mut client = world.connect().await;
        client.write_all(UPGRADE).await.unwrap();
        while client.read_u8().await.unwrap() != b'\n' {}
        let filling = async { while client.write_all(&[b'x'; 1 << 16]).await.is_ok() {} };
        timeout(LONG, filling).await.expect("it may take nothing for ever");
    });
    assert_refused(&metrics, "stalled");
}

#[test]
fn there_are_no_more_connections_than_places() {
    let metrics = counted(async {
        let world = World::open(Settings { connections_max: 3, ..patient() }).await;
        let mut held = Vec::new();
        for _ in 0..3 {
            let mut client = world.connect().await;
            client.write_all(b"GET /hello HTTP/1.1\r\nHost: bank\r\n\r\n").await.unwrap();
            client.read_u8().await.unwrap();
            held.push(client);
        }
        assert_eq!(world.send(b"GET /hello HTTP/1.1\r\nHost: bank\r\n\r\n").await, "");
        drop(held);
        timeout(LONG, async { while world.send(b"GET / HTTP/1.0\r\n\r\n").await.is_empty() {} })
            .await
            .unwrap();
        world.serves().await;
    });
    assert_refused(&metrics, "connections");
}
