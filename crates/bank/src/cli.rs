//! The command line.

mod audit;
mod books;
mod certs;
mod config;
mod drill;
mod keys;
mod ledger;
mod policies;
mod serve;
mod simulate;
mod staff;
mod waf;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use settings::Source;

use crate::configuration::Configuration;

/// Why a command failed; its chain of causes is printed.
type Failed = Box<dyn std::error::Error + Send + Sync>;

/// What any command ends with.
type Outcome = Result<ExitCode, Failed>;

/// Yuanhang: a whole mobile and remote bank in one program.
#[derive(Debug, Parser)]
#[command(name = "yuanhang", version, about, arg_required_else_help = true)]
struct CommandLine {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    what: What,
}

/// Which bank is meant.
#[derive(Debug, Clone, Args)]
struct Place {
    /// Settings file; without it the defaults hold.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Data directory; overrides the file.
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// One setting, for example `--set telemetry.log_format=json`; overrides the file. May be repeated.
    #[arg(long, global = true, value_name = "KEY=VALUE")]
    set: Vec<String>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Serve the bank.
    Serve(serve::Serve),
    /// Settings: check a file, print the default one.
    #[command(subcommand)]
    Config(config::Config),
    /// Make the papers by which the processes of one bank prove to each other what they are.
    Certs(certs::Certs),
    /// Print the OpenAPI description of every route.
    Openapi,
    /// List every route with who may enter.
    Routes,
    /// Who may do what: check policies, and compare others with them.
    #[command(subcommand)]
    Policies(policies::Policies),
    /// The firewall: try rules out before they hold.
    #[command(subcommand)]
    Waf(waf::Waf),
    /// The ledger's journal: verify it, or say how it stands.
    #[command(subcommand)]
    Ledger(ledger::LedgerCommand),
    /// The record of who did what: verify it, or prove what is in it.
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// The bank's master key: look at its generations and exchange it, beside a running server.
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// The bank's people: the first administrator of a new bank.
    #[command(subcommand)]
    Staff(staff::StaffCommand),
    /// Take over the books of another bank.
    Import(books::Import),
    /// Generate an openly synthetic demonstration bank.
    Generate(books::Generate),
    /// Measure.
    #[command(subcommand)]
    Bench(crate::bench::Bench),
    /// Run whole ledgers under simulated faults and check everything that they answer.
    Simulate(simulate::Simulate),
    /// Rehearse disasters on this computer.
    #[command(subcommand)]
    Drill(drill::Drill),
}

impl Place {
    /// Reads the settings.
    fn read(&self) -> Result<Configuration, settings::SettingsRefused> {
        let mut source = self.config.as_deref().map_or_else(Source::defaults, Source::file);
        for pair in &self.set {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            source = source.set(key.trim(), value.trim());
        }
        let mut configuration: Configuration = settings::read(&source)?;
        if let Some(data) = &self.data {
            configuration.data_dir.clone_from(data);
        }
        Ok(configuration)
    }
}

/// Reads the command line and does what it says.
#[must_use]
pub fn main() -> ExitCode {
    let line = CommandLine::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error),
    };
    match runtime.block_on(run(line)) {
        Ok(code) => code,
        Err(error) => fail(&*error),
    }
}

async fn run(CommandLine { place, what }: CommandLine) -> Outcome {
    match what {
        What::Serve(serve) => serve.run(&place).await,
        What::Config(config) => config.run(&place),
        What::Certs(certs) => certs.run(),
        What::Openapi => serve::openapi(&place).await,
        What::Routes => serve::routes(&place).await,
        What::Policies(policies) => policies.run(&place),
        What::Waf(waf) => waf.run(&place).await,
        What::Ledger(command) => command.run(&place).await,
        What::Audit(command) => command.run(&place).await,
        What::Keys(command) => command.run(&place).await,
        What::Staff(command) => command.run(&place).await,
        What::Import(import) => import.run(&place).await,
        What::Generate(generate) => generate.run(&place).await,
        What::Bench(bench) => bench.run().await,
        What::Simulate(simulate) => simulate.run(),
        What::Drill(drill) => drill.run().await,
    }
}

/// Prints an error with its causes, each on a line.
fn fail(error: &(dyn std::error::Error + 'static)) -> ExitCode {
    eprintln!("yuanhang: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        eprintln!("  because: {error}");
        cause = error.source();
    }
    ExitCode::FAILURE
}
