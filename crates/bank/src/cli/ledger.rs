//! `yuanhang ledger`: the journal, read apart from a running server.

mod archive;
mod witness;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use ids::TransferId;
use ledger::witness::Witness;
use ledger::{Inspection, JOURNAL_FILE};
use runtime::DataDir;

use super::{Failed, Outcome, Place};
use crate::composition::open_book;
use crate::configuration::{Configuration, StoreKind};

/// The ledger's journal.
#[derive(Debug, Subcommand)]
pub(super) enum LedgerCommand {
    /// Read the whole journal and check it: every hash, the chain, the state by replay, conservation, snapshots,
    /// history, and where a witness is set every statement that it holds. Says exactly where the first fault is and
    /// ends with 1 there.
    Verify {
        /// Print the result as one JSON line.
        #[arg(long)]
        json: bool,
    },
    /// How the book stands: head, accounts, transfers, holds, snapshot.
    Stat {
        /// Print it as one JSON line.
        #[arg(long)]
        json: bool,
    },
    /// Throw the history of accounts away and make it anew from the journal. The bank must not be running.
    RebuildHistory {
        /// Print the result as one JSON line.
        #[arg(long)]
        json: bool,
    },
    /// Make a signed statement of where the journal ends and hand it to the witness of the settings, now; print it.
    Witness,
    /// Print the public key with which statements and proofs are checked; make the key where there is none.
    WitnessKey,
    /// Prove that a transfer is in the journal: write a file that anybody can check without the bank.
    Prove {
        /// The transfer's id.
        #[arg(long, value_name = "ID")]
        transfer: TransferId,
        /// Where to write the proof; without it, it is printed.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Check a proof without the bank: say what it proves, or exactly what of it does not hold.
    CheckProof {
        /// The proof.
        file: PathBuf,
        /// The bank's public key: what `ledger witness-key` prints.
        #[arg(long, value_name = "PUBKEY")]
        key: String,
    },
    /// Copy the oldest records of the journal that a folder does not hold yet into a segment there: compressed,
    /// sealed, and read back before it gets its name. The journal keeps its rows.
    Archive {
        #[command(flatten)]
        extent: archive::Extent,
        /// The folder of segments; made where it is missing.
        #[arg(long, value_name = "DIR")]
        to: PathBuf,
        /// Print the result as one JSON line.
        #[arg(long)]
        json: bool,
    },
    /// Check segments without the bank: each by itself, and that each follows upon the one before it.
    CheckArchive {
        /// The segments, in order.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Make the journal anew from the segments of a folder, or append what it lacks, and verify it. The bank must not
    /// be running.
    Restore {
        /// The folder of segments, from record 1 on.
        #[arg(long, value_name = "DIR")]
        from: PathBuf,
    },
}

impl LedgerCommand {
    pub(super) async fn run(&self, place: &Place) -> Outcome {
        if let Self::CheckProof { file, key } = self {
            return witness::check_proof(file, key);
        }
        if let Self::CheckArchive { files } = self {
            return archive::check_files(files);
        }
        let configuration = place.read()?;
        if matches!(self, Self::WitnessKey) {
            return witness::print_key(&configuration);
        }
        if let Self::Restore { from } = self {
            return archive::restore_from(&configuration, from).await;
        }
        let _claim = claim(&configuration)?;
        let inspection = inspect(&configuration).await?;
        let code = match self {
            Self::Verify { json } => verify(&inspection, &configuration, *json).await,
            Self::Stat { json } => stat(&inspection, *json).await,
            Self::RebuildHistory { json } => rebuild_history(&inspection, *json).await,
            Self::Prove { transfer, out } => {
                witness::prove(&inspection, &configuration, *transfer, out.as_deref()).await
            }
            Self::Archive { extent, to, json } => archive::write_to(&inspection, extent, to, *json).await,
            Self::Witness
            | Self::WitnessKey
            | Self::CheckProof { .. }
            | Self::CheckArchive { .. }
            | Self::Restore { .. } => witness::state(&inspection, &configuration).await,
        };
        inspection.close().await;
        code
    }
}

async fn inspect(configuration: &Configuration) -> Result<Inspection, Failed> {
    match configuration.store.kind {
        StoreKind::Sqlite => Ok(Inspection::sqlite(&configuration.data_dir).await?),
        StoreKind::Postgres => {
            let db = open_book(configuration).await?;
            Ok(Inspection::postgres(&db)?)
        }
    }
}

/// Embedded files are claimed while we read them, so that no server starts meanwhile. A PostgreSQL is read beside a
/// running server.
fn claim(configuration: &Configuration) -> Result<Option<DataDir>, Failed> {
    let directory = &configuration.data_dir;
    match configuration.store.kind {
        StoreKind::Postgres => Ok(None),
        StoreKind::Sqlite if directory.join(JOURNAL_FILE).exists() => Ok(Some(DataDir::claim(directory)?)),
        StoreKind::Sqlite => Err(format!("there is no ledger in `{}`", directory.display()).into()),
    }
}

async fn verify(inspection: &Inspection, configuration: &Configuration, json: bool) -> Outcome {
    let witness = Witness::try_new(&configuration.ledger.witness, &configuration.data_dir)?;
    let found = inspection.verify_witnessed(witness.as_ref()).await?;
    if json {
        println!("{}", serde_json::to_string(&found)?);
    } else {
        println!("records   {}\ncommands  {}\nhead      {}", found.records, found.commands, found.head_hash);
        println!("state     {}\ntook      {} ms", found.state_hash, found.elapsed_ms);
        match &found.fault {
            None => println!("verified"),
            Some(fault) => println!("FAULT: {fault}"),
        }
    }
    Ok(if found.verified { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn rebuild_history(inspection: &Inspection, json: bool) -> Outcome {
    let Some(rebuilt) = inspection.rebuild_history().await? else {
        return Err("there is no history yet; the next start makes it".into());
    };
    let (records, elapsed_ms) = (rebuilt.records, rebuilt.elapsed_ms);
    if json {
        println!("{}", serde_json::json!({"records": records, "elapsed_ms": elapsed_ms}));
    } else {
        println!("records   {records}\ntook      {elapsed_ms} ms");
    }
    Ok(ExitCode::SUCCESS)
}

async fn stat(inspection: &Inspection, json: bool) -> Outcome {
    let status = serde_json::to_value(inspection.stat().await?)?;
    if json {
        println!("{status}");
    } else {
        for (name, value) in status.as_object().into_iter().flatten() {
            println!("{name:<18} {}", value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        }
    }
    Ok(ExitCode::SUCCESS)
}
