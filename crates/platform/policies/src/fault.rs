//! What is wrong with policies: where, and what to do.

use std::fmt;

use miette::Diagnostic;

/// Something wrong in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file's name, without its folder; or the folder, where it cannot be read.
    pub file: String,
    /// The line, from 1; `None` where the whole file is meant.
    pub line: Option<usize>,
    /// What is wrong.
    pub what: String,
    /// What to do about it; may be empty.
    pub help: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.what)?;
        if self.help.is_empty() { Ok(()) } else { write!(f, "; {}", self.help) }
    }
}

/// Why policies do not come into force. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the policies have faults:")?;
        self.0.iter().try_for_each(|fault| write!(f, "\n  {fault}"))
    }
}

impl std::error::Error for Faults {}

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Self {
        Self(vec![fault])
    }
}

impl Fault {
    /// Of a file as a whole.
    pub(crate) fn of_file(file: &str, what: impl Into<String>, help: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line: None, what: what.into(), help: help.into() }
    }

    /// At a line, from 1.
    pub(crate) fn at(file: &str, line: usize, what: impl Into<String>, help: impl Into<String>) -> Self {
        Self { line: Some(line), ..Self::of_file(file, what, help) }
    }

    /// What Cedar says of `text`; `line` where it does not say where.
    pub(crate) fn told(file: &str, text: &str, said: &dyn Diagnostic, line: Option<usize>) -> Self {
        let label = said.labels().and_then(|mut labels| labels.next());
        let at = label.as_ref().map(|label| line_of(text, label.offset()));
        let mut what = said.to_string();
        if let Some(label) = label.as_ref().and_then(|label| label.label()) {
            what = format!("{what} ({label})");
        }
        let help = said.help().map(|help| help.to_string()).unwrap_or_default();
        Self { file: file.to_owned(), line: at.or(line), what, help }
    }
}

/// The line, from 1, of the byte at `offset`.
pub(crate) fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

/// What Cedar says of `text`, each thing apart.
pub(crate) fn all_told(file: &str, text: &str, said: &dyn Diagnostic) -> Faults {
    let further = said.related().into_iter().flatten();
    let mut faults = vec![Fault::told(file, text, said, None)];
    faults.extend(further.map(|said| Fault::told(file, text, said, None)));
    Faults(faults)
}
