//! What is closed for maintenance: read from a file, which may change while the bank runs, and told to whoever wants it.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use clock::{Clock, Timestamp};
use http::Consequence;
use serde::Deserialize;

use crate::config::Class;
use crate::door::profiles::Profile;
use crate::model::maintenance::{self, Switch, Wanted};

/// How long callers are asked to wait where nobody knows how long it takes, seconds.
const WAIT_UNKNOWN_S: u64 = 300;

/// The file: a list of switches.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    switch: Vec<Line>,
}

/// One switch as the file writes it.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Line {
    features: Vec<String>,
    operations: Vec<String>,
    reading_open: bool,
    from: Option<Timestamp>,
    until: Option<Timestamp>,
    zh: String,
    en: String,
}

impl Default for Line {
    fn default() -> Self {
        let (features, operations, text) = (Vec::new(), Vec::new(), String::new());
        Self { features, operations, reading_open: true, from: None, until: None, zh: text.clone(), en: text }
    }
}

/// Why the file closes nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FileRefused {
    /// It cannot be read.
    #[error("it cannot be read: {0}")]
    Unreadable(String),
    /// It is no list of switches.
    #[error("{0}")]
    Malformed(String),
    /// A switch names neither features nor operations.
    #[error("switch {0} names neither `features` nor `operations`")]
    NothingNamed(usize),
    /// A switch ends before it begins.
    #[error("switch {0} ends before it begins")]
    NeverOn(usize),
}

/// What is closed now.
pub(crate) struct Maintenance {
    file: Option<PathBuf>,
    clock: Arc<dyn Clock>,
    switches: RwLock<Arc<[Switch]>>,
    /// What the last look found, where that is not in force.
    seen: Mutex<Option<Result<Vec<Switch>, FileRefused>>>,
}

impl Maintenance {
    /// What `file` closes at the start.
    ///
    /// # Errors
    /// [`FileRefused`]: the bank does not start, rather than open what should be closed.
    pub(crate) fn open(file: Option<PathBuf>, clock: Arc<dyn Clock>) -> Result<Self, FileRefused> {
        let new = Self { file, clock, switches: RwLock::new(Arc::new([])), seen: Mutex::default() };
        if let Some(found) = new.read() {
            new.put(found?);
        }
        Ok(new)
    }

    /// Closes what `switches` say from now on, and nothing else.
    pub(crate) fn put(&self, switches: Vec<Switch>) {
        metrics::gauge!("gateway_maintenance_switches")
            .set(u32::try_from(switches.len()).unwrap_or(u32::MAX));
        *self.switches.write().unwrap_or_else(PoisonError::into_inner) = switches.into();
    }

    fn standing(&self) -> Arc<[Switch]> {
        Arc::clone(&self.switches.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn read(&self) -> Option<Result<Vec<Switch>, FileRefused>> {
        let text = match std::fs::read_to_string(self.file.as_ref()?) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Some(Err(FileRefused::Unreadable(error.to_string()))),
        };
        Some(parse(&text))
    }

    /// Looks at the file. What it says comes into force where the look before found the same: a copy in progress, which
    /// may lack what closes, does not.
    pub(crate) fn look(&self) {
        let Some(found) = self.read() else { return };
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if found.as_deref() == Ok(&*self.standing()) {
            *seen = None;
            return;
        }
        let before = seen.replace(found.clone());
        match found {
            // A refused one is told once: the look that found the same before has said so, or settled it.
            Err(_) if before.as_ref() == Some(&found) => {}
            Err(why) => {
                metrics::counter!("gateway_maintenance_refused").increment(1);
                tracing::error!(%why, "the maintenance file is refused; what was closed before stays so");
            }
            Ok(switches) if before.as_ref() == Some(&Ok(switches.clone())) => {
                tracing::info!(switches = switches.len(), "the maintenance file has changed and is in force");
                self.put(switches);
                *seen = None;
            }
            Ok(_) => {}
        }
    }

    /// The answer to whoever wants what is closed.
    pub(super) fn refusal(&self, profile: &Profile, method: &str, path: &str) -> Option<Consequence> {
        let switches = self.standing();
        if switches.is_empty() {
            return None;
        }
        let wanted = Wanted {
            service: profile.service(),
            operation: &profile.operation,
            method,
            path,
            protects: profile.class == Class::Protective,
        };
        let now = self.clock.now();
        maintenance::closed(&switches, &wanted, now).map(|switch| consequence(switch, now))
    }
}

fn parse(text: &str) -> Result<Vec<Switch>, FileRefused> {
    let malformed = |error: toml::de::Error| FileRefused::Malformed(error.to_string().trim_end().to_owned());
    let file: File = toml::from_str(text).map_err(malformed)?;
    let mut switches = Vec::with_capacity(file.switch.len());
    for (at, line) in file.switch.into_iter().enumerate() {
        let Line { features, operations, reading_open, from, until, zh, en } = line;
        if features.is_empty() && operations.is_empty() {
            return Err(FileRefused::NothingNamed(at + 1));
        }
        if from.zip(until).is_some_and(|(from, until)| until <= from) {
            return Err(FileRefused::NeverOn(at + 1));
        }
        switches.push(Switch { features, operations, reading_open, from, until, zh, en });
    }
    Ok(switches)
}

fn consequence(switch: &Switch, now: Timestamp) -> Consequence {
    let (zh, en) = match switch.until {
        Some(until) => {
            let until = clock::minute(until);
            (
                format!("该功能正在维护，预计 {until}（北京时间）恢复，请届时再试。"),
                format!(
                    "This is closed for maintenance until {until} (Beijing time). Please try again then."
                ),
            )
        }
        None => (
            "该功能正在维护，请稍后再试。".to_owned(),
            "This is closed for maintenance. Please try again later.".to_owned(),
        ),
    };
    let said = |own: &str, usual: String| if own.is_empty() { usual } else { own.to_owned() };
    let left = switch.until.map(|until| until.duration_since(now).as_secs().max(0).unsigned_abs() + 1);
    let told = Consequence::new(503, "maintenance", said(&switch.zh, zh), said(&switch.en, en))
        .retry_after_s(left.unwrap_or(WAIT_UNKNOWN_S));
    switch.until.map_or(told.clone(), |until| told.with("until", until.to_string()))
}

#[cfg(test)]
mod tests;
