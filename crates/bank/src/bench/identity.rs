//! What identity and its record cost: recording acts, deciding who may, the memory of live sessions, and what a session and
//! the proof of a device add to a request. Each part measures by itself and gives its keys of the line.

mod decisions;
mod device;
mod record;
mod request;
mod sessions;

use std::process::ExitCode;

use clap::Args;
use serde_json::{Map, Value};

use super::load::Failed;

pub(crate) use sessions::Memory;

/// What identity and its record cost.
#[derive(Debug, Args)]
pub(crate) struct Identity {
    /// How long acts are recorded, and then decisions made, seconds.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=600))]
    seconds: u64,
    /// Callers who each wait for the one before.
    #[arg(long, default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..=4_096))]
    callers: u32,
    /// Live sessions.
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    sessions: u32,
    /// Requests of either kind.
    #[arg(long, default_value_t = 5_000, value_parser = clap::value_parser!(u32).range(10..=1_000_000))]
    requests: u32,
    /// Print one JSON line.
    #[arg(long)]
    json: bool,
}

impl Identity {
    pub(crate) async fn run(&self) -> Result<ExitCode, Failed> {
        let (verified, mut line) = record::measure(self.seconds, self.callers).await?;
        line.extend(decisions::measure(self.seconds)?);
        line.extend(sessions::measure(self.sessions).await?);
        line.extend(request::measure(self.requests).await?);
        if self.json {
            println!("{}", Value::Object(line));
        } else {
            line.iter().for_each(|(name, value)| println!("{name:<24} {value}"));
        }
        Ok(if verified { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// Keys of the line.
type Keys = Map<String, Value>;

fn keys(object: Value) -> Keys {
    match object {
        Value::Object(keys) => keys,
        _ => Keys::new(),
    }
}
