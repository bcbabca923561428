//! Logs, traces and metrics of a running process.
//!
//! [`start`] makes lines go to standard error (for people, or one JSON object each) and counts go to a Prometheus
//! registry in memory, rendered by [`render_metrics`]. A request carries a [`TraceParent`] (W3C Trace Context)
//! from the edge inward; everything logged inside [`request_span`] bears its `trace_id`.
//!
//! [`Span`], [`step`] and [`question`] measure its parts, which are exported over OTLP where [`Otlp`] names a collector.
//!
//! Cost: a line that is not wanted costs one comparison; a counter one atomic addition. Sums of histograms are
//! folded every few seconds, so that memory stays bounded when nobody scrapes. Without a collector a span costs one
//! comparison; with one, nobody waits for it. This crate reads no environment, writes no file and knows nothing of what
//! is being counted.

mod export;
mod process;
mod span;
#[cfg(test)]
mod tests;
mod trace;

use std::sync::OnceLock;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::JoinHandle;
use std::time::Duration;

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tracing::{Level, Metadata};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

pub use export::Otlp;
pub use process::resident_bytes;
pub use span::{Span, current_trace, question, step, to_its_end};
pub use trace::TraceParent;

/// Logs, metrics and traces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Telemetry {
    /// How log lines look; they go to standard error.
    pub log_format: LogFormat,
    /// What is logged: a level (`error`, `warn`, `info`, `debug`, `trace`), or levels by part, such as
    /// `info,ledger=debug`. Of parts that are not the bank's own never more than `info`: what they see may be personal.
    pub log_filter: String,
    /// Export of traces to an OpenTelemetry collector.
    pub otlp: Otlp,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// One line each, for people.
    #[default]
    Human,
    /// One JSON object per line, for collectors.
    Json,
}

impl Default for Telemetry {
    fn default() -> Self {
        Self {
            log_format: LogFormat::Human,
            log_filter: "info,sqlx=warn,sea_orm=warn".to_owned(),
            otlp: Otlp::default(),
        }
    }
}

/// Why telemetry could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartFailed {
    /// `log_filter` is not a filter.
    #[error("`{filter}` is not a log filter; write a level such as info, or info,ledger=debug")]
    Filter {
        /// What was given.
        filter: String,
        /// What is wrong with it.
        source: tracing_subscriber::filter::ParseError,
    },
    /// Another recorder than ours is installed in this process.
    #[error("metrics are recorded by something else in this process")]
    Recorder,
    /// `otlp.endpoint` is not the address of a collector.
    #[error("`{0}` is no address of a collector; set `telemetry.otlp.endpoint` to `http://host:port`")]
    Endpoint(String),
    /// What exports spans could not be started.
    #[error("spans cannot be exported")]
    Export(#[source] std::io::Error),
}

/// Keeps telemetry going. Dropping it ends the folding of histograms, and hands over the spans that wait, which takes
/// some seconds at most; logging and counting go on.
#[derive(Debug)]
pub struct Guard {
    stop: Option<mpsc::Sender<()>>,
    folding: Option<JoinHandle<()>>,
    _exporting: Option<export::Exporting>,
}

impl Drop for Guard {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(folding) = self.folding.take() {
            // The thread only folds sums; if it panicked there is nothing left to save.
            let _ = folding.join();
        }
    }
}

static METRICS: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// How often histograms are folded.
const FOLD_EVERY: Duration = Duration::from_secs(5);

/// Upper bounds of histogram buckets, seconds: 0.1 ms to 10 s.
const SECONDS: [f64; 16] =
    [0.0001, 0.000_25, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// Starts logging, counting and exporting. In one process the first call decides about the log, and the first with a
/// collector about the export; later calls (tests, a second bank in a box) keep it and answer with a guard of their own.
///
/// # Errors
/// [`StartFailed`].
pub fn start(settings: &Telemetry) -> Result<Guard, StartFailed> {
    let filter = EnvFilter::builder()
        .parse(&settings.log_filter)
        .map_err(|source| StartFailed::Filter { filter: settings.log_filter.clone(), source })?;
    let lines = tracing_subscriber::registry().with(filter).with(filter_fn(may_be_told));
    // Refused where a subscriber stands already: the first one stays.
    let _ = match settings.log_format {
        LogFormat::Human => {
            lines.with(tracing_subscriber::fmt::layer().with_writer(std::io::stderr)).try_init()
        }
        LogFormat::Json => lines
            .with(tracing_subscriber::fmt::layer().json().flatten_event(true).with_writer(std::io::stderr))
            .try_init(),
    };
    let handle = METRICS.get_or_init(install).clone().ok_or(StartFailed::Recorder)?;
    let exporting = export::start(&settings.otlp)?;
    let (stop, stopped) = mpsc::channel::<()>();
    let folding = std::thread::Builder::new().name("telemetry".to_owned()).spawn(move || {
        while stopped.recv_timeout(FOLD_EVERY) == Err(RecvTimeoutError::Timeout) {
            handle.run_upkeep();
        }
    });
    Ok(Guard { stop: Some(stop), folding: folding.ok(), _exporting: exporting })
}

fn install() -> Option<PrometheusHandle> {
    process::mark_start();
    PrometheusBuilder::new().set_buckets(&SECONDS).ok()?.install_recorder().ok()
}

/// The bank's own crates. What others say in detail (of a request's bytes, of a statement's values) is nobody's promise.
const OWN: [&str; 28] = [
    "accounts",
    "audit",
    "bank",
    "clock",
    "contracts",
    "customers",
    "db",
    "dpop",
    "entrance",
    "firewall",
    "gateway",
    "http",
    "identity",
    "ids",
    "keys",
    "ledger",
    "messages",
    "money",
    "payments",
    "policies",
    "proofs",
    "runtime",
    "secrecy",
    "settings",
    "telemetry",
    "webauthn",
    "wire",
    "yuanhang",
];

/// Whether a line or span of this kind is told at all, whatever the filter says.
fn may_be_told(metadata: &Metadata<'_>) -> bool {
    let of = metadata.target().split("::").next().unwrap_or_default();
    *metadata.level() <= Level::INFO || OWN.contains(&of)
}

/// All metrics in the Prometheus text format, those of the process included. Before [`start`] only the latter.
#[must_use]
pub fn render_metrics() -> String {
    let mut text = METRICS.get().and_then(Option::as_ref).map(PrometheusHandle::render).unwrap_or_default();
    process::render(&mut text);
    text
}

/// The method of a request as it is told: one of a closed set, so that a stranger cannot invent metrics or names.
#[must_use]
pub fn method_name(method: &str) -> &'static str {
    ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
        .into_iter()
        .find(|known| *known == method)
        .unwrap_or("OTHER")
}

/// The span of one request: whatever is logged inside bears the trace id. `route` is the pattern of the path
/// (`/api/accounts/{id}`), never the path itself, which may hold personal data.
#[must_use]
pub fn request_span(trace: &TraceParent, method: &str, route: &str) -> tracing::Span {
    tracing::info_span!("request", trace_id = %trace.trace_id(), method, route)
}
