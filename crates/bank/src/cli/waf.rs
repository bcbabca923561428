//! `yuanhang waf`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;

use super::{Outcome, Place};
use crate::waf;

/// The firewall: try rules out before they hold.
#[derive(Debug, Subcommand)]
pub(super) enum Waf {
    /// Send the regression cases of a rule set through the door, and compare what is told with what is expected.
    Regress {
        /// The folder with the cases (`*.yaml`).
        folder: PathBuf,
        /// The folder with the rules; without it the one of the settings, or that of Debian's `modsecurity-crs`.
        #[arg(long, value_name = "DIR")]
        rules: Option<PathBuf>,
        /// Print one JSON line.
        #[arg(long)]
        json: bool,
    },
    /// Send what honest customers write through the door, and count what is taken for an attack.
    Benign {
        /// Files of sentences: CSV, TSV (every column that holds text counts) or text, a sentence on each line.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// The folder with the rules, as for `regress`.
        #[arg(long, value_name = "DIR")]
        rules: Option<PathBuf>,
        /// Print one JSON line.
        #[arg(long)]
        json: bool,
    },
}

impl Waf {
    pub(super) async fn run(&self, place: &Place) -> Outcome {
        let settings = place.read()?.gateway.firewall;
        match self {
            Self::Regress { folder, rules, json } => {
                let result = waf::regress(folder, rules.as_deref().or(settings.rules.as_deref())).await?;
                if *json {
                    println!("{}", serde_json::to_string(&result)?);
                } else {
                    print(&result);
                }
            }
            Self::Benign { files, rules, json } => {
                let settings =
                    gateway::FirewallSettings { rules: rules.clone().or(settings.rules.clone()), ..settings };
                let result = waf::honest(files, &settings).await?;
                if *json {
                    println!("{}", serde_json::to_string(&result)?);
                } else {
                    let waf::Benign { rule_set, sentences, flagged, requests, .. } = &result;
                    println!("{rule_set}: {sentences} sentences in {requests} requests, {flagged} flagged");
                    result.examples.iter().for_each(|example| println!("  {example}"));
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn print(result: &waf::Regression) {
    let waf::Regression { rule_set, rules, cases, passed, failed, skipped, .. } = result;
    println!("{rule_set}, {rules} rules: {cases} cases, {passed} passed, {failed} failed, {skipped} skipped");
    println!("of the attacks, {} are refused where the rules refuse", result.blocked);
    for (family, reasons) in &result.skips {
        for (why, count) in reasons {
            println!("  skipped {count:>4}  {family}: {why}");
        }
    }
    for (rule, names) in &result.failures {
        println!("  failed {rule}: {}", names.join(" "));
    }
}
