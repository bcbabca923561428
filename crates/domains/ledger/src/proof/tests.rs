//! Proofs hold, and no byte of them may be another.

use contracts::ledger::Act;

use super::make::{Unprovable, prove};
use super::*;
use crate::journal::Journal;
use crate::journal::memory::MemoryJournal;
use crate::tests::kit::{account, beginning, cny, command, id, rows_of, start, transfer};
use crate::witness::by_itself;
use crate::witness::key::WitnessKey;

fn key() -> WitnessKey {
    WitnessKey::of(&[7; 32]).unwrap()
}

/// A journal of `records` records of 70 transfers each, after one that opens accounts 1 to 6.
fn journal(records: u64) -> MemoryJournal {
    MemoryJournal::of(rows_of((1..=records).map(|sequence| {
        if sequence == 1 {
            return beginning(6);
        }
        let base = 1_000_000 + 1_000 * u128::from(sequence);
        let pay = |n| command(base + n, Act::Transfer(transfer(2 + n % 4, 3 + n % 4, 5)));
        let mut commands: Vec<_> = (0..70).map(pay).collect();
        if sequence == 3 {
            let hold_until = Some("2027-01-01T00:00:00Z".parse().unwrap());
            let hold = contracts::ledger::Transfer { hold_until, ..transfer(4, 5, 30) };
            commands.push(command(901, Act::Transfer(hold)));
            commands.push(command(902, Act::PostHold { hold: id(901), amount: Some(20) }));
            commands.push(command(903, Act::Transfer(transfer(4, 5, u64::MAX / 4))));
        }
        commands
    })))
}

async fn proof(journal: &dyn Journal, transfer: u128) -> Result<String, Unprovable> {
    let signed = by_itself(&key(), journal, start()).await.unwrap();
    Ok(prove(journal, id(transfer), &signed).await?.to_text())
}

#[tokio::test]
async fn any_transfer_of_any_record_is_proved() {
    for records in [2, 3, 4, 7, 8, 13] {
        let journal = journal(records);
        for sequence in 2..=records {
            for place in [0, 31, 32, 69] {
                let number = 1_000_000 + 1_000 * u128::from(sequence) + place;
                let text = proof(&journal, number).await.unwrap();
                let proved = check(&text, &key().public()).unwrap();
                assert_eq!((proved.transfer, proved.sequence), (id(number), sequence));
                assert_eq!(
                    (proved.deed, proved.amount, u128::from(proved.place)),
                    (Deed::Posted, Some(5), place)
                );
                let [debit, credit] = proved.parties.unwrap();
                assert_eq!((debit.account, debit.number), (account(2 + place % 4), 1 + (place % 4) as u32));
                assert_eq!((credit.account, credit.asset), (account(3 + place % 4), cny()));
                assert_eq!(proved.statement.sequence, records);
            }
        }
    }
}

#[tokio::test]
async fn whatever_became_of_a_transfer_is_proved() {
    let journal = journal(4);
    let proved = async |number| check(&proof(&journal, number).await.unwrap(), &key().public()).unwrap();
    let held = proved(901).await;
    assert_eq!((held.deed, held.amount), (Deed::Held, Some(30)));
    assert_eq!(held.parties.unwrap().map(|party| party.account), [account(4), account(5)]);
    let posted = proved(902).await;
    assert_eq!((posted.deed, posted.amount), (Deed::HoldPosted, Some(20)));
    let refused = proved(903).await;
    assert_eq!((refused.deed, refused.parties), (Deed::Refused(Refusal::InsufficientFunds), None));
    assert_eq!(proved(1).await.deed, Deed::Other);
    assert!(matches!(proof(&journal, 999).await, Err(Unprovable::Unknown(4))));
}

#[tokio::test]
async fn every_changed_byte_of_a_proof_is_found() {
    let text = proof(&journal(5), 1_002_001).await.unwrap();
    let public = key().public();
    assert!(check(&text, &public).is_ok());
    println!("{} bytes", text.len());
    for at in 0..text.len() {
        // Another digit, and a letter of the other case.
        for mask in [0x01, 0x20] {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= mask;
            let other = String::from_utf8(bytes).unwrap();
            assert!(check(&other, &public).is_err(), "byte {at} of {other}");
        }
    }
    for end in 0..text.len() {
        assert!(check(&text[..end], &public).is_err(), "cut at {end}");
    }
    assert!(check(&format!("{text}\n"), &public).is_err());
}

#[tokio::test]
async fn what_does_not_hold_is_named() {
    let journal = journal(6);
    let public = key().public();
    let sound = Proof::try_from_text(&proof(&journal, 1_002_001).await.unwrap()).unwrap();
    let other = Proof::try_from_text(&proof(&journal, 1_004_035).await.unwrap()).unwrap();
    let with = |change: &dyn Fn(&mut Proof)| {
        let mut proof = sound.clone();
        change(&mut proof);
        check(&proof.to_text(), &public).unwrap_err()
    };
    let stranger = WitnessKey::of(&[8; 32]).unwrap().public();
    assert!(matches!(check(&sound.to_text(), &stranger), Err(Unproved::Statement(Unsound::Signature(_)))));
    assert!(matches!(check("{}", &public), Err(Unproved::Writing)));
    assert!(matches!(
        with(&|proof| proof.statement.sequence += 1),
        Unproved::Statement(Unsound::Signature(_))
    ));
    assert_eq!(with(&|proof| proof.entry.place += 1), Unproved::OtherTransfer);
    assert_eq!(with(&|proof| proof.transfer = id(5)), Unproved::OtherTransfer);
    assert_eq!(with(&|proof| proof.entry.place += 32), Unproved::NotInRecord("transfer"));
    assert_eq!(
        with(&|proof| proof.entry.chunk.clone_from(&other.entry.chunk)),
        Unproved::NotInRecord("transfer")
    );
    assert!(matches!(with(&|proof| proof.entry.head.truncate(40)), Unproved::Head { part: "transfer", .. }));
    assert_eq!(
        with(&|proof| proof.entry.record_path.clone_from(&other.entry.record_path)),
        Unproved::NotInJournal { part: "transfer", sequence: 2 }
    );
    assert_eq!(
        with(&|proof| proof.accounts.swap(0, 1)),
        Unproved::OtherAccount { part: "debit account", number: 2 }
    );
    assert_eq!(
        with(&|proof| proof.accounts[1] = other.entry.clone()),
        Unproved::OtherAccount { part: "credit account", number: 3 }
    );
    assert_eq!(with(&|proof| drop(proof.accounts.pop())), Unproved::Accounts);
    // Whoever has the key of the bank cannot prove a record that hashes to another tree either.
    let mut forged = sound.clone();
    forged.statement.tree = [1; 32];
    forged.signature = key().sign(&forged.statement.to_bytes()).unwrap();
    assert_eq!(forged.check(&public), Err(Unproved::NotInJournal { part: "transfer", sequence: 2 }));
}

/// A journal that is not the one that was signed gives no proof.
#[tokio::test]
async fn another_journal_proves_nothing() {
    let signed = by_itself(&key(), &journal(5), start()).await.unwrap();
    let mut rows = journal(5).rows();
    rows[3].hash[0] ^= 1;
    let proof = prove(&MemoryJournal::of(rows), id(1_002_001), &signed).await;
    assert!(matches!(proof, Err(Unprovable::OtherJournal)), "{proof:?}");
    let shorter = journal(4);
    assert!(matches!(prove(&shorter, id(1_002_001), &signed).await, Err(Unprovable::OtherJournal)));
}
