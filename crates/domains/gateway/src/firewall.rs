//! The firewall at the door: which rules hold for which path, and what they found of late.

mod exceptions;
mod recent;

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use firewall::{Findings, Mode, Policy, Request, Rules, Sources};

use crate::config::{FirewallMode, FirewallSettings};
use exceptions::Exceptions;
pub use recent::{Event, Part, Recent};

/// Where Debian's package `modsecurity-crs` puts the rules.
const OF_DEBIAN: &str = "/usr/share/modsecurity-crs/rules";

/// Looks for attacks in requests.
pub trait Inspector: Send + Sync {
    /// What it finds in a request; `None` where it does not look at all.
    fn inspect(&self, path: &str, request: &Request<'_>) -> Option<Findings>;
}

/// Why the firewall cannot be used as it is set.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// The rules are not what they should be.
    #[error("the rules of the firewall (`gateway.firewall.rules`) cannot be used")]
    Rules(#[source] firewall::LoadFailed),
    /// The exceptions are not what they should be.
    #[error("the exceptions of the firewall (`gateway.firewall.exceptions`) cannot be used: {0}")]
    Exceptions(String),
}

/// How it stands.
struct Standing {
    /// The text of the exceptions in force.
    text: String,
    /// Beginnings of paths, the longest first, with how rules are applied below them. The last is empty: everything.
    places: Vec<(String, Policy)>,
}

/// Rules with the exceptions in force.
pub struct Firewall {
    settings: FirewallSettings,
    rules: Option<Rules>,
    standing: RwLock<Arc<Standing>>,
    /// What was found of late.
    pub recent: Recent,
}

impl Firewall {
    /// Reads rules and exceptions.
    ///
    /// # Errors
    /// [`Unusable`].
    pub fn open(settings: &FirewallSettings) -> Result<Self, Unusable> {
        let rules = match (settings.mode, &settings.rules) {
            (FirewallMode::Off, _) => None,
            (_, Some(folder)) => Some(load(folder)?),
            (_, None) if Path::new(OF_DEBIAN).is_dir() => Some(load(Path::new(OF_DEBIAN))?),
            (_, None) => {
                tracing::warn!(
                    "there are no rules for the firewall: install `modsecurity-crs` or set `gateway.firewall.rules`"
                );
                None
            }
        };
        let text = text(settings.exceptions.as_ref()).map_err(Unusable::Exceptions)?;
        let standing = standing(settings, rules.as_ref(), text).map_err(Unusable::Exceptions)?;
        if let Some(rules) = &rules {
            for inert in rules.inert() {
                tracing::info!(rule.id = inert.id, why = inert.why, "a rule of the firewall is not applied");
            }
            metrics::gauge!("gateway_firewall_rules").set(u32::try_from(rules.len()).unwrap_or(u32::MAX));
        }
        Ok(Self {
            settings: settings.clone(),
            rules,
            standing: RwLock::new(Arc::new(standing)),
            recent: Recent::default(),
        })
    }

    /// Rules to be tried out, everywhere alike and without exceptions; `variables` are those of the rule set.
    ///
    /// # Errors
    /// [`Unusable`].
    pub fn trial(
        folder: Option<&Path>,
        mode: FirewallMode,
        variables: &[(&str, &str)],
    ) -> Result<Self, Unusable> {
        let rules = load(folder.unwrap_or_else(|| Path::new(OF_DEBIAN)))?;
        let mode_of_rules = if mode == FirewallMode::Block { Mode::Block } else { Mode::Detect };
        let usual = self::variables("1", "5");
        let usual = usual.iter().map(|(name, value)| (*name, value.as_str()));
        let all: Vec<(&str, &str)> = usual.chain(variables.iter().copied()).collect();
        let policy = rules
            .policy(mode_of_rules, &all, &[])
            .map_err(|error| Unusable::Exceptions(error.to_string()))?;
        let standing = Standing { text: String::new(), places: vec![(String::new(), policy)] };
        Ok(Self {
            settings: FirewallSettings { mode, ..FirewallSettings::default() },
            rules: Some(rules),
            standing: RwLock::new(Arc::new(standing)),
            recent: Recent::default(),
        })
    }

    /// The rules; `None` where nothing is looked at.
    #[must_use]
    pub const fn rules(&self) -> Option<&Rules> {
        self.rules.as_ref()
    }

    /// Looks at the file of exceptions: a changed one without fault comes into force.
    pub fn look(&self) {
        if self.settings.exceptions.is_none() {
            return;
        }
        let now = Arc::clone(&self.standing.read().unwrap_or_else(PoisonError::into_inner));
        let found = text(self.settings.exceptions.as_ref()).and_then(|text| {
            let changed = text != now.text;
            changed.then(|| standing(&self.settings, self.rules.as_ref(), text)).transpose()
        });
        match found {
            Ok(None) => {}
            Ok(Some(standing)) => {
                tracing::info!("changed exceptions of the firewall are in force");
                *self.standing.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(standing);
            }
            Err(why) => {
                tracing::error!(why, "changed exceptions of the firewall are refused; those before hold")
            }
        }
    }
}

impl Inspector for Firewall {
    fn inspect(&self, path: &str, request: &Request<'_>) -> Option<Findings> {
        let rules = self.rules.as_ref()?;
        let standing = Arc::clone(&self.standing.read().unwrap_or_else(PoisonError::into_inner));
        let (_, policy) = standing.places.iter().find(|(begins, _)| path.starts_with(begins.as_str()))?;
        Some(rules.inspect(request, policy))
    }
}

fn load(folder: &Path) -> Result<Rules, Unusable> {
    Sources::of_folder(folder).and_then(|sources| Rules::load(&sources)).map_err(Unusable::Rules)
}

fn text(file: Option<&PathBuf>) -> Result<String, String> {
    file.map_or_else(
        || Ok(exceptions::BUILT_IN.to_owned()),
        |file| std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display())),
    )
}

fn standing(settings: &FirewallSettings, rules: Option<&Rules>, text: String) -> Result<Standing, String> {
    let exceptions = Exceptions::read(&text)?;
    let mut places = Vec::new();
    for begins in exceptions.places() {
        let Some(rules) = rules else { break };
        let route = exceptions.route(&begins);
        let mode = match route.and_then(|route| route.mode).unwrap_or(settings.mode) {
            FirewallMode::Block => Mode::Block,
            FirewallMode::Detect | FirewallMode::Off => Mode::Detect,
        };
        let paranoia = route.and_then(|route| route.paranoia).unwrap_or(settings.paranoia).to_string();
        let variables = variables(&paranoia, &settings.threshold.to_string());
        let variables: Vec<(&str, &str)> =
            variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let excluded = exceptions.excluded(&begins, rules);
        places.push((begins, rules.policy(mode, &variables, &excluded).map_err(|error| error.to_string())?));
    }
    Ok(Standing { text, places })
}

/// What the OWASP Core Rule Set is set up with, version 3 and version 4.
fn variables(paranoia: &str, threshold: &str) -> Vec<(&'static str, String)> {
    const METHODS: &str = "GET HEAD POST PUT PATCH DELETE OPTIONS";
    let set = |name, value: &str| (name, value.to_owned());
    vec![
        set("crs_setup_version", "400"),
        set("paranoia_level", paranoia),
        set("executing_paranoia_level", paranoia),
        set("blocking_paranoia_level", paranoia),
        set("detection_paranoia_level", paranoia),
        set("inbound_anomaly_score_threshold", threshold),
        set("allowed_methods", METHODS),
        set("crs_validate_utf8_encoding", "1"),
    ]
}
