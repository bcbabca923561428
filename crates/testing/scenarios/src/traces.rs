//! A transfer as a collector of traces sees it, through one process and through five; and a collector that is dead.

use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::routing::post;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use prost::Message;
use testkit::{Child, Client, Failed, Place, Someone, Split, enroll};
use tokio::sync::watch;
use uuid::Uuid;

use crate::processes::pay;

/// How long spans may be under way.
const PATIENCE: Duration = Duration::from_secs(30);

/// A span that has arrived.
#[derive(Debug, Clone)]
struct Arrived {
    process: String,
    name: String,
    trace: String,
    id: String,
    parent: String,
}

/// What has arrived, and all of it as text.
#[derive(Debug, Default)]
pub(crate) struct Collected {
    spans: Vec<Arrived>,
    pub(crate) text: String,
}

impl Collected {
    fn take(&mut self, batch: &ExportTraceServiceRequest) {
        for of_process in &batch.resource_spans {
            let attributes = of_process.resource.iter().flat_map(|resource| &resource.attributes);
            let mut names = attributes.filter(|attribute| attribute.key == "service.name");
            let name = names.next().and_then(|name| name.value.clone()?.value);
            let Some(Value::StringValue(process)) = name else { panic!("a process has no name: {batch:?}") };
            for span in of_process.scope_spans.iter().flat_map(|scope| &scope.spans) {
                self.text += &format!("{span:?}\n");
                self.spans.push(Arrived {
                    process: process.clone(),
                    name: span.name.clone(),
                    trace: hex::encode(&span.trace_id),
                    id: hex::encode(&span.span_id),
                    parent: hex::encode(&span.parent_span_id),
                });
            }
        }
    }

    fn of(&self, trace: &str) -> Vec<&Arrived> {
        self.spans.iter().filter(|span| span.trace == trace).collect()
    }

    /// Whether the ledger's step is there, and of every span but the outermost that in which it began.
    fn is_whole(&self, trace: &str) -> bool {
        let spans = self.of(trace);
        let is_outermost = |span: &&&Arrived| span.parent.is_empty();
        let is_placed =
            |span: &&Arrived| is_outermost(&span) || spans.iter().any(|above| above.id == span.parent);
        spans.iter().any(|span| span.name == "ledger.submit")
            && spans.iter().filter(is_outermost).count() == 1
            && spans.iter().all(is_placed)
    }

    /// From the ledger's step outward: who did what.
    fn way(&self, trace: &str) -> Vec<(&str, &str)> {
        let spans = self.of(trace);
        let mut at = spans.iter().find(|span| span.name == "ledger.submit");
        let mut way = Vec::new();
        while let Some(span) = at {
            way.push((span.process.as_str(), span.name.as_str()));
            at = spans.iter().find(|above| above.id == span.parent);
        }
        way
    }
}

/// Collects on a free port: where, and what it has got.
pub(crate) async fn collecting() -> Result<(String, watch::Receiver<Collected>), Failed> {
    let (collected, seen) = watch::channel(Collected::default());
    let take = async move |body: Bytes| match ExportTraceServiceRequest::decode(body) {
        Ok(batch) => {
            collected.send_modify(|collected| collected.take(&batch));
            StatusCode::OK
        }
        Err(_) => StatusCode::BAD_REQUEST,
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let endpoint = format!("http://{}", listener.local_addr()?);
    tokio::spawn(axum::serve(listener, Router::new().route("/v1/traces", post(take))).into_future());
    Ok((endpoint, seen))
}

async fn exporting_place(endpoint: String) -> Result<Place, Failed> {
    let mut place = Child::places().await?.into_iter().next().ok_or("no place")?;
    place.configuration.telemetry.otlp.endpoint = Some(endpoint);
    Ok(place)
}

/// The first pays the second, after a look at the account; gives the trace of the payment.
async fn transfer(client: &Client, people: &[Someone]) -> Result<String, Failed> {
    let [payer, payee] = people else { return Err("two people".into()) };
    let client = payer.sign_in(client).await?;
    client.get(&format!("/api/accounts/{}", payer.account.id)).await?.expect(200)?;
    let paid = pay(&client, payer, payee, &Uuid::now_v7().to_string()).await?.expect(201)?;
    Ok(paid.trace_id)
}

/// The trace as collected, once it is whole; refuses what must not be in it.
async fn whole(
    seen: &mut watch::Receiver<Collected>,
    trace: &str,
    people: &[Someone],
) -> Result<Vec<(String, String)>, Failed> {
    let so_far = seen.clone();
    let waiting = tokio::time::timeout(PATIENCE, seen.wait_for(|collected| collected.is_whole(trace)));
    let collected = waiting.await.map_err(|_| format!("not whole: {:?}", so_far.borrow().of(trace)))??;
    for someone in people {
        let account = someone.account.id.to_string();
        for told in [&someone.name, &someone.phone, &someone.account.number, &account] {
            assert!(!collected.text.contains(told.as_str()), "{told} is told: {}", collected.text);
        }
    }
    let way = collected.way(trace);
    Ok(way.into_iter().map(|(process, name)| (process.to_owned(), name.to_owned())).collect())
}

fn check(way: &[(String, String)], expected: &[(&str, &str)]) {
    let way: Vec<(&str, &str)> =
        way.iter().map(|(process, name)| (process.as_str(), name.as_str())).collect();
    assert_eq!(way, expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transfer_is_one_trace_through_all_processes() -> Result<(), Failed> {
    let (endpoint, mut seen) = collecting().await?;
    let split = Split::start(exporting_place(endpoint).await?).await?;
    let people = enroll(&split.books()?, 2, 100_000).await?;
    let trace = transfer(&split.client(), &people).await?;
    assert_eq!(trace.len(), 32, "the client is told the trace");
    let way = whole(&mut seen, &trace, &people).await?;
    check(
        &way,
        &[
            ("yuanhang-ledger,audit", "ledger.submit"),
            ("yuanhang-ledger,audit", "POST /contracts/ledger/submit"),
            ("yuanhang-payments", "ledger/submit"),
            ("yuanhang-payments", "payments.transfer"),
            ("yuanhang-payments", "POST /api/payments/transfers"),
            ("yuanhang-gateway", "payments/forward"),
            ("yuanhang-gateway", "POST /api/payments/{*rest}"),
        ],
    );
    split.stop().await
}

/// A served bank with two people in it.
async fn serving(endpoint: String) -> Result<(Child, Vec<Someone>, Place), Failed> {
    let place = exporting_place(endpoint).await?;
    let clock = std::sync::Arc::new(testkit::SystemClock);
    let bank = bank::composition::Bank::open(&place.configuration, clock).await?;
    let people = enroll(&bank.books()?, 2, 100_000).await?;
    bank.close().await;
    Ok((Child::serve(&place).await?, people, place))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transfer_is_one_trace_in_one_process() -> Result<(), Failed> {
    let (endpoint, mut seen) = collecting().await?;
    let (child, people, _place) = serving(endpoint).await?;
    let trace = transfer(&child.client, &people).await?;
    let way = whole(&mut seen, &trace, &people).await?;
    let outermost = "POST /api/payments/transfers";
    check(&way, &[("yuanhang", "ledger.submit"), ("yuanhang", "payments.transfer"), ("yuanhang", outermost)]);
    child.kill().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dead_collector_hinders_no_transfer() -> Result<(), Failed> {
    // One that takes connections and says nothing, then one that is not there.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let (child, people, _place) = serving(format!("http://{}", silent.local_addr()?)).await?;
    transfer(&child.client, &people).await?;
    child.kill().await?;
    let gone = silent.local_addr()?;
    drop(silent);
    let (child, people, _place) = serving(format!("http://{gone}")).await?;
    transfer(&child.client, &people).await?;
    let counted = async {
        loop {
            let (_, _, metrics) = child.client.fetch("/metrics").await?;
            if String::from_utf8(metrics)?.contains("telemetry_spans_dropped{why=\"away\"}") {
                return Ok::<(), Failed>(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, counted).await??;
    child.kill().await
}
