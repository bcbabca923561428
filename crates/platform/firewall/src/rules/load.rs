//! Reads a folder of rules, such as the one of the OWASP Core Rule Set.

use std::collections::HashMap;
use std::path::Path;

use super::{LoadFailed, Rules};
use crate::seclang::directives;

/// Rule files and what they name, in memory.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// Names and texts of `*.conf`, in the order in which they are applied.
    pub rules: Vec<(String, String)>,
    /// Texts of the files of phrases, by name.
    pub phrases: HashMap<String, String>,
}

impl Sources {
    /// Reads `*.conf` (in the order of their names) and `*.data` of a folder.
    ///
    /// # Errors
    /// [`LoadFailed::Read`], [`LoadFailed::Empty`].
    pub fn of_folder(folder: &Path) -> Result<Self, LoadFailed> {
        let failed = |path: &Path, source| LoadFailed::Read { path: path.display().to_string(), source };
        let entries = std::fs::read_dir(folder).map_err(|source| failed(folder, source))?;
        let mut paths: Vec<_> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
        paths.sort();
        let mut sources = Self::default();
        for path in paths {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let read = || std::fs::read(&path).map_err(|source| failed(&path, source));
            match path.extension().and_then(|extension| extension.to_str()) {
                Some("conf") => sources.rules.push((name, String::from_utf8_lossy(&read()?).into_owned())),
                Some("data") => {
                    sources.phrases.insert(name, String::from_utf8_lossy(&read()?).into_owned());
                }
                _ => {}
            }
        }
        if sources.rules.is_empty() {
            return Err(LoadFailed::Empty(folder.display().to_string()));
        }
        Ok(sources)
    }
}

impl Rules {
    /// Compiles rules.
    ///
    /// # Errors
    /// [`LoadFailed`]: what is not known is refused with its place.
    pub fn load(sources: &Sources) -> Result<Self, LoadFailed> {
        let mut all = Vec::new();
        for (name, text) in &sources.rules {
            all.extend(directives(name, text)?);
        }
        super::compile::compile(all, &sources.phrases)
    }
}
