//! The rules of the house, as tests: each rule reads the tree and returns what breaks it.
//!
//! A rule is a function from a [`Tree`] to complaints. Every rule is run twice: over the real tree, where it must
//! find nothing, and over a small made-up tree that breaks it, where it must find exactly that.

use std::collections::BTreeMap;
use std::path::Path;

mod layers;
mod licenses;
mod map;
mod migrations;
mod sources;
mod writing;

/// Folders that hold results, never sources.
const NOT_SOURCES: &[&str] =
    &[".git", "target", "node_modules", "dist", "test-results", "playwright-report", "yuanhang-data"];

/// Every text of the repository by its path from the root, with `/` between names.
struct Tree(BTreeMap<String, String>);

impl Tree {
    /// The repository itself. Files that are not text have an empty text.
    fn real() -> Tree {
        let root = crate::house::root();
        let mut files = BTreeMap::new();
        gather(&root, &root, &mut files);
        assert!(files.len() > 100, "the tree is read");
        Tree(files)
    }

    /// A made-up tree.
    fn of(files: &[(&str, &str)]) -> Tree {
        Tree(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect())
    }

    fn text(&self, path: &str) -> &str {
        self.0.get(path).map_or("", String::as_str)
    }

    /// Paths and texts of the files with one of these endings.
    fn ending<'a>(&'a self, endings: &'a [&'a str]) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0
            .iter()
            .filter(|(path, _)| endings.iter().any(|ending| path.ends_with(ending)))
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Whether a file or a folder stands there.
    fn has(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        let folder = format!("{path}/");
        self.0.contains_key(path) || self.0.keys().any(|known| known.starts_with(&folder))
    }
}

fn gather(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let path = entry.path();
        let name = entry.file_name().into_string().unwrap();
        if entry.file_type().unwrap().is_dir() {
            if !NOT_SOURCES.contains(&name.as_str()) {
                gather(root, &path, files);
            }
        } else if !name.ends_with(".log") {
            let from_root = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            files.insert(from_root, std::fs::read_to_string(&path).unwrap_or_default());
        }
    }
}

/// Resolves `..` and `.` against a folder of the tree.
fn joined(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            ".." => {
                parts.pop();
            }
            "." | "" => {}
            name => parts.push(name),
        }
    }
    parts.join("/")
}

/// The rule finds nothing in the real tree.
#[track_caller]
fn holds(rule: fn(&Tree) -> Vec<String>) {
    let complaints = rule(&Tree::real());
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

/// The rule finds one fault, and names it with these words.
#[track_caller]
fn catches(rule: fn(&Tree) -> Vec<String>, files: &[(&str, &str)], words: &str) {
    let complaints = rule(&Tree::of(files));
    assert!(
        matches!(complaints.as_slice(), [only] if only.contains(words)),
        "expected one complaint with `{words}`, got {complaints:?}"
    );
}

/// The rule accepts this made-up tree.
#[track_caller]
fn accepts(rule: fn(&Tree) -> Vec<String>, files: &[(&str, &str)]) {
    let complaints = rule(&Tree::of(files));
    assert!(complaints.is_empty(), "expected no complaint, got {complaints:?}");
}
