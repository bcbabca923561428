//! The policies that hold now, and how changed files take their place.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use clock::{Clock, Timestamp};
use http::{AccessRequest, Authority, Decision};

use crate::{Faults, Files, PolicySet, Settings};

/// The policies that hold now. Whoever serves routes asks them for each request.
pub struct InForce {
    folder: Option<PathBuf>,
    clock: Arc<dyn Clock>,
    standing: RwLock<Standing>,
    /// What lay in the folder at the last look, where that is not in force.
    seen: RwLock<Option<Result<Files, Faults>>>,
}

/// How it stands.
#[derive(Clone)]
pub struct Standing {
    /// What holds.
    pub set: Arc<PolicySet>,
    /// Since when.
    pub since: Timestamp,
    /// Why what lies in the folder now does not hold instead; `None` where it does.
    pub refused: Option<Faults>,
}

impl InForce {
    /// Reads and checks the policies.
    ///
    /// # Errors
    /// [`Faults`]: the bank does not start with them.
    pub fn open(settings: &Settings, clock: Arc<dyn Clock>) -> Result<Self, Faults> {
        let files = settings.folder.as_deref().map_or_else(|| Ok(Files::embedded()), Files::read)?;
        let set = Arc::new(PolicySet::try_new(files)?);
        let standing = RwLock::new(Standing { set, since: clock.now(), refused: None });
        Ok(Self { folder: settings.folder.clone(), clock, standing, seen: RwLock::default() })
    }

    /// How it stands.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.standing.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The folder that is looked at; `None`: what is built in holds.
    #[must_use]
    pub const fn folder(&self) -> Option<&PathBuf> {
        self.folder.as_ref()
    }

    /// Looks into the folder. What lies there unchanged since the look before comes into force where it has no fault;
    /// a copy in progress, which may lack what forbids, does not.
    pub fn look(&self) {
        let Some(folder) = &self.folder else { return };
        let found = Files::read(folder);
        let standing = self.standing();
        if found.as_ref() == Ok(standing.set.files()) {
            self.stand(Standing { refused: None, ..standing });
            self.remember(None);
            return;
        }
        let is_settled = self.seen.read().unwrap_or_else(PoisonError::into_inner).as_ref() == Some(&found);
        if !is_settled {
            self.remember(Some(found));
            return;
        }
        match found.and_then(PolicySet::try_new) {
            Ok(set) => {
                metrics::counter!("policies_loaded").increment(1);
                tracing::info!(policies = set.policies().len(), "changed policies are in force");
                self.stand(Standing { set: Arc::new(set), since: self.clock.now(), refused: None });
                self.remember(None);
            }
            Err(faults) if standing.refused.as_ref() == Some(&faults) => {}
            Err(faults) => {
                metrics::counter!("policies_refused").increment(1);
                tracing::error!(%faults, "changed policies are refused; the ones before stay in force");
                self.stand(Standing { refused: Some(faults), ..standing });
            }
        }
    }

    fn stand(&self, standing: Standing) {
        metrics::gauge!("policies_faults").set(
            u32::try_from(standing.refused.as_ref().map_or(0, |faults| faults.0.len())).unwrap_or(u32::MAX),
        );
        *self.standing.write().unwrap_or_else(PoisonError::into_inner) = standing;
    }

    fn remember(&self, seen: Option<Result<Files, Faults>>) {
        *self.seen.write().unwrap_or_else(PoisonError::into_inner) = seen;
    }
}

impl Authority for InForce {
    fn decide(&self, request: &AccessRequest<'_>) -> Decision {
        let set = Arc::clone(&self.standing.read().unwrap_or_else(PoisonError::into_inner).set);
        set.decide(request)
    }
}
