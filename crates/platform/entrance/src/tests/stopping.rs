//! Stopping: what is in progress is finished, what waits is let go.

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;

#[tokio::test]
async fn what_is_in_progress_is_answered_and_what_waits_is_closed() {
    let world = World::open(Settings::default()).await;
    let mut idle = world.connect().await;
    idle.write_all(b"GET /hello HTTP/1.1\r\nHost: bank\r\n\r\n").await.unwrap();
    idle.read_u8().await.unwrap();
    let mut silent = world.connect().await;
    let mut half = world.connect().await;
    half.write_all(b"GET /hel").await.unwrap();
    let mut asking = world.connect().await;
    asking.write_all(b"GET /held HTTP/1.1\r\nHost: bank\r\n\r\n").await.unwrap();
    // The last to be accepted is answered: so were the others accepted.
    world.serves().await;

    world.stop.send_replace(true);
    for waiting in [&mut idle, &mut silent, &mut half] {
        let mut rest = Vec::new();
        let _ = timeout(LONG, waiting.read_to_end(&mut rest)).await.expect("it stays open");
    }
    assert!(TcpStream::connect(world.address).await.is_err(), "it still listens");
    assert!(!world.serving.is_finished(), "it did not wait");
    world.release.notify_one();
    let mut answer = String::new();
    timeout(LONG, asking.read_to_string(&mut answer)).await.unwrap().unwrap();
    assert!(answer.ends_with("held") && answer.contains("connection: close"), "{answer}");
    timeout(LONG, world.serving).await.unwrap().unwrap();
}

#[tokio::test]
async fn given_up_it_cuts_what_is_in_progress() {
    let world = World::open(Settings::default()).await;
    let mut asking = world.connect().await;
    asking.write_all(b"GET /held HTTP/1.1\r\nHost: bank\r\n\r\n").await.unwrap();
    world.serves().await;
    world.serving.abort();
    let mut answer = Vec::new();
    let _ = timeout(LONG, asking.read_to_end(&mut answer)).await.expect("it stays open");
    assert_eq!(answer, b"");
}
