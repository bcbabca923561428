//! `yuanhang serve`, `yuanhang openapi`, `yuanhang routes`.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use clap::Args;
use clock::SystemClock;
use tokio::signal::unix::{SignalKind, signal};

use super::{Failed, Outcome, Place};
use crate::composition::Bank;
use crate::configuration::Configuration;
use crate::serve::Serving;
use crate::targets::Targets;

/// Serve the bank.
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// Address and port; overrides the settings file.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// Which services run in this process: `all`, or some with commas between, such as `payments,accounts`. The
    /// others are asked where `neighbors` says they run.
    #[arg(long, default_value = "all")]
    target: Targets,
}

impl Serve {
    pub(super) async fn run(&self, place: &Place) -> Outcome {
        let started = Instant::now();
        let mut configuration = place.read()?;
        let name = &mut configuration.telemetry.otlp.service_name;
        name.get_or_insert_with(|| self.target.process_name());
        let _telemetry = telemetry::start(&configuration.telemetry)?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let bank = Bank::open_some(&configuration, &self.target, Arc::new(SystemClock)).await?;
        let neighbors = bank.wire_address();
        let listen = self.listen.as_deref().unwrap_or(&configuration.listen);
        let serving = Serving::start(bank, listen).await?;
        tracing::info!(
            address = %serving.address(),
            tls = serving.is_tls(),
            took_ms = started.elapsed().as_millis() as u64,
            target = %self.target,
            wire = neighbors.map(tracing::field::display),
            "serving"
        );
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        tracing::info!("stopping");
        serving.stop().await;
        tracing::info!("stopped");
        Ok(ExitCode::SUCCESS)
    }
}

/// A bank in a folder of its own, to ask it about its routes.
async fn scratch(place: &Place) -> Result<(Bank, db::testing::Folder), Failed> {
    let folder = db::testing::Folder::try_new()?;
    let configuration =
        Configuration { data_dir: folder.path().to_owned(), store: Default::default(), ..place.read()? };
    Ok((Bank::open(&configuration, Arc::new(SystemClock)).await?, folder))
}

/// Prints the OpenAPI description.
pub(super) async fn openapi(place: &Place) -> Outcome {
    let (bank, _folder) = scratch(place).await?;
    println!("{}", bank.description());
    bank.close().await;
    Ok(ExitCode::SUCCESS)
}

/// Prints every route with its action and the kind of principal that may enter.
pub(super) async fn routes(place: &Place) -> Outcome {
    let (mut bank, _folder) = scratch(place).await?;
    for entry in bank.door()?.entries {
        println!("{:<6} {:<60} {:<40} {:?}", entry.method, entry.path, entry.action, entry.access);
    }
    bank.close().await;
    Ok(ExitCode::SUCCESS)
}
