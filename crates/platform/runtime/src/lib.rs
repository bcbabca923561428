//! How a service starts, reacts, runs timers, stops.
//!
//! Every domain is a [`Service`]: it says its name, whose contracts it needs and which tables it owns, and opens
//! itself on a [`Site`], from which it takes its neighbors' contracts and to which it offers its own. What it leaves
//! running is a [`Running`]: routes, loops, jobs, reactions, health, shutdown. `bank` walks one list of services and hands
//! it to [`House`]; there is no other way to start anything. Of each service, staff see how its news is getting on and
//! what became of its jobs (`/api/<service>/console/news`, `…/jobs`), and have what was set aside relayed again. This
//! crate knows no banking.

mod choice;
mod console;
mod data_dir;
mod house;
mod job;
mod lag;
mod news;
mod relay;
mod service;
mod site;
mod stop;

pub use data_dir::{ClaimFailed, DataDir};
pub use house::{House, Outside, StartFailed};
pub use job::{Days, Job, JobFailed, MalformedTime, Missed, Schedule, Turn};
pub use news::{FarReactions, NewsDesk};
pub use service::{Health, Loop, OpenFailed, React, ReactFailed, Reaction, Running, Service};
pub use site::{Site, StoreAddress};
pub use stop::{Chosen, Stop};

#[cfg(test)]
mod tests;
