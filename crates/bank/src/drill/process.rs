//! A process on one of the machines.

use std::fs::OpenOptions;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::{Child, Command};

use super::Failed;
use super::shell;
use super::site::Machine;

/// What a process is started with.
#[derive(Debug, Clone, Default)]
pub(super) struct Start {
    /// The program and its arguments.
    pub(super) words: Vec<String>,
    /// What it finds in its environment beside what the drill has.
    pub(super) environment: Vec<(&'static str, String)>,
}

impl Start {
    /// A program with its arguments.
    pub(super) fn of<S: Into<String>>(words: impl IntoIterator<Item = S>) -> Self {
        Self { words: words.into_iter().map(Into::into).collect(), environment: Vec::new() }
    }

    /// With one argument more.
    pub(super) fn and(mut self, word: String) -> Self {
        self.words.push(word);
        self
    }

    /// The same as the user of the database, whose programs refuse to run as root.
    pub(super) fn by_postgres(mut self) -> Self {
        let setpriv = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"];
        self.words.splice(0..0, setpriv.map(str::to_owned));
        self
    }
}

/// A process that was started; killed when dropped.
pub(super) struct Process {
    child: Child,
}

impl Process {
    /// Starts a process on a machine; what it says goes to the end of `log`.
    pub(super) fn start(machine: Machine, start: &Start, log: &Path) -> Result<Self, Failed> {
        let log = OpenOptions::new().create(true).append(true).open(log)?;
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &machine.namespace()]).args(&start.words);
        command.envs(start.environment.iter().map(|(name, value)| (name, value)));
        command.current_dir("/").stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        // `ip netns exec` becomes the program: what is signaled is the program itself.
        Ok(Self { child: command.process_group(0).kill_on_drop(true).spawn()? })
    }

    /// Whether it has not ended.
    pub(super) fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Its number while it runs.
    pub(super) fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    /// Sends a signal such as `STOP`.
    pub(super) async fn signal(&self, signal: &str) {
        shell::signal(signal, &self.pid().into_iter().collect::<Vec<_>>()).await;
    }

    /// SIGKILL, and waits for the end.
    pub(super) async fn kill(&mut self) -> Result<(), Failed> {
        Ok(self.child.kill().await?)
    }

    /// Asks it to end, and kills it where it does not within the time that operators are told to grant.
    pub(super) async fn stop(&mut self, grace: Duration) -> Result<(), Failed> {
        self.signal("TERM").await;
        match tokio::time::timeout(grace, self.child.wait()).await {
            Ok(ended) => ended.map(|_| ()).map_err(Into::into),
            Err(_) => self.kill().await,
        }
    }
}
