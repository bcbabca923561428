//! The built binary as a process of its own, to be killed at any moment.

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bank::configuration::Configuration;
use db::testing::Folder;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use crate::bank_box::configurations;
use crate::{Client, Failed};

/// The variable that names the binary; without it the one built beside the tests is taken.
const BINARY: &str = "YUANHANG_BINARY";
/// The variable in which a bank finds the token of its batch interface.
const BATCH_TOKEN: &str = "YUANHANG_BATCH_TOKEN";

/// How long a bank may take to serve.
const PATIENCE: Duration = Duration::from_secs(60);

/// Everything that processes write to their log.
#[derive(Debug, Clone, Default)]
pub struct Said(Arc<Mutex<String>>);

impl Said {
    fn add(&self, line: &str) {
        let mut said = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        said.push_str(line);
        said.push('\n');
    }

    /// All of it up to now.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A served bank in a process of its own; killed when dropped.
pub struct Child {
    process: tokio::process::Child,
    /// A stranger at its door.
    pub client: Client,
    /// Where its batch interface listens, if it does.
    pub batch: Option<String>,
    log: Said,
}

/// A place for a bank that is killed and started again.
pub struct Place {
    /// `sqlite` or `postgres`, for messages.
    pub store: &'static str,
    /// How it is configured.
    pub configuration: Configuration,
    folder: Folder,
}

impl Place {
    /// A folder of its own.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }
}

impl Child {
    /// One fresh place on each store that is there.
    ///
    /// # Errors
    /// A place could not be made.
    pub async fn places() -> Result<Vec<Place>, Failed> {
        let places = configurations().await?;
        Ok(places
            .into_iter()
            .map(|(store, configuration, folder)| Place { store, configuration, folder })
            .collect())
    }

    /// The binary with the settings of `place`, to run any command.
    ///
    /// # Errors
    /// The binary was not built.
    pub fn command(place: &Place) -> Result<Command, Failed> {
        Self::command_in(place, &place.configuration.data_dir)
    }

    /// The same with another data directory.
    pub(crate) fn command_in(place: &Place, data_dir: &std::path::Path) -> Result<Command, Failed> {
        let mut command = Command::new(binary()?);
        command.arg("--data").arg(data_dir);
        command.args(["--set", "telemetry.log_filter=info"]);
        if place.configuration.identity.staff_passwords {
            command.args(["--set", "identity.staff_passwords=true"]);
        }
        if !place.configuration.identity.new_device_two_factors {
            command.args(["--set", "identity.new_device_two_factors=false"]);
        }
        if !place.configuration.identity.sealed_passwords {
            command.args(["--set", "identity.sealed_passwords=false"]);
        }
        if let Some(address) = &place.configuration.store.address {
            command.args(["--set", "store.kind=postgres"]);
            command.arg("--set").arg(format!("store.address={address}"));
        }
        if let Some(collector) = &place.configuration.telemetry.otlp.endpoint {
            command.arg("--set").arg(format!("telemetry.otlp.endpoint={collector}"));
        }
        Ok(command)
    }

    /// Starts serving on a free port and waits until it does.
    ///
    /// # Errors
    /// It ended, or did not serve in time.
    pub async fn serve(place: &Place) -> Result<Self, Failed> {
        Self::start(Self::command(place)?, &[], "127.0.0.1:0", None).await
    }

    /// The same with further settings and variables.
    ///
    /// # Errors
    /// It ended, or did not serve in time.
    pub async fn serve_with(
        place: &Place,
        settings: &[String],
        variables: &[(&str, &std::ffi::OsStr)],
    ) -> Result<Self, Failed> {
        let mut command = Self::command(place)?;
        command.args(settings.iter().flat_map(|setting| ["--set", setting]));
        command.envs(variables.iter().copied());
        Self::start(command, &[], "127.0.0.1:0", None).await
    }

    /// The same with further settings, and with whatever it logs added to `said`.
    ///
    /// # Errors
    /// It ended, or did not serve in time.
    pub async fn serve_heard(place: &Place, settings: &[String], said: &Said) -> Result<Self, Failed> {
        let mut command = Self::command(place)?;
        command.args(settings.iter().flat_map(|setting| ["--set", setting]));
        Self::start(command, &[], "127.0.0.1:0", Some(said.clone())).await
    }

    /// Serves the same books from another data directory, with the same key.
    ///
    /// # Errors
    /// It ended, or did not serve in time.
    pub async fn serve_elsewhere(place: &Place) -> Result<Self, Failed> {
        let mut command = Self::command_in(place, &place.folder().join("elsewhere"))?;
        let key_file = place.configuration.data_dir.join("keys").join("bank.key");
        command.arg("--set").arg(format!("key_file={}", key_file.display()));
        Self::start(command, &[], "127.0.0.1:0", None).await
    }

    /// The same with the ledger's batch interface open on a free port for those who bear `token`; the services `target`
    /// alone, or `all`.
    ///
    /// # Errors
    /// It ended, or did not serve in time.
    pub async fn serve_batches(place: &Place, token: &str, target: &str) -> Result<Self, Failed> {
        let mut command = Self::command(place)?;
        command.env(BATCH_TOKEN, token);
        command.args(["--set", "ledger.batch.listen=127.0.0.1:0"]);
        command.arg("--set").arg(format!("ledger.batch.token=env:{BATCH_TOKEN}"));
        Self::start(command, &["--target", target], "127.0.0.1:0", None).await
    }

    /// Starts serving with these arguments and waits until it does. What it logs is added to `heard` where one hears.
    pub(crate) async fn start(
        mut command: Command,
        arguments: &[&str],
        listen: &str,
        heard: Option<Said>,
    ) -> Result<Self, Failed> {
        command.args(["--set", "telemetry.log_format=json", "serve", "--listen", listen]);
        command.args(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut process = command.spawn()?;
        let stderr = process.stderr.take().ok_or("no stderr")?;
        let mut lines = BufReader::new(stderr).lines();
        let started = Instant::now();
        let (log, mut batch) = (Said::default(), None);
        let ears: Vec<Said> = std::iter::once(log.clone()).chain(heard).collect();
        while let Some(line) = tokio::time::timeout(PATIENCE, lines.next_line()).await?? {
            ears.iter().for_each(|said| said.add(&line));
            batch = batch.or_else(|| address(&line, "the batch interface listens"));
            if let Some(address) = address(&line, "serving") {
                // Whatever it logs from now on must not fill the pipe.
                tokio::spawn(async move {
                    while let Ok(Some(line)) = lines.next_line().await {
                        ears.iter().for_each(|said| said.add(&line));
                    }
                });
                return Ok(Self { process, client: Client::new(&format!("http://{address}")), batch, log });
            }
        }
        Err(format!("the bank ended after {:?}: {}", started.elapsed(), log.text()).into())
    }

    /// What it logged so far, a line for each.
    #[must_use]
    pub fn log(&self) -> String {
        self.log.text()
    }

    /// SIGKILL: no goodbye of any kind.
    ///
    /// # Errors
    /// The process could not be waited for.
    pub async fn kill(mut self) -> Result<(), Failed> {
        self.process.kill().await?;
        Ok(())
    }
}

/// The address in the line that says `what`.
fn address(line: &str, what: &str) -> Option<String> {
    let line: serde_json::Value = serde_json::from_str(line).ok()?;
    let says = line.get("message").and_then(serde_json::Value::as_str) == Some(what);
    says.then(|| line.get("address")?.as_str().map(str::to_owned)).flatten()
}

fn binary() -> Result<PathBuf, Failed> {
    if let Some(named) = std::env::var_os(BINARY) {
        return Ok(named.into());
    }
    let test = std::env::current_exe()?;
    // target/<profile>/deps/<test> → target/<profile>/yuanhang
    let folder = test.parent().and_then(std::path::Path::parent).ok_or("the test stands nowhere")?;
    let binary = folder.join("yuanhang");
    if binary.exists() {
        Ok(binary)
    } else {
        Err(format!("{} is missing; run `cargo build --package bank` first", binary.display()).into())
    }
}
