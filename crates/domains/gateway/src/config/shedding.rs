//! Settings of what gives way when there is more to do than can be done.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What gives way when there is more to do than can be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Shedding {
    /// How much longer than usual most requests to a service may take, milliseconds, before it is given fewer.
    #[schemars(range(min = 1, max = 600_000))]
    pub wait_target_ms: u64,
    /// So many requests at once are always given to a service, however long they take; what is least urgent gets
    /// half of it.
    #[schemars(range(min = 2, max = 100_000))]
    pub in_progress_min: u32,
    /// How much of `in_progress_max` one service may take, percent: one that hangs leaves the rest to the others.
    #[schemars(range(min = 1, max = 100))]
    pub service_percent: u32,
    /// Routes whose class is to be another one than what follows from method and path, named as in
    /// `limits.cost_of`. The most urgent first: `protective`, `money`, `own`, `browse`, `pages`, `bulk`.
    pub class_of: BTreeMap<String, Class>,
    /// How long a request may take by its class.
    pub timeouts_ms: Timeouts,
}

impl Default for Shedding {
    fn default() -> Self {
        Self {
            wait_target_ms: 50,
            in_progress_min: 64,
            service_percent: 50,
            class_of: BTreeMap::new(),
            timeouts_ms: Timeouts::default(),
        }
    }
}

/// How urgent a request is, the most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Signing out, freezing, refusing: what protects somebody; and whether the bank is well.
    Protective,
    /// Signing in, and moving money.
    Money,
    /// Reading what is one's own.
    Own,
    /// Everything else that somebody waits for.
    Browse,
    /// Files of the pages.
    Pages,
    /// What programs of third parties ask, and batches.
    Bulk,
}

impl Class {
    /// All of them, in order.
    pub(crate) const ALL: [Self; 6] =
        [Self::Protective, Self::Money, Self::Own, Self::Browse, Self::Pages, Self::Bulk];

    /// Its name in settings and metrics.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Protective => "protective",
            Self::Money => "money",
            Self::Own => "own",
            Self::Browse => "browse",
            Self::Pages => "pages",
            Self::Bulk => "bulk",
        }
    }
}

/// How long a request may take before it is answered with 503, milliseconds; 0: as `timeout_ms` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Timeouts {
    /// Signing out, freezing, refusing.
    #[schemars(range(min = 0, max = 600_000))]
    pub protective: u64,
    /// Signing in, and moving money.
    #[schemars(range(min = 0, max = 600_000))]
    pub money: u64,
    /// Reading what is one's own.
    #[schemars(range(min = 0, max = 600_000))]
    pub own: u64,
    /// Everything else that somebody waits for.
    #[schemars(range(min = 0, max = 600_000))]
    pub browse: u64,
    /// Files of the pages.
    #[schemars(range(min = 0, max = 600_000))]
    pub pages: u64,
    /// What programs of third parties ask, and batches.
    #[schemars(range(min = 0, max = 600_000))]
    pub bulk: u64,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { protective: 0, money: 0, own: 15_000, browse: 15_000, pages: 10_000, bulk: 0 }
    }
}

impl Timeouts {
    /// That of a class; `usual` where it has none of its own.
    pub(crate) const fn of(&self, class: Class, usual: u64) -> u64 {
        let own = match class {
            Class::Protective => self.protective,
            Class::Money => self.money,
            Class::Own => self.own,
            Class::Browse => self.browse,
            Class::Pages => self.pages,
            Class::Bulk => self.bulk,
        };
        if own == 0 { usual } else { own }
    }
}
