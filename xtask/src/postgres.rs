//! A private PostgreSQL for one test run: own folder, own port on loopback, own unprivileged user.
//!
//! Nothing about durability is switched off: the kill tests rest on `fsync`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::child::{self, Background};
use crate::minder::Folder;
use crate::{Outcome, house};

/// How long the server may take to answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// The folder with Debian's newest `initdb` and `postgres`.
pub(crate) fn binaries() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    versions
        .flatten()
        .filter_map(|entry| {
            Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path().join("bin")))
        })
        .filter(|(_, folder)| folder.join("initdb").is_file())
        .max()
        .map(|(_, folder)| folder)
}

/// A running server; it stops and its data go when this value is dropped.
pub(crate) struct Server {
    // Order matters: the process ends before its folder is removed.
    _process: Background,
    _folder: Folder,
    port: u16,
}

impl Server {
    /// Initializes a cluster and starts it.
    pub(crate) fn start() -> Outcome<Server> {
        let bin = binaries().ok_or("PostgreSQL is not installed")?;
        let folder = Folder::make("postgres")?;
        let user = unprivileged()?;
        let data = folder.path().join("data");
        std::fs::create_dir(&data)?;
        if let Some(user) = &user {
            std::os::unix::fs::chown(&data, Some(user.uid), Some(user.gid))?;
        }
        let mut initdb = as_user(user.as_ref(), &bin.join("initdb"));
        initdb.arg("-D").arg(&data).args(["-U", "yuanhang", "-A", "trust", "-E", "UTF8"]);
        child::ask(initdb.args(["--locale=C.UTF-8", "--no-sync"]))?;

        let port = house::free_port()?;
        let log = folder.path().join("log");
        let mut postgres = as_user(user.as_ref(), &bin.join("postgres"));
        postgres.arg("-D").arg(&data).args(["-p", &port.to_string()]);
        for setting in [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=200",
            "shared_buffers=128MB",
            "max_wal_size=2GB",
            "fsync=on",
            "synchronous_commit=on",
        ] {
            postgres.args(["-c", setting]);
        }
        // SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for clients to leave.
        let mut process = Background::start(&mut postgres, "INT", &log)?;
        wait_until_ready(&bin, port, &mut process, &log)?;
        Ok(Server { _process: process, _folder: folder, port })
    }

    /// The address of its maintenance database, as an administrator.
    pub(crate) fn url(&self) -> String {
        format!("postgres://yuanhang@127.0.0.1:{}/postgres", self.port)
    }
}

fn wait_until_ready(bin: &Path, port: u16, process: &mut Background, log: &Path) -> Outcome<()> {
    let since = Instant::now();
    loop {
        let mut ready = Command::new(bin.join("pg_isready"));
        ready.args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()]);
        if child::ask(&mut ready).is_ok() {
            return Ok(());
        }
        if process.has_ended() || since.elapsed() > PATIENCE {
            let words = std::fs::read_to_string(log).unwrap_or_default();
            return Err(format!("PostgreSQL did not start:\n{words}").into());
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// PostgreSQL refuses to run as root, so root lends it another user.
struct User {
    uid: u32,
    gid: u32,
}

fn unprivileged() -> Outcome<Option<User>> {
    if !house::is_root() {
        return Ok(None);
    }
    for name in ["postgres", "nobody"] {
        let number = |flag: &str| -> Outcome<u32> {
            Ok(child::ask(Command::new("id").args([flag, name]))?.trim().parse()?)
        };
        if let (Ok(uid), Ok(gid)) = (number("-u"), number("-g")) {
            return Ok(Some(User { uid, gid }));
        }
    }
    Err("there is neither a user `postgres` nor a user `nobody` to run PostgreSQL as".into())
}

fn as_user(user: Option<&User>, program: &Path) -> Command {
    let mut command = match user {
        None => Command::new(program),
        Some(user) => {
            let mut setpriv = Command::new("setpriv");
            setpriv.arg(format!("--reuid={}", user.uid)).arg(format!("--regid={}", user.gid));
            setpriv.arg("--clear-groups").arg(program);
            setpriv
        }
    };
    command.current_dir("/").env_remove("PGDATA").env_remove("PGPORT").env("LC_ALL", "C.UTF-8");
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_private_server_starts_keeps_fsync_and_leaves_nothing_behind() {
        let Some(bin) = binaries() else { return };
        let server = Server::start().unwrap();
        let folder = server._folder.path().to_path_buf();
        let mut psql = Command::new(bin.join("psql"));
        let fsync = child::ask(psql.args(["-At", "-c", "show fsync", &server.url()])).unwrap();
        assert_eq!(fsync.trim(), "on");
        let port = server.port;
        drop(server);
        assert!(!folder.exists());
        assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_err(), "the server is gone");
    }
}
