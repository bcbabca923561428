//! What the door adds to a request: everything on (TLS excluded), against the same route bare, in turns on this machine.
//!
//! The route takes a kilobyte of Chinese JSON and gives it back. Behind the door it is one of a whole bank: the firewall
//! looks at it, its session is found, the policies are asked, its body is checked. Latencies are of one request at a
//! time, so that nobody waits for anybody; rates are of many connections.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::{Router, routing::post};
use clap::Args;
use clock::SystemClock;
use http::{Access, Body, Routes};
use hyper::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::http::{CAST, sign_in};
use super::load::{self, Caller, Connection, Failed};
use crate::composition::Bank;
use crate::configuration::Configuration;
use crate::serve::Serving;
use crate::targets::Targets;

const ROUTE: &str = "/api/accounts/echo";

/// What the door adds to a request.
#[derive(Debug, Args)]
pub(crate) struct Gateway {
    /// Requests of which latencies are taken, on each side.
    #[arg(long, default_value_t = 5_000)]
    requests: usize,
    /// Connections for the rates.
    #[arg(long, default_value_t = 32)]
    connections: u32,
    /// How long each rate is measured, seconds.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// Print one JSON line.
    #[arg(long)]
    json: bool,
}

/// A kilobyte of what customers write.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Memo {
    payee: String,
    amount: String,
    memo: String,
    items: Vec<String>,
}

impl Memo {
    fn kilobyte() -> Self {
        let memo: String = "房租、水电和物业费一共三笔，请查收；下个月十五号之前再转余下的，谢谢您！"
            .chars()
            .cycle()
            .take(300)
            .collect();
        Self {
            payee: "李小明".to_owned(),
            amount: "1234.56".to_owned(),
            memo,
            items: vec!["午餐".to_owned(), "打车".to_owned()],
        }
    }
}

/// Named as an action that customers may do, so that the policies are asked.
#[utoipa::path(post, path = "/api/accounts/echo", operation_id = "accounts_overview", request_body = Memo,
    responses((status = 200, body = Memo)))]
async fn echo(Body(memo): Body<Memo>) -> axum::Json<Memo> {
    axum::Json(memo)
}

struct Echoer {
    path: &'static str,
    token: Option<String>,
    body: String,
}

impl Caller for Echoer {
    fn next(&mut self) -> (&'static str, Vec<(&'static str, String)>, String) {
        let token = self.token.iter().map(|token| ("authorization", format!("Bearer {token}")));
        let browser = [("user-agent", BROWSER.to_owned()), ("accept-language", "zh-CN,zh;q=0.9".to_owned())];
        (self.path, browser.into_iter().chain(token).collect(), self.body.clone())
    }

    fn done(&self) -> StatusCode {
        StatusCode::OK
    }
}

const BROWSER: &str = "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36";

impl Gateway {
    pub(crate) async fn run(&self) -> Result<ExitCode, Failed> {
        let folder = db::testing::Folder::try_new()?;
        let mut configuration =
            Configuration { data_dir: folder.path().to_owned(), ..Configuration::default() };
        configuration.telemetry.log_filter = "error".to_owned();
        configuration.identity.new_device_two_factors = false;
        configuration.identity.sealed_passwords = false;
        // One customer asks as many would.
        configuration.gateway.limits = configuration.gateway.limits.unbounded();
        configuration.gateway.shedding.in_progress_min = self.connections.max(64);
        let _telemetry = telemetry::start(&configuration.telemetry)?;
        let more = Routes::of(()).add(Access::Customer, http::routes!(echo)).finish();
        let bank = Bank::open_with(&configuration, &Targets::all(), Arc::new(SystemClock), more).await?;
        let serving = Serving::start(bank, "127.0.0.1:0").await?;
        let people = CAST.enroll(&serving.bank().books()?, 1).await?;
        let token = sign_in(serving.address(), &people.first().ok_or("nobody")?.phone).await?;
        let bare = bare().await?;
        let body = serde_json::to_string(&Memo::kilobyte())?;
        let caller =
            |door: bool| Echoer { path: ROUTE, token: door.then(|| token.clone()), body: body.clone() };

        let (through, alone) = self.latencies(serving.address(), bare, caller(true), caller(false)).await?;
        let duration = Duration::from_secs(self.seconds);
        let callers = |door| (0..self.connections).map(|_| caller(door)).collect();
        let rate = load::run(serving.address(), callers(true), duration).await?.per_second();
        let bare_rate = load::run(bare, callers(false), duration).await?.per_second();
        serving.stop().await;

        let added = |percent| percentile(&through, percent).saturating_sub(percentile(&alone, percent));
        let line = json!({
            "requests_per_s": rate,
            "bare_per_s": bare_rate,
            "added_p50_us": added(50),
            "added_p99_us": added(99),
            "p50_us": percentile(&through, 50),
            "p99_us": percentile(&through, 99),
            "bare_p50_us": percentile(&alone, 50),
            "bare_p99_us": percentile(&alone, 99),
            "body_bytes": body.len(),
            "requests": self.requests,
            "connections": self.connections,
        });
        if self.json {
            println!("{line}");
        } else {
            println!("{line:#}");
        }
        Ok(ExitCode::SUCCESS)
    }

    /// Microseconds of each request through the door and of each without it, taken in turns.
    async fn latencies(
        &self,
        door: SocketAddr,
        bare: SocketAddr,
        mut through: Echoer,
        mut alone: Echoer,
    ) -> Result<(Vec<u64>, Vec<u64>), Failed> {
        let mut connections = (Connection::open(door).await?, Connection::open(bare).await?);
        let mut taken = (Vec::new(), Vec::new());
        for turn in 0..self.requests + self.requests / 5 {
            let with = one(&mut connections.0, &mut through).await?;
            let without = one(&mut connections.1, &mut alone).await?;
            // The first ones warm up.
            if turn >= self.requests / 5 {
                taken.0.push(with);
                taken.1.push(without);
            }
        }
        taken.0.sort_unstable();
        taken.1.sort_unstable();
        Ok(taken)
    }
}

async fn one(connection: &mut Connection, caller: &mut Echoer) -> Result<u64, Failed> {
    let (path, headers, body) = caller.next();
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let began = Instant::now();
    let (status, answer) = connection.post(path, &headers, body).await?;
    let took = u64::try_from(began.elapsed().as_micros())?;
    if status != StatusCode::OK {
        return Err(format!("answered {status}: {}", String::from_utf8_lossy(&answer)).into());
    }
    Ok(took)
}

fn percentile(sorted: &[u64], percent: usize) -> u64 {
    sorted
        .get((sorted.len() * percent / 100).min(sorted.len().saturating_sub(1)))
        .copied()
        .unwrap_or_default()
}

/// The same route without a bank in front.
async fn bare() -> Result<SocketAddr, Failed> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let router =
        Router::new().route(ROUTE, post(async |axum::Json(memo): axum::Json<Memo>| axum::Json(memo)));
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}
