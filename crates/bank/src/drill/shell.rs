//! Other programs, asked one thing and given a time.

use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use super::Failed;

/// How long a program may take that is asked something small.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs a program and returns what it wrote; an error repeats the command and what it complained about.
pub(super) async fn run<S: AsRef<str>>(program: &str, arguments: &[S]) -> Result<String, Failed> {
    within(PATIENCE, Command::new(program).args(arguments.iter().map(AsRef::as_ref))).await
}

/// The same for a prepared command and another time.
pub(super) async fn within(patience: Duration, command: &mut Command) -> Result<String, Failed> {
    command.stdin(Stdio::null()).kill_on_drop(true);
    let called = shown(command);
    let output = match tokio::time::timeout(patience, command.output()).await {
        Ok(output) => output.map_err(|error| format!("`{called}` cannot be run: {error}"))?,
        Err(_) => return Err(format!("`{called}` did not end within {} s", patience.as_secs()).into()),
    };
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(format!("`{called}` failed ({}): {said}", output.status).into())
}

fn shown(command: &Command) -> String {
    let command = command.as_std();
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

/// Sends a signal such as `KILL` to processes; those that are gone already are none of its concern.
pub(super) async fn signal(signal: &str, processes: &[u32]) {
    if !processes.is_empty() {
        let mut words = vec![format!("-{signal}")];
        words.extend(processes.iter().map(u32::to_string));
        let _ = run("kill", &words).await;
    }
}

/// The processes in a network namespace.
pub(super) async fn processes_in(namespace: &str) -> Vec<u32> {
    let listed = run("ip", &["netns", "pids", namespace]).await.unwrap_or_default();
    listed.split_whitespace().filter_map(|pid| pid.parse().ok()).collect()
}
