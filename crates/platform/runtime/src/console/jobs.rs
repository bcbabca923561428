//! Routes for staff: what the calendar makes a service do, and what became of it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use db::{Db, JobRun, RunState};
use http::{Access, Consequence, Problem, ProblemBody, Refusal, Routes, Staff};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{Days, Job, Schedule, Site};

/// Runs of a job that are shown.
const RUNS: u32 = 14;

/// The jobs of one service.
struct Desk {
    db: Db,
    jobs: Vec<(String, Schedule)>,
}

/// The same route for each of the services whose jobs these are, below `/api/<service>`.
pub(crate) fn routes(jobs: &[(&'static str, Vec<Job>)], site: &Site) -> Routes {
    let having = jobs.iter().filter(|(_, jobs)| !jobs.is_empty());
    having.fold(Routes::none(), |routes, (service, jobs)| {
        let jobs = jobs.iter().map(|job| (job.name.clone(), job.schedule)).collect();
        let desk = Arc::new(Desk { db: site.db.clone(), jobs });
        let of_service = Routes::of_service(service, desk).add(Access::Staff, http::routes!(list)).finish();
        routes.merge(of_service)
    })
}

/// The runs of a job cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the runs of a job cannot be read")]
struct Unread(#[from] db::DbErr);

impl Refusal for Unread {
    fn consequence(&self) -> Consequence {
        Consequence::unavailable()
    }
}

/// What the calendar makes a service do.
#[derive(Serialize, ToSchema)]
struct JobsView {
    /// Its jobs; never empty.
    jobs: Vec<JobView>,
}

/// A job.
#[derive(Serialize, ToSchema)]
struct JobView {
    /// `domain.job`, for example `ledger.verify`.
    name: String,
    /// When it runs, hours and minutes in China, `03:30`.
    at: String,
    /// `every` day, or `workdays` alone.
    days: &'static str,
    /// Its latest days, newest first; empty until it is known.
    runs: Vec<JobRunView>,
}

/// A job's run for one day.
#[derive(Serialize, ToSchema)]
struct JobRunView {
    /// The day for which it runs, `2026-11-27`.
    due_on: String,
    /// `done`; `failed` and tried again; `begun`, under way or cut off and to be continued; `left` undone for the next
    /// day; `skipped` on the day on which it became known.
    state: &'static str,
    /// How often it was tried.
    tries: i64,
    /// How far it came, in its own words; may be empty.
    progress: String,
    /// When it was begun, RFC 3339; missing where it was skipped.
    #[serde(skip_serializing_if = "Option::is_none")]
    begun_at: Option<String>,
    /// When it was done, RFC 3339; missing until then.
    #[serde(skip_serializing_if = "Option::is_none")]
    done_at: Option<String>,
    /// Why the last try failed; missing where it did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<String>,
}

fn view(run: JobRun, is_latest: bool) -> JobRunView {
    JobRunView {
        due_on: run.due_on.to_string(),
        state: match run.state() {
            RunState::Skipped => "skipped",
            RunState::Done => "done",
            RunState::Begun | RunState::Failed if !is_latest => "left",
            RunState::Begun => "begun",
            RunState::Failed => "failed",
        },
        tries: run.tries,
        progress: run.progress,
        begun_at: run.begun_at.map(|at| at.to_string()),
        done_at: run.done_at.map(|at| at.to_string()),
        failure: run.failure,
    }
}

/// What the calendar makes this service do, and what became of it.
#[utoipa::path(get, path = "/console/jobs", operation_id = "console_jobs",
    responses((status = 200, body = JobsView), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody)))]
async fn list(State(desk): State<Arc<Desk>>, _: Staff) -> Result<Json<JobsView>, Problem> {
    let mut jobs = Vec::with_capacity(desk.jobs.len());
    for (name, schedule) in &desk.jobs {
        let runs = JobRun::history(&desk.db, name, RUNS).await.map_err(Unread)?;
        jobs.push(JobView {
            name: name.clone(),
            at: schedule.to_string(),
            days: match schedule.days {
                Days::Every => "every",
                Days::Workdays => "workdays",
            },
            runs: runs.into_iter().enumerate().map(|(at, run)| view(run, at == 0)).collect(),
        });
    }
    Ok(Json(JobsView { jobs }))
}
