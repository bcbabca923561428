//! Listening, and stopping without losing what was accepted.

use std::net::SocketAddr;
use std::time::Duration;

use entrance::Entrance;
use http::Entry;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::composition::{Bank, OpenFailed};

/// How long open connections may take to finish once stopping was asked for.
const GRACE: Duration = Duration::from_secs(10);
/// So much later than the gateway gives a request up, a connection on which nothing happens is cut.
const AFTER_TIMEOUT_MS: u64 = 10_000;

/// Why the bank does not listen.
#[derive(Debug, thiserror::Error)]
pub enum ServeFailed {
    /// The address is malformed or taken.
    #[error("cannot listen on `{address}`; choose another with --listen")]
    Listen {
        /// The address.
        address: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// See [`OpenFailed`].
    #[error(transparent)]
    Open(#[from] OpenFailed),
    /// See [`entrance::OpenFailed`].
    #[error(transparent)]
    Entrance(#[from] entrance::OpenFailed),
}

/// A listening bank.
pub struct Serving {
    bank: Bank,
    address: SocketAddr,
    is_tls: bool,
    entries: Vec<Entry>,
    stop: watch::Sender<bool>,
    server: tokio::task::JoinHandle<()>,
}

impl Serving {
    /// Puts the door in front of `bank` and listens on `address`.
    ///
    /// # Errors
    /// [`ServeFailed`].
    pub async fn start(mut bank: Bank, address: &str) -> Result<Self, ServeFailed> {
        let settings = bank.gateway_settings()?;
        let mut connections = settings.connections.clone();
        connections.stalled_ms = connections.stalled_ms.max(settings.timeout_ms + AFTER_TIMEOUT_MS);
        let entrance = Entrance::open(&connections, &settings.tls, bank.clock())?;
        let is_tls = entrance.is_tls();
        let cannot = |source| ServeFailed::Listen { address: address.to_owned(), source };
        let listener = TcpListener::bind(address).await.map_err(cannot)?;
        let local = listener.local_addr().map_err(cannot)?;
        let door = bank.door()?;
        let (stop, stopped) = watch::channel(false);
        let server = tokio::spawn(entrance.serve(listener, door.router, stopped));
        Ok(Self { bank, address: local, is_tls, entries: door.entries, stop, server })
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Whether by TLS.
    #[must_use]
    pub const fn is_tls(&self) -> bool {
        self.is_tls
    }

    /// Every route behind the door.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The bank behind the door.
    #[must_use]
    pub const fn bank(&self) -> &Bank {
        &self.bank
    }

    /// Accepts no more, finishes what is in progress, then closes the bank.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        let abort = self.server.abort_handle();
        if tokio::time::timeout(GRACE, self.server).await.is_err() {
            tracing::warn!("connections did not finish in time and are cut");
            abort.abort();
        }
        self.bank.close().await;
    }
}
