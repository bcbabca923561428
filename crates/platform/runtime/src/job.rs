//! What the calendar makes a service do: once for each day, in one process, to its end.
//!
//! A job's run for a day is a row ([`db::JobRun`]). Whoever is chosen takes it, and may note how far it came; where it
//! dies, or its process is no longer the chosen one, another takes the row and goes on from the note. What an earlier
//! one still writes to the row is refused, so it learns that it was superseded. Between two notes something may be done
//! twice; a job is therefore written so that doing the same for the same day again has no effect (ids that follow from
//! the day), and the note only spares it the way.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use clock::{BusinessDate, Calendar, Clock, Timestamp};
use db::{Db, DbErr, JobRun};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use crate::{Chosen, Stop};

/// How often it is looked whether a run is due.
const LOOK: Duration = Duration::from_secs(1);
/// Rest after a run that failed; it doubles with each try up to the longest.
const REST: Duration = Duration::from_secs(5);
const REST_MAX: Duration = Duration::from_secs(600);

/// The days on which a job runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Days {
    /// All of them.
    Every,
    /// Workdays of the bank's calendar. In a year that was not announced they are Monday to Friday: running on a
    /// holiday does less harm than not running.
    Workdays,
}

/// What becomes of days on which no process was there to run a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missed {
    /// Each is made up for, in order; none begins before the one before it has come to its end.
    Each,
    /// Only the latest is. One that did not come to its end is left when the next begins.
    Last,
}

/// When a job runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    /// On which days.
    pub days: Days,
    /// How long after midnight in China.
    pub after_midnight: Duration,
    /// Days on which nobody ran it.
    pub missed: Missed,
}

impl Schedule {
    /// Every day at `time`, hours and minutes in China as `03:30`; only the latest day is made up for.
    ///
    /// # Errors
    /// [`MalformedTime`].
    pub fn daily(time: &str) -> Result<Self, MalformedTime> {
        let malformed = || MalformedTime(time.to_owned());
        let (hours, minutes) = time.split_once(':').ok_or_else(malformed)?;
        let number = |text: &str, most: u64| {
            let two_digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
            let number = text.parse::<u64>().ok().filter(|number| two_digits && *number <= most);
            number.ok_or_else(malformed)
        };
        let after_midnight = Duration::from_secs(number(hours, 23)? * 3_600 + number(minutes, 59)? * 60);
        Ok(Self { days: Days::Every, after_midnight, missed: Missed::Last })
    }

    fn runs_on(&self, day: BusinessDate, calendar: &Calendar) -> bool {
        match self.days {
            Days::Every => true,
            Days::Workdays => calendar.is_workday(day).unwrap_or_else(|_| !clock::is_weekend(day)),
        }
    }

    fn has_come(&self, day: BusinessDate, now: Timestamp) -> bool {
        day.starts_at().checked_add(self.after_midnight).is_ok_and(|at| at <= now)
    }

    /// The last day up to `now` on which it runs and whose time has come.
    fn latest(&self, now: Timestamp, calendar: &Calendar) -> BusinessDate {
        let mut day = BusinessDate::in_china(now);
        while !(self.has_come(day, now) && self.runs_on(day, calendar)) {
            day = day.previous();
        }
        day
    }

    /// The day to run for, after `done` was the last; `None` where it has not come.
    fn next(&self, done: BusinessDate, now: Timestamp, calendar: &Calendar) -> Option<BusinessDate> {
        let latest = self.latest(now, calendar);
        if latest <= done {
            return None;
        }
        match self.missed {
            Missed::Last => Some(latest),
            Missed::Each => {
                let after = std::iter::successors(Some(done.next()), |day| Some(day.next()));
                after.take_while(|day| *day <= latest).find(|day| self.runs_on(*day, calendar))
            }
        }
    }
}

/// The time of day, as [`Schedule::daily`] reads it.
impl std::fmt::Display for Schedule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let minutes = self.after_midnight.as_secs() / 60;
        write!(f, "{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

/// The text is no time of day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no time of day; write it as 03:30")]
pub struct MalformedTime(String);

type Body = Arc<dyn Fn(Turn) -> BoxFuture<'static, Result<(), JobFailed>> + Send + Sync>;

/// Something that the calendar makes a service do.
pub struct Job {
    pub(crate) name: String,
    pub(crate) schedule: Schedule,
    pub(crate) here: Option<Here>,
    pub(crate) body: Body,
}

type Here = Box<dyn Fn() -> bool + Send + Sync>;

impl Job {
    /// The job `name`, `domain.job`. `body` may be dropped at any point where it waits, and be called again for the same
    /// day: see the page of this module.
    pub fn new<F>(name: &str, schedule: Schedule, body: F) -> Self
    where
        F: Fn(Turn) -> BoxFuture<'static, Result<(), JobFailed>> + Send + Sync + 'static,
    {
        Self { name: name.to_owned(), schedule, here: None, body: Arc::new(body) }
    }

    /// As it is, but wherever `here` says so at the time, instead of in the process that is chosen: for what belongs to
    /// a leadership of its own.
    #[must_use]
    pub fn wherever(self, here: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self { here: Some(Box::new(here)), ..self }
    }
}

/// Why a job did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum JobFailed {
    /// Another process goes on with it: this one must stop.
    #[error("another process goes on with this run")]
    Superseded,
    /// Its own reason; it is tried again.
    #[error("{0}")]
    Because(String),
}

impl JobFailed {
    /// For the reason that `why` states.
    pub fn because(why: impl std::fmt::Display) -> Self {
        Self::Because(why.to_string())
    }
}

/// A job's run for one day, in the hands of this process.
#[derive(Clone)]
pub struct Turn {
    run: Arc<JobRun>,
    db: Db,
}

impl Turn {
    /// The day to run for.
    #[must_use]
    pub fn due_on(&self) -> BusinessDate {
        self.run.due_on
    }

    /// What was noted last, by this try or one before it; empty at the beginning.
    #[must_use]
    pub fn progress(&self) -> &str {
        &self.run.progress
    }

    /// Keeps how far the run came.
    ///
    /// # Errors
    /// [`JobFailed`]: the body returns it.
    pub async fn note(&self, progress: &str) -> Result<(), JobFailed> {
        match self.run.note(&self.db, progress).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(JobFailed::Superseded),
            Err(error) => Err(JobFailed::because(error)),
        }
    }
}

/// Runs one job whenever it is due and this process is chosen.
pub(crate) struct Runner {
    pub(crate) job: Job,
    pub(crate) db: Db,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) calendar: Arc<Calendar>,
}

/// What a look at the schedule came to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Looked {
    /// Nothing is due.
    Idle,
    /// A run was brought to its end.
    Done(BusinessDate),
    /// A run failed, at this try; it is to be tried again.
    Failed(i64),
    /// Somebody else was quicker, or goes on with it.
    Elsewhere,
}

impl Runner {
    /// Runs until stopped. A run that is under way then is cut off where it waits, and goes on at the next start.
    pub(crate) async fn run(self, stop: Stop, chosen: Chosen) {
        while !stop.is_requested() {
            if self.job.here.is_none() {
                tokio::select! {
                    () = stop.requested() => return,
                    () = chosen.becomes() => {}
                }
            }
            let looked = tokio::select! {
                () = stop.requested() => return,
                looked = self.look() => looked,
            };
            let rest = match looked {
                Ok(Looked::Done(_)) => continue,
                Ok(Looked::Failed(tries)) => rest_after(tries),
                Ok(Looked::Idle | Looked::Elsewhere) => LOOK,
                Err(error) => {
                    tracing::warn!(job = self.job.name, %error, "it is not known whether a job is due");
                    REST
                }
            };
            tokio::select! {
                () = stop.requested() => return,
                () = tokio::time::sleep(rest) => {}
            }
        }
    }

    /// Does the run that is due, if one is.
    pub(crate) async fn look(&self) -> Result<Looked, DbErr> {
        if self.job.here.as_ref().is_some_and(|here| !here()) {
            return Ok(Looked::Idle);
        }
        let (name, schedule, now) = (self.job.name.as_str(), &self.job.schedule, self.clock.now());
        let Some(latest) = JobRun::latest(&self.db, name).await? else {
            // A bank that is opened today owes nothing for yesterday.
            JobRun::skip(&self.db, name, schedule.latest(now, &self.calendar), now).await?;
            return Ok(Looked::Idle);
        };
        let next = schedule.next(latest.due_on, now, &self.calendar);
        let (due_on, seen) = match (latest.done_at.is_some(), next) {
            // Where only the latest day counts, one that did not come to its end is left for the next.
            (false, Some(due_on)) if schedule.missed == Missed::Last => (due_on, None),
            (false, _) => (latest.due_on, Some(&latest)),
            (true, Some(due_on)) => (due_on, None),
            (true, None) => return Ok(Looked::Idle),
        };
        match JobRun::take(&self.db, name, due_on, seen, now).await? {
            Some(run) => self.carry_out(run).await,
            None => Ok(Looked::Elsewhere),
        }
    }

    async fn carry_out(&self, run: JobRun) -> Result<Looked, DbErr> {
        let (name, due_on, tries) = (self.job.name.clone(), run.due_on, run.tries);
        tracing::info!(job = name, %due_on, tries, progress = run.progress, "a job begins");
        let run = Arc::new(run);
        let turn = Turn { run: Arc::clone(&run), db: self.db.clone() };
        let ended = AssertUnwindSafe((self.job.body)(turn)).catch_unwind().await;
        match ended.unwrap_or_else(|_| Err(JobFailed::Because("it panicked".to_owned()))) {
            Ok(()) => {
                if !run.done(&self.db, self.clock.now()).await? {
                    return Ok(Looked::Elsewhere);
                }
                metrics::counter!("jobs_done", "job" => name.clone()).increment(1);
                tracing::info!(job = name, %due_on, tries, "a job is done");
                Ok(Looked::Done(due_on))
            }
            Err(JobFailed::Superseded) => Ok(Looked::Elsewhere),
            Err(JobFailed::Because(why)) => {
                metrics::counter!("jobs_failed", "job" => name.clone()).increment(1);
                tracing::error!(job = name, %due_on, tries, why, "a job failed; it will be tried again");
                run.failed(&self.db, &why).await?;
                Ok(Looked::Failed(tries))
            }
        }
    }
}

fn rest_after(tries: i64) -> Duration {
    let doublings = u32::try_from(tries.clamp(1, 8) - 1).unwrap_or(0);
    (REST * 2_u32.pow(doublings)).min(REST_MAX)
}

#[cfg(test)]
mod tests;
