//! What identity and its record cost: so far, recording acts.
//!
//! Many callers each tell one act after the other and wait until it is durable, on an embedded store of its own; then the
//! whole record is verified.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use audit::{Recorder, signing_key, verify};
use clap::Args;
use clock::{Clock as _, SystemClock};
use contracts::audit::{Act, Actor, Audit as _, Subject};
use db::Db;
use ids::{AccountId, EventId, StaffId};
use keys::Keys;

use super::load::Failed;

/// What identity and its record cost.
#[derive(Debug, Args)]
pub(crate) struct Identity {
    /// How long acts are recorded, seconds.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=600))]
    seconds: u64,
    /// Callers who each wait for the one before.
    #[arg(long, default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..=4_096))]
    callers: u32,
    /// Print one JSON line.
    #[arg(long)]
    json: bool,
}

fn act(staff: StaffId) -> Act {
    Act {
        id: EventId::mint(),
        at: SystemClock.now(),
        actor: Actor::Staff(staff),
        session: None,
        action: "GET /api/accounts/console/{id}".to_owned(),
        subjects: vec![Subject::Account(AccountId::mint())],
        outcome: "done".to_owned(),
    }
}

impl Identity {
    pub(crate) async fn run(&self) -> Result<ExitCode, Failed> {
        let folder = db::testing::Folder::try_new()?;
        let db = Db::open_sqlite(&folder.path().join("bank.db")).await?;
        audit::MIGRATIONS.apply(&db).await?;
        let keys = Keys::open(&db, &folder.path().join("bank.key"), Arc::new(SystemClock)).await?;
        let recorder = Arc::new(Recorder::open(db.clone()));
        let (began, until) = (Instant::now(), Instant::now() + Duration::from_secs(self.seconds));
        let callers = (0..self.callers).map(|_| {
            let (recorder, staff) = (Arc::clone(&recorder), StaffId::mint());
            tokio::spawn(async move {
                let mut taken = Vec::new();
                while Instant::now() < until {
                    let began = Instant::now();
                    recorder.append(vec![act(staff)]).await?;
                    taken.push(u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX));
                }
                Ok::<_, contracts::Unavailable>(taken)
            })
        });
        let mut taken = Vec::new();
        for caller in callers.collect::<Vec<_>>() {
            taken.extend(caller.await??);
        }
        let elapsed_ms = u64::try_from(began.elapsed().as_millis())?.max(1);
        recorder.close().await;
        let key = signing_key(&keys).ok_or("no key")?.public();
        let verifying = Instant::now();
        let found = verify(db.reader(), &key, &[]).await?;
        let verify_ms = u64::try_from(verifying.elapsed().as_millis())?;
        taken.sort_unstable();
        let of_hundred = |percent: usize| taken.get(taken.len() * percent / 100).copied().unwrap_or_default();
        let recorded = taken.len() as u64;
        let line = serde_json::json!({
            "audit_appends_per_s": recorded * 1_000 / elapsed_ms,
            "audit_append_p50_us": of_hundred(50),
            "audit_append_p99_us": of_hundred(99),
            "audit_records": found.records,
            "audit_verified": found.verified && found.records == recorded,
            "audit_verify_ms": verify_ms,
            "callers": self.callers,
        });
        if self.json {
            println!("{line}");
        } else {
            line.as_object().into_iter().flatten().for_each(|(name, value)| println!("{name:<20} {value}"));
        }
        db.close().await;
        Ok(if found.verified { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
