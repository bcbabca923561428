//! `yuanhang import` and `yuanhang generate`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use clock::{BusinessDate, SystemClock};
use secrecy::Secret;

use super::{Failed, Outcome, Place};
use crate::composition::Bank;
use crate::{generate, import};

/// Take over the books of another bank.
#[derive(Debug, Args)]
pub(super) struct Import {
    /// How the source is laid out: `berka`.
    #[arg(long)]
    profile: String,
    /// Folder of the source.
    folder: PathBuf,
    /// Print the report as one JSON line.
    #[arg(long)]
    json: bool,
    /// Write every difference to this CSV file.
    #[arg(long, value_name = "FILE")]
    differences: Option<PathBuf>,
    /// Password given to every customer taken over, for a demonstration.
    #[arg(long, default_value = import::DEMO_PASSWORD)]
    password: String,
    /// Payment PIN given to every customer taken over, for a demonstration.
    #[arg(long, default_value = import::DEMO_PIN)]
    pin: String,
}

impl Import {
    pub(super) async fn run(&self, place: &Place) -> Outcome {
        let bank = open(place).await?;
        let options = import::Options {
            profile: self.profile.clone(),
            folder: self.folder.clone(),
            password: Secret::new(self.password.clone()),
            pin: Secret::new(self.pin.clone()),
        };
        let report = import::run(&bank.books()?, &options).await;
        bank.close().await;
        let report = report?;
        if let Some(file) = &self.differences {
            report.write_differences(file)?;
        }
        if self.json {
            println!("{}", serde_json::to_string(&report)?);
        } else {
            print!("{}", report.text());
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Generate an openly synthetic demonstration bank.
#[derive(Debug, Args)]
pub(super) struct Generate {
    /// How many customers.
    #[arg(long, default_value_t = 2000)]
    customers: u32,
    /// How many months of movements, up to the last day.
    #[arg(long, default_value_t = 12)]
    months: u32,
    /// The same seed and last day make the same bank.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Last day of the movements; today where it is left out.
    #[arg(long, value_name = "DATE")]
    until: Option<BusinessDate>,
    /// Write three sign-ins and the administrator's to this JSON file.
    #[arg(long, value_name = "FILE")]
    sign_ins: Option<PathBuf>,
}

impl Generate {
    pub(super) async fn run(&self, place: &Place) -> Outcome {
        let bank = open(place).await?;
        bank.mark_as_demonstration().await?;
        let until = self.until.unwrap_or_else(|| BusinessDate::in_china(bank.clock().now()));
        let options =
            generate::Options { customers: self.customers, months: self.months, seed: self.seed, until };
        let report = generate::run(&bank.books()?, &options).await;
        bank.close().await;
        let report = report?;
        if let Some(file) = &self.sign_ins {
            report.sign_ins.write(file)?;
        }
        print!("{}", report.text());
        Ok(ExitCode::SUCCESS)
    }
}

/// Opens the bank for one piece of work.
pub(super) async fn open(place: &Place) -> Result<Bank, Failed> {
    let mut configuration = place.read()?;
    // The report is what matters here, not what the services say while they work.
    if configuration.telemetry == telemetry::Telemetry::default() {
        "warn".clone_into(&mut configuration.telemetry.log_filter);
    }
    // Traces are of requests; a book that is written at once has none worth keeping.
    configuration.telemetry.otlp.endpoint = None;
    telemetry::start(&configuration.telemetry)?;
    Ok(Bank::open(&configuration, Arc::new(SystemClock)).await?)
}
