//! A bank in several processes of the built binary, each to be killed and started again.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use bank::books::Books;
use bank::targets::{OPERATOR, PARTS, far_book, far_books};
use contracts::identity::Role;
use ledger::{NamedBook, SeveralBooks};
use secrecy::Secret;
use serde_json::Value;
use wire::{Authority, Papers};

use crate::bank_box::ADMINISTRATOR;
use crate::child::{Place, Said};
use crate::relay::Relay;
use crate::{Child, Client, Failed, ports};

/// A bank in several processes: of each part one, or several.
pub struct Split {
    place: Place,
    /// Of each part, by its names, and of each instance of it.
    parts: BTreeMap<(&'static str, usize), Part>,
    /// Of each service: all instances, with commas between.
    addresses: BTreeMap<String, String>,
    papers: Papers,
    /// What else is set for a process.
    settings: BTreeMap<(&'static str, usize), Vec<String>>,
    /// Between everybody and the ledgers of [`Split::with_books`].
    relays: Vec<Relay>,
    /// Whatever the processes log, where somebody hears it.
    heard: Option<Said>,
}

/// Everything but the ledger.
pub const BESIDE_LEDGER: &str = "customers,messages,identity,audit,accounts,payments,gateway";

struct Part {
    listen: String,
    wire: String,
    papers: PathBuf,
    process: Option<Child>,
}

impl Split {
    /// Starts every part once and waits until it serves.
    ///
    /// # Errors
    /// A process did not serve.
    pub async fn start(place: Place) -> Result<Self, Failed> {
        Self::of(place, &PARTS, 1).await
    }

    /// Starts every part once, each with these settings, and adds whatever they log to `said`.
    ///
    /// # Errors
    /// A process did not serve.
    pub async fn start_heard(place: Place, settings: &[String], said: &Said) -> Result<Self, Failed> {
        let mut split = Self::planned(place, &PARTS.map(|part| (part, 1)))?;
        split.heard = Some(said.clone());
        for names in PARTS {
            settings.iter().for_each(|setting| split.set(names, 0, setting));
            split.restart(names).await?;
        }
        split.staffed().await
    }

    /// Starts `instances` processes of each of `parts` and waits until they serve. More than one need a PostgreSQL.
    ///
    /// # Errors
    /// A process did not serve.
    pub async fn of(place: Place, parts: &[&'static str], instances: usize) -> Result<Self, Failed> {
        Self::of_with(place, parts, instances, &[]).await
    }

    /// The same where `settings` (`key=value`) hold in each of them.
    ///
    /// # Errors
    /// A process did not serve.
    pub async fn of_with(
        place: Place,
        parts: &[&'static str],
        instances: usize,
        settings: &[&str],
    ) -> Result<Self, Failed> {
        let mut split =
            Self::planned(place, &parts.iter().map(|part| (*part, instances)).collect::<Vec<_>>())?;
        for (names, at) in parts.iter().flat_map(|names| (0..instances).map(move |at| (names, at))) {
            settings.iter().for_each(|setting| split.set(names, at, setting));
        }
        for at in 0..instances {
            for names in parts {
                split.restart_one(names, at).await?;
            }
        }
        split.staffed().await
    }

    /// Starts a bank of two books, `main` and `south`: the ledger's instances 0 and 1; and [`BESIDE_LEDGER`].
    ///
    /// # Errors
    /// A process did not serve.
    pub async fn with_books(place: Place) -> Result<Self, Failed> {
        let mut split = Self::planned(place, &[("ledger", 2), (BESIDE_LEDGER, 1)])?;
        for at in 0..2 {
            let wire = split.parts.get(&("ledger", at)).map(|part| part.wire.clone());
            split.relays.push(Relay::to(wire.ok_or("no ledger")?).await?);
        }
        let [main, south] = [0, 1].map(|at| split.relays.get(at).map(|relay| relay.address.clone()));
        let (main, south) = (main.ok_or("no relay")?, south.ok_or("no relay")?);
        split.addresses.insert("ledger".to_owned(), main);
        split.set("ledger", 0, &format!("books.south={south}"));
        split.set("ledger", 1, "ledger.book=south");
        split.set(BESIDE_LEDGER, 0, &format!("books.south={south}"));
        for (names, at) in [("ledger", 0), ("ledger", 1), (BESIDE_LEDGER, 0)] {
            split.restart_one(names, at).await?;
        }
        split.staffed().await
    }

    /// Both books of [`Split::with_books`], asked over the wire.
    ///
    /// # Errors
    /// It has one book, or an address is malformed.
    pub fn both_books(&self) -> Result<Vec<NamedBook>, Failed> {
        let [main, south] = self.relays.as_slice() else { return Err("this bank has one book".into()) };
        let book = |name, relay: &Relay| far_book(name, &relay.address, &self.papers);
        Ok(vec![book("main", main)?, book("south", south)?])
    }

    /// Cuts everybody off from a ledger of [`Split::with_books`], or mends that.
    pub fn cut(&self, at: usize, cut: bool) {
        if let Some(relay) = self.relays.get(at) {
            relay.cut(cut);
        }
    }

    /// From the next start on, `setting` (`key=value`) holds for an instance.
    pub fn set(&mut self, names: &'static str, at: usize, setting: &str) {
        self.settings.entry((names, at)).or_default().push(setting.to_owned());
    }

    /// Papers and addresses for so many processes of each part; none runs yet.
    fn planned(place: Place, parts: &[(&'static str, usize)]) -> Result<Self, Failed> {
        let folder = place.folder().join("papers");
        let authority = Authority::in_folder(&folder)?;
        let (mut found, mut addresses) = (BTreeMap::new(), BTreeMap::<String, Vec<String>>::new());
        for (names, instances) in parts {
            let papers = folder.join(names);
            authority.certify(names.split(','), &papers)?;
            for at in 0..*instances {
                let (listen, wire) = (ports::take()?, ports::take()?);
                for name in names.split(',') {
                    addresses.entry(name.to_owned()).or_default().push(wire.clone());
                }
                found.insert((*names, at), Part { listen, wire, papers: papers.clone(), process: None });
            }
        }
        // The test asks contracts as the bank's own tools do.
        authority.certify([OPERATOR], &folder.join(OPERATOR))?;
        let papers = Papers::read(&folder.join(OPERATOR))?;
        let mut addresses: BTreeMap<_, _> =
            addresses.into_iter().map(|(service, all)| (service, all.join(","))).collect();
        // One that runs in one process is found by its name, as a machine knows it.
        if let Some(address) = addresses.get_mut("payments")
            && let Some(port) = address.strip_prefix("127.0.0.1:").filter(|port| !port.contains(','))
        {
            *address = format!("dns:localhost:{port}");
        }
        let (settings, relays) = (BTreeMap::new(), Vec::new());
        Ok(Self { place, parts: found, addresses, papers, settings, relays, heard: None })
    }

    async fn staffed(self) -> Result<Self, Failed> {
        let (name, password) = ADMINISTRATOR;
        let password = Secret::new(password.to_owned());
        self.books()?.identity.ensure_staff(name, password, Role::Administrator).await?;
        Ok(self)
    }

    /// SIGKILL to the only instance of a part.
    ///
    /// # Errors
    /// There is no such part, or it could not be waited for.
    pub async fn kill(&mut self, names: &'static str) -> Result<(), Failed> {
        self.kill_one(names, 0).await
    }

    /// SIGKILL to an instance of a part.
    ///
    /// # Errors
    /// There is no such instance, or it could not be waited for.
    pub async fn kill_one(&mut self, names: &'static str, at: usize) -> Result<(), Failed> {
        let part = self.parts.get_mut(&(names, at)).ok_or("there is no such part")?;
        match part.process.take() {
            Some(process) => process.kill().await,
            None => Ok(()),
        }
    }

    /// The same process again.
    ///
    /// # Errors
    /// It did not serve again.
    pub async fn restart(&mut self, names: &'static str) -> Result<(), Failed> {
        self.restart_one(names, 0).await
    }

    /// The same instance again.
    ///
    /// # Errors
    /// It did not serve again.
    pub async fn restart_one(&mut self, names: &'static str, at: usize) -> Result<(), Failed> {
        let data_dir = self.data_dir(names, at);
        let part = self.parts.get_mut(&(names, at)).ok_or("there is no such part")?;
        let mut command = Child::command_in(&self.place, &data_dir)?;
        let key_file = self.place.folder().join("bank.key");
        let settings = [
            format!("key_file={}", key_file.display()),
            format!("wire.listen={}", part.wire),
            format!("wire.papers={}", part.papers.display()),
        ];
        for pair in settings.iter().chain(self.settings.get(&(names, at)).into_iter().flatten()) {
            command.arg("--set").arg(pair);
        }
        for (service, addresses) in &self.addresses {
            command.arg("--set").arg(format!("neighbors.{service}={addresses}"));
        }
        part.process =
            Some(Child::start(command, &["--target", names], &part.listen, self.heard.clone()).await?);
        Ok(())
    }

    /// The contracts of the bank, asked over the wire.
    ///
    /// # Errors
    /// An address is malformed.
    pub fn books(&self) -> Result<Books, Failed> {
        let mut books = far_books(&self.addresses, &self.papers)?;
        if let Ok(both) = self.both_books() {
            books.ledger = Arc::new(SeveralBooks::new(both, "main"));
        }
        Ok(books)
    }

    /// A stranger at the gateway.
    #[must_use]
    pub fn client(&self) -> Client {
        self.clients().into_iter().next().unwrap_or_else(|| Client::new("http://127.0.0.1:0"))
    }

    /// A stranger at each gateway.
    #[must_use]
    pub fn clients(&self) -> Vec<Client> {
        let gateways =
            self.parts.iter().filter(|((names, _), _)| names.split(',').any(|name| name == "gateway"));
        gateways.map(|(_, part)| Client::new(&format!("http://{}", part.listen))).collect()
    }

    /// Waits until the outbox holds so many messages about movements to this phone.
    ///
    /// # Errors
    /// Staff were refused.
    pub async fn wait_for_messages(&self, phone: &str, count: usize) -> Result<(), Failed> {
        let administrator = self.client().sign_in_staff(ADMINISTRATOR.0, ADMINISTRATOR.1).await?;
        loop {
            let path = format!("/api/messages/console/outbox?limit=100&to={phone}");
            let outbox = administrator.get(&path).await?.expect(200)?;
            let messages = outbox.body.get("messages").and_then(Value::as_array).cloned().unwrap_or_default();
            let is_movement = |message: &&Value| message.get("kind").is_some_and(|kind| kind == "movement");
            let movements = messages.iter().filter(is_movement).count();
            if movements >= count {
                return if movements == count { Ok(()) } else { Err(format!("{movements} messages").into()) };
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }

    /// What every process logged so far.
    #[must_use]
    pub fn log(&self) -> String {
        self.parts.values().filter_map(|part| part.process.as_ref()).map(Child::log).collect()
    }

    /// Where it is.
    #[must_use]
    pub const fn place(&self) -> &Place {
        &self.place
    }

    /// The binary with the settings of the first process that runs `service`, to run any command.
    ///
    /// # Errors
    /// There is none, or the binary was not built.
    pub fn command_of(&self, service: &str) -> Result<tokio::process::Command, Failed> {
        let of = |names: &str| names.split(',').any(|name| name == service);
        let part = self.parts.keys().find(|(names, _)| of(names)).ok_or("nobody runs it")?;
        let mut command = Child::command_in(&self.place, &self.data_dir(part.0, part.1))?;
        let key_file = self.place.folder().join("bank.key");
        command.arg("--set").arg(format!("key_file={}", key_file.display()));
        Ok(command)
    }

    fn data_dir(&self, names: &str, at: usize) -> PathBuf {
        self.place.configuration.data_dir.join(format!("{names}.{at}"))
    }

    /// Ends every process.
    ///
    /// # Errors
    /// One could not be waited for.
    pub async fn stop(mut self) -> Result<(), Failed> {
        self.kill_all().await
    }

    /// SIGKILL to every process; its place stays.
    ///
    /// # Errors
    /// One could not be waited for.
    pub async fn kill_all(&mut self) -> Result<(), Failed> {
        for process in self.parts.values_mut().filter_map(|part| part.process.take()) {
            process.kill().await?;
        }
        Ok(())
    }
}
