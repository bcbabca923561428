//! A load of one request after another on each of many connections, kept up for a while.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::body::{Body, to_bytes};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::http::request::Builder;
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use rustls_pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::summary::Summary;

pub(super) type Failed = Box<dyn std::error::Error + Send + Sync>;

/// One keep-alive connection.
pub(super) struct Connection(SendRequest<Body>);

/// Where connections go, and how.
#[derive(Clone)]
pub(super) struct Way {
    address: SocketAddr,
    tls: Option<(TlsConnector, ServerName<'static>)>,
}

impl Way {
    pub(super) const fn plain(address: SocketAddr) -> Self {
        Self { address, tls: None }
    }

    pub(super) const fn tls(address: SocketAddr, by: TlsConnector, name: ServerName<'static>) -> Self {
        Self { address, tls: Some((by, name)) }
    }
}

impl Connection {
    pub(super) async fn open(address: SocketAddr) -> Result<Self, Failed> {
        Self::open_by(&Way::plain(address)).await
    }

    pub(super) async fn open_by(way: &Way) -> Result<Self, Failed> {
        let stream = TcpStream::connect(way.address).await?;
        stream.set_nodelay(true)?;
        match &way.tls {
            None => Self::over(stream).await,
            Some((tls, name)) => Self::over(tls.connect(name.clone(), stream).await?).await,
        }
    }

    async fn over(io: impl AsyncRead + AsyncWrite + Send + Unpin + 'static) -> Result<Self, Failed> {
        let (sender, connection) = handshake(TokioIo::new(io)).await?;
        tokio::spawn(connection);
        Ok(Self(sender))
    }

    /// Posts JSON and returns the answer whole.
    pub(super) async fn post(
        &mut self,
        path: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Result<(StatusCode, Vec<u8>), Failed> {
        let request = Request::post(path).header("content-type", "application/json");
        self.send(request, headers, Body::from(body)).await
    }

    /// Asks for something and returns the answer whole.
    pub(super) async fn get(
        &mut self,
        path: &str,
        headers: &[(&str, &str)],
    ) -> Result<(StatusCode, Vec<u8>), Failed> {
        self.send(Request::get(path), headers, Body::empty()).await
    }

    async fn send(
        &mut self,
        request: Builder,
        headers: &[(&str, &str)],
        body: Body,
    ) -> Result<(StatusCode, Vec<u8>), Failed> {
        let mut request = request.header("host", "localhost");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.0.ready().await?;
        let response = self.0.send_request(request.body(body)?).await?;
        let status = response.status();
        let bytes = to_bytes(Body::new(response.into_body()), 1 << 20).await?;
        Ok((status, bytes.to_vec()))
    }
}

/// What one connection sends: its path, its headers and its next body.
pub(super) trait Caller: Send + 'static {
    /// The next request: path, headers, body.
    fn next(&mut self) -> (&'static str, Vec<(&'static str, String)>, String);
    /// The status that counts as done.
    fn done(&self) -> StatusCode;
}

/// Runs every caller on a connection of its own; what is answered during the first fifth is not counted.
pub(super) async fn run<C: Caller>(
    address: SocketAddr,
    callers: Vec<C>,
    duration: Duration,
) -> Result<Summary, Failed> {
    run_by(&Way::plain(address), callers, duration).await
}

/// As [`run`], by TLS perhaps.
pub(super) async fn run_by<C: Caller>(
    way: &Way,
    callers: Vec<C>,
    duration: Duration,
) -> Result<Summary, Failed> {
    let warm_up = duration / 5;
    let begin = Instant::now() + warm_up;
    let end = begin + duration;
    let tasks: Vec<_> =
        callers.into_iter().map(|caller| tokio::spawn(call(way.clone(), caller, begin, end))).collect();
    let mut latencies = Vec::new();
    for task in tasks {
        latencies.extend(task.await??);
    }
    Ok(Summary::of(latencies, duration))
}

async fn call<C: Caller>(way: Way, mut caller: C, begin: Instant, end: Instant) -> Result<Vec<u64>, Failed> {
    let mut connection = Connection::open_by(&way).await?;
    let mut latencies = Vec::with_capacity(65_536);
    loop {
        let (path, headers, body) = caller.next();
        let headers: Vec<(&str, &str)> =
            headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let sent = Instant::now();
        let (status, answer) = connection.post(path, &headers, body).await?;
        let answered = Instant::now();
        if status != caller.done() {
            return Err(format!("{path} answered {status}: {}", String::from_utf8_lossy(&answer)).into());
        }
        if answered >= end {
            return Ok(latencies);
        }
        if sent >= begin {
            latencies.push(u64::try_from((answered - sent).as_micros()).unwrap_or(u64::MAX));
        }
    }
}
