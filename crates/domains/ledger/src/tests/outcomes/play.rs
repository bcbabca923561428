//! Plays a table: on the bare book, and on a ledger that is closed, opened and asked everything again.

use std::collections::{BTreeMap, BTreeSet};

use clock::Timestamp;
use contracts::ledger::{
    Act, Applied, Balance, Command, HistoryQuery, Ledger, Movement, Outcome, Refusal, Status,
};
use ids::{AccountId, TransferId};
use money::Side;

use super::table::{At, Look, Row, Step, Table};
use crate::LocalLedger;
use crate::model::{Batch, Book};
use crate::tests::kit::{Home, execute};

/// Movements that are read at a time: few, so that pages are turned.
const PAGE: u32 = 3;

/// On the state machine alone: answers, balances, and that a refusal changes no account.
pub(super) fn on_book(table: &Table) {
    let mut book = Book::default();
    let mut now = 0;
    for step in &table.steps {
        match step {
            Step::Time(to) => {
                now = *to;
                in_batch(&mut book, now, |book, batch| book.expire(batch, 1_000));
            }
            Step::Submit(rows) => {
                let before = book.accounts().to_vec();
                let outcomes = book_submit(&mut book, now, rows);
                compare(table, rows, &outcomes);
                if outcomes.iter().all(Result::is_err) {
                    assert_eq!(book.accounts(), before, "a refusal changed an account: {}", rows[0].line);
                }
            }
            Step::Look(look) => {
                let balance = |account| book.balance(book.number_of(account)?);
                look_at_balance(table, look, balance);
            }
        }
    }
    let (accounts, transfers) = (book.accounts().to_vec(), book.transfers());
    for rows in submissions(table) {
        compare_again(table, rows, &book_submit(&mut book, now, rows));
    }
    assert_eq!((book.accounts(), book.transfers()), (accounts.as_slice(), transfers), "{}", table.title);
}

fn in_batch<T>(book: &mut Book, now: i64, act: impl FnOnce(&mut Book, &mut Batch) -> T) -> T {
    // Every batch is another record, so its number may be that of the instant.
    let sequence = u64::try_from(book.next_at(now)).unwrap();
    let mut batch = book.begin(sequence, now);
    let told = act(book, &mut batch);
    book.launch(batch);
    book.land();
    told
}

fn book_submit(book: &mut Book, now: i64, rows: &[Row]) -> Vec<Outcome> {
    in_batch(book, now, |book, batch| execute(book, &commands(rows), batch))
}

/// On a ledger with its store.
pub(super) async fn on_ledger(home: &Home, table: &Table) {
    let place = format!("{}, {}", home.name, table.title);
    home.clock.set(Timestamp::UNIX_EPOCH);
    let ledger = home.open().await;
    let mut first: BTreeMap<TransferId, Outcome> = BTreeMap::new();
    for step in &table.steps {
        match step {
            Step::Time(to) => home.clock.set(Timestamp::from_nanosecond((*to).into()).unwrap()),
            Step::Submit(rows) => {
                let outcomes = ledger.submit(commands(rows)).await.unwrap();
                compare(table, rows, &outcomes);
                for (row, outcome) in rows.iter().zip(&outcomes) {
                    first.entry(row.command.id).or_insert_with(|| outcome.clone());
                }
                if let Some(Ok(applied)) = outcomes.last() {
                    told_as_they_are(&ledger, applied, &place).await;
                }
            }
            Step::Look(look) => look_on_ledger(&ledger, table, look).await,
        }
    }
    everything_is_explained(&ledger, table, &first, &place).await;
    let before = seen(&ledger, table).await;
    ledger.stop().await;

    let ledger = home.open().await;
    assert_eq!(seen(&ledger, table).await, before, "after opening again: {place}");
    for rows in submissions(table) {
        let outcomes = ledger.submit(commands(rows)).await.unwrap();
        compare_again(table, rows, &outcomes);
        let receipts = ledger.post(commands(rows)).await.unwrap();
        let brief: Vec<_> =
            outcomes.into_iter().map(|outcome| outcome.map(|applied| applied.receipt())).collect();
        assert_eq!(receipts, brief, "{place}: {}", rows[0].line);
    }
    assert_eq!(seen(&ledger, table).await, before, "asking again changed something: {place}");
    everything_is_explained(&ledger, table, &first, &place).await;
    assert_eq!(ledger.verify().await.unwrap().fault, None, "{place}");
    ledger.stop().await;
}

fn submissions(table: &Table) -> impl Iterator<Item = &[Row]> {
    table.steps.iter().filter_map(|step| match step {
        Step::Submit(rows) => Some(rows.as_slice()),
        _ => None,
    })
}

fn commands(rows: &[Row]) -> Vec<Command> {
    rows.iter().map(|row| row.command.clone()).collect()
}

fn word(outcome: &Outcome) -> String {
    match outcome {
        Ok(applied) if applied.repeated => "again".to_owned(),
        Ok(_) => "ok".to_owned(),
        Err(refusal) => format!("{refusal:?}"),
    }
}

fn compare(table: &Table, rows: &[Row], outcomes: &[Outcome]) {
    assert_eq!(outcomes.len(), rows.len());
    for (row, outcome) in rows.iter().zip(outcomes) {
        assert_eq!(word(outcome), row.expected, "{}: {}", table.title, row.line);
    }
}

/// What was done is done; what was refused stays refused.
fn compare_again(table: &Table, rows: &[Row], outcomes: &[Outcome]) {
    assert_eq!(outcomes.len(), rows.len());
    for (row, outcome) in rows.iter().zip(outcomes) {
        let expected = if row.expected == "ok" { "again" } else { &row.expected };
        assert_eq!(word(outcome), expected, "{}, asked again: {}", table.title, row.line);
    }
}

/// `false` where it is not a balance that is looked at.
fn look_at_balance(table: &Table, look: &Look, balance: impl Fn(AccountId) -> Option<Balance>) -> bool {
    let found = match look.at {
        At::Balance(account) => balance(account).map_or("none".to_owned(), |balance| told(&balance, look)),
        At::Used(account) => {
            let used = balance(account).unwrap().used;
            format!("{} {}", used.day, used.month)
        }
        At::History(_) | At::Days(_) => return false,
    };
    assert_eq!(found, look.expected.replace('_', ""), "{}: {}", table.title, look.line);
    true
}

/// What is on an account, in the words that the row uses.
fn told(balance: &Balance, look: &Look) -> String {
    let held = match balance.normal {
        Side::Credit => (balance.debits_pending, balance.credits_pending),
        Side::Debit => (balance.credits_pending, balance.debits_pending),
    };
    let mut told = balance.posted().to_string();
    if held.0 != 0 || look.expected.contains("held") {
        told.push_str(&format!(" held {}", held.0));
    }
    if held.1 != 0 || look.expected.contains("coming") {
        told.push_str(&format!(" coming {}", held.1));
    }
    if look.expected.contains("free") {
        let available = balance.available().map_or("-".to_owned(), |available| available.to_string());
        told.push_str(&format!(" free {available}"));
    }
    for (said, word) in [
        (balance.frozen_debits, " no-debits"),
        (balance.frozen_credits, " no-credits"),
        (balance.closed, " closed"),
    ] {
        told.push_str(if said { word } else { "" });
    }
    told
}

async fn look_on_ledger(ledger: &LocalLedger, table: &Table, look: &Look) {
    let found = match look.at {
        At::Balance(account) | At::Used(account) => {
            let balance = ledger.balances(&[account]).await.unwrap()[0];
            look_at_balance(table, look, |_| balance);
            return;
        }
        At::History(account) => {
            let signed = |movement: &Movement, normal| {
                let sign = if movement.side == normal { '+' } else { '-' };
                format!("{sign}{}", movement.amount)
            };
            let normal = ledger.balances(&[account]).await.unwrap()[0].unwrap().normal;
            let movements = whole_history(ledger, account).await;
            movements.iter().map(|movement| signed(movement, normal)).collect::<Vec<_>>().join(" ")
        }
        At::Days(id) => {
            let accounts = accounts(table);
            let mut days = BTreeSet::new();
            for account in accounts {
                let movement = ledger.movement(account, id).await.unwrap();
                days.extend(movement.map(|movement| format!("{} {}", movement.booked_on, movement.value_on)));
            }
            days.into_iter().collect::<Vec<_>>().join(", ")
        }
    };
    let found = if found.is_empty() { "nothing" } else { &found };
    assert_eq!(found, look.expected, "{}: {}", table.title, look.line);
}

/// The balances that an answer tells are those that a reader finds.
async fn told_as_they_are(ledger: &LocalLedger, applied: &Applied, place: &str) {
    let (accounts, told): (Vec<_>, Vec<_>) = applied.balances.iter().copied().unzip();
    let found = ledger.balances(&accounts).await.unwrap();
    assert_eq!(found, told.into_iter().map(Some).collect::<Vec<_>>(), "{place}");
}

/// Every account that a table names.
fn accounts(table: &Table) -> BTreeSet<AccountId> {
    table
        .rows()
        .filter_map(|row| match &row.command.act {
            Act::OpenAccount(open) => Some(open.account),
            _ => None,
        })
        .collect()
}

/// Everything a reader sees, but for how often the book was opened.
async fn seen(ledger: &LocalLedger, table: &Table) -> (Vec<Option<Balance>>, [u64; 3], clock::BusinessDate) {
    let accounts: Vec<_> = accounts(table).into_iter().collect();
    let Status { accounts: opened, transfers, holds, business_date, .. } = ledger.status().await.unwrap();
    (ledger.balances(&accounts).await.unwrap(), [opened, transfers, holds], business_date)
}

/// All movements of an account, oldest first.
async fn whole_history(ledger: &LocalLedger, account: AccountId) -> Vec<Movement> {
    let mut movements: Vec<Movement> = vec![];
    loop {
        let before = movements.last().map(|oldest| oldest.number);
        let page = HistoryQuery { before, ..HistoryQuery::newest(account, PAGE) };
        let found = ledger.history(page).await.unwrap();
        let last = found.len() < PAGE as usize;
        movements.extend(found);
        if last {
            movements.reverse();
            return movements;
        }
    }
}

/// Every id tells its first outcome, every history explains its balance, every movement has its other side, and
/// no asset has more debits than credits.
async fn everything_is_explained(
    ledger: &LocalLedger,
    table: &Table,
    first: &BTreeMap<TransferId, Outcome>,
    place: &str,
) {
    for (id, outcome) in first {
        let now = ledger.outcome(*id).await.unwrap();
        match (outcome, now.unwrap_or_else(|| panic!("{place}: {id} is forgotten"))) {
            (Ok(then), Ok(now)) => {
                assert!(now.repeated);
                assert_eq!((now.at, now.booked_on), (then.at, then.booked_on), "{place}: {id}");
            }
            // The first of an id twice in one chain is told that, the chain that it was broken.
            (Err(Refusal::IdReused), Err(_)) => {}
            (then, now) => assert_eq!(now.as_ref().err(), then.as_ref().err(), "{place}: {id}"),
        }
    }
    let mut sides: BTreeMap<TransferId, Vec<(AccountId, Movement)>> = BTreeMap::new();
    for account in accounts(table) {
        let Some(balance) = ledger.balances(&[account]).await.unwrap()[0] else { continue };
        let movements = whole_history(ledger, account).await;
        explains(&movements, &balance, place);
        for movement in movements {
            let by_transfer = ledger.movement(account, movement.transfer).await.unwrap();
            assert_eq!(by_transfer.as_ref(), Some(&movement), "{place}");
            sides.entry(movement.transfer).or_default().push((account, movement));
        }
    }
    for (transfer, sides) in sides {
        let [(one, a), (other, b)] = sides.as_slice() else {
            panic!("{place}: {transfer} has not two sides")
        };
        assert_eq!((a.counterparty, b.counterparty), (*other, *one), "{place}: {transfer}");
        assert_ne!(a.side, b.side, "{place}: {transfer}");
        let said = |movement: &Movement| {
            (movement.amount, movement.code, movement.booked_on, movement.value_on, movement.at)
        };
        assert_eq!(said(a), said(b), "{place}: {transfer}");
    }
}

fn explains(movements: &[Movement], balance: &Balance, place: &str) {
    let (mut posted, mut debits, mut credits) = (0_i128, 0_u128, 0_u128);
    for (number, movement) in (1..).zip(movements) {
        let amount = i128::from(movement.amount);
        posted += if movement.side == balance.normal { amount } else { -amount };
        match movement.side {
            Side::Debit => debits += u128::from(movement.amount),
            Side::Credit => credits += u128::from(movement.amount),
        }
        assert_eq!((movement.number, i128::from(movement.balance_after)), (number, posted), "{place}");
    }
    assert!(movements.is_sorted_by_key(|movement| movement.at), "{place}");
    assert_eq!(
        (posted, debits, credits),
        (balance.posted(), balance.debits_posted, balance.credits_posted),
        "{place}"
    );
}
