//! The machines of a drill, where they are and what each of them is called.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use crate::targets::PARTS;

/// Begins the name of everything that a drill makes.
pub(super) const PREFIX: &str = "yh-drill-";

/// The bridge to which every machine is plugged.
pub(super) const BRIDGE: &str = "yh-drill-br";

/// The network of the machines; it is seen by nobody else.
pub(super) const NETWORK: &str = "10.99.77.0/24";

/// Where customers are.
pub(super) const CLIENTS: &str = "yh-drill-c";

/// The address of the customers.
pub(super) const CLIENTS_ADDRESS: Ipv4Addr = Ipv4Addr::new(10, 99, 77, 41);

/// A machine: a network namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Machine {
    /// Center A, with a PostgreSQL.
    A1,
    /// Center A.
    A2,
    /// Center B, with a PostgreSQL.
    B1,
    /// Center B.
    B2,
    /// The witness far away, with a PostgreSQL and none of the bank's processes.
    W,
}

impl Machine {
    /// All.
    pub(super) const ALL: [Self; 5] = [Self::A1, Self::A2, Self::B1, Self::B2, Self::W];
    /// Those on which the bank runs, in the order in which they get instances.
    pub(super) const BANKS: [Self; 4] = [Self::A1, Self::B1, Self::A2, Self::B2];
    /// Those on which the database and the keeper of its leadership run.
    pub(super) const STORES: [Self; 3] = [Self::A1, Self::B1, Self::W];
    /// Center A.
    pub(super) const A: &[Self] = &[Self::A1, Self::A2];
    /// Center B.
    pub(super) const B: &[Self] = &[Self::B1, Self::B2];

    /// `a1`.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::A1 => "a1",
            Self::A2 => "a2",
            Self::B1 => "b1",
            Self::B2 => "b2",
            Self::W => "w",
        }
    }

    /// The machine of this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|machine| machine.name() == name)
    }

    /// Its network namespace, and the name of its plug in the bridge.
    pub(super) fn namespace(self) -> String {
        format!("{PREFIX}{}", self.name())
    }

    /// Its address.
    pub(super) const fn address(self) -> Ipv4Addr {
        let last = match self {
            Self::A1 => 11,
            Self::A2 => 12,
            Self::B1 => 21,
            Self::B2 => 22,
            Self::W => 31,
        };
        Ipv4Addr::new(10, 99, 77, last)
    }

    /// A port of it.
    pub(super) const fn port(self, port: u16) -> SocketAddr {
        SocketAddr::new(IpAddr::V4(self.address()), port)
    }

    /// Whether both stand in one center.
    pub(super) fn is_near(self, other: Self) -> bool {
        self.name().as_bytes().first() == other.name().as_bytes().first()
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The index of a part in [`PARTS`].
pub(super) type Part = usize;

/// The part that keeps the ledger.
pub(super) const LEDGER: Part = 0;
/// The part that keeps payments.
pub(super) const PAYMENTS: Part = 3;
/// The part that customers reach.
pub(super) const GATEWAY: Part = 4;

/// What a part is called; the first of its services.
pub(super) fn part_name(part: Part) -> &'static str {
    PARTS.get(part).and_then(|services| services.split(',').next()).unwrap_or("none")
}

/// Where a part of a machine answers neighbors.
pub(super) fn wire(machine: Machine, part: Part) -> SocketAddr {
    machine.port(7100 + u16::try_from(part).unwrap_or(0))
}

/// Where it answers everybody: customers, health.
pub(super) fn listen(machine: Machine, part: Part) -> SocketAddr {
    machine.port(8080 + u16::try_from(part).unwrap_or(0))
}

/// The folders of a drill.
#[derive(Debug, Clone)]
pub(super) struct Folders {
    /// Everything that goes when the drill ends.
    pub(super) root: PathBuf,
    /// Logs; they stay where the caller named a folder.
    pub(super) logs: PathBuf,
}

impl Folders {
    /// Where they always are, so that the next drill finds what this one left behind.
    pub(super) fn of(logs: Option<&Path>) -> Self {
        let root = PathBuf::from("/var/tmp/yh-drill");
        Self { logs: logs.map_or_else(|| root.join("logs"), Path::to_owned), root }
    }

    /// The disk of a machine's database.
    pub(super) fn disk(&self, machine: Machine) -> PathBuf {
        self.root.join(format!("disk-{machine}"))
    }

    /// A file or folder of the drill.
    pub(super) fn join(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// The log of a process.
    pub(super) fn log(&self, machine: Machine, process: &str) -> PathBuf {
        self.logs.join(format!("{machine}-{process}.log"))
    }
}
