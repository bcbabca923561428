//! The door's firewall in front of a route that takes everything, on a port of this machine.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use gateway::{Firewall, FirewallMode, FirewallSettings, Gateway};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::regress::Failed;

/// How long an answer may take: a request that says too much of itself is never complete.
const PATIENCE: Duration = Duration::from_secs(3);
/// The largest body that is taken, bytes: cases go beyond what the bank itself takes.
const BODY_BYTES_MAX: usize = 1 << 20;
/// The header by which an answer shows that the request came through.
pub(super) const REACHED: &str = "x-reached";

/// A running door.
pub(super) struct Front {
    pub(super) firewall: Arc<Firewall>,
    pub(super) address: SocketAddr,
    server: JoinHandle<()>,
}

impl Front {
    /// Opens it on a free port of the loopback.
    pub(super) async fn open(
        rules: Option<&Path>,
        mode: FirewallMode,
        variables: &[(&str, &str)],
    ) -> Result<Self, Failed> {
        Self::before(Firewall::trial(rules, mode, variables)?).await
    }

    /// As the settings of a bank have it.
    pub(super) async fn of(settings: &FirewallSettings) -> Result<Self, Failed> {
        let firewall = Firewall::open(settings)?;
        if firewall.rules().is_none() {
            return Err("there are no rules: install `modsecurity-crs` or name a folder with --rules".into());
        }
        Self::before(firewall).await
    }

    async fn before(firewall: Firewall) -> Result<Self, Failed> {
        let firewall = Arc::new(firewall);
        let settings = gateway::Settings { body_max_bytes: BODY_BYTES_MAX, ..gateway::Settings::default() };
        let taken = async |_: Bytes| ([(REACHED, "1")], "taken");
        let router = Gateway::walled(&firewall, &settings, Router::new().fallback(taken));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let server = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, service).await {
                tracing::error!(%error, "the door ended");
            }
        });
        Ok(Self { firewall, address, server })
    }

    /// Sends bytes on a connection of their own, and reads what comes back.
    pub(super) async fn send(&self, bytes: &[u8]) -> Result<Answer, Failed> {
        let mut stream = TcpStream::connect(self.address).await?;
        let exchange = async {
            // Who refuses early may close before everything is sent.
            let _ = stream.write_all(bytes).await;
            let _ = stream.shutdown().await;
            let mut answer = Vec::new();
            let _ = stream.read_to_end(&mut answer).await;
            answer
        };
        let text = tokio::time::timeout(PATIENCE, exchange).await.unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let status = text.split(' ').nth(1).and_then(|status| status.parse().ok());
        let reached = text.contains(&format!("\r\n{REACHED}: "));
        Ok(Answer { status, reached })
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// What came back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Answer {
    /// `None`: the connection was closed without an answer.
    pub(super) status: Option<u16>,
    /// Whether the request came through to the route.
    pub(super) reached: bool,
}

impl Answer {
    /// Whether the request was kept from the route.
    pub(super) fn refused(self) -> bool {
        !self.reached && self.status.is_none_or(|status| (400..600).contains(&status))
    }
}
