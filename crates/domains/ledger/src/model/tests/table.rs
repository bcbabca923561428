//! Reads tables of outcomes. A row is `id[+] verb arguments = outcome`, with `+` for a command that is linked to
//! the next. Accounts, transfers and days are short words; see [`run`].

use std::collections::HashMap;

use clock::{BusinessDate, Timestamp};
use contracts::ledger::{Act, Asset, Command, Limits, OpenAccount, Transfer};
use ids::{AccountId, TransferId};
use money::Side;

use crate::model::{Batch, Book};
use crate::tests::kit::execute;

/// The id of a word.
fn number(word: &str) -> u128 {
    word.bytes().fold(1, |number, byte| number << 8 | u128::from(byte))
}

fn transfer_id(word: &str) -> TransferId {
    TransferId::from_u128(number(word))
}

fn account_id(word: &str) -> AccountId {
    AccountId::from_u128(number(word))
}

fn option<T: std::str::FromStr>(word: &str) -> Option<T>
where
    T::Err: std::fmt::Debug,
{
    (word != "-").then(|| word.parse().unwrap())
}

/// Arguments of the form `name=value`.
struct Named<'a>(HashMap<&'a str, &'a str>);

impl<'a> Named<'a> {
    fn of(words: &[&'a str]) -> Self {
        Self(words.iter().filter_map(|word| word.split_once('=').or(Some((word, "")))).collect())
    }

    fn get<T: std::str::FromStr>(&self, name: &str) -> Option<T>
    where
        T::Err: std::fmt::Debug,
    {
        self.0.get(name).and_then(|value| option(value))
    }

    fn limits(&self) -> Limits {
        Limits { per_transfer: self.get("each"), per_day: self.get("day"), per_month: self.get("month") }
    }
}

fn act(words: &[&str]) -> Act {
    let named = Named::of(&words[1..]);
    match words {
        ["asset", code, scale] => {
            Act::RegisterAsset { asset: Asset::try_new(code).unwrap(), scale: scale.parse().unwrap() }
        }
        ["open", account, asset, side, ..] => Act::OpenAccount(OpenAccount {
            account: account_id(account),
            asset: Asset::try_new(asset).unwrap(),
            normal: if *side == "debit" { Side::Debit } else { Side::Credit },
            kind: 1,
            floor: named.get("floor"),
            limits: named.limits(),
        }),
        ["floor", account, floor] => Act::SetFloor { account: account_id(account), floor: option(floor) },
        ["limits", account, ..] => Act::SetLimits { account: account_id(account), limits: named.limits() },
        ["freeze", account, ..] => Act::SetFreeze {
            account: account_id(account),
            debits: words.contains(&"debits"),
            credits: words.contains(&"credits"),
        },
        ["close", account] => Act::CloseAccount { account: account_id(account) },
        ["pay" | "hold", from, to, amount, ..] => Act::Transfer(Transfer {
            debit: account_id(from),
            credit: account_id(to),
            amount: amount.parse().unwrap(),
            hold_until: named.get::<i64>("until").map(|second| Timestamp::from_second(second).unwrap()),
            code: named.get("code").unwrap_or(1),
            booked_on: named.get("on"),
            value_on: named.get("value"),
            counts_toward_limits: words.contains(&"counted"),
        }),
        ["post", hold, ..] => Act::PostHold { hold: transfer_id(hold), amount: named.get("amount") },
        ["void", hold] => Act::VoidHold { hold: transfer_id(hold) },
        ["date", to] => Act::AdvanceBusinessDate { to: to.parse::<BusinessDate>().unwrap() },
        _ => panic!("no such command: {words:?}"),
    }
}

/// Runs a table. Rows besides commands: `time SECOND` moves the clock; `see ACCOUNT = POSTED HELD [AVAILABLE]`
/// looks at a balance; `used ACCOUNT = DAY MONTH`. Lines that begin with `#` and empty ones say nothing.
pub(super) fn run(table: &str) {
    let mut book = Book::default();
    let mut now = 1_i64;
    let mut chain: Vec<(String, Command, String)> = vec![];
    for line in table.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (said, expected) = line.split_once(" = ").unwrap_or((line, ""));
        let words: Vec<&str> = said.split_whitespace().collect();
        match words.as_slice() {
            ["time", second] => {
                now = second.parse::<i64>().unwrap() * 1_000_000_000;
                let mut batch = next(&mut book, now);
                book.expire(&mut batch, 1_000);
                book.launch(batch);
                book.land();
            }
            ["see", account] => assert_eq!(seen(&book, account, expected), expected.trim(), "{line}"),
            ["used", account] => {
                let used = book.used(book.number_of(account_id(account)).expect(line));
                assert_eq!(format!("{} {}", used.day, used.month), expected.trim(), "{line}");
            }
            [id, rest @ ..] => {
                let linked = id.ends_with('+');
                let id = transfer_id(id.trim_end_matches('+'));
                let open_end = expected.contains("ChainOpen");
                chain.push((
                    line.to_owned(),
                    Command { id, act: act(rest), linked },
                    expected.trim().to_owned(),
                ));
                if !linked || open_end {
                    submit(&mut book, now, std::mem::take(&mut chain));
                }
            }
            [] => {}
        }
    }
    assert!(chain.is_empty(), "the table ends inside a chain");
}

fn seen(book: &Book, account: &str, like: &str) -> String {
    let Some(number) = book.number_of(account_id(account)) else { return "unknown".to_owned() };
    let balance = book.balance(number).unwrap();
    let held = balance.debits_pending.max(balance.credits_pending);
    let mut seen = format!("{} {held}", balance.posted());
    if like.split_whitespace().count() > 2 {
        let available = balance.available().map_or("-".to_owned(), |available| available.to_string());
        seen.push_str(&format!(" {available}"));
    }
    seen
}

fn submit(book: &mut Book, now: i64, chain: Vec<(String, Command, String)>) {
    let mut batch = next(book, now);
    let commands: Vec<Command> = chain.iter().map(|(_, command, _)| command.clone()).collect();
    let before: Vec<_> = book.accounts().to_vec();
    let outcomes = execute(book, &commands, &mut batch);
    assert_eq!(outcomes.len(), commands.len());
    for ((line, _, expected), outcome) in chain.iter().zip(&outcomes) {
        let found = match outcome {
            Ok(done) if done.repeated => "again".to_owned(),
            Ok(_) => "ok".to_owned(),
            Err(refusal) => format!("{refusal:?}"),
        };
        assert_eq!(found, *expected, "{line}");
    }
    if outcomes.iter().all(Result::is_err) {
        assert_eq!(book.accounts(), before, "a refusal changed an account");
    }
    book.launch(batch);
    book.land();
}

/// The next batch. Every one is another record, so its number may be that of the instant.
fn next(book: &mut Book, now: i64) -> Batch {
    let sequence = u64::try_from(book.next_at(now)).unwrap();
    book.begin(sequence, now)
}
