//! Counts how far the news of this process is behind, for whoever watches it.
//!
//! Apart from the relay, because it is to be seen when the relay hangs.

use std::sync::Arc;
use std::time::Duration;

use clock::{Clock, Timestamp};
use db::Db;
use db::outbox::{self, Lag};
use tokio::time::Instant;

use crate::{Chosen, Stop};

/// The least rest between two counts.
const PAUSE: Duration = Duration::from_secs(1);
/// A count of much news takes long: it may take one part in so many of the time.
const PART: u32 = 20;

/// Sets `outbox_waiting`, `outbox_oldest_waiting_seconds` and `outbox_dead` of each announcing service.
pub(crate) struct Watch {
    pub(crate) db: Db,
    pub(crate) announcing: Vec<&'static str>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Watch {
    /// Counts whenever this process relays, so that the sum over processes counts nothing twice.
    pub(crate) async fn run(self, stop: Stop, chosen: Chosen) {
        while !stop.is_requested() {
            tokio::select! {
                () = stop.requested() => return,
                () = chosen.becomes() => {}
            }
            let since = Instant::now();
            if let Err(error) = self.once().await {
                tracing::warn!(%error, "the news that waits cannot be counted");
            }
            tokio::select! {
                () = stop.requested() => return,
                () = tokio::time::sleep(PAUSE.max(since.elapsed() * PART)) => {}
            }
            if !chosen.is() {
                self.announcing.iter().for_each(|service| set(service, 0, 0, 0));
            }
        }
    }

    pub(crate) async fn once(&self) -> Result<(), db::DbErr> {
        let lags = outbox::lag(&self.db, &self.announcing).await?;
        let now = self.clock.now();
        for (service, lag) in self.announcing.iter().zip(&lags) {
            set(service, lag.waiting, oldest_s(lag, now).unwrap_or(0), lag.dead);
        }
        Ok(())
    }
}

/// For how many seconds the oldest waiting event has waited.
pub(crate) fn oldest_s(lag: &Lag, now: Timestamp) -> Option<u64> {
    lag.oldest_at.map(|at| u64::try_from(now.as_second() - at.as_second()).unwrap_or(0))
}

fn set(service: &'static str, waiting: u64, oldest_s: u64, dead: u64) {
    metrics::gauge!("outbox_waiting", "service" => service).set(waiting as f64);
    metrics::gauge!("outbox_oldest_waiting_seconds", "service" => service).set(oldest_s as f64);
    metrics::gauge!("outbox_dead", "service" => service).set(dead as f64);
}
