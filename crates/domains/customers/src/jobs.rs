//! What the calendar makes us do: destroy the keys of erased customers when nothing of them is to be kept.

use std::sync::Arc;
use std::time::Duration;

use runtime::Loop;

use crate::service::Directory;

const PAUSE: Duration = Duration::from_secs(60);

/// Brings erasures to their end, again and again.
pub(crate) fn end(directory: Arc<Directory>) -> Loop {
    Loop::every_in_one("customers.erasure", PAUSE, move || {
        let directory = Arc::clone(&directory);
        Box::pin(async move { directory.end_due().await.map_err(|failed| failed.to_string()) })
    })
}
