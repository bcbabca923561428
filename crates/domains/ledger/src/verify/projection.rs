//! The history against the journal: every row, by a digest per account, and row by row where one differs.

use db::Db;

use crate::hash::{Algorithm, Hash};
use crate::history::{HistoryFailed, Moved, Scan, movements};
use crate::journal::{Journal, Position};
use crate::model::{Book, Entry};
use crate::record;
use crate::replay::READ_BYTES;

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
        let failed = |error: HistoryFailed| match error {
            HistoryFailed::Damaged(damaged) => format!("history: {damaged}"),
            error => format!("history: it cannot be read: {error}"),
        };
        let scan = Scan::open(db).await.map_err(failed)?;
        let mut found: Vec<(u32, Hash)> = vec![(0, [0; 32]); self.accounts.len()];
        let mut beyond: Option<(u32, u32)> = None;
        let scanned = scan
            .all(|moved| {
                let expected = self.accounts.get(moved.account as usize).map_or(0, |(count, _)| *count);
                if moved.number == 0 || moved.number > expected {
                    beyond.get_or_insert((moved.account, moved.number));
                } else if let Some((count, running)) = found.get_mut(moved.account as usize) {
                    *running = digest(running, &moved);
                    *count += 1;
                }
            })
            .await;
        let wrong_days = scanned.map_err(failed)?;
        for (number, (expected, found)) in (0_u32..).zip(self.accounts.iter().zip(&found)) {
            if expected != found {
                return Err(self.locate(journal, &scan, cursor, book, number).await);
            }
        }
        if let Some(damaged) = wrong_days {
            return Err(format!("history: {damaged}"));
        }
        // A running ledger may have gone on meanwhile; one that stands still has nothing beyond.
        match beyond {
            Some((account, number)) if scan.cursor().sequence == cursor.sequence => {
                Err(format!("history of {}: it is not in the journal", named(book, account, number)))
            }
            _ => Ok(()),
        }
    }

    /// Reads journal and history of one account again and finds the first movement that differs.
    async fn locate(
        &self,
        journal: &dyn Journal,
        scan: &Scan,
        cursor: Position,
        book: &Book,
        account: u32,
    ) -> String {
        let mut stored = scan.account(account);
        let mut after = 0;
        while let Ok(rows) = journal.read(after, READ_BYTES).await {
            let Some(last) = rows.last() else { break };
            after = last.sequence;
            for row in rows.iter().filter(|row| row.sequence <= cursor.sequence) {
                let Ok((head, _, entries)) = record::open(&row.record) else { continue };
                for expected in movements(head.at, &entries).filter(|moved| moved.account == account) {
                    let named = named(book, account, expected.number);
                    match stored.next().await {
                        Ok(Some(stored)) if stored == expected => {}
                        Ok(Some(stored)) if stored.number == expected.number => {
                            return format!("history of {named}: it differs from the journal");
                        }
                        Ok(_) => return format!("history of {named}: it is missing"),
                        Err(error) => return format!("history of {named}: {error}"),
                    }
                }
            }
        }
        format!("history of {}: it differs from the journal", named(book, account, 0))
    }
}

fn named(book: &Book, account: u32, number: u32) -> String {
    let id = book
        .id_of(account)
        .map_or_else(|| format!("number {account}, which does not exist"), |account| account.to_string());
    format!("account {id}, movement {number}")
}
