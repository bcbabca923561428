//! TLS as clients get it.

use std::sync::Arc;

use clock::Clock;
use rustls::crypto::ring;
use rustls::server::NoServerSessionStorage;
use rustls::version::{TLS12, TLS13};
use rustls::{ServerConfig, SupportedProtocolVersion};
use tokio_rustls::TlsAcceptor;

use crate::OpenFailed;
use crate::certificates::Certificates;
use crate::config::{Tls, Version};

/// By ALPN (RFC 7301), preferred first.
pub(crate) const HTTP2: &[u8] = b"h2";
const HTTP1: &[u8] = b"http/1.1";

/// The most that a record holds, bytes (RFC 8446, 5.1).
const RECORD_BYTES_MAX: usize = 1 << 14;

/// What handshakes are made with, and the certificates in it.
pub(crate) struct Handshakes {
    pub(crate) acceptor: TlsAcceptor,
    pub(crate) certificates: Arc<Certificates>,
}

/// `None`: plain HTTP.
///
/// # Errors
/// [`OpenFailed`].
pub(crate) fn open(settings: &Tls, clock: Arc<dyn Clock>) -> Result<Option<Handshakes>, OpenFailed> {
    let (certificate, key) = match (&settings.certificate, &settings.key) {
        (None, None) => return Ok(None),
        (Some(certificate), Some(key)) => (certificate, key),
        _ => return Err(OpenFailed::HalfPair),
    };
    let provider = Arc::new(ring::default_provider());
    let certificates = Arc::new(Certificates::open(certificate, key, Arc::clone(&provider), clock)?);
    let versions: Vec<&'static SupportedProtocolVersion> = settings
        .versions
        .iter()
        .map(|version| match version {
            Version::Tls12 => &TLS12,
            Version::Tls13 => &TLS13,
        })
        .collect();
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&versions)
        .map_err(OpenFailed::Versions)?
        .with_no_client_auth()
        .with_cert_resolver(Arc::clone(&certificates) as _);
    config.alpn_protocols = vec![HTTP2.to_vec(), HTTP1.to_vec()];
    // What is known of a session lies with the client, sealed: nothing is kept of the many who do not come back.
    config.ticketer = ring::Ticketer::new().map_err(OpenFailed::Versions)?;
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 1;
    Ok(Some(Handshakes { acceptor: TlsAcceptor::from(Arc::new(config)), certificates }))
}

/// Whether it begins like a handshake (RFC 8446, 5.1), not like HTTP.
pub(crate) fn is_handshake(bytes: &[u8]) -> bool {
    bytes.first() == Some(&0x16)
}

/// Whether a whole first record has come, or something that is none.
pub(crate) fn has_hello(bytes: &[u8]) -> bool {
    let [_, _, _, high, low, rest @ ..] = bytes else {
        return !(bytes.is_empty() || is_handshake(bytes));
    };
    let length = usize::from(u16::from_be_bytes([*high, *low]));
    !is_handshake(bytes) || length > RECORD_BYTES_MAX || rest.len() >= length
}
