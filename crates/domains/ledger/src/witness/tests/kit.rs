//! Small journals, forks of them, and a witness in a folder.

use std::path::PathBuf;

use contracts::ledger::Act;
use db::testing::Folder;

use crate::WitnessSettings;
use crate::hash::Algorithm;
use crate::journal::Row;
use crate::model::Book;
use crate::record::seal;
use crate::tests::kit::{beginning, command, execute, transfer};
use crate::witness::Witness;

/// A journal of `records` records: the first opens 21 accounts in 42 entries, each other has three transfers. From
/// record `fork.0` on, its transfers are others, told apart by `fork.1`.
pub(crate) fn book_rows(records: u64, fork: Option<(u64, u64)>) -> Vec<Row> {
    let mut book = Book::default();
    let mut rows: Vec<Row> = vec![];
    let mut previous = [0; 32];
    for sequence in 1..=records {
        let mut batch = book.begin(sequence, 0);
        let other = fork.filter(|(from, _)| sequence >= *from).map_or(0, |(_, variant)| variant);
        let commands = if sequence == 1 {
            beginning(21)
        } else {
            let base = 1_000_000 + u128::from(sequence) * 10 + u128::from(other) * 1_000_000;
            let each = |n: u128| command(base + n, Act::Transfer(transfer(2 + n, 3 + n, 5 + other)));
            (0..3).map(each).collect()
        };
        for command in &commands {
            execute(&mut book, std::slice::from_ref(command), &mut batch);
        }
        let record = seal(Algorithm::Sm3, 1, previous, &batch);
        book.launch(batch);
        book.land();
        previous = record.hash;
        rows.push(Row { sequence, epoch: 1, hash: record.hash.to_vec(), record: record.bytes });
    }
    rows
}

/// A witness with a file.
pub(crate) struct Witnessed {
    folder: Folder,
    pub(crate) witness: Witness,
}

impl Witnessed {
    pub(crate) fn new() -> Self {
        let folder = Folder::try_new().unwrap();
        let witness = Self::of(&folder);
        Self { folder, witness }
    }

    fn of(folder: &Folder) -> Witness {
        let file = Some(folder.path().join("statements.jsonl"));
        let settings = WitnessSettings { file, ..WitnessSettings::default() };
        Witness::try_new(&settings, folder.path()).unwrap().unwrap()
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("statements.jsonl")
    }

    /// The same witness as after another start.
    pub(crate) fn again(&self) -> Witness {
        Self::of(&self.folder)
    }
}
