//! What staff and third parties ask is told to the audit record before they are answered.
//!
//! Pages that ask the same again and again, to show what is new, would bury the record: who looks at the same within
//! a minute has looked once.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::http::Method;
use axum::response::{IntoResponse as _, Response};
use clock::{Clock, Timestamp};
use contracts::Unavailable;
use contracts::audit::{Act, Actor, Audit, Detail, Subject};
use contracts::identity::{Principal, Session};
use ids::{EventId, SessionId, StaffId};

use crate::Problem;
use crate::unmask::{self, Bound};

/// The outcome of what was done.
const DONE: &str = "done";

/// Within this the same look of one session is one, seconds.
const SAME_LOOK_S: i64 = 60;
/// So many looks are remembered at most; then all are forgotten, and recorded again.
const LOOKS_MAX: usize = 10_000;

/// A look: session, and a hash of path and query, which may hold personal data.
type Look = (SessionId, u64);

/// Tells the audit record. Where that does not answer, staff are not answered either.
#[derive(Clone)]
pub struct Watch {
    audit: Arc<dyn Audit>,
    clock: Arc<dyn Clock>,
    looks: Arc<Mutex<HashMap<Look, Timestamp>>>,
    hash: RandomState,
    unmasking: Bound,
}

/// What a member of staff or a third party asked.
pub(crate) struct Asked {
    watch: Watch,
    /// Who may have fields shown whole.
    staff: Option<StaffId>,
    act: Act,
    /// Where it only looks.
    look: Option<Look>,
}

impl Watch {
    /// Tells `audit`. Each member of staff may be shown at most `unmasked_per_hour_max` fields whole in an hour.
    #[must_use]
    pub fn new(audit: Arc<dyn Audit>, clock: Arc<dyn Clock>, unmasked_per_hour_max: u32) -> Self {
        let unmasking = Bound::new(Arc::clone(&audit), unmasked_per_hour_max);
        Self { audit, clock, looks: Arc::default(), hash: RandomState::new(), unmasking }
    }

    /// Whether this look was recorded just now.
    fn has_seen(&self, look: &Look, now: Timestamp) -> bool {
        let looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
        looks.get(look).is_some_and(|at| now.duration_since(*at).as_secs() < SAME_LOOK_S)
    }

    fn remember(&self, look: Look, at: Timestamp) {
        let mut looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
        if looks.len() >= LOOKS_MAX {
            looks.clear();
        }
        looks.insert(look, at);
    }

    /// Puts it where the routes of `router` find it.
    pub(crate) fn over(self, router: Router) -> Router {
        router.layer(axum::Extension(self))
    }
}

impl Asked {
    /// What `request` of this session asks about `subjects`; `None` where it is a customer who asks, or nobody
    /// watches.
    pub(crate) fn of(request: &Request, session: &Session, subjects: Vec<Subject>) -> Option<Self> {
        let (actor, staff) = match session.principal {
            Principal::Customer(_) => return None,
            Principal::Staff(staff, _) => (Actor::Staff(staff), Some(staff)),
            Principal::ThirdParty(third_party, _) => (Actor::ThirdParty(third_party), None),
        };
        let watch = request.extensions().get::<Watch>()?.clone();
        let path = request.extensions().get::<MatchedPath>().map_or("?", MatchedPath::as_str);
        let act = Act {
            id: EventId::mint(),
            at: watch.clock.now(),
            actor,
            session: Some(session.id),
            action: format!("{} {path}", request.method()),
            subjects,
            outcome: String::new(),
            detail: None,
        };
        let asked = watch.hash.hash_one(request.uri().path_and_query());
        let look = (request.method() == Method::GET).then_some((session.id, asked));
        Some(Self { watch, staff, act, look })
    }

    /// The same, done because of `detail`.
    pub(crate) fn because(mut self, detail: Option<Detail>) -> Self {
        self.act.detail = detail;
        self
    }

    /// The answer, once it is recorded that it was given: `response`, or what is said instead.
    pub(crate) async fn answered(mut self, mut response: Response) -> Response {
        let mut under_way = None;
        if let Some(detail) = unmask::detail(&response) {
            let admitted = match self.staff {
                Some(staff) => self.watch.unmasking.admit(staff, self.act.at).await,
                None => Err(Unavailable::Unreachable),
            };
            match admitted {
                Ok(Some(admitted)) => (under_way, self.act.detail) = (Some(admitted), Some(detail)),
                Ok(None) => response = self.watch.unmasking.problem().into_response(),
                Err(unavailable) => response = Problem::from(unavailable).into_response(),
            }
        }
        let recorded = self.ended(response.status().as_u16()).await;
        drop(under_way);
        recorded.map_or_else(|unavailable| Problem::from(unavailable).into_response(), |()| response)
    }

    /// Tells how it ended: the status of the answer.
    ///
    /// # Errors
    /// [`Unavailable`]: it is not recorded.
    async fn ended(mut self, status: u16) -> Result<(), Unavailable> {
        let (at, done) = (self.act.at, (200..300).contains(&status));
        let look = self.look.take().filter(|_| done);
        if look.as_ref().is_some_and(|look| self.watch.has_seen(look, at)) {
            return Ok(());
        }
        self.act.outcome = if done { DONE.to_owned() } else { format!("http_{status}") };
        self.watch.audit.append(vec![self.act]).await?;
        if let Some(look) = look {
            self.watch.remember(look, at);
        }
        Ok(())
    }
}

/// The answer to staff whom nobody watches: nothing is shown to them whole.
pub(crate) fn unwatched(response: Response) -> Response {
    match unmask::detail(&response) {
        Some(_) => Problem::from(Unavailable::Unreachable).into_response(),
        None => response,
    }
}
