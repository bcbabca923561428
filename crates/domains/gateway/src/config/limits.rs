//! Settings of how much one caller may ask: token buckets, and what a request costs in them.

use std::collections::BTreeMap;
use std::net::IpAddr;

use ipnet::IpNet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How much one caller may ask. What a route costs follows from its method and path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// How many callers of each kind are remembered, some 17 bytes each. Where there are more, those are forgotten
    /// first who have used least of what they may.
    #[schemars(range(min = 64, max = 16_777_216))]
    pub keys_max: u32,
    /// Networks whose addresses are not counted, such as `10.0.0.0/8`: of the bank's own proxies, behind whose
    /// addresses everybody stands. Whoever is signed in is counted all the same.
    pub exempt_addresses: Vec<Network>,
    /// Routes whose class is to be another one than what follows from method and path. They are named by
    /// operation id, `payments_payee_check = "search"`, or, where they are of services in other processes, by
    /// method and path, `"POST /api/payments/payee-checks" = "search"`.
    /// Classes: `page`, `browse`, `search`, `act`, `secret`.
    pub cost_of: BTreeMap<String, Cost>,
    /// How often routes may be asked by everybody together, named as in `cost_of`:
    /// `identity_sign_up = { per_minute = 600, burst = 100 }`. Here each request counts one.
    pub routes: BTreeMap<String, Rate>,
    /// What a request of each class costs.
    pub costs: Costs,
    /// What may come from one address: of IPv6, one network of 64 bits. Thousands of customers of one mobile
    /// network may share one.
    pub address: Rate,
    /// What may come from one device that proves which one it is (RFC 9449).
    pub device: Rate,
    /// What one customer may ask, on all devices.
    pub customer: Rate,
    /// What one member of staff may ask.
    pub staff: Rate,
    /// What one third party may ask.
    pub third_party: Rate,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            keys_max: 65_536,
            exempt_addresses: Network::loopback(),
            cost_of: BTreeMap::new(),
            routes: BTreeMap::new(),
            costs: Costs::default(),
            address: Rate { per_minute: 60_000, burst: 30_000 },
            device: Rate { per_minute: 6_000, burst: 6_000 },
            customer: Rate { per_minute: 6_000, burst: 6_000 },
            staff: Rate { per_minute: 6_000, burst: 6_000 },
            third_party: Rate { per_minute: 60_000, burst: 10_000 },
        }
    }
}

impl Limits {
    /// The same, without a bound on how much one caller may ask: for measurements, in which a few callers do what
    /// thousands would.
    #[must_use]
    pub fn unbounded(self) -> Self {
        let none = Rate { per_minute: 0, ..self.address };
        Self { address: none, device: none, customer: none, staff: none, third_party: none, ..self }
    }
}

/// What goes into a bucket and how much fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// How much may be asked in a minute for as long as one likes, in units of `costs`; 0: as much as one likes.
    #[schemars(range(min = 0, max = 600_000_000))]
    pub per_minute: u32,
    /// How much may be asked at once after a pause.
    #[schemars(range(min = 1, max = 600_000_000))]
    pub burst: u32,
}

/// What a request costs, by what it does to the bank and what could be guessed with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Cost {
    /// A file of the pages.
    Page,
    /// A look.
    Browse,
    /// A search.
    Search,
    /// A change.
    Act,
    /// Something that is guarded by a secret: signing in, codes, PINs.
    Secret,
}

impl Cost {
    /// All of them, in order.
    pub(crate) const ALL: [Self; 5] = [Self::Page, Self::Browse, Self::Search, Self::Act, Self::Secret];

    /// Its name in settings and metrics.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Browse => "browse",
            Self::Search => "search",
            Self::Act => "act",
            Self::Secret => "secret",
        }
    }
}

/// What a request of each class costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Costs {
    /// A file of the pages.
    #[schemars(range(min = 0, max = 1000))]
    pub page: u32,
    /// A look.
    #[schemars(range(min = 0, max = 1000))]
    pub browse: u32,
    /// A search.
    #[schemars(range(min = 0, max = 1000))]
    pub search: u32,
    /// A change.
    #[schemars(range(min = 0, max = 1000))]
    pub act: u32,
    /// Something that is guarded by a secret: signing in, codes, PINs.
    #[schemars(range(min = 0, max = 1000))]
    pub secret: u32,
}

impl Default for Costs {
    fn default() -> Self {
        Self { page: 1, browse: 1, search: 2, act: 5, secret: 10 }
    }
}

impl Costs {
    /// That of a class.
    pub(crate) const fn of(&self, cost: Cost) -> u32 {
        match cost {
            Cost::Page => self.page,
            Cost::Browse => self.browse,
            Cost::Search => self.search,
            Cost::Act => self.act,
            Cost::Secret => self.secret,
        }
    }
}

/// A network in CIDR notation: `10.0.0.0/8`, `2001:db8::/32`, or one address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct Network(#[schemars(with = "String")] IpNet);

/// The text is no network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no network; write `10.0.0.0/8`, `2001:db8::/32` or one address")]
pub struct NetworkRefused(String);

impl Network {
    /// This machine.
    fn loopback() -> Vec<Self> {
        ["127.0.0.0/8", "::1/128"].iter().filter_map(|text| text.parse().ok().map(Self)).collect()
    }

    /// Whether `address` is in it.
    pub(crate) fn holds(&self, address: IpAddr) -> bool {
        self.0.contains(&address)
    }
}

impl TryFrom<String> for Network {
    type Error = NetworkRefused;

    fn try_from(text: String) -> Result<Self, NetworkRefused> {
        let one = || text.parse::<IpAddr>().ok().map(IpNet::from);
        text.parse().ok().or_else(one).map(Self).ok_or(NetworkRefused(text))
    }
}

impl From<Network> for String {
    fn from(network: Network) -> Self {
        network.0.to_string()
    }
}
