//! Why settings were refused.

use std::fmt;

/// Everything that is wrong with the settings, in the order of the file. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsRefused {
    /// The faults.
    pub faults: Vec<Fault>,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file as it was named, or `--set` for a key from the command line.
    pub file: String,
    /// The line, from 1; 0 where no line is to blame.
    pub line: usize,
    /// The key with its sections, `http.listen`; empty where no key is to blame.
    pub key: String,
    /// What is wrong.
    pub problem: String,
    /// What to do about it; may be empty.
    pub advice: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        f.write_str(": ")?;
        if !self.key.is_empty() {
            write!(f, "`{}` ", self.key)?;
        }
        f.write_str(&self.problem)?;
        if !self.advice.is_empty() {
            write!(f, "; {}", self.advice)?;
        }
        Ok(())
    }
}

impl fmt::Display for SettingsRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, fault) in self.faults.iter().enumerate() {
            if at > 0 {
                f.write_str("\n")?;
            }
            fault.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for SettingsRefused {}
