//! What the machine itself needs to make four kilobytes durable.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

const COMMITS: usize = 200;

/// The median of appending 4 KB and waiting for the disk, microseconds.
pub(super) fn median_us(folder: &Path) -> std::io::Result<u64> {
    let path = folder.join("commit");
    let mut file = File::create(&path)?;
    let block = [0x5a; 4_096];
    let mut took = Vec::with_capacity(COMMITS);
    for _ in 0..COMMITS {
        let started = Instant::now();
        file.write_all(&block)?;
        file.sync_data()?;
        took.push(u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX));
    }
    std::fs::remove_file(path)?;
    took.sort_unstable();
    Ok(took.get(COMMITS / 2).copied().unwrap_or_default())
}
