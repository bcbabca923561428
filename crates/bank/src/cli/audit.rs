//! `yuanhang audit`: the record of who did what, read apart from a running server.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use audit::{Proof, Proved};
use clap::Subcommand;
use clock::SystemClock;
use db::Db;
use keys::Keys;
use proofs::PublicKey;
use runtime::DataDir;

use super::{Failed, Outcome, Place};
use crate::composition::open_store;
use crate::configuration::{Configuration, StoreKind};
use crate::key_room;

/// The record of who did what.
#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// Read the whole record and check it: every line, the tree, each signed checkpoint, and those of the witness file.
    /// Says where the first fault is and ends with 1 there.
    Verify {
        /// Print the result as one JSON line.
        #[arg(long)]
        json: bool,
        /// The file of witnessed checkpoints, where it is not the one of the settings.
        #[arg(long, value_name = "FILE")]
        witness: Option<PathBuf>,
    },
    /// Print the public key with which checkpoints and proofs are checked.
    Key,
    /// Prove that a record is in what the bank signed last: write a file that anybody can check without the bank.
    Prove {
        /// The record's number.
        #[arg(long, value_name = "NUMBER")]
        record: u64,
        /// Where to write the proof; without it, it is printed.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Prove that since a checkpoint of so many records, or the next one after it, the record only grew.
    ProveGrowth {
        /// So many records.
        #[arg(long, value_name = "COUNT")]
        since: u64,
        /// Where to write the proof; without it, it is printed.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Check a proof without the bank: say what it proves, or what of it does not hold.
    CheckProof {
        /// The proof.
        file: PathBuf,
        /// The bank's public key: what `audit key` prints.
        #[arg(long, value_name = "PUBKEY")]
        key: String,
    },
}

/// A bank's store, opened for reading.
struct Opened {
    db: Db,
    keys: Keys,
    _claim: Option<DataDir>,
}

impl AuditCommand {
    pub(super) async fn run(&self, place: &Place) -> Outcome {
        if let Self::CheckProof { file, key } = self {
            return check_proof(file, key);
        }
        let configuration = place.read()?;
        let opened = open(&configuration).await?;
        let key = audit::signing_key(&opened.keys).ok_or("there is no key to sign with")?.public();
        let reader = opened.db.reader();
        let code = match self {
            Self::Verify { json, witness } => {
                let witness = witness.as_ref().or(configuration.audit.witness_file.as_ref());
                verify(&opened.db, &key, witness.map(PathBuf::as_path), *json).await
            }
            Self::Prove { record, out } => {
                let proof = audit::prove(reader, *record).await?;
                write(proof, out.as_deref(), "no checkpoint speaks of that record yet")
            }
            Self::ProveGrowth { since, out } => {
                let proof = audit::prove_growth(reader, *since).await?;
                write(proof, out.as_deref(), "there is no checkpoint of so many records")
            }
            Self::Key | Self::CheckProof { .. } => {
                println!("{key}");
                Ok(ExitCode::SUCCESS)
            }
        };
        opened.db.close().await;
        code
    }
}

/// Embedded files are claimed while we read them, so that no server starts meanwhile. A PostgreSQL is read beside a
/// running server.
async fn open(configuration: &Configuration) -> Result<Opened, Failed> {
    let directory = &configuration.data_dir;
    let claim = match configuration.store.kind {
        StoreKind::Postgres => None,
        StoreKind::Sqlite if directory.join("bank.db").exists() => Some(DataDir::claim(directory)?),
        StoreKind::Sqlite => return Err(format!("there is no bank in `{}`", directory.display()).into()),
    };
    let (db, _) = open_store(configuration, directory).await?;
    let keys = key_room::open(configuration, directory, &db, Arc::new(SystemClock)).await?;
    Ok(Opened { db, keys, _claim: claim })
}

async fn verify(db: &Db, key: &PublicKey, witness: Option<&Path>, json: bool) -> Outcome {
    let witnessed = witness.map(audit::witnessed).transpose()?.unwrap_or_default();
    let found = audit::verify(db.reader(), key, &witnessed).await?;
    if json {
        println!("{}", serde_json::to_string(&found)?);
    } else {
        println!(
            "records      {}\ncheckpoints  {}\nroot         {}",
            found.records, found.checkpoints, found.root
        );
        match &found.fault {
            None => println!("verified"),
            Some(fault) => println!("FAULT: {fault}"),
        }
    }
    Ok(if found.verified { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn write(proof: Option<Proof>, out: Option<&Path>, missing: &str) -> Outcome {
    let text = serde_json::to_string_pretty(&proof.ok_or(missing)?)?;
    match out {
        Some(path) => std::fs::write(path, text + "\n")?,
        None => println!("{text}"),
    }
    Ok(ExitCode::SUCCESS)
}

fn check_proof(file: &Path, key: &str) -> Outcome {
    let key = PublicKey::parse(key).ok_or("this is not a public key; `audit key` prints the bank's")?;
    match audit::check(&std::fs::read_to_string(file)?, &key) {
        Ok(Proved::Included(record, checkpoint)) => {
            println!(
                "proved: record {} of the {} that the bank signed at {}",
                record.number, checkpoint.count, checkpoint.at
            );
            println!("{}", serde_json::to_string(&record)?);
            Ok(ExitCode::SUCCESS)
        }
        Ok(Proved::Consistent(earlier, later)) => {
            println!(
                "proved: the {} records of {} are the first of the {} of {}",
                earlier.count, earlier.at, later.count, later.at
            );
            Ok(ExitCode::SUCCESS)
        }
        Err(why) => {
            println!("NOT PROVED: {why}");
            Ok(ExitCode::FAILURE)
        }
    }
}
