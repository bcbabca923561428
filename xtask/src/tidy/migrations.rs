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

/// What one of the databases that speak PostgreSQL's protocol (YugabyteDB, CockroachDB) refuses, or runs into trouble
/// with: the sources are their documentation of unsupported statements.
const NOT_EVERYWHERE: [&str; 20] = [
    "serial",
    "bigserial",
    "create sequence",
    "nextval(",
    "pg_advisory",
    "lock table",
    "listen ",
    "notify ",
    "create trigger",
    "create function",
    "create procedure",
    "plpgsql",
    "do $$",
    "exclude using",
    "deferrable",
    "set storage",
    "create extension",
    "inherits (",
    "create rule",
    "cluster ",
];

/// Whether `words` hold this as words of its own.
fn names(words: &str, refused: &str) -> bool {
    let ends = refused.ends_with([' ', '(', '$']) || refused.starts_with("pg_");
    let mut found = words.match_indices(refused);
    found.any(|(at, _)| {
        let before = words[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric() && c != '_');
        let after = words[at + refused.len()..].chars().next();
        before && (ends || after.is_none_or(|c| !c.is_alphanumeric() && c != '_'))
    })
}

/// Statements without comments, in small letters and with single blanks.
fn statements(text: &str) -> Vec<String> {
    let code: String =
        text.lines().map(|line| line.split("--").next().unwrap_or("")).collect::<Vec<_>>().join(" ");
    let plain = code.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    plain.split(';').map(|statement| statement.trim().to_owned()).filter(|one| !one.is_empty()).collect()
}

/// Migrations for PostgreSQL run unchanged on YugabyteDB and CockroachDB, and every table has a primary key.
fn migrations_run_on_every_postgres(tree: &Tree) -> Vec<String> {
    let mut complaints = Vec::new();
    for (path, text) in tree.ending(&[".sql"]).filter(|(path, _)| path.contains("/migrations/postgres/")) {
        for statement in statements(text) {
            let words = format!(" {statement} ");
            for refused in NOT_EVERYWHERE.iter().filter(|refused| names(&words, refused)) {
                complaints.push(format!(
                    "{path}: `{refused}` does not run on every database that speaks its protocol"
                ));
            }
            if statement.starts_with("create table") && !statement.contains("primary key") {
                let name = statement.split_whitespace().nth(2).unwrap_or_default();
                complaints.push(format!("{path}: `{name}` has no primary key"));
            }
        }
    }
    complaints
}

/// Sources of domains hold no statement of the same kind either.
fn sources_run_on_every_postgres(tree: &Tree) -> Vec<String> {
    let refused = ["pg_advisory", "LOCK TABLE", "nextval(", "FOR UPDATE SKIP LOCKED", "pg_notify", "ctid"];
    let sources = tree.ending(&[".rs"]).filter(|(path, _)| path.starts_with("crates/"));
    let mut complaints = Vec::new();
    for (path, text) in sources {
        let strings = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        for line in strings {
            for refused in refused.iter().filter(|refused| line.contains(**refused)) {
                complaints.push(format!(
                    "{path}: `{refused}` does not run on every database that speaks PostgreSQL"
                ));
            }
        }
    }
    complaints
}

#[test]
fn sql_runs_on_every_postgres_here() {
    holds(migrations_run_on_every_postgres);
    holds(sources_run_on_every_postgres);
    let at = "crates/domains/cards/migrations/postgres/0001_card.sql";
    let table = |columns: &'static str| (at, columns);
    accepts(
        migrations_run_on_every_postgres,
        &[table("-- A serial number.\nCREATE TABLE card (id BYTEA NOT NULL PRIMARY KEY, serial_of TEXT);")],
    );
    catches(
        migrations_run_on_every_postgres,
        &[table("CREATE TABLE card (id BYTEA NOT NULL);")],
        "no primary key",
    );
    catches(
        migrations_run_on_every_postgres,
        &[table("CREATE TABLE card (id BIGSERIAL PRIMARY KEY);")],
        "`bigserial`",
    );
    catches(
        migrations_run_on_every_postgres,
        &[table("ALTER TABLE card\n  ALTER COLUMN face SET\n  STORAGE EXTERNAL;")],
        "`set storage`",
    );
    let source = ("crates/domains/cards/src/store.rs", "let sql = \"SELECT pg_advisory_lock(1)\";");
    catches(sources_run_on_every_postgres, &[source], "`pg_advisory`");
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
