//! The outer half of a drill: it makes machines, lets the drill run among them, and removes everything, however it
//! ended.

use std::fs::File;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{ExitCode, Stdio};
use std::time::{Duration, Instant};

use tokio::process::{Child, Command};
use tokio::signal::unix::{SignalKind, signal};

use super::network;
use super::prepare;
use super::shell::{processes_in, run, signal as send};
use super::site::{CLIENTS, Folders, Machine};
use super::{Failed, Wishes};

/// One drill at a time.
const LOCK: &str = "/var/tmp/yh-drill.lock";

/// The disk of a database: large enough for a drill, small enough to be filled.
const DISK: &str = "2G";

/// How long the inner half may take to end once it was asked to.
const GRACE: Duration = Duration::from_secs(5);

/// Holds a drill, or says why none can be held here.
pub(super) async fn hold(wishes: &Wishes) -> Result<ExitCode, Failed> {
    if let Some(why) = prepare::obstacle().await {
        if wishes.json {
            println!("{}", serde_json::json!({"skipped": why}));
        } else {
            println!("skipped: {why}");
        }
        return Ok(ExitCode::SUCCESS);
    }
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let lock = File::create(LOCK)?;
    if lock.try_lock().is_err() {
        return Err("another drill is being held on this computer; wait until it has ended".into());
    }
    let folders = Folders::of(wishes.logs.as_deref());
    prepare::tools().await?;
    sweep(&folders.root).await?;
    let held = tokio::select! {
        held = make_and_run(wishes, &folders) => held,
        _ = interrupt.recv() => Err("interrupted".into()),
        _ = terminate.recv() => Err("ended from outside".into()),
    };
    let swept = sweep(&folders.root).await;
    let _ = std::fs::remove_file(LOCK);
    let code = held?;
    swept?;
    Ok(code)
}

async fn make_and_run(wishes: &Wishes, folders: &Folders) -> Result<ExitCode, Failed> {
    std::fs::create_dir_all(&folders.root)?;
    std::fs::create_dir_all(&folders.logs)?;
    network::make().await?;
    for machine in Machine::STORES {
        make_disk(&folders.disk(machine)).await?;
    }
    let mut inner = inner(wishes)?;
    let status = inner.wait().await?;
    match status.code() {
        Some(0) => Ok(ExitCode::SUCCESS),
        Some(_) => Ok(ExitCode::FAILURE),
        None => Err(format!("the drill was killed by signal {}", status.signal().unwrap_or(0)).into()),
    }
}

/// A file system of its own, so that it can be full without this computer being so.
async fn make_disk(folder: &Path) -> Result<(), Failed> {
    let image = folder.with_extension("img");
    let (folder, image) = (folder.to_string_lossy(), image.to_string_lossy());
    run("truncate", &["-s", DISK, &image]).await?;
    run("mkfs.ext4", &["-q", "-F", "-m", "0", &image]).await?;
    std::fs::create_dir_all(&*folder)?;
    run("mount", &["-o", "loop", &image, &folder]).await?;
    run("chown", &["postgres:postgres", &folder]).await?;
    run("chmod", &["700", &folder]).await.map(|_| ())
}

/// The inner half runs where customers are. It ends when this half does.
fn inner(wishes: &Wishes) -> Result<Child, Failed> {
    let mut command = Command::new("ip");
    command.args(["netns", "exec", CLIENTS, "setpriv", "--pdeathsig", "TERM"]);
    command.arg(std::env::current_exe()?).args(["drill", "inside"]).args(wishes.words());
    // Ctrl-C reaches this half alone, which then ends the other.
    command.process_group(0).stdin(Stdio::null()).kill_on_drop(true);
    Ok(command.spawn()?)
}

/// Removes whatever a drill made: this one, or one that was cut short.
async fn sweep(root: &Path) -> Result<(), Failed> {
    let began = Instant::now();
    for namespace in network::namespaces().await? {
        loop {
            let processes = processes_in(&namespace).await;
            if processes.is_empty() {
                break;
            }
            send("KILL", &processes).await;
            if began.elapsed() > GRACE * 4 {
                return Err(format!("processes in `{namespace}` cannot be killed: {processes:?}").into());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    network::remove().await?;
    let mounts = std::fs::read_to_string("/proc/self/mounts")?;
    let mounted = mounts.lines().filter_map(|line| line.split_whitespace().nth(1));
    for folder in mounted.filter(|folder| Path::new(folder).starts_with(root)) {
        unmount(folder).await?;
    }
    if root.exists() {
        std::fs::remove_dir_all(root)?;
    }
    Ok(())
}

/// Processes that were killed a moment ago may still hold it.
async fn unmount(folder: &str) -> Result<(), Failed> {
    let began = Instant::now();
    loop {
        match run("umount", &[folder]).await {
            Ok(_) => return Ok(()),
            Err(why) if began.elapsed() > GRACE => return Err(why),
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
}
