//! What is done again and again: signing how the record stands.

use std::sync::Arc;
use std::time::Duration;

use clock::Clock;
use runtime::Loop;

use crate::witness::Witness;

/// Signs a checkpoint whenever something was recorded since the last one.
pub(crate) fn checkpoints(witness: Arc<Witness>, clock: Arc<dyn Clock>, every: Duration) -> Loop {
    Loop::every_in_one("audit.checkpoints", every, move || {
        let (witness, now) = (Arc::clone(&witness), clock.now());
        Box::pin(async move {
            if let Some(records) = witness.sign(now).await.map_err(|failed| failed.to_string())? {
                tracing::debug!(records, "a checkpoint of the audit record was signed");
            }
            Ok(())
        })
    })
}
