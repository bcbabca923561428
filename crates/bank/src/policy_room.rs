//! The policies of this process: read at the start, and looked at again while it runs.

use std::sync::Arc;
use std::time::Duration;

use clock::Clock;
use policies::{Faults, InForce, Settings};

/// How often it is looked whether policies have changed.
const LOOKED: Duration = Duration::from_secs(1);

/// Reads the policies, and looks after their folder until nobody asks them any more.
pub(crate) fn open(settings: &Settings, clock: Arc<dyn Clock>) -> Result<Arc<InForce>, Faults> {
    let in_force = Arc::new(InForce::open(settings, clock)?);
    if in_force.folder().is_some() {
        let asked = Arc::downgrade(&in_force);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(LOOKED).await;
                let Some(in_force) = asked.upgrade() else { return };
                if let Err(error) = tokio::task::spawn_blocking(move || in_force.look()).await {
                    tracing::error!(%error, "a look at the policies failed");
                }
            }
        });
    }
    Ok(in_force)
}
