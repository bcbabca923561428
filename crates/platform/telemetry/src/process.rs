//! What the operating system knows of this process, under the names Prometheus gives it.

use std::fmt::Write as _;
use std::sync::OnceLock;
use std::time::Instant;

static STARTED: OnceLock<Instant> = OnceLock::new();

pub(crate) fn mark_start() {
    let _ = STARTED.set(Instant::now());
}

/// Memory that this process holds in RAM, bytes; `None` where the system does not say (`/proc` is missing).
#[must_use]
pub fn resident_bytes() -> Option<u64> {
    status("VmRSS:")?.checked_mul(1024)
}

/// A number of `/proc/self/status`.
fn status(name: &str) -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

fn open_files() -> Option<u64> {
    let count = std::fs::read_dir("/proc/self/fd").ok()?.count();
    // The folder being read is one of them.
    u64::try_from(count.saturating_sub(1)).ok()
}

pub(crate) fn render(text: &mut String) {
    let uptime = STARTED.get().map(|started| started.elapsed().as_secs());
    for (name, help, value) in [
        ("process_resident_memory_bytes", "Memory held in RAM.", resident_bytes()),
        ("process_open_fds", "Open files and sockets.", open_files()),
        ("process_threads", "Threads.", status("Threads:")),
        ("process_uptime_seconds", "Seconds since telemetry started.", uptime),
    ] {
        if let Some(value) = value {
            let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n\n");
        }
    }
}
