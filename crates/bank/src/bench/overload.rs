//! A bank under four times the load that it takes: whether money and sign-in are still served, and how soon.
//!
//! First it is measured how many looks the bank answers when they are all that it is asked. Then customers pay and sign
//! in at a steady pace, alone, and again while looks come at a multiple of what was answered, on connections of their
//! own. Whoever is late with a request is late: the time counts from when it was due. The load runs on threads of its own.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;
use clock::SystemClock;
use hyper::StatusCode;
use serde_json::json;
use tokio::runtime::{Builder, Runtime};
use tokio::time::sleep_until;
use uuid::Uuid;

use super::http::{CAST, Payer, enroll};
use super::load::{Connection, Failed};
use super::summary::Summary;
use crate::composition::Bank;
use crate::configuration::Configuration;
use crate::serve::Serving;

/// Every so many requests of a payer are a sign-in.
const SIGN_IN_EVERY: u32 = 10;
/// What is looked at in turns: one's own accounts, and what everybody sees.
const LOOKS: [&str; 2] = ["/api/accounts", "/api/accounts/rates"];
/// Connections on which it is measured how many looks are answered.
const MEASURING: usize = 32;

/// Who is still served, and how soon, under four times the load that the bank takes.
#[derive(Debug, Args)]
pub(crate) struct Overload {
    /// How long each part is measured, seconds.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
    seconds: u64,
    /// Payments and sign-ins in a second.
    #[arg(long, default_value_t = 40, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    money_per_s: u32,
    /// Customers who pay, each on a connection of its own.
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u32).range(2..=4_096))]
    payers: u32,
    /// Connections on which looks come.
    #[arg(long, default_value_t = 512, value_parser = clap::value_parser!(u32).range(1..=16_384))]
    connections: u32,
    /// How many times as many looks come as were answered.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=100))]
    times: u32,
    /// Print one JSON line.
    #[arg(long)]
    json: bool,
}

/// What became of requests of one kind.
#[derive(Default)]
struct Fate {
    asked: u64,
    latencies_us: Vec<u64>,
}

impl Fate {
    fn of(all: Vec<Self>) -> Self {
        all.into_iter().fold(Self::default(), |mut sum, one| {
            sum.asked += one.asked;
            sum.latencies_us.extend(one.latencies_us);
            sum
        })
    }

    /// Which part was done, `0.998`.
    fn success(&self) -> String {
        let permille = self.latencies_us.len() as u64 * 1000 / self.asked.max(1);
        format!("{}.{:03}", permille / 1000, permille % 1000)
    }
}

/// When one connection sends: every `pace` from `begin` to `end`.
#[derive(Clone, Copy)]
struct Pace {
    begin: Instant,
    end: Instant,
    pace: Duration,
}

/// Requests that one connection sends.
trait Sender: Send + 'static {
    /// Sends the next one: whether it was done.
    fn send(&mut self, connection: &mut Connection) -> impl Future<Output = Result<bool, Failed>> + Send;
}

struct Paying {
    payer: Arc<Payer>,
    phone: String,
    sent: u32,
}

impl Sender for Paying {
    async fn send(&mut self, connection: &mut Connection) -> Result<bool, Failed> {
        self.sent += 1;
        if self.sent.is_multiple_of(SIGN_IN_EVERY) {
            let body = json!({"name": self.phone, "password": CAST.password}).to_string();
            return Ok(connection.post("/api/identity/sign-in", &[], body).await?.0 == StatusCode::OK);
        }
        let (bearer, key) = (format!("Bearer {}", self.payer.token), Uuid::now_v7().to_string());
        let headers = [("authorization", bearer.as_str()), ("idempotency-key", key.as_str())];
        let answer = connection.post("/api/payments/transfers", &headers, self.payer.body()).await?;
        Ok(answer.0 == StatusCode::CREATED)
    }
}

struct Looking {
    bearer: String,
    sent: usize,
}

impl Sender for Looking {
    async fn send(&mut self, connection: &mut Connection) -> Result<bool, Failed> {
        self.sent += 1;
        let path = LOOKS.get(self.sent % LOOKS.len()).copied().unwrap_or_default();
        let answer = connection.get(path, &[("authorization", self.bearer.as_str())]).await?;
        Ok(answer.0 == StatusCode::OK)
    }
}

/// Sends at the pace; a request that is due while the one before is under way is sent after it.
async fn keep(address: SocketAddr, mut sender: impl Sender, pace: Pace) -> Result<Fate, Failed> {
    let mut connection = Connection::open(address).await?;
    let mut fate = Fate::default();
    let mut due = pace.begin;
    while due < pace.end && Instant::now() < pace.end {
        sleep_until(due.into()).await;
        fate.asked += 1;
        if sender.send(&mut connection).await? {
            fate.latencies_us.push(u64::try_from(due.elapsed().as_micros()).unwrap_or(u64::MAX));
        }
        due += pace.pace;
    }
    Ok(fate)
}

/// The load on threads of its own.
struct Load<'a> {
    runtime: &'a Runtime,
    address: SocketAddr,
    payers: &'a [(Arc<Payer>, String)],
}

impl Load<'_> {
    /// Starts connections that each keep `pace`, one after the other so that they do not send at once.
    fn start<S: Sender>(
        &self,
        senders: impl ExactSizeIterator<Item = S>,
        per_s: u64,
        seconds: u64,
    ) -> Vec<tokio::task::JoinHandle<Result<Fate, Failed>>> {
        let count = senders.len() as u64;
        let gap = Duration::from_micros(1_000_000 / per_s.max(1));
        let pace = gap.saturating_mul(u32::try_from(count).unwrap_or(u32::MAX));
        let begin = Instant::now() + Duration::from_millis(200);
        let end = begin + Duration::from_secs(seconds);
        let each = senders.zip(0_u32..).map(|(sender, at)| {
            let own = Pace { begin: begin + gap.saturating_mul(at), end, pace };
            self.runtime.spawn(keep(self.address, sender, own))
        });
        each.collect()
    }

    fn pay(&self, per_s: u32, seconds: u64) -> Vec<tokio::task::JoinHandle<Result<Fate, Failed>>> {
        let paying = |(payer, phone): &(Arc<Payer>, String)| Paying {
            payer: Arc::clone(payer),
            phone: phone.clone(),
            sent: 0,
        };
        self.start(self.payers.iter().map(paying), u64::from(per_s), seconds)
    }

    fn look(
        &self,
        connections: usize,
        per_s: u64,
        seconds: u64,
    ) -> Vec<tokio::task::JoinHandle<Result<Fate, Failed>>> {
        let bearers: Vec<_> =
            self.payers.iter().map(|(payer, _)| format!("Bearer {}", payer.token)).collect();
        let bearer = |at: usize| bearers.get(at % bearers.len()).cloned().unwrap_or_default();
        self.start((0..connections).map(|at| Looking { bearer: bearer(at), sent: at }), per_s, seconds)
    }
}

async fn ended(tasks: Vec<tokio::task::JoinHandle<Result<Fate, Failed>>>) -> Result<Fate, Failed> {
    let mut all = Vec::with_capacity(tasks.len());
    for task in tasks {
        all.push(task.await??);
    }
    Ok(Fate::of(all))
}

impl Overload {
    pub(crate) async fn run(&self) -> Result<ExitCode, Failed> {
        let folder = db::testing::Folder::try_new()?;
        let mut configuration =
            Configuration { data_dir: folder.path().to_owned(), ..Configuration::default() };
        configuration.telemetry.log_filter = "error".to_owned();
        configuration.identity.new_device_two_factors = false;
        configuration.identity.sealed_passwords = false;
        // A few customers do what thousands would; what gives way is as it is in every bank.
        configuration.gateway.limits = configuration.gateway.limits.unbounded();
        let _telemetry = telemetry::start(&configuration.telemetry)?;
        let bank = Bank::open(&configuration, Arc::new(SystemClock)).await?;
        let serving = Serving::start(bank, "127.0.0.1:0").await?;
        let payers = enroll(&serving.bank().books()?, serving.address(), self.payers as usize).await?;
        let named = |(at, payer)| (Arc::new(payer), CAST.phone(at));
        let payers: Vec<_> = payers.into_iter().enumerate().map(named).collect();
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let load = Load { runtime: &runtime, address: serving.address(), payers: &payers };

        let looks = ended(load.look(MEASURING, 1_000_000, self.seconds)).await?;
        let capacity = looks.latencies_us.len() as u64 / self.seconds;
        let calm = ended(load.pay(self.money_per_s, self.seconds)).await?;
        let offered = capacity.saturating_mul(u64::from(self.times));
        let looking = load.look(self.connections as usize, offered, self.seconds);
        let money = ended(load.pay(self.money_per_s, self.seconds)).await?;
        let looks = ended(looking).await?;
        runtime.shutdown_background();
        serving.stop().await;

        let line = format!(
            "{{\"unloaded_success\":{},\"overloaded_success\":{},\"browse_success\":{},\"unloaded_p99_ms\":{},\
             \"money_p99_ms\":{},\"money_per_s\":{},\"browse_capacity_per_s\":{capacity},\
             \"browse_offered_per_s\":{},\"browse_done_per_s\":{},\"connections\":{},\"seconds\":{}}}",
            calm.success(),
            money.success(),
            looks.success(),
            p99(calm),
            p99(money),
            self.money_per_s,
            looks.asked / self.seconds,
            looks.latencies_us.len() as u64 / self.seconds,
            self.connections,
            self.seconds,
        );
        if self.json {
            println!("{line}");
        } else {
            println!("{}", line.trim_matches(['{', '}']).replace(',', "\n").replace('"', ""));
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn p99(fate: Fate) -> String {
    Summary::of(fate.latencies_us, Duration::from_secs(1)).percentile_ms(99)
}
