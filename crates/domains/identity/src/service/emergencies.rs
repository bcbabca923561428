//! Emergencies: for a while a member of staff does what is done in emergencies alone; everybody is told, and another looks
//! at it afterwards (decision 0028).

use std::collections::HashMap;

use contracts::audit::Reference;
use contracts::identity::{EmergencyChanged, EmergencyReason, EmergencyStage, Session};
use ids::{EmergencyId, StaffId};

use super::{Identities, announce};
use crate::error::{Refused, TwoEyesRefused};
use crate::model::{earlier, later};
use crate::store::{self, EmergencyRow};

const DAY_S: u32 = 24 * 3600;
/// Those begun in so many seconds are shown, and all that nobody has looked at.
const SHOWN_S: u32 = 90 * DAY_S;
/// The most that are shown.
const SHOWN_MAX: u64 = 200;

/// One as staff see it.
pub(crate) struct EmergencySeen {
    pub(crate) row: EmergencyRow,
    /// Whose it is, by name; empty where they are of the staff no longer.
    pub(crate) staff_name: String,
    /// Who looked at it, by name.
    pub(crate) reviewer_name: String,
    pub(crate) is_over: bool,
}

impl Identities {
    /// Begins one in `session`, whose owner proved a moment ago to be there.
    ///
    /// # Errors
    /// [`Refused::StepUp`], [`Refused::TwoEyes`], [`Refused::Store`].
    pub(crate) async fn begin_emergency(
        &self,
        staff: StaffId,
        session: &Session,
        (reason, reference): (EmergencyReason, Reference),
    ) -> Result<EmergencySeen, Refused> {
        self.proved_of_late(session).await?;
        let now = self.now();
        let row = EmergencyRow {
            id: EmergencyId::mint(),
            staff,
            session: session.id,
            reason,
            reference,
            begun_at: now,
            until: later(now, self.settings.emergency_s),
            ended_at: None,
            reviewed: None,
        };
        let (written, day, most) =
            (row.clone(), earlier(now, DAY_S), self.settings.emergencies_per_day_max.into());
        let news = changed(&row, EmergencyStage::Begun, staff);
        let _opening = self.opening.read().await;
        let live = self
            .db
            .write(move |tx| {
                let (row, news) = (written.clone(), news.clone());
                Box::pin(async move {
                    let live = store::live_session(tx, row.session, now).await?;
                    let mut live = live.ok_or(Refused::NotSignedIn)?;
                    if live.session.emergency_until.is_some_and(|until| now < until) {
                        return Err(TwoEyesRefused::UnderWay.into());
                    }
                    if store::emergencies_begun(tx, row.staff, day).await? >= most {
                        return Err(TwoEyesRefused::TooManyEmergencies.into());
                    }
                    store::insert_emergency(tx, &row).await?;
                    store::write_emergency(tx, row.session, Some(row.until)).await?;
                    announce(tx, &row.id.to_string(), &news, now).await?;
                    live.session.emergency_until = Some(row.until);
                    Ok::<_, Refused>(live)
                })
            })
            .await?;
        self.sessions.learn(&live.token_hash.clone(), Some(live));
        metrics::counter!("identity_emergencies").increment(1);
        tracing::warn!(staff.id = %staff, emergency.id = %row.id, reason = ?row.reason, until = %row.until,
            "a member of staff has declared an emergency");
        Ok(self.seen_emergency(row, &self.staff_names().await?))
    }

    /// Whoever began it ends it before its time.
    ///
    /// # Errors
    /// [`Refused::NotFound`] also for another's; [`Refused::TwoEyes`], [`Refused::Store`].
    pub(crate) async fn end_emergency(
        &self,
        staff: StaffId,
        id: EmergencyId,
    ) -> Result<EmergencySeen, Refused> {
        let row = store::emergency(self.db.reader(), id).await?;
        let row = row.filter(|row| row.staff == staff).ok_or(Refused::NotFound)?;
        let (now, session) = (self.now(), row.session);
        let news = changed(&row, EmergencyStage::Ended, staff);
        let _opening = self.opening.read().await;
        let live = self
            .db
            .write(move |tx| {
                let news = news.clone();
                Box::pin(async move {
                    if !store::end_emergency(tx, id, now).await? {
                        return Err(TwoEyesRefused::EmergencyOver.into());
                    }
                    store::write_emergency(tx, session, None).await?;
                    announce(tx, &id.to_string(), &news, now).await?;
                    Ok::<_, Refused>(store::live_session(tx, session, now).await?)
                })
            })
            .await?;
        if let Some(live) = live {
            self.sessions.learn(&live.token_hash.clone(), Some(live));
        }
        self.emergency(id).await
    }

    /// Another has looked at what was done in it, and says whether it was right.
    ///
    /// # Errors
    /// [`Refused::NotFound`], [`Refused::TwoEyes`]: it is their own, still under way, or another was first;
    /// [`Refused::Store`].
    pub(crate) async fn review_emergency(
        &self,
        by: StaffId,
        id: EmergencyId,
        justified: bool,
    ) -> Result<EmergencySeen, Refused> {
        let row = store::emergency(self.db.reader(), id).await?.ok_or(Refused::NotFound)?;
        let now = self.now();
        if row.staff == by {
            return Err(TwoEyesRefused::OwnEmergency.into());
        }
        if !row.is_over(now) {
            return Err(TwoEyesRefused::UnderWay.into());
        }
        let stage = if justified { EmergencyStage::Justified } else { EmergencyStage::Unjustified };
        let news = changed(&row, stage, by);
        self.db
            .write(move |tx| {
                let news = news.clone();
                Box::pin(async move {
                    if !store::review_emergency(tx, id, (by, now), justified).await? {
                        return Err(TwoEyesRefused::EmergencyOver.into());
                    }
                    Ok::<_, Refused>(announce(tx, &id.to_string(), &news, now).await?)
                })
            })
            .await?;
        self.emergency(id).await
    }

    /// Those that nobody has looked at, and those of late; the youngest first.
    ///
    /// # Errors
    /// [`Refused::Store`].
    pub(crate) async fn emergencies(&self) -> Result<Vec<EmergencySeen>, Refused> {
        let since = earlier(self.now(), SHOWN_S);
        let rows = store::emergencies(self.db.reader(), since, SHOWN_MAX).await?;
        let names = self.staff_names().await?;
        Ok(rows.into_iter().map(|row| self.seen_emergency(row, &names)).collect())
    }

    async fn emergency(&self, id: EmergencyId) -> Result<EmergencySeen, Refused> {
        let row = store::emergency(self.db.reader(), id).await?.ok_or(Refused::NotFound)?;
        Ok(self.seen_emergency(row, &self.staff_names().await?))
    }

    fn seen_emergency(&self, row: EmergencyRow, names: &HashMap<StaffId, String>) -> EmergencySeen {
        let name = |id: StaffId| names.get(&id).cloned().unwrap_or_default();
        EmergencySeen {
            staff_name: name(row.staff),
            reviewer_name: row.reviewed.map(|(by, ..)| name(by)).unwrap_or_default(),
            is_over: row.is_over(self.now()),
            row,
        }
    }

    async fn staff_names(&self) -> Result<HashMap<StaffId, String>, Refused> {
        let staff = store::staff_list(self.db.reader()).await?;
        Ok(staff.into_iter().map(|one| (one.id, one.name)).collect())
    }
}

/// What is announced of `row`.
fn changed(row: &EmergencyRow, stage: EmergencyStage, by: StaffId) -> EmergencyChanged {
    EmergencyChanged {
        emergency: row.id,
        stage,
        staff: row.staff,
        session: row.session,
        by,
        reason: row.reason,
        reference: row.reference.clone(),
        until: row.until,
    }
}
