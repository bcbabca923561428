//! Which of several processes on one store relays the news and runs the loops that run in one of them.

use std::time::Duration;

use db::{BEAT, Db, Kind, Lease};
use tokio::sync::watch;

use crate::{Chosen, Stop};

/// How long a look at the lease may take before it counts as none.
const LOOK_MAX: Duration = Duration::from_secs(2);

/// Stands for election among the processes that run the same services.
pub(crate) struct Choice {
    lease: Option<Lease>,
    chosen: watch::Sender<bool>,
}

impl Choice {
    /// For the process `instance` that runs `services`. On SQLite there is no other.
    pub(crate) fn new(db: &Db, services: &[&str], instance: &str) -> (Self, Chosen) {
        let lease = match db.kind() {
            Kind::Sqlite => None,
            Kind::Postgres => {
                Some(Lease::new(db.clone(), &format!("house.{}", services.join(",")), instance))
            }
        };
        let (chosen, seen) = watch::channel(lease.is_none());
        (Self { lease, chosen }, Chosen::following(seen))
    }

    /// Keeps the lease or waits for it, until stopped; then lets go of it.
    pub(crate) async fn run(mut self, stop: Stop) {
        let Some(lease) = &mut self.lease else { return stop.requested().await };
        while !stop.is_requested() {
            match tokio::time::timeout(LOOK_MAX, lease.turn()).await {
                Ok(Ok(held)) => {
                    self.chosen.send_if_modified(|chosen| std::mem::replace(chosen, held) != held);
                }
                // As it was: nobody else can take it either while the store is away.
                Ok(Err(error)) => tracing::warn!(%error, "the lease cannot be looked at"),
                Err(_) => tracing::warn!("the store does not answer in time about the lease"),
            }
            tokio::select! {
                () = stop.requested() => break,
                () = tokio::time::sleep(BEAT) => {}
            }
        }
        self.chosen.send_replace(false);
        if let Ok(Err(error)) = tokio::time::timeout(LOOK_MAX, lease.release()).await {
            tracing::warn!(%error, "the lease was not given back; others wait until it has lapsed");
        }
    }
}
