//! One suite for every journal: order, compare-and-append, reading in helpings.

use std::sync::Arc;

use db::testing::{Folder, Store};

use super::memory::MemoryJournal;
use super::postgres::PostgresJournal;
use super::sqlite::SqliteJournal;
use super::{AppendFailed, Journal, MIGRATIONS, Position};
use crate::hash::Algorithm;
use crate::record::{Sealed, seal};

struct Kept {
    name: &'static str,
    journal: Arc<dyn Journal>,
    /// Kept for as long as the journal is used.
    _place: (Option<Folder>, Option<Store>),
}

async fn journals() -> Vec<Kept> {
    let memory: Arc<dyn Journal> = Arc::new(MemoryJournal::default());
    let folder = Folder::try_new().unwrap();
    let file = folder.path().join("ledger.db");
    let db = db::Db::open_sqlite(&file).await.unwrap();
    MIGRATIONS.apply(&db).await.unwrap();
    db.close().await;
    let sqlite: Arc<dyn Journal> = Arc::new(SqliteJournal::open(&file).await.unwrap());
    let mut all = vec![
        Kept { name: "memory", journal: memory, _place: (None, None) },
        Kept { name: "sqlite", journal: sqlite, _place: (Some(folder), None) },
    ];
    if let Ok(admin) = std::env::var(db::testing::POSTGRES) {
        let store = db::testing::postgres(&admin).await.unwrap();
        MIGRATIONS.apply(&store.db).await.unwrap();
        let journal: Arc<dyn Journal> =
            Arc::new(PostgresJournal::new(store.db.postgres_pool().unwrap().clone()));
        all.push(Kept { name: "postgres", journal, _place: (None, Some(store)) });
    }
    all
}

fn next(after: Position, epoch: u64, at: i64) -> Sealed {
    seal(Algorithm::Sm3, epoch, after.hash, &crate::model::Batch::of(after.sequence + 1, at, 0, &[]))
}

#[tokio::test]
async fn records_are_read_as_they_were_appended() {
    for Kept { name, journal, .. } in journals().await {
        let mut position = journal.head().await.unwrap();
        assert_eq!(position, Position::default(), "{name}");
        assert!(journal.read(0, 1_000).await.unwrap().is_empty());
        let mut appended = vec![];
        for n in 0..600 {
            let record = next(position, 1, n + 1);
            journal.append(position, &record).await.unwrap();
            position = Position::of(&record);
            assert_eq!(journal.head().await.unwrap(), position, "{name}");
            appended.push(record);
        }
        let mut read = vec![];
        loop {
            let after = read.len() as u64;
            let rows = journal.read(after, 1_000).await.unwrap();
            if rows.is_empty() {
                break;
            }
            assert!(rows.iter().map(|row| row.record.len()).sum::<usize>() <= 1_000);
            read.extend(rows);
        }
        assert_eq!(read.len(), appended.len(), "{name}");
        for (row, record) in read.iter().zip(&appended) {
            assert_eq!((row.sequence, row.epoch), (record.sequence, record.epoch));
            assert_eq!((row.hash.as_slice(), &row.record), (record.hash.as_slice(), &record.bytes));
        }
        let mut positions = vec![];
        loop {
            let helping = journal.positions(positions.len() as u64).await.unwrap();
            if helping.is_empty() {
                break;
            }
            positions.extend(helping);
        }
        assert!(positions.into_iter().eq(appended.iter().map(Position::of)), "{name}");
        // One row is given however small the helping.
        assert_eq!(journal.read(599, 1).await.unwrap().len(), 1, "{name}");
        assert_eq!(journal.count(600).await.unwrap(), 600);
        journal.close().await;
    }
}

#[tokio::test]
async fn only_one_of_two_writers_goes_on() {
    for Kept { name, journal, .. } in journals().await {
        let start = Position::default();
        let (one, two) = (next(start, 1, 1), next(start, 2, 2));
        let (first, second) = tokio::join!(journal.append(start, &one), journal.append(start, &two));
        assert!(first.is_ok() != second.is_ok(), "{name}");
        let (kept, lost) = if first.is_ok() { (&one, &two) } else { (&two, &one) };
        assert!(matches!(journal.append(start, lost).await, Err(AppendFailed::Superseded)), "{name}");
        // Following a record that is not the last, or not the one stored, is refused as well.
        let beside = Position::of(lost);
        assert!(matches!(journal.append(beside, &next(beside, 3, 9)).await, Err(AppendFailed::Superseded)));
        let position = Position::of(kept);
        let third = next(position, kept.epoch, 10);
        journal.append(position, &third).await.unwrap();
        assert!(
            matches!(journal.append(position, &third).await, Err(AppendFailed::Superseded)),
            "{name}: the same record twice"
        );
        let gap = Position { sequence: 7, epoch: 1, hash: [7; 32] };
        assert!(matches!(journal.append(gap, &next(gap, 1, 99)).await, Err(AppendFailed::Superseded)));
        assert_eq!(journal.head().await.unwrap(), Position::of(&third), "{name}");
        journal.close().await;
    }
}
