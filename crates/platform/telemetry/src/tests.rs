//! Trace context as the standard words it, metrics as a scraper reads them.

use std::io;
use std::sync::{Arc, Mutex};

use tracing_subscriber::layer::SubscriberExt as _;

use crate::{LogFormat, Telemetry, TraceParent, render_metrics, request_span, resident_bytes, start};

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
