//! Two entrances to one small route: plain, and by TLS with a certificate made for the occasion.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ::entrance::{Entrance, Settings, Tls};
use axum::{Json, Router, routing::post};
use clock::SystemClock;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, ServerName};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;
use wire::Authority;

use super::super::load::{Failed, Way};

/// The name in the certificate.
const NAME: &str = "gateway.yuanhang.internal";
/// Longer than any measurement: slow clients are to stay.
const NEVER_MS: u64 = 600_000;

/// The entrances.
pub(super) struct Served {
    pub(super) plain: Way,
    pub(super) plain_address: SocketAddr,
    pub(super) tls: Way,
    pub(super) tls_address: SocketAddr,
    /// File of the certificate that clients trust.
    pub(super) authority: PathBuf,
    stop: watch::Sender<bool>,
    serving: [JoinHandle<()>; 2],
    _folder: db::testing::Folder,
}

impl Served {
    pub(super) async fn start() -> Result<Self, Failed> {
        let folder = db::testing::Folder::try_new()?;
        Authority::in_folder(folder.path())?.certify(["gateway"], folder.path())?;
        let tls = Tls {
            certificate: Some(folder.path().join("process.pem")),
            key: Some(folder.path().join("process.key")),
            ..Tls::default()
        };
        let authority = folder.path().join("authority.pem");
        let (stop, stopped) = watch::channel(false);
        let (plain_address, plain) = serve(&Tls::default(), stopped.clone()).await?;
        let (tls_address, by_tls) = serve(&tls, stopped).await?;
        let (connector, name) = trusting(&authority)?;
        Ok(Self {
            plain: Way::plain(plain_address),
            plain_address,
            tls: Way::tls(tls_address, connector, name),
            tls_address,
            authority,
            stop,
            serving: [plain, by_tls],
            _folder: folder,
        })
    }

    pub(super) async fn stop(self) {
        self.stop.send_replace(true);
        for serving in self.serving {
            let _ = serving.await;
        }
    }
}

async fn serve(tls: &Tls, stop: watch::Receiver<bool>) -> Result<(SocketAddr, JoinHandle<()>), Failed> {
    let settings = Settings { head_ms: NEVER_MS, handshake_ms: NEVER_MS, ..Settings::default() };
    let entrance = Entrance::open(&settings, tls, Arc::new(SystemClock))?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let router = Router::new().route("/echo", post(async |Json(body): Json<Value>| Json(body)));
    Ok((address, tokio::spawn(entrance.serve(listener, router, stop))))
}

/// A client that trusts the authority in `file`, and the name it asks for.
pub(super) fn trusting(file: &Path) -> Result<(TlsConnector, ServerName<'static>), Failed> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(file)?)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok((TlsConnector::from(Arc::new(config)), ServerName::try_from(NAME)?))
}
