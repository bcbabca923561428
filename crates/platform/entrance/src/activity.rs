//! What goes on in one connection, as far as somebody else must know: the requests in progress, and when something last
//! happened to one.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::time::Instant;

use crate::refused::Refused;

/// Shared by what reads a connection, what answers it and what watches it. Each value stands alone, so that their order
/// does not matter.
#[derive(Debug)]
pub(crate) struct Activity {
    began: Instant,
    in_progress: AtomicU32,
    /// Milliseconds since `began`.
    touched: AtomicU64,
    raw: AtomicBool,
    refused: OnceLock<Refused>,
}

impl Activity {
    pub(crate) fn new() -> Self {
        Self {
            began: Instant::now(),
            in_progress: AtomicU32::new(0),
            touched: AtomicU64::new(0),
            raw: AtomicBool::new(false),
            refused: OnceLock::new(),
        }
    }

    /// Something happened to a request.
    pub(crate) fn touch(&self) {
        let now = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.touched.store(now, Ordering::Relaxed);
    }

    pub(crate) fn touched_at(&self) -> Instant {
        self.began + Duration::from_millis(self.touched.load(Ordering::Relaxed))
    }

    pub(crate) fn is_busy(&self) -> bool {
        self.in_progress.load(Ordering::Relaxed) > 0
    }

    /// The connection was handed over to another protocol.
    pub(crate) fn hand_over(&self) {
        self.raw.store(true, Ordering::Release);
    }

    pub(crate) fn is_handed_over(&self) -> bool {
        self.raw.load(Ordering::Acquire)
    }

    /// Keeps why the connection's last request is refused.
    pub(crate) fn refuse(&self, why: Refused) {
        let _ = self.refused.set(why);
    }

    pub(crate) fn refused(&self) -> Option<Refused> {
        self.refused.get().copied()
    }
}

/// A request in progress, until its answer is sent or given up.
#[derive(Debug)]
pub(crate) struct Exchange(Arc<Activity>);

impl Exchange {
    pub(crate) fn begin(activity: Arc<Activity>) -> Self {
        activity.in_progress.fetch_add(1, Ordering::Relaxed);
        activity.touch();
        Self(activity)
    }

    pub(crate) fn touch(&self) {
        self.0.touch();
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.0.touch();
        self.0.in_progress.fetch_sub(1, Ordering::Relaxed);
    }
}
