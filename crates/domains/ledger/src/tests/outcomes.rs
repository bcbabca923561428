//! Tables of outcomes, to be read by whoever knows accounts: each runs on the bare state machine and on a ledger on
//! every store, where it is closed, opened and asked everything again. How a table is written stands in `table`.

mod play;
mod table;

use std::collections::BTreeSet;

use contracts::ledger::Refusal;
use futures_util::future::join_all;

use self::table::{Table, tables};
use super::kit::Home;
use crate::model::refusal_from_code;

const ASSETS_AND_ACCOUNTS: &str = include_str!("outcomes/assets_and_accounts.txt");
const TRANSFERS: &str = include_str!("outcomes/transfers.txt");
const FLOORS_AND_SUMS: &str = include_str!("outcomes/floors_and_sums.txt");
const FREEZES_AND_CLOSING: &str = include_str!("outcomes/freezes_and_closing.txt");
const HOLDS: &str = include_str!("outcomes/holds.txt");
const LIMITS: &str = include_str!("outcomes/limits.txt");
const CHAINS: &str = include_str!("outcomes/chains.txt");
const IDS: &str = include_str!("outcomes/ids.txt");
const DAYS: &str = include_str!("outcomes/days.txt");

const ALL: [&str; 9] =
    [ASSETS_AND_ACCOUNTS, TRANSFERS, FLOORS_AND_SUMS, FREEZES_AND_CLOSING, HOLDS, LIMITS, CHAINS, IDS, DAYS];

/// Rows that the tables have at least, those of their beginnings counted once.
const ROWS_MIN: usize = 850;

async fn play(text: &str) {
    let tables = tables(text);
    tables.iter().for_each(play::on_book);
    for table in &tables {
        let homes = Home::everywhere().await;
        join_all(homes.iter().map(|home| play::on_ledger(home, table))).await;
    }
}

#[tokio::test]
async fn assets_and_accounts() {
    play(ASSETS_AND_ACCOUNTS).await;
}

#[tokio::test]
async fn transfers() {
    play(TRANSFERS).await;
}

#[tokio::test]
async fn floors_and_sums() {
    play(FLOORS_AND_SUMS).await;
}

#[tokio::test]
async fn freezes_and_closing() {
    play(FREEZES_AND_CLOSING).await;
}

#[tokio::test]
async fn holds() {
    play(HOLDS).await;
}

#[tokio::test]
async fn limits() {
    play(LIMITS).await;
}

#[tokio::test]
async fn chains() {
    play(CHAINS).await;
}

#[tokio::test]
async fn ids() {
    play(IDS).await;
}

#[tokio::test]
async fn days() {
    play(DAYS).await;
}

#[test]
fn there_are_enough_rows_and_every_refusal_is_among_them() {
    let tables: Vec<Table> = ALL.iter().flat_map(|text| tables(text)).collect();
    let rows: usize = ALL.iter().map(|text| table::count(text)).sum();
    assert!(rows >= ROWS_MIN, "{rows} rows");
    let answers: BTreeSet<&str> =
        tables.iter().flat_map(Table::rows).map(|row| row.expected.as_str()).collect();
    let refusals: Vec<Refusal> = (1..=u8::MAX).map_while(refusal_from_code).collect();
    for refusal in refusals {
        assert!(answers.contains(format!("{refusal:?}").as_str()), "no row ends in {refusal:?}");
    }
}
