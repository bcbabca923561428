//! TLS beside plain HTTP on the same route, and what thousands of slow connections take from everyone else.
//!
//! Both sides of the load run in this process, the slow clients in another, so that the memory told is the entrance's.

mod served;
mod slow;

use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use hyper::StatusCode;

use super::load::{self, Caller, Failed, Way};
use super::memory::resident_kb;
use super::summary::Summary;
use served::Served;
pub(crate) use slow::Slow;

/// Files that this process needs besides connections.
const OTHER_FILES: usize = 300;
/// Plain and TLS take turns, so that what else the machine does meets both.
const TURNS: u32 = 3;

/// TLS beside plain HTTP, and what slow connections cost.
#[derive(Debug, Args)]
pub(crate) struct Measure {
    /// Keep-alive connections of the load.
    #[arg(long, default_value_t = 32)]
    pub(super) connections: usize,
    /// How long each side is measured, seconds.
    #[arg(long, default_value_t = 9)]
    pub(super) seconds: u64,
    /// Connections that send the head of a request a few bytes at a time; as many as `ulimit -n` allows at most.
    #[arg(long, default_value_t = 20_000)]
    pub(super) slow: usize,
    /// The slow ones also come by TLS, to another port, and have made their handshake.
    #[arg(long)]
    pub(super) slow_tls: bool,
    /// Print one JSON line.
    #[arg(long)]
    pub(super) json: bool,
}

/// What was measured.
pub(super) struct Measured {
    /// Requests per second without TLS.
    pub(super) plain_per_s: u64,
    /// The same with TLS 1.3.
    pub(super) tls_per_s: u64,
    /// How many slow connections were held.
    pub(super) slow_connections: usize,
    /// By how much the process grew with them, KiB.
    pub(super) slow_rss_kb: u64,
    /// The 99th percentile without and with them, microseconds.
    pub(super) p99_us_without_slow: u64,
    pub(super) p99_us_with_slow: u64,
    /// Slow connections by TLS, and by how much the process grew with those, KiB.
    pub(super) slow_tls: Option<(usize, u64)>,
}

impl Measured {
    /// TLS to plain, in thousandths.
    pub(super) fn ratio_permille(&self) -> u64 {
        self.tls_per_s * 1_000 / self.plain_per_s.max(1)
    }

    fn line(&self) -> String {
        let permille = self.ratio_permille();
        let slow_tls = self.slow_tls.map_or_else(String::new, |(connections, kb)| {
            format!(",\"slow_tls_connections\":{connections},\"slow_tls_rss_mb\":{}", kb / 1_024)
        });
        format!(
            "{{\"plain_per_s\":{},\"tls_per_s\":{},\"ratio\":{}.{:03},\"slow_connections\":{},\"slow_rss_mb\":{},\
             \"p99_us_without_slow\":{},\"p99_us_with_slow\":{}{slow_tls}}}",
            self.plain_per_s,
            self.tls_per_s,
            permille / 1_000,
            permille % 1_000,
            self.slow_connections,
            self.slow_rss_kb / 1_024,
            self.p99_us_without_slow,
            self.p99_us_with_slow,
        )
    }
}

/// Posts about 1 KiB of JSON and gets it back.
struct Echoer;

impl Caller for Echoer {
    fn next(&mut self) -> (&'static str, Vec<(&'static str, String)>, String) {
        ("/echo", Vec::new(), format!("{{\"memo\":\"{}\"}}", "房租与水电".repeat(66)))
    }

    fn done(&self) -> StatusCode {
        StatusCode::OK
    }
}

async fn load(way: &Way, connections: usize, duration: Duration) -> Result<Summary, Failed> {
    load::run_by(way, (0..connections).map(|_| Echoer).collect(), duration).await
}

impl Measure {
    pub(crate) async fn run(&self) -> Result<ExitCode, Failed> {
        let line = self.measure().await?.line();
        if self.json {
            println!("{line}");
        } else {
            println!("{}", line.trim_matches(['{', '}']).replace(',', "\n").replace('"', ""));
        }
        Ok(ExitCode::SUCCESS)
    }

    /// Measures.
    ///
    /// # Errors
    /// A server or a client failed.
    pub(super) async fn measure(&self) -> Result<Measured, Failed> {
        let served = Served::start().await?;
        let turn = Duration::from_secs(self.seconds) / TURNS;
        let (mut plain_per_s, mut tls_per_s) = (0, 0);
        for _ in 0..TURNS {
            plain_per_s += load(&served.plain, self.connections, turn).await?.per_second();
            tls_per_s += load(&served.tls, self.connections, turn).await?.per_second();
        }

        let most = files_max().saturating_sub(OTHER_FILES + 2 * self.connections);
        let wanted = self.slow.min(most);
        let whole = Duration::from_secs(self.seconds);
        let without = load(&served.plain, self.connections, whole).await?;
        let before_kb = resident_kb();
        let slow = slow::Held::start(served.plain_address, wanted, None).await?;
        let slow_rss_kb = resident_kb().saturating_sub(before_kb);
        let with = load(&served.plain, self.connections, whole).await?;
        slow.stop().await?;
        let slow_tls = if self.slow_tls { Some(self.measure_tls(&served, wanted).await?) } else { None };
        served.stop().await;
        Ok(Measured {
            plain_per_s: plain_per_s / u64::from(TURNS),
            tls_per_s: tls_per_s / u64::from(TURNS),
            slow_connections: wanted,
            slow_rss_kb,
            p99_us_without_slow: without.percentile_us(99),
            p99_us_with_slow: with.percentile_us(99),
            slow_tls,
        })
    }

    /// What slow connections by TLS hold. The room of those before them is used again, so that it is too little.
    async fn measure_tls(&self, served: &Served, wanted: usize) -> Result<(usize, u64), Failed> {
        let before_kb = resident_kb();
        let slow = slow::Held::start(served.tls_address, wanted, Some(&served.authority)).await?;
        let grown_kb = resident_kb().saturating_sub(before_kb);
        slow.stop().await?;
        Ok((wanted, grown_kb))
    }
}

/// How many files this process may have open.
fn files_max() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(1_024)
}
