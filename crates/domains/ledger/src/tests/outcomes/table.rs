//! Reads tables of outcomes: what is asked, word by word, and what shall be answered.
//!
//! A file holds tables, each under a line `== title`. The rows of a table called `beginning` come before those of
//! every other table of its file. Empty lines and what follows a `#` at the beginning of a line say nothing. A row is
//! `what is asked = what is answered`:
//!
//! ```text
//! ID asset CODE PLACES                       an asset with so many decimal places
//! ID open ACCOUNT ASSET credit|debit ...     floor=N each=N day=N month=N
//! ID floor ACCOUNT N|-                       ID limits ACCOUNT each=N day=N month=N
//! ID freeze ACCOUNT [debits] [credits]       ID close ACCOUNT
//! ID pay FROM TO AMOUNT ...                  debits FROM, credits TO; counted on=DAY value=DAY code=N
//! ID hold FROM TO AMOUNT until=SECOND ...    likewise
//! ID post HOLD [amount=N]                    ID void HOLD
//! ID date DAY                                moves the business date
//! ```
//!
//! The answer is `ok`, `again` (it had been done) or the name of a refusal. `ID+` is linked to the row below: a chain.
//! `ID,` is submitted together with the row below, without a link. Everything else is a submission of its own.
//!
//! Between submissions: `time SECOND` sets the clock (seconds since 1970, up to nine decimal places);
//! `see ACCOUNT = BALANCE [held N] [coming N] [free N] [no-debits] [no-credits] [closed]` looks at an account, which is
//! `none` where it was never opened (nothing said, nothing held, nothing frozen); `used ACCOUNT = DAY MONTH` looks at
//! its limits; `history ACCOUNT = +10 -3` at its movements, oldest first; `days ID = BOOKED VALUE` at the days of a
//! movement. `nothing` is where there is no movement.

use std::collections::HashMap;

use clock::{BusinessDate, Timestamp};
use contracts::ledger::{Act, Asset, Command, Limits, OpenAccount, Transfer};
use ids::{AccountId, TransferId};
use money::Side;

/// A table.
pub(super) struct Table {
    pub(super) title: String,
    pub(super) steps: Vec<Step>,
}

/// What is done or looked at between two moments.
pub(super) enum Step {
    /// The clock stands at this many nanoseconds since 1970.
    Time(i64),
    /// Asked together.
    Submit(Vec<Row>),
    /// Something to look at.
    Look(Look),
}

/// A command and its answer.
#[derive(Clone)]
pub(super) struct Row {
    pub(super) line: String,
    pub(super) command: Command,
    pub(super) expected: String,
}

/// What is looked at.
pub(super) struct Look {
    pub(super) line: String,
    pub(super) at: At,
    pub(super) expected: String,
}

pub(super) enum At {
    Balance(AccountId),
    Used(AccountId),
    History(AccountId),
    Days(TransferId),
}

impl Table {
    /// All rows that are commands, in order.
    pub(super) fn rows(&self) -> impl Iterator<Item = &Row> {
        self.steps.iter().flat_map(|step| match step {
            Step::Submit(rows) => rows.as_slice(),
            _ => &[],
        })
    }
}

/// The tables of a file.
pub(super) fn tables(text: &str) -> Vec<Table> {
    assert!(text.starts_with("# "), "a file of tables begins by saying what it is");
    let mut beginning = String::new();
    let mut tables = vec![];
    for section in text.split("\n== ").skip(1) {
        let (title, rows) = section.split_once('\n').unwrap();
        if title == "beginning" {
            rows.clone_into(&mut beginning);
        } else {
            tables.push(Table { title: title.to_owned(), steps: steps(&format!("{beginning}\n{rows}")) });
        }
    }
    tables
}

fn steps(text: &str) -> Vec<Step> {
    let mut steps = vec![];
    let mut together: Vec<Row> = vec![];
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (said, expected) = line.rsplit_once(" = ").unwrap_or((line, ""));
        let words: Vec<&str> = said.split_whitespace().collect();
        let (line, expected) = (line.to_owned(), expected.trim().to_owned());
        let look = match words.as_slice() {
            ["time", second] => {
                steps.push(Step::Time(nanoseconds(second)));
                continue;
            }
            ["see", account] => At::Balance(account_id(account)),
            ["used", account] => At::Used(account_id(account)),
            ["history", account] => At::History(account_id(account)),
            ["days", id] => At::Days(transfer_id(id)),
            [id, rest @ ..] => {
                assert!(!expected.is_empty(), "no answer: {line}");
                let linked = id.ends_with('+');
                let ends = !id.ends_with(['+', ',']) || expected == "ChainOpen";
                let id = transfer_id(id.trim_end_matches(['+', ',']));
                together.push(Row { line, command: Command { id, act: act(rest), linked }, expected });
                if ends {
                    steps.push(Step::Submit(std::mem::take(&mut together)));
                }
                continue;
            }
            [] => continue,
        };
        assert!(together.is_empty(), "a look in the middle of a submission: {line}");
        steps.push(Step::Look(Look { line, at: look, expected }));
    }
    assert!(together.is_empty(), "the table ends in the middle of a submission");
    steps
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
            normal: match *side {
                "debit" => Side::Debit,
                "credit" => Side::Credit,
                _ => panic!("an account is increased by debit or credit: {words:?}"),
            },
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
        [verb @ ("pay" | "hold"), from, to, amount, ..] => {
            let until = named.0.get("until").map(|second| nanoseconds(second));
            assert_eq!(*verb == "hold", until.is_some(), "a hold ends, a payment does not: {words:?}");
            Act::Transfer(Transfer {
                debit: account_id(from),
                credit: account_id(to),
                amount: option(amount).unwrap(),
                hold_until: until.map(|until| Timestamp::from_nanosecond(until.into()).unwrap()),
                code: named.get("code").unwrap_or(1),
                booked_on: named.get("on"),
                value_on: named.get("value"),
                counts_toward_limits: words.contains(&"counted"),
            })
        }
        ["post", hold, ..] => Act::PostHold { hold: transfer_id(hold), amount: named.get("amount") },
        ["void", hold] => Act::VoidHold { hold: transfer_id(hold) },
        ["date", to] => Act::AdvanceBusinessDate { to: to.parse::<BusinessDate>().unwrap() },
        _ => panic!("no such command: {words:?}"),
    }
}

/// Arguments of the form `name=value`.
struct Named<'a>(HashMap<&'a str, &'a str>);

impl<'a> Named<'a> {
    fn of(words: &[&'a str]) -> Self {
        Self(words.iter().filter_map(|word| word.split_once('=')).collect())
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

/// A number, be it written with `_` between its digits, or a day; `-` is none.
fn option<T: std::str::FromStr>(word: &str) -> Option<T>
where
    T::Err: std::fmt::Debug,
{
    (word != "-").then(|| word.replace('_', "").parse().unwrap())
}

fn nanoseconds(second: &str) -> i64 {
    let (whole, part) = second.split_once('.').unwrap_or((second, "0"));
    whole.parse::<i64>().unwrap() * 1_000_000_000 + format!("{part:0<9}").parse::<i64>().unwrap()
}

/// The number of a word.
fn number(word: &str) -> u128 {
    word.bytes().fold(1, |number, byte| number << 8 | u128::from(byte))
}

pub(super) fn transfer_id(word: &str) -> TransferId {
    TransferId::from_u128(number(word))
}

pub(super) fn account_id(word: &str) -> AccountId {
    AccountId::from_u128(number(word))
}

/// How many rows of a file are commands. Those of its beginning stand in each table and count once.
pub(super) fn count(text: &str) -> usize {
    text.split("\n== ")
        .skip(1)
        .map(|section| section.split_once('\n').unwrap().1)
        .map(|rows| {
            steps(rows)
                .iter()
                .map(|step| if let Step::Submit(rows) = step { rows.len() } else { 0 })
                .sum::<usize>()
        })
        .sum()
}
