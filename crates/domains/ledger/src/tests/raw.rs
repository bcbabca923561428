//! Damage to the files themselves, data of a newer version, and what is thrown away and made anew.

use std::path::Path;

use contracts::ledger::{Act, HistoryQuery, Ledger};
use sqlx::{ConnectOptions, Connection, Executor};

use super::kit::{Home, account, beginning, command, do_all, transfer};
use crate::journal::Journal;
use crate::journal::sqlite::SqliteJournal;
use crate::{DERIVED_FILE, Inspection, JOURNAL_FILE, OpenFailed};

async fn execute(file: &Path, sql: &'static str) {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
    let mut connection = options.connect().await.unwrap();
    connection.execute(sql).await.unwrap();
    connection.close().await.unwrap();
}

/// A book of a few records with snapshots and history, closed in good order.
async fn some_book() -> Home {
    let home = Home::sqlite();
    let ledger = home.open().await;
    do_all(&ledger, beginning(6)).await;
    for n in 0..12_u128 {
        do_all(&ledger, vec![command(100_000 + n, Act::Transfer(transfer(2 + n % 5, 2 + (n + 1) % 5, 7)))])
            .await;
    }
    ledger.stop().await;
    let ledger = home.open().await;
    do_all(&ledger, vec![command(200_000, Act::Transfer(transfer(2, 3, 7)))]).await;
    ledger.stop().await;
    home
}

async fn fault(home: &Home) -> Option<String> {
    let inspection = Inspection::sqlite(home.folder.path()).await.unwrap();
    let verification = inspection.verify().await.unwrap();
    inspection.close().await;
    assert_eq!(verification.verified, verification.fault.is_none());
    verification.fault
}

#[tokio::test]
async fn a_sound_book_is_verified_and_told_from_outside() {
    let home = some_book().await;
    assert_eq!(fault(&home).await, None);
    let inspection = Inspection::sqlite(home.folder.path()).await.unwrap();
    let status = inspection.stat().await.unwrap();
    inspection.close().await;
    assert_eq!((status.accounts, status.transfers, status.store.as_str()), (6, 18, "sqlite"));
    assert_eq!(status.history_lag, 0);
    assert_eq!(status.snapshot_sequence, status.head_sequence);
}

#[tokio::test]
async fn every_kind_of_edit_is_found_and_named() {
    let journal = [
        ("UPDATE ledger_record SET epoch = 9 WHERE sequence = 4", "record 4: the column `epoch`"),
        (
            "UPDATE ledger_record SET hash = zeroblob(32) WHERE sequence = 4",
            "record 4: its bytes do not hash",
        ),
        ("UPDATE ledger_record SET sequence = 99 WHERE sequence = 4", "record 4: "),
        ("UPDATE ledger_record SET sequence = -4 WHERE sequence = 4", "record 4: "),
        ("UPDATE ledger_record SET epoch = 'x' WHERE sequence = 4", "row 4 of the journal"),
        ("DELETE FROM ledger_record WHERE sequence = 4", "record 4: "),
        (
            "UPDATE ledger_record SET record = (SELECT record FROM ledger_record WHERE sequence = 5), \
             hash = (SELECT hash FROM ledger_record WHERE sequence = 5) WHERE sequence = 4",
            "record 4: the column `sequence`",
        ),
        ("DELETE FROM ledger_record WHERE sequence > 14", "it is missing; the journal ends with record 14"),
        ("DELETE FROM ledger_record", "it is missing; the journal ends with record 0"),
    ];
    let derived = [
        ("UPDATE ledger_history_block SET bytes = zeroblob(99) WHERE run = 1", "movement 1 is damaged"),
        (
            "UPDATE ledger_history_block SET bytes = substr(bytes, 1, length(bytes) - 1) WHERE run = 1",
            "the block of run 1 that begins with account number 0, movement 1 is damaged",
        ),
        ("UPDATE ledger_history_block SET bytes = 'x' WHERE run = 1", "movement 1 is damaged"),
        ("UPDATE ledger_history_block SET number = 77 WHERE run = 1", "movement 77 is damaged"),
        (
            "UPDATE ledger_history_block SET account = 88 WHERE run = 1",
            "account number 88, movement 1 is damaged",
        ),
        ("UPDATE ledger_history_block SET run = 9 WHERE run = 1", "run 1 does not hold as many"),
        ("DELETE FROM ledger_history_block WHERE run = 1", "run 1 does not hold as many"),
        (
            "INSERT INTO ledger_history_block SELECT run, account, 99, bytes FROM ledger_history_block WHERE run = 1",
            "movement 99 is damaged",
        ),
        ("UPDATE ledger_history_run SET run = 9 WHERE run = 1", "the row of run 9 is damaged"),
        ("UPDATE ledger_history_run SET level = 3 WHERE run = 1", "the row of run 1 is damaged"),
        ("UPDATE ledger_history_run SET first_record = 2 WHERE run = 1", "the row of run 1 is damaged"),
        ("UPDATE ledger_history_run SET last_record = 2 WHERE run = 1", "the row of run 1 is damaged"),
        ("UPDATE ledger_history_run SET movements = -2 WHERE run = 1", "the row of run 1 is damaged"),
        ("UPDATE ledger_history_run SET blocks = 2 WHERE run = 1", "the row of run 1 is damaged"),
        ("UPDATE ledger_history_run SET seal = zeroblob(16) WHERE run = 1", "the row of run 1 is damaged"),
        ("DELETE FROM ledger_history_run WHERE run = 1", "a run that holds record 1 is missing"),
        ("DELETE FROM ledger_history_run WHERE run = 2", "is missing"),
        ("UPDATE ledger_history_cursor SET hash = 'x'", "history: the history is damaged: its cursor"),
        ("UPDATE ledger_history_cursor SET hash = zeroblob(32)", "history: its cursor"),
        ("UPDATE ledger_history_cursor SET sequence = 900", "the history was made of record 900"),
        (
            "UPDATE ledger_snapshot SET sequence = 900 WHERE sequence > 15",
            "a snapshot was made of record 900",
        ),
        (
            "UPDATE ledger_snapshot SET sequence = 3 WHERE sequence > 15",
            "snapshot of record 3: it was made of",
        ),
        ("UPDATE ledger_snapshot SET state_hash = zeroblob(32)", "its state hash is not that of"),
        ("UPDATE ledger_snapshot SET seal = zeroblob(32)", "do not hash to its seal"),
        ("UPDATE ledger_snapshot SET logic = 2", "do not hash to its seal"),
        ("UPDATE ledger_snapshot SET parts = zeroblob(64)", "do not hash to its seal"),
        ("UPDATE ledger_snapshot_part SET bytes = zeroblob(9)", "its part 0 is missing or damaged"),
        ("DELETE FROM ledger_snapshot_part", "its part 0 is missing or damaged"),
    ];
    let home = some_book().await;
    let of_journal = journal.iter().map(|edit| (JOURNAL_FILE, edit));
    for (file, (sql, expected)) in of_journal.chain(derived.iter().map(|edit| (DERIVED_FILE, edit))) {
        let file = home.folder.path().join(file);
        let sound = std::fs::read(&file).unwrap();
        execute(&file, sql).await;
        let found = fault(&home).await.unwrap_or_else(|| panic!("not found: {sql}"));
        assert!(found.contains(expected), "{sql}: {found}");
        std::fs::write(&file, sound).unwrap();
    }
    assert_eq!(fault(&home).await, None);
}

/// Whatever byte of the file is flipped, either somebody says so or every row is as it was.
#[tokio::test]
async fn a_flip_anywhere_in_the_file_is_found_or_touches_no_row() {
    let home = some_book().await;
    let file = home.folder.path().join(JOURNAL_FILE);
    let sound = std::fs::read(&file).unwrap();
    let rows = rows_of(&file).await.expect("the sound file can be read");
    let (mut found, mut harmless) = (0, 0);
    let mut place = 12_345_usize;
    for n in 0..900_usize {
        place = place.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let at = (place >> 20) % sound.len();
        let mut flipped = sound.clone();
        flipped[at] ^= 1 << (n % 8);
        std::fs::write(&file, &flipped).unwrap();
        let silent = match Inspection::sqlite(home.folder.path()).await {
            Err(_) => false,
            Ok(inspection) => {
                let verified = inspection.verify().await;
                inspection.close().await;
                verified.is_ok_and(|verification| verification.verified)
            }
        };
        if silent {
            harmless += 1;
            assert_eq!(rows_of(&file).await.as_ref(), Some(&rows), "byte {at} changed a row in silence");
        } else {
            found += 1;
        }
    }
    println!("{found} flips found, {harmless} in bytes that hold no row");
    assert!(found > 50);
}

/// The driver cannot read declared types that are no text: nothing is asked of it then.
#[tokio::test]
async fn definitions_that_are_no_text_are_refused() {
    let home = some_book().await;
    let file = home.folder.path().join(JOURNAL_FILE);
    let sound = std::fs::read(&file).unwrap();
    let definition = b"CREATE TABLE ledger_record";
    let from = sound.windows(definition.len()).position(|bytes| bytes == definition).unwrap();
    for at in from..from + 130 {
        let mut flipped = sound.clone();
        flipped[at] |= 0x80;
        std::fs::write(&file, &flipped).unwrap();
        assert!(Inspection::sqlite(home.folder.path()).await.is_err(), "byte {}", at - from);
    }
}

async fn rows_of(file: &Path) -> Option<Vec<crate::journal::Row>> {
    let journal = SqliteJournal::open_read_only(file).await.ok()?;
    let rows = journal.read(0, usize::MAX).await.ok();
    journal.close().await;
    rows
}

#[tokio::test]
async fn a_damaged_journal_is_not_opened() {
    let home = some_book().await;
    std::fs::remove_file(home.folder.path().join(DERIVED_FILE)).unwrap();
    let file = home.folder.path().join(JOURNAL_FILE);
    execute(&file, "UPDATE ledger_record SET hash = zeroblob(32) WHERE sequence = 4").await;
    let Err(refused) = home.try_open().await else { panic!("a damaged journal was opened") };
    assert!(refused.to_string().contains("record 4"), "{refused}");
}

#[tokio::test]
async fn data_of_a_newer_version_are_not_opened() {
    let home = some_book().await;
    let file = home.folder.path().join(JOURNAL_FILE);
    execute(&file, "INSERT INTO schema_step VALUES ('ledger', '0900_unheard_of')").await;
    let Err(refused) = home.try_open().await else { panic!("newer tables were opened") };
    assert!(matches!(refused, OpenFailed::Migrate(db::MigrateFailed::DataNewer { .. })), "{refused}");
}

#[tokio::test]
async fn records_that_are_missing_at_the_end_are_noticed_at_start() {
    let home = some_book().await;
    let file = home.folder.path().join(JOURNAL_FILE);
    execute(&file, "DELETE FROM ledger_record WHERE sequence > 6").await;
    let Err(refused) = home.try_open().await else { panic!("a shortened journal was opened") };
    assert!(matches!(refused, OpenFailed::Behind { head: 6, .. }), "{refused}");
}

#[tokio::test]
async fn everything_derived_is_made_anew() {
    let home = some_book().await;
    let ledger = home.open().await;
    let query = HistoryQuery::newest(account(2), 100);
    let (balances, history) =
        (ledger.balances(&[account(2)]).await.unwrap(), ledger.history(query.clone()).await.unwrap());
    assert!(history.len() > 3);
    ledger.stop().await;
    std::fs::remove_file(home.folder.path().join(DERIVED_FILE)).unwrap();
    let ledger = home.open().await;
    assert_eq!(ledger.balances(&[account(2)]).await.unwrap(), balances);
    assert_eq!(ledger.history(query.clone()).await.unwrap(), history);
    assert_eq!(ledger.verify().await.unwrap().fault, None);
    ledger.stop().await;
    // A history of another journal is thrown away at start.
    let file = home.folder.path().join(DERIVED_FILE);
    execute(&file, "UPDATE ledger_history_cursor SET hash = zeroblob(32), sequence = 5 WHERE history = 1")
        .await;
    execute(&file, "DELETE FROM ledger_history_block").await;
    let ledger = home.open().await;
    assert_eq!(ledger.history(query).await.unwrap(), history);
    ledger.stop().await;
    assert_eq!(fault(&home).await, None);
}

/// A process that is killed leaves its write-ahead log behind: what was committed is still there.
#[tokio::test]
async fn a_killed_ledger_is_verified_and_opened_again() {
    let home = Home::sqlite();
    let ledger = home.open().await;
    do_all(&ledger, beginning(4)).await;
    // Once the history has followed nothing is being written, and the files can be copied one by one.
    assert_eq!(ledger.history(HistoryQuery::newest(account(4), 9)).await.unwrap().len(), 1);
    let elsewhere = Home::sqlite();
    for entry in std::fs::read_dir(home.folder.path()).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), elsewhere.folder.path().join(entry.file_name())).unwrap();
    }
    assert_eq!(fault(&elsewhere).await, None);
    let copy = elsewhere.open().await;
    assert_eq!(copy.balances(&[account(4)]).await.unwrap(), ledger.balances(&[account(4)]).await.unwrap());
    copy.stop().await;
    ledger.stop().await;
}

#[tokio::test]
async fn two_snapshots_are_kept_and_one_that_does_not_hold_is_passed_over() {
    let home = some_book().await;
    for n in 0..3_u128 {
        let ledger = home.open().await;
        do_all(&ledger, vec![command(300_000 + n, Act::Transfer(transfer(2, 3, 7)))]).await;
        ledger.stop().await;
    }
    let file = home.folder.path().join(DERIVED_FILE);
    let db = db::Db::open_sqlite_disposable(&file).await.unwrap();
    let kept: Vec<u64> =
        crate::snapshot::list(db.reader()).await.unwrap().iter().map(|snapshot| snapshot.sequence).collect();
    db.close().await;
    assert_eq!(kept, [22, 20]);
    let open_and_see = async || {
        let ledger = home.open().await;
        let seen = ledger.balances(&[account(2), account(3)]).await.unwrap();
        let status = ledger.status().await.unwrap();
        ledger.stop().await;
        (seen, status.snapshot_sequence)
    };
    let (seen, from) = open_and_see().await;
    assert_eq!(from, 22);
    execute(&file, "UPDATE ledger_snapshot SET parts = zeroblob(96) WHERE sequence = 22").await;
    execute(&file, "DELETE FROM ledger_snapshot WHERE sequence > 22").await;
    assert_eq!(open_and_see().await, (seen.clone(), 20));
    execute(&file, "UPDATE ledger_snapshot SET seal = zeroblob(32)").await;
    assert_eq!(open_and_see().await, (seen, 0));
}

#[tokio::test]
async fn a_damaged_part_of_a_snapshot_is_stored_anew() {
    let home = some_book().await;
    let file = home.folder.path().join(DERIVED_FILE);
    execute(&file, "UPDATE ledger_snapshot_part SET bytes = zeroblob(40)").await;
    let mut from = vec![];
    for _ in 0..2 {
        let ledger = home.open().await;
        from.push(ledger.status().await.unwrap().snapshot_sequence);
        ledger.stop().await;
    }
    assert_eq!(from[0], 0, "nothing can be started from");
    assert!(from[1] > 0, "the next snapshot has the same parts and holds");
}
