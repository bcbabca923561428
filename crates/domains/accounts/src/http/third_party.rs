//! Routes for third parties.

use axum::Json;
use axum::extract::State;
use http::{ProblemBody, ThirdParty};

use super::Accounts;
use super::shapes::RateView;

/// Reference rates of the bank.
#[utoipa::path(get, path = "/api/accounts/third-party/rates", tag = "accounts",
    operation_id = "accounts_third_party_rates",
    responses((status = 200, body = Vec<RateView>), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody)))]
pub(crate) async fn rates(State(accounts): State<Accounts>, _: ThirdParty) -> Json<Vec<RateView>> {
    Json(RateView::all(&accounts.settings))
}
