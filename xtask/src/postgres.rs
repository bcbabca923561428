//! A private PostgreSQL for one test run: own folder, own port on loopback, own unprivileged user.
//!
//! Nothing about durability is switched off: the kill tests rest on `fsync`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use crate::child::{self, Background};
use crate::minder::Folder;
use crate::{Outcome, house};

/// How long the server may take to answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often the databases of tests that have ended are dropped. A run makes some five hundred of ten megabytes each, and
/// small machines have no room for all of them.
const SWEEP: Duration = Duration::from_secs(10);

/// How much of its log is shown where the server ended by itself.
const LAST_WORDS: usize = 4000;

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
    process: Background,
    folder: Folder,
    bin: PathBuf,
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
        let log = log_in(&folder);
        let mut postgres = as_user(user.as_ref(), &bin.join("postgres"));
        postgres.arg("-D").arg(&data).args(["-p", &port.to_string()]);
        for setting in [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=200",
            "shared_buffers=128MB",
            "max_wal_size=512MB",
            "fsync=on",
            "synchronous_commit=on",
        ] {
            postgres.args(["-c", setting]);
        }
        // SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for clients to leave.
        let mut process = Background::start(&mut postgres, "INT", &log)?;
        wait_until_ready(&bin, port, &mut process, &log)?;
        Ok(Server { process, folder, bin, port })
    }

    /// The address of its maintenance database, as an administrator.
    pub(crate) fn url(&self) -> String {
        format!("postgres://yuanhang@127.0.0.1:{}/postgres", self.port)
    }

    /// Does `work` while the databases of tests that have ended are dropped.
    pub(crate) fn swept<T>(&self, work: impl FnOnce() -> T) -> T {
        std::thread::scope(|scope| {
            let (working, done) = mpsc::channel::<()>();
            scope.spawn(move || {
                while done.recv_timeout(SWEEP) == Err(RecvTimeoutError::Timeout) {
                    // One that cannot be dropped now is tried again; what fails for good is seen where tests fail.
                    let _swept = self.sweep();
                }
            });
            let worked = work();
            drop(working);
            worked
        })
    }

    /// Drops each database whose name says that it was made by a process that has ended.
    fn sweep(&self) -> Outcome<()> {
        let names = self.sql(&["SELECT datname FROM pg_database WHERE datname LIKE 'yuanhang\\_%'"])?;
        let dropping: Vec<String> = names
            .lines()
            .filter(|name| !is_alive(name))
            .map(|name| format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            .collect();
        if !dropping.is_empty() {
            self.sql(&dropping.iter().map(String::as_str).collect::<Vec<_>>())?;
        }
        Ok(())
    }

    /// Runs statements, each by itself; returns what they answer, without any frame.
    fn sql(&self, statements: &[&str]) -> Outcome<String> {
        let mut psql = Command::new(self.bin.join("psql"));
        psql.args(["-XAtq", "-v", "ON_ERROR_STOP=1", &self.url()]);
        for statement in statements {
            psql.args(["-c", statement]);
        }
        child::ask(&mut psql)
    }

    /// What it said last, where it ended by itself: the tests that failed then say only that nobody answered.
    pub(crate) fn last_words(&mut self) -> Option<String> {
        if !self.process.has_ended() {
            return None;
        }
        let words = std::fs::read(log_in(&self.folder)).unwrap_or_default();
        let last = words.get(words.len().saturating_sub(LAST_WORDS)..).unwrap_or_default();
        Some(String::from_utf8_lossy(last).into_owned())
    }
}

fn log_in(folder: &Folder) -> PathBuf {
    folder.path().join("log")
}

/// Whether the process that made the database runs; its number is the first in the name (`db::testing`).
fn is_alive(database: &str) -> bool {
    let maker = database.split('_').nth(1).unwrap_or_default();
    Path::new("/proc").join(maker).exists()
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
        if binaries().is_none() {
            return;
        }
        let server = Server::start().unwrap();
        let folder = server.folder.path().to_path_buf();
        assert_eq!(server.sql(&["show fsync"]).unwrap().trim(), "on");
        let port = server.port;
        drop(server);
        assert!(!folder.exists());
        assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_err(), "the server is gone");
    }

    #[test]
    fn databases_go_with_the_process_that_made_them_and_the_server_tells_why_it_ended() {
        if binaries().is_none() {
            return;
        }
        let mut server = Server::start().unwrap();
        let mut ended = Command::new("true").spawn().unwrap();
        let (gone, here) = (ended.id(), std::process::id());
        assert!(ended.wait().unwrap().success());
        let made = [format!("yuanhang_{gone}_0_1"), format!("yuanhang_{here}_0_1"), "bank".to_owned()];
        for name in &made {
            server.sql(&[&format!("CREATE DATABASE {name}")]).unwrap();
        }
        server.sweep().unwrap();
        let left = "SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY datname";
        assert_eq!(
            server.sql(&[left]).unwrap().lines().collect::<Vec<_>>(),
            ["bank", "postgres", made[1].as_str()]
        );
        assert_eq!(server.last_words(), None);
        // Whether it still answers this is open.
        let _answered = server.sql(&["COPY (SELECT 1) TO PROGRAM 'kill -QUIT $(head -1 postmaster.pid)'"]);
        let since = Instant::now();
        let words = loop {
            match server.last_words() {
                Some(words) => break words,
                None => assert!(since.elapsed() < PATIENCE),
            }
            std::thread::yield_now();
        };
        assert!(words.contains("immediate shutdown"), "{words}");
    }
}
