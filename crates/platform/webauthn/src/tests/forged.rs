//! Tables of forgeries: what an authenticator or a page does wrong, word by word, and what the bank says.
//!
//! A row is `create WORDS = ANSWER` or `get WORDS = ANSWER`; without words the answer is an honest one. Each row starts
//! afresh. The answer is `ok`, a refusal's code without `passkey_`, or `unreadable`: not in the shape of JSON. Words are
//! explained where they are taken, in `forge` and `words`; `#` begins a comment, `==` a heading.

use super::forge;
use crate::Refused;

const REGISTRATIONS: &str = include_str!("registrations.txt");
const ASSERTIONS: &str = include_str!("assertions.txt");

/// Rows that the tables have at least.
const ROWS_MIN: usize = 450;

fn rows(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#') && !line.starts_with("=="))
}

/// What the table expects, and what the bank says.
fn play(row: &str) -> (String, String) {
    let (asked, expected) = row.rsplit_once(" = ").expect("a row has an answer");
    let said = match asked.split_once(' ').unwrap_or((asked, "")) {
        ("create", words) => forge::create(words),
        ("get", words) => forge::get(words),
        _ => panic!("`{row}` is about neither ceremony"),
    };
    (expected.to_owned(), said.strip_prefix("passkey_").unwrap_or(&said).to_owned())
}

fn check(text: &'static str) {
    let mut wrong = Vec::new();
    for row in rows(text) {
        let (expected, said) = play(row);
        if said != expected {
            wrong.push(format!("{row}, but the bank says {said}"));
        }
    }
    assert!(wrong.is_empty(), "{} rows:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn registrations() {
    check(REGISTRATIONS);
}

#[test]
fn assertions() {
    check(ASSERTIONS);
}

#[test]
fn the_tables_are_long_and_know_every_refusal() {
    let all: Vec<&str> = rows(REGISTRATIONS).chain(rows(ASSERTIONS)).collect();
    let mut once = all.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(all.len(), once.len(), "a row stands twice");
    assert!(all.len() >= ROWS_MIN, "{} rows", all.len());
    for refused in Refused::ALL {
        let code = refused.code().strip_prefix("passkey_").unwrap();
        assert!(all.iter().any(|row| row.ends_with(&format!(" = {code}"))), "no row for {code}");
    }
}

#[test]
fn maps_have_64_members_at_most() {
    let with = |count| hex::encode(forge::extensions(count));
    assert_eq!(forge::get(&format!("+ED data.after={}", with(64))), "ok");
    assert_eq!(forge::get(&format!("+ED data.after={}", with(65))), "passkey_malformed");
}
