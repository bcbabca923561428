//! The entrance with real sockets: what honest clients get, and what is left of the others.

mod certificates;
mod framing;
mod http1;
mod http2;
mod proxy;
mod slow;
mod stopping;

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Request};
use axum::http::StatusCode;
use axum::http::header::HOST;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use clock::{Clock, SystemClock};
use hyper_util::rt::TokioIo;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::{Entrance, Settings, Tls};

/// Longer than anything here takes; a test that waits so long has failed.
const LONG: Duration = Duration::from_secs(20);

/// An entrance that serves a few routes.
struct World {
    address: SocketAddr,
    /// Lets `/held` answer.
    release: Arc<Notify>,
    stop: watch::Sender<bool>,
    serving: JoinHandle<()>,
}

fn routes(release: Arc<Notify>) -> Router {
    let held = async move || {
        release.notified().await;
        "held"
    };
    Router::new()
        .route("/hello", get(async || "hello"))
        .route("/peer", get(async |ConnectInfo(peer): ConnectInfo<SocketAddr>| peer.ip().to_string()))
        .route("/host", get(async |request: Request| format!("{:?}", request.headers().get(HOST))))
        .route("/echo", post(async |body: Bytes| body).layer(DefaultBodyLimit::max(64 << 10)))
        .route("/large", get(async || vec![b'x'; 64 << 20]))
        .route("/held", get(held))
        .route("/upgrade", get(upgrade))
}

/// Asks for [`upgrade`].
const UPGRADE: &[u8] = b"GET /upgrade HTTP/1.1\r\nHost: bank\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n";

/// Becomes a protocol that sends back what it gets.
async fn upgrade(mut request: Request) -> Response {
    let on_upgrade = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        let mut io = TokioIo::new(on_upgrade.await.unwrap());
        let mut some = [0; 64];
        while let Ok(read @ 1..) = io.read(&mut some).await
            && io.write_all(&some[..read]).await.is_ok()
        {}
    });
    (StatusCode::SWITCHING_PROTOCOLS, [("connection", "upgrade"), ("upgrade", "echo")]).into_response()
}

impl World {
    async fn open(settings: Settings) -> Self {
        Self::open_with(settings, Tls::default(), Arc::new(SystemClock)).await
    }

    async fn open_with(settings: Settings, tls: Tls, clock: Arc<dyn Clock>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = watch::channel(false);
        let release = Arc::new(Notify::new());
        let entrance = Entrance::open(&settings, &tls, clock).unwrap();
        let serving = tokio::spawn(entrance.serve(listener, routes(Arc::clone(&release)), stopped));
        Self { address, release, stop, serving }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Sends `bytes`, whatever becomes of them, and returns all that comes until the connection ends.
    async fn send(&self, bytes: &[u8]) -> String {
        let (mut read, mut write) = self.connect().await.into_split();
        let sending = async {
            let _ = write.write_all(bytes).await;
        };
        let mut answer = Vec::new();
        let receiving = async {
            let mut some = [0; 4_096];
            while let Ok(count @ 1..) = read.read(&mut some).await {
                answer.extend_from_slice(&some[..count]);
            }
        };
        timeout(LONG, async { tokio::join!(sending, receiving) }).await.expect("the connection stays open");
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Another client, who is honest, is served.
    async fn serves(&self) {
        let answer = self.send(b"GET /hello HTTP/1.1\r\nHost: bank\r\nConnection: close\r\n\r\n").await;
        assert!(answer.ends_with("hello"), "{answer}");
    }
}

/// The statuses of HTTP/1.1 answers.
fn statuses(answers: &str) -> Vec<u16> {
    let lines = answers.split("HTTP/1.1 ").skip(1);
    lines.filter_map(|line| line.get(..3)?.parse().ok()).collect()
}

/// What `test` left in the metrics.
fn counted(test: impl Future<Output = ()>) -> String {
    counted_while(|_| test)
}

/// The same; `test` may look at them as they become.
fn counted_while<F: Future<Output = ()>>(test: impl FnOnce(PrometheusHandle) -> F) -> String {
    let recorder = PrometheusBuilder::new().build_recorder();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    metrics::with_local_recorder(&recorder, || runtime.block_on(test(recorder.handle())));
    recorder.handle().render()
}

fn has_refused(metrics: &str, reason: &str) -> bool {
    metrics.contains(&format!("entrance_refused{{reason=\"{reason}\"}}"))
}

/// Asserts that something was refused for `reason`.
#[track_caller]
fn assert_refused(metrics: &str, reason: &str) {
    assert!(has_refused(metrics, reason), "no {reason} in\n{metrics}");
}
