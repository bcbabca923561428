//! Tables of forged proofs, each row with how it ends, and what does not fit into a row.
//!
//! A file of `tests/rows` begins by saying what it is; `== title` begins a group. A row is steps between ` ; `, then
//! ` = ` and how it ends: `ok` or the code of a refusal, for the malformed ones with a piece of the reason. Every row
//! begins with a right proof for a change, `POST /api/payments/transfers`, of no token and bound to no key.
//!
//! ```text
//! as it is                                   says nothing
//! header|claim|jwk NAME JSON, … -NAME        sets or removes a member
//! htu TEXT; ath TOKEN; iat|exp|nbf SECONDS   members, times counted from the beginning
//! header-text|payload-text TEXT              the whole; <header>, <payload>, <jwk>: members; <EF>: a byte
//! device-other                               another device makes it
//! sign HOW                                   by whom or what: `forge.rs`, `signatures.rs`
//! nonce WHO [SECONDS [EDIT]]; nonce-of-now   whose, given when, edited how
//! cut N, append TEXT, pad PART, …            edits of what was made: `forge.rs`
//! method, path, at, token, bound, look       how it is asked; `change` again for a change
//! clock SECONDS; rules NAME NUMBER           what the server goes by; `rules` comes first
//! sent, sent-to-neighbor, refused CODE       sent before, and how that ended
//! to-neighbor                                asked of another process
//! ```

mod assertions;
mod forge;
mod random;
mod rfc;
mod signatures;
mod together;
mod world;

use std::collections::BTreeSet;

use crate::testing::Device;

const FILES: [&str; 9] = [
    include_str!("tests/rows/writing.txt"),
    include_str!("tests/rows/header.txt"),
    include_str!("tests/rows/key.txt"),
    include_str!("tests/rows/signature.txt"),
    include_str!("tests/rows/payload.txt"),
    include_str!("tests/rows/url.txt"),
    include_str!("tests/rows/time.txt"),
    include_str!("tests/rows/nonce.txt"),
    include_str!("tests/rows/replay.txt"),
];

/// Rows that the tables have at least.
const ROWS_MIN: usize = 650;

/// The device of RFC 7515, appendix A.3.
fn rfc_device() -> Device {
    Device::of(
        "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI",
        "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    )
}

/// Steps and outcome of every row.
fn rows() -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = FILES.iter().flat_map(|file| file.lines());
    lines
        .filter(|line| !line.is_empty() && !line.starts_with(['#', '=']))
        .map(|line| line.rsplit_once("= ").unwrap_or_else(|| panic!("`{line}` has no outcome")))
        .map(|(steps, outcome)| (steps.trim_end(), outcome))
}

#[test]
fn every_row_ends_as_it_says() {
    let wrong: Vec<String> = rows()
        .filter_map(|(steps, expected)| {
            let outcome = world::played(steps);
            let (code, piece) = expected.split_once(": ").unwrap_or((expected, ""));
            let is_right = outcome.split(": ").next() == Some(code) && outcome.contains(piece);
            (!is_right).then(|| format!("{steps} = {outcome}, expected {expected}"))
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}\n{} rows", wrong.join("\n"), wrong.len());
}

#[test]
fn the_tables_are_many_and_know_every_refusal() {
    let all: BTreeSet<&str> = rows().map(|(steps, _)| steps).collect();
    assert_eq!(all.len(), rows().count(), "no row stands twice");
    assert!(all.len() >= ROWS_MIN, "{} rows", all.len());
    let known: BTreeSet<&str> = rows().filter_map(|(_, outcome)| outcome.split(": ").next()).collect();
    let text = include_str!("refused.rs");
    let codes = text.split('"').filter(|piece| piece.starts_with("proof_")).chain(["ok"]);
    assert_eq!(known, codes.collect(), "each code stands in a row");
}
