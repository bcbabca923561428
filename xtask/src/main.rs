//! All automation of the house: `cargo xtask up | test | web | docs`.
//!
//! Purpose: a newcomer with a Rust toolchain runs one command and has a bank, or has it tested. Boundary: xtask
//! starts other programs (cargo, npm, PostgreSQL, the bank's own binary) and reads what they print; it imports
//! no crate of the house, so that it builds in seconds. Cost: two small dependencies. It refuses to know how
//! anything inside the bank works.

#![expect(clippy::print_stdout, reason = "a command line talks on standard output")]

use std::error::Error;
use std::process::ExitCode;

mod browser;
mod child;
mod docs;
mod house;
mod minder;
mod postgres;
mod suite;
mod system;
mod tally;
#[cfg(test)]
mod tidy;
mod up;
mod web;

/// Whatever went wrong, with a message that says what to do about it.
type Outcome<T> = Result<T, Box<dyn Error>>;

const USAGE: &str = "\
cargo xtask <what>

  up [--port N] [--data DIR] …    build the pages and the bank, generate a demonstration bank, serve it
  test [--only rust|web|browser] [FILTER…]
                                  set up what the tests need, then run them all (or one kind, filtered)
  web                             build the pages if their sources changed
  docs [--check]                  regenerate the generated files, or fail if one is out of date
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (what, rest) = match words.split_first() {
        Some((what, rest)) => (what.as_str(), rest),
        None => ("help", &[][..]),
    };
    let outcome = match what {
        "up" => up::run(rest),
        "test" => suite::run(rest),
        "web" => web::run(rest),
        "docs" => docs::run(rest),
        "mind" => minder::mind(),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(true)
        }
        other => Err(format!("there is no `cargo xtask {other}`\n\n{USAGE}").into()),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}
