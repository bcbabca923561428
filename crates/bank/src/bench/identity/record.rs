//! Recording acts.
//!
//! Many callers each tell one act after the other and wait until it is durable, on an embedded store of its own; then the
//! whole record is verified.

use std::sync::Arc;
use std::time::{Duration, Instant};

use audit::{Recorder, signing_key, verify};
use clock::{Clock as _, SystemClock};
use contracts::audit::{Act, Actor, Audit as _, Subject};
use db::Db;
use ids::{AccountId, EventId, StaffId};
use keys::Keys;

use super::Failed;

fn act(staff: StaffId) -> Act {
    Act {
        id: EventId::mint(),
        at: SystemClock.now(),
        actor: Actor::Staff(staff),
        session: None,
        action: "GET /api/accounts/console/{id}".to_owned(),
        subjects: vec![Subject::Account(AccountId::mint())],
        outcome: "done".to_owned(),
        detail: None,
    }
}

/// Whether what was recorded verifies, and the keys.
pub(super) async fn measure(seconds: u64, callers: u32) -> Result<(bool, super::Keys), Failed> {
    let folder = db::testing::Folder::try_new()?;
    let db = Db::open_sqlite(&folder.path().join("bank.db")).await?;
    audit::MIGRATIONS.apply(&db).await?;
    let keys = Keys::open(&db, &folder.path().join("bank.key"), Arc::new(SystemClock)).await?;
    let recorder = Arc::new(Recorder::open(db.clone()));
    let (began, until) = (Instant::now(), Instant::now() + Duration::from_secs(seconds));
    let asking = (0..callers).map(|_| {
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
    for caller in asking.collect::<Vec<_>>() {
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
    let line = super::keys(serde_json::json!({
        "audit_appends_per_s": recorded * 1_000 / elapsed_ms,
        "audit_append_p50_us": of_hundred(50),
        "audit_append_p99_us": of_hundred(99),
        "audit_records": found.records,
        "audit_verified": found.verified && found.records == recorded,
        "audit_verify_ms": verify_ms,
        "callers": callers,
    }));
    db.close().await;
    Ok((found.verified, line))
}
