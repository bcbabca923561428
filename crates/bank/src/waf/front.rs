//! The entrance and the door's firewall in front of a route that takes everything, on a port of this machine.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use clock::SystemClock;
use entrance::Entrance;
use gateway::{Firewall, FirewallMode, FirewallSettings, Gateway};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::regress::Failed;

/// How long an answer may take: a request that says too much of itself is never complete.
const PATIENCE: Duration = Duration::from_secs(2);
/// The largest body that is taken, bytes: cases go beyond what the bank itself takes.
const BODY_BYTES_MAX: usize = 1 << 20;
/// The header by which an answer shows that the request came through.
pub(super) const REACHED: &str = "x-reached";

/// A running door.
pub(super) struct Front {
    pub(super) firewall: Arc<Firewall>,
    pub(super) address: SocketAddr,
    server: JoinHandle<()>,
    _open: watch::Sender<bool>,
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
        let entrance = Entrance::open(&settings.connections, &settings.tls, Arc::new(SystemClock))?;
        let (open, stopped) = watch::channel(false);
        let server = tokio::spawn(entrance.serve(listener, router, stopped));
        Ok(Self { firewall, address, server, _open: open })
    }

    /// Sends bytes on a connection of their own, and reads what comes back.
    pub(super) async fn send(&self, bytes: &[u8]) -> Result<Answer, Failed> {
        let mut stream = TcpStream::connect(self.address).await?;
        let mut answer = Vec::new();
        let exchange = async {
            // Who refuses early may close before everything is sent.
            let _ = stream.write_all(bytes).await;
            while !is_whole(&answer) {
                if !matches!(stream.read_buf(&mut answer).await, Ok(1..)) {
                    break;
                }
            }
        };
        // A request that never ends is never answered.
        let _ = tokio::time::timeout(PATIENCE, exchange).await;
        let text = String::from_utf8_lossy(&answer);
        let status = text.split(' ').nth(1).and_then(|status| status.parse().ok());
        let reached = text.contains(&format!("\r\n{REACHED}: "));
        Ok(Answer { status, reached })
    }
}

/// Whether an answer is there to its end.
fn is_whole(answer: &[u8]) -> bool {
    let text = String::from_utf8_lossy(answer);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    length.is_some_and(|length: usize| body.len() >= length)
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
