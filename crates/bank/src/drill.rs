//! Fail-over drills: a whole bank on five machines of one computer, customers who pay, and everything that can happen
//! to such a bank, one thing after the other. What was acknowledged is counted afterwards.
//!
//! The machines are network namespaces ([`guard`] makes and removes them). Beneath the bank run etcd, PostgreSQL under
//! Patroni and HAProxy ([`engines`]); [`faults`] is the table of what happens, [`strike`] how it is done, [`load`] what
//! customers do meanwhile, [`audit`] what they find afterwards and [`count`] what is made of it.

mod audit;
mod client;
mod cluster;
mod count;
mod engines;
mod faults;
mod guard;
mod inside;
mod leader;
mod load;
mod network;
mod people;
mod prepare;
mod process;
mod report;
mod shell;
mod site;
mod strike;
#[cfg(test)]
mod tests;
mod world;

use std::path::PathBuf;
use std::process::ExitCode;

type Failed = Box<dyn std::error::Error + Send + Sync>;

/// What is drilled.
#[derive(Debug, Clone)]
pub(crate) struct Wishes {
    /// Names of faults with commas between; all where there is none.
    pub(crate) faults: Option<String>,
    /// On how many machines each part of the bank runs, 1 to 4.
    pub(crate) instances: usize,
    /// Where the logs of all processes stay; without it they go with everything else.
    pub(crate) logs: Option<PathBuf>,
    /// Lines of JSON instead of words.
    pub(crate) json: bool,
}

impl Wishes {
    /// The same as words of a command line.
    fn words(&self) -> Vec<String> {
        let mut words = vec!["--instances".to_owned(), self.instances.to_string()];
        if let Some(faults) = &self.faults {
            words.extend(["--faults".to_owned(), faults.clone()]);
        }
        if let Some(logs) = &self.logs {
            words.extend(["--logs".to_owned(), logs.display().to_string()]);
        }
        if self.json {
            words.push("--json".to_owned());
        }
        words
    }
}

/// Holds a drill: makes the machines, has everything happen, removes everything.
///
/// # Errors
/// The names are no faults, or the drill itself could not be held.
pub(crate) async fn failover(wishes: &Wishes) -> Result<ExitCode, Failed> {
    faults::chosen(wishes.faults.as_deref())?;
    guard::hold(wishes).await
}

/// The part of a drill that runs among its machines.
///
/// # Errors
/// The drill could not be held to its end.
pub(crate) async fn inside(wishes: &Wishes) -> Result<ExitCode, Failed> {
    inside::run(wishes).await
}
