//! SQLite: one writer that gathers the writes of concurrent callers into one durable commit.
//!
//! INVARIANT: nobody is told that a write succeeded before the commit that holds it was durable.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbErr, RuntimeErr, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::task::JoinHandle;

use super::Work;
use crate::Faults;

/// At most this many writes share a commit, so that the first of them does not wait for ever.
const GATHERED_MAX: usize = 256;
/// Callers beyond this many waiting writes wait for a place.
const WAITING_MAX: usize = 4096;

pub(super) struct Gatherer {
    queue: mpsc::Sender<Box<dyn Job>>,
    stopping: Mutex<Option<(oneshot::Sender<()>, JoinHandle<()>)>>,
}

trait Job: Send {
    /// Does the work in the shared transaction itself; says whether it succeeded. What a failed one wrote is still
    /// there: the transaction must be rolled back.
    fn run_bare<'t>(&'t mut self, tx: &'t DatabaseTransaction) -> BoxFuture<'t, bool>;
    /// Does the work inside a savepoint of its own.
    fn run<'t>(&'t mut self, tx: &'t DatabaseTransaction) -> BoxFuture<'t, Result<(), DbErr>>;
    /// Tells the caller, once the commit is known to have happened or not.
    fn answer(self: Box<Self>, committed: Result<(), DbErr>);
}

struct Waiting<T, E, F> {
    work: F,
    result: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<T, E, F> Job for Waiting<T, E, F>
where
    T: Send + 'static,
    E: From<DbErr> + Send + 'static,
    F: Work<T, E>,
{
    fn run_bare<'t>(&'t mut self, tx: &'t DatabaseTransaction) -> BoxFuture<'t, bool> {
        Box::pin(async move {
            self.result = AssertUnwindSafe((self.work)(tx)).catch_unwind().await.ok();
            matches!(self.result, Some(Ok(_)))
        })
    }

    fn run<'t>(&'t mut self, tx: &'t DatabaseTransaction) -> BoxFuture<'t, Result<(), DbErr>> {
        Box::pin(async move {
            self.result = None;
            let savepoint = tx.begin().await?;
            // A panic in one caller's work must not take the others' writer away.
            match AssertUnwindSafe((self.work)(&savepoint)).catch_unwind().await {
                Ok(Ok(value)) => {
                    savepoint.commit().await?;
                    self.result = Some(Ok(value));
                }
                Ok(Err(error)) => {
                    savepoint.rollback().await?;
                    self.result = Some(Err(error));
                }
                Err(_) => savepoint.rollback().await?,
            }
            Ok(())
        })
    }

    fn answer(self: Box<Self>, committed: Result<(), DbErr>) {
        let answer = match (self.result, committed) {
            (Some(Err(refused)), _) => Err(refused),
            (Some(result), Ok(())) => result,
            (_, Err(error)) => Err(E::from(error)),
            (None, Ok(())) => Err(E::from(internal("the work panicked"))),
        };
        // A caller that went away no longer wants to know.
        let _ = self.reply.send(answer);
    }
}

fn internal(what: &str) -> DbErr {
    DbErr::Conn(RuntimeErr::Internal(what.to_owned()))
}

impl Gatherer {
    pub(super) fn start(connection: DatabaseConnection, faults: Arc<Faults>) -> Self {
        let (queue, waiting) = mpsc::channel(WAITING_MAX);
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(serve(connection, faults, waiting, stopped));
        Self { queue, stopping: Mutex::new(Some((stop, task))) }
    }

    pub(super) async fn run<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbErr> + Send + 'static,
        F: Work<T, E>,
    {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(Waiting { work, result: None, reply });
        if self.queue.send(job).await.is_err() {
            return Err(E::from(internal("the database is closed")));
        }
        answer.await.unwrap_or_else(|_| Err(E::from(internal("the database is closed"))))
    }

    /// Finishes what was handed in, then ends.
    pub(super) async fn stop(&self) {
        if let Some((stop, task)) = self.stopping.lock().await.take() {
            let _ = stop.send(());
            let _ = task.await;
        }
    }
}

async fn serve(
    connection: DatabaseConnection,
    faults: Arc<Faults>,
    mut waiting: mpsc::Receiver<Box<dyn Job>>,
    mut stopped: oneshot::Receiver<()>,
) {
    let mut gathered = Vec::with_capacity(GATHERED_MAX);
    loop {
        tokio::select! {
            biased;
            count = waiting.recv_many(&mut gathered, GATHERED_MAX) => if count == 0 { return },
            _ = &mut stopped => waiting.close(),
        }
        if !gathered.is_empty() {
            commit(&connection, &faults, &mut gathered).await;
        }
    }
}

async fn commit(connection: &DatabaseConnection, faults: &Faults, gathered: &mut Vec<Box<dyn Job>>) {
    let started = Instant::now();
    let committed = execute(connection, faults, gathered).await;
    if let Err(error) = &committed {
        tracing::error!(error = %error, writes = gathered.len(), "a commit failed; its writes were undone");
    }
    metrics::histogram!("db_commit_seconds").record(started.elapsed());
    metrics::counter!("db_writes").increment(gathered.len() as u64);
    for job in gathered.drain(..) {
        job.answer(committed.clone());
    }
}

/// Most writes succeed, and savepoints cost two statements each: so all are tried without. Where one fails, everything
/// is undone and done again with a savepoint for each, so that the others keep what they wrote.
async fn execute(
    connection: &DatabaseConnection,
    faults: &Faults,
    gathered: &mut [Box<dyn Job>],
) -> Result<(), DbErr> {
    let tx = begin(connection).await?;
    let mut all_well = true;
    for job in gathered.iter_mut() {
        all_well = job.run_bare(&tx).await;
        if !all_well {
            break;
        }
    }
    if all_well {
        return faults.commit(tx).await;
    }
    tx.rollback().await?;
    if gathered.len() == 1 {
        return Ok(());
    }
    metrics::counter!("db_commits_with_savepoints").increment(1);
    let tx = begin(connection).await?;
    for job in gathered.iter_mut() {
        job.run(&tx).await?;
    }
    tx.commit().await
}

/// Every transaction here writes, and says so at once: one that begins with reading, and finds that another process has
/// written before it does, is refused by SQLite without a wait.
async fn begin(connection: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let sqlite_transaction_mode = Some(SqliteTransactionMode::Immediate);
    connection.begin_with_options(TransactionOptions { sqlite_transaction_mode, ..Default::default() }).await
}
