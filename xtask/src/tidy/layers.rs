//! Who may import whom: floors, domains, shared versions, names of crates.

use super::{Tree, accepts, catches, holds};

/// One crate of the house, as its manifest describes it.
struct Member {
    path: String,
    floor: Floor,
    name: String,
    manifest: toml::Table,
}

/// From the ground up; a floor imports itself and what lies below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Floor {
    Base,
    Platform,
    Domains,
    Bank,
    Testing,
    Xtask,
}

/// Whether a dependency is for building the crate or for its tests alone.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Real,
    Tests,
}

fn floor_of(path: &str) -> Option<Floor> {
    let floors = [
        ("crates/base/", Floor::Base),
        ("crates/platform/", Floor::Platform),
        ("crates/domains/", Floor::Domains),
        ("crates/bank/", Floor::Bank),
        ("crates/testing/", Floor::Testing),
        ("xtask/", Floor::Xtask),
    ];
    floors.iter().find(|(prefix, _)| path.starts_with(prefix)).map(|(_, floor)| *floor)
}

fn members(tree: &Tree) -> Vec<Member> {
    let manifests = tree.ending(&["/Cargo.toml"]).filter_map(|(path, text)| {
        let floor = floor_of(path)?;
        let manifest: toml::Table = text.parse().unwrap_or_default();
        let name = manifest.get("package")?.get("name")?.as_str()?.to_owned();
        Some(Member { path: path.to_owned(), floor, name, manifest })
    });
    manifests.collect()
}

/// Every entry of every dependency table, platform-specific ones included.
fn dependencies(manifest: &toml::Table) -> Vec<(Use, &str, &toml::Value)> {
    let mut tables = vec![manifest];
    if let Some(targets) = manifest.get("target").and_then(toml::Value::as_table) {
        tables.extend(targets.values().filter_map(toml::Value::as_table));
    }
    let sections =
        [("dependencies", Use::Real), ("build-dependencies", Use::Real), ("dev-dependencies", Use::Tests)];
    let mut found = Vec::new();
    for table in tables {
        for (section, purpose) in sections {
            let entries = table.get(section).and_then(toml::Value::as_table);
            for (name, value) in entries.into_iter().flatten() {
                found.push((purpose, name.as_str(), value));
            }
        }
    }
    found
}

/// Imports run downward: bank, domains, platform, base; testing is imported by tests alone; xtask stands apart.
fn imports_run_downward(tree: &Tree) -> Vec<String> {
    let members = members(tree);
    let mut complaints = Vec::new();
    for member in &members {
        for (purpose, name, _) in dependencies(&member.manifest) {
            let Some(imported) = members.iter().find(|other| other.name == name) else { continue };
            let allowed = match (member.floor, imported.floor) {
                (_, Floor::Xtask) | (Floor::Xtask, _) => false,
                (Floor::Testing, _) => true,
                (_, Floor::Testing) => purpose == Use::Tests,
                (own, below) => below <= own,
            };
            if !allowed {
                complaints.push(format!("{}: may not import `{name}` of {}", member.path, imported.path));
            }
        }
    }
    complaints
}

/// No domain imports a domain, not even in its tests: it is handed its neighbor's contract.
fn no_domain_imports_a_domain(tree: &Tree) -> Vec<String> {
    let members = members(tree);
    let is_domain = |name: &str| members.iter().any(|one| one.floor == Floor::Domains && one.name == name);
    let domains = members.iter().filter(|member| member.floor == Floor::Domains);
    domains
        .flat_map(|member| dependencies(&member.manifest).into_iter().map(move |entry| (member, entry)))
        .filter(|(_, (_, name, _))| is_domain(name))
        .map(|(member, (_, name, _))| format!("{}: a domain may not import the domain `{name}`", member.path))
        .collect()
}

/// A version stands in the root manifest and nowhere else.
fn versions_stand_in_the_root(tree: &Tree) -> Vec<String> {
    let mut complaints = Vec::new();
    for member in members(tree) {
        for (_, name, value) in dependencies(&member.manifest) {
            let shared = value.get("workspace").and_then(toml::Value::as_bool) == Some(true);
            if !shared {
                complaints.push(format!("{}: `{name}` must say `workspace = true`", member.path));
            }
        }
    }
    complaints
}

/// A crate bears its folder's name.
fn crates_bear_their_folders_name(tree: &Tree) -> Vec<String> {
    let members = members(tree).into_iter();
    members
        .filter(|member| !member.path.ends_with(&format!("{}/Cargo.toml", member.name)))
        .map(|member| format!("{}: the crate calls itself `{}`", member.path, member.name))
        .collect()
}

/// Every crate obeys the lints of the workspace.
fn lints_are_shared(tree: &Tree) -> Vec<String> {
    let members = members(tree).into_iter();
    let shares = |member: &Member| {
        let lints = member.manifest.get("lints").and_then(|lints| lints.get("workspace"));
        lints.and_then(toml::Value::as_bool) == Some(true)
    };
    members
        .filter(|member| !shares(member))
        .map(|member| format!("{}: `[lints] workspace = true` is missing", member.path))
        .collect()
}

const MONEY: (&str, &str) =
    ("crates/base/money/Cargo.toml", "[package]\nname = 'money'\n[lints]\nworkspace = true");
const LEDGER: (&str, &str) = (
    "crates/domains/ledger/Cargo.toml",
    "[package]\nname = 'ledger'\n[dependencies]\nmoney.workspace = true",
);
const KIT: (&str, &str) = ("crates/testing/testkit/Cargo.toml", "[package]\nname = 'testkit'");

#[test]
fn imports_run_downward_here() {
    holds(imports_run_downward);
}

#[test]
fn a_forbidden_import_is_found() {
    accepts(imports_run_downward, &[MONEY, LEDGER]);
    let upward =
        ("crates/platform/db/Cargo.toml", "[package]\nname = 'db'\n[dependencies]\nledger.workspace = true");
    catches(imports_run_downward, &[MONEY, LEDGER, upward], "may not import `ledger`");
    let hidden =
        "[package]\nname = 'db'\n[target.'cfg(unix)'.build-dependencies]\nledger = { workspace = true }";
    catches(imports_run_downward, &[LEDGER, ("crates/platform/db/Cargo.toml", hidden)], "`ledger`");
}

#[test]
fn testing_is_imported_by_tests_alone() {
    let in_tests = "[package]\nname = 'bank'\n[dev-dependencies]\ntestkit.workspace = true";
    accepts(imports_run_downward, &[KIT, ("crates/bank/Cargo.toml", in_tests)]);
    let in_earnest = "[package]\nname = 'bank'\n[dependencies]\ntestkit.workspace = true";
    catches(imports_run_downward, &[KIT, ("crates/bank/Cargo.toml", in_earnest)], "`testkit`");
    let xtask = "[package]\nname = 'xtask'\n[dependencies]\nmoney.workspace = true";
    catches(imports_run_downward, &[MONEY, ("xtask/Cargo.toml", xtask)], "`money`");
}

#[test]
fn no_domain_imports_a_domain_here() {
    holds(no_domain_imports_a_domain);
    let neighbor = "[package]\nname = 'payments'\n[dev-dependencies]\nledger.workspace = true";
    let files = [MONEY, LEDGER, ("crates/domains/payments/Cargo.toml", neighbor)];
    catches(no_domain_imports_a_domain, &files, "may not import the domain `ledger`");
}

#[test]
fn versions_stand_in_the_root_here() {
    holds(versions_stand_in_the_root);
    let own = "[package]\nname = 'ids'\n[dependencies]\nuuid = '1'";
    catches(versions_stand_in_the_root, &[("crates/base/ids/Cargo.toml", own)], "`uuid`");
}

#[test]
fn crates_bear_their_folders_name_here() {
    holds(crates_bear_their_folders_name);
    let other = "[package]\nname = 'yuanhang-ids'";
    catches(crates_bear_their_folders_name, &[("crates/base/ids/Cargo.toml", other)], "yuanhang-ids");
}

#[test]
fn lints_are_shared_here() {
    holds(lints_are_shared);
    accepts(lints_are_shared, &[MONEY]);
    catches(lints_are_shared, &[KIT], "testkit");
}
