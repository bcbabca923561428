//! Leases: what one process at a time does, wherever there are several on one database.
//!
//! A lease is a row. Its holder raises the row's beat again and again; another one takes the lease once it has seen the
//! row unchanged for [`PATIENCE`] by its own clock, so that no two clocks are ever compared, and was itself able to write
//! all the while: a database that can be read but keeps commits waiting (after a promotion, until another member confirms
//! again) silences every holder. A lease says who *should* act. It cannot keep a process that was stopped for a while from
//! believing that it still does: what must never be done twice is refused by what it is done to (compare-and-append, ids,
//! states).

use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, RuntimeErr, Statement, Value};

use crate::Db;

/// How long the row of a lease stands still before its holder is taken to be gone.
pub const PATIENCE: Duration = Duration::from_millis(2_500);
/// How often a lease is to be looked after ([`Lease::turn`]).
pub const BEAT: Duration = Duration::from_millis(400);
/// How long the store may take to answer about a lease.
const ANSWER_MAX: Duration = Duration::from_secs(2);

/// A lease as this process sees it.
pub struct Lease {
    db: Db,
    name: String,
    holder: String,
    patience: Duration,
    /// The term in which this process holds it.
    held: Option<i64>,
    /// What was read last.
    seen: Option<Sighting>,
}

/// A row that has not changed for some time.
#[derive(Debug, Clone)]
struct Sighting {
    seen: Seen,
    since: Instant,
    /// Since when this process knows that it could have been changed.
    writable_since: Option<Instant>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Seen {
    holder: String,
    term: i64,
    beat: i64,
}

impl Lease {
    /// The lease `name`, for the process that calls itself `holder`. No two processes call themselves the same; one that
    /// starts anew under its old name goes on with what it held.
    #[must_use]
    pub fn new(db: Db, name: &str, holder: &str) -> Self {
        let (name, holder) = (name.to_owned(), holder.to_owned());
        Self { db, name, holder, patience: PATIENCE, held: None, seen: None }
    }

    /// As it is, but another holder is taken to be gone after `patience`.
    #[must_use]
    pub fn patient_for(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Who held it when it was last looked at, if anybody did.
    #[must_use]
    pub fn holder(&self) -> Option<&str> {
        match (&self.held, &self.seen) {
            (Some(_), _) => Some(&self.holder),
            (None, Some(sighting)) if !sighting.seen.holder.is_empty() => Some(&sighting.seen.holder),
            (None, _) => None,
        }
    }

    /// Keeps what is held, or takes what nobody holds any more. Tells whether this process holds it now.
    ///
    /// # Errors
    /// The store does not answer, or not within two seconds: it is as it was, as far as is known.
    pub async fn turn(&mut self) -> Result<bool, DbErr> {
        let turned = tokio::time::timeout(ANSWER_MAX, self.look_after()).await;
        let turned = turned.unwrap_or_else(|_| Err(too_late()));
        if turned.is_err() {
            // Its holder could not beat either: the wait begins anew.
            self.seen = None;
        }
        turned
    }

    async fn look_after(&mut self) -> Result<bool, DbErr> {
        if let Some(term) = self.held {
            if self.beat(term).await? {
                return Ok(true);
            }
            tracing::warn!(lease = self.name, "another process has taken the lease");
            self.held = None;
        }
        let Some(found) = self.look().await? else {
            return self.take(None).await;
        };
        let before = self.seen.take().filter(|sighting| sighting.seen == found);
        let fresh = || Sighting { seen: found.clone(), since: Instant::now(), writable_since: None };
        let sighting = before.unwrap_or_else(fresh);
        if found.holder.is_empty() || found.holder == self.holder || self.is_gone(&sighting) {
            self.seen = Some(sighting);
            return self.take(Some(found)).await;
        }
        let is_suspect = sighting.since.elapsed() >= self.suspicion() && sighting.writable_since.is_none();
        if is_suspect {
            self.write_something().await?;
        }
        let writable_since = if is_suspect { Some(Instant::now()) } else { sighting.writable_since };
        self.seen = Some(Sighting { writable_since, ..sighting });
        Ok(false)
    }

    /// How long its row stands still before it is found out whether it could have been changed.
    fn suspicion(&self) -> Duration {
        self.patience / 3
    }

    /// Whether the holder had time enough to beat, and could have done so for most of it.
    fn is_gone(&self, sighting: &Sighting) -> bool {
        let writable = sighting.writable_since.map(|since| since.elapsed());
        sighting.since.elapsed() >= self.patience
            && writable.is_some_and(|writable| writable >= self.patience - self.suspicion())
    }

    /// A write that waits as long as a beat would: an update of nothing is answered at once.
    async fn write_something(&self) -> Result<(), DbErr> {
        let sql = "INSERT INTO lease (name, holder, term, beat) VALUES ('probe', '', 0, 0) \
                   ON CONFLICT (name) DO UPDATE SET beat = lease.beat + 1";
        self.execute(sql, Vec::new()).await.map(|_| ())
    }

    /// Lets go of it, so that another one need not wait.
    ///
    /// # Errors
    /// The store does not answer, or not within two seconds: others wait until it has lapsed.
    pub async fn release(&mut self) -> Result<(), DbErr> {
        let Some(term) = self.held.take() else { return Ok(()) };
        self.seen = None;
        let sql =
            "UPDATE lease SET holder = '', beat = beat + 1 WHERE name = $1 AND holder = $2 AND term = $3";
        let values = vec![self.name.clone().into(), self.holder.clone().into(), term.into()];
        let released = tokio::time::timeout(ANSWER_MAX, self.execute(sql, values)).await;
        released.unwrap_or_else(|_| Err(too_late())).map(|_| ())
    }

    async fn beat(&self, term: i64) -> Result<bool, DbErr> {
        let sql = "UPDATE lease SET beat = beat + 1 WHERE name = $1 AND holder = $2 AND term = $3";
        let values = vec![self.name.clone().into(), self.holder.clone().into(), term.into()];
        Ok(self.execute(sql, values).await? == 1)
    }

    async fn look(&self) -> Result<Option<Seen>, DbErr> {
        let reader = self.db.reader();
        let sql = "SELECT holder, term, beat FROM lease WHERE name = $1";
        let statement =
            Statement::from_sql_and_values(reader.get_database_backend(), sql, [self.name.clone().into()]);
        let row = reader.query_one_raw(statement).await?;
        row.map(|row| {
            Ok(Seen {
                holder: row.try_get_by_index(0)?,
                term: row.try_get_by_index(1)?,
                beat: row.try_get_by_index(2)?,
            })
        })
        .transpose()
    }

    /// Takes it, unless it has changed since it was `found`.
    async fn take(&mut self, found: Option<Seen>) -> Result<bool, DbErr> {
        let (name, holder) = (self.name.clone(), self.holder.clone());
        let term = found.as_ref().map_or(1, |found| found.term + 1);
        let taken = match found {
            None => {
                let sql = "INSERT INTO lease (name, holder, term, beat) VALUES ($1, $2, 1, 0) \
                           ON CONFLICT (name) DO NOTHING";
                self.execute(sql, vec![name.into(), holder.into()]).await?
            }
            Some(Seen { term: before, beat, .. }) => {
                let sql = "UPDATE lease SET holder = $1, term = $2, beat = 0 \
                           WHERE name = $3 AND term = $4 AND beat = $5";
                let values = vec![holder.into(), term.into(), name.into(), before.into(), beat.into()];
                self.execute(sql, values).await?
            }
        };
        if taken == 1 {
            tracing::info!(lease = self.name, term, "this process has taken the lease");
            (self.held, self.seen) = (Some(term), None);
        }
        Ok(taken == 1)
    }

    async fn execute(&self, sql: &'static str, values: Vec<Value>) -> Result<u64, DbErr> {
        self.db
            .write(move |tx: &DatabaseTransaction| {
                let statement =
                    Statement::from_sql_and_values(tx.get_database_backend(), sql, values.clone());
                Box::pin(async move { Ok::<_, DbErr>(tx.execute_raw(statement).await?.rows_affected()) })
            })
            .await
    }
}

fn too_late() -> DbErr {
    DbErr::Conn(RuntimeErr::Internal("the store does not answer in time".to_owned()))
}
