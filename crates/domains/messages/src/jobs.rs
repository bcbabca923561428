//! What the calendar makes us do: remove old messages.

use std::sync::Arc;
use std::time::Duration;

use runtime::Loop;

use crate::service::Outbox;

/// Removes messages that have been kept long enough, again and again.
pub(crate) fn prune(outbox: Arc<Outbox>, every: Duration) -> Loop {
    Loop::every_in_one("messages.prune", every, move || {
        let outbox = Arc::clone(&outbox);
        Box::pin(async move {
            let removed = outbox.prune().await.map_err(|failed| failed.to_string())?;
            if removed > 0 {
                tracing::info!(removed, "old messages were removed");
            }
            Ok(())
        })
    })
}
