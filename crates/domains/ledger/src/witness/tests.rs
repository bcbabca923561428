//! What the witness finds: rollback, forks, and statements that are not right.

mod damage;
mod kit;
mod outside;

use std::sync::Arc;

use contracts::ledger::{Act, Ledger};
use db::testing::Folder;

use self::kit::Witnessed;
use super::statement::Statement;
use super::*;
use crate::hash::Algorithm;
use crate::journal::memory::MemoryJournal;
use crate::tests::kit::{Home, beginning, book_rows, command, do_all, start, transfer};
use crate::{Inspection, OpenFailed};

fn key() -> WitnessKey {
    WitnessKey::of(&[7; 32]).unwrap()
}

fn statement() -> Statement {
    Statement {
        algorithm: Algorithm::Sm3,
        number: 2,
        previous: [0xAB; 32],
        sequence: 5,
        epoch: 3,
        hash: [0xCD; 32],
        tree: [0xEF; 32],
        date: 20_778,
        at: 1_795_312_800_000_000_000,
    }
}

/// Statements are checked for ever: their bytes never change.
#[test]
fn a_statement_is_golden() {
    let bytes = statement().to_bytes();
    let expected = concat!(
        "197975616e68616e672e6c65646765722e73746174656d656e74",
        "0001",
        "01",
        "0000000000000002",
        "abababababababababababababababababababababababababababababababab",
        "0000000000000005",
        "0000000000000003",
        "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd",
        "efefefefefefefefefefefefefefefefefefefefefefefefefefefefefefefef",
        "0000512a",
        "18ea3b7ac8b64000",
    );
    assert_eq!(hex::encode(&bytes), expected);
    assert_eq!(Statement::try_from_bytes(&bytes).unwrap(), statement());
    assert_eq!(
        hex::encode(statement().chain_hash()),
        "0ef379f18775d64c16a98786884718a2c79bef058031ee7099e6dcc1624e90a1"
    );
}

#[test]
fn statements_of_other_programs_are_refused_by_name() {
    let bytes = statement().to_bytes();
    let with = |at: usize, byte: u8| {
        let mut bytes = bytes.clone();
        bytes[at] = byte;
        Statement::try_from_bytes(&bytes).unwrap_err()
    };
    assert_eq!(with(0, 3), Unsound::NotAStatement);
    assert_eq!(with(9, b'x'), Unsound::NotAStatement);
    assert_eq!(with(27, 2), Unsound::Newer(2));
    assert_eq!(with(28, 9), Unsound::AlgorithmUnknown(9));
    assert!(matches!(Statement::try_from_bytes(&bytes[..90]), Err(Unsound::Damaged(_))));
    assert!(matches!(Statement::try_from_bytes(&[bytes, vec![0]].concat()), Err(Unsound::Damaged(_))));
}

/// There is one way to write a statement: any other byte of its line is found.
#[tokio::test]
async fn no_byte_of_a_line_is_unguarded() {
    let journal = MemoryJournal::of(book_rows(5, None));
    let head = journal.head().await.unwrap();
    let signed = make::make(&key(), &journal, head, start(), (1, [0; 32]), None).await.unwrap();
    let (line, public) = (signed.to_line(), key().public());
    assert_eq!(Signed::try_from_line(&line, &public).unwrap(), signed);
    for at in 0..line.len() {
        for mask in [1, 2, 0x20] {
            let mut bytes = line.clone().into_bytes();
            bytes[at] ^= mask;
            let other = String::from_utf8(bytes).unwrap();
            assert!(Signed::try_from_line(&other, &public).is_err(), "byte {at}: {other}");
        }
    }
    let other = WitnessKey::of(&[8; 32]).unwrap().public();
    assert!(matches!(Signed::try_from_line(&line, &other), Err(Unsound::Signature(_))));
}

/// A book in real files, with its witness in another folder.
struct Bank {
    home: Home,
    outside: Folder,
    next: u128,
}

impl Bank {
    fn new() -> Self {
        Self { home: Home::sqlite(), outside: Folder::try_new().unwrap(), next: 0 }
    }

    fn file(&self) -> std::path::PathBuf {
        self.outside.path().join("statements.jsonl")
    }

    fn settings(&self) -> crate::Settings {
        let witness = WitnessSettings { file: Some(self.file()), ..WitnessSettings::default() };
        crate::Settings { witness, ..crate::Settings::default() }
    }

    fn witness(&self) -> Option<Witness> {
        Witness::try_new(&self.settings().witness, self.home.folder.path()).unwrap()
    }

    async fn open(&self) -> Result<Arc<crate::LocalLedger>, OpenFailed> {
        let (stores, clock) = (self.home.stores().await?, self.home.clock.clone());
        crate::open_witnessed(stores, clock, &self.settings(), self.witness()).await
    }

    /// Opens, does some work, and stops in good order.
    async fn day(&mut self) {
        let ledger = self.open().await.unwrap();
        if self.next == 0 {
            do_all(&ledger, beginning(6)).await;
        }
        for _ in 0..4 {
            self.next += 1;
            do_all(&ledger, vec![command(100_000 + self.next, Act::Transfer(transfer(2, 3, 7)))]).await;
        }
        ledger.stop().await;
    }

    async fn refusal(&self) -> String {
        match self.open().await {
            Ok(ledger) => {
                ledger.stop().await;
                panic!("it was opened")
            }
            Err(error) => error.to_string(),
        }
    }

    async fn fault(&self) -> Option<String> {
        let inspection = Inspection::sqlite(self.home.folder.path()).await.unwrap();
        let alone = inspection.verify().await.unwrap();
        assert_eq!(alone.fault, None, "the copy is right in itself");
        let found = inspection.verify_witnessed(self.witness().as_ref()).await.unwrap();
        inspection.close().await;
        assert_eq!(found.verified, found.fault.is_none());
        found.fault
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn replace(directory: &Path, by: &Path) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            std::fs::remove_file(entry.path()).unwrap();
        }
    }
    copy(by, directory);
}

#[tokio::test]
async fn a_sound_bank_is_witnessed_day_after_day() {
    let mut bank = Bank::new();
    for day in 1..4 {
        bank.day().await;
        assert_eq!(std::fs::read_to_string(bank.file()).unwrap().lines().count(), day);
        assert_eq!(bank.fault().await, None);
    }
    let ledger = bank.open().await.unwrap();
    ledger.witness().await.unwrap();
    ledger.witness().await.unwrap();
    assert_eq!(ledger.verify().await.unwrap().fault, None);
    ledger.stop().await;
    // The start was witnessed once, and the stop had nothing to add.
    assert_eq!(std::fs::read_to_string(bank.file()).unwrap().lines().count(), 4);
}

#[tokio::test]
async fn a_rolled_back_copy_is_found() {
    let mut bank = Bank::new();
    bank.day().await;
    let aside = bank.outside.path().join("aside");
    copy(bank.home.folder.path(), &aside);
    bank.day().await;
    // Journal, snapshots, history and key of yesterday: right in itself, and opened without a witness.
    replace(bank.home.folder.path(), &aside);
    let fault = bank.fault().await.unwrap();
    for text in [fault, bank.refusal().await] {
        assert!(text.starts_with("the journal is behind its witness: it ends with record "), "{text}");
        assert!(text.contains("statement 2"), "{text}");
    }
    // Nothing was appended by the start that was refused.
    assert!(bank.fault().await.is_some());
    std::fs::rename(bank.file(), bank.outside.path().join("set aside")).unwrap();
    bank.day().await;
}

#[tokio::test]
async fn a_fork_is_found_though_it_is_longer() {
    let mut bank = Bank::new();
    bank.day().await;
    let aside = bank.outside.path().join("aside");
    copy(bank.home.folder.path(), &aside);
    bank.day().await;
    replace(bank.home.folder.path(), &aside);
    // Yesterday's copy goes on without its witness.
    for n in 0..3_u128 {
        let ledger = bank.home.open().await;
        for m in 0..4_u128 {
            do_all(&ledger, vec![command(200_000 + 10 * n + m, Act::Transfer(transfer(3, 4, 9)))]).await;
        }
        ledger.stop().await;
    }
    let fault = bank.fault().await.unwrap();
    for text in [fault, bank.refusal().await] {
        assert!(text.starts_with("the journal is beside its witness: its record "), "{text}");
        assert!(text.contains("statement 2") && text.contains("was signed for "), "{text}");
    }
}

#[tokio::test]
async fn statements_that_are_not_right_are_found() {
    let mut bank = Bank::new();
    for _ in 0..3 {
        bank.day().await;
    }
    let sound = std::fs::read_to_string(bank.file()).unwrap();
    let lines: Vec<&str> = sound.lines().collect();
    let forged = {
        let journal = MemoryJournal::of(book_rows(5, None));
        let head = journal.head().await.unwrap();
        make::make(&key(), &journal, head, start(), (4, [0; 32]), None).await.unwrap().to_line()
    };
    let cases = [
        ([lines[0], lines[2]].join("\n") + "\n", "line 2: statement 3 does not follow statement 1"),
        ([lines[1], lines[0], lines[2]].join("\n") + "\n", "line 2: statement 1 does not follow statement 2"),
        ([lines[0], lines[1], lines[1]].join("\n") + "\n", "line 3: statement 2 does not follow statement 2"),
        (sound.replacen("\"number\":2", "\"number\":3", 1), "line 2: it is not written as a statement is"),
        (format!("{sound}{forged}\n"), "it is not signed with the key"),
        (format!("{sound}x\n"), "it is not written as a statement is"),
    ];
    for (text, expected) in cases {
        std::fs::write(bank.file(), text).unwrap();
        let fault = bank.fault().await.unwrap();
        assert!(fault.contains(expected), "{fault}");
    }
    // The oldest may be put away, and what was cut short is not read.
    std::fs::write(bank.file(), format!("{}\n{}\nhalf", lines[1], lines[2])).unwrap();
    assert_eq!(bank.fault().await, None);
    bank.day().await;
    assert_eq!(bank.fault().await, None);

    let key = key_file(bank.home.folder.path());
    std::fs::remove_file(&key).unwrap();
    let refused = Witness::try_new(&bank.settings().witness, bank.home.folder.path()).unwrap_err();
    assert!(matches!(refused, Refused::Key(KeyRefused::Missing(_))), "{refused}");
    assert!(!key.exists());
}

/// A file that cannot be written stops nothing: the next turn makes a statement of what is last then.
#[tokio::test]
async fn a_turn_that_fails_is_made_up_for() {
    let journal = MemoryJournal::of(book_rows(3, None));
    let witnessed = Witnessed::new();
    let witness = &witnessed.witness;
    std::fs::create_dir_all(witnessed.file()).unwrap();
    let head = journal.head().await.unwrap();
    assert!(matches!(witness.turn(&journal, head, start()).await, Err(Refused::File { .. })));
    std::fs::remove_dir(witnessed.file()).unwrap();
    let journal = MemoryJournal::of(book_rows(5, None));
    witness.turn(&journal, journal.head().await.unwrap(), start()).await.unwrap();
    assert_eq!(witness.verify(&journal).await.unwrap(), 1);
    assert_eq!(witness.last().await.unwrap().statement.sequence, 5);
}

/// The tree goes on from the peaks of the last statement as if it had been grown from the first record.
#[tokio::test]
async fn the_tree_goes_on_from_the_last_statement() {
    let rows = book_rows(40, None);
    let witnessed = Witnessed::new();
    for length in [1, 2, 3, 7, 8, 21, 40] {
        let journal = MemoryJournal::of(rows[..length].to_vec());
        let witness = witnessed.again();
        witness.turn(&journal, journal.head().await.unwrap(), start()).await.unwrap();
        let whole = Algorithm::Sm3.merkle_root(rows[..length].iter().map(|row| row.hash.as_slice()));
        assert_eq!(witness.last().await.unwrap().statement.tree, whole);
    }
    assert_eq!(witnessed.witness.verify(&MemoryJournal::of(rows)).await.unwrap(), 7);
}
