//! Who may enter a route.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use contracts::identity::{Principal, Role};

use crate::watch::{Asked, unwatched};
use crate::{Problem, Visitor, personal};

/// Who may enter. There is no default: each route names its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Public,
    /// A signed-in customer.
    Customer,
    /// A signed-in member of staff with at least this role.
    Staff(Role),
}

/// The check in front of each handler. Denies where nobody established who asks. What staff ask is recorded before the
/// answer leaves, refused or not. Who reads the answer decides which personal fields are whole in it.
pub(crate) async fn enforce(State(access): State<Access>, mut request: Request, next: Next) -> Response {
    let visitor = request.extensions().get::<Visitor>();
    let session = match access {
        Access::Public => return unwatched(personal::read_by(None, next.run(request)).await),
        Access::Customer => visitor.and_then(|visitor| visitor.customer.clone()),
        Access::Staff(_) => visitor.and_then(|visitor| visitor.staff.clone()),
    };
    let Some(session) = session else {
        let unproved = visitor.and_then(|visitor| visitor.unproved);
        return unproved.map_or_else(Problem::not_signed_in, Problem::unproved).into_response();
    };
    let allowed = match (access, &session.principal) {
        (Access::Customer, Principal::Customer(_)) => true,
        (Access::Staff(needed), Principal::Staff(_, role)) => role.includes(needed),
        _ => false,
    };
    let asked = Asked::of(&mut request, &session).await;
    let response = if allowed {
        let reader = match session.principal {
            Principal::Customer(customer) => Some(customer),
            Principal::Staff(..) => None,
        };
        request.extensions_mut().insert(session);
        personal::read_by(reader, next.run(request)).await
    } else {
        Problem::not_allowed().into_response()
    };
    match asked {
        Some(asked) => asked.answered(response).await,
        None => unwatched(response),
    }
}
