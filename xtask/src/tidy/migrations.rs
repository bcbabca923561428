//! Migrations stand on both stores, under the same names, numbered without a gap.

use std::collections::{BTreeMap, BTreeSet};

use super::{Tree, accepts, catches, holds};

/// Folder of a crate's migrations → store → file names.
fn gathered(tree: &Tree) -> BTreeMap<String, BTreeMap<String, BTreeSet<String>>> {
    let mut found: BTreeMap<String, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for (path, _) in tree.ending(&[".sql"]) {
        let Some((owner, rest)) = path.split_once("/migrations/") else { continue };
        let (store, name) = rest.split_once('/').unwrap_or(("", rest));
        let stores = found.entry(owner.to_owned()).or_default();
        stores.entry(store.to_owned()).or_default().insert(name.to_owned());
    }
    found
}

/// What stands for SQLite stands for PostgreSQL under the same name, and the other way round.
fn migrations_stand_on_both_sides(tree: &Tree) -> Vec<String> {
    let mut complaints = Vec::new();
    for (owner, stores) in gathered(tree) {
        let none = BTreeSet::new();
        let side = |store: &str| stores.get(store).unwrap_or(&none);
        for name in side("sqlite").symmetric_difference(side("postgres")) {
            complaints.push(format!("{owner}/migrations: `{name}` stands on one side only"));
        }
        for store in stores.keys().filter(|store| !["sqlite", "postgres"].contains(&store.as_str())) {
            complaints.push(format!("{owner}/migrations: `{store}` is no store"));
        }
    }
    complaints
}

/// They are called `0001_name.sql`, `0002_name.sql` and so on.
fn migrations_are_numbered(tree: &Tree) -> Vec<String> {
    let mut complaints = Vec::new();
    for (owner, stores) in gathered(tree) {
        for (store, names) in stores {
            for (index, name) in names.iter().enumerate() {
                if !name.starts_with(&format!("{:04}_", index + 1)) {
                    complaints
                        .push(format!("{owner}/migrations/{store}/{name}: is not number {}", index + 1));
                }
            }
        }
    }
    complaints
}

#[test]
fn migrations_stand_on_both_sides_here() {
    holds(migrations_stand_on_both_sides);
    let sqlite = ("crates/domains/ledger/migrations/sqlite/0001_journal.sql", "-- The journal.");
    let postgres = ("crates/domains/ledger/migrations/postgres/0001_journal.sql", "-- The journal.");
    accepts(migrations_stand_on_both_sides, &[sqlite, postgres]);
    catches(migrations_stand_on_both_sides, &[sqlite], "0001_journal.sql");
}

#[test]
fn migrations_are_numbered_here() {
    holds(migrations_are_numbered);
    let second = ("crates/domains/ledger/migrations/sqlite/0002_journal.sql", "-- The journal.");
    catches(migrations_are_numbered, &[second], "is not number 1");
}
