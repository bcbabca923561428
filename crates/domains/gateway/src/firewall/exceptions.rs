//! The file of exceptions: `config/firewall.toml`.

use firewall::{Exclusion, Mode, Rules};
use serde::Deserialize;

use crate::config::FirewallMode;

/// What holds where a bank has no file of its own.
pub(super) const BUILT_IN: &str = include_str!("../../../../../config/firewall.toml");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Exceptions {
    #[serde(default, rename = "exclusion")]
    exclusions: Vec<Excluded>,
    #[serde(default, rename = "route")]
    routes: Vec<Route>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Excluded {
    rules: String,
    target: Option<String>,
    #[serde(default)]
    paths: Vec<String>,
    because: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Route {
    paths: Vec<String>,
    pub(super) mode: Option<FirewallMode>,
    pub(super) paranoia: Option<u8>,
}

impl Exceptions {
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let exceptions: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        for Excluded { rules, because, .. } in &exceptions.exclusions {
            if because.trim().is_empty() {
                return Err(format!("say `because` of the exclusion of `{rules}`"));
            }
        }
        for route in &exceptions.routes {
            if route.paths.is_empty() || route.paranoia.is_some_and(|level| !(1..=4).contains(&level)) {
                return Err("a route needs `paths`, and a `paranoia` of 1 to 4".to_owned());
            }
            if route.mode == Some(FirewallMode::Off) {
                return Err("a route is looked at in mode `block` or `detect`".to_owned());
            }
        }
        Ok(exceptions)
    }

    /// Every beginning of a path that is named, the longest first, and the empty one.
    pub(super) fn places(&self) -> Vec<String> {
        let named = self.routes.iter().flat_map(|route| &route.paths);
        let named = named.chain(self.exclusions.iter().flat_map(|exclusion| &exclusion.paths));
        let mut places: Vec<String> = named.cloned().chain([String::new()]).collect();
        places.sort_by_key(|place| (std::cmp::Reverse(place.len()), place.clone()));
        places.dedup();
        places
    }

    /// The most exact route that covers a place.
    pub(super) fn route(&self, place: &str) -> Option<&Route> {
        let longest = |route: &Route| {
            route.paths.iter().filter(|path| place.starts_with(path.as_str())).map(String::len).max()
        };
        self.routes.iter().filter(|route| longest(route).is_some()).max_by_key(|route| longest(route))
    }

    /// What is excluded in a place, of what these rules have.
    pub(super) fn excluded(&self, place: &str, rules: &Rules) -> Vec<Exclusion> {
        let here = |excluded: &&Excluded| {
            excluded.paths.is_empty() || excluded.paths.iter().any(|path| place.starts_with(path.as_str()))
        };
        let exclusions = self.exclusions.iter().filter(here);
        exclusions
            .map(|excluded| Exclusion { rules: excluded.rules.clone(), target: excluded.target.clone() })
            .filter(|exclusion| {
                // Another rule set may not have it. That what is said of a target can be understood is for all of them.
                let bare = Exclusion { target: None, ..exclusion.clone() };
                rules.policy(Mode::Detect, &[], &[bare]).is_ok()
            })
            .collect()
    }
}
