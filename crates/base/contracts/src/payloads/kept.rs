//! The kept files: one for each release, a sample on each line.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::Line;

/// Set to `1`, what is missing is appended to the file of this release.
pub(super) const KEEP: &str = "YUANHANG_KEEP_PAYLOADS";

/// A kept line and where it stands.
pub(super) struct Kept {
    /// `payloads/0.1.0.ndjson:12`.
    pub(super) place: String,
    pub(super) line: Line,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("payloads")
}

/// The lines of every release. In the folder is nothing else.
pub(super) fn every_line() -> Vec<Kept> {
    let files = fs::read_dir(folder()).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    files.flat_map(|name| lines_of(name.strip_suffix(".ndjson").unwrap())).collect()
}

/// The lines of one release; none where it has no file yet.
pub(super) fn lines_of(release: &str) -> Vec<Kept> {
    let text = fs::read_to_string(folder().join(format!("{release}.ndjson"))).unwrap_or_default();
    let lines = text.lines().enumerate().map(|(number, text)| {
        let place = format!("payloads/{release}.ndjson:{}", number + 1);
        let line = serde_json::from_str(text).unwrap_or_else(|error| panic!("{place}: {error}"));
        Kept { place, line }
    });
    lines.collect()
}

/// Appends to the file of a release.
pub(super) fn append(release: &str, lines: &[&Line]) {
    let path = folder().join(format!("{release}.ndjson"));
    let mut file = fs::OpenOptions::new().create(true).append(true).open(path).unwrap();
    for line in lines {
        writeln!(file, "{}", serde_json::to_string(line).unwrap()).unwrap();
    }
}
