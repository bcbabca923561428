//! What payments do by themselves: write fates, and bring to an end what was cut off.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use runtime::Loop;
use tokio::sync::mpsc;

use crate::service::CustomerPayments;
use crate::store::{Fate, Row};

/// Fates gather for so long, so that many share a write.
const GATHER: Duration = Duration::from_millis(50);
/// Fates written in one transaction.
const SETTLED_MAX: usize = 256;
/// How often it is looked for transfers that were cut off.
const PAUSE: Duration = Duration::from_secs(2);
/// Younger ones are still on their way.
const OLDER_THAN: Duration = Duration::from_secs(5);

/// Writes fates as they come; those that wait at the end are written before it stops.
pub(crate) fn settle(payments: &Arc<CustomerPayments>, mut fates: mpsc::Receiver<(Row, Fate)>) -> Loop {
    let payments = Arc::clone(payments);
    Loop::new("payments.settle", move |stop| {
        Box::pin(async move {
            while !stop.is_requested() {
                let mut batch = Vec::with_capacity(SETTLED_MAX);
                tokio::select! {
                    () = stop.requested() => break,
                    taken = fates.recv_many(&mut batch, SETTLED_MAX) => if taken == 0 { return },
                }
                payments.settle_batch(batch).await;
                tokio::time::sleep(GATHER).await;
            }
            fates.close();
            let mut batch = Vec::new();
            while fates.recv_many(&mut batch, SETTLED_MAX).await > 0 {
                payments.settle_batch(std::mem::take(&mut batch)).await;
            }
        })
    })
}

/// Brings to an end what was cut off; at start without waiting.
pub(crate) fn recover(payments: &Arc<CustomerPayments>) -> Loop {
    let (payments, started) = (Arc::clone(payments), Arc::new(AtomicBool::new(false)));
    Loop::every_in_one("payments.recover", PAUSE, move || {
        let (payments, started) = (Arc::clone(&payments), Arc::clone(&started));
        Box::pin(async move {
            let older_than = if started.load(Ordering::Relaxed) { OLDER_THAN } else { Duration::ZERO };
            payments.recover(older_than).await.map_err(|refused| refused.to_string())?;
            started.store(true, Ordering::Relaxed);
            Ok(())
        })
    })
}
