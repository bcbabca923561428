//! Benchmarks: each prints one JSON line with stable keys.

mod entrance;
mod gateway;
mod http;
mod identity;
mod ledger;
mod load;
mod memory;
mod overload;
mod split;
mod startup;
mod summary;

use std::process::ExitCode;

use clap::Subcommand;

/// Measure.
#[derive(Debug, Subcommand)]
pub(crate) enum Bench {
    /// TLS beside plain HTTP, and what slow connections cost.
    Entrance(entrance::Measure),
    /// The slow connections of `bench entrance`.
    #[command(hide = true)]
    EntranceSlow(entrance::Slow),
    /// Signed-in transfers over HTTP, durable and with every check on, beside a bare axum JSON echo.
    Http(http::Http),
    /// What the door adds to a request, beside the same route bare.
    Gateway(gateway::Gateway),
    /// Transfers through the ledger's batch interface, durable and verified afterwards.
    Ledger(ledger::Ledger),
    /// Who is still served, and how soon, under four times the load that the bank takes.
    Overload(overload::Overload),
    /// What identity and its record cost.
    Identity(identity::Identity),
    /// How a large book starts, and how old ids are found in it.
    Startup(startup::Startup),
    /// What one process of `bench identity` holds.
    #[command(hide = true)]
    IdentityMemory(identity::Memory),
    /// The load of `bench ledger`.
    #[command(hide = true)]
    LedgerClient(ledger::Client),
}

impl Bench {
    pub(crate) async fn run(&self) -> Result<ExitCode, Box<dyn std::error::Error + Send + Sync>> {
        match self {
            Self::Entrance(measure) => measure.run().await,
            Self::EntranceSlow(slow) => slow.run().await,
            Self::Http(http) => http.run().await,
            Self::Gateway(gateway) => gateway.run().await,
            Self::Ledger(ledger) => ledger.run().await,
            Self::Overload(overload) => overload.run().await,
            Self::Identity(identity) => identity.run().await,
            Self::IdentityMemory(memory) => memory.run().await,
            Self::Startup(startup) => startup.run().await,
            Self::LedgerClient(client) => client.run().await,
        }
    }
}
