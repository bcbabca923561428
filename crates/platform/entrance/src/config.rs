//! Settings of the entrance.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How connections from outside are taken: how many, how slow, how large. Who is cut off by one of these is
/// counted in the metric `entrance_refused`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Connections at once. One more is closed at once. Each takes a file descriptor: the process must be
    /// allowed more than this many (`ulimit -n`).
    #[schemars(range(min = 1, max = 10_000_000))]
    pub connections_max: usize,
    /// Connections at once from one IPv4 address or one /64 of IPv6 addresses. Mobile networks show thousands
    /// of customers under one address. Programs on the same machine are not counted.
    #[schemars(range(min = 1, max = 10_000_000))]
    pub connections_per_address_max: usize,
    /// Load balancers in front of the bank, as addresses or networks such as `10.0.0.0/24`. Their connections
    /// must begin with a PROXY protocol header of version 2, and the address in it is believed. Nobody else's
    /// is, and `Forwarded` and `X-Forwarded-For` never are.
    pub proxies: Vec<String>,
    /// How long a client may take from the start of a connection to the end of the TLS handshake, milliseconds.
    #[schemars(range(min = 10, max = 600_000))]
    pub handshake_ms: u64,
    /// How long a client may take to send the head of a request, from its first byte or the start of the
    /// connection, milliseconds.
    #[schemars(range(min = 10, max = 600_000))]
    pub head_ms: u64,
    /// How long a connection is kept open between requests, milliseconds.
    #[schemars(range(min = 10, max = 3_600_000))]
    pub idle_ms: u64,
    /// How long a client may pause within the body of a request, milliseconds.
    #[schemars(range(min = 10, max = 600_000))]
    pub body_pause_ms: u64,
    /// How long a client may take to send a whole body, milliseconds. Only the time in which the bank waited
    /// counts.
    #[schemars(range(min = 10, max = 3_600_000))]
    pub body_ms: u64,
    /// How fast a body must arrive, bytes per second, after the first `body_grace_ms`. 0 is as slow as may be.
    #[schemars(range(max = 1_000_000))]
    pub body_rate_min_bytes_per_s: u64,
    /// How long a body may be slower than that at first, milliseconds.
    #[schemars(range(min = 10, max = 600_000))]
    pub body_grace_ms: u64,
    /// How long a client may take none of an answer, and how long nothing at all may happen to a request,
    /// milliseconds; but ten seconds more than `gateway.timeout_ms` at least.
    #[schemars(range(min = 10, max = 3_600_000))]
    pub stalled_ms: u64,
    /// The largest head of a request: its line and all headers, bytes. A larger one is refused with 431.
    #[schemars(range(min = 1_024, max = 65_536))]
    pub head_max_bytes: usize,
    /// The most headers of a request. More are refused with 431.
    #[schemars(range(min = 8, max = 1_000))]
    pub headers_max: usize,
    /// What is kept of one connection while it waits to be read or sent, bytes.
    #[schemars(range(min = 65_536, max = 16_777_216))]
    pub buffer_max_bytes: usize,
    /// HTTP/2.
    pub http2: Http2,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            connections_max: 50_000,
            connections_per_address_max: 2_000,
            proxies: Vec::new(),
            handshake_ms: 10_000,
            head_ms: 10_000,
            idle_ms: 60_000,
            body_pause_ms: 15_000,
            body_ms: 300_000,
            body_rate_min_bytes_per_s: 256,
            body_grace_ms: 10_000,
            stalled_ms: 60_000,
            head_max_bytes: 32_768,
            headers_max: 100,
            buffer_max_bytes: 65_536,
            http2: Http2::default(),
        }
    }
}

/// HTTP/2, where several requests share a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Http2 {
    /// Requests in progress on one connection.
    #[schemars(range(min = 1, max = 10_000))]
    pub streams_max: u32,
    /// Requests that were taken back before they were looked at; one more ends the connection (rapid reset,
    /// CVE-2023-44487).
    #[schemars(range(min = 1, max = 10_000))]
    pub resets_max: usize,
    /// Faults of one connection that are answered by ending the request; one more ends the connection.
    #[schemars(range(min = 1, max = 10_000))]
    pub faults_max: usize,
    /// What may arrive of one request before it is read, bytes.
    #[schemars(range(min = 16_384, max = 16_777_216))]
    pub stream_window_bytes: u32,
    /// The same of all requests of a connection together, bytes.
    #[schemars(range(min = 65_536, max = 67_108_864))]
    pub connection_window_bytes: u32,
    /// How often a client is asked whether it is still there, milliseconds.
    #[schemars(range(min = 100, max = 600_000))]
    pub ping_every_ms: u64,
    /// How long it may take to answer that, milliseconds.
    #[schemars(range(min = 10, max = 600_000))]
    pub ping_answer_ms: u64,
}

impl Default for Http2 {
    fn default() -> Self {
        Self {
            streams_max: 100,
            resets_max: 20,
            faults_max: 64,
            stream_window_bytes: 65_536,
            connection_window_bytes: 262_144,
            ping_every_ms: 20_000,
            ping_answer_ms: 10_000,
        }
    }
}

/// TLS toward clients. Without `certificate` the bank speaks plain HTTP, for a demonstration or behind a
/// load balancer that ends TLS.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Tls {
    /// File of the certificate and those between it and its authority, in this order, PEM. It is looked at
    /// again and again: a changed pair takes effect within seconds, a faulty one never.
    pub certificate: Option<PathBuf>,
    /// File of the certificate's key, PEM: PKCS#8, PKCS#1 or SEC1.
    pub key: Option<PathBuf>,
    /// Which versions are spoken, `1.3` or `1.2`. The bank's apps and all browsers since 2018 speak 1.3; phones
    /// with an Android before 10 need `1.2` as well.
    pub versions: Vec<Version>,
    /// How often the files are looked at, milliseconds.
    #[schemars(range(min = 100, max = 3_600_000))]
    pub look_every_ms: u64,
    /// How long browsers are told to come by TLS only (`Strict-Transport-Security`), seconds. 0: they are not
    /// told.
    #[schemars(range(max = 63_072_000))]
    pub strict_s: u64,
}

impl Default for Tls {
    fn default() -> Self {
        Self {
            certificate: None,
            key: None,
            versions: vec![Version::Tls13],
            look_every_ms: 5_000,
            strict_s: 31_536_000,
        }
    }
}

/// A version of TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Version {
    /// RFC 5246, with the suites of RFC 7525 that keep forward secrecy.
    #[serde(rename = "1.2")]
    Tls12,
    /// RFC 8446.
    #[serde(rename = "1.3")]
    Tls13,
}
