//! Journals of every format that was ever written, replayed for ever, and the current one byte for byte.

use std::fmt::Write as _;
use std::time::Duration;

use clock::BusinessDate;
use contracts::ledger::{Act, Command, Ledger, Limits, Refusal, Transfer};

use super::kit::{Home, account, beginning, command, id, open_account, transfer};
use crate::LocalLedger;
use crate::journal::Row;
use crate::journal::memory::MemoryJournal;
use crate::verify::verify;

/// Seconds that pass between two submissions.
const STEP: Duration = Duration::from_secs(60);

fn hold(debit: u128, credit: u128, amount: u64) -> Act {
    let until = "2026-11-22T03:00:00Z".parse().unwrap();
    Act::Transfer(Transfer { hold_until: Some(until), ..transfer(debit, credit, amount) })
}

fn linked(number: u128, act: Act) -> Command {
    Command { linked: true, ..command(number, act) }
}

/// One of everything, one submission a record.
fn story() -> Vec<Vec<Command>> {
    let day = |text: &str| -> BusinessDate { text.parse().unwrap() };
    let dated = Transfer {
        booked_on: Some(day("2026-11-20")),
        value_on: Some(day("2026-11-25")),
        counts_toward_limits: true,
        ..transfer(2, 3, 70)
    };
    let limits = Limits { per_transfer: Some(500), per_day: Some(900), per_month: Some(1_000_000) };
    let counted = Transfer { counts_toward_limits: true, ..transfer(4, 2, 501) };
    vec![
        beginning(5),
        vec![command(100, Act::AdvanceBusinessDate { to: day("2026-11-22") })],
        vec![command(101, Act::Transfer(transfer(2, 3, 12_345))), command(102, Act::Transfer(dated))],
        vec![
            command(103, Act::Transfer(transfer(3, 2, u64::MAX))),
            command(101, Act::Transfer(transfer(2, 3, 1))),
        ],
        vec![linked(104, Act::Transfer(transfer(2, 4, 5))), command(105, Act::Transfer(transfer(4, 5, 6)))],
        vec![linked(106, Act::Transfer(transfer(2, 4, 5))), command(107, Act::Transfer(transfer(4, 4, 6)))],
        vec![command(108, hold(2, 3, 300)), command(109, hold(3, 4, 400)), command(110, hold(4, 5, 500))],
        vec![command(111, Act::PostHold { hold: id(108), amount: Some(200) })],
        vec![command(112, Act::VoidHold { hold: id(109) })],
        vec![
            command(113, Act::SetLimits { account: account(4), limits }),
            command(114, Act::SetFloor { account: account(5), floor: Some(-1_000) }),
            command(115, Act::SetFreeze { account: account(3), debits: true, credits: false }),
            command(116, Act::Transfer(counted)),
            command(117, Act::Transfer(transfer(3, 2, 1))),
            command(118, open_account(6, money::Side::Debit, None)),
            command(119, Act::CloseAccount { account: account(6) }),
        ],
        // An hour later, when the last hold has ended.
        vec![command(120, Act::Transfer(transfer(5, 2, 7)))],
    ]
}

async fn tell(home: &Home, ledger: &LocalLedger) {
    for submission in story() {
        if submission.iter().any(|command| command.id == id(120)) {
            home.clock.advance(Duration::from_secs(3_600));
        }
        ledger.submit(submission).await.unwrap();
        home.clock.advance(STEP);
    }
}

/// A row a line: sequence, epoch, hash, record.
fn text_of(rows: &[Row]) -> String {
    let mut text = String::new();
    for Row { sequence, epoch, hash, record } in rows {
        writeln!(text, "{sequence} {epoch} {} {}", hex::encode(hash), hex::encode(record)).unwrap();
    }
    text
}

fn rows_of(text: &str) -> Vec<Row> {
    text.lines()
        .map(|line| {
            let [sequence, epoch, hash, record] = *line.split(' ').collect::<Vec<_>>() else {
                panic!("a row has four columns")
            };
            Row {
                sequence: sequence.parse().unwrap(),
                epoch: epoch.parse().unwrap(),
                hash: hex::decode(hash).unwrap(),
                record: hex::decode(record).unwrap(),
            }
        })
        .collect()
}

/// Posted balance and open holds of accounts 1 to 6, whatever the format.
const BALANCES: [(i128, u128); 6] =
    [(4_000_000, 0), (987_387, 0), (1_012_615, 0), (999_999, 0), (999_999, 0), (0, 0)];

async fn check(text: &str) {
    let journal = MemoryJournal::of(rows_of(text));
    assert_eq!(verify(&journal, None).await.unwrap().fault, None);
    let home = Home::memory(&journal);
    home.clock.advance(Duration::from_secs(86_400));
    let ledger = home.open().await;
    let accounts: Vec<_> = (1..=6).map(account).collect();
    let balances = ledger.balances(&accounts).await.unwrap();
    let found: Vec<_> = balances
        .iter()
        .map(|balance| balance.unwrap())
        .map(|balance| (balance.posted(), balance.debits_pending + balance.credits_pending))
        .collect();
    assert_eq!(found, BALANCES);
    // Asked again, everything is answered as it was.
    for submission in story() {
        for (command, outcome) in submission.clone().iter().zip(ledger.submit(submission).await.unwrap()) {
            let expected = match command.id.as_u128() {
                101 if matches!(&command.act, Act::Transfer(transfer) if transfer.amount == 1) => {
                    Err(Refusal::IdReused)
                }
                103 => Err(Refusal::InsufficientFunds),
                106 => Err(Refusal::ChainBroken),
                107 => Err(Refusal::SameAccount),
                116 => Err(Refusal::LimitPerTransfer),
                117 => Err(Refusal::DebitAccountFrozen),
                _ => Ok(true),
            };
            assert_eq!(outcome.map(|done| done.repeated), expected, "{command:?}");
        }
    }
    assert_eq!(ledger.verify().await.unwrap().fault, None);
    ledger.stop().await;
}

#[tokio::test]
async fn a_journal_of_format_2_is_replayed_for_ever() {
    check(include_str!("golden/journal_2.hex")).await;
}

#[tokio::test]
async fn the_journal_is_written_byte_for_byte() {
    let journal = MemoryJournal::default();
    let home = Home::memory(&journal);
    let ledger = home.open().await;
    tell(&home, &ledger).await;
    ledger.stop().await;
    assert_eq!(text_of(&journal.rows()), include_str!("golden/journal_2.hex"));
}
