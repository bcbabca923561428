//! Whatever changes in what is stored, a verification says so and where.

use contracts::ledger::Act;
use db::Db;
use sea_orm::{ConnectionTrait, Statement, Value};

use super::blocks::Random;
use crate::history::block::{Packer, Unpacker};
use crate::history::store::{self, Table};
use crate::tests::kit::{Home, beginning, command, do_all, transfer};
use crate::{Stores, verify};

/// A book whose history is stored in two runs, closed in good order.
async fn some_book(home: &Home) -> Stores {
    for round in 0..2_u128 {
        let ledger = home.open().await;
        if round == 0 {
            do_all(&ledger, beginning(5)).await;
        }
        let pay = |n: u128| command(100_000 + round * 100 + n, Act::Transfer(transfer(2 + n % 3, 5, 7)));
        do_all(&ledger, (0..6).map(pay).collect()).await;
        ledger.stop().await;
    }
    home.stores().await.unwrap()
}

async fn execute(db: &Db, sql: &str, values: Vec<Value>) {
    let sql = sql.to_owned();
    db.write(move |tx| {
        let statement = Statement::from_sql_and_values(tx.get_database_backend(), &sql, values.clone());
        Box::pin(async move { tx.execute_raw(statement).await.map(|_| ()) })
    })
    .await
    .unwrap();
}

async fn fault(stores: &Stores) -> Option<String> {
    verify::verify(&*stores.journal, Some(&stores.derived)).await.unwrap().fault
}

#[tokio::test]
async fn every_byte_of_every_row_is_vouched_for() {
    for home in Home::everywhere().await {
        let stores = some_book(&home).await;
        let db = &stores.derived;
        assert_eq!(fault(&stores).await, None, "{}", home.name);
        let mut random = Random(20_261_126);
        println!("seed {}", random.0);
        let tables = [
            ("ledger_history_block", &["run", "account", "number"][..], "bytes"),
            ("ledger_history_day", &["run", "account", "number"][..], "bytes"),
            (
                "ledger_history_run",
                &["run", "level", "first_record", "last_record", "movements", "blocks", "day_blocks"][..],
                "seal",
            ),
        ];
        for (table, numbers, bytes) in tables {
            for column in numbers {
                for byte in 0..8 {
                    let bit = 1_i64 << (byte * 8 + random.below(if byte == 7 { 7 } else { 8 }) as i64);
                    // Run 2 is looked for under the number that it has after the flip.
                    let named = if *column == "run" { 2 ^ bit } else { 2 };
                    let flip_where = |run: i64| {
                        format!(
                            "UPDATE {table} SET {column} = ({column} | $1) - ({column} & $1) WHERE run = {run}"
                        )
                    };
                    let (flip, back) = (flip_where(2), flip_where(named));
                    execute(db, &flip, vec![bit.into()]).await;
                    let found = fault(&stores).await;
                    assert!(
                        found.as_ref().is_some_and(|fault| fault.starts_with("history: ")),
                        "{table} {column} {bit}: {found:?}"
                    );
                    execute(db, &back, vec![bit.into()]).await;
                }
            }
            let sql = format!("SELECT {bytes} FROM {table} WHERE run = 2");
            let row =
                db.reader().query_one_raw(Statement::from_string(db.reader().get_database_backend(), sql));
            let sound: Vec<u8> = row.await.unwrap().unwrap().try_get_by_index(0).unwrap();
            let set = format!("UPDATE {table} SET {bytes} = $1 WHERE run = 2");
            for at in 0..sound.len() {
                let mut flipped = sound.clone();
                flipped[at] ^= 1 << random.below(8);
                execute(db, &set, vec![flipped.into()]).await;
                let found = fault(&stores).await;
                assert!(
                    found.as_ref().is_some_and(|fault| fault.contains("run 2")),
                    "{table} byte {at}: {found:?}"
                );
            }
            execute(db, &set, vec![sound.into()]).await;
            assert_eq!(fault(&stores).await, None, "all of it is as it was");
        }
        stores.close().await;
    }
}

/// Whoever can make checks right is found by the journal.
#[tokio::test]
async fn a_forged_movement_is_named_though_its_check_is_right() {
    for home in Home::everywhere().await {
        let stores = some_book(&home).await;
        let block = store::blocks_after(stores.derived.reader(), Table::Movements, 1, (i64::MIN, 0), 1)
            .await
            .unwrap()
            .remove(0);
        let mut movements = vec![];
        let mut unpacker = Unpacker::try_new(&block).unwrap();
        while let Some(moved) = unpacker.next().unwrap() {
            movements.push(moved);
        }
        let place = movements.iter().position(|moved| (moved.account, moved.number) == (4, 3)).unwrap();
        let set = "UPDATE ledger_history_block SET bytes = $1 WHERE run = 1";
        for forgery in 0..9 {
            let mut forged = movements.clone();
            let moved = &mut forged[place];
            let expected = "movement 3: it differs from the journal";
            match forgery {
                0 => moved.amount += 1,
                1 => moved.balance_after -= 1,
                2 => moved.booked_on -= 1,
                3 => moved.value_on += 1,
                4 => moved.at += 1,
                5 => moved.counterparty ^= 1,
                6 => moved.code += 1,
                7 => moved.transfer = movements[0].transfer,
                _ => moved.side = money::Side::Debit,
            }
            let mut packer = Packer::new(1, 1 << 20);
            assert!(forged.iter().all(|moved| packer.push(moved).is_none()));
            execute(&stores.derived, set, vec![packer.finish().unwrap().bytes.into()]).await;
            let found = fault(&stores).await.unwrap();
            assert!(found.contains(expected), "{}: forgery {forgery}: {found}", home.name);
        }
        let mut fewer = movements.clone();
        fewer.remove(place);
        fewer.push(crate::history::Moved { account: 4, number: 99, ..movements[place].clone() });
        let mut packer = Packer::new(1, 1 << 20);
        fewer.iter().for_each(|moved| assert!(packer.push(moved).is_none()));
        execute(&stores.derived, set, vec![packer.finish().unwrap().bytes.into()]).await;
        let found = fault(&stores).await.unwrap();
        assert!(found.contains("movement 3: it is missing"), "{found}");
        stores.close().await;
    }
}

/// What a program without days has written is not looked at by a verification, and made anew at the next start.
#[tokio::test]
async fn a_history_of_before_there_were_days_is_made_anew() {
    for home in Home::everywhere().await {
        let stores = some_book(&home).await;
        for sql in [
            "DELETE FROM schema_step WHERE name = '0005_history_days'",
            "DROP TABLE ledger_history_day",
            "ALTER TABLE ledger_history_run DROP COLUMN day_blocks",
        ] {
            execute(&stores.derived, sql, vec![]).await;
        }
        assert_eq!(fault(&stores).await, None, "{}", home.name);
        stores.close().await;
        let ledger = home.open().await;
        let kind = contracts::ledger::DayKind::Booking;
        let query = contracts::ledger::DayQuery {
            account: crate::tests::kit::account(5),
            kind,
            from: None,
            until: None,
        };
        let days = contracts::ledger::Ledger::day_balances(&*ledger, query).await.unwrap().days;
        let movements: u64 = days.iter().map(|day| day.movements).sum();
        assert_eq!((movements, days.last().unwrap().balance), (13, 1_000_084), "{}", home.name);
        ledger.stop().await;
        let stores = home.stores().await.unwrap();
        assert_eq!(fault(&stores).await, None, "{}", home.name);
        stores.close().await;
    }
}
