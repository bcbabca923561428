//! Builds the pages that the binary embeds, only when their sources changed.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::child;
use crate::house::{self, Phase};
use crate::{Outcome, system};

/// Folders below `web` that are results or tests, never sources of a page.
const NOT_SOURCES: &[&str] = &["node_modules", "dist", "e2e", "test-results", "playwright-report"];

/// `cargo xtask web`.
pub(crate) fn run(words: &[String]) -> Outcome<bool> {
    if let Some(word) = words.first() {
        return Err(format!("`cargo xtask web` takes no `{word}`").into());
    }
    system::prepare_build()?;
    build()?;
    Ok(true)
}

/// The folder of all pages.
pub(crate) fn folder() -> PathBuf {
    house::root().join("web")
}

/// An npm command in the web folder.
pub(crate) fn npm() -> Command {
    let mut command = Command::new("npm");
    command.current_dir(folder()).env("NO_UPDATE_NOTIFIER", "1");
    if !house::is_watched() {
        command.env("NO_COLOR", "1");
    }
    command
}

/// Installs exactly what the lock file names, if that is not what is installed.
pub(crate) fn install() -> Outcome<()> {
    let inputs = digest(&folder(), &|path| {
        matches!(
            path.file_name().and_then(|name| name.to_str()),
            Some("package.json" | "package-lock.json" | ".npmrc")
        )
    })?;
    let stamp = folder().join("node_modules").join(".installed");
    if stands(&stamp, inputs) {
        return Ok(());
    }
    let phase = Phase::start("npm ci");
    child::must(npm().args(["ci", "--no-progress"]))?;
    std::fs::write(&stamp, inputs.to_string())?;
    phase.end();
    Ok(())
}

/// Installs and builds what changed.
pub(crate) fn build() -> Outcome<()> {
    install()?;
    let inputs = digest(&folder(), &|_| true)?;
    let stamp = house::target().join("xtask").join("pages-built");
    if stands(&stamp, inputs) && apps()?.iter().all(|app| app.join("dist/index.html").is_file()) {
        return Ok(());
    }
    let phase = Phase::start("building the pages");
    child::must(npm().args(["run", "--silent", "build"]))?;
    if let Some(parent) = stamp.parent() {
        std::fs::create_dir_all(parent)?;
    }
    std::fs::write(&stamp, inputs.to_string())?;
    phase.end();
    Ok(())
}

fn apps() -> Outcome<Vec<PathBuf>> {
    let mut apps = Vec::new();
    for entry in std::fs::read_dir(folder().join("apps"))? {
        apps.push(entry?.path());
    }
    Ok(apps)
}

fn stands(stamp: &Path, inputs: u64) -> bool {
    std::fs::read_to_string(stamp).is_ok_and(|text| text == inputs.to_string())
}

/// One number for the names and contents of the chosen source files. It only decides whether to build again, so
/// a fast hash will do.
fn digest(folder: &Path, chosen: &dyn Fn(&Path) -> bool) -> Outcome<u64> {
    let mut files = BTreeMap::new();
    gather(folder, chosen, &mut files)?;
    let mut hasher = DefaultHasher::new();
    files.hash(&mut hasher);
    Ok(hasher.finish())
}

fn gather(
    folder: &Path,
    chosen: &dyn Fn(&Path) -> bool,
    files: &mut BTreeMap<PathBuf, Vec<u8>>,
) -> Outcome<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            let name = entry.file_name();
            if !NOT_SOURCES.iter().any(|skipped| name == *skipped) {
                gather(&path, chosen, files)?;
            }
        } else if chosen(&path) {
            files.insert(path.clone(), std::fs::read(&path)?);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_source_changes_the_digest_and_a_result_does_not() {
        let folder = std::env::temp_dir().join(format!("yuanhang-digest-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("dist")).unwrap();
        let all = |folder: &Path| digest(folder, &|_| true).unwrap();
        std::fs::write(folder.join("a.ts"), "1").unwrap();
        let first = all(&folder);
        std::fs::write(folder.join("dist/a.js"), "1").unwrap();
        assert_eq!(all(&folder), first, "what the build writes is not its input");
        std::fs::write(folder.join("a.ts"), "2").unwrap();
        let second = all(&folder);
        assert_ne!(second, first, "a source changed");
        std::fs::rename(folder.join("a.ts"), folder.join("b.ts")).unwrap();
        assert_ne!(all(&folder), second, "a source was renamed");
        std::fs::remove_dir_all(folder).unwrap();
    }
}
