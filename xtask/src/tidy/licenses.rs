//! What the house is built from may be given on under Apache-2.0.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

/// Licenses that ask for no more than their notice; the OFL is the fonts' one.
const PERMISSIVE: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BlueOak-1.0.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "OFL-1.1",
    "Python-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Fine for a tool that never reaches a customer: what it builds does not carry it.
const TOOLS_ONLY: &[&str] = &["MPL-2.0", "CC-BY-4.0"];

/// Whether an SPDX expression (`A OR B`, `A AND (B OR C)`, the older `A/B`) can be met with the allowed licenses.
fn is_met(expression: &str, allowed: &[&str]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut words: Vec<&str> = spaced.split_whitespace().rev().collect();
    let met = either(&mut words, allowed);
    met && words.is_empty()
}

fn either(words: &mut Vec<&str>, allowed: &[&str]) -> bool {
    let mut met = both(words, allowed);
    while words.last() == Some(&"OR") {
        words.pop();
        met |= both(words, allowed);
    }
    met
}

fn both(words: &mut Vec<&str>, allowed: &[&str]) -> bool {
    let mut met = one(words, allowed);
    while words.last() == Some(&"AND") {
        words.pop();
        met &= one(words, allowed);
    }
    met
}

fn one(words: &mut Vec<&str>, allowed: &[&str]) -> bool {
    match words.pop() {
        Some("(") => {
            let met = either(words, allowed);
            words.pop() == Some(")") && met
        }
        Some(license) if words.last() == Some(&"WITH") => {
            words.pop();
            let exception = words.pop().unwrap_or("");
            allowed.contains(&format!("{license} WITH {exception}").as_str())
        }
        Some(license) => allowed.contains(&license),
        None => false,
    }
}

/// Crates outside the house whose license is not permissive, from what `cargo metadata` prints.
fn crates_with_other_licenses(metadata: &Value) -> Vec<String> {
    let ours: BTreeSet<&str> = list(metadata, "workspace_members").filter_map(Value::as_str).collect();
    list(metadata, "packages")
        .filter(|package| !ours.contains(text(package, "id")))
        .filter(|package| !is_met(text(package, "license"), PERMISSIVE))
        .map(|package| format!("{}: license `{}`", text(package, "name"), text(package, "license")))
        .collect()
}

/// Packages of the pages whose license is not permissive, from npm's lock file; tools may be a little stricter.
fn packages_with_other_licenses(lock: &Value) -> Vec<String> {
    let packages = lock.get("packages").and_then(Value::as_object);
    let mut complaints = Vec::new();
    for (path, package) in packages.into_iter().flatten() {
        let ours = !path.contains("node_modules/") || package.get("link").is_some();
        let tool = package.get("dev").is_some() || package.get("devOptional").is_some();
        let license = text(package, "license");
        let allowed = if tool { [PERMISSIVE, TOOLS_ONLY].concat() } else { PERMISSIVE.to_vec() };
        if !ours && !is_met(license, &allowed) {
            complaints.push(format!("{path}: license `{license}`"));
        }
    }
    complaints
}

fn list<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    value.get(name).and_then(Value::as_array).into_iter().flatten()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or("")
}

#[test]
fn crates_are_permissive() {
    let mut command = Command::new("cargo");
    command.current_dir(crate::house::root());
    let printed = crate::child::ask(command.args(["metadata", "--format-version=1", "--locked"])).unwrap();
    let metadata: Value = serde_json::from_str(&printed).unwrap();
    assert!(list(&metadata, "packages").count() > 50, "the metadata is read");
    assert_eq!(crates_with_other_licenses(&metadata), Vec::<String>::new());
}

#[test]
fn packages_of_the_pages_are_permissive() {
    let lock = std::fs::read_to_string(crate::house::root().join("web/package-lock.json")).unwrap();
    let lock: Value = serde_json::from_str(&lock).unwrap();
    assert!(lock.get("packages").and_then(Value::as_object).unwrap().len() > 50, "the lock file is read");
    assert_eq!(packages_with_other_licenses(&lock), Vec::<String>::new());
}

#[test]
fn a_foreign_license_is_found() {
    let metadata = serde_json::json!({
        "workspace_members": ["money"],
        "packages": [
            { "id": "money", "name": "money" },
            { "id": "serde", "name": "serde", "license": "MIT OR Apache-2.0" },
            { "id": "copyleft", "name": "copyleft", "license": "GPL-3.0-only" },
        ],
    });
    assert_eq!(crates_with_other_licenses(&metadata), ["copyleft: license `GPL-3.0-only`"]);
    let lock = serde_json::json!({
        "packages": {
            "": { "license": "Apache-2.0" },
            "node_modules/vue": { "license": "MIT" },
            "node_modules/axe-core": { "license": "MPL-2.0", "dev": true },
            "node_modules/shipped": { "license": "MPL-2.0" },
        },
    });
    assert_eq!(packages_with_other_licenses(&lock), ["node_modules/shipped: license `MPL-2.0`"]);
}

#[test]
fn license_expressions_are_read() {
    for (expression, expected) in [
        ("MIT", true),
        ("MIT/Apache-2.0", true),
        ("GPL-2.0 OR MIT", true),
        ("MIT AND GPL-2.0", false),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
        ("(MIT AND GPL-2.0) OR GPL-3.0", false),
        ("Apache-2.0 WITH LLVM-exception OR GPL-2.0", true),
        ("Apache-2.0 WITH Classpath-exception", false),
        ("", false),
    ] {
        assert_eq!(is_met(expression, PERMISSIVE), expected, "{expression}");
    }
}
