//! A demonstration bank in five processes on a PostgreSQL of its own, as `deploy/README.md` shows it.

use std::path::Path;
use std::process::Command;

use super::{STORY_BANK, Served};
use crate::{Outcome, child, house, postgres};

/// The services of each process, each after those that it asks.
const PARTS: [&str; 5] = ["ledger,audit", "customers,accounts", "messages,identity", "payments", "gateway"];
/// The variable in which each process finds the address of the database.
const ADDRESS: &str = "YUANHANG_STORY_POSTGRES";

/// Processes of one bank; they end, the gateway first, when this value is dropped.
pub(super) struct Split {
    // Order matters: the database goes last.
    parts: Vec<Served>,
    _database: postgres::Server,
}

impl Split {
    /// Where customers find it.
    pub(super) fn url(&self) -> String {
        self.parts.first().map(Served::url).unwrap_or_default()
    }

    /// Prints the end of every log, which says why a story failed.
    pub(super) fn show_last_words(&self) {
        self.parts.iter().for_each(Served::show_last_words);
    }
}

/// Generates the bank and serves it.
pub(super) fn start(folder: &Path, sign_ins: &Path) -> Outcome<Split> {
    let database = postgres::Server::start()?;
    let papers = folder.join("papers");
    let mut certs = yuanhang(folder, &database);
    certs.arg("certs").arg("--to").arg(&papers);
    for part in PARTS {
        certs.args(["--target", part]);
    }
    child::must(&mut certs)?;
    let key_file = folder.join("bank.key");
    let mut generate = yuanhang(folder, &database);
    set(&mut generate, "key_file", &key_file.display().to_string());
    generate.arg("--data").arg(folder.join("generated"));
    generate.arg("generate").args(STORY_BANK).arg("--sign-ins").arg(sign_ins);
    child::must(&mut generate)?;

    let wires = PARTS.iter().map(|_| Ok(format!("127.0.0.1:{}", house::free_port()?)));
    let wires: Vec<String> = wires.collect::<Outcome<_>>()?;
    let mut parts = Vec::new();
    for (part, wire) in PARTS.iter().zip(&wires) {
        let mut bank = yuanhang(folder, &database);
        bank.arg("--data").arg(folder.join(part));
        set(&mut bank, "key_file", &key_file.display().to_string());
        set(&mut bank, "wire.listen", wire);
        set(&mut bank, "wire.papers", &papers.join(part).display().to_string());
        for (services, wire) in PARTS.iter().zip(&wires) {
            services.split(',').for_each(|service| set(&mut bank, &format!("neighbors.{service}"), wire));
        }
        let log = folder.join(format!("{part}.log"));
        parts.insert(0, Served::serve(bank, &["--target", part], &log)?);
    }
    Ok(Split { parts, _database: database })
}

fn yuanhang(folder: &Path, database: &postgres::Server) -> Command {
    let mut command = Command::new(house::binary());
    command.current_dir(folder).env(ADDRESS, database.url());
    set(&mut command, "store.kind", "postgres");
    set(&mut command, "store.address", &format!("env:{ADDRESS}"));
    command
}

fn set(command: &mut Command, key: &str, value: &str) {
    command.arg("--set").arg(format!("{key}={value}"));
}
