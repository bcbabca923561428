-- Runs of jobs that the calendar asks for: one for each job and day. A row without `done_at` is a run that is under
-- way, or was cut off and is to be continued from `progress`.
CREATE TABLE job_run (
    job      TEXT   NOT NULL,             -- domain.job
    due_on   TEXT   NOT NULL,             -- the day for which it runs, 2026-11-27
    tries    INTEGER NOT NULL,             -- raised by whoever takes the run: what an earlier one still writes is refused
    progress TEXT   NOT NULL,             -- how far it came, in the job's own words
    begun_at INTEGER,                      -- microseconds since 1970, UTC; NULL for a day on which it had not to run
    done_at  INTEGER,                      -- NULL until it has ended well
    failure  TEXT,                        -- why the last try failed
    PRIMARY KEY (job, due_on)
);
