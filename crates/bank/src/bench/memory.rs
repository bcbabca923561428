//! How much memory this process holds, as the system tells.

/// What it holds now, MiB; 0 where the system does not say.
pub(super) fn resident_mb() -> u64 {
    resident_kb() / 1024
}

/// The same in KiB.
pub(super) fn resident_kb() -> u64 {
    told("VmRSS:")
}

/// The most that it has held, MiB; 0 where the system does not say.
pub(super) fn resident_peak_mb() -> u64 {
    told("VmHWM:") / 1024
}

fn told(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kb: Option<u64> = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    kb.unwrap_or(0)
}
