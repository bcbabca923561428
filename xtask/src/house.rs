//! Where things stand in the repository and on this machine.

use std::fs::File;
use std::net::TcpListener;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The repository's root: the folder above xtask's own.
pub(crate) fn root() -> PathBuf {
    let own = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    own.parent().map_or_else(|| own.clone(), Path::to_path_buf)
}

/// Where cargo puts what it builds.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// The bank's binary as the one dev profile builds it; it may not exist yet.
pub(crate) fn binary() -> PathBuf {
    target().join("debug").join("yuanhang")
}

/// The public Berka books, where this checkout has them: `YUANHANG_TEST_BERKA`, else `shared/data/berka` inside or
/// beside the repository.
pub(crate) fn berka() -> Option<PathBuf> {
    let named = std::env::var_os("YUANHANG_TEST_BERKA").map(PathBuf::from);
    let usual = ["shared/data/berka", "../shared/data/berka"].map(|place| root().join(place));
    named.into_iter().chain(usual).find(|folder| folder.join("trans.asc").is_file())
}

/// Whether this process may install packages and change users.
pub(crate) fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|about| about.uid() == 0)
}

/// Finds a program on the search path.
pub(crate) fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|candidate| candidate.is_file())
}

/// Whether somebody looks at a terminal, who likes colors.
pub(crate) fn is_watched() -> bool {
    std::io::IsTerminal::is_terminal(&std::io::stdout())
}

/// A port on the loopback address for a program of this process, which is nobody else's while this process lives.
///
/// Below the ports of outgoing connections, one of which could sit on it before the program listens. The testkit
/// takes its own below these.
pub(crate) fn free_port() -> std::io::Result<u16> {
    static TAKEN: Mutex<Vec<File>> = Mutex::new(Vec::new());
    // Each user has locks of their own: those of another could not be opened.
    let user = std::env::var("USER").unwrap_or_default();
    let folder = std::env::temp_dir().join(format!("yuanhang-test-ports-{user}"));
    std::fs::create_dir_all(&folder)?;
    let mut taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
    for port in 28_000..32_000 {
        let lock = File::options().create(true).append(true).open(folder.join(port.to_string()))?;
        if lock.try_lock().is_ok() && TcpListener::bind(("127.0.0.1", port)).is_ok() {
            taken.push(lock);
            return Ok(port);
        }
    }
    Err(std::io::ErrorKind::AddrInUse.into())
}

/// Measures one phase of a command and says at its end how long it took.
pub(crate) struct Phase {
    name: String,
    since: Instant,
}

impl Phase {
    /// Announces the phase and starts its watch.
    pub(crate) fn start(name: &str) -> Phase {
        println!("── {name}");
        Phase { name: name.to_owned(), since: Instant::now() }
    }

    /// Prints the duration and returns it.
    pub(crate) fn end(self) -> Duration {
        let took = self.since.elapsed();
        println!("── {}: {:.1} s", self.name, took.as_secs_f64());
        took
    }
}
