//! ARCHITECTURE.md tells the truth: its paths exist, and its call graph is the one that services declare.

use std::collections::{BTreeMap, BTreeSet};

use super::{Tree, accepts, catches, holds};

const MAP: &str = "ARCHITECTURE.md";

/// The heading above the table of who asks whom.
const GRAPH: &str = "## Who may ask whom";

/// Top-level names that make a word in backticks a path.
const ROOMS: &[&str] = &["crates", "web", "xtask", "config", "deploy", "docs", ".ci"];

/// Paths that ARCHITECTURE.md names in backticks exist; `{a,b}` stands for both.
fn named_paths_exist(tree: &Tree) -> Vec<String> {
    let words = tree.text(MAP).split('`').skip(1).step_by(2);
    let paths = words.filter(|word| {
        word.split_once('/').is_some_and(|(room, _)| ROOMS.contains(&room)) && !word.contains([' ', '*', '<'])
    });
    paths
        .flat_map(alternatives)
        .filter(|path| !tree.has(path))
        .map(|path| format!("{MAP}: `{path}` does not exist"))
        .collect()
}

fn alternatives(path: &str) -> Vec<String> {
    let Some((before, rest)) = path.split_once('{') else { return vec![path.to_owned()] };
    let Some((choices, after)) = rest.split_once('}') else { return vec![path.to_owned()] };
    choices.split(',').flat_map(|choice| alternatives(&format!("{before}{choice}{after}"))).collect()
}

/// Every crate of the house is on the map.
fn every_crate_is_on_the_map(tree: &Tree) -> Vec<String> {
    let map = tree.text(MAP);
    let crates =
        tree.ending(&["/Cargo.toml"]).map(|(path, _)| path).filter(|path| path.starts_with("crates/"));
    crates
        .filter_map(|path| path.strip_suffix("/Cargo.toml"))
        .filter(|path| !map.contains(&format!("`{path}`")))
        .map(|path| format!("{MAP}: `{path}` is missing"))
        .collect()
}

/// The declared graph: domain → whom it may ask.
fn declared(tree: &Tree) -> BTreeMap<String, BTreeSet<String>> {
    let Some((_, section)) = tree.text(MAP).split_once(GRAPH) else { return BTreeMap::new() };
    let section = section.split("\n## ").next().unwrap_or("");
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    rows.filter_map(|row| {
        let mut cells = row.trim_matches('|').split('|');
        let domain = in_backticks(cells.next()?).into_iter().next()?;
        Some((domain, in_backticks(cells.next()?)))
    })
    .collect()
}

fn in_backticks(text: &str) -> BTreeSet<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// What each domain's service says it needs: the quoted words in `fn needs`.
fn needed(tree: &Tree) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, text) in tree.ending(&[".rs"]) {
        let Some(rest) = path.strip_prefix("crates/domains/") else { continue };
        let Some((domain, _)) = rest.split_once('/') else { continue };
        let needs = found.entry(domain.to_owned()).or_default();
        for body in text.split("fn needs(").skip(1) {
            let body = body.split('}').next().unwrap_or("");
            needs.extend(body.split('"').skip(1).step_by(2).map(str::to_owned));
        }
    }
    found
}

/// The table names every domain, and allows exactly what services take.
fn the_graph_is_the_services(tree: &Tree) -> Vec<String> {
    let declared = declared(tree);
    let needed = needed(tree);
    let mut complaints = Vec::new();
    for (domain, needs) in &needed {
        let Some(asks) = declared.get(domain) else {
            complaints.push(format!("{MAP}: `{domain}` is missing in the table of who may ask whom"));
            continue;
        };
        for other in needs.difference(asks) {
            complaints.push(format!("{MAP}: `{domain}` takes the contract of `{other}`, undeclared"));
        }
        for other in asks.difference(needs) {
            complaints.push(format!("{MAP}: `{domain}` may ask `{other}` but does not"));
        }
    }
    for domain in declared.keys().filter(|domain| !needed.contains_key(*domain)) {
        complaints.push(format!("{MAP}: there is no domain `{domain}`"));
    }
    complaints
}

/// Requests never come back to where they started.
fn the_graph_has_no_loop(tree: &Tree) -> Vec<String> {
    let mut left = declared(tree);
    loop {
        let settled: Vec<String> = left
            .iter()
            .filter(|(_, asks)| asks.iter().all(|other| !left.contains_key(other)))
            .map(|(domain, _)| domain.clone())
            .collect();
        if settled.is_empty() {
            break;
        }
        left.retain(|domain, _| !settled.contains(domain));
    }
    if left.is_empty() {
        return Vec::new();
    }
    let round: Vec<&str> = left.keys().map(String::as_str).collect();
    vec![format!("{MAP}: these ask each other in a circle: {}", round.join(", "))]
}

#[test]
fn named_paths_exist_here() {
    holds(named_paths_exist);
    let code = ("crates/base/money/src/lib.rs", "//! Money.");
    accepts(named_paths_exist, &[(MAP, "see `crates/base/money`, `a/b` and `GET /api`"), code]);
    catches(named_paths_exist, &[(MAP, "see `crates/base/{money,gold}`"), code], "crates/base/gold");
}

#[test]
fn every_crate_is_on_the_map_here() {
    holds(every_crate_is_on_the_map);
    catches(every_crate_is_on_the_map, &[(MAP, ""), ("crates/base/ids/Cargo.toml", "")], "crates/base/ids");
}

const LEDGER: (&str, &str) =
    ("crates/domains/ledger/src/lib.rs", "fn needs(&self) -> &'static [&'static str] { &[] }");
const PAYMENTS: (&str, &str) =
    ("crates/domains/payments/src/lib.rs", "fn needs(&self) -> &'static [&'static str] {\n &[\"ledger\"]\n}");

#[test]
fn the_graph_is_the_services_here() {
    holds(the_graph_is_the_services);
    let right =
        "## Who may ask whom\n| `ledger` | nobody | |\n| `payments` | `ledger` | |\n## Next\n| `x` | |";
    accepts(the_graph_is_the_services, &[(MAP, right), LEDGER, PAYMENTS]);
    let silent = "## Who may ask whom\n| `ledger` | nobody | |\n| `payments` | nobody | `ledger` |";
    catches(the_graph_is_the_services, &[(MAP, silent), LEDGER, PAYMENTS], "undeclared");
    let short = "## Who may ask whom\n| `payments` | `ledger` | |";
    catches(the_graph_is_the_services, &[(MAP, short), LEDGER, PAYMENTS], "`ledger` is missing");
}

#[test]
fn the_graph_has_no_loop_here() {
    holds(the_graph_has_no_loop);
    let round = "## Who may ask whom\n| `a` | `b` | |\n| `b` | `c` | |\n| `c` | `a` | |\n| `d` | `a` | |";
    catches(the_graph_has_no_loop, &[(MAP, round)], "in a circle: a, b, c");
}
