//! Listening, and stopping without losing what was accepted.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::serve::ListenerExt;
use http::Entry;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::composition::{Bank, OpenFailed};

/// How long open connections may take to finish once stopping was asked for.
const GRACE: Duration = Duration::from_secs(10);

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
}

/// A listening bank.
pub struct Serving {
    bank: Bank,
    address: SocketAddr,
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
        let cannot = |source| ServeFailed::Listen { address: address.to_owned(), source };
        let listener = TcpListener::bind(address).await.map_err(cannot)?;
        let local = listener.local_addr().map_err(cannot)?;
        let door = bank.door()?;
        let (stop, stopped) = watch::channel(false);
        let server = tokio::spawn(listen(listener, door.router, stopped));
        Ok(Self { bank, address: local, entries: door.entries, stop, server })
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
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

async fn listen(listener: TcpListener, router: Router, mut stopped: watch::Receiver<bool>) {
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps its delay");
        }
    });
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(listener, service)
        .with_graceful_shutdown(async move {
            let _ = stopped.wait_for(|stop| *stop).await;
        })
        .await;
    if let Err(error) = served {
        tracing::error!(%error, "the listener ended");
    }
}
