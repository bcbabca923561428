//! `yuanhang policies`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Subcommand;
use policies::{Change, Faults, Files, PolicySet};

use super::{Outcome, Place};

/// Who may do what.
#[derive(Debug, Subcommand)]
pub(super) enum Policies {
    /// Read policies as `serve` would, run their cases, and say what is wrong and where.
    Check {
        /// The folder; without it the one of the settings, or what is built in.
        #[arg(long, value_name = "DIR")]
        folder: Option<PathBuf>,
    },
    /// Print what the policies of a folder would change, and for whom.
    Compare {
        /// The folder. It is compared with the one of the settings, or with what is built in.
        #[arg(long, value_name = "DIR")]
        folder: PathBuf,
    },
}

impl Policies {
    pub(super) fn run(&self, place: &Place) -> Outcome {
        let set = place.read()?.policies.folder;
        match self {
            Self::Check { folder } => match read(folder.as_deref().or(set.as_deref())) {
                Ok(policies) => {
                    println!("the policies hold: {} of them", policies.policies().len());
                    Ok(ExitCode::SUCCESS)
                }
                Err(faults) => Ok(refuse(&faults)),
            },
            Self::Compare { folder } => match (read(set.as_deref()), read(Some(folder))) {
                (Ok(before), Ok(after)) => {
                    let changes = policies::changes(&before, &after);
                    changes.iter().for_each(print);
                    println!("{} changes", changes.len());
                    Ok(ExitCode::SUCCESS)
                }
                (Err(faults), _) | (_, Err(faults)) => Ok(refuse(&faults)),
            },
        }
    }
}

fn read(folder: Option<&Path>) -> Result<PolicySet, Faults> {
    PolicySet::try_new(folder.map_or_else(|| Ok(Files::embedded()), Files::read)?)
}

fn refuse(faults: &Faults) -> ExitCode {
    faults.0.iter().for_each(|fault| println!("{fault}"));
    ExitCode::FAILURE
}

fn print(change: &Change) {
    let Change { kind, action, may, whos, for_all } = change;
    let when = |who: &policies::Who| format!("{}/{}", who.channel_name(), who.level());
    let whos: Vec<String> = if *for_all { Vec::new() } else { whos.iter().map(when).collect() };
    println!("{kind:<14} {action:<44} -> {:<11} {}", may.word(), whos.join(" "));
}
