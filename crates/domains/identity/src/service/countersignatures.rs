//! Two pairs of eyes: what one member of staff asks is done once another has countersigned it (decision 0028).
//!
//! The request is the key: whoever asked sends it again, to the byte, and it uses up the countersignature. Used ones stay,
//! as evidence of who let what be done; what stood in their bodies is forgotten after a while.

use std::collections::HashMap;

use contracts::audit::Subject;
use contracts::identity::{
    CountersignatureChanged, CountersignatureOrder, CountersignatureStage, CountersignatureUse, Session,
};
use ids::{CountersignatureId, SessionId, StaffId};
use sea_orm::DatabaseTransaction;

use super::{Identities, announce};
use crate::error::{Refused, TwoEyesRefused};
use crate::model::countersignature::{State, Worth};
use crate::model::{earlier, later};
use crate::store::{self, CountersignatureRow};

/// Under which bodies are sealed.
const BODY: &str = "identity.countersignature";
/// What was asked in so many seconds is shown to whoever asked or decided it.
const SHOWN_S: u32 = 7 * 24 * 3600;
/// The most that are looked at for one member of staff.
const SHOWN_MAX: u64 = 500;

/// One as staff see it.
pub(crate) struct CountersignatureSeen {
    pub(crate) row: CountersignatureRow,
    /// How far it is now.
    pub(crate) state: State,
    /// What stands in the request, where it is short and was not forgotten.
    pub(crate) body: Option<String>,
    /// Whether it is for whoever looks to decide.
    pub(crate) can_decide: bool,
    /// The names of staff and third parties that it tells of.
    pub(crate) names: Vec<(Subject, String)>,
}

/// Who looks, and what they may countersign.
pub(crate) struct Looking<'a> {
    pub(crate) staff: StaffId,
    pub(crate) session: &'a Session,
    /// Whether the policies let them do what was asked, were it countersigned.
    pub(crate) may: &'a (dyn Fn(&CountersignatureRow) -> bool + Send + Sync),
}

impl Looking<'_> {
    fn can_decide(&self, row: &CountersignatureRow, state: State) -> bool {
        state == State::Waiting && row.staff != self.staff && (self.may)(row)
    }

    fn can_see(&self, row: &CountersignatureRow) -> bool {
        let decided = row.decided.is_some_and(|(by, _)| by == self.staff);
        row.staff == self.staff || decided || (self.may)(row)
    }
}

impl Identities {
    fn countersignatures_subject() -> keys::Subject {
        keys::Subject::named("identity/countersignatures")
    }

    /// Uses the countersignature of `order`, or asks for one.
    ///
    /// # Errors
    /// [`Refused::Store`], [`Refused::Keys`], [`Refused::Invalid`]: the digest is none.
    pub(crate) async fn present(&self, order: CountersignatureOrder) -> Result<CountersignatureUse, Refused> {
        let sealed = match &order.body {
            Some(body) => {
                Some(self.keys.seal(Self::countersignatures_subject(), BODY, body.as_bytes()).await?)
            }
            None => None,
        };
        let now = self.now();
        let mut body_sha256 = [0; 32];
        hex::decode_to_slice(&order.body_sha256, &mut body_sha256).map_err(|_| TwoEyesRefused::Digest)?;
        let fresh = CountersignatureRow {
            id: CountersignatureId::mint(),
            staff: order.staff,
            session: order.session,
            action: order.action,
            service: order.service,
            subjects: order.subjects,
            line: order.line,
            body_sha256,
            body_bytes: order.body_bytes,
            body: sealed,
            state: State::Waiting,
            asked_at: now,
            expires_at: later(now, self.settings.countersignature_good_s),
            decided: None,
            closed_at: None,
        };
        self.db
            .write(move |tx| {
                let fresh = fresh.clone();
                Box::pin(async move { use_or_ask(tx, fresh).await })
            })
            .await
    }

    /// What waits for a member of staff, what they asked and what they decided of late; the youngest first.
    ///
    /// # Errors
    /// [`Refused::Store`], [`Refused::Keys`].
    pub(crate) async fn countersignatures(
        &self,
        looking: &Looking<'_>,
    ) -> Result<Vec<CountersignatureSeen>, Refused> {
        let (reader, now) = (self.db.reader(), self.now());
        let rows = store::recent_countersignatures(reader, earlier(now, SHOWN_S), now, SHOWN_MAX).await?;
        let names = self.names().await?;
        let mut seen = Vec::new();
        for row in rows.into_iter().filter(|row| looking.can_see(row)) {
            let one = self.seen_countersignature(row, looking, &names).await?;
            // What others decide among themselves is theirs, and in the audit record.
            let is_own =
                one.row.staff == looking.staff || one.row.decided.is_some_and(|(by, _)| by == looking.staff);
            if is_own || one.can_decide {
                seen.push(one);
            }
        }
        Ok(seen)
    }

    /// One of them.
    ///
    /// # Errors
    /// [`Refused::NotFound`] also where it is none of theirs; [`Refused::Store`], [`Refused::Keys`].
    pub(crate) async fn countersignature(
        &self,
        id: CountersignatureId,
        looking: &Looking<'_>,
    ) -> Result<CountersignatureSeen, Refused> {
        let row = store::countersignature(self.db.reader(), id).await?;
        let row = row.filter(|row| looking.can_see(row)).ok_or(Refused::NotFound)?;
        self.seen_countersignature(row, looking, &self.names().await?).await
    }

    async fn seen_countersignature(
        &self,
        row: CountersignatureRow,
        looking: &Looking<'_>,
        names: &HashMap<[u8; 16], String>,
    ) -> Result<CountersignatureSeen, Refused> {
        let body = match &row.body {
            Some(sealed) => {
                let plain = self.keys.open_sealed(Self::countersignatures_subject(), BODY, sealed).await?;
                Some(String::from_utf8_lossy(&plain).into_owned())
            }
            None => None,
        };
        let is_over = row.closed_at.is_none() && self.now() >= row.expires_at;
        let state = if is_over { State::Expired } else { row.state };
        let people = [Some(row.staff), row.decided.map(|(by, _)| by)].into_iter().flatten();
        let about = row.subjects.iter().copied().chain(people.map(Subject::Staff));
        let named = |subject: Subject| {
            let name = match subject {
                Subject::Staff(id) => names.get(&id.to_bytes()),
                Subject::ThirdParty(id) => names.get(&id.to_bytes()),
                _ => None,
            };
            Some((subject, name?.clone()))
        };
        let names = about.filter_map(named).collect();
        let can_decide = looking.can_decide(&row, state);
        Ok(CountersignatureSeen { body, state, can_decide, names, row })
    }

    /// The names of all staff and third parties, by the bytes of their ids.
    async fn names(&self) -> Result<HashMap<[u8; 16], String>, Refused> {
        let reader = self.db.reader();
        let staff = store::staff_list(reader).await?.into_iter().map(|one| (one.id.to_bytes(), one.name));
        let others = store::third_parties(reader).await?.into_iter();
        Ok(staff.chain(others.map(|one| (one.id.to_bytes(), one.name))).collect())
    }

    /// A second member of staff countersigns, having proved a moment ago to be there, or refuses.
    ///
    /// # Errors
    /// [`Refused::NotFound`], [`Refused::TwoEyes`], [`Refused::StepUp`], [`Refused::Store`].
    pub(crate) async fn decide_countersigned(
        &self,
        id: CountersignatureId,
        looking: &Looking<'_>,
        gives: bool,
    ) -> Result<(), Refused> {
        let row = store::countersignature(self.db.reader(), id).await?;
        let row = row.filter(|row| looking.can_see(row)).ok_or(Refused::NotFound)?;
        if row.staff == looking.staff {
            return Err(TwoEyesRefused::Own.into());
        }
        if !(looking.may)(&row) {
            return Err(TwoEyesRefused::NotAllowed.into());
        }
        let now = self.now();
        if row.state != State::Waiting || row.closed_at.is_some() || now >= row.expires_at {
            return Err(TwoEyesRefused::Over.into());
        }
        // Refusing does no harm; a desk that was left must not countersign.
        if gives {
            self.proved_of_late(looking.session).await?;
        }
        let (state, stage) = match gives {
            true => (State::Countersigned, CountersignatureStage::Countersigned),
            false => (State::Refused, CountersignatureStage::Refused),
        };
        let (by, session) = (looking.staff, looking.session.id);
        let news = CountersignatureChanged { staff: by, session, ..changed(&row, stage) };
        self.db
            .write(move |tx| {
                let news = news.clone();
                Box::pin(async move {
                    if !store::decide_countersignature(tx, id, state, (by, now)).await? {
                        return Err(TwoEyesRefused::Over.into());
                    }
                    Ok::<_, Refused>(announce(tx, &id.to_string(), &news, now).await?)
                })
            })
            .await
    }

    /// Whoever asked takes it back.
    ///
    /// # Errors
    /// [`Refused::NotFound`] also for another's; [`Refused::TwoEyes`], [`Refused::Store`].
    pub(crate) async fn withdraw_countersignature(
        &self,
        id: CountersignatureId,
        staff: StaffId,
        session: SessionId,
    ) -> Result<(), Refused> {
        let row = store::countersignature(self.db.reader(), id).await?;
        let row = row.filter(|row| row.staff == staff).ok_or(Refused::NotFound)?;
        let now = self.now();
        let news = CountersignatureChanged { session, ..changed(&row, CountersignatureStage::Withdrawn) };
        self.db
            .write(move |tx| {
                let news = news.clone();
                Box::pin(async move {
                    if !store::close_countersignature(tx, id, State::Withdrawn, now).await? {
                        return Err(TwoEyesRefused::Over.into());
                    }
                    Ok::<_, Refused>(announce(tx, &id.to_string(), &news, now).await?)
                })
            })
            .await
    }
}

/// What is announced of `row`, as done by whoever asked.
fn changed(row: &CountersignatureRow, stage: CountersignatureStage) -> CountersignatureChanged {
    CountersignatureChanged {
        countersignature: row.id,
        stage,
        staff: row.staff,
        session: row.session,
        action: row.action.clone(),
        subjects: row.subjects.clone(),
    }
}

/// Uses the one that is open for the request of `fresh`, or opens `fresh`.
async fn use_or_ask(
    tx: &DatabaseTransaction,
    fresh: CountersignatureRow,
) -> Result<CountersignatureUse, Refused> {
    let now = fresh.asked_at;
    let open = store::open_countersignature(tx, fresh.staff, &fresh.line, &fresh.body_sha256).await?;
    if let Some(row) = open {
        let by = row.decided.map(|(by, _)| by);
        let by_staff = match by {
            Some(by) => store::staff_by_id(tx, by).await?.is_some(),
            None => false,
        };
        match (row.state.worth(now >= row.expires_at, by_staff), by) {
            (Worth::Wait, _) => {
                return Ok(CountersignatureUse::Waiting { id: row.id, expires_at: row.expires_at });
            }
            (Worth::Done, Some(by)) => {
                store::close_countersignature(tx, row.id, State::Used, now).await?;
                let news = CountersignatureChanged {
                    session: fresh.session,
                    ..changed(&row, CountersignatureStage::Used)
                };
                announce(tx, &row.id.to_string(), &news, now).await?;
                return Ok(CountersignatureUse::Countersigned { id: row.id, by });
            }
            (Worth::Refuse, Some(by)) => {
                store::close_countersignature(tx, row.id, State::Refused, now).await?;
                return Ok(CountersignatureUse::Refused { id: row.id, by });
            }
            (Worth::Done | Worth::Refuse | Worth::Nothing, _) => {
                store::close_countersignature(tx, row.id, State::Expired, now).await?;
            }
        }
    }
    store::insert_countersignature(tx, &fresh).await?;
    announce(tx, &fresh.id.to_string(), &changed(&fresh, CountersignatureStage::Asked), now).await?;
    Ok(CountersignatureUse::Waiting { id: fresh.id, expires_at: fresh.expires_at })
}
