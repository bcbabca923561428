//! Routes for staff that every service has alike: its news, its jobs.

pub(crate) mod jobs;
pub(crate) mod news;
