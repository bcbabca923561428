//! How each fault is done.

use std::path::Path;

use super::faults::{Role, Site, Strike, Victim};
use super::shell::{processes_in, run, signal};
use super::site::{LEDGER, Machine};
use super::world::{Kind, Place, World};
use super::{Failed, cluster, leader, network};
use crate::targets::PARTS;

/// What has to stand before the fault, so that only the fault itself is measured.
pub(super) async fn prepare(world: &mut World, strike: Strike) -> Result<(), Failed> {
    if let Strike::StepClock(_) = strike {
        let banks = world.banks.clone();
        for machine in &banks {
            set_clock(world, *machine, 0)?;
        }
        world.stepped.extend(&banks);
        restart_parts(world, &banks).await?;
    }
    Ok(())
}

/// Takes back what [`prepare`] did.
pub(super) async fn tidy(world: &mut World, strike: Strike) -> Result<(), Failed> {
    if let Strike::StepClock(_) = strike {
        world.stepped.clear();
        restart_parts(world, &world.banks.clone()).await?;
    }
    Ok(())
}

/// Does it.
pub(super) async fn strike(world: &mut World, strike: Strike) -> Result<(), Failed> {
    match strike {
        Strike::Kill(victim) => kill(world, victim).await,
        Strike::Pause(victim) => {
            signal("STOP", &pids(world, victim).await?).await;
            Ok(())
        }
        Strike::Cut(site, cut) => {
            let machines = machines(site).await?;
            for machine in &machines {
                network::cut(*machine, cut, &machines).await?;
            }
            Ok(())
        }
        Strike::Unplug(site) => {
            for machine in machines(site).await? {
                network::unplug(machine).await?;
            }
            Ok(())
        }
        Strike::FillDisk => fill_disk(world).await,
        Strike::StepClock(seconds) => set_clock(world, leader::of_ledger().await?, seconds),
        Strike::Fence => {
            let primary = cluster::primary().await?;
            kill(world, Victim::Everything(Site::Primary)).await?;
            cluster::declare_off(primary).await
        }
        Strike::SwitchOver => cluster::switch_over().await,
        Strike::RestartAll => restart_parts(world, &world.banks.clone()).await,
        Strike::UpgradeAll => {
            let other = world.folders.join("yuanhang-next");
            std::fs::copy(&world.program, &other)?;
            world.program = other;
            restart_parts(world, &world.banks.clone()).await
        }
        Strike::Rival => {
            let place = (Machine::W, Kind::Part(LEDGER));
            world.extra.insert(place);
            world.start(place)
        }
    }
}

/// What is over once the fault has lasted long enough and that putting processes right does not cover.
pub(super) fn end(world: &World, strike: Strike) -> Result<(), Failed> {
    match strike {
        Strike::StepClock(_) => world.banks.iter().try_for_each(|machine| set_clock(world, *machine, 0)),
        _ => Ok(()),
    }
}

async fn machines(site: Site) -> Result<Vec<Machine>, Failed> {
    match site {
        Site::At(machines) => Ok(machines.to_vec()),
        Site::Primary => Ok(vec![cluster::primary().await?]),
    }
}

async fn member(role: Role) -> Result<Machine, Failed> {
    let (primary, confirming, _) = cluster::roles().await?;
    Ok(match role {
        Role::Primary => primary,
        Role::Confirming => confirming,
    })
}

/// The process of ours that a victim names, where it names one.
async fn place(world: &World, victim: Victim) -> Result<Option<Place>, Failed> {
    Ok(match victim {
        Victim::Part(machine, part) => Some((machine, Kind::Part(part))),
        Victim::LedgerLeader => Some((leader::of_ledger().await?, Kind::Part(LEDGER))),
        Victim::LedgerStandby => {
            let leader = leader::of_ledger().await?;
            let standby = world.banks.iter().find(|machine| **machine != leader);
            Some((*standby.ok_or("the ledger has no standby")?, Kind::Part(LEDGER)))
        }
        Victim::PostgresAndPatroni(role) | Victim::Patroni(role) => {
            Some((member(role).await?, Kind::Patroni))
        }
        Victim::EtcdLeader => Some((cluster::etcd_leader().await?, Kind::Etcd)),
        Victim::Haproxy(machine) => Some((machine, Kind::Haproxy)),
        Victim::Postgres(_) | Victim::Everything(_) => None,
    })
}

async fn kill(world: &mut World, victim: Victim) -> Result<(), Failed> {
    match victim {
        Victim::Everything(site) => {
            for machine in machines(site).await? {
                // Held first: nothing of it may be started between two kills.
                let there = world.wanted().into_iter().filter(|(at, _)| *at == machine);
                there.for_each(|place| world.hold(place));
                signal("KILL", &processes_in(&machine.namespace()).await).await;
            }
            Ok(())
        }
        Victim::Postgres(role) => {
            signal("KILL", &postgres_of(member(role).await?).await).await;
            Ok(())
        }
        _ => {
            let place = place(world, victim).await?.ok_or("nobody is to be killed")?;
            let postgres = match victim {
                Victim::PostgresAndPatroni(_) => postgres_of(place.0).await,
                _ => Vec::new(),
            };
            world.kill(place).await?;
            signal("KILL", &postgres).await;
            Ok(())
        }
    }
}

/// The processes that a victim consists of.
async fn pids(world: &mut World, victim: Victim) -> Result<Vec<u32>, Failed> {
    let mut pids = Vec::new();
    match victim {
        Victim::Everything(site) => {
            for machine in machines(site).await? {
                pids.extend(processes_in(&machine.namespace()).await);
            }
        }
        Victim::Postgres(role) => pids = postgres_of(member(role).await?).await,
        _ => {
            let place = place(world, victim).await?.ok_or("nobody is to be paused")?;
            if matches!(victim, Victim::PostgresAndPatroni(_)) {
                pids = postgres_of(place.0).await;
            }
            pids.extend(world.process(place).and_then(|process| process.pid()));
        }
    }
    Ok(pids)
}

/// The processes of a machine's PostgreSQL.
async fn postgres_of(machine: Machine) -> Vec<u32> {
    let is_postgres = |pid: &u32| {
        std::fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|name| name.trim() == "postgres")
    };
    processes_in(&machine.namespace()).await.into_iter().filter(is_postgres).collect()
}

fn set_clock(world: &World, machine: Machine, seconds: i64) -> Result<(), Failed> {
    Ok(std::fs::write(world.clock_file(machine), format!("{seconds:+}\n"))?)
}

/// Stops and starts the parts of machines one after the other, each once the one before it is ready again.
async fn restart_parts(world: &mut World, machines: &[Machine]) -> Result<(), Failed> {
    for machine in machines {
        for part in 0..PARTS.len() {
            world.restart((*machine, Kind::Part(part))).await?;
            world.wait_for_part(*machine, part).await?;
        }
    }
    Ok(())
}

/// Takes the last byte of the primary's disk.
async fn fill_disk(world: &World) -> Result<(), Failed> {
    let disk = world.folders.disk(member(Role::Primary).await?);
    let ballast = disk.join("ballast").display().to_string();
    // It fails where a little is kept back for the file system's own books; what is left is taken below.
    let free = free_bytes(&disk).await?;
    let _ = run("fallocate", &["-l", &free.to_string(), &ballast]).await;
    let rest = ["if=/dev/zero", &format!("of={ballast}"), "bs=4096", "oflag=append", "conv=notrunc"];
    let _ = run("dd", &rest).await;
    match free_bytes(&disk).await? {
        0 => Ok(()),
        free => Err(format!("{free} bytes of the disk cannot be filled").into()),
    }
}

async fn free_bytes(disk: &Path) -> Result<u64, Failed> {
    let said = run("df", &["--output=avail", "-B1", &disk.display().to_string()]).await?;
    let free = said.lines().nth(1).and_then(|line| line.trim().parse().ok());
    free.ok_or_else(|| format!("`df` does not say what is free: {said}").into())
}
