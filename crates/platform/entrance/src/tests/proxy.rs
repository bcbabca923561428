//! Load balancers that say whom they speak for.

use super::*;

/// A header of version 2 for `addresses` (client, bank, port, port).
fn header(version: u8, family: u8, addresses: &[u8]) -> Vec<u8> {
    let length = u16::try_from(addresses.len()).unwrap().to_be_bytes();
    [b"\r\n\r\n\0\r\nQUIT\n", &[version, family][..], &length, addresses].concat()
}

const IPV4: [u8; 12] = [203, 0, 113, 7, 10, 0, 0, 1, 0x1f, 0x90, 0x01, 0xbb];
const ASK: &[u8] = b"GET /peer HTTP/1.1\r\nHost: bank\r\nConnection: close\r\n\r\n";

async fn behind(proxies: &[&str]) -> World {
    let proxies = proxies.iter().map(ToString::to_string).collect();
    World::open(Settings { proxies, ..Settings::default() }).await
}

#[tokio::test]
async fn a_trusted_proxy_names_the_client() {
    let ipv6 = [[0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], [0; 16]].concat();
    let ipv6 = [&ipv6[..], &[0, 1, 0, 2]].concat();
    let with_more = [&IPV4[..], &[0x04, 0, 3, 1, 2, 3]].concat();
    let world = behind(&["10.0.0.0/8", "127.0.0.0/24"]).await;
    for (header, named) in [
        (header(0x21, 0x11, &IPV4), "203.0.113.7"),
        (header(0x21, 0x11, &with_more), "203.0.113.7"),
        (header(0x21, 0x21, &ipv6), "2001:db8::1"),
        (header(0x20, 0x00, &[]), "127.0.0.1"),
    ] {
        let answer = world.send(&[&header, ASK].concat()).await;
        assert!(answer.ends_with(&format!("\r\n{named}")), "{answer}");
    }
}

#[test]
fn a_trusted_proxy_that_does_not_is_refused() {
    let metrics = counted(async {
        let world = behind(&["127.0.0.1"]).await;
        for begin in [
            vec![],
            header(0x11, 0x11, &IPV4),
            header(0x21, 0x12, &IPV4),
            header(0x21, 0x11, &IPV4[..11]),
            header(0x21, 0x11, &[0; 4_000]),
            b"PROXY TCP4 203.0.113.7 10.0.0.1 1 2\r\n".to_vec(),
        ] {
            assert_eq!(world.send(&[&begin, ASK].concat()).await, "", "{begin:?}");
        }
    });
    assert_refused(&metrics, "proxy");
}

#[test]
fn the_client_behind_a_proxy_is_counted_and_not_the_proxy() {
    let metrics = counted(async {
        let proxies = vec!["127.0.0.1".to_owned()];
        let world =
            World::open(Settings { proxies, connections_per_address_max: 1, ..Settings::default() }).await;
        let [mut other, same] = [IPV4; 2];
        other[3] = 8;
        let mut held = world.connect().await;
        held.write_all(
            &[&header(0x21, 0x11, &IPV4), &b"GET /hello HTTP/1.1\r\nHost: bank\r\n\r\n"[..]].concat(),
        )
        .await
        .unwrap();
        held.read_u8().await.unwrap();
        assert_eq!(world.send(&[&header(0x21, 0x11, &same), ASK].concat()).await, "");
        assert!(world.send(&[&header(0x21, 0x11, &other), ASK].concat()).await.ends_with("203.0.113.8"));
    });
    assert_refused(&metrics, "address_connections");
}

#[tokio::test]
async fn a_strangers_header_is_no_http() {
    let world = behind(&["10.0.0.0/8"]).await;
    let answer = world.send(&[&header(0x21, 0x11, &IPV4), ASK].concat()).await;
    assert_eq!(statuses(&answer), [400], "{answer}");
}

#[test]
fn what_is_no_address_is_refused_at_the_start() {
    for wrong in ["10.0.0.0/33", "proxy.internal", ""] {
        let settings = Settings { proxies: vec![wrong.to_owned()], ..Settings::default() };
        let opened = Entrance::open(&settings, &Tls::default(), Arc::new(SystemClock));
        assert!(opened.is_err_and(|error| error.to_string().contains("proxies")), "{wrong}");
    }
}
