//! Following the journal: what was missed from the journal itself, then what the writer hands over.

use std::sync::Arc;
use std::time::Duration;

use db::{Db, Kind};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, Statement, Value};
use tokio::sync::mpsc::error::TryRecvError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};

use super::{Moved, movements};
use crate::journal::{Journal, Position};
use crate::replay::{Follower, READ_BYTES, ReplayFailed};
use crate::writer::Turn;

/// Movements that may wait between writer and history; beyond, the writer waits.
const WAITING_MAX: usize = 400_000;
/// Movements of one transaction of the history; more only where one record has more.
const TRANSACTION_MAX: usize = 50_000;
/// Rows of one statement.
const ROWS_MAX: usize = 512;
/// Columns of a row.
const COLUMNS: usize = 11;
/// Rest after a failed transaction.
const PAUSE: Duration = Duration::from_millis(500);

/// What a committed record means to the history.
#[derive(Debug)]
struct News {
    position: Position,
    rows: Vec<Moved>,
    /// Room taken among what may wait.
    _room: OwnedSemaphorePermit,
}

/// How far the history has come.
pub type Progress = watch::Receiver<u64>;

/// The writer's end: hands over what was committed.
#[derive(Debug)]
pub struct Following {
    news: mpsc::UnboundedSender<News>,
    room: Arc<Semaphore>,
}

impl Following {
    /// Hands over the movements of the record at `position`. Waits where the history has fallen too far behind.
    pub async fn hand_over(&self, position: Position, rows: Vec<Moved>) {
        let wanted = rows.len().clamp(1, WAITING_MAX);
        let wanted = u32::try_from(wanted).unwrap_or(u32::MAX);
        // A closed semaphore or channel means that the history has ended: it will catch up at the next start.
        if let Ok(room) = Arc::clone(&self.room).acquire_many_owned(wanted).await {
            let _ = self.news.send(News { position, rows, _room: room });
        }
    }
}

/// The history of one book.
pub struct History {
    db: Db,
    news: mpsc::UnboundedReceiver<News>,
    room: Arc<Semaphore>,
    progress: watch::Sender<u64>,
    cursor: Position,
    /// Up to here it is to catch up with the journal itself.
    target: u64,
    /// What was taken from the writer and is to be written next.
    next: Option<News>,
}

impl History {
    /// Reads how far the history has come.
    ///
    /// # Errors
    /// The store's.
    pub async fn open(db: Db) -> Result<(Self, Following, Progress), DbErr> {
        let cursor = cursor(db.reader()).await?;
        let (sender, news) = mpsc::unbounded_channel();
        let room = Arc::new(Semaphore::new(WAITING_MAX));
        let (progress, reached) = watch::channel(cursor.sequence);
        let history = Self { db, news, room: Arc::clone(&room), progress, cursor, target: 0, next: None };
        Ok((history, Following { news: sender, room }, reached))
    }

    /// Where the history has come to.
    #[must_use]
    pub const fn cursor(&self) -> Position {
        self.cursor
    }

    /// Throws everything away; following then begins with the first record.
    ///
    /// # Errors
    /// The store's.
    pub async fn clear(&mut self) -> Result<(), DbErr> {
        self.db
            .write(|tx| {
                Box::pin(async move {
                    tx.execute_unprepared("DELETE FROM ledger_movement").await?;
                    tx.execute_unprepared("DELETE FROM ledger_history_cursor").await.map(|_| ())
                })
            })
            .await
            .map(|()| {
                self.cursor = Position::default();
                self.progress.send_replace(0);
            })
    }

    /// The journal ends at `until`: what is missing up to there is read from it.
    pub(crate) const fn begin(&mut self, until: Position) {
        self.target = until.sequence;
    }

    /// Catches up with the journal, then follows the writer until it lets go.
    pub async fn run(mut self, journal: Arc<dyn Journal>) {
        loop {
            match self.turn(&*journal).await {
                Ok(Turn::Worked) => {}
                Ok(Turn::Idle) => match self.news.recv().await {
                    Some(news) => self.next = Some(news),
                    None => break,
                },
                Ok(Turn::Ended) => break,
                Err(error) => {
                    let error: &(dyn std::error::Error + Send + Sync + 'static) = &error;
                    let cursor = self.cursor.sequence;
                    tracing::warn!(error, cursor, "the history could not follow; it tries again");
                    tokio::time::sleep(PAUSE).await;
                    self.look_again().await;
                }
            }
        }
        self.room.close();
    }

    /// Takes one helping of records from the journal, or what the writer has handed over, and writes it.
    pub(crate) async fn turn(&mut self, journal: &dyn Journal) -> Result<Turn, FollowFailed> {
        if self.cursor.sequence < self.target {
            return self.catch_up(journal, self.target).await.map(|()| Turn::Worked);
        }
        let first = match self.next.take().map_or_else(|| self.news.try_recv(), Ok) {
            Ok(first) => first,
            Err(TryRecvError::Empty) => return Ok(Turn::Idle),
            Err(TryRecvError::Disconnected) => return Ok(Turn::Ended),
        };
        let mut gathered = vec![first];
        let mut waiting = gathered.iter().map(|news| news.rows.len()).sum::<usize>();
        while waiting < TRANSACTION_MAX {
            let Ok(next) = self.news.try_recv() else { break };
            waiting += next.rows.len();
            gathered.push(next);
        }
        // What was caught up with meanwhile comes again.
        gathered.retain(|news| news.position.sequence > self.cursor.sequence);
        let (Some(first), Some(last)) = (gathered.first(), gathered.last()) else { return Ok(Turn::Worked) };
        let (next, last) = (first.position.sequence, last.position);
        let rows = Arc::new(gathered.iter_mut().flat_map(|news| std::mem::take(&mut news.rows)).collect());
        let written = if next == self.cursor.sequence + 1 {
            self.write(last, rows).await
        } else {
            Err(DbErr::Custom("records between are missing".to_owned()))
        };
        if written.is_err() {
            self.target = last.sequence;
        }
        Ok(written.map(|()| Turn::Worked)?)
    }

    /// Looks where the history stands after a failure: another process may have followed. Where nobody is left
    /// to wait for it, what failed is left to the next start.
    pub(crate) async fn look_again(&mut self) {
        if let Ok(cursor) = cursor(self.db.reader()).await {
            self.cursor = cursor;
            self.progress.send_replace(cursor.sequence);
        }
        if self.news.is_closed() {
            self.target = self.cursor.sequence;
        }
    }

    /// Takes one helping of records up to `until` from the journal.
    async fn catch_up(&mut self, journal: &dyn Journal, until: u64) -> Result<(), FollowFailed> {
        let mut follower = Follower { position: self.cursor, last_at: i64::MIN, ..Follower::default() };
        let mut rows = Vec::new();
        for row in journal.read(self.cursor.sequence, READ_BYTES).await.map_err(ReplayFailed::from)? {
            // What comes later is handed over by the writer.
            if row.sequence > until {
                break;
            }
            let (head, entries) = follower.check(&row).map_err(ReplayFailed::from)?;
            rows.extend(movements(head.at, &entries));
            follower.advance(&head, &row);
        }
        self.write(follower.position, Arc::new(rows)).await?;
        Ok(())
    }

    /// Writes rows and cursor in one transaction.
    async fn write(&mut self, to: Position, rows: Arc<Vec<Moved>>) -> Result<(), DbErr> {
        let (kind, from) = (self.db.kind(), self.cursor.sequence);
        self.db
            .write(move |tx| {
                let rows = Arc::clone(&rows);
                Box::pin(async move {
                    if kind == Kind::Postgres {
                        // Disposable: a lost transaction is followed again.
                        tx.execute_unprepared("SET LOCAL synchronous_commit TO OFF").await?;
                    }
                    move_cursor(tx, from, to).await?;
                    for chunk in rows.chunks(ROWS_MAX) {
                        insert(tx, chunk).await?;
                    }
                    Ok::<(), DbErr>(())
                })
            })
            .await?;
        self.cursor = to;
        self.progress.send_replace(to.sequence);
        Ok(())
    }
}

/// Why the history could not follow.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FollowFailed {
    #[error("the journal could not be followed")]
    Journal(#[from] ReplayFailed),
    #[error("the history could not be written")]
    Store(#[from] DbErr),
}

async fn insert(tx: &DatabaseTransaction, rows: &[Moved]) -> Result<(), DbErr> {
    let mut sql = format!("INSERT INTO ledger_movement ({}) VALUES ", Moved::COLUMNS);
    let mut values: Vec<Value> = Vec::with_capacity(rows.len() * COLUMNS);
    let backend = tx.get_database_backend();
    for (place, row) in rows.iter().enumerate() {
        sql.push_str(if place == 0 { "(" } else { ", (" });
        for column in 0..COLUMNS {
            sql.push_str(if column == 0 { "" } else { ", " });
            // SQLite looks up a named parameter by walking through all before it; a bare one costs nothing.
            match backend {
                DbBackend::Postgres => sql.push_str(&format!("${}", place * COLUMNS + column + 1)),
                _ => sql.push('?'),
            }
        }
        sql.push(')');
        values.extend(row.values());
    }
    tx.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await.map(|_| ())
}

/// Moves the cursor, if it still stands where this history left it.
async fn move_cursor(tx: &DatabaseTransaction, from: u64, to: Position) -> Result<(), DbErr> {
    let sql = "INSERT INTO ledger_history_cursor (history, sequence, hash) VALUES (1, $1, $2)
        ON CONFLICT (history) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash
        WHERE ledger_history_cursor.sequence = $3";
    let signed = |sequence: u64| i64::try_from(sequence).unwrap_or(i64::MAX);
    let values = [signed(to.sequence).into(), to.hash.to_vec().into(), signed(from).into()];
    let moved =
        tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
    if moved.rows_affected() == 1 {
        Ok(())
    } else {
        Err(DbErr::Custom("another process has followed the journal".to_owned()))
    }
}

/// Where the history stored in a database has come to. The epoch is not kept.
pub(crate) async fn cursor(connection: &impl ConnectionTrait) -> Result<Position, DbErr> {
    let sql = "SELECT sequence, hash FROM ledger_history_cursor WHERE history = 1";
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let Some(row) = connection.query_one_raw(statement).await? else { return Ok(Position::default()) };
    let sequence: i64 = row.try_get_by_index(0)?;
    let hash: Vec<u8> = row.try_get_by_index(1)?;
    let damaged = || DbErr::Custom("the cursor of the history is damaged".to_owned());
    Ok(Position {
        sequence: u64::try_from(sequence).map_err(|_| damaged())?,
        epoch: 0,
        hash: hash.try_into().map_err(|_| damaged())?,
    })
}
