//! What payments do by themselves: write fates, and bring to an end what was cut off.

use std::sync::Arc;
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
    let payments = Arc::clone(payments);
    Loop::new("payments.recover", move |stop| {
        Box::pin(async move {
            let mut older_than = Duration::ZERO;
            while !stop.is_requested() {
                match payments.recover(older_than).await {
                    Ok(_) => older_than = OLDER_THAN,
                    Err(why) => {
                        tracing::warn!(%why, "transfers could not be recovered; it will be tried again")
                    }
                }
                tokio::select! {
                    () = stop.requested() => return,
                    () = tokio::time::sleep(PAUSE) => {}
                }
            }
        })
    })
}
