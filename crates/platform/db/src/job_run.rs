//! Runs of jobs that the calendar asks for: taken by one process, continued by another where that one dies.
//!
//! INVARIANT: of all who ever take a run, only the last one can note progress or end it.

use clock::{BusinessDate, Timestamp};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, QueryResult, Statement, Value};

use crate::Db;

/// A run of a job for one day, as it was last seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRun {
    /// `domain.job`.
    pub job: String,
    /// The day for which it runs.
    pub due_on: BusinessDate,
    /// How often it was taken, 0 for a day on which it had not to run.
    pub tries: i64,
    /// How far it came, in the job's own words; empty at the beginning.
    pub progress: String,
    /// When it was taken first.
    pub begun_at: Option<Timestamp>,
    /// When it ended well.
    pub done_at: Option<Timestamp>,
    /// Why the last try failed.
    pub failure: Option<String>,
}

/// What has become of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunState {
    /// It had not to run on that day.
    Skipped,
    /// Under way, or cut off and to be continued.
    Begun,
    /// The last try failed; it is tried again.
    Failed,
    /// It ended well.
    Done,
}

const COLUMNS: &str = "job, due_on, tries, progress, begun_at, done_at, failure";

impl JobRun {
    /// What has become of it.
    #[must_use]
    pub const fn state(&self) -> RunState {
        match (self.tries, &self.done_at, &self.failure) {
            (0, ..) => RunState::Skipped,
            (_, Some(_), _) => RunState::Done,
            (_, None, Some(_)) => RunState::Failed,
            (_, None, None) => RunState::Begun,
        }
    }

    /// The latest day of a job, where there is any.
    ///
    /// # Errors
    /// The statement failed.
    pub async fn latest(db: &Db, job: &str) -> Result<Option<Self>, DbErr> {
        Ok(Self::history(db, job, 1).await?.pop())
    }

    /// The latest days of a job, newest first, at most `limit`.
    ///
    /// # Errors
    /// The statement failed.
    pub async fn history(db: &Db, job: &str, limit: u32) -> Result<Vec<Self>, DbErr> {
        let sql = format!("SELECT {COLUMNS} FROM job_run WHERE job = $1 ORDER BY due_on DESC LIMIT $2");
        let reader = db.reader();
        let values = [Value::from(job.to_owned()), i64::from(limit).into()];
        let statement = Statement::from_sql_and_values(reader.get_database_backend(), sql, values);
        reader.query_all_raw(statement).await?.iter().map(read).collect()
    }

    /// Notes that a job had not to run on `due_on`: the day on which it became known. Nothing where it has days.
    ///
    /// # Errors
    /// The statement failed.
    pub async fn skip(db: &Db, job: &str, due_on: BusinessDate, now: Timestamp) -> Result<(), DbErr> {
        let sql = "INSERT INTO job_run (job, due_on, tries, progress, done_at) VALUES ($1, $2, 0, '', $3) \
                   ON CONFLICT DO NOTHING";
        let values = vec![job.into(), due_on.to_string().into(), now.as_microsecond().into()];
        execute(db, sql, values).await.map(|_| ())
    }

    /// Takes the run of `job` for `due_on`, which was `seen` so or not at all; `None` where somebody else was quicker.
    ///
    /// # Errors
    /// The statement failed; it may be taken nevertheless, and is taken again then.
    pub async fn take(
        db: &Db,
        job: &str,
        due_on: BusinessDate,
        seen: Option<&Self>,
        now: Timestamp,
    ) -> Result<Option<Self>, DbErr> {
        let Some(seen) = seen else {
            let sql = "INSERT INTO job_run (job, due_on, tries, progress, begun_at) VALUES ($1, $2, 1, '', $3) \
                       ON CONFLICT DO NOTHING";
            let values = vec![job.into(), due_on.to_string().into(), now.as_microsecond().into()];
            let fresh = Self {
                job: job.to_owned(),
                due_on,
                tries: 1,
                progress: String::new(),
                begun_at: Some(now),
                done_at: None,
                failure: None,
            };
            return Ok((execute(db, sql, values).await? == 1).then_some(fresh));
        };
        let sql = "UPDATE job_run SET tries = tries + 1, failure = NULL \
                   WHERE job = $1 AND due_on = $2 AND tries = $3 AND done_at IS NULL";
        let taken = execute(db, sql, seen.place()).await? == 1;
        Ok(taken.then(|| Self { tries: seen.tries + 1, failure: None, ..seen.clone() }))
    }

    /// Keeps how far it came. `false` where another process has taken the run: this one must stop.
    ///
    /// # Errors
    /// The statement failed: the progress may be kept or not.
    pub async fn note(&self, db: &Db, progress: &str) -> Result<bool, DbErr> {
        let sql = "UPDATE job_run SET progress = $4 \
                   WHERE job = $1 AND due_on = $2 AND tries = $3 AND done_at IS NULL";
        Ok(execute(db, sql, self.placed(progress.into())).await? == 1)
    }

    /// It has ended well. `false` where another process has taken the run.
    ///
    /// # Errors
    /// The statement failed: it may be kept as done or not.
    pub async fn done(&self, db: &Db, now: Timestamp) -> Result<bool, DbErr> {
        let sql = "UPDATE job_run SET done_at = $4, failure = NULL \
                   WHERE job = $1 AND due_on = $2 AND tries = $3 AND done_at IS NULL";
        Ok(execute(db, sql, self.placed(now.as_microsecond().into())).await? == 1)
    }

    /// It has failed and is to be taken again. `false` where another process has taken the run.
    ///
    /// # Errors
    /// The statement failed.
    pub async fn failed(&self, db: &Db, why: &str) -> Result<bool, DbErr> {
        let sql = "UPDATE job_run SET failure = $4 \
                   WHERE job = $1 AND due_on = $2 AND tries = $3 AND done_at IS NULL";
        Ok(execute(db, sql, self.placed(why.into())).await? == 1)
    }

    fn place(&self) -> Vec<Value> {
        vec![self.job.clone().into(), self.due_on.to_string().into(), self.tries.into()]
    }

    fn placed(&self, value: Value) -> Vec<Value> {
        self.place().into_iter().chain([value]).collect()
    }
}

fn read(row: &QueryResult) -> Result<JobRun, DbErr> {
    let instant = |at: usize| -> Result<Option<Timestamp>, DbErr> {
        let micros: Option<i64> = row.try_get_by_index(at)?;
        micros.map(Timestamp::from_microsecond).transpose().map_err(|error| DbErr::Type(error.to_string()))
    };
    let due_on: String = row.try_get_by_index(1)?;
    Ok(JobRun {
        job: row.try_get_by_index(0)?,
        due_on: due_on.parse().map_err(|error: clock::MalformedDate| DbErr::Type(error.to_string()))?,
        tries: row.try_get_by_index(2)?,
        progress: row.try_get_by_index(3)?,
        begun_at: instant(4)?,
        done_at: instant(5)?,
        failure: row.try_get_by_index(6)?,
    })
}

async fn execute(db: &Db, sql: &'static str, values: Vec<Value>) -> Result<u64, DbErr> {
    db.write(move |tx: &DatabaseTransaction| {
        let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, values.clone());
        Box::pin(async move { Ok::<_, DbErr>(tx.execute_raw(statement).await?.rows_affected()) })
    })
    .await
}
