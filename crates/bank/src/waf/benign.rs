//! Sends what honest customers write through the door: as a message of a chat, as the memo of a transfer, as a search.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use axum::body::Body;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde::Serialize;
use serde_json::json;
use tokio::net::TcpStream;

use super::front::Front;
use super::regress::{Failed, rate};

/// What came of honest sentences.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Benign {
    /// What the rules call themselves.
    pub(crate) rule_set: String,
    /// Different ones.
    pub(crate) sentences: usize,
    /// Those of which a request was refused.
    pub(crate) flagged: usize,
    /// Of all.
    pub(crate) rate: f64,
    /// Requests sent.
    pub(crate) requests: usize,
    /// Rules that matched, with how often: also where they refused nothing.
    pub(crate) matched: BTreeMap<u64, usize>,
    /// Some of the flagged ones.
    pub(crate) examples: Vec<String>,
}

/// Examples that are kept.
const EXAMPLES: usize = 20;

/// Sends every sentence of `files` (CSV, TSV or text) at the level that holds by default.
pub(crate) async fn honest(
    files: &[PathBuf],
    settings: &gateway::FirewallSettings,
) -> Result<Benign, Failed> {
    let mut sentences = BTreeSet::new();
    for file in files {
        sentences.extend(read(file)?);
    }
    let front = Front::of(settings).await?;
    let mut result = Benign { sentences: sentences.len(), ..Benign::default() };
    if let Some(rules) = front.firewall.rules() {
        rules.version().unwrap_or_default().clone_into(&mut result.rule_set);
    }
    let stream = TcpStream::connect(front.address).await?;
    stream.set_nodelay(true)?;
    let (mut sender, connection) = handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    for sentence in &sentences {
        let mut flagged = false;
        for request in requests(sentence)? {
            result.requests += 1;
            flagged |= sent(&mut sender, request).await? == StatusCode::FORBIDDEN;
        }
        for part in front.firewall.recent.take().into_iter().flat_map(|event| event.parts) {
            *result.matched.entry(part.rule).or_default() += 1;
        }
        if flagged {
            result.flagged += 1;
            if result.examples.len() < EXAMPLES {
                result.examples.push(sentence.clone());
            }
        }
    }
    result.rate = rate(result.flagged, result.sentences);
    Ok(result)
}

async fn sent(sender: &mut SendRequest<Body>, request: Request<Body>) -> Result<StatusCode, Failed> {
    sender.ready().await?;
    let response = sender.send_request(request).await?;
    let status = response.status();
    axum::body::to_bytes(Body::new(response.into_body()), 1 << 20).await?;
    Ok(status)
}

/// The sentence as a customer's browser sends it.
fn requests(sentence: &str) -> Result<[Request<Body>; 3], Failed> {
    let as_browser = |request: hyper::http::request::Builder| {
        request
            .header("host", "bank.example")
            .header(
                "user-agent",
                "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 Chrome/126.0.0.0 Mobile Safari/537.36",
            )
            .header("accept", "application/json")
            .header("accept-language", "zh-CN,zh;q=0.9")
    };
    let posted = |path: &str, body: serde_json::Value| {
        as_browser(Request::post(path))
            .header("content-type", "application/json")
            .body(Body::from(body.to_string()))
    };
    let encoded: String = sentence.bytes().map(|byte| format!("%{byte:02X}")).collect();
    Ok([
        posted("/api/service/messages", json!({"text": sentence}))?,
        posted(
            "/api/payments/transfers",
            json!({"amount": {"value": "12.30", "currency": "CNY"}, "memo": sentence}),
        )?,
        as_browser(Request::get(format!("/api/service/search?q={encoded}"))).body(Body::empty())?,
    ])
}

/// Every text of a file: cells of a table, or lines.
fn read(file: &Path) -> Result<Vec<String>, Failed> {
    let delimiter = match file.extension().and_then(|extension| extension.to_str()) {
        Some("csv") => b',',
        Some("tsv") => b'\t',
        _ => {
            return Ok(std::fs::read_to_string(file)?
                .lines()
                .filter(|line| is_text(line))
                .map(str::to_owned)
                .collect());
        }
    };
    let mut table = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .quoting(delimiter == b',')
        .flexible(true)
        .has_headers(false)
        .from_path(file)?;
    let mut texts = Vec::new();
    for (row, record) in table.records().enumerate() {
        let cells = record?;
        // Names of columns are no sentences.
        let names = row == 0
            && cells
                .iter()
                .all(|cell| cell.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_'));
        if !names {
            texts.extend(cells.iter().filter(|cell| is_text(cell)).map(str::to_owned));
        }
    }
    Ok(texts)
}

/// Labels and numbers are none.
fn is_text(cell: &str) -> bool {
    cell.chars().any(char::is_alphabetic)
}
