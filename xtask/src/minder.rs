//! Ends what xtask started when xtask itself ends, however it ends.
//!
//! A command that dies by Ctrl-C or by a kill cannot tidy up after itself. So xtask starts a second copy of itself,
//! the minder, in a process group of its own, and tells it through a pipe what runs and which folders are
//! temporary. When the pipe closes, for whatever reason, the minder stops what is still running and removes
//! the folders.

use std::io::{BufRead, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

use crate::Outcome;

/// How long a process group may take to end by itself before it is killed.
const PATIENCE: Duration = Duration::from_secs(15);

/// How this program is asked to be the minder; the test binary has a test that is one.
const MIND: &[&str] = if cfg!(test) { &["--exact", "minder::tests::being_the_minder"] } else { &["mind"] };

/// Set for the minder alone.
const MINDING: &str = "YUANHANG_MINDING";

struct Minder {
    #[expect(dead_code, reason = "kept so that the handle lives as long as the pipe")]
    process: Child,
    pipe: ChildStdin,
}

/// Sends one line to the minder, starting it first if need be.
fn tell(line: &str) -> Outcome<()> {
    static MINDER: OnceLock<Mutex<Option<Minder>>> = OnceLock::new();
    let mut held =
        MINDER.get_or_init(|| Mutex::new(None)).lock().map_err(|_| "the minder's lock is poisoned")?;
    if held.is_none() {
        // Not the path of the program: a build may have replaced the file meanwhile.
        let mut process = Command::new("/proc/self/exe")
            .args(MIND)
            .env(MINDING, "yes")
            .process_group(0)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let pipe = process.stdin.take().ok_or("the minder has no pipe")?;
        *held = Some(Minder { process, pipe });
    }
    if let Some(minder) = held.as_mut() {
        writeln!(minder.pipe, "{line}")?;
        minder.pipe.flush()?;
    }
    Ok(())
}

/// A process group that is stopped when this value is dropped, or by the minder if this process dies first.
pub(crate) struct Group {
    leader: u32,
    signal: &'static str,
}

impl Group {
    /// Takes charge of the group led by `leader`; `signal` is what asks it to end (`TERM`, `INT`).
    pub(crate) fn of(leader: u32, signal: &'static str) -> Outcome<Group> {
        tell(&format!("group {signal} {leader}"))?;
        Ok(Group { leader, signal })
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        end(self.leader, self.signal);
        // A minder that has gone away has nothing left to forget.
        let _gone = tell(&format!("ended {}", self.leader));
    }
}

/// A folder that is removed when this value is dropped, or by the minder if this process dies first.
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// Makes an empty folder for this purpose below the system's temporary folder.
    pub(crate) fn make(purpose: &str) -> Outcome<Folder> {
        let path = std::env::temp_dir().join(format!("yuanhang-{purpose}-{}", std::process::id()));
        if path.exists() {
            std::fs::remove_dir_all(&path)?;
        }
        std::fs::create_dir_all(&path)?;
        // Another user may own what lies below, whatever our umask says.
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755))?;
        tell(&format!("folder {}", path.display()))?;
        Ok(Folder(path))
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed now, the minder tries again after us.
        let _left = std::fs::remove_dir_all(&self.0);
    }
}

/// The minder's own life: listen until the pipe closes, then tidy up.
pub(crate) fn mind() -> Outcome<bool> {
    let mut groups: Vec<(u32, String)> = Vec::new();
    let mut folders: Vec<PathBuf> = Vec::new();
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        match line.split_once(' ') {
            Some(("group", rest)) => {
                if let Some((signal, leader)) = rest.split_once(' ') {
                    groups.push((leader.parse()?, signal.to_owned()));
                }
            }
            Some(("ended", leader)) => {
                let leader: u32 = leader.parse()?;
                groups.retain(|(known, _)| *known != leader);
            }
            Some(("folder", path)) => folders.push(PathBuf::from(path)),
            _ => {}
        }
    }
    // The youngest goes first: a server leaves before the database that it uses.
    for (leader, signal) in groups.iter().rev() {
        end(*leader, signal);
    }
    for folder in folders {
        let _left = std::fs::remove_dir_all(folder);
    }
    Ok(true)
}

/// Asks a group to end, waits, and kills it if it does not.
fn end(leader: u32, signal: &str) {
    if !send(leader, signal) {
        return;
    }
    let since = Instant::now();
    while send(leader, "0") {
        if since.elapsed() > PATIENCE {
            send(leader, "KILL");
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Whether the group still had a process to receive the signal.
fn send(leader: u32, signal: &str) -> bool {
    // The shell's own `kill`, because a lean machine has no other.
    Command::new("sh")
        .args(["-c", &format!("kill -s {signal} -- -{leader}")])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Not a case of its own: the life of the minder that other tests start.
    #[test]
    fn being_the_minder() {
        if std::env::var_os(MINDING).is_some() {
            mind().unwrap();
        }
    }

    #[test]
    fn the_minder_ends_what_a_killed_parent_left() {
        let folder = std::env::temp_dir().join(format!("yuanhang-minded-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let mut sleeper = Command::new("sleep").arg("600").process_group(0).spawn().unwrap();
        let mut minder = Command::new("/proc/self/exe")
            .args(MIND)
            .env(MINDING, "yes")
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let mut pipe = minder.stdin.take().unwrap();
        writeln!(pipe, "group TERM {}\nfolder {}", sleeper.id(), folder.display()).unwrap();
        assert!(sleeper.try_wait().unwrap().is_none(), "nothing ends while the parent lives");
        // The parent dies: its end of the pipe closes.
        drop(pipe);
        assert!(!sleeper.wait().unwrap().success(), "the sleeper was asked to end");
        assert!(minder.wait().unwrap().success());
        assert!(!folder.exists(), "the folder went with it");
    }
}
