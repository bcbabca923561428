//! The batch interface over gRPC: the package `yuanhang.ledger.v1` of `proto/ledger.proto`.
//!
//! For clearing files, payroll and other core systems that send much at once. The rows of a batch are read straight
//! into the ledger's commands ([`rows`]) and answered straight from its receipts; nothing is copied in between. A
//! stream reads a few batches ahead, so that the ledger has work while answers travel, and stops reading when its
//! client stops reading: what waits per stream is bounded by the flow windows of HTTP/2 and by the batches read
//! ahead.
//!
//! The listener is off by default. Every call bears a token; the connection itself is plain, so it belongs on the
//! loopback or into a network of its own until both sides prove themselves by certificates.

pub mod access;
pub mod codec;
pub mod rows;

mod pipeline;
mod service;
mod wire;

#[expect(
    unreachable_pub,
    missing_docs,
    clippy::all,
    reason = "written by the generator; the words stand in proto/ledger.proto"
)]
pub(crate) mod generated {
    tonic::include_proto!("yuanhang.ledger.v1");
}

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use contracts::ledger::Ledger;
use secrecy::Secret;
use tokio::net::TcpListener;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;

pub use generated::ledger_client::LedgerClient;
pub use generated::{
    Account, Id, LookupAccountsRequest, LookupAccountsResponse, Movement, QueryHistoryRequest,
    QueryHistoryResponse, Side, Sum, TransferStatus,
};
pub use rows::{Batch, Results};

use self::access::TokenCheck;
use self::generated::ledger_server::LedgerServer;
use self::service::Desk;

/// The largest message that is read: more than the longest 8,190 rows.
pub const MESSAGE_BYTES_MAX: usize = 2 << 20;
/// The largest frame: a usual batch is one frame.
pub const FRAME_BYTES_MAX: u32 = 1 << 20;
/// What a client may send on one stream before it is read.
pub const STREAM_WINDOW_BYTES: u32 = 2 << 20;
/// What a client may send on one connection before it is read.
pub const CONNECTION_WINDOW_BYTES: u32 = 8 << 20;
/// Calls in progress on one connection.
const STREAMS_MAX: u32 = 64;
/// How long calls in progress may take once stopping was asked for.
const GRACE: Duration = Duration::from_secs(3);

/// A listener that does not serve yet.
#[derive(Debug)]
pub struct Door {
    listener: TcpListener,
    token: Secret<String>,
}

impl Door {
    /// Listens on `address`, for example `127.0.0.1:7011`; port 0 takes a free one. Calls bear `token`.
    ///
    /// # Errors
    /// The address is malformed or taken.
    pub async fn open(address: &str, token: Secret<String>) -> std::io::Result<Self> {
        Ok(Self { listener: TcpListener::bind(address).await?, token })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// The socket is gone.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves `ledger` until `stop` has come; then calls in progress have some seconds.
    ///
    /// # Errors
    /// The listener broke.
    pub async fn serve(
        self,
        ledger: Arc<dyn Ledger>,
        queue_commands: u32,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), tonic::transport::Error> {
        let service = LedgerServer::new(Arc::new(Desk::new(ledger, queue_commands)))
            .max_decoding_message_size(MESSAGE_BYTES_MAX)
            .max_encoding_message_size(usize::MAX);
        let service = InterceptedService::new(service, TokenCheck::new(&self.token));
        let incoming = TcpIncoming::from(self.listener).with_nodelay(Some(true));
        let (stopping, mut stopped) = tokio::sync::watch::channel(false);
        let serving = Server::builder()
            .initial_stream_window_size(STREAM_WINDOW_BYTES)
            .initial_connection_window_size(CONNECTION_WINDOW_BYTES)
            .max_frame_size(FRAME_BYTES_MAX)
            .max_concurrent_streams(STREAMS_MAX)
            .http2_keepalive_interval(Some(Duration::from_secs(30)))
            .serve_with_incoming_shutdown(service, incoming, async move {
                stop.await;
                stopping.send_replace(true);
            });
        // A stream may stay open for as long as its client likes: it is cut once the grace is over.
        let cut = async move {
            if stopped.wait_for(|stopped| *stopped).await.is_ok() {
                tokio::time::sleep(GRACE).await;
            } else {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            served = serving => served,
            () = cut => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
