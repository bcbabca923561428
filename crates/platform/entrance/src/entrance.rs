//! The listener.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::HeaderValue;
use clock::Clock;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use crate::certificates::{self, CertificateRefused, Certificates};
use crate::config::{Settings, Tls};
use crate::connection::{self, Shared};
use crate::places::Places;
use crate::proxy::Proxies;
use crate::tls::{self, Handshakes};

/// How long no connection is accepted after the system had no more to give.
const RESPITE: Duration = Duration::from_millis(100);

/// Why nobody can be let in.
#[derive(Debug, thiserror::Error)]
pub enum OpenFailed {
    /// A certificate without key, or the other way round.
    #[error("`gateway.tls` needs both `certificate` and `key`, or neither for plain HTTP")]
    HalfPair,
    /// They cannot be used.
    #[error("the files of `gateway.tls` cannot be used")]
    Certificate(#[from] CertificateRefused),
    /// No version of TLS, or no randomness.
    #[error("TLS cannot be spoken; `gateway.tls.versions` must name 1.3 or 1.2")]
    Versions(#[source] rustls::Error),
    /// Not an address and not a network.
    #[error("`{0}` in `gateway.connections.proxies` must be an address or a network such as 10.0.0.0/24")]
    Proxy(String),
}

/// Lets clients in.
pub struct Entrance {
    settings: Settings,
    proxies: Proxies,
    handshakes: Option<Handshakes>,
    strict: Option<HeaderValue>,
    look_every: Duration,
    places: Arc<Places>,
}

impl Entrance {
    /// Reads and checks the certificate, where there is one. `clock` decides whether it is good.
    ///
    /// # Errors
    /// [`OpenFailed`].
    pub fn open(settings: &Settings, tls: &Tls, clock: Arc<dyn Clock>) -> Result<Self, OpenFailed> {
        let proxies = Proxies::read(&settings.proxies).map_err(OpenFailed::Proxy)?;
        let handshakes = tls::open(tls, clock)?;
        let strict = HeaderValue::from_str(&format!("max-age={}", tls.strict_s)).ok();
        let strict = strict.filter(|_| handshakes.is_some() && tls.strict_s > 0);
        let places = Arc::new(Places::new(settings.connections_max, settings.connections_per_address_max));
        let look_every = Duration::from_millis(tls.look_every_ms.max(1));
        Ok(Self { settings: settings.clone(), proxies, handshakes, strict, look_every, places })
    }

    /// Whether clients come by TLS.
    #[must_use]
    pub const fn is_tls(&self) -> bool {
        self.handshakes.is_some()
    }

    /// Serves `router` to whoever connects, with `ConnectInfo<SocketAddr>` in each request, until `stop` is true; then
    /// lets requests in progress finish. Dropped earlier, it cuts every connection.
    pub async fn serve(self, listener: TcpListener, router: Router, mut stop: watch::Receiver<bool>) {
        let mut looking = JoinSet::new();
        if let Some(Handshakes { certificates, .. }) = &self.handshakes {
            looking.spawn(look(Arc::clone(certificates), self.look_every));
        }
        let places = Arc::clone(&self.places);
        let shared = Arc::new(self.shared(router));
        let mut connections = JoinSet::new();
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                Some(_) = connections.join_next() => continue,
                _ = stop.wait_for(|stop| *stop) => break,
            };
            match accepted {
                Ok((stream, peer)) => {
                    let Ok(place) = places.take().inspect_err(|why| why.count()) else { continue };
                    without_delay(&stream);
                    let shared = Arc::clone(&shared);
                    connections.spawn(connection::serve(shared, stream, peer, place, stop.clone()));
                }
                Err(error) => pause_after(&error).await,
            }
        }
        drop(listener);
        while connections.join_next().await.is_some() {}
    }

    fn shared(self, router: Router) -> Shared {
        Shared {
            http1: connection::http1(&self.settings),
            http2: connection::http2(&self.settings),
            settings: self.settings,
            proxies: self.proxies,
            acceptor: self.handshakes.map(|handshakes| handshakes.acceptor),
            strict: self.strict,
            router,
        }
    }
}

/// Looks at the certificate's files again and again.
async fn look(certificates: Arc<Certificates>, every: Duration) {
    certificates::tell_end(certificates.until());
    let mut ticks = interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let certificates = Arc::clone(&certificates);
        if let Ok(Some(outcome)) = tokio::task::spawn_blocking(move || certificates.look()).await {
            outcome.count();
        }
    }
}

fn without_delay(stream: &TcpStream) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection keeps its delay");
    }
}

/// Clients that were gone before they were accepted are nothing; of anything else there is too little just now.
async fn pause_after(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        metrics::counter!("entrance_accept_failed").increment(1);
        tracing::error!(%error, "no connection can be accepted");
        tokio::time::sleep(RESPITE).await;
    }
}
