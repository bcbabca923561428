//! Segments of the journal outside: written, checked, restored from.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use ledger::archive::{Checked, Restored, Written, check, restore, write};
use ledger::{Inspection, Stores};
use runtime::DataDir;

use super::{inspect, verify};
use crate::cli::{Failed, Outcome};
use crate::composition::open_book;
use crate::configuration::{Configuration, StoreKind};

/// Up to where the journal is archived.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(in crate::cli) struct Extent {
    /// Archive up to this record.
    #[arg(long, value_name = "SEQUENCE")]
    until: Option<u64>,
    /// Archive all but the newest records, so many.
    #[arg(long, value_name = "N")]
    keep_records: Option<u64>,
}

/// Archives what the folder does not hold yet.
pub(super) async fn write_to(inspection: &Inspection, extent: &Extent, to: &Path, json: bool) -> Outcome {
    let journal = inspection.journal();
    let until = match (extent.until, extent.keep_records) {
        (Some(until), _) => until,
        (None, keep) => journal.head().await?.sequence.saturating_sub(keep.unwrap_or(0)),
    };
    match write(journal, until, to).await? {
        Written::Segment(checked) if json => println!("{}", described(&checked)),
        Written::Segment(checked) => {
            print(&checked);
            println!("archived");
        }
        Written::Nothing { reached } if json => println!("{}", serde_json::json!({"reached": reached})),
        Written::Nothing { reached: 0 } => println!("nothing to archive"),
        Written::Nothing { reached } => println!("nothing to archive: records 1 to {reached} are archived"),
    }
    Ok(ExitCode::SUCCESS)
}

fn described(checked: &Checked) -> serde_json::Value {
    let label = &checked.label;
    serde_json::json!({
        "segment": checked.file,
        "first": label.first(),
        "last": label.last,
        "hash": hex::encode(label.last_hash),
        "record_bytes": checked.record_bytes,
        "file_bytes": checked.file_bytes,
    })
}

fn print(checked: &Checked) {
    let label = &checked.label;
    println!("segment   {}", checked.file.display());
    println!("records   {} to {}", label.first(), label.last);
    println!("last      {}", hex::encode(label.last_hash));
    println!("bytes     {} of {}", checked.file_bytes, checked.record_bytes);
}

/// Checks segments without the bank.
pub(super) fn check_files(files: &[PathBuf]) -> Outcome {
    match check(files) {
        Ok(all) => {
            all.iter().for_each(print);
            println!("sound");
            Ok(ExitCode::SUCCESS)
        }
        Err(fault) => {
            println!("FAULT: {fault}");
            Ok(ExitCode::FAILURE)
        }
    }
}

/// Restores the journal and verifies it.
pub(super) async fn restore_from(configuration: &Configuration, from: &Path) -> Outcome {
    let _claim = DataDir::claim(&configuration.data_dir)?;
    let restored = put_back(configuration, from).await?;
    println!("segments  {}", restored.segments);
    println!("appended  {}, {} were there", restored.appended, restored.present);
    let inspection = inspect(configuration).await?;
    let code = verify(&inspection, configuration, false).await;
    inspection.close().await;
    code
}

async fn put_back(configuration: &Configuration, from: &Path) -> Result<Restored, Failed> {
    let stores = match configuration.store.kind {
        StoreKind::Sqlite => Stores::sqlite(&configuration.data_dir).await?,
        StoreKind::Postgres => {
            let db = open_book(configuration).await?;
            Stores::postgres(&db).await?
        }
    };
    let restored = restore(&*stores.journal, from).await;
    stores.close().await;
    Ok(restored?)
}
