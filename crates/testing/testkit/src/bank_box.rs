//! A whole bank in this process, on a store of its own.

use std::collections::BTreeMap;
use std::sync::Arc;

use bank::books::Books;
use bank::composition::Bank;
use bank::configuration::{Configuration, Store, StoreKind};
use bank::serve::Serving;
use bank::targets::{OPERATOR, PARTS, far_books};
use clock::{Clock, SystemClock};
use contracts::identity::Role;
use db::Db;
use db::testing::Folder;
use secrecy::Secret;
use wire::{Authority, Papers};

use crate::{Client, Failed, ports};

/// Name and password of the administrator that every box has.
pub(crate) const ADMINISTRATOR: (&str, &str) = ("administrator", "Box-administrator-1");
/// Name and password of the other administrator, who countersigns.
pub(crate) const COLLEAGUE: (&str, &str) = ("colleague", "Box-colleague-12");

/// Of a failing bank one transaction in so many fails.
const FAILING_ONE_IN: u64 = 4;

/// A bank in a box: serving on a free port of loopback until [`BankBox::close`]. Whole, or split into parts that have
/// stores, keys and listeners as if each were a process of its own.
pub struct BankBox {
    /// `sqlite`, `postgres`, each also with `, split` or `, failing`, for messages.
    pub store: &'static str,
    /// How it was configured, or its gateway; opening it again with this continues the same bank.
    pub configuration: Configuration,
    serving: Serving,
    /// Behind the gateway, in the order of opening.
    parts: Vec<Serving>,
    books: Books,
    folder: Folder,
}

impl BankBox {
    /// One fresh bank on each store that is there, whole and split.
    ///
    /// # Errors
    /// A bank did not open.
    pub async fn on_each_store() -> Result<Vec<Self>, Failed> {
        let mut boxes = Self::each(["sqlite", "postgres"]).await?;
        boxes.extend(Self::each(["sqlite, split", "postgres, split"]).await?);
        Ok(boxes)
    }

    /// As [`BankBox::on_each_store`], and one on each store whose transactions fail on purpose from the first client on:
    /// repeated, lost, or done and not told; with news that comes twice and in another order. Its clients ask again
    /// what failed, as an app does.
    ///
    /// # Errors
    /// A bank did not open.
    pub async fn on_each_store_also_failing() -> Result<Vec<Self>, Failed> {
        let mut boxes = Self::on_each_store().await?;
        boxes.extend(Self::each(["sqlite, failing", "postgres, failing"]).await?);
        Ok(boxes)
    }

    /// `called`: how the bank on SQLite and the one on PostgreSQL are called.
    async fn each(called: [&'static str; 2]) -> Result<Vec<Self>, Failed> {
        let mut boxes = Vec::new();
        for (store, configuration, folder) in configurations().await? {
            let store = if store == "sqlite" { called[0] } else { called[1] };
            boxes.push(Self::open(store, configuration, folder, Arc::new(SystemClock)).await?);
        }
        Ok(boxes)
    }

    /// A fresh bank on SQLite.
    ///
    /// # Errors
    /// It did not open.
    pub async fn on_sqlite() -> Result<Self, Failed> {
        let folder = Folder::try_new()?;
        let configuration = quiet(folder.path());
        Self::open("sqlite", configuration, folder, Arc::new(SystemClock)).await
    }

    /// A fresh bank on SQLite, whole and split, with the firewall that a bank has by default: rules of Debian's
    /// `modsecurity-crs`. Others in a box have none, since reading the rules takes longer than opening the bank.
    ///
    /// # Errors
    /// A bank did not open.
    pub async fn walled() -> Result<Vec<Self>, Failed> {
        let mut boxes = Vec::new();
        for store in ["sqlite", "sqlite, split"] {
            let folder = Folder::try_new()?;
            let mut configuration = quiet(folder.path());
            configuration.gateway.firewall = gateway::FirewallSettings::default();
            boxes.push(Self::open(store, configuration, folder, Arc::new(SystemClock)).await?);
        }
        Ok(boxes)
    }

    async fn open(
        store: &'static str,
        configuration: Configuration,
        folder: Folder,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Failed> {
        let (bank, parts, books) = if store.ends_with("split") {
            open_parts(&configuration, &folder, clock).await?
        } else {
            let bank = Bank::open(&configuration, clock).await?;
            let books = bank.books()?;
            (bank, Vec::new(), books)
        };
        for (name, password) in [ADMINISTRATOR, COLLEAGUE] {
            let password = Secret::new(password.to_owned());
            books.identity.ensure_staff(name, password, Role::Administrator).await?;
        }
        let serving = Serving::start(bank, "127.0.0.1:0").await?;
        Ok(Self { store, configuration, serving, parts, books, folder })
    }

    /// The contracts of the bank.
    ///
    /// # Errors
    /// A service is missing.
    pub fn books(&self) -> Result<Books, Failed> {
        Ok(self.books.clone())
    }

    /// Every route behind the door, whichever part it is in.
    #[must_use]
    pub fn entries(&self) -> Vec<http::Entry> {
        let parts = self.parts.iter().flat_map(|part| part.bank().entries());
        self.serving.entries().iter().chain(parts).cloned().collect()
    }

    /// A stranger at the door.
    #[must_use]
    pub fn client(&self) -> Client {
        let client = Client::new(&format!("http://{}", self.serving.address()));
        if !self.is_failing() {
            return client;
        }
        if !self.serving.bank().store().faults().are_made() {
            self.begin_failing(FAILING_ONE_IN, 7);
        }
        client.persistent()
    }

    /// Whether it is one of those whose transactions fail on purpose.
    #[must_use]
    pub fn is_failing(&self) -> bool {
        self.store.ends_with("failing")
    }

    /// From now on one transaction in `one_in` fails.
    pub fn begin_failing(&self, one_in: u64, seed: u64) {
        self.servings()
            .zip(seed..)
            .for_each(|(serving, seed)| serving.bank().store().faults().begin(one_in, seed));
    }

    /// No failures any more; how many there were.
    pub fn end_failing(&self) -> u64 {
        self.servings().map(|serving| serving.bank().store().faults().end()).sum()
    }

    fn servings(&self) -> impl Iterator<Item = &Serving> {
        std::iter::once(&self.serving).chain(&self.parts)
    }

    /// What time it is in this bank.
    #[must_use]
    pub fn clock(&self) -> Arc<dyn Clock> {
        self.serving.bank().clock()
    }

    /// The store of the part that runs `service`.
    ///
    /// # Errors
    /// No part runs it.
    pub fn store_of(&self, service: &str) -> Result<&Db, Failed> {
        let part = self.servings().find(|serving| serving.bank().targets().include(service));
        Ok(part.ok_or("no part runs it")?.bank().store())
    }

    /// The administrator, signed in, beside whom a colleague countersigns whatever takes two pairs of eyes.
    ///
    /// # Errors
    /// Sign-in was refused.
    pub async fn administrator(&self) -> Result<Client, Failed> {
        let administrator = self.client().sign_in_staff(ADMINISTRATOR.0, ADMINISTRATOR.1).await?;
        Ok(administrator.seconded_by(self.colleague().await?))
    }

    /// The other administrator, signed in.
    ///
    /// # Errors
    /// Sign-in was refused.
    pub async fn colleague(&self) -> Result<Client, Failed> {
        self.client().sign_in_staff(COLLEAGUE.0, COLLEAGUE.1).await
    }

    /// Stops the bank and opens it again on the same data.
    ///
    /// # Errors
    /// It did not open again.
    pub async fn restart(self) -> Result<Self, Failed> {
        self.end_failing();
        let Self { store, configuration, serving, parts, folder, .. } = self;
        serving.stop().await;
        stop_parts(parts).await;
        Self::open(store, configuration, folder, Arc::new(SystemClock)).await
    }

    /// Stops the bank; its folder goes away with the returned value.
    pub async fn close(self) -> (Configuration, Folder) {
        self.end_failing();
        self.serving.stop().await;
        stop_parts(self.parts).await;
        (self.configuration, self.folder)
    }
}

async fn stop_parts(parts: Vec<Serving>) {
    for part in parts.into_iter().rev() {
        part.stop().await;
    }
}

/// Opens one part after the other, each knowing those before it, and all where identity is: of that they ask for second
/// pairs of eyes. Gives the gateway's, and the others.
async fn open_parts(
    whole: &Configuration,
    folder: &Folder,
    clock: Arc<dyn Clock>,
) -> Result<(Bank, Vec<Serving>, Books), Failed> {
    let authority = Authority::in_folder(&folder.path().join("authority"))?;
    let identity = ports::take()?;
    let mut neighbors = BTreeMap::from([("identity".to_owned(), identity.clone())]);
    let mut opened = Vec::new();
    for names in PARTS {
        let has_identity = names.split(',').any(|name| name == "identity");
        let papers = folder.path().join("papers").join(names);
        authority.certify(names.split(','), &papers)?;
        let mut configuration = Configuration {
            data_dir: whole.data_dir.join(names),
            key_file: Some(folder.path().join("bank.key")),
            neighbors: neighbors.clone(),
            ..whole.clone()
        };
        configuration.wire.listen =
            Some(if has_identity { identity.clone() } else { "127.0.0.1:0".to_owned() });
        configuration.wire.papers = Some(papers);
        let bank = Bank::open_some(&configuration, &names.parse()?, Arc::clone(&clock)).await?;
        let address = bank.wire_address().ok_or("a part answers nobody")?;
        names.split(',').for_each(|name| drop(neighbors.insert(name.to_owned(), address.to_string())));
        opened.push(bank);
    }
    let gateway = opened.pop().ok_or("there are no parts")?;
    let mut parts = Vec::new();
    for bank in opened {
        parts.push(Serving::start(bank, "127.0.0.1:0").await?);
    }
    let papers = folder.path().join("papers").join(OPERATOR);
    authority.certify([OPERATOR], &papers)?;
    Ok((gateway, parts, far_books(&neighbors, &Papers::read(&papers)?)?))
}

/// Fresh places for a bank: always an embedded one, and one on the private PostgreSQL where there is one.
///
/// # Errors
/// A folder or a database could not be made.
pub(crate) async fn configurations() -> Result<Vec<(&'static str, Configuration, Folder)>, Failed> {
    let folder = Folder::try_new()?;
    let mut places = vec![("sqlite", quiet(folder.path()), folder)];
    if let Ok(admin) = std::env::var(db::testing::POSTGRES) {
        let store = db::testing::postgres(&admin).await?;
        store.db.close().await;
        let reference = store.folder.path().join("postgres");
        std::fs::write(&reference, &store.address)?;
        let address = Some(format!("file:{}", reference.display()).try_into()?);
        let mut configuration = quiet(store.folder.path());
        configuration.store = Store { kind: StoreKind::Postgres, address };
        places.push(("postgres", configuration, store.folder));
    }
    Ok(places)
}

fn quiet(folder: &std::path::Path) -> Configuration {
    let mut configuration = Configuration { data_dir: folder.join("data"), ..Configuration::default() };
    "error".clone_into(&mut configuration.telemetry.log_filter);
    // Those who test have no fingers.
    configuration.identity.staff_passwords = true;
    // Each client is a device of its own.
    configuration.identity.new_device_two_factors = false;
    configuration.identity.sealed_passwords = false;
    configuration.gateway.firewall.mode = gateway::FirewallMode::Off;
    let (id, name) = ("life".to_owned(), "生活服务".to_owned());
    configuration.identity.mini_programs = vec![identity::MiniProgram { id, name }];
    configuration
}
