//! Trace context as the standard words it, metrics as a scraper reads them.

use std::io::{self, Read as _, Write as _};
use std::sync::{Arc, Mutex};

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use prost::Message as _;
use tracing_subscriber::layer::SubscriberExt as _;

use crate::{
    LogFormat, Otlp, Span, Telemetry, TraceParent, current_trace, question, render_metrics, request_span,
    resident_bytes, start, step,
};

/// A crate that joins the bank is heard in detail, too; nobody else is.
#[test]
fn only_the_banks_own_crates_are_told_in_detail() {
    let crates = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let in_room = |room: &str| {
        let folders = std::fs::read_dir(crates.join(room)).unwrap();
        folders.map(|folder| folder.unwrap().file_name().into_string().unwrap()).collect::<Vec<_>>()
    };
    let mut named = [in_room("base"), in_room("platform"), in_room("domains")].concat();
    named.extend(["bank".to_owned(), "yuanhang".to_owned()]);
    named.sort();
    assert_eq!(named, crate::OWN);
}

#[test]
fn reads_traceparent_as_the_standard_says() {
    let header = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let parent = TraceParent::parse(header).unwrap();
    assert_eq!(parent.trace_id(), "4bf92f3577b34da6a3ce929d0e0e4736");
    assert!(parent.sampled());
    assert_eq!(parent.to_string(), header);
    assert_eq!(parent.child().trace_id(), parent.trace_id());
    assert_ne!(parent.child(), parent);
    let later = "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00-what-the-future-will-be-like";
    assert!(!TraceParent::parse(later).unwrap().sampled());
    for ignored in [
        "",
        "00",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
        "00-+bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    ] {
        assert_eq!(TraceParent::parse(ignored), None, "{ignored}");
    }
    let minted = TraceParent::mint();
    assert_eq!(TraceParent::parse(&minted.to_string()), Some(minted));
}

#[test]
fn renders_counts_and_the_process() {
    let first = start(&Telemetry::default()).unwrap();
    let second = start(&Telemetry { log_format: LogFormat::Json, ..Telemetry::default() }).unwrap();
    metrics::counter!("telemetry_test_total").increment(3);
    metrics::histogram!("telemetry_test_seconds").record(0.02);
    let text = render_metrics();
    assert!(text.contains("telemetry_test_total 3"), "{text}");
    assert!(text.contains("telemetry_test_seconds_bucket{le=\"0.025\"} 1"), "{text}");
    assert!(text.contains("telemetry_test_seconds_bucket{le=\"0.01\"} 0"), "{text}");
    for name in ["process_resident_memory_bytes ", "process_open_fds ", "process_uptime_seconds "] {
        assert!(text.contains(name), "{name} is missing in {text}");
    }
    assert!(resident_bytes().unwrap() > 1_000_000);
    drop((first, second));
    assert!(render_metrics().contains("telemetry_test_total 3"));
}

#[test]
fn refuses_a_filter_that_is_none() {
    let refused =
        start(&Telemetry { log_filter: "info,=loud=".to_owned(), ..Telemetry::default() }).unwrap_err();
    assert!(refused.to_string().contains("`info,=loud=` is not a log filter"), "{refused}");
}

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl io::Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn what_a_request_logs_bears_its_trace() {
    let captured = Captured::default();
    let writer = captured.clone();
    let layer =
        tracing_subscriber::fmt::layer().json().flatten_event(true).with_writer(move || writer.clone());
    let parent = TraceParent::mint();
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
        let _inside = request_span(&parent, "GET", "/api/accounts/{id}").entered();
        tracing::info!(payment.id = "p", "paid");
    });
    let line: serde_json::Value = serde_json::from_slice(&captured.0.lock().unwrap()).unwrap();
    assert_eq!(line["message"], "paid");
    assert_eq!(line["payment.id"], "p");
    assert_eq!(line["span"]["trace_id"], parent.trace_id());
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Hears the next batch on `listener`, answers it with `status`, and tells what it was.
fn take(listener: &std::net::TcpListener, status: &str) -> ExportTraceServiceRequest {
    let (mut stream, _) = listener.accept().unwrap();
    let (mut heard, mut chunk) = (Vec::new(), [0; 4096]);
    let body = loop {
        let read = stream.read(&mut chunk).unwrap();
        heard.extend_from_slice(&chunk[..read]);
        let Some(end) = heard.windows(4).position(|at| at == b"\r\n\r\n") else { continue };
        let head = String::from_utf8(heard[..end].to_vec()).unwrap().to_lowercase();
        assert!(head.starts_with("post /v1/traces http/1.1\r\n"), "{head}");
        assert!(head.contains("content-type: application/x-protobuf"), "{head}");
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
        if heard.len() == end + 4 + length.parse::<usize>().unwrap() {
            break heard.split_off(end + 4);
        }
    };
    write!(stream, "HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").unwrap();
    ExportTraceServiceRequest::decode(body.as_slice()).unwrap()
}

/// One test, because a process has one export.
#[test]
fn spans_go_to_the_collector_and_no_dead_collector_holds_up_the_end() {
    let refused = |endpoint: &str| {
        let otlp = Otlp { endpoint: Some(endpoint.to_owned()), ..Otlp::default() };
        start(&Telemetry { otlp, ..Telemetry::default() }).unwrap_err().to_string()
    };
    assert!(refused("https://collector").contains("`https://collector` is no address of a collector"));
    assert!(refused("collector:4318").contains("is no address"));

    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let otlp = Otlp {
        endpoint: Some(format!("http://{}/", listener.local_addr().unwrap())),
        service_name: Some("yuanhang-test".to_owned()),
        ..Otlp::default()
    };
    let guard = start(&Telemetry { otlp, ..Telemetry::default() }).unwrap();
    let given = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let trace = TraceParent::at_door(Some(given));
    let request = Span::request(trace, "POST", "/api/payments/transfers");
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let inside = runtime.block_on(request.within(step("payments.transfer", async {
        let away = question("ledger", "submit", async { Err::<(), _>("nobody answers") }).await;
        assert_eq!(away, Err("nobody answers"));
        current_trace().unwrap()
    })));
    assert_eq!(inside.trace_id(), trace.trace_id());
    request.answered(503);
    // A trace that is not wanted, and one of which only a part is here.
    drop(Span::request(TraceParent::inside(Some(&given.replace("-01", "-00"))), "GET", "/unwanted"));

    // Told to come again, it does: nothing is lost.
    let taking = std::thread::spawn(move || {
        let first = take(&listener, "503 Service Unavailable");
        let again = take(&listener, "200 OK");
        assert_eq!(first, again);
        (again, listener)
    });
    let (batch, listener) = taking.join().unwrap();
    let [of_process] = batch.resource_spans.as_slice() else { panic!("{batch:?}") };
    assert!(format!("{:?}", of_process.resource).contains("yuanhang-test"));
    let [asked, stepped, answered] = of_process.scope_spans[0].spans.as_slice() else { panic!("{batch:?}") };
    for span in [asked, stepped, answered] {
        assert_eq!(hex(&span.trace_id), "4bf92f3577b34da6a3ce929d0e0e4736");
        assert!(span.start_time_unix_nano <= span.end_time_unix_nano && span.start_time_unix_nano > 0);
    }
    assert_eq!(hex(&answered.parent_span_id), "00f067aa0ba902b7");
    assert_eq!(stepped.parent_span_id, answered.span_id);
    assert_eq!(asked.parent_span_id, stepped.span_id);
    assert!(inside.to_string().contains(&hex(&stepped.span_id)));
    assert_eq!(answered.name, "POST /api/payments/transfers");
    assert_eq!((asked.name.as_str(), asked.kind()), ("ledger/submit", SpanKind::Client));
    assert_eq!(asked.status.as_ref().unwrap().message, "nobody answers");
    assert_eq!(answered.status.as_ref().unwrap().code(), StatusCode::Error);

    // It takes connections and says nothing any more. More spans than may wait are dropped at once, and the end comes.
    for _ in 0..10_000 {
        drop(Span::request(TraceParent::mint(), "GET", "/healthz"));
    }
    let began = std::time::Instant::now();
    drop(guard);
    assert!(began.elapsed() < std::time::Duration::from_secs(8), "{:?}", began.elapsed());
    assert!(render_metrics().contains("telemetry_spans_dropped{why=\"full\"}"), "{}", render_metrics());
    assert!(render_metrics().contains("telemetry_spans_exported 3"), "{}", render_metrics());
    drop(listener);
}
