//! What a source file may be called, how it begins, and what may not stand in it.

use super::{Tree, accepts, catches, holds, joined};

const CODE: &[&str] = &[".rs", ".ts", ".vue", ".mjs", ".sql", ".sh", ".css"];

/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &["common", "util", "utils", "helper", "helpers"];

/// Folders with code of the house; the rest is documents.
fn is_code(path: &str) -> bool {
    ["crates/", "xtask/", "web/"].iter().any(|folder| path.starts_with(folder))
}

/// A module with parts is `name.rs` beside `name/`, never `mod.rs`.
fn no_mod_rs(tree: &Tree) -> Vec<String> {
    let paths = tree.ending(&["/mod.rs"]).map(|(path, _)| path);
    paths.map(|path| format!("{path}: name the file after its module, beside the module's folder")).collect()
}

/// Nothing is called common, utils or helpers: shared code has a subject.
fn names_say_something(tree: &Tree) -> Vec<String> {
    let mut complaints = Vec::new();
    for path in tree.0.keys().filter(|path| is_code(path)) {
        let empty = path.split('/').map(|part| part.split('.').next().unwrap_or(part));
        if let Some(name) = empty.into_iter().find(|name| EMPTY_NAMES.contains(name)) {
            complaints.push(format!("{path}: `{name}` is no subject"));
        }
    }
    complaints
}

/// The first line of a file says what it is.
fn files_say_what_they_are(tree: &Tree) -> Vec<String> {
    let mut complaints = Vec::new();
    for (path, text) in tree.ending(CODE) {
        if path.contains("/generated/") {
            continue;
        }
        let mut lines = text.lines();
        let mut first = lines.next().unwrap_or("");
        let after_opening =
            (first.starts_with("#!") && !first.starts_with("#![")) || first.starts_with("<script");
        if after_opening {
            first = lines.next().unwrap_or("");
        }
        let extension = path.rsplit('.').next().unwrap_or("");
        let starts: &[&str] = match extension {
            "rs" => &["//! "],
            "ts" | "mjs" => &["// ", "/** ", "/* "],
            "css" => &["/* ", "/** "],
            "vue" => &["<!-- ", "// "],
            "sql" => &["-- "],
            _ => &["# "],
        };
        if !starts.iter().any(|start| first.starts_with(start) && first.len() > start.len() + 5) {
            complaints.push(format!("{path}: the first line must say what the file is (`{}…`)", starts[0]));
        }
    }
    complaints
}

/// Nothing is left for later: no stub, no ignored or skipped test, no reminder.
fn nothing_is_left_for_later(tree: &Tree) -> Vec<String> {
    let marks = [
        concat!("to", "do!("),
        concat!("unimple", "mented!("),
        concat!("#[ig", "nore"),
        concat!("test.on", "ly("),
        concat!("it.on", "ly("),
        concat!("describe.on", "ly("),
        concat!("test.sk", "ip("),
        concat!("it.sk", "ip("),
        concat!("describe.sk", "ip("),
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("XX", "X:"),
    ];
    forbidden(tree, CODE, &marks, "may not wait for later")
}

/// The tree names no machine's folders and no registry's hosts: it builds anywhere.
fn nothing_names_a_machine(tree: &Tree) -> Vec<String> {
    let marks = [
        concat!("/wo", "rk/"),
        concat!("/ro", "ot/"),
        concat!("/far", "m/"),
        concat!("/tm", "p/w/"),
        concat!("deb.debi", "an.org"),
        concat!("registry.npm", "js"),
        concat!("static.crat", "es.io"),
        concat!("index.crat", "es.io"),
        concat!("files.python", "hosted"),
        concat!("pypi.", "org"),
        concat!("\"resolved\": \"", "http"),
    ];
    let mut complaints = forbidden(tree, &[""], &marks, "names a machine or a registry");
    // Cargo's lock file names its registry by design.
    complaints.retain(|complaint| !complaint.starts_with("Cargo.lock"));
    complaints
}

fn forbidden(tree: &Tree, endings: &[&str], marks: &[&str], why: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    for (path, text) in tree.ending(endings) {
        for (number, line) in text.lines().enumerate() {
            if let Some(mark) = marks.iter().find(|mark| line.contains(**mark)) {
                complaints.push(format!("{path}:{}: `{mark}` {why}", number + 1));
            }
        }
    }
    complaints
}

/// A file is one room: what outgrows 600 lines is two (the aim is 400).
fn files_are_one_room(tree: &Tree) -> Vec<String> {
    let files = tree.ending(&[".rs", ".ts", ".vue"]).filter(|(path, _)| !path.contains("/generated/"));
    files
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > 600)
        .map(|(path, lines)| format!("{path}: {lines} lines are more than one room"))
        .collect()
}

/// Tests stand beside the code; only the scenarios have a folder `tests`.
fn tests_stand_beside_the_code(tree: &Tree) -> Vec<String> {
    let rust = tree.ending(&[".rs"]).map(|(path, _)| path);
    rust.filter(|path| path.starts_with("crates/") && !path.contains("/src/"))
        .filter(|path| !path.starts_with("crates/testing/scenarios/") && !path.ends_with("/build.rs"))
        .map(|path| format!("{path}: put it below src, beside what it tests"))
        .collect()
}

/// Fences in comments name a language that is not Rust: the test command runs no documentation tests, and code
/// that nobody runs goes stale.
fn fences_are_not_code(tree: &Tree) -> Vec<String> {
    let mut complaints = Vec::new();
    for (path, text) in tree.ending(&[".rs"]) {
        let mut open = false;
        for (number, line) in text.lines().enumerate() {
            let line = line.trim_start();
            let Some(comment) = line.strip_prefix("///").or_else(|| line.strip_prefix("//!")) else {
                continue;
            };
            let Some(language) = comment.trim().strip_prefix("```") else { continue };
            if !open && !["text", "json", "sql", "toml", "sh", "http"].contains(&language) {
                complaints.push(format!("{path}:{}: fences are `text`, not code", number + 1));
            }
            open = !open;
        }
    }
    complaints
}

/// In the pages, a feature imports no other feature, and a package imports no app.
fn pages_keep_to_their_rooms(tree: &Tree) -> Vec<String> {
    let mut complaints = Vec::new();
    for (path, text) in tree.ending(&[".ts", ".vue"]).filter(|(path, _)| path.starts_with("web/")) {
        let own = path.split_once("/features/").and_then(|(_, rest)| rest.split('/').next());
        for (number, line) in text.lines().enumerate() {
            let Some(target) = imported(line) else { continue };
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let whole = if target.starts_with('.') { joined(folder, target) } else { target.to_owned() };
            let other = whole.split_once("features/").and_then(|(_, rest)| rest.split('/').next());
            let sideways = matches!((own, other), (Some(own), Some(other)) if own != other);
            let upward = path.starts_with("web/packages/")
                && (whole.contains("web/apps/")
                    || ["@yuanhang/customer", "@yuanhang/console"].contains(&target));
            if sideways || upward {
                complaints.push(format!("{path}:{}: may not import `{target}`", number + 1));
            }
        }
    }
    complaints
}

/// The quoted target of `import … from '…'`, `import '…'` or `import('…')` on this line.
fn imported(line: &str) -> Option<&str> {
    let (_, after) = line
        .split_once(" from ")
        .or_else(|| line.split_once("import("))
        .or_else(|| line.trim_start().strip_prefix("import ").map(|rest| ("", rest)))?;
    let quote = after.trim_start().chars().next().filter(|first| ['\'', '"'].contains(first))?;
    after.trim_start().get(1..)?.split(quote).next()
}

#[test]
fn no_mod_rs_here() {
    holds(no_mod_rs);
    catches(no_mod_rs, &[("crates/base/money/src/rate/mod.rs", "//! Rates.")], "rate/mod.rs");
}

#[test]
fn names_say_something_here() {
    holds(names_say_something);
    catches(names_say_something, &[("crates/platform/http/src/helpers.rs", "")], "`helpers`");
    catches(names_say_something, &[("web/packages/utils/src/index.ts", "")], "`utils`");
}

#[test]
fn files_say_what_they_are_here() {
    holds(files_say_what_they_are);
    accepts(
        files_say_what_they_are,
        &[
            ("a.rs", "//! Amounts of money.\n"),
            ("b.sh", "#!/bin/sh\n# Starts the bank.\n"),
            ("c.vue", "<script setup lang=\"ts\">\n// A badge with its tone.\n"),
        ],
    );
    accepts(files_say_what_they_are, &[("web/packages/api/src/generated/schema.ts", "export type A = 1\n")]);
    for path in ["a.rs", "a.ts", "a.vue", "a.sql", "a.sh"] {
        catches(files_say_what_they_are, &[(path, "use std::fmt;\n")], "what the file is");
    }
}

#[test]
fn nothing_is_left_for_later_here() {
    holds(nothing_is_left_for_later);
    catches(nothing_is_left_for_later, &[("a.rs", concat!("fn pay() { to", "do!() }"))], "a.rs:1");
    catches(nothing_is_left_for_later, &[("a.rs", concat!("\n#[ig", "nore]"))], "a.rs:2");
    catches(nothing_is_left_for_later, &[("a.ts", concat!("test.sk", "ip('pays')"))], "a.ts:1");
}

#[test]
fn nothing_names_a_machine_here() {
    holds(nothing_names_a_machine);
    let lock = concat!("\"resolved\": \"", "https://example.net/a.tgz\"");
    catches(nothing_names_a_machine, &[("web/package-lock.json", lock)], "package-lock.json:1");
    catches(nothing_names_a_machine, &[("README.md", concat!("cd /wo", "rk/yuanhang"))], "README.md:1");
}

#[test]
fn files_are_one_room_here() {
    holds(files_are_one_room);
    catches(files_are_one_room, &[("a.rs", "//! Long.\n".repeat(601).as_str())], "601 lines");
}

#[test]
fn tests_stand_beside_the_code_here() {
    holds(tests_stand_beside_the_code);
    catches(tests_stand_beside_the_code, &[("crates/base/money/tests/sum.rs", "")], "money/tests");
}

#[test]
fn fences_are_not_code_here() {
    holds(fences_are_not_code);
    accepts(fences_are_not_code, &[("a.rs", "/// ```text\n/// a\n/// ```\n/// ```json\n/// ```\n")]);
    catches(fences_are_not_code, &[("a.rs", "/// ```\n/// let a = 1;\n/// ```\n")], "a.rs:1");
}

#[test]
fn pages_keep_to_their_rooms_here() {
    holds(pages_keep_to_their_rooms);
    let page = "web/apps/customer/src/features/payments/TransferPage.vue";
    accepts(pages_keep_to_their_rooms, &[(page, "import A from '@/features/payments/words'")]);
    catches(pages_keep_to_their_rooms, &[(page, "import A from '@/features/accounts/words'")], "accounts");
    catches(pages_keep_to_their_rooms, &[(page, "const a = () => import('../identity/words')")], "identity");
    let package = "web/packages/ui/src/index.ts";
    catches(
        pages_keep_to_their_rooms,
        &[(package, "import '../../../apps/customer/src/main'")],
        "apps/customer",
    );
}
