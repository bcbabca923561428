//! One connection's way: who it is, TLS, then HTTP/1.1 or 2 until its end.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::HeaderValue;
use hyper::server::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::activity::Activity;
use crate::config::Settings;
use crate::framing::Bounds;
use crate::handler::Handler;
use crate::intake::{Intake, Times};
use crate::pace::Pace;
use crate::places::Place;
use crate::proxy::{Proxies, named};
use crate::refused::Refused;
use crate::socket::Socket;
use crate::tls;

/// How a client that speaks HTTP/2 without TLS begins (RFC 9113, 3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// How long an idle connection has, once it was told to end.
const LEAVE: Duration = Duration::from_secs(2);

/// Bytes both ways.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin + 'static {}

impl<IO: AsyncRead + AsyncWrite + Send + Unpin + 'static> Stream for IO {}

/// What all connections share.
pub(crate) struct Shared {
    pub(crate) settings: Settings,
    pub(crate) proxies: Proxies,
    pub(crate) acceptor: Option<TlsAcceptor>,
    pub(crate) strict: Option<HeaderValue>,
    pub(crate) router: Router,
    pub(crate) http1: http1::Builder,
    pub(crate) http2: http2::Builder<TokioExecutor>,
}

const fn ms(count: u64) -> Duration {
    Duration::from_millis(count)
}

/// How HTTP/1.1 is spoken. Heads are bounded before hyper sees them.
pub(crate) fn http1(settings: &Settings) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(None).max_buf_size(settings.buffer_max_bytes);
    // Up to a hundred, hyper has room without asking for it.
    if settings.headers_max > 100 {
        builder.max_headers(settings.headers_max);
    }
    builder
}

/// How HTTP/2 is spoken.
pub(crate) fn http2(settings: &Settings) -> http2::Builder<TokioExecutor> {
    let of = &settings.http2;
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder
        .timer(TokioTimer::new())
        .max_concurrent_streams(of.streams_max)
        .max_pending_accept_reset_streams(of.resets_max)
        .max_local_error_reset_streams(of.faults_max)
        .initial_stream_window_size(of.stream_window_bytes)
        .initial_connection_window_size(of.connection_window_bytes)
        .max_header_list_size(u32::try_from(settings.head_max_bytes).unwrap_or(u32::MAX))
        .max_send_buf_size(settings.buffer_max_bytes)
        .keep_alive_interval(ms(of.ping_every_ms))
        .keep_alive_timeout(ms(of.ping_answer_ms));
    builder
}

/// Serves a connection to its end, or until it is told to stop and has finished what is in progress.
pub(crate) async fn serve(
    shared: Arc<Shared>,
    io: impl Stream,
    peer: SocketAddr,
    place: Place,
    mut stop: watch::Receiver<bool>,
) {
    let mut io = Socket::new(io, ms(shared.settings.stalled_ms), place);
    // Each part of the way is in a box of its own: who goes no further takes up no room for the rest.
    let arrived = tokio::select! {
        welcomed = welcome(&shared, &mut io, peer) => welcomed,
        _ = stop.wait_for(|stop| *stop) => return,
    };
    let Ok(peer) = arrived.inspect_err(|why| why.count()) else { return };
    let Some(acceptor) = shared.acceptor.clone() else {
        let first = tokio::select! {
            first = timeout(ms(shared.settings.head_ms), io.peek(decides)) => first,
            _ = stop.wait_for(|stop| *stop) => return,
        };
        let is_http2 = match first {
            Ok(Ok(first)) if !first.is_empty() => first.starts_with(PREFACE),
            _ => return,
        };
        return Box::pin(speak(shared, io, peer, is_http2, stop)).await;
    };
    let made = tokio::select! {
        made = Box::pin(handshake(&shared, acceptor, io)) => made,
        _ = stop.wait_for(|stop| *stop) => return,
    };
    let Ok(io) = made.inspect_err(|why| why.count()) else { return };
    let is_http2 = io.get_ref().1.alpn_protocol() == Some(tls::HTTP2);
    Box::pin(speak(shared, io, peer, is_http2, stop)).await;
}

/// Finds out whom it is from, and counts it for that address.
async fn welcome<IO: Stream>(
    shared: &Shared,
    io: &mut Socket<IO>,
    peer: SocketAddr,
) -> Result<SocketAddr, Refused> {
    let peer = if shared.proxies.include(peer.ip()) {
        let named = timeout(ms(shared.settings.head_ms), named(io, peer)).await;
        named.map_err(|_| Refused::Proxy)??
    } else {
        peer
    };
    let peer = SocketAddr::new(peer.ip().to_canonical(), peer.port());
    io.place().of(peer.ip())?;
    Ok(peer)
}

/// Whether these first bytes tell HTTP/2 from HTTP/1.
fn decides(first: &[u8]) -> bool {
    !first.is_empty() && (first.len() >= PREFACE.len() || !PREFACE.starts_with(first))
}

async fn handshake<IO: Stream>(
    shared: &Shared,
    acceptor: TlsAcceptor,
    mut io: Socket<IO>,
) -> Result<TlsStream<Socket<IO>>, Refused> {
    let made = async {
        let hello = io.peek(tls::has_hello).await.map_err(|_| Refused::Handshake)?;
        if !tls::is_handshake(hello) {
            return Err(Refused::Handshake);
        }
        acceptor.accept(io).await.map_err(|error| {
            tracing::debug!(%error, "a handshake failed");
            Refused::Handshake
        })
    };
    timeout(ms(shared.settings.handshake_ms), made).await.map_err(|_| Refused::HandshakeTime)?
}

async fn speak(
    shared: Arc<Shared>,
    io: impl Stream,
    peer: SocketAddr,
    is_http2: bool,
    mut stop: watch::Receiver<bool>,
) {
    let settings = &shared.settings;
    let activity = Arc::new(Activity::new());
    let handler = Handler {
        router: shared.router.clone(),
        peer,
        pace: Pace {
            pause: ms(settings.body_pause_ms),
            whole: ms(settings.body_ms),
            rate_min_bytes: settings.body_rate_min_bytes_per_s,
            grace: ms(settings.body_grace_ms),
        },
        activity: Arc::clone(&activity),
        strict: shared.strict.clone(),
    };
    let times = (ms(settings.idle_ms), ms(settings.stalled_ms));
    if is_http2 {
        let connection = shared.http2.serve_connection(TokioIo::new(io), handler);
        return Box::pin(drive(connection, http2::Connection::graceful_shutdown, &activity, times, stop))
            .await;
    }
    let bounds = Bounds { head_max_bytes: settings.head_max_bytes, headers_max: settings.headers_max };
    let pauses = Times { head: ms(settings.head_ms), idle: ms(settings.idle_ms) };
    let mut intake = Intake::new(io, bounds, pauses, Arc::clone(&activity));
    let begun = tokio::select! {
        begun = intake.first() => begun,
        _ = stop.wait_for(|stop| *stop) => return,
    };
    if matches!(begun, Ok(true)) {
        let connection = shared.http1.serve_connection(TokioIo::new(intake), handler).with_upgrades();
        let end = http1::UpgradeableConnection::graceful_shutdown;
        Box::pin(drive(connection, end, &activity, times, stop)).await;
    }
}

/// Runs it, and lets it `end` where nothing happens or the house stops.
async fn drive<C: Future<Output = hyper::Result<()>>>(
    connection: C,
    end: fn(Pin<&mut C>),
    activity: &Activity,
    (idle, stalled): (Duration, Duration),
    mut stop: watch::Receiver<bool>,
) {
    let mut connection = pin!(connection);
    let mut is_stopping = false;
    let mut was_told = false;
    let mut look = pin!(sleep_until(Instant::now() + idle.min(stalled)));
    loop {
        tokio::select! {
            ended = connection.as_mut() => {
                if let Some(why) = ended.err().as_ref().and_then(why) {
                    why.count();
                }
                return;
            }
            _ = stop.wait_for(|stop| *stop), if !is_stopping => {
                is_stopping = true;
                end(connection.as_mut());
            }
            () = look.as_mut() => {
                let (now, is_busy) = (Instant::now(), activity.is_busy());
                let until = activity.touched_at() + if is_busy { stalled } else { idle };
                let next = match (now < until, is_busy) {
                    (true, _) => until.min(now + idle.min(stalled)),
                    (false, true) => return Refused::Stalled.count(),
                    (false, false) if was_told => return,
                    (false, false) => {
                        was_told = true;
                        end(connection.as_mut());
                        now + LEAVE
                    }
                };
                look.as_mut().reset(next);
            }
        }
    }
}

/// What a connection ended for, where that was not for the client to decide.
fn why(error: &hyper::Error) -> Option<Refused> {
    if error.is_parse() {
        return Some(Refused::RequestLine);
    }
    let source = std::error::Error::source(error)?.downcast_ref::<h2::Error>()?;
    match source.reason() {
        Some(h2::Reason::ENHANCE_YOUR_CALM) => Some(Refused::Flood),
        Some(_) if source.is_library() => Some(Refused::Frames),
        _ => None,
    }
}
