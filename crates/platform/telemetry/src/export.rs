//! Hands ended spans to an OpenTelemetry collector. Nobody waits for it: what it does not take in time is dropped and
//! counted.

mod collector;

use std::sync::OnceLock;
use std::thread::JoinHandle;
use std::time::Duration;

use ids::TraceId;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, watch};

use crate::StartFailed;
use collector::Collector;

/// Export of traces to an OpenTelemetry collector.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Otlp {
    /// Address of a collector that takes traces over HTTP (OTLP, protobuf), such as `http://127.0.0.1:4318`.
    /// Where it is not set, nothing is exported. The connection is not encrypted: run a collector beside the
    /// bank.
    pub endpoint: Option<String>,
    /// How this process is called in traces (`service.name`). Where it is not set, `yuanhang`, followed in a
    /// bank of several processes by what runs in it: `yuanhang-payments`.
    pub service_name: Option<String>,
    /// Tells processes of one name apart (`service.instance.id`); where it is not set, another at each start.
    pub service_instance: Option<String>,
    /// How many of a thousand traces are kept. Decided where a trace begins, for every process behind.
    #[schemars(range(min = 0, max = 1000))]
    pub sampled_per_mille: u16,
}

impl Default for Otlp {
    fn default() -> Self {
        Self { endpoint: None, service_name: None, service_instance: None, sampled_per_mille: 1000 }
    }
}

/// Ended spans that may wait; one more is dropped.
const QUEUE: usize = 8_192;
/// Spans that travel together at most.
const BATCH_MAX: usize = 512;
/// How long the first of a batch waits for others.
const LINGER: Duration = Duration::from_millis(500);
/// How long a stop waits for the collector.
const FLUSH: Duration = Duration::from_secs(3);

struct Export {
    queue: mpsc::Sender<Span>,
    sampled_per_mille: u16,
}

static EXPORT: OnceLock<Export> = OnceLock::new();

/// Whether spans are exported from this process.
pub(crate) fn is_on() -> bool {
    EXPORT.get().is_some()
}

/// Whether a trace that begins now is kept. Without an export here, that is left to those behind.
pub(crate) fn is_kept() -> bool {
    EXPORT.get().is_none_or(|export| rand::random_range(0..1000) < export.sampled_per_mille)
}

/// Lets the span wait for its batch, or drops it where too many wait.
pub(crate) fn hand_over(span: Span) {
    if let Some(export) = EXPORT.get()
        && export.queue.try_send(span).is_err()
    {
        dropped("full", 1);
    }
}

fn dropped(why: &'static str, spans: u64) {
    metrics::counter!("telemetry_spans_dropped", "why" => why).increment(spans);
}

pub(crate) fn text(key: &str, value: &str) -> KeyValue {
    attribute(key, Value::StringValue(value.to_owned()))
}

pub(crate) fn number(key: &str, value: i64) -> KeyValue {
    attribute(key, Value::IntValue(value))
}

fn attribute(key: &str, value: Value) -> KeyValue {
    KeyValue { key: key.to_owned(), value: Some(AnyValue { value: Some(value) }), ..KeyValue::default() }
}

/// Keeps the export going; dropping it hands over what waits.
#[derive(Debug)]
pub(crate) struct Exporting {
    going: Option<watch::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Exporting {
    fn drop(&mut self) {
        drop(self.going.take());
        if let Some(thread) = self.thread.take() {
            // Spans that it did not hand over are lost with it; there is nothing else to save.
            let _ = thread.join();
        }
    }
}

/// Exports from now on, where `settings` name a collector and nobody exports yet.
pub(crate) fn start(settings: &Otlp) -> Result<Option<Exporting>, StartFailed> {
    let Some(endpoint) = &settings.endpoint else { return Ok(None) };
    let unusable = || StartFailed::Endpoint(endpoint.clone());
    let collector = Collector::try_new(endpoint, resource(settings)).ok_or_else(unusable)?;
    let (queue, spans) = mpsc::channel(QUEUE);
    if EXPORT.set(Export { queue, sampled_per_mille: settings.sampled_per_mille }).is_err() {
        return Ok(None);
    }
    Exporting::spawn(spans, collector).map(Some).map_err(StartFailed::Export)
}

impl Exporting {
    /// A thread and a runtime of its own: a bank that is busy exports, and a collector that is slow holds up nobody.
    fn spawn(spans: mpsc::Receiver<Span>, collector: Collector) -> std::io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (going, stop) = watch::channel(());
        let thread = std::thread::Builder::new().name("spans".to_owned()).spawn(move || {
            runtime.block_on(until_stopped(spans, collector, stop));
            // A name that is being looked up is not waited for.
            runtime.shutdown_background();
        })?;
        Ok(Self { going: Some(going), thread: Some(thread) })
    }
}

async fn until_stopped(spans: mpsc::Receiver<Span>, collector: Collector, mut stop: watch::Receiver<()>) {
    let mut exporting = std::pin::pin!(export(spans, collector, stop.clone()));
    tokio::select! {
        () = &mut exporting => return,
        _ = stop.changed() => {}
    }
    if tokio::time::timeout(FLUSH, exporting).await.is_err() {
        tracing::warn!("the collector did not take the last spans in time");
    }
}

/// Ends once it was stopped and nothing waits.
async fn export(mut spans: mpsc::Receiver<Span>, mut collector: Collector, mut stop: watch::Receiver<()>) {
    loop {
        let batch = gather(&mut spans, &mut stop).await;
        if batch.is_empty() {
            return;
        }
        collector.deliver(batch, &mut stop).await;
    }
}

/// The next spans that travel together; none once it was stopped and nothing waits.
async fn gather(spans: &mut mpsc::Receiver<Span>, stop: &mut watch::Receiver<()>) -> Vec<Span> {
    let mut batch = Vec::with_capacity(BATCH_MAX);
    tokio::select! {
        biased;
        _ = stop.changed() => spans.close(),
        () = fill(&mut batch, spans) => return batch,
    }
    let room = BATCH_MAX - batch.len();
    spans.recv_many(&mut batch, room).await;
    batch
}

async fn fill(batch: &mut Vec<Span>, spans: &mut mpsc::Receiver<Span>) {
    spans.recv_many(batch, BATCH_MAX).await;
    let others = async {
        while batch.len() < BATCH_MAX {
            let Some(span) = spans.recv().await else { return };
            batch.push(span);
        }
    };
    // Full or not, what came until then travels.
    let _ = tokio::time::timeout(LINGER, others).await;
}

fn resource(settings: &Otlp) -> Resource {
    let name = settings.service_name.as_deref().unwrap_or("yuanhang");
    let instance = settings.service_instance.clone().unwrap_or_else(|| TraceId::mint().to_string());
    let attributes = vec![
        text("service.name", name),
        text("service.instance.id", &instance),
        text("service.version", env!("CARGO_PKG_VERSION")),
    ];
    Resource { attributes, ..Resource::default() }
}
