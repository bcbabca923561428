//! The history against the journal: every row, by a digest per account, and row by row where one differs.

use db::Db;

use crate::hash::{Algorithm, Hash};
use crate::history::{self, Moved, movements};
use crate::journal::{Journal, Position};
use crate::model::{Book, Entry};
use crate::record;
use crate::replay::READ_BYTES;

/// Rows of the history read at once.
const SCAN_ROWS: u32 = 8_192;

/// What the history must hold, told by the journal: how many movements each account has, and a running digest
/// over them.
#[derive(Debug, Default)]
pub(super) struct Expected {
    /// By account number.
    accounts: Vec<(u32, Hash)>,
}

fn digest(before: &Hash, moved: &Moved) -> Hash {
    let bytes = [
        &moved.number.to_be_bytes()[..],
        &moved.transfer.as_u128().to_be_bytes(),
        &[u8::from(moved.side == money::Side::Credit)],
        &moved.amount.to_be_bytes(),
        &moved.balance_after.to_be_bytes(),
        &moved.counterparty.to_be_bytes(),
        &moved.code.to_be_bytes(),
        &moved.booked_on.to_be_bytes(),
        &moved.value_on.to_be_bytes(),
        &moved.at.to_be_bytes(),
    ]
    .concat();
    Algorithm::Sha256.hash(&[before, &bytes])
}

impl Expected {
    /// Adds the movements of a record.
    pub(super) fn add(&mut self, at: i64, entries: &[Entry]) {
        for moved in movements(at, entries) {
            let place = moved.account as usize;
            if place >= self.accounts.len() {
                self.accounts.resize(place + 1, (0, [0; 32]));
            }
            if let Some((count, running)) = self.accounts.get_mut(place) {
                *running = digest(running, &moved);
                *count += 1;
            }
        }
    }

    /// Compares with what is stored; `Err` names the first movement that differs.
    pub(super) async fn check(
        &self,
        journal: &dyn Journal,
        db: &Db,
        cursor: Position,
        book: &Book,
    ) -> Result<(), String> {
        let mut after = (-1_i64, 0_i64);
        let mut found: Vec<(u32, Hash)> = vec![(0, [0; 32]); self.accounts.len()];
        let mut beyond: Option<String> = None;
        loop {
            let rows = history::scan(db.reader(), after, SCAN_ROWS).await.map_err(|error| {
                format!("history: after account number {}, movement {}: {error}", after.0, after.1)
            })?;
            let Some(last) = rows.last() else { break };
            after = (i64::from(last.account), i64::from(last.number));
            for moved in &rows {
                let expected = self.accounts.get(moved.account as usize).map_or(0, |(count, _)| *count);
                if moved.number == 0 || moved.number > expected {
                    beyond.get_or_insert_with(|| self.named(book, moved.account, moved.number));
                } else if let Some((count, running)) = found.get_mut(moved.account as usize) {
                    *running = digest(running, moved);
                    *count += 1;
                }
            }
            tokio::task::yield_now().await;
        }
        for (number, (expected, found)) in (0_u32..).zip(self.accounts.iter().zip(&found)) {
            if expected != found {
                return Err(self.locate(journal, db, cursor, book, number).await);
            }
        }
        // A running ledger may have gone on meanwhile; one that stands still has nothing beyond.
        let moved_on = history::cursor(db.reader()).await.is_ok_and(|now| now.sequence != cursor.sequence);
        match beyond {
            Some(movement) if !moved_on => Err(format!("history of {movement}: it is not in the journal")),
            _ => Ok(()),
        }
    }

    fn named(&self, book: &Book, account: u32, number: u32) -> String {
        let id = book
            .id_of(account)
            .map_or_else(|| format!("number {account}, which does not exist"), |account| account.to_string());
        format!("account {id}, movement {number}")
    }

    /// Reads journal and history of one account again and finds the first movement that differs.
    async fn locate(
        &self,
        journal: &dyn Journal,
        db: &Db,
        cursor: Position,
        book: &Book,
        account: u32,
    ) -> String {
        let mut expected: Vec<Moved> = Vec::new();
        let mut after = 0;
        while let Ok(rows) = journal.read(after, READ_BYTES).await {
            let Some(last) = rows.last() else { break };
            after = last.sequence;
            for row in rows.iter().filter(|row| row.sequence <= cursor.sequence) {
                if let Ok((head, _, entries)) = record::open(&row.record) {
                    expected.extend(movements(head.at, &entries).filter(|moved| moved.account == account));
                }
            }
        }
        for (expected, number) in expected.iter().zip(1_u32..) {
            let stored = history::movement(db.reader(), account, number).await;
            let named = self.named(book, account, number);
            match stored {
                Ok(Some(stored)) if stored == *expected => {}
                Ok(Some(_)) => return format!("history of {named}: it differs from the journal"),
                Ok(None) => return format!("history of {named}: it is missing"),
                Err(error) => return format!("history of {named}: {error}"),
            }
        }
        format!("history of {}: it differs from the journal", self.named(book, account, 0))
    }
}
