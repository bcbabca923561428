//! What identity does by itself: write down last use, and forget what is over.

use std::sync::Arc;
use std::time::Duration;

use runtime::Loop;

use crate::model::earlier;
use crate::service::Identities;
use crate::store;

const HOUR: Duration = Duration::from_secs(3600);
/// How often it is looked whom to erase.
const ERASURE_PAUSE: Duration = Duration::from_secs(5);
const DAY_S: u32 = 24 * 3600;
/// Ended sessions are kept this long for those who ask where they were signed in.
const ENDED_KEPT_S: u32 = 30 * DAY_S;
/// How far back customers see who signed in.
const SIGN_INS_KEPT_S: u32 = 180 * DAY_S;
/// Recoveries are kept as long as the sign-ins beside which they are looked at.
const RECOVERIES_KEPT_S: u32 = SIGN_INS_KEPT_S;
/// What stood in what was countersigned is kept so long; what it was, and who let it be done, for ever.
const COUNTERSIGNED_KEPT_S: u32 = 30 * DAY_S;
/// Longer than any window, hold or memory of holds.
const TRIES_KEPT_S: u32 = 8 * DAY_S;

pub(crate) fn loops(identities: &Arc<Identities>) -> Vec<Loop> {
    let pause = Duration::from_secs(identities.settings.last_seen_every_s.into());
    let (seen, tidied, erased) = (Arc::clone(identities), Arc::clone(identities), Arc::clone(identities));
    vec![
        Loop::every("identity.last_seen", pause, move || {
            let identities = Arc::clone(&seen);
            Box::pin(async move { identities.write_last_seen().await.map_err(|error| error.to_string()) })
        }),
        Loop::every_in_one("identity.tidy", HOUR, move || {
            let identities = Arc::clone(&tidied);
            Box::pin(async move { tidy(&identities).await.map_err(|error| error.to_string()) })
        }),
        Loop::every_in_one("identity.erasure", ERASURE_PAUSE, move || {
            let identities = Arc::clone(&erased);
            Box::pin(async move { identities.carry_out_erasures().await.map_err(|error| error.to_string()) })
        }),
    ]
}

/// Removes expired codes, sessions long over, and counts that hold nothing any more.
pub(crate) async fn tidy(identities: &Identities) -> Result<(), sea_orm::DbErr> {
    let now = identities.clock.now();
    let (ended_before, tried_before) = (earlier(now, ENDED_KEPT_S), earlier(now, TRIES_KEPT_S));
    let (seen_before, recovered_before) = (earlier(now, SIGN_INS_KEPT_S), earlier(now, RECOVERIES_KEPT_S));
    let (codes, enrollments, challenges, totps, scans, calls, sessions, sign_ins, recoveries, tries) =
        identities
            .db
            .write(move |tx| {
                Box::pin(async move {
                    store::end_expired_recoveries(tx, now).await?;
                    store::forget_countersigned_bodies(tx, earlier(now, COUNTERSIGNED_KEPT_S)).await?;
                    Ok::<_, sea_orm::DbErr>((
                        store::remove_expired_codes(tx, now).await?,
                        store::remove_expired_enrollments(tx, now).await?,
                        store::remove_old_challenges(tx, now).await?,
                        store::remove_expired_totps(tx, now).await?,
                        store::remove_expired_scans(tx, now).await?,
                        store::remove_expired_calls(tx, now).await?,
                        store::remove_ended_sessions(tx, ended_before).await?,
                        store::remove_old_sign_ins(tx, seen_before).await?,
                        store::remove_old_recoveries(tx, recovered_before).await?,
                        store::remove_old_tries(tx, tried_before).await?,
                    ))
                })
            })
            .await?;
    tracing::debug!(
        codes,
        enrollments,
        challenges,
        totps,
        scans,
        calls,
        sessions,
        sign_ins,
        recoveries,
        tries,
        "removed what is over"
    );
    Ok(())
}
