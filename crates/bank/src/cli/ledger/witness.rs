//! Statements to the witness, and proofs.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use clock::{Clock, SystemClock};
use ids::TransferId;
use ledger::Inspection;
use ledger::proof::make::{Unprovable, prove as make_proof};
use ledger::proof::{Deed, Party, Proved, check};
use ledger::witness::key::{PublicKey, WitnessKey, key_file, secret_file};
use ledger::witness::statement::Signed;
use ledger::witness::{Witness, by_itself};
use runtime::DataDir;

use crate::cli::{Failed, Outcome};
use crate::configuration::{Configuration, StoreKind};

/// Prints the public key.
pub(super) fn print_key(configuration: &Configuration) -> Outcome {
    let key = WitnessKey::read_or_create(&secret_file(&key_file(&configuration.data_dir)))?;
    println!("{}", key.public());
    Ok(ExitCode::SUCCESS)
}

/// Makes a statement now, and prints it.
pub(super) async fn state(inspection: &Inspection, configuration: &Configuration) -> Outcome {
    let Some(witness) = Witness::try_new(&configuration.ledger.witness, &configuration.data_dir)? else {
        return Err("no witness is set: see `ledger.witness.file` and `ledger.witness.url`".into());
    };
    let signed = newest(inspection, configuration, &witness).await?;
    let statement = &signed.statement;
    eprintln!("statement {} of record {}", statement.number, statement.sequence);
    println!("{}", signed.to_line());
    Ok(ExitCode::SUCCESS)
}

/// A statement of the last record, handed to the witness. Only while no server runs: two that make statements
/// would part the chain.
async fn newest(
    inspection: &Inspection,
    configuration: &Configuration,
    witness: &Witness,
) -> Result<Arc<Signed>, Failed> {
    // An embedded store is claimed already.
    let _claim = match configuration.store.kind {
        StoreKind::Sqlite => None,
        StoreKind::Postgres => Some(DataDir::claim(&configuration.data_dir)?),
    };
    let head = inspection.journal().head().await?;
    witness.check(inspection.journal()).await?;
    witness.turn(inspection.journal(), head, SystemClock.now()).await?;
    witness.last().await.ok_or_else(|| "there is no record yet".into())
}

/// Writes the proof of a transfer.
pub(super) async fn prove(
    inspection: &Inspection,
    configuration: &Configuration,
    transfer: TransferId,
    out: Option<&Path>,
) -> Outcome {
    let journal = inspection.journal();
    let witness = Witness::try_new(&configuration.ledger.witness, &configuration.data_dir)?;
    let signed = match &witness {
        // What the witness holds already is the stronger statement; a newer record needs a new one.
        Some(witness) => {
            witness.check(journal).await?;
            if let Some(signed) = witness.last().await {
                let newer = journal.head().await?.sequence > signed.statement.sequence;
                match make_proof(journal, transfer, &signed).await {
                    Err(Unprovable::Unknown(_)) if newer => {}
                    proof => return write(&proof?.to_text(), out),
                }
            }
            newest(inspection, configuration, witness).await?
        }
        None => {
            let key = WitnessKey::read_or_create(&secret_file(&key_file(&configuration.data_dir)))?;
            Arc::new(by_itself(&key, journal, SystemClock.now()).await?)
        }
    };
    write(&make_proof(journal, transfer, &signed).await?.to_text(), out)
}

fn write(proof: &str, out: Option<&Path>) -> Outcome {
    match out {
        Some(path) => std::fs::write(path, proof)?,
        None => print!("{proof}"),
    }
    Ok(ExitCode::SUCCESS)
}

/// Checks a proof and prints what it proves.
pub(super) fn check_proof(file: &Path, key: &str) -> Outcome {
    let Some(key) = PublicKey::parse(key) else {
        return Err("the key is no SM2 public key: `04` and 128 hexadecimal digits".into());
    };
    let text = std::fs::read_to_string(file)?;
    match check(&text, &key) {
        Ok(proved) => {
            print(&proved);
            Ok(ExitCode::SUCCESS)
        }
        Err(fault) => {
            println!("NOT PROVED: {fault}");
            Ok(ExitCode::FAILURE)
        }
    }
}

fn print(proved: &Proved) {
    let deed = match proved.deed {
        Deed::Posted => "posted".to_owned(),
        Deed::Held => "held".to_owned(),
        Deed::HoldPosted => "posted from a hold".to_owned(),
        Deed::Refused(refusal) => format!("refused: {refusal:?}"),
        Deed::Other => "a command that moves no amount".to_owned(),
    };
    println!("transfer   {}\ndeed       {deed}", proved.transfer);
    if let Some([debit, credit]) = &proved.parties {
        let party = |party: &Party| format!("{} (number {}, {})", party.account, party.number, party.asset);
        println!("debit      {}\ncredit     {}", party(debit), party(credit));
    }
    if let Some(amount) = proved.amount {
        println!("amount     {amount} minor units");
    }
    println!("instant    {}", proved.at);
    println!("booked on  {}", proved.booked_on);
    println!("record     {} entry {} {}", proved.sequence, proved.place, hex::encode(proved.record));
    let statement = &proved.statement;
    let chain = match statement.number {
        0 => "a statement made for this proof, not one of the witness".to_owned(),
        number => format!("statement {number} to the witness"),
    };
    println!("signed     {chain}, of record {}, at {}", statement.sequence, statement.made_at());
    println!("proved");
}
