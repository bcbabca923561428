//! `cargo xtask test`: sets up what the tests need, runs them, stops everything, and sums up.

use std::thread::ScopedJoinHandle;
use std::time::Duration;

use crate::browser::{self, Bank};
use crate::child::{self, Ended};
use crate::house::{self, Phase};
use crate::tally::{self, Count, Tally};
use crate::{Outcome, docs, postgres, system, up, web};

/// Runs the kinds asked for. Each runs even if an earlier one failed, so that one run tells everything.
pub(crate) fn run(words: &[String]) -> Outcome<bool> {
    let wishes = Wishes::read(words)?;
    system::prepare_test()?;
    web::install()?;
    let mut tally = Tally::default();
    if wishes.wants(Kind::Web) {
        if wishes.filters.is_empty() {
            phase(&mut tally, "web types", || {
                Ok(tally::check(child::listen(web::npm().args(["run", "--silent", "check"]))?.success))
            });
        }
        phase(&mut tally, "web units", || Ok(tally::of_vitest(&web_units(&wishes.filters)?)));
    }
    let mut built = true;
    phase(&mut tally, "web build", || {
        web::build()?;
        Ok(tally::check(true))
    });
    if wishes.wants(Kind::Rust) || wishes.wants(Kind::Browser) {
        phase(&mut tally, "rust build", || {
            built = false;
            up::build_binary()?;
            built = true;
            Ok(tally::check(true))
        });
    }
    if wishes.wants(Kind::Rust) {
        phase(&mut tally, "rust", || rust(&wishes.filters));
    }
    if wishes.only.is_none() && built {
        phase(&mut tally, "generated", || Ok(tally::check(docs::is_current()?)));
    }
    if wishes.wants(Kind::Browser) && built {
        stories(&mut tally, &wishes.filters);
    }
    println!("\n{}", tally.summary());
    Ok(tally.is_green())
}

/// Runs one phase; an error counts as one failure and does not keep the others from running.
fn phase(tally: &mut Tally, name: &str, work: impl FnOnce() -> Outcome<Count>) {
    let (count, took) = measured(name, work);
    tally.add(name, count, took);
}

/// The stories of both banks at once: most of a story is waiting.
fn stories(tally: &mut Tally, filters: &[String]) {
    let told = std::thread::scope(|scope| {
        let telling = Bank::ALL.map(|bank| {
            scope.spawn(move || {
                measured(bank.phase(), || Ok(tally::of_playwright(&browser::run(bank, filters)?)))
            })
        });
        telling.map(ScopedJoinHandle::join)
    });
    for (bank, told) in Bank::ALL.iter().zip(told) {
        let (count, took) = told.unwrap_or((tally::check(false), Duration::ZERO));
        tally.add(bank.phase(), count, took);
    }
}

fn measured(name: &str, work: impl FnOnce() -> Outcome<Count>) -> (Count, Duration) {
    let watch = Phase::start(name);
    let count = work().unwrap_or_else(|error| {
        eprintln!("{name}: {error}");
        tally::check(false)
    });
    (count, watch.end())
}

fn web_units(filters: &[String]) -> Outcome<Ended> {
    child::listen(web::npm().args(["run", "--silent", "test", "--"]).args(filters))
}

/// The whole workspace in the one dev profile, with a PostgreSQL of its own beside SQLite.
fn rust(filters: &[String]) -> Outcome<Count> {
    let mut server = postgres::Server::start()?;
    let mut command = up::cargo();
    command
        .env("YUANHANG_TEST_POSTGRES", server.url())
        .env("YUANHANG_BINARY", house::binary())
        .env("CARGO_TERM_COLOR", if house::is_watched() { "always" } else { "never" });
    if let Some(books) = house::berka() {
        command.env("YUANHANG_TEST_BERKA", books);
    }
    let nextest = house::program("cargo-nextest").is_some();
    if nextest {
        command.args(["nextest", "run", "--locked", "--workspace", "--no-fail-fast"]).args(filters);
    } else {
        command.args(["test", "--locked", "--workspace", "--no-fail-fast", "--"]).args(filters);
    }
    let ended = server.swept(|| child::listen(&mut command))?;
    if let Some(words) = server.last_words() {
        eprintln!("the tests' PostgreSQL ended by itself; its last words:\n{words}");
    }
    Ok(if nextest { tally::of_nextest(&ended) } else { tally::of_cargo(&ended) })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Rust,
    Web,
    Browser,
}

/// Which tests the caller asked for.
#[derive(Debug, PartialEq, Eq)]
struct Wishes {
    only: Option<Kind>,
    filters: Vec<String>,
}

impl Wishes {
    fn read(words: &[String]) -> Outcome<Wishes> {
        let mut wishes = Wishes { only: None, filters: Vec::new() };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let kind = match word.split_once('=') {
                Some(("--only", kind)) => kind,
                _ if word == "--only" => words.next().map_or("", String::as_str),
                _ => {
                    wishes.filters.push(word.clone());
                    continue;
                }
            };
            wishes.only = Some(match kind {
                "rust" => Kind::Rust,
                "web" => Kind::Web,
                "browser" => Kind::Browser,
                other => return Err(format!("`--only {other}`: choose rust, web or browser").into()),
            });
        }
        if wishes.only.is_none() && !wishes.filters.is_empty() {
            return Err("a filter needs `--only rust`, `--only web` or `--only browser`".into());
        }
        Ok(wishes)
    }

    fn wants(&self, kind: Kind) -> bool {
        self.only.is_none_or(|only| only == kind)
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, Wishes};

    fn read(line: &str) -> Result<Wishes, String> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Wishes::read(&words).map_err(|error| error.to_string())
    }

    #[test]
    fn the_kind_and_the_filters_are_read() {
        assert!([Kind::Rust, Kind::Web, Kind::Browser].iter().all(|kind| read("").unwrap().wants(*kind)));
        let wishes = read("--only rust ledger:: money").unwrap();
        assert!(wishes.wants(Kind::Rust) && !wishes.wants(Kind::Browser));
        assert_eq!(wishes.filters, ["ledger::", "money"]);
        assert!(read("--only=browser").unwrap().wants(Kind::Browser));
        assert!(read("--only nothing").unwrap_err().contains("choose"));
        assert!(
            read("ledger").unwrap_err().contains("--only"),
            "a filter means a different thing to each kind"
        );
    }
}
