//! Recording: acts of many callers are gathered while the ones before are written, and share a write.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use clock::Timestamp;
use contracts::Unavailable;
use contracts::audit::{Act, Audit};
use db::{Db, DbErr};
use ids::StaffId;
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::store::{self, End};

/// Calls that may wait to be written; one more is told that the record is overloaded.
const WAITING_MAX: usize = 4_096;
/// Acts of one write.
const ACTS_MAX: usize = 8_192;

/// Rests before a write is tried again.
const RESTS: [Duration; 7] = [
    Duration::from_millis(2),
    Duration::from_millis(5),
    Duration::from_millis(10),
    Duration::from_millis(20),
    Duration::from_millis(50),
    Duration::from_millis(100),
    Duration::from_millis(200),
];

type Told = Result<(), Unavailable>;

struct Call {
    acts: Vec<Act>,
    reply: oneshot::Sender<Told>,
}

/// The record, open for writing. One for a process; several processes may write one record.
pub struct Recorder {
    db: Db,
    calls: Mutex<Option<mpsc::Sender<Call>>>,
    queue: mpsc::WeakSender<Call>,
    writing: Mutex<Option<JoinHandle<()>>>,
}

impl Recorder {
    /// Begins to write into `db`, whose tables are up to date.
    #[must_use]
    pub fn open(db: Db) -> Self {
        let (calls, waiting) = mpsc::channel(WAITING_MAX);
        let writing = tokio::spawn(write_all(db.clone(), waiting));
        let queue = calls.downgrade();
        Self { db, calls: Mutex::new(Some(calls)), queue, writing: Mutex::new(Some(writing)) }
    }

    /// Finishes what was accepted and accepts no more.
    pub async fn close(&self) {
        self.calls.lock().await.take();
        if let Some(writing) = self.writing.lock().await.take() {
            let _ = writing.await;
        }
    }
}

#[async_trait]
impl Audit for Recorder {
    async fn append(&self, acts: Vec<Act>) -> Told {
        if acts.is_empty() {
            return Ok(());
        }
        let queue = self.queue.upgrade().ok_or(Unavailable::Stopping)?;
        let (reply, answer) = oneshot::channel();
        queue.try_send(Call { acts, reply }).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(_) => Unavailable::Overloaded,
            mpsc::error::TrySendError::Closed(_) => Unavailable::Stopping,
        })?;
        drop(queue);
        answer.await.map_err(|_| Unavailable::Stopping)?
    }

    async fn unmasked_count(&self, staff: StaffId, since: Timestamp) -> Result<u64, Unavailable> {
        Ok(store::unmasked_count(self.db.reader(), staff, since).await?)
    }
}

/// Writes what waits, all at once, until nobody can call any more.
async fn write_all(db: Db, mut waiting: mpsc::Receiver<Call>) {
    let mut end = End::empty();
    let mut calls = Vec::new();
    loop {
        gathered(&waiting).await;
        if waiting.recv_many(&mut calls, WAITING_MAX).await == 0 {
            return;
        }
        while !calls.is_empty() {
            let some = helping(&mut calls);
            let (acts, replies): (Vec<Vec<Act>>, Vec<_>) =
                some.into_iter().map(|call| (call.acts, call.reply)).unzip();
            let acts: Arc<Vec<Act>> = Arc::new(acts.into_iter().flatten().collect());
            let count = end.head.count();
            let told = match written(&db, &mut end, &acts).await {
                Ok(()) => {
                    metrics::counter!("audit_recorded").increment(end.head.count().saturating_sub(count));
                    Ok(())
                }
                Err(error) => {
                    tracing::error!(%error, acts = acts.len(), "acts could not be recorded");
                    Err(db::unavailable(&error))
                }
            };
            replies.into_iter().for_each(|reply| drop(reply.send(told.clone())));
        }
    }
}

/// Lets others run who are about to call, as those do who were answered just now: a write costs the same for one as for
/// many. Nobody is waited for who does not call at once.
async fn gathered(waiting: &mpsc::Receiver<Call>) {
    let mut there = usize::MAX;
    while waiting.len() != there {
        there = waiting.len();
        tokio::task::yield_now().await;
    }
}

/// Appends, again where it is not certain that it was done: what is recorded already is passed over.
async fn written(db: &Db, end: &mut End, acts: &Arc<Vec<Act>>) -> Result<(), DbErr> {
    for rest in RESTS {
        match store::append(db, end, acts).await {
            Ok(()) => return Ok(()),
            Err(error) => tracing::debug!(%error, "acts are recorded again"),
        }
        tokio::time::sleep(rest).await;
    }
    store::append(db, end, acts).await
}

/// The calls that go into the next write: at least one.
fn helping(calls: &mut Vec<Call>) -> Vec<Call> {
    let mut acts = 0;
    let taken = calls.iter().take_while(|call| {
        let goes = acts == 0 || acts + call.acts.len() <= ACTS_MAX;
        acts += call.acts.len();
        goes
    });
    let count = taken.count();
    calls.drain(..count).collect()
}
