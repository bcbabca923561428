//! `yuanhang certs`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use wire::Authority;

use super::Outcome;
use crate::targets::{OPERATOR, Targets};

/// Make the papers by which the processes of one bank prove to each other what they are.
///
/// A private authority is made in the folder where there is none, and a folder of papers for each target: certificate,
/// key, and the authority's certificate. Copy each to the machine of its process; keep `authority.key` elsewhere.
#[derive(Debug, Args)]
pub(super) struct Certs {
    /// Folder of the authority and of the papers.
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// The services of one process, with commas between; for each process once. `operator` is for the bank's own tools,
    /// which may ask every contract.
    #[arg(long, value_name = "SERVICES", required = true)]
    target: Vec<String>,
}

impl Certs {
    pub(super) fn run(&self) -> Outcome {
        let authority = Authority::in_folder(&self.to)?;
        for target in &self.target {
            let services = match target.as_str() {
                OPERATOR => vec![OPERATOR],
                target => target.parse::<Targets>()?.names().collect(),
            };
            let folder = self.to.join(target);
            authority.certify(services, &folder)?;
            println!("{}", folder.display());
        }
        Ok(ExitCode::SUCCESS)
    }
}
