//! The inner half of a drill: it starts the bank, has everything happen, and counts.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::process::Command;
use tokio::signal::unix::{SignalKind, signal};
use wire::Papers;

use super::audit::{Auditor, Found};
use super::count::{longest_gap_ms, outage_ms};
use super::faults::{Fault, Strike, Victim, chosen};
use super::load::{Act, Load};
use super::report::{Line, Total};
use super::site::{Folders, Machine};
use super::world::{TICK, World};
use super::{Failed, Wishes, cluster, leader, people, prepare, shell, strike};
use crate::targets::{OPERATOR, far_books};

/// How long customers are watched before a fault, to know what is usual.
const CALM: Duration = Duration::from_secs(5);
/// A fault ends when customers have been served again for so long, where it has lasted long enough.
const STEADY_MS: u64 = 3_000;
/// Customers are served where nobody waited longer for an acknowledgement than this.
const SERVED_MS: u64 = 1_000;
/// A fault that the bank does not get over by itself is put right after this.
const FAULT_MOST: Duration = Duration::from_secs(60);
/// How long it may take until all is well once everything was put right.
const WELL: Duration = Duration::from_secs(180);
/// How long is waited until the primary can be moved back to where it usually is.
const HOME: Duration = Duration::from_secs(30);
/// How long payments under way may take to end.
const ENDING: Duration = Duration::from_secs(120);

/// Everything that a fault meets.
struct Drill {
    world: World,
    load: Load,
    auditor: Auditor,
    /// What was found before.
    found: Found,
}

/// Runs until the end, or until the outer half is gone.
pub(super) async fn run(wishes: &Wishes) -> Result<ExitCode, Failed> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        ended = drill(wishes) => ended,
        _ = terminate.recv() => {
            for machine in Machine::ALL {
                shell::signal("KILL", &shell::processes_in(&machine.namespace()).await).await;
            }
            Err("the drill was ended from outside".into())
        }
    }
}

async fn drill(wishes: &Wishes) -> Result<ExitCode, Failed> {
    let faults = chosen(wishes.faults.as_deref())?;
    let faults: Vec<&Fault> =
        faults.into_iter().filter(|fault| fault.is_possible(wishes.instances)).collect();
    let mut drill = Drill::begin(wishes).await?;
    let mut total = Total::default();
    for fault in faults {
        let line = match drill.suffer(fault, wishes.instances).await {
            Ok(line) => line,
            // The others are still worth something, and so is what is counted at the end.
            Err(why) => Line { fault: fault.name, failed: Some(why.to_string()), ..Line::default() },
        };
        for (what, count) in &line.errors {
            eprintln!("  {count:>5} × {what}");
        }
        println!("{}", if wishes.json { line.json() } else { line.words() });
        total.add(&line);
    }
    if let Err(why) = drill.end(&mut total).await {
        eprintln!("not everything could be counted at the end: {why}");
        total.bad += 1;
    }
    println!("{}", if wishes.json { total.json() } else { total.words() });
    Ok(if total.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

impl Drill {
    async fn begin(wishes: &Wishes) -> Result<Self, Failed> {
        let began = Instant::now();
        let folders = Folders::of(wishes.logs.as_deref());
        let mut world = World::new(folders, prepare::tools().await?, wishes.instances)?;
        world.begin().await?;
        let papers = Papers::read(&world.certify(OPERATOR, OPERATOR)?)?;
        let books = far_books(&world.addresses(Machine::A1), &papers)?;
        let customers = Arc::new(people::enroll(&books).await?);
        let gateways = world.gateways();
        let load = Load::start(&customers, &gateways);
        let auditor = Auditor::new(&customers, &gateways);
        eprintln!("everything runs after {} s", began.elapsed().as_secs());
        Ok(Self { world, load, auditor, found: Found::default() })
    }

    /// Waits until customers are served as usual.
    async fn wait_until_served(&mut self) -> Result<(), Failed> {
        let began = Instant::now();
        let mut troubled = self.load.record.now_ms();
        loop {
            let now = self.load.record.now_ms();
            if now.saturating_sub(self.load.record.last_ms()) > SERVED_MS {
                troubled = now;
            }
            if now.saturating_sub(troubled) > STEADY_MS {
                return Ok(());
            }
            if began.elapsed() > FAULT_MOST {
                return Err("customers are not served although all is well".into());
            }
            self.world.tend()?;
            tokio::time::sleep(TICK).await;
        }
    }

    /// Has one thing happen, waits until all is well again, and counts.
    async fn suffer(&mut self, fault: &'static Fault, instances: usize) -> Result<Line, Failed> {
        eprintln!("{}", fault.name);
        strike::prepare(&mut self.world, fault.strike).await?;
        self.world.wait_until_well(WELL).await?;
        cluster::go_home(Machine::A1, HOME).await?;
        self.world.wait_until_well(WELL).await?;
        self.wait_until_served().await?;
        let record = Arc::clone(&self.load.record);
        let (first, calm_ms) = (record.count(), record.now_ms());
        tokio::time::sleep(CALM).await;
        let before = (cluster::primary().await?, leader::of_ledger().await?);
        record.take_errors();
        self.world.revived = 0;
        let struck_ms = record.now_ms();
        let mut line = Line { fault: fault.name, ..Line::default() };
        if let Err(why) = strike::strike(&mut self.world, fault.strike).await {
            line.failed = Some(why.to_string());
        }
        self.bear(fault, instances).await?;
        strike::end(&self.world, fault.strike)?;
        self.world.heal().await?;
        match self.world.wait_until_well(WELL).await {
            Ok(took) => line.well_ms = Some(u64::try_from(took.as_millis())?),
            Err(why) => line.failed = Some(why.to_string()),
        }
        if let Err(why) = self.wait_until_served().await {
            line.failed = Some(why.to_string());
        }
        let until_ms = record.now_ms();
        if !self.load.pause(ENDING).await {
            line.failed = Some("payments under way did not end in time".to_owned());
        }
        line.errors = record.take_errors();
        line.revived = self.world.revived;
        let name = |machine: Result<Machine, Failed>| machine.map_or("nowhere", Machine::name);
        line.primary = format!("{}→{}", before.0, name(cluster::primary().await));
        line.leader = format!("{}→{}", before.1, name(leader::of_ledger().await));
        self.count(&mut line, first, [calm_ms, struck_ms, until_ms]).await?;
        strike::tidy(&mut self.world, fault.strike).await?;
        self.load.resume();
        Ok(line)
    }

    /// Lets the fault last until customers are served in spite of it.
    async fn bear(&mut self, fault: &Fault, instances: usize) -> Result<(), Failed> {
        let began = Instant::now();
        let least = Duration::from_secs(fault.least_s);
        // Where each part runs once, nobody steps in for a part: somebody has to start it again.
        let alone = instances == 1
            && matches!(
                fault.strike,
                Strike::Kill(Victim::Part(..) | Victim::LedgerLeader)
                    | Strike::Pause(Victim::Part(..) | Victim::LedgerLeader)
            );
        let most = if alone { least } else { FAULT_MOST };
        let record = Arc::clone(&self.load.record);
        let mut troubled = record.now_ms();
        loop {
            let now = record.now_ms();
            if now.saturating_sub(record.last_ms()) > SERVED_MS {
                troubled = now;
            }
            let steady = now.saturating_sub(troubled) > STEADY_MS;
            if began.elapsed() >= most || (began.elapsed() >= least && steady) {
                return Ok(());
            }
            self.world.tend()?;
            tokio::time::sleep(TICK).await;
        }
    }

    /// What customers saw between `calm`, `struck` and `until`, and what they find now.
    async fn count(
        &mut self,
        line: &mut Line,
        first: usize,
        [calm, struck, until]: [u64; 3],
    ) -> Result<(), Failed> {
        let record = Arc::clone(&self.load.record);
        let found = self.auditor.look(&record, first).await?;
        let acts = record.acts();
        let at: Vec<u64> =
            acts.iter().filter_map(|act| act.acknowledged.as_ref().map(|(at, _)| *at)).collect();
        line.usual_ms = longest_gap_ms(&at, calm, struck);
        line.rto_ms = outage_ms(longest_gap_ms(&at, struck, until), line.usual_ms);
        let mine = acts.get(first..).unwrap_or_default();
        let waited = |act: &Act| act.acknowledged.as_ref().map(|(at, _)| at.saturating_sub(act.began_ms));
        line.slowest_ms = mine.iter().filter_map(waited).max().unwrap_or(0);
        line.acked = u64::try_from(mine.iter().filter(|act| act.acknowledged.is_some()).count())?;
        line.refused = u64::try_from(mine.iter().filter(|act| act.refused.is_some()).count())?;
        for act in mine {
            if let Some(code) = &act.refused {
                eprintln!("  {} was refused: {code}", act.key);
            }
        }
        line.lost = found.verdict.lost.saturating_sub(self.found.verdict.lost).saturating_add(found.changed);
        line.duplicated = found.verdict.duplicated.saturating_sub(self.found.verdict.duplicated);
        line.balances_wrong = found.balances_wrong;
        self.found = found;
        Ok(())
    }

    /// Looks at everything once more, from the beginning.
    async fn end(&mut self, total: &mut Total) -> Result<(), Failed> {
        if !self.load.pause(ENDING).await {
            return Err("payments under way did not end in time".into());
        }
        let record = Arc::clone(&self.load.record);
        eprintln!("asking again for {} payments", record.count());
        self.auditor.forget();
        let found = self.auditor.look(&record, 0).await?;
        total.lost = found.verdict.lost.saturating_add(found.changed);
        total.duplicated = found.verdict.duplicated;
        total.balances_wrong = found.balances_wrong;
        total.acked = u64::try_from(record.acts().iter().filter(|act| act.acknowledged.is_some()).count())?;
        (total.messages_missing, total.messages_repeated) = self.auditor.messages(&record).await?;
        total.verified = self.verify().await?;
        Ok(())
    }

    /// `yuanhang ledger verify`, on a machine of the bank.
    async fn verify(&self) -> Result<bool, Failed> {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &Machine::A1.namespace()]).arg(std::env::current_exe()?);
        command.arg("--data").arg(self.world.folders.join("verify"));
        command.args(["--set", "store.kind=postgres", "--set"]);
        command.arg(format!("store.address=file:{}", self.world.folders.join("postgres.address").display()));
        command.args(["ledger", "verify", "--json"]);
        match shell::within(WELL, &mut command).await {
            Ok(said) => {
                eprintln!("  {}", said.trim());
                Ok(true)
            }
            Err(why) => {
                eprintln!("  {why}");
                Ok(false)
            }
        }
    }
}
