//! `yuanhang simulate`: whole ledgers under simulated faults, seed after seed.

use std::process::ExitCode;
use std::time::Duration;

use clap::Args;

use super::Outcome;

const MINUTE: Duration = Duration::from_secs(60);

/// Run whole ledgers under simulated faults and check everything that they answer.
#[derive(Debug, Args)]
pub(super) struct Simulate {
    /// For how long; a minute, where no seed is given.
    #[arg(long, value_name = "SECONDS")]
    seconds: Option<u64>,
    /// Run this seed, as it ran before, and with `--seconds` those that follow it; without it, begin with one drawn
    /// at random.
    #[arg(long, value_name = "SEED")]
    seed: Option<u64>,
    /// Print the result as one JSON line.
    #[arg(long)]
    json: bool,
}

impl Simulate {
    pub(super) fn run(&self) -> Outcome {
        let seconds = self.seconds.map(Duration::from_secs);
        let (seeds, time) = match (self.seed, seconds) {
            (Some(seed), None) => (seed..seed.saturating_add(1), Duration::MAX),
            (first, time) => (first.unwrap_or_else(first_seed)..u64::MAX, time.unwrap_or(MINUTE)),
        };
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let summary = ledger::simulate::simulate(seeds, time, threads)?;
        for failed in &summary.failed {
            eprintln!("seed {0}: {1}\n  again: yuanhang simulate --seed {0}", failed.seed, failed.what);
        }
        let (seeds, violations) = (summary.seeds, summary.failed.len());
        let (operations, faults) = (summary.totals.operations, summary.totals.faults);
        if self.json {
            let result = serde_json::json!({
                "seeds": seeds, "operations": operations, "faults": faults, "violations": violations,
            });
            println!("{result}");
        } else {
            println!("seeds       {seeds}\noperations  {operations}\nfaults      {faults}");
            println!("violations  {violations}");
        }
        Ok(if violations == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// Another one each time, short enough to be written down.
fn first_seed() -> u64 {
    let now = clock::Timestamp::now().as_microsecond();
    u64::try_from(now).unwrap_or(0) % 1_000_000_000_000
}
