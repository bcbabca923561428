//! `yuanhang drill`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Outcome;
use crate::drill::{self, Wishes};

/// Rehearse disasters.
#[derive(Debug, Subcommand)]
pub(super) enum Drill {
    /// Run a bank on five machines of this computer and have everything happen to it: processes, databases, networks
    /// and whole centers that fail while customers pay. Counts what was acknowledged. Needs root and network
    /// namespaces, and says so where they are missing; removes everything that it made.
    Failover(Failover),
    /// The part of a drill that runs among its machines.
    #[command(hide = true)]
    Inside(Failover),
}

#[derive(Debug, Args)]
pub(super) struct Failover {
    /// Names of faults with commas between; without it, all.
    #[arg(long, value_name = "NAMES")]
    faults: Option<String>,
    /// On how many machines each part of the bank runs, 1 to 4.
    #[arg(long, value_name = "COUNT", default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=4))]
    instances: u8,
    /// A folder for the logs of all processes; without it they are removed with everything else.
    #[arg(long, value_name = "DIR")]
    logs: Option<PathBuf>,
    /// Print a JSON line for each fault and one over all.
    #[arg(long)]
    json: bool,
}

impl Failover {
    fn wishes(&self) -> Wishes {
        Wishes {
            faults: self.faults.clone(),
            instances: usize::from(self.instances),
            logs: self.logs.clone(),
            json: self.json,
        }
    }
}

impl Drill {
    pub(super) async fn run(&self) -> Outcome {
        match self {
            Self::Failover(failover) => drill::failover(&failover.wishes()).await,
            Self::Inside(failover) => drill::inside(&failover.wishes()).await,
        }
    }
}
