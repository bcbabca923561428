//! A bank in five processes, to be measured beside the same bank in one.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::{Child, Command};
use wire::{Authority, Papers};

use super::load::{Connection, Failed};
use crate::books::Books;
use crate::targets::{OPERATOR, PARTS, far_books};

/// How long a process may take to serve.
const PATIENCE: Duration = Duration::from_secs(60);

/// Processes of one bank; killed when dropped.
pub(super) struct Split {
    gateway: SocketAddr,
    books: Books,
    processes: Vec<Child>,
}

fn free() -> Result<SocketAddr, Failed> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

impl Split {
    /// Starts every process below `folder` and waits until it serves. `postgres`: reference to the address of an empty
    /// database that they share; without it each has a SQLite of its own.
    pub(super) async fn start(folder: &Path, postgres: Option<&str>) -> Result<Self, Failed> {
        let authority = Authority::in_folder(&folder.join("papers"))?;
        let certified = |services: &str| -> Result<std::path::PathBuf, Failed> {
            let papers = folder.join("papers").join(services);
            authority.certify(services.split(','), &papers)?;
            Ok(papers)
        };
        let mut wires = BTreeMap::new();
        for part in PARTS {
            let wire = free()?.to_string();
            wires.extend(part.split(',').map(|service| (service.to_owned(), wire.clone())));
        }
        let (mut processes, mut gateway) = (Vec::new(), None);
        for part in PARTS {
            let listen = free()?;
            let wire = part.split(',').next().and_then(|service| wires.get(service)).ok_or("no wire")?;
            let mut settings = vec![
                format!("key_file={}", folder.join("bank.key").display()),
                format!("wire.listen={wire}"),
                format!("wire.papers={}", certified(part)?.display()),
                "telemetry.log_filter=warn".to_owned(),
                // A few customers do what thousands would.
                "gateway.limits.customer.per_minute=0".to_owned(),
                "gateway.shedding.in_progress_min=4096".to_owned(),
            ];
            settings.extend(wires.iter().map(|(service, wire)| format!("neighbors.{service}={wire}")));
            if let Some(address) = postgres {
                settings.push("store.kind=postgres".to_owned());
                settings.push(format!("store.address={address}"));
            }
            let mut command = Command::new(std::env::current_exe()?);
            command.arg("--data").arg(folder.join(part));
            settings.iter().for_each(|pair| {
                command.arg("--set").arg(pair);
            });
            command.args(["serve", "--target", part, "--listen", &listen.to_string()]);
            command.stdin(Stdio::null()).stdout(Stdio::null()).kill_on_drop(true);
            processes.push(command.spawn()?);
            serving(listen).await.map_err(|why| format!("`{part}` does not serve: {why}"))?;
            gateway = Some(listen);
        }
        let papers = Papers::read(&certified(OPERATOR)?)?;
        let books = far_books(&wires, &papers)?;
        Ok(Self { gateway: gateway.ok_or("no gateway")?, books, processes })
    }

    pub(super) const fn gateway(&self) -> SocketAddr {
        self.gateway
    }

    pub(super) const fn books(&self) -> &Books {
        &self.books
    }

    pub(super) async fn stop(mut self) -> Result<(), Failed> {
        for process in &mut self.processes {
            process.kill().await?;
        }
        Ok(())
    }
}

/// Waits until somebody answers there.
async fn serving(address: SocketAddr) -> Result<(), Failed> {
    let answered = async {
        while Connection::open(address).await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    Ok(tokio::time::timeout(PATIENCE, answered).await?)
}
