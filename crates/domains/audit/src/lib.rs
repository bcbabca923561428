//! Audit: the record of who did what, which nobody can alter unnoticed.
//!
//! An act becomes a line of JSON with ids and no personal data, and a leaf of a tree (SM3, the shape of RFC 6962). How the
//! tree stands is signed again and again with SM2, and the signed line goes to a file outside where one is set. From the
//! lines alone whoever doubts can check that a record is in it ([`Proof`]) and that it only ever grew; [`verify`] reads
//! all of it and finds any changed byte, and with the file outside also a record that was cut or exchanged.
//!
//! Two ways lead in: what others announce as news is heard and recorded once, under the id of its event, so that it is
//! durable with the change that it tells of; and whoever is asked something by staff tells it ([`contracts::audit`])
//! before the answer leaves.
//!
//! Entry: [`service`]. Cost: acts of many callers share one write; a record is some 400 bytes in one row, and one more for
//! whoever is named first in a block of 4096. This crate
//! decides nothing and knows nobody's name.

mod config;
mod error;
mod http;
mod jobs;
mod model;
mod proof;
mod reactions;
mod service;
mod store;
#[cfg(test)]
mod tests;
mod verify;
mod witness;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use contracts::audit::Audit;
use keys::Keys;
use runtime::{OpenFailed, Reaction, Running, Service, Site};

pub use config::Settings;
pub use error::Failed;
pub use model::checkpoint::{Checkpoint, Unsound};
pub use model::record::Record;
pub use proof::{Proof, Proved, Unproved, check};
pub use service::Recorder;
pub use verify::{Verification, verify};
pub use witness::{prove, prove_growth, signing_key, witnessed};

/// The tables of this domain.
pub const MIGRATIONS: db::Migrations = db::migrations!("audit", "0001_record", "0002_named");

/// The domain, ready to be opened.
#[must_use]
pub fn service() -> Box<dyn Service> {
    Box::new(AuditService)
}

struct AuditService;

#[async_trait]
impl Service for AuditService {
    fn name(&self) -> &'static str {
        "audit"
    }

    fn needs(&self) -> &'static [&'static str] {
        &[]
    }

    fn hears(&self) -> &'static [&'static str] {
        reactions::TOPICS
    }

    fn migrations(&self) -> &'static [db::Migrations] {
        &[MIGRATIONS]
    }

    async fn open(&self, site: &Site) -> Result<Running, OpenFailed> {
        let (keys, settings) = (site.need::<Keys>()?, site.need::<Settings>()?);
        let key = signing_key(&keys).ok_or_else(|| {
            OpenFailed::Refused("the audit record has no key to sign with".to_owned(), None)
        })?;
        let witness =
            Arc::new(witness::Witness { db: site.db.clone(), key, file: settings.witness_file.clone() });
        let checked = witness.check().await;
        checked
            .map_err(|refused| OpenFailed::because("the audit record is not what was witnessed", refused))?;
        let recorder = Arc::new(Recorder::open(site.db.clone()));
        site.offer::<dyn Audit>(Arc::clone(&recorder) as _);
        let desk = http::Desk { db: site.db.clone(), witness: Arc::clone(&witness) };
        let mut running = Running::new(http::routes(desk), Arc::new(site.db.clone()));
        running.reactions.push(Reaction {
            name: "audit.news",
            topics: reactions::TOPICS,
            react: Arc::new(reactions::News(Arc::clone(&recorder))),
        });
        let every = Duration::from_secs(u64::from(settings.checkpoint_every_s));
        running.loops.push(jobs::checkpoints(witness, Arc::clone(&site.clock), every));
        running.shutdown = Some(Box::pin(async move { recorder.close().await }));
        Ok(running)
    }
}
