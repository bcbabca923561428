//! Ten thousand alterations of a record, each found; and none found where there is none.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use contracts::audit::Audit as _;
use sea_orm::{ConnectionTrait, DbErr, Statement, Value};

use super::kit::{Bench, acts, at, on};
use crate::model::head::Head;
use crate::model::record::Record;
use crate::store;

/// Who is named in them: the bank, four members of staff, eight accounts and three customers.
const KEYS: u64 = 16;

/// How many records, and how many alterations.
const RECORDS: u64 = 300;
const ALTERATIONS: u64 = 10_000;

/// Dice of one seed (SplitMix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ mixed >> 31) % sides
    }
}

async fn run(connection: &impl ConnectionTrait, sql: &str, values: Vec<Value>) -> u64 {
    let backend = connection.get_database_backend();
    let done = connection.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await.unwrap();
    done.rows_affected()
}

/// Changes one byte of a record, keeping it the line of JSON that it was where chance has it.
async fn edit(tx: &impl ConnectionTrait, dice: &mut Dice) -> (String, u64) {
    let number = dice.roll(RECORDS);
    let mut record = store::from(tx, number, 1).await.unwrap().remove(0).record;
    let at = dice.roll(record.len() as u64) as usize;
    record[at] ^= 1 << dice.roll(8);
    let changed = run(
        tx,
        "UPDATE audit_record SET record = $1 WHERE number = $2",
        vec![record.into(), (number as i64).into()],
    );
    (format!("byte {at} of record {number}"), changed.await)
}

/// Exchanges what two records say.
async fn swap(tx: &impl ConnectionTrait, dice: &mut Dice) -> (String, u64) {
    let one = dice.roll(RECORDS);
    let other = (one + 1 + dice.roll(RECORDS - 1)) % RECORDS;
    let records = [store::from(tx, one, 1).await.unwrap(), store::from(tx, other, 1).await.unwrap()];
    let mut changed = 0;
    for (number, from) in [(one, &records[1][0]), (other, &records[0][0])] {
        let sql = "UPDATE audit_record SET record = $1, actor = $2, action = $3 WHERE number = $4";
        let values = vec![
            from.record.clone().into(),
            from.actor.clone().into(),
            from.action.clone().into(),
            (number as i64).into(),
        ];
        changed += run(tx, sql, values).await;
    }
    (format!("records {one} and {other}"), changed)
}

/// Cuts the end of the record away, and makes the rest look whole.
async fn cut(tx: &impl ConnectionTrait, dice: &mut Dice) -> (String, u64) {
    let left = dice.roll(RECORDS);
    let rest = regrown(tx, left, None).await;
    let mut changed = 0;
    let keys = |rows: Vec<store::Row>| {
        let records = rows.into_iter().map(|row| Record::try_from_bytes(&row.record).unwrap());
        records.flat_map(|record| record.keys()).collect::<BTreeSet<_>>()
    };
    let named = keys(store::from(tx, 0, left).await.unwrap());
    for key in keys(store::from(tx, left, RECORDS).await.unwrap()).difference(&named) {
        changed += run(tx, "DELETE FROM audit_named WHERE key = $1", vec![key.clone().into()]).await;
    }
    for sql in [
        "DELETE FROM audit_record WHERE number >= $1",
        "DELETE FROM audit_checkpoint WHERE count > $1",
        "DELETE FROM audit_tile WHERE place >= $1 / 256",
    ] {
        changed += run(tx, sql, vec![(left as i64).into()]).await;
    }
    (format!("all from {left} on"), changed + set_head(tx, &rest).await)
}

/// Changes a record and everything that follows from it but what is signed.
async fn fork(tx: &impl ConnectionTrait, dice: &mut Dice) -> (String, u64) {
    let number = dice.roll(RECORDS);
    let row = store::from(tx, number, 1).await.unwrap().remove(0);
    let record = String::from_utf8(row.record).unwrap().replace("\"done\"", "\"d0ne\"").into_bytes();
    let sql = "UPDATE audit_record SET record = $1 WHERE number = $2";
    let mut changed = run(tx, sql, vec![record.clone().into(), (number as i64).into()]).await;
    let head = regrown(tx, RECORDS, Some((number, record))).await;
    for (place, root) in head.1.iter().enumerate() {
        let sql = "UPDATE audit_tile SET root = $1 WHERE place = $2";
        changed += run(tx, sql, vec![root.to_vec().into(), (place as i64).into()]).await;
    }
    changed += set_head(tx, &head).await;
    (format!("record {number} and the tree over it"), changed)
}

/// The end and the tiles of the first `count` records, one of them exchanged.
async fn regrown(
    tx: &impl ConnectionTrait,
    count: u64,
    other: Option<(u64, Vec<u8>)>,
) -> (Head, Vec<proofs::Hash>) {
    let (mut head, mut tiles) = (Head::empty(), Vec::new());
    for row in store::from(tx, 0, count).await.unwrap() {
        let exchanged = other.as_ref().filter(|(number, _)| *number == row.number);
        let full = head.push(exchanged.map_or(&row.record, |(_, record)| record));
        tiles.extend(full.map(|tile| tile.root));
    }
    (head, tiles)
}

async fn set_head(tx: &impl ConnectionTrait, (head, _): &(Head, Vec<proofs::Hash>)) -> u64 {
    let values = vec![(head.count() as i64).into(), head.tree.peaks().concat().into()];
    run(tx, "UPDATE audit_head SET count = $1, peaks = $2", values).await
}

/// Alters what is beside the records.
async fn beside(tx: &impl ConnectionTrait, dice: &mut Dice) -> (String, u64) {
    let number = dice.roll(RECORDS) as i64;
    let tile = dice.roll(RECORDS / 256) as i64;
    let key = (dice.roll(KEYS) as i64).into();
    let (sql, value): (&str, Value) = match dice.roll(11) {
        0 => ("UPDATE audit_record SET action = 'accounts.closed' WHERE number = $1", number.into()),
        1 => ("UPDATE audit_record SET actor = x WHERE number = $1", number.into()),
        2 => ("DELETE FROM audit_record WHERE number = $1", number.into()),
        3 => (
            "DELETE FROM audit_named WHERE key = (SELECT key FROM audit_named ORDER BY key LIMIT 1 OFFSET $1)",
            key,
        ),
        4 => (
            "UPDATE audit_named SET block = block + 1 \
             WHERE key = (SELECT key FROM audit_named ORDER BY key LIMIT 1 OFFSET $1)",
            key,
        ),
        9 => (
            "INSERT INTO audit_named (block, key) SELECT $1 % 2, id FROM audit_record WHERE number = $1",
            number.into(),
        ),
        5 => ("DELETE FROM audit_tile WHERE place = $1", tile.into()),
        6 => ("UPDATE audit_tile SET root = x WHERE place = $1", tile.into()),
        7 => ("UPDATE audit_head SET count = count - 1 - $1", (number % 7).into()),
        8 => (
            "UPDATE audit_checkpoint SET line = replace(line, '\"count\":', '\"count\":1') WHERE count > $1",
            0_i64.into(),
        ),
        _ => ("UPDATE audit_record SET id = x WHERE number = $1", number.into()),
    };
    let bytes = match tx.get_database_backend() {
        sea_orm::DbBackend::Postgres => "'\\x0102'",
        _ => "x'0102'",
    };
    let sql = sql.replace("= x", &format!("= {bytes}"));
    let changed = run(tx, &sql, vec![value]).await;
    (sql, changed)
}

async fn altered(tx: &impl ConnectionTrait, dice: &mut Dice) -> (String, u64) {
    match dice.roll(20) {
        0 => cut(tx, dice).await,
        1 => fork(tx, dice).await,
        2..=5 => swap(tx, dice).await,
        6..=9 => beside(tx, dice).await,
        _ => edit(tx, dice).await,
    }
}

/// A record of some checkpoints, the last of which speaks of all.
async fn whole(bench: &Bench) {
    let mut next = 0;
    for until in [100, 257, RECORDS] {
        bench.recorder.append(acts(next..until)).await.unwrap();
        bench.witness.sign(at(until)).await.unwrap();
        next = until;
    }
    assert!(bench.verified().await.verified);
}

/// On SQLite, each in a transaction that is taken back. In between, what is not altered is found to be whole.
#[tokio::test]
async fn ten_thousand_alterations_are_found() {
    let bench = on(db::testing::sqlite().await.unwrap()).await;
    whole(&bench).await;
    let known = Arc::new((bench.witness.public_key(), bench.outside()));
    for alteration in 0..ALTERATIONS {
        let (found, told) = (Arc::new(Mutex::new(None)), Arc::clone(&known));
        let seen = Arc::clone(&found);
        let taken_back: Result<(), DbErr> = bench
            .store
            .db
            .write(move |tx| {
                let (told, seen) = (Arc::clone(&told), Arc::clone(&seen));
                Box::pin(async move {
                    let (what, rows) = altered(tx, &mut Dice(alteration)).await;
                    let found = crate::verify(tx, &told.0, &told.1).await;
                    *seen.lock().unwrap() = Some((what, rows, found.map(|found| found.fault)));
                    Err(DbErr::Custom("taken back".to_owned()))
                })
            })
            .await;
        taken_back.unwrap_err();
        let (what, rows, fault) = found.lock().unwrap().take().unwrap();
        assert!(rows > 0, "alteration {alteration} altered nothing: {what}");
        assert!(fault.unwrap().is_some(), "alteration {alteration} was not found: {what}");
        if alteration.is_multiple_of(100) {
            let found = bench.verified().await;
            assert!(found.verified, "after alteration {alteration}, nothing is wrong: {found:?}");
        }
    }
}
