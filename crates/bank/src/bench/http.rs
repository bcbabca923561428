//! Signed-in transfers over HTTP, beside the bare framework in the same run.

use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use axum::{Json, Router, routing::post};
use clap::Args;
use clock::SystemClock;
use hyper::StatusCode;
use ids::AccountId;
use serde_json::{Value, json};
use settings::SecretRef;
use uuid::Uuid;

use super::load::{self, Caller, Connection, Failed};
use super::split::Split;
use super::summary::Summary;
use crate::books::Books;
use crate::composition::Bank;
use crate::configuration::{Configuration, Store, StoreKind};
use crate::invented::Cast;
use crate::serve::Serving;

pub(super) const CAST: Cast =
    Cast { name: "压测客户", phone: "199", password: "bench-Passw0rd", pin: "280517" };

/// Signed-in transfers over HTTP, durable and with every check on, beside a bare axum JSON echo.
#[derive(Debug, Args)]
pub(crate) struct Http {
    /// Connections, each a customer of its own.
    #[arg(long, default_value_t = 64)]
    connections: usize,
    /// How long each side is measured, seconds.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// `sqlite`, or `postgres` with the address in --postgres.
    #[arg(long, default_value = "sqlite", value_parser = ["sqlite", "postgres"])]
    store: String,
    /// Reference to an empty PostgreSQL database, such as `env:YUANHANG_POSTGRES`.
    #[arg(long)]
    postgres: Option<String>,
    /// Also measure the bank in five processes, with the same load in the same run.
    #[arg(long)]
    split: bool,
    /// Reference to another empty PostgreSQL database, for the five processes.
    #[arg(long, requires = "split")]
    split_postgres: Option<String>,
    /// Print one JSON line.
    #[arg(long)]
    json: bool,
}

pub(super) struct Payer {
    pub(super) token: String,
    from: AccountId,
    payee_number: String,
    payee_name: String,
}

impl Payer {
    pub(super) fn body(&self) -> String {
        json!({
            "from_account": self.from.to_string(),
            "to": {"account_number": self.payee_number},
            "name": self.payee_name,
            "amount": {"amount": "0.01", "currency": "CNY"},
            "memo": "房租",
            "pin": CAST.pin,
        })
        .to_string()
    }
}

impl Caller for Payer {
    fn next(&mut self) -> (&'static str, Vec<(&'static str, String)>, String) {
        let headers = vec![
            ("authorization", format!("Bearer {}", self.token)),
            ("idempotency-key", Uuid::now_v7().to_string()),
        ];
        ("/api/payments/transfers", headers, self.body())
    }

    fn done(&self) -> StatusCode {
        StatusCode::CREATED
    }
}

struct Echoer(String);

impl Caller for Echoer {
    fn next(&mut self) -> (&'static str, Vec<(&'static str, String)>, String) {
        ("/echo", Vec::new(), self.0.clone())
    }

    fn done(&self) -> StatusCode {
        StatusCode::OK
    }
}

impl Http {
    pub(crate) async fn run(&self) -> Result<ExitCode, Failed> {
        let folder = db::testing::Folder::try_new()?;
        let mut configuration =
            Configuration { data_dir: folder.path().to_owned(), ..Configuration::default() };
        configuration.telemetry.log_filter = "warn".to_owned();
        configuration.identity.new_device_two_factors = false;
        configuration.identity.sealed_passwords = false;
        // A few customers do what thousands would, and all that they ask for is done.
        configuration.gateway.limits = configuration.gateway.limits.unbounded();
        let together = u32::try_from(self.connections).unwrap_or(u32::MAX);
        let shedding = &mut configuration.gateway.shedding;
        shedding.in_progress_min = shedding.in_progress_min.max(together);
        if self.store == "postgres" {
            let address = self.postgres.clone().map(SecretRef::try_from).transpose()?;
            configuration.store = Store { kind: StoreKind::Postgres, address };
        }
        let _telemetry = telemetry::start(&configuration.telemetry)?;
        let bank = Bank::open(&configuration, Arc::new(SystemClock)).await?;
        let serving = Serving::start(bank, "127.0.0.1:0").await?;
        let payers = enroll(&serving.bank().books()?, serving.address(), self.connections).await?;
        let duration = Duration::from_secs(self.seconds);
        let body = payers.first().map(Payer::body).unwrap_or_default();
        let transfers = load::run(serving.address(), payers, duration).await?;
        serving.stop().await;
        let split = if self.split { Some(self.split(folder.path(), duration).await?) } else { None };

        let echo = echo().await?;
        let echoers = (0..self.connections).map(|_| Echoer(body.clone())).collect();
        let ceiling = load::run(echo, echoers, duration).await?;
        let (rate, ceiling) = (transfers.per_second(), ceiling.per_second());
        let permille = rate * 1000 / ceiling.max(1);
        let line = format!(
            "{{\"requests_per_s\":{rate},\"p50_ms\":{},\"p99_ms\":{},\"ceiling_per_s\":{ceiling},\"ratio\":{}.{:03},\
             \"connections\":{},\"store\":\"{}\",\"seconds\":{}{}}}",
            transfers.percentile_ms(50),
            transfers.percentile_ms(99),
            permille / 1000,
            permille % 1000,
            self.connections,
            self.store,
            self.seconds,
            split.map(|split| split_words(&split, rate)).unwrap_or_default(),
        );
        if self.json {
            println!("{line}");
        } else {
            println!(
                "{}",
                line.trim_matches(['{', '}']).replace("\",", "\"\n").replace(',', "\n").replace('"', "")
            );
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Http {
    async fn split(&self, folder: &Path, duration: Duration) -> Result<Summary, Failed> {
        let split = Split::start(&folder.join("split"), self.split_postgres.as_deref()).await?;
        let payers = enroll(split.books(), split.gateway(), self.connections).await?;
        let measured = load::run(split.gateway(), payers, duration).await?;
        split.stop().await?;
        Ok(measured)
    }
}

/// What the bank in five processes did, beside the `whole` rate.
fn split_words(split: &Summary, whole: u64) -> String {
    let rate = split.per_second();
    let permille = rate * 1000 / whole.max(1);
    format!(
        ",\"split_requests_per_s\":{rate},\"split_p50_ms\":{},\"split_p99_ms\":{},\"split_ratio\":{}.{:03}",
        split.percentile_ms(50),
        split.percentile_ms(99),
        permille / 1000,
        permille % 1000
    )
}

/// The bare framework: JSON in, the same JSON out.
async fn echo() -> Result<SocketAddr, Failed> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let router = Router::new().route("/echo", post(async |Json(body): Json<Value>| Json(body)));
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}

/// Customers with a funded account each, signed in; each pays the next.
pub(super) async fn enroll(books: &Books, address: SocketAddr, count: usize) -> Result<Vec<Payer>, Failed> {
    let customers = CAST.enroll(books, count).await?;
    let mut payers = Vec::with_capacity(count);
    for (at, customer) in customers.iter().enumerate() {
        let payee = customers.get((at + 1) % count).unwrap_or(customer);
        payers.push(Payer {
            token: sign_in(address, &customer.phone).await?,
            from: customer.account.id,
            payee_number: payee.account.number.clone(),
            payee_name: payee.name.clone(),
        });
    }
    Ok(payers)
}

pub(super) async fn sign_in(address: SocketAddr, name: &str) -> Result<String, Failed> {
    let body = json!({"name": name, "password": CAST.password}).to_string();
    let mut connection = Connection::open(address).await?;
    let (status, answer) = connection.post("/api/identity/sign-in", &[], body).await?;
    let answer: Value = serde_json::from_slice(&answer)?;
    match answer.get("token").and_then(Value::as_str) {
        Some(token) => Ok(token.to_owned()),
        None => Err(format!("sign-in answered {status}: {answer}").into()),
    }
}
