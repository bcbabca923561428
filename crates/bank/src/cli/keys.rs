//! `yuanhang keys`: the bank's master key is looked at and exchanged, beside a running server.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use clap::Subcommand;
use clock::{SystemClock, Timestamp};
use db::Db;
use keys::{Generation, KeyPlace, Keys, Status};
use runtime::{ClaimFailed, DataDir};
use serde_json::{Value, json};

use super::{Failed, Outcome, Place};
use crate::composition::open_store;
use crate::configuration::{Configuration, StoreKind};
use crate::key_room;

/// The bank's master key.
#[derive(Debug, Subcommand)]
pub(super) enum KeysCommand {
    /// List the generations of the master key: what each wraps, which one wraps what is new, and what was destroyed.
    Status {
        /// Print one JSON line.
        #[arg(long)]
        json: bool,
    },
    /// Take a new generation into use: from now on it wraps what is new. Running processes follow. It is made in the module
    /// of `keys.pkcs11` where that is set, and otherwise in the key file. Where processes have copies of the key file on several machines, prepare it first, and copy the file to each.
    Rotate {
        /// Make it in the key file alone; the next `keys rotate` takes it into use.
        #[arg(long)]
        prepare: bool,
        /// Print one JSON line.
        #[arg(long)]
        json: bool,
    },
    /// Wrap all data keys by the newest generation, in small batches beside running processes. May be interrupted and
    /// run again.
    Rewrap {
        /// Print one JSON line.
        #[arg(long)]
        json: bool,
    },
    /// Move the master key into the module of `keys.pkcs11`, or out of it: take a new generation into use there, and wrap
    /// all data keys by it. Older ones stay until they are retired and erased.
    Move {
        /// Into the module.
        #[arg(long, conflicts_with = "to_file", required_unless_present = "to_file")]
        to_pkcs11: bool,
        /// Out of the module, which must still be set, into the key file.
        #[arg(long)]
        to_file: bool,
        /// Print one JSON line.
        #[arg(long)]
        json: bool,
    },
    /// End a generation that wraps nothing any more; refused while anything depends on it.
    Retire {
        /// Its number.
        number: u32,
        /// Also take it out of the key file and the module for good: backups of the database from before then open with no key that
        /// the bank has. Where several databases or machines have copies of the key file, do this last.
        #[arg(long)]
        erase: bool,
    },
}

impl KeysCommand {
    pub(super) async fn run(&self, place: &Place) -> Outcome {
        let (db, keys) = open(&place.read()?).await?;
        let done = self.run_with(&keys).await;
        db.close().await;
        done
    }

    async fn run_with(&self, keys: &Keys) -> Outcome {
        match self {
            Self::Status { json: true } => println!("{}", as_json(&keys.status().await?)),
            Self::Status { json: false } => print(&keys.status().await?),
            Self::Rotate { prepare, json } => {
                let rotated = keys.rotate(*prepare).await?;
                if *json {
                    println!("{}", json!({"generation": rotated.number, "in_use": rotated.in_use}));
                } else if rotated.in_use {
                    println!("generation {} is in use; `keys rewrap` wraps all by it", rotated.number);
                } else {
                    println!(
                        "generation {} waits in the key file; copy it to every machine, then run `keys rotate`",
                        rotated.number
                    );
                }
            }
            Self::Rewrap { json } => return rewrap(keys, *json).await,
            Self::Move { to_file, json, .. } => {
                let place = if *to_file { KeyPlace::File } else { KeyPlace::Module };
                keys.rotate_in(place, false).await?;
                return rewrap(keys, *json).await;
            }
            Self::Retire { number, erase } => {
                keys.retire(*number, *erase).await?;
                println!("generation {number} is retired{}", if *erase { " and erased" } else { "" });
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Opens the store of a bank that is there, and its keys. A server may run meanwhile: the tables of the keys are written
/// by whoever needs to, one after the other.
async fn open(configuration: &Configuration) -> Result<(Db, Keys), Failed> {
    let directory = &configuration.data_dir;
    if configuration.store.kind == StoreKind::Sqlite {
        if !directory.join("bank.db").exists() {
            return Err(format!("there is no bank in `{}`", directory.display()).into());
        }
        match DataDir::claim(directory) {
            // The claim is given back at once, so that a server can start.
            Ok(_) | Err(ClaimFailed::InUse { .. }) => {}
            Err(refused) => return Err(refused.into()),
        }
    }
    let (db, _) = open_store(configuration, directory).await?;
    let keys = key_room::open(configuration, directory, &db, Arc::new(SystemClock)).await?;
    Ok((db, keys))
}

/// Ends with 1 where data keys are damaged.
async fn rewrap(keys: &Keys, json: bool) -> Outcome {
    let began = Instant::now();
    let done = keys.rewrap().await?;
    let took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    if json {
        let line = json!({
            "generation": done.number, "rewrapped": done.rewrapped, "damaged": done.damaged, "took_ms": took_ms,
        });
        println!("{line}");
    } else {
        println!("{} data keys are wrapped anew, by generation {}", done.rewrapped, done.number);
        if done.damaged > 0 {
            println!("DAMAGED: {} open with no generation; they were left as they are", done.damaged);
        }
    }
    Ok(if done.damaged == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn instant(microseconds: i64) -> String {
    Timestamp::from_microsecond(microseconds).map_or_else(|_| "?".to_owned(), |at| at.to_string())
}

fn name(place: KeyPlace) -> &'static str {
    match place {
        KeyPlace::File => "file",
        KeyPlace::Module => "pkcs11",
    }
}

fn as_json(status: &Status) -> Value {
    let generation = |at: &Generation| {
        json!({
            "number": at.number,
            "in_use_since": at.created_at.map(instant),
            "retired_at": at.retired_at.map(instant),
            "wraps": at.wraps,
            "newest": at.is_newest,
            "place": at.place.map(name),
        })
    };
    let generations: Vec<Value> = status.generations.iter().map(generation).collect();
    json!({"generations": generations, "destroyed": status.destroyed})
}

fn print(status: &Status) {
    for at in &status.generations {
        let state = match (at.created_at, at.retired_at) {
            (None, _) => "waits in the key file".to_owned(),
            (_, Some(since)) => format!("retired {}", instant(since)),
            (Some(since), None) if at.is_newest => format!("wraps what is new since {}", instant(since)),
            (Some(_), None) => "to be rewrapped and retired".to_owned(),
        };
        let kept = at.place.map_or("erased", name);
        println!("generation {:<3} ({kept:<6}) wraps {:>10} data keys, {state}", at.number, at.wraps);
    }
    println!("destroyed                     {:>10} data keys", status.destroyed);
}
