//! Who may enter a route.

use std::sync::Arc;

use axum::extract::{MatchedPath, RawPathParams, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::{RequestExt as _, Router};
use contracts::Unavailable;
use contracts::audit::{Detail, Subject};
use contracts::identity::{Principal, Session};

use crate::countersign::{self, Check};
use crate::described::Described;
use crate::watch::{Asked, unwatched};
use crate::{Consequence, Problem, Visitor, personal};

/// Who may enter, by kind. There is no default: each route names its own. Which of them may do what a route does is
/// for the [`Authority`] to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Public,
    /// Signed-in customers.
    Customer,
    /// Signed-in members of staff.
    Staff,
    /// Third parties, by programs of their own.
    ThirdParty,
}

/// What the [`Authority`] is asked: who wants to do what.
#[derive(Debug, Clone, Copy)]
pub struct AccessRequest<'a> {
    /// Who asks, through which channel and how surely.
    pub session: &'a Session,
    /// What: the operation id of the route.
    pub action: &'a str,
    /// The service whose route it is: `accounts`; empty where the path names none.
    pub service: &'a str,
    /// What the path names; may be empty.
    pub subjects: &'a [Subject],
    /// Whether another member of staff has countersigned it.
    pub countersigned: bool,
}

/// What the [`Authority`] says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Whether it may be done.
    pub allowed: bool,
    /// Ids of the policies that determined it, in order of their ids; empty where it is denied because none allows it.
    pub policies: Vec<Arc<str>>,
}

impl Decision {
    /// Denied because nothing allows it.
    #[must_use]
    pub const fn denied() -> Self {
        Self { allowed: false, policies: Vec::new() }
    }
}

/// Decides who may do what. What it does not know is denied.
pub trait Authority: Send + Sync {
    /// Whether it may be done.
    fn decide(&self, request: &AccessRequest<'_>) -> Decision;
}

/// Puts `authority` where the routes of `router` find it.
pub(crate) fn govern(router: Router, authority: Arc<dyn Authority>) -> Router {
    router.layer(axum::Extension(authority))
}

/// What stands in front of the handlers of one path.
#[derive(Clone)]
pub(crate) struct Gate {
    pub(crate) access: Access,
    /// Methods with the operation ids of their handlers.
    pub(crate) actions: Arc<[(&'static str, String)]>,
    /// What of a body can be told to be wrong before another is asked to countersign it.
    pub(crate) check: Option<Check>,
    /// What requests have to be, by method; nothing where the description cannot be checked: then none is taken.
    pub(crate) described: Option<Arc<[(&'static str, Described)]>>,
}

impl Gate {
    /// The request, which is what its operation describes.
    async fn admit_described(&self, request: Request) -> Result<Request, Problem> {
        let Some(described) = &self.described else {
            return Err(Unavailable::Misunderstood.into());
        };
        let method = if request.method() == Method::HEAD { &Method::GET } else { request.method() };
        let described = described.iter().find(|(listed, _)| *listed == method.as_str());
        match described {
            Some((_, described)) => described.admit(request).await,
            None => Err(Consequence::not_found().into()),
        }
    }

    /// A `HEAD` is answered by the handler of `GET`.
    fn action(&self, method: &Method) -> Option<&str> {
        let method = if method == Method::HEAD { "GET" } else { method.as_str() };
        self.actions.iter().find(|(listed, _)| *listed == method).map(|(_, action)| action.as_str())
    }

    /// Denies where nobody established an authority.
    fn decide(&self, request: &Request, asked: &AccessRequest<'_>) -> Decision {
        let of_kind = matches!(
            (self.access, &asked.session.principal),
            (Access::Customer, Principal::Customer(_))
                | (Access::Staff, Principal::Staff(..))
                | (Access::ThirdParty, Principal::ThirdParty(..))
        );
        let authority = request.extensions().get::<Arc<dyn Authority>>();
        authority.filter(|_| of_kind).map_or_else(Decision::denied, |authority| authority.decide(asked))
    }
}

/// `/api/accounts/{id}` is a route of `accounts`.
fn service_of(path: &str) -> Option<&str> {
    path.strip_prefix("/api/")?.split('/').next()
}

/// The check in front of each handler. Denies where nobody established who asks. What staff and third parties ask is
/// recorded before the answer leaves, refused or not. Who reads the answer decides which personal fields are whole in it.
pub(crate) async fn enforce(State(gate): State<Gate>, mut request: Request, next: Next) -> Response {
    let visitor = request.extensions().get::<Visitor>();
    let session = match gate.access {
        Access::Public => {
            return match gate.admit_described(request).await {
                Ok(request) => unwatched(personal::read_by(None, next.run(request)).await),
                Err(problem) => problem.into_response(),
            };
        }
        Access::Customer => visitor.and_then(|visitor| visitor.customer.clone()),
        Access::Staff => visitor.and_then(|visitor| visitor.staff.clone()),
        Access::ThirdParty => visitor.and_then(|visitor| visitor.third_party.clone()),
    };
    let Some(session) = session else {
        let unproved = visitor.and_then(|visitor| visitor.unproved);
        return unproved.map_or_else(Problem::not_signed_in, Problem::unproved).into_response();
    };
    let Some(action) = gate.action(request.method()) else {
        return Problem::from(Consequence::not_found()).into_response();
    };
    let subjects = subjects(&mut request).await;
    let mut asked = Asked::of(&request, &session, subjects.clone());
    let response = match gate.admit(request, &session, action, &subjects).await {
        Ok(Admitted { mut request, detail }) => {
            asked = asked.map(|asked| asked.because(detail));
            let reader = match session.principal {
                Principal::Customer(customer) => Some(customer),
                Principal::Staff(..) | Principal::ThirdParty(..) => None,
            };
            request.extensions_mut().insert(session);
            personal::read_by(reader, next.run(request)).await
        }
        Err(problem) => problem.into_response(),
    };
    match asked {
        Some(asked) => asked.answered(response).await,
        None => unwatched(response),
    }
}

/// A request that may be done.
struct Admitted {
    request: Request,
    /// What it is done because of, where it is not done otherwise.
    detail: Option<Detail>,
}

impl Gate {
    /// The request, where the policies allow it, or do once another member of staff has countersigned it; and where it is
    /// what its operation describes. Whoever may not do it does not hear what is wrong with it.
    async fn admit(
        &self,
        request: Request,
        session: &Session,
        action: &str,
        subjects: &[Subject],
    ) -> Result<Admitted, Problem> {
        let path = request.extensions().get::<MatchedPath>().cloned();
        let service = service_of(path.as_ref().map_or("", MatchedPath::as_str)).unwrap_or_default();
        let asked = AccessRequest { session, action, service, subjects, countersigned: false };
        let decision = self.decide(&request, &asked);
        if decision.allowed {
            let detail = self.is_emergency(&request, &asked).then_some(Detail::Emergency);
            let request = self.admit_described(request).await?;
            return Ok(Admitted { request, detail });
        }
        if countersign::can_be(request.method())
            && let Principal::Staff(staff, _) = session.principal
            && self.decide(&request, &AccessRequest { countersigned: true, ..asked }).allowed
        {
            let request = self.admit_described(request).await?;
            let (request, detail) = countersign::present(request, staff, &asked, self.check).await?;
            return Ok(Admitted { request, detail: Some(detail) });
        }
        tracing::info!(action, policies = ?decision.policies, "denied");
        Err(Problem::not_allowed())
    }

    /// Whether what is allowed would not be, were there no emergency.
    fn is_emergency(&self, request: &Request, asked: &AccessRequest<'_>) -> bool {
        if asked.session.emergency_until.is_none() {
            return false;
        }
        let usual = Session { emergency_until: None, ..asked.session.clone() };
        !self.decide(request, &AccessRequest { session: &usual, ..*asked }).allowed
    }
}

/// What the path names.
async fn subjects(request: &mut Request) -> Vec<Subject> {
    // A path that cannot be read is refused by its handler.
    let params = request.extract_parts::<RawPathParams>().await.ok();
    let path = request.extensions().get::<MatchedPath>().map_or("?", MatchedPath::as_str);
    let named = params.iter().flat_map(RawPathParams::iter);
    named.filter_map(|(name, value)| subject(path, name, value)).collect()
}

/// What a part of a path stands for: an `id` is one of whatever the domain is about.
fn subject(path: &str, name: &str, value: &str) -> Option<Subject> {
    match (name, service_of(path)?) {
        ("customer_id", _) | ("id", "customers") => value.parse().ok().map(Subject::Customer),
        ("account_id", _) | ("id", "accounts") => value.parse().ok().map(Subject::Account),
        ("device_id", _) => value.parse().ok().map(Subject::Device),
        ("third_party_id", _) => value.parse().ok().map(Subject::ThirdParty),
        ("transfer_id", _) => value.parse().ok().map(Subject::Transfer),
        ("id", "identity") => value.parse().ok().map(Subject::Staff),
        _ => None,
    }
}
