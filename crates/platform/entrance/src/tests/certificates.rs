//! TLS: versions, protocols, and certificates that change under way.

use std::path::Path;

use clock::{ManualClock, Timestamp};
use rcgen::{CertificateParams, KeyPair};
use rustls::client::Resumption;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, HandshakeKind, ProtocolVersion, RootCertStore};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::*;
use crate::Version;

/// Within the time of every certificate here that is good.
const NOW: &str = "2026-11-28T00:00:00Z";

/// A certificate that certifies itself, until a year.
struct Made {
    der: CertificateDer<'static>,
    pem: String,
    key: String,
}

fn make(until: i32) -> Made {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec!["bank.example".to_owned()]).unwrap();
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(until, 1, 1);
    let certificate = params.self_signed(&key).unwrap();
    Made { der: certificate.der().clone(), pem: certificate.pem(), key: key.serialize_pem() }
}

fn write(folder: &Path, certificate: &str, key: &str) {
    std::fs::write(folder.join("c.pem"), certificate).unwrap();
    std::fs::write(folder.join("k.pem"), key).unwrap();
}

fn tls(folder: &Path) -> Tls {
    Tls {
        certificate: Some(folder.join("c.pem")),
        key: Some(folder.join("k.pem")),
        look_every_ms: 10,
        ..Tls::default()
    }
}

fn clock() -> Arc<dyn Clock> {
    Arc::new(ManualClock::new(NOW.parse::<Timestamp>().unwrap()))
}

/// A client who believes all of these certificates.
fn trusting(made: &[&Made]) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    made.iter().for_each(|made| roots.add(made.der.clone()).unwrap());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth()
}

async fn connect(world: &World, config: &Arc<ClientConfig>) -> std::io::Result<TlsStream<TcpStream>> {
    let name = ServerName::try_from("bank.example").unwrap();
    let connector = TlsConnector::from(Arc::clone(config));
    timeout(LONG, connector.connect(name, world.connect().await)).await.expect("no handshake in time")
}

/// Asks for `/hello`, and returns the certificate that was shown.
async fn shown(world: &World, config: &Arc<ClientConfig>) -> CertificateDer<'static> {
    let mut io = connect(world, config).await.unwrap();
    io.write_all(b"GET /hello HTTP/1.1\r\nHost: bank\r\nConnection: close\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    timeout(LONG, io.read_to_string(&mut answer)).await.unwrap().unwrap();
    assert!(answer.ends_with("hello"), "{answer}");
    assert!(answer.contains("strict-transport-security: max-age=31536000"), "{answer}");
    io.get_ref().1.peer_certificates().unwrap()[0].clone()
}

/// Until a client without memory is shown `certificate`.
async fn until_shown(world: &World, config: &Arc<ClientConfig>, certificate: &CertificateDer<'_>) {
    let look = async { while shown(world, config).await != *certificate {} };
    timeout(LONG, look).await.expect("it is never shown");
}

#[test]
fn a_changed_certificate_takes_effect_and_a_broken_one_never() {
    let metrics = counted(async {
        let (first, second, expired, stranger) = (make(2030), make(2031), make(2025), make(2030));
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &first.pem, &first.key);
        let world = World::open_with(Settings::default(), tls(folder.path()), clock()).await;
        let mut config = trusting(&[&first, &second]);
        config.resumption = Resumption::disabled();
        let config = Arc::new(config);
        assert_eq!(shown(&world, &config).await, first.der);
        for (certificate, key) in [
            (&expired.pem, &expired.key),
            (&second.pem, &stranger.key),
            (&"nothing".to_owned(), &second.key),
            (&second.pem, &"nothing".to_owned()),
        ] {
            write(folder.path(), certificate, key);
            tokio::time::sleep(Duration::from_millis(60)).await;
            assert_eq!(shown(&world, &config).await, first.der);
        }
        write(folder.path(), &second.pem, &second.key);
        until_shown(&world, &config, &second.der).await;
    });
    assert!(metrics.contains(r#"entrance_certificate_reloads{outcome="refused"}"#), "{metrics}");
    assert!(metrics.contains(r#"entrance_certificate_reloads{outcome="taken"} 1"#), "{metrics}");
    // 2031-01-01.
    assert!(metrics.contains("entrance_certificate_expires_at_s 1924992000"), "{metrics}");
}

#[test]
fn an_entrance_does_not_open_with_a_certificate_that_is_of_no_use() {
    let (good, other, expired) = (make(2030), make(2030), make(2025));
    let folder = tempfile::tempdir().unwrap();
    let open =
        |tls: &Tls| Entrance::open(&Settings::default(), tls, clock()).err().map(|error| chain(&error));
    for (certificate, key, says) in [
        (&good.pem, &good.key, None),
        (&good.pem, &other.key, Some("together")),
        (&expired.pem, &expired.key, Some("until 2025-01-01")),
        (&good.key, &good.key, Some("no certificate in")),
        (&good.pem, &good.pem, Some("no key in")),
    ] {
        write(folder.path(), certificate, key);
        let failed = open(&tls(folder.path()));
        assert_eq!(failed.is_some(), says.is_some(), "{failed:?}");
        assert!(says.is_none_or(|says| failed.as_ref().unwrap().contains(says)), "{failed:?}");
    }
    std::fs::remove_file(folder.path().join("k.pem")).unwrap();
    assert!(open(&tls(folder.path())).unwrap().contains("cannot be read"));
    assert!(open(&Tls { key: None, ..tls(folder.path()) }).unwrap().contains("both"));
    write(folder.path(), &good.pem, &good.key);
    assert!(open(&Tls { versions: Vec::new(), ..tls(folder.path()) }).unwrap().contains("versions"));
}

fn chain(error: &dyn std::error::Error) -> String {
    let source = error.source().map(chain).unwrap_or_default();
    format!("{error}: {source}")
}

#[tokio::test]
async fn clients_get_the_versions_and_protocols_that_are_spoken() {
    let made = make(2030);
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &made.pem, &made.key);
    let only_12 = {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut roots = RootCertStore::empty();
        roots.add(made.der.clone()).unwrap();
        let builder = ClientConfig::builder_with_provider(provider);
        let versions = builder.with_protocol_versions(&[&rustls::version::TLS12]).unwrap();
        Arc::new(versions.with_root_certificates(roots).with_no_client_auth())
    };
    let strict = World::open_with(Settings::default(), tls(folder.path()), clock()).await;
    assert!(connect(&strict, &only_12).await.is_err(), "TLS 1.2 is spoken by default");
    let both = Tls { versions: vec![Version::Tls12, Version::Tls13], ..tls(folder.path()) };
    let both = World::open_with(Settings::default(), both, clock()).await;
    let io = connect(&both, &only_12).await.unwrap();
    assert_eq!(io.get_ref().1.protocol_version(), Some(ProtocolVersion::TLSv1_2));

    for (offered, chosen) in [
        (vec![b"h2".to_vec(), b"http/1.1".to_vec()], Some(&b"h2"[..])),
        (vec![b"http/1.1".to_vec()], Some(b"http/1.1")),
        (vec![], None),
    ] {
        let mut config = trusting(&[&made]);
        config.alpn_protocols = offered;
        let io = connect(&strict, &Arc::new(config)).await.unwrap();
        assert_eq!(io.get_ref().1.alpn_protocol(), chosen);
        assert_eq!(io.get_ref().1.protocol_version(), Some(ProtocolVersion::TLSv1_3));
    }
}

#[tokio::test]
async fn http_2_is_spoken_where_it_was_chosen() {
    let made = make(2030);
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &made.pem, &made.key);
    let world = World::open_with(Settings::default(), tls(folder.path()), clock()).await;
    let mut config = trusting(&[&made]);
    config.alpn_protocols = vec![b"h2".to_vec()];
    let io = TokioIo::new(connect(&world, &Arc::new(config)).await.unwrap());
    let executor = hyper_util::rt::TokioExecutor::new();
    let (mut sender, connection) = hyper::client::conn::http2::handshake(executor, io).await.unwrap();
    tokio::spawn(connection);
    let request = hyper::Request::get("https://bank.example/hello").body(axum::body::Body::empty()).unwrap();
    assert_eq!(sender.send_request(request).await.unwrap().status().as_u16(), 200);
}

#[tokio::test]
async fn who_comes_again_makes_a_shorter_handshake() {
    let made = make(2030);
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &made.pem, &made.key);
    let world = World::open_with(Settings::default(), tls(folder.path()), clock()).await;
    let config = Arc::new(trusting(&[&made]));
    shown(&world, &config).await;
    let io = connect(&world, &config).await.unwrap();
    assert_eq!(io.get_ref().1.handshake_kind(), Some(HandshakeKind::Resumed));
}

#[test]
fn a_handshake_that_does_not_come_or_is_none_is_cut_off() {
    let metrics = counted(async {
        let made = make(2030);
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &made.pem, &made.key);
        let settings = Settings { handshake_ms: 400, ..Settings::default() };
        let world = World::open_with(settings, tls(folder.path()), clock()).await;
        let config = Arc::new(trusting(&[&made]));
        // Nothing, the beginning of a hello, a hello that is none, and plain HTTP.
        for sent in
            [&b""[..], b"\x16\x03\x01\x02\x00\x01", b"\x16\x03\x01\x00\x01\x01", b"GET / HTTP/1.1\r\n\r\n"]
        {
            let answer = world.send(sent).await;
            assert!(!answer.contains("HTTP/1.1"), "{answer}");
        }
        shown(&world, &config).await;
    });
    assert_refused(&metrics, "handshake_time");
    assert_refused(&metrics, "handshake");
}
