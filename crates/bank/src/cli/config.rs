//! `yuanhang config`.

use std::process::ExitCode;

use clap::Subcommand;
use settings::SecretRef;

use super::{Outcome, Place};
use crate::configuration::Configuration;

/// Settings.
#[derive(Debug, Subcommand)]
pub(super) enum Config {
    /// Read the settings as `serve` would and say whether they hold.
    Check,
    /// Print the commented file of all settings with their defaults.
    PrintDefault,
}

impl Config {
    pub(super) fn run(&self, place: &Place) -> Outcome {
        match self {
            Self::Check => {
                let configuration = place.read()?;
                for reference in [&configuration.store.address, &configuration.keys.pkcs11.pin] {
                    reference.as_ref().map(SecretRef::resolve).transpose()?;
                }
                println!("the settings hold; data directory: {}", configuration.data_dir.display());
            }
            Self::PrintDefault => print!("{}", settings::commented::<Configuration>()),
        }
        Ok(ExitCode::SUCCESS)
    }
}
