//! Which of several processes on one store relays the news and runs the loops that run in one of them.

use db::{BEAT, Db, Kind, Lease};
use tokio::sync::watch;

use crate::{Chosen, Stop};

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
            match lease.turn().await {
                Ok(held) => {
                    self.chosen.send_if_modified(|chosen| std::mem::replace(chosen, held) != held);
                }
                // As it was: nobody else can take it either while the store is away.
                Err(error) => tracing::warn!(%error, "the lease cannot be looked at"),
            }
            tokio::select! {
                () = stop.requested() => break,
                () = tokio::time::sleep(BEAT) => {}
            }
        }
        self.chosen.send_replace(false);
        if let Err(error) = lease.release().await {
            tracing::warn!(%error, "the lease was not given back; others wait until it has lapsed");
        }
    }
}
