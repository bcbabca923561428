//! Which services run in this process, and where the others are.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use contracts::accounts::{Accounts, AccountsDesk, FarAccounts};
use contracts::audit::{Audit, AuditDesk, FarAudit};
use contracts::customers::{Customers, CustomersDesk, FarCustomers};
use contracts::far::Desk;
use contracts::identity::{
    Countersignatures, CountersignaturesDesk, FarCountersignatures, FarIdentity, Identity, IdentityDesk,
};
use contracts::ledger::{FarLedger, Ledger};
use contracts::messages::{FarMessages, MessageGateway, MessagesDesk};
use contracts::payments::{FarPayments, Payments, PaymentsDesk};
use ledger::{LedDesk, NamedBook, OtherBooks, SeveralBooks};
use runtime::{FarReactions, NewsDesk, Outside, Reaction, Service, Site};
use wire::{Answered, Limits, Neighbor, Papers, PapersFailed, PlaceRefused};

use crate::books::Books;
use crate::composition::services;
use crate::configuration::Configuration;

/// The service that every process tells what staff ask of it. Where it is away or unknown, staff are refused and customers
/// are not, so that a process is ready without it.
const TOLD_BY_ALL: &str = "audit";

/// The services of one process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Targets(Vec<&'static str>);

/// The text names no services.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a service; name `all`, or some of {known} with commas between", known = names().join(", "))]
pub struct NotATarget(String);

fn names() -> Vec<&'static str> {
    services().iter().map(|service| service.name()).collect()
}

impl Targets {
    /// The entire bank.
    #[must_use]
    pub fn all() -> Self {
        Self(names())
    }

    /// Whether this process runs `service`.
    #[must_use]
    pub fn include(&self, service: &str) -> bool {
        self.0.contains(&service)
    }

    /// The names of its services.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().copied()
    }

    /// How a process that runs them is called where many are looked at: `yuanhang`, `yuanhang-payments`.
    pub(crate) fn process_name(&self) -> String {
        if *self == Self::all() { "yuanhang".to_owned() } else { format!("yuanhang-{self}") }
    }

    /// The services to be opened.
    pub(crate) fn opened(&self) -> Vec<Box<dyn Service>> {
        services().into_iter().filter(|service| self.include(service.name())).collect()
    }

    fn elsewhere(&self) -> Vec<Box<dyn Service>> {
        services().into_iter().filter(|service| !self.include(service.name())).collect()
    }
}

impl FromStr for Targets {
    type Err = NotATarget;

    fn from_str(text: &str) -> Result<Self, NotATarget> {
        if text.trim() == "all" {
            return Ok(Self::all());
        }
        let known = names();
        let named = text.split(',').map(str::trim);
        let found = named.map(|name| {
            known.iter().copied().find(|known| *known == name).ok_or_else(|| NotATarget(name.to_owned()))
        });
        found.collect::<Result<_, _>>().map(Self)
    }
}

impl fmt::Display for Targets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::all() { f.write_str("all") } else { f.write_str(&self.0.join(",")) }
    }
}

/// Why this process does not find its neighbors.
#[derive(Debug, thiserror::Error)]
pub enum NeighborsFailed {
    /// A service that is asked runs neither here nor at a known place.
    #[error(
        "`{asking}` asks `{asked}`, which does not run in this process; set its address as `neighbors.{asked}`"
    )]
    Unknown {
        /// Who asks.
        asking: &'static str,
        /// Whom.
        asked: &'static str,
    },
    /// An address is set for what is no service.
    #[error("`neighbors.{0}`: there is no such service")]
    NoService(String),
    /// A further book bears the name of this process's own.
    #[error("`books.{0}`: that is the book of `ledger.book`; give each book a name of its own")]
    OwnBook(String),
    /// Papers are needed and not set.
    #[error(
        "this process has neighbors: set `wire.papers` to the folder of its certificate (`yuanhang certs`)"
    )]
    NoPapers,
    /// The papers cannot be read.
    #[error(transparent)]
    Papers(#[from] PapersFailed),
    /// An address or the papers are malformed.
    #[error("`{setting}` does not say where the service runs")]
    Address {
        /// The setting: `neighbors.ledger`, `books.south`.
        setting: String,
        /// Why.
        #[source]
        source: PlaceRefused,
    },
}

/// The services of other processes that this one asks.
#[derive(Default)]
pub(crate) struct Neighbors {
    pub(crate) found: Vec<(&'static str, Arc<Neighbor>)>,
    /// Processes that may lead the ledger beside this one.
    ledgers: Option<Arc<Neighbor>>,
    /// Further books.
    books: Vec<(String, Arc<Neighbor>)>,
}

impl Neighbors {
    /// Those of `targets`, found at `addresses`.
    pub(crate) fn find(
        targets: &Targets,
        configuration: &Configuration,
        papers: Option<&Papers>,
    ) -> Result<Self, NeighborsFailed> {
        let addresses = &configuration.neighbors;
        let limits = configuration.wire.limits();
        if let Some(name) = addresses.keys().find(|name| !names().contains(&name.as_str())) {
            return Err(NeighborsFailed::NoService(name.clone()));
        }
        let mut found = Vec::new();
        for service in targets.elsewhere() {
            let name = service.name();
            let Some(address) = addresses.get(name) else {
                let asking = targets.opened().into_iter().find(|asking| asking.needs().contains(&name));
                match asking {
                    Some(asking) => {
                        return Err(NeighborsFailed::Unknown { asking: asking.name(), asked: name });
                    }
                    None => continue,
                }
            };
            let papers = papers.ok_or(NeighborsFailed::NoPapers)?;
            found.push((name, neighbor(name, address, papers, limits)?));
        }
        let ledgers = addresses.get("ledger").filter(|_| targets.include("ledger")).zip(papers);
        let ledgers =
            ledgers.map(|(addresses, papers)| neighbor("ledger", addresses, papers, limits)).transpose()?;
        let mut books = Vec::new();
        for (name, addresses) in &configuration.books {
            if *name == configuration.ledger.book {
                return Err(NeighborsFailed::OwnBook(name.clone()));
            }
            let papers = papers.ok_or(NeighborsFailed::NoPapers)?;
            let setting = format!("books.{name}");
            books.push((name.clone(), asked_as(setting, "ledger", addresses, papers, limits)?));
        }
        Ok(Self { found, ledgers, books })
    }

    /// Those that services of `targets` ask.
    pub(crate) fn needed_by(
        &self,
        targets: &Targets,
    ) -> impl Iterator<Item = &(&'static str, Arc<Neighbor>)> {
        let opened = targets.opened();
        self.found.iter().filter(move |(name, _)| opened.iter().any(|service| service.needs().contains(name)))
    }

    /// Offers their contracts, and tells what is outside of this process.
    pub(crate) fn offer(&self, site: &Site, targets: &Targets, ledger: &ledger::Settings) -> Outside {
        if let Some(ledgers) = &self.ledgers {
            site.offer(Arc::new(ledger::Elsewhere(Arc::new(FarLedger(Arc::clone(ledgers) as _)))));
        }
        if targets.include("ledger") && !self.books.is_empty() {
            site.offer(Arc::new(OtherBooks(self.other_books())));
        }
        for (name, neighbor) in &self.found {
            offer_far(site, name, Arc::clone(neighbor));
        }
        if !targets.include("ledger")
            && !self.books.is_empty()
            && let Ok(own) = site.need::<dyn Ledger>()
        {
            let own = NamedBook { name: ledger.book.clone(), ledger: own };
            let all = std::iter::once(own).chain(self.other_books()).collect();
            site.offer::<dyn Ledger>(Arc::new(SeveralBooks::new(all, &ledger.opens_in)));
        }
        // Only whom it may be told to: news for others stays in the outbox until somebody names their address.
        let mut outside = Outside::default();
        for service in targets.elsewhere() {
            outside.services.push(service.name());
            let neighbor = self.found.iter().find(|(name, _)| *name == service.name());
            if let Some((name, neighbor)) = neighbor.filter(|_| !service.hears().is_empty()) {
                let react = Arc::new(FarReactions(Arc::clone(neighbor) as _));
                outside.reactions.push(Reaction { name, topics: service.hears(), react });
            }
        }
        outside
    }

    fn other_books(&self) -> Vec<NamedBook> {
        let book = |(name, neighbor): &(String, Arc<Neighbor>)| NamedBook {
            name: name.clone(),
            ledger: Arc::new(FarLedger(Arc::clone(neighbor) as _)),
        };
        self.books.iter().map(book).collect()
    }
}

fn offer_far(site: &Site, service: &str, neighbor: Arc<Neighbor>) {
    match service {
        "ledger" => site.offer::<dyn Ledger>(Arc::new(FarLedger(neighbor))),
        "customers" => site.offer::<dyn Customers>(Arc::new(FarCustomers(neighbor))),
        "accounts" => site.offer::<dyn Accounts>(Arc::new(FarAccounts(neighbor))),
        "payments" => site.offer::<dyn Payments>(Arc::new(FarPayments(neighbor))),
        "identity" => {
            site.offer::<dyn Identity>(Arc::new(FarIdentity(Arc::clone(&neighbor) as _)));
            site.offer::<dyn Countersignatures>(Arc::new(FarCountersignatures(neighbor)));
        }
        "messages" => site.offer::<dyn MessageGateway>(Arc::new(FarMessages(neighbor))),
        "audit" => site.offer::<dyn Audit>(Arc::new(FarAudit(neighbor))),
        _ => {}
    }
}

/// The parts of a bank that is split as `deploy/README.md` shows it, each after those that it asks.
pub const PARTS: [&str; 5] =
    ["ledger,audit", "customers,accounts", "messages,identity", "payments", "gateway"];

/// The contracts through which a book is written, of services at these addresses; `papers` are those of an [`OPERATOR`].
///
/// # Errors
/// [`NeighborsFailed`]: an address is missing or malformed.
pub fn far_books(addresses: &BTreeMap<String, String>, papers: &Papers) -> Result<Books, NeighborsFailed> {
    let neighbor = |service: &'static str| {
        let unknown = NeighborsFailed::Unknown { asking: OPERATOR, asked: service };
        let address = addresses.get(service).ok_or(unknown)?;
        neighbor(service, address, papers, Limits::default())
    };
    Ok(Books {
        ledger: Arc::new(FarLedger(neighbor("ledger")?)),
        customers: Arc::new(FarCustomers(neighbor("customers")?)),
        accounts: Arc::new(FarAccounts(neighbor("accounts")?)),
        payments: Arc::new(FarPayments(neighbor("payments")?)),
        identity: Arc::new(FarIdentity(neighbor("identity")?)),
    })
}

/// One book of the bank, led by processes at `addresses`; `papers` are those of an [`OPERATOR`].
///
/// # Errors
/// [`NeighborsFailed`]: an address is malformed.
pub fn far_book(name: &str, addresses: &str, papers: &Papers) -> Result<NamedBook, NeighborsFailed> {
    let setting = format!("books.{name}");
    let ledger = asked_as(setting, "ledger", addresses, papers, Limits::default())?;
    let ledger = Arc::new(FarLedger(ledger));
    Ok(NamedBook { name: name.to_owned(), ledger })
}

fn neighbor(
    service: &'static str,
    address: &str,
    papers: &Papers,
    limits: Limits,
) -> Result<Arc<Neighbor>, NeighborsFailed> {
    asked_as(format!("neighbors.{service}"), service, address, papers, limits)
}

/// The neighbor of which `setting` says where it runs.
fn asked_as(
    setting: String,
    service: &'static str,
    address: &str,
    papers: &Papers,
    limits: Limits,
) -> Result<Arc<Neighbor>, NeighborsFailed> {
    let neighbor = Neighbor::new(service, address, papers, limits);
    neighbor.map(Arc::new).map_err(|source| NeighborsFailed::Address { setting, source })
}

/// Bears the papers of whoever runs the bank's tools (imports, drills): it may ask every contract.
pub const OPERATOR: &str = "operator";

/// What answers other processes for the services of this one. Whoever declares that it needs a service may ask it.
pub(crate) fn answered(
    site: &Site,
    targets: &Targets,
    news: NewsDesk,
) -> Result<Vec<Answered>, runtime::OpenFailed> {
    let all = services();
    let mut answered = Vec::new();
    for name in &targets.0 {
        let desk: Arc<dyn Desk> = match *name {
            "ledger" => site.need::<LedDesk>()?,
            "customers" => Arc::new(CustomersDesk(site.need()?)),
            "accounts" => Arc::new(AccountsDesk(site.need()?)),
            "payments" => Arc::new(PaymentsDesk(site.need()?)),
            "identity" => Arc::new(IdentityDesk(site.need()?)),
            "messages" => Arc::new(MessagesDesk(site.need()?)),
            "audit" => Arc::new(AuditDesk(site.need()?)),
            _ => continue,
        };
        let asking = all.iter().filter(|service| *name == TOLD_BY_ALL || service.needs().contains(name));
        // And its like, where one of several processes leads.
        let callers = asking.map(|service| service.name()).chain([OPERATOR, *name]).collect();
        answered.push(Answered { desk, callers });
        if *name == "identity" {
            // Whoever serves staff asks for second pairs of eyes.
            let desk = Arc::new(CountersignaturesDesk(site.need()?));
            answered.push(Answered { desk, callers: all.iter().map(|service| service.name()).collect() });
        }
    }
    // Whoever announces what is heard here.
    let heard: Vec<&str> = targets.opened().iter().flat_map(|service| service.hears()).copied().collect();
    let announces = |name: &str| heard.iter().any(|topic| topic.split('.').next() == Some(name));
    let callers = all.iter().map(|service| service.name()).filter(|name| announces(name)).collect();
    answered.push(Answered { desk: Arc::new(news), callers });
    Ok(answered)
}
