//! A collector behind an HTTP address, asked as OTLP 1 says: `POST /v1/traces` with protobuf.

use std::error::Error;
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::header::CONTENT_TYPE;
use hyper::{Request, StatusCode, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::InstrumentationScope;
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span};
use prost::Message;
use tokio::sync::watch;

use super::dropped;

/// How long one try may take.
const TIMEOUT: Duration = Duration::from_secs(5);
/// Rests before a batch is sent again.
const RESTS: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(2)];
/// How much of an answer is read.
const ANSWER_BYTES: usize = 64 << 10;

/// Takes batches of spans.
pub(super) struct Collector {
    client: Client<HttpConnector, Full<Bytes>>,
    uri: Uri,
    resource: Resource,
    /// Whether it did not take the last batch.
    failing: bool,
}

type Failure = Box<dyn Error + Send + Sync>;

/// Why a batch was not taken.
struct NotTaken {
    /// Whether it may be taken later (OTLP, «Failures»).
    retryable: bool,
    why: Failure,
}

impl Collector {
    /// `None` where `endpoint` is not `http://host[:port][/path]`.
    pub(super) fn try_new(endpoint: &str, resource: Resource) -> Option<Self> {
        let uri: Uri = format!("{}/v1/traces", endpoint.trim_end_matches('/')).parse().ok()?;
        let client = Client::builder(TokioExecutor::new()).build_http();
        (uri.scheme_str() == Some("http")).then_some(Self { client, uri, resource, failing: false })
    }

    /// Hands over a batch, or drops it where the collector does not take it.
    pub(super) async fn deliver(&mut self, batch: Vec<Span>, stop: &mut watch::Receiver<()>) {
        let count = batch.len() as u64;
        let body = Bytes::from(self.message(batch).encode_to_vec());
        let mut rests = RESTS.iter();
        let refused = loop {
            let Err(refused) = self.post(body.clone()).await else {
                metrics::counter!("telemetry_spans_exported").increment(count);
                if std::mem::take(&mut self.failing) {
                    tracing::info!("the collector takes spans again");
                }
                return;
            };
            match rests.next() {
                Some(rest) if refused.retryable && is_over(*rest, stop).await => {}
                _ => break refused,
            }
        };
        dropped(if refused.retryable { "away" } else { "refused" }, count);
        // Once, not for each batch.
        if !std::mem::replace(&mut self.failing, true) {
            let error: &dyn Error = &*refused.why;
            tracing::warn!(endpoint = %self.uri, error, "the collector does not take spans; they are dropped");
        }
    }

    fn message(&self, spans: Vec<Span>) -> ExportTraceServiceRequest {
        let scope = InstrumentationScope { name: "yuanhang".to_owned(), ..InstrumentationScope::default() };
        let scope_spans = vec![ScopeSpans { scope: Some(scope), spans, ..ScopeSpans::default() }];
        let resource = Some(self.resource.clone());
        let of_process = ResourceSpans { resource, scope_spans, ..ResourceSpans::default() };
        ExportTraceServiceRequest { resource_spans: vec![of_process] }
    }

    async fn post(&self, body: Bytes) -> Result<(), NotTaken> {
        let away = |why| NotTaken { retryable: true, why };
        let asked = tokio::time::timeout(TIMEOUT, self.ask(body)).await;
        let late = || away(format!("it did not answer within {} seconds", TIMEOUT.as_secs()).into());
        match asked.map_err(|_| late())?.map_err(away)? {
            status if status.is_success() => Ok(()),
            status => {
                let retryable = matches!(status.as_u16(), 429 | 502 | 503 | 504);
                Err(NotTaken { retryable, why: format!("it answered {status}").into() })
            }
        }
    }

    async fn ask(&self, body: Bytes) -> Result<StatusCode, Failure> {
        let request = Request::post(self.uri.clone()).header(CONTENT_TYPE, "application/x-protobuf");
        let response = self.client.request(request.body(Full::new(body))?).await?;
        let status = response.status();
        // To its end, so that the connection can be used again. What it says besides is for people.
        let _ = Limited::new(response.into_body(), ANSWER_BYTES).collect().await;
        Ok(status)
    }
}

/// Whether the rest went by; not where it was stopped meanwhile.
async fn is_over(rest: Duration, stop: &mut watch::Receiver<()>) -> bool {
    tokio::time::timeout(rest, stop.changed()).await.is_err()
}
