//! The parts of a trace that are measured: requests that are answered, questions to neighbors, steps in between.

use std::fmt;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use opentelemetry_proto::tonic::trace::v1::{self as otlp, Status};
use tracing::Instrument;

use crate::TraceParent;
use crate::export::{self, number, text};

tokio::task_local! {
    static TRACE: TraceParent;
}

/// The trace of which this is a part.
#[must_use]
pub fn current_trace() -> Option<TraceParent> {
    TRACE.try_with(|trace| *trace).ok()
}

/// A measured part of a trace. It ends, and is exported where that is wanted, when it is dropped.
#[derive(Debug)]
pub struct Span {
    here: TraceParent,
    recorded: Option<Box<Recorded>>,
}

#[derive(Debug)]
struct Recorded {
    began: Instant,
    span: otlp::Span,
}

impl Span {
    /// Of a request that this process answers. `route` is the pattern of the path (`/api/accounts/{id}`), never the
    /// path itself, which may hold personal data.
    #[must_use]
    pub fn request(trace: TraceParent, method: &str, route: &str) -> Self {
        let mut span = Self::begin(trace, SpanKind::Server, || format!("{method} {route}"));
        span.record(|span| {
            span.attributes = vec![text("http.request.method", method), text("http.route", route)];
        });
        span
    }

    fn begin(here: TraceParent, kind: SpanKind, name: impl FnOnce() -> String) -> Self {
        let recorded = (here.sampled() && export::is_on()).then(|| {
            Box::new(Recorded {
                began: Instant::now(),
                span: otlp::Span {
                    trace_id: here.trace().to_be_bytes().to_vec(),
                    span_id: here.span().to_be_bytes().to_vec(),
                    parent_span_id: here
                        .above()
                        .map(|above| above.to_be_bytes().to_vec())
                        .unwrap_or_default(),
                    flags: 1,
                    name: name(),
                    kind: kind.into(),
                    ..otlp::Span::default()
                },
            })
        });
        Self { here, recorded }
    }

    /// Below where we are, or a new trace; `None` where nothing is exported.
    fn below(kind: SpanKind, name: impl FnOnce() -> String) -> Option<Self> {
        if !export::is_on() {
            return None;
        }
        let here = current_trace().map_or_else(TraceParent::mint, |trace| trace.child());
        Some(Self::begin(here, kind, name))
    }

    fn record(&mut self, what: impl FnOnce(&mut otlp::Span)) {
        if let Some(recorded) = &mut self.recorded {
            what(&mut recorded.span);
        }
    }

    /// Does `work` as what is measured, so that what it asks of other processes goes on from here.
    pub async fn within<T>(&self, work: impl Future<Output = T>) -> T {
        TRACE.scope(self.here, work).await
    }

    /// The request was answered with this status of HTTP.
    pub fn answered(mut self, status: u16) {
        self.record(|span| {
            span.attributes.push(number("http.response.status_code", i64::from(status)));
            if status >= 500 {
                span.status = Some(failed(String::new()));
            }
        });
    }
}

impl Drop for Span {
    fn drop(&mut self) {
        let Some(Recorded { began, mut span }) = self.recorded.take().map(|recorded| *recorded) else {
            return;
        };
        let nanoseconds = |time: std::time::Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        span.end_time_unix_nano = nanoseconds(now);
        span.start_time_unix_nano = nanoseconds(now.saturating_sub(began.elapsed()));
        export::hand_over(span);
    }
}

fn failed(message: String) -> Status {
    Status { message, code: StatusCode::Error.into() }
}

/// Does `work` to its end, in this trace, even where whoever waits for it goes away.
///
/// # Errors
/// It panicked, or the process is ending.
pub async fn to_its_end<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, tokio::task::JoinError> {
    let work = work.instrument(tracing::Span::current());
    match current_trace() {
        Some(trace) => tokio::spawn(TRACE.scope(trace, work)).await,
        None => tokio::spawn(work).await,
    }
}

/// Does `work` as a step of its own, such as `ledger.submit`.
pub async fn step<T>(name: &'static str, work: impl Future<Output = T>) -> T {
    match Span::below(SpanKind::Internal, || name.to_owned()) {
        Some(span) => span.within(work).await,
        None => work.await,
    }
}

/// Asks `method` of `service` in another process. An error is noted by its text, which must hold no personal data.
///
/// # Errors
/// Those of `asking`.
pub async fn question<T, E: fmt::Display>(
    service: &'static str,
    method: &'static str,
    asking: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    let Some(mut span) = Span::below(SpanKind::Client, || format!("{service}/{method}")) else {
        return asking.await;
    };
    let answer = span.within(asking).await;
    span.record(|span| {
        span.attributes = vec![text("rpc.service", service), text("rpc.method", method)];
        span.status = answer.as_ref().err().map(|error| failed(error.to_string()));
    });
    answer
}
