//! Everything that happens to the bank in a drill, as a table. The order is the order in which it happens.

use super::network::Cut;
use super::site::{GATEWAY, LEDGER, Machine, PAYMENTS, Part};

/// Something that happens, and for how long at least it lasts.
#[derive(Debug)]
pub(super) struct Fault {
    /// What it is asked for by.
    pub(super) name: &'static str,
    /// What is done.
    pub(super) strike: Strike,
    /// So many seconds at least pass before anything is put right again; more where customers are not served yet.
    pub(super) least_s: u64,
}

/// A thing that is done to the bank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strike {
    /// SIGKILL.
    Kill(Victim),
    /// SIGSTOP, and SIGCONT when the fault ends.
    Pause(Victim),
    /// Packets are thrown away; machines of one blow still reach each other.
    Cut(Site, Cut),
    /// The plug is pulled.
    Unplug(Site),
    /// The disk of the primary is filled to the last byte.
    FillDisk,
    /// The clocks of the bank's processes on the machine of the one who writes the ledger's book are so many seconds
    /// off.
    StepClock(i64),
    /// A supervisor of machines turns that of the primary off, and tells the others that it is.
    Fence,
    /// An operator moves the database.
    SwitchOver,
    /// Each of the bank's processes is stopped and started, one after the other.
    RestartAll,
    /// The same, each with another file of the program.
    UpgradeAll,
    /// A further process for the ledger's book is started where the bank has none.
    Rival,
}

/// Who is hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Victim {
    /// A part of the bank on a machine.
    Part(Machine, Part),
    /// The process that writes the ledger's book now.
    LedgerLeader,
    /// One that would write it next.
    LedgerStandby,
    /// PostgreSQL of the member in this role.
    Postgres(Role),
    /// With it Patroni, so that nobody puts it right.
    PostgresAndPatroni(Role),
    /// Patroni alone: PostgreSQL runs on without it.
    Patroni(Role),
    /// The member of etcd that leads.
    EtcdLeader,
    /// What leads a machine's processes to the database.
    Haproxy(Machine),
    /// Every process of these machines.
    Everything(Site),
}

/// A member of the database by what it does now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Takes what is written.
    Primary,
    /// Confirms what is written.
    Confirming,
}

/// Where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Site {
    /// These machines.
    At(&'static [Machine]),
    /// The machine of the primary.
    Primary,
}

const fn fault(name: &'static str, strike: Strike, least_s: u64) -> Fault {
    Fault { name, strike, least_s }
}

const fn kill(name: &'static str, machine: Machine, part: Part) -> Fault {
    fault(name, Strike::Kill(Victim::Part(machine, part)), 5)
}

const fn cut(name: &'static str, machines: &'static [Machine]) -> Fault {
    fault(name, Strike::Cut(Site::At(machines), Cut::Both), 30)
}

use Machine::{A1, A2, B1, B2, W};
use Role::{Confirming, Primary};
use Strike::{Kill, Pause};

/// All of them.
pub(super) const FAULTS: &[Fault] = &[
    kill("kill-gateway-a", A1, GATEWAY),
    kill("kill-payments-a", A1, PAYMENTS),
    kill("kill-customers-a", A1, 1),
    kill("kill-messages-a", A1, 2),
    kill("kill-ledger-a", A1, LEDGER),
    kill("kill-gateway-b", B1, GATEWAY),
    kill("kill-payments-b", B1, PAYMENTS),
    kill("kill-customers-b", B1, 1),
    kill("kill-messages-b", B1, 2),
    kill("kill-ledger-b", B1, LEDGER),
    fault("kill-ledger-leader", Kill(Victim::LedgerLeader), 5),
    fault("kill-ledger-standby", Kill(Victim::LedgerStandby), 5),
    fault("kill-haproxy-a", Kill(Victim::Haproxy(A1)), 5),
    fault("kill-haproxy-b", Kill(Victim::Haproxy(B1)), 5),
    fault("kill-postgres", Kill(Victim::Postgres(Primary)), 10),
    fault("kill-postgres-and-patroni", Kill(Victim::PostgresAndPatroni(Primary)), 30),
    fault("kill-patroni", Kill(Victim::Patroni(Primary)), 30),
    fault("kill-confirming-standby", Kill(Victim::PostgresAndPatroni(Confirming)), 10),
    fault("kill-etcd-leader", Kill(Victim::EtcdLeader), 10),
    fault("switchover", Strike::SwitchOver, 5),
    fault("pause-ledger-leader", Pause(Victim::LedgerLeader), 25),
    fault("pause-payments", Pause(Victim::Part(A1, PAYMENTS)), 25),
    fault("pause-postgres", Pause(Victim::PostgresAndPatroni(Primary)), 30),
    fault("pause-confirming-standby", Pause(Victim::PostgresAndPatroni(Confirming)), 30),
    fault("pause-machine-of-primary", Pause(Victim::Everything(Site::Primary)), 30),
    cut("cut-a1", &[A1]),
    cut("cut-a2", &[A2]),
    cut("cut-b1", &[B1]),
    cut("cut-b2", &[B2]),
    cut("cut-w", &[W]),
    fault("cut-primary", Strike::Cut(Site::Primary, Cut::Both), 30),
    fault("cut-primary-incoming", Strike::Cut(Site::Primary, Cut::Incoming), 30),
    fault("cut-primary-outgoing", Strike::Cut(Site::Primary, Cut::Outgoing), 30),
    fault("fence-primary", Strike::Fence, 20),
    fault("unplug-primary", Strike::Unplug(Site::Primary), 30),
    fault("lossy-a", Strike::Cut(Site::At(Machine::A), Cut::Some(20)), 20),
    cut("cut-center-a", Machine::A),
    cut("cut-center-b", Machine::B),
    fault("kill-center-a", Kill(Victim::Everything(Site::At(Machine::A))), 30),
    fault("kill-center-b", Kill(Victim::Everything(Site::At(Machine::B))), 30),
    fault("kill-witness", Kill(Victim::Everything(Site::At(&[W]))), 20),
    fault("disk-full", Strike::FillDisk, 20),
    fault("clock-forward", Strike::StepClock(300), 10),
    fault("clock-back", Strike::StepClock(-300), 10),
    fault("two-leaders", Strike::Rival, 20),
    fault("rolling-restart", Strike::RestartAll, 2),
    fault("rolling-upgrade", Strike::UpgradeAll, 2),
];

/// A name that stands for no fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no fault; choose some of {known} with commas between", known = known())]
pub(super) struct NotAFault(String);

fn known() -> String {
    FAULTS.iter().map(|fault| fault.name).collect::<Vec<_>>().join(", ")
}

/// The faults that are named, in the order of the table; all where none is.
pub(super) fn chosen(names: Option<&str>) -> Result<Vec<&'static Fault>, NotAFault> {
    let Some(names) = names else { return Ok(FAULTS.iter().collect()) };
    let names: Vec<&str> = names.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    if let Some(unknown) = names.iter().find(|name| !FAULTS.iter().any(|fault| fault.name == **name)) {
        return Err(NotAFault((*unknown).to_owned()));
    }
    Ok(FAULTS.iter().filter(|fault| names.contains(&fault.name)).collect())
}

impl Fault {
    /// Whether it hits something that is there where each part runs on so many machines.
    pub(super) fn is_possible(&self, instances: usize) -> bool {
        let runs_on = |machine: &Machine| Machine::BANKS.iter().take(instances).any(|bank| bank == machine);
        match self.strike {
            Kill(Victim::Part(machine, _)) | Pause(Victim::Part(machine, _)) => runs_on(&machine),
            Kill(Victim::LedgerStandby) | Strike::Rival => instances > 1,
            _ => true,
        }
    }
}
