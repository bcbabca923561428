//! The bank and everything beneath it on the five machines: what should run, and seeing to it that it does.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use wire::Authority;

use super::client::{Question, ask};
use super::prepare::Tools;
use super::process::{Process, Start};
use super::site::{Folders, GATEWAY, Machine, Part, listen, part_name, wire as wire_address};
use super::{Failed, cluster, engines, network};
use crate::targets::PARTS;

/// How long a part may take to say that it is ready.
const READY: Duration = Duration::from_secs(120);
/// How often everything is looked after.
pub(super) const TICK: Duration = Duration::from_millis(250);
/// How long an operator grants a process that is asked to end.
const GRACE: Duration = Duration::from_secs(20);

/// What a process is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Etcd,
    Patroni,
    Haproxy,
    Part(Part),
}

impl Kind {
    /// What its log is called.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Etcd => "etcd",
            Self::Patroni => "patroni",
            Self::Haproxy => "haproxy",
            Self::Part(part) => part_name(part),
        }
    }
}

/// A process by machine and kind.
pub(super) type Place = (Machine, Kind);

/// Everything that runs.
pub(super) struct World {
    pub(super) folders: Folders,
    pub(super) tools: Tools,
    /// The machines on which the bank runs.
    pub(super) banks: Vec<Machine>,
    /// The program that parts are started from.
    pub(super) program: PathBuf,
    authority: Authority,
    processes: BTreeMap<Place, Process>,
    /// Down on purpose: nobody starts them.
    held: BTreeSet<Place>,
    /// Runs beside what should run.
    pub(super) extra: BTreeSet<Place>,
    /// Machines whose parts can be given another time.
    pub(super) stepped: BTreeSet<Machine>,
    /// How often something ended by itself and was started again, as a unit of systemd does.
    pub(super) revived: u32,
}

impl World {
    /// A world in which nothing runs yet.
    pub(super) fn new(folders: Folders, tools: Tools, instances: usize) -> Result<Self, Failed> {
        let authority = Authority::in_folder(&folders.join("papers"))?;
        let address = format!("postgres://bank:{}@127.0.0.1:{}/bank", engines::BANK, engines::PRIMARY);
        std::fs::write(folders.join("postgres.address"), address)?;
        Ok(Self {
            folders,
            tools,
            banks: Machine::BANKS.into_iter().take(instances).collect(),
            program: std::env::current_exe()?,
            authority,
            processes: BTreeMap::new(),
            held: BTreeSet::new(),
            extra: BTreeSet::new(),
            stepped: BTreeSet::new(),
            revived: 0,
        })
    }

    /// Papers for this drill itself.
    pub(super) fn certify(&self, services: &str, name: &str) -> Result<PathBuf, Failed> {
        let folder = self.folders.join("papers").join(name);
        self.authority.certify(services.split(','), &folder)?;
        Ok(folder)
    }

    /// Where customers reach the bank.
    pub(super) fn gateways(&self) -> Vec<std::net::SocketAddr> {
        self.banks.iter().map(|machine| listen(*machine, GATEWAY)).collect()
    }

    /// Where each service is, the nearest first as seen from a machine.
    pub(super) fn addresses(&self, seen_from: Machine) -> BTreeMap<String, String> {
        let mut banks = self.banks.clone();
        banks.sort_by_key(|machine| (*machine != seen_from, !machine.is_near(seen_from)));
        let mut addresses = BTreeMap::new();
        for (part, services) in PARTS.iter().enumerate() {
            let all: Vec<String> =
                banks.iter().map(|machine| wire_address(*machine, part).to_string()).collect();
            addresses.extend(services.split(',').map(|service| (service.to_owned(), all.join(","))));
        }
        addresses
    }

    /// What should run, in the order in which it is started.
    pub(super) fn wanted(&self) -> Vec<Place> {
        let on = |machines: &[Machine], kind: Kind| -> Vec<Place> {
            machines.iter().map(|machine| (*machine, kind)).collect()
        };
        let mut wanted = on(&Machine::STORES, Kind::Etcd);
        wanted.extend(on(&Machine::STORES, Kind::Patroni));
        wanted.extend(on(&Machine::ALL, Kind::Haproxy));
        for machine in &self.banks {
            wanted.extend((0..PARTS.len()).map(|part| (*machine, Kind::Part(part))));
        }
        wanted.extend(self.extra.iter().copied());
        wanted
    }

    fn command(&self, (machine, kind): Place) -> Result<Start, Failed> {
        match kind {
            Kind::Etcd => Ok(engines::etcd(&self.folders, machine)),
            Kind::Patroni => engines::patroni(&self.tools, &self.folders, machine),
            Kind::Haproxy => engines::haproxy(&self.folders, machine),
            Kind::Part(part) => self.part(machine, part),
        }
    }

    /// One of the bank's processes, as an operator starts it.
    fn part(&self, machine: Machine, part: Part) -> Result<Start, Failed> {
        let services = PARTS.get(part).ok_or("there is no such part")?;
        let name = format!("{machine}-{}", part_name(part));
        let papers = self.certify(services, &name)?;
        let mut settings = vec![
            format!("key_file={}", self.folders.join("bank.key").display()),
            format!("wire.listen={}", wire_address(machine, part)),
            format!("wire.papers={}", papers.display()),
            "telemetry.log_filter=warn".to_owned(),
            "telemetry.log_format=json".to_owned(),
            "identity.staff_passwords=true".to_owned(),
            "identity.new_device_two_factors=false".to_owned(),
            "identity.sealed_passwords=false".to_owned(),
            "store.kind=postgres".to_owned(),
            format!("store.address=file:{}", self.folders.join("postgres.address").display()),
        ];
        let addresses = self.addresses(machine);
        settings.extend(addresses.iter().map(|(service, at)| format!("neighbors.{service}={at}")));
        let mut words = Vec::new();
        if self.stepped.contains(&machine) {
            words.push("env".to_owned());
            words.push(format!("LD_PRELOAD={}", self.tools.faketime.display()));
            words.push(format!("FAKETIME_TIMESTAMP_FILE={}", self.clock_file(machine).display()));
            words.extend(["FAKETIME_NO_CACHE=1", "FAKETIME_DONT_FAKE_MONOTONIC=1"].map(str::to_owned));
        }
        words.push(self.program.display().to_string());
        words.extend(["--data".to_owned(), self.folders.join(&name).display().to_string()]);
        words.extend(settings.into_iter().flat_map(|pair| ["--set".to_owned(), pair]));
        words.extend(["serve", "--target", services, "--listen"].map(str::to_owned));
        words.push(listen(machine, part).to_string());
        Ok(Start::of(words))
    }

    /// The file from which the parts of a machine learn how far off their clock is.
    pub(super) fn clock_file(&self, machine: Machine) -> PathBuf {
        self.folders.join(&format!("clock-{machine}"))
    }

    /// Starts a process that does not run; it may be killed and paused from then on.
    pub(super) fn start(&mut self, place: Place) -> Result<(), Failed> {
        let (machine, kind) = place;
        let process =
            Process::start(machine, &self.command(place)?, &self.folders.log(machine, kind.name()))?;
        self.processes.insert(place, process);
        Ok(())
    }

    /// A process that runs.
    pub(super) fn process(&mut self, place: Place) -> Option<&mut Process> {
        self.processes.get_mut(&place)
    }

    /// Keeps a process from being started until everything is put right.
    pub(super) fn hold(&mut self, place: Place) {
        self.held.insert(place);
    }

    /// Kills a process and keeps it down.
    pub(super) async fn kill(&mut self, place: Place) -> Result<(), Failed> {
        self.hold(place);
        match self.processes.get_mut(&place) {
            Some(process) => process.kill().await,
            None => Ok(()),
        }
    }

    /// Asks a process to end and starts it again.
    pub(super) async fn restart(&mut self, place: Place) -> Result<(), Failed> {
        if let Some(process) = self.processes.get_mut(&place) {
            process.stop(GRACE).await?;
        }
        self.start(place)
    }

    /// Starts what ended by itself, as a unit of systemd does.
    pub(super) fn tend(&mut self) -> Result<(), Failed> {
        let ended = |(place, process): (&Place, &mut Process)| (!process.is_running()).then_some(*place);
        let ended: Vec<Place> = self.processes.iter_mut().filter_map(ended).collect();
        for place in ended.into_iter().filter(|place| !self.held.contains(place)).collect::<Vec<_>>() {
            self.revived = self.revived.saturating_add(1);
            self.start(place)?;
        }
        Ok(())
    }

    /// Ends every fault: the network, paused processes, clocks, full disks, and what is down.
    pub(super) async fn heal(&mut self) -> Result<(), Failed> {
        for machine in Machine::ALL {
            network::heal(machine).await?;
            super::shell::signal("CONT", &super::shell::processes_in(&machine.namespace()).await).await;
        }
        for machine in Machine::STORES {
            let ballast = self.folders.disk(machine).join("ballast");
            if ballast.exists() {
                std::fs::remove_file(ballast)?;
            }
        }
        for place in std::mem::take(&mut self.extra) {
            if let Some(mut process) = self.processes.remove(&place) {
                process.stop(GRACE).await?;
            }
        }
        self.held.clear();
        for place in self.wanted() {
            if !self.processes.get_mut(&place).is_some_and(Process::is_running) {
                self.start(place)?;
            }
        }
        Ok(())
    }

    /// What is not as it should be; nothing where all is well.
    pub(super) async fn ailing(&mut self) -> Option<String> {
        for place in self.wanted() {
            if !self.processes.get_mut(&place).is_some_and(Process::is_running) {
                return Some(format!("{} on {} does not run", place.1.name(), place.0));
            }
        }
        if let Err(why) = cluster::etcd_leader().await {
            return Some(format!("etcd: {why}"));
        }
        if let Some(why) = cluster::ailing().await {
            return Some(why);
        }
        for (machine, kind) in self.wanted() {
            if let Kind::Part(part) = kind
                && let Err(why) = ready(machine, part).await
            {
                return Some(format!("{} on {machine} is not ready: {why}", kind.name()));
            }
        }
        None
    }

    /// Waits until all is well, at most so long; says how long it took, or what is still amiss.
    pub(super) async fn wait_until_well(&mut self, most: Duration) -> Result<Duration, Failed> {
        let began = Instant::now();
        let mut copied = BTreeSet::new();
        loop {
            self.tend()?;
            let Some(why) = self.ailing().await else { return Ok(began.elapsed()) };
            if began.elapsed() > most {
                return Err(format!("not well after {} s: {why}", most.as_secs()).into());
            }
            // A member that cannot follow by itself is copied anew, as an operator does.
            if began.elapsed() > most / 2 {
                for member in cluster::members().await.unwrap_or_default() {
                    let strays = member.role != "leader" && member.state != "streaming";
                    if strays && copied.insert(member.machine) {
                        eprintln!("  {} is copied anew", member.machine);
                        let _ = cluster::copy_anew(member.machine).await;
                    }
                }
            }
            tokio::time::sleep(TICK).await;
        }
    }

    /// Waits until a part says that it is ready.
    pub(super) async fn wait_for_part(&mut self, machine: Machine, part: Part) -> Result<(), Failed> {
        wait_for(&format!("{} on {machine}", part_name(part)), async || {
            self.tend()?;
            ready(machine, part).await
        })
        .await
    }

    /// Starts everything, each after what it needs, and waits until all is well.
    pub(super) async fn begin(&mut self) -> Result<(), Failed> {
        let engines = self.wanted().into_iter().filter(|(_, kind)| !matches!(kind, Kind::Part(_)));
        for place in engines.collect::<Vec<_>>() {
            self.start(place)?;
            // The first member makes the database, so that it is the same one in each drill.
            if place == (Machine::A1, Kind::Patroni) {
                wait_for("a primary", async || cluster::primary().await.map(|_| ())).await?;
            }
        }
        wait_for("a whole database", async || cluster::ailing().await.map_or(Ok(()), |why| Err(why.into())))
            .await?;
        cluster::make_database().await?;
        let parts = self.wanted().into_iter().filter(|(_, kind)| matches!(kind, Kind::Part(_)));
        for (machine, kind) in parts.collect::<Vec<_>>() {
            self.start((machine, kind))?;
            if let Kind::Part(part) = kind {
                wait_for(&format!("{} on {machine}", kind.name()), async || serves(machine, part).await)
                    .await?;
            }
        }
        self.wait_until_well(READY).await.map(|_| ())
    }
}

/// Asks until what is waited for is there.
async fn wait_for(what: &str, mut asking: impl AsyncFnMut() -> Result<(), Failed>) -> Result<(), Failed> {
    let began = Instant::now();
    while let Err(why) = asking().await {
        if began.elapsed() > READY {
            return Err(format!("{what} is not there after {} s: {why}", READY.as_secs()).into());
        }
        tokio::time::sleep(TICK).await;
    }
    Ok(())
}

/// Whether a part answers at all: for the first time it may need those that start after it.
async fn serves(machine: Machine, part: Part) -> Result<(), Failed> {
    ask(listen(machine, part), &Question::get("/healthz"), GRACE).await.map(|_| ())
}

/// Whether a part says that it and those that it asks are ready.
async fn ready(machine: Machine, part: Part) -> Result<(), Failed> {
    let question = Question::get("/readyz");
    ask(listen(machine, part), &question, Duration::from_secs(5)).await?.expect(200).map(|_| ())
}
