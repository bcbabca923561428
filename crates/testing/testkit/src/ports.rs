//! Ports of this process: for programs that must be found again where they were before they were killed.

use std::fs::File;
use std::net::TcpListener;
use std::sync::{Mutex, PoisonError};

use crate::Failed;

/// Below the ports that the system gives to whoever asks for any (32,768 on Linux, 49,152 elsewhere): a connection
/// on its way out never sits on one of them.
const RANGE: std::ops::Range<u16> = 20_000..28_000;

/// Locks of the ports that this process has. They are its own until it ends, also while nothing listens there.
static TAKEN: Mutex<Vec<File>> = Mutex::new(Vec::new());

/// A loopback address that no other test takes while this process lives.
///
/// # Errors
/// The folder of locks cannot be written, or every port is taken.
pub(crate) fn take() -> Result<String, Failed> {
    // Each user has locks of their own: those of another could not be opened.
    let user = std::env::var("USER").unwrap_or_default();
    let folder = std::env::temp_dir().join(format!("yuanhang-test-ports-{user}"));
    std::fs::create_dir_all(&folder)?;
    let mut taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
    for port in RANGE {
        let lock = File::options().create(true).append(true).open(folder.join(port.to_string()))?;
        if lock.try_lock().is_ok() && TcpListener::bind(("127.0.0.1", port)).is_ok() {
            taken.push(lock);
            return Ok(format!("127.0.0.1:{port}"));
        }
    }
    Err(format!("every port of {RANGE:?} is taken").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_taken_once_and_lies_below_those_of_outgoing_connections() {
        let addresses: std::collections::BTreeSet<String> = (0..20).map(|_| take().unwrap()).collect();
        assert_eq!(addresses.len(), 20);
        let lowest = std::fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range").ok();
        let lowest = lowest.and_then(|range| range.split_whitespace().next()?.parse::<u16>().ok());
        assert!(lowest.is_none_or(|lowest| RANGE.end <= lowest));
    }
}
