//! Routes for staff: finding accounts, looking at them masked, freezing and unfreezing.

use axum::Json;
use axum::extract::State;
use contracts::accounts::{Accounts as _, Right};
use http::{Body, Params, Problem, ProblemBody, Segments, Staff};
use ids::{AccountId, CustomerId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Accounts;
use super::shapes::{ConsoleAccountView, ConsoleAccountsView, MovementsQuery, MovementsView};
use crate::error::AccountsRefused;
use crate::model::state::{self, Change};
use crate::service::TextIs;

/// Characters of a reason, at most.
const REASON_MAX: usize = 200;

/// What to find.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SearchQuery {
    /// A whole account number, or an account id.
    query: String,
}

/// Finds an account by its whole number or its id.
#[utoipa::path(get, path = "/api/accounts/console/search", tag = "accounts", operation_id = "accounts_console_search",
    params(SearchQuery),
    responses((status = 200, body = ConsoleAccountsView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody)))]
pub(crate) async fn search(
    State(accounts): State<Accounts>,
    _: Staff,
    Params(search): Params<SearchQuery>,
) -> Result<Json<ConsoleAccountsView>, Problem> {
    let text = search.query.trim();
    let found = match text.parse::<AccountId>() {
        Ok(id) => accounts.find(id).await?,
        Err(_) => accounts.find_number(text).await?,
    };
    let mut views = Vec::new();
    if let Some(account) = found {
        let holding = accounts.holding(account, Right::Own).await?;
        views.push(ConsoleAccountView::of(&accounts, holding).await?);
    }
    Ok(Json(ConsoleAccountsView { accounts: views }))
}

/// Accounts that a customer owns or was granted.
#[utoipa::path(get, path = "/api/accounts/console/of-customer/{customer_id}", tag = "accounts",
    operation_id = "accounts_console_of_customer", params(("customer_id" = String, Path)),
    responses((status = 200, body = ConsoleAccountsView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody)))]
pub(crate) async fn of_customer(
    State(accounts): State<Accounts>,
    _: Staff,
    Segments(customer): Segments<CustomerId>,
) -> Result<Json<ConsoleAccountsView>, Problem> {
    let mut views = Vec::new();
    for holding in accounts.holdings(accounts.of_customer(customer).await?).await? {
        views.push(ConsoleAccountView::of(&accounts, holding).await?);
    }
    Ok(Json(ConsoleAccountsView { accounts: views }))
}

/// An account with its balance and limits.
#[derive(Serialize, ToSchema)]
pub(crate) struct ConsoleDetailView {
    /// Masked.
    account: ConsoleAccountView,
}

async fn detail(accounts: &Accounts, id: AccountId) -> Result<ConsoleAccountView, Problem> {
    let account = accounts.find(id).await?.ok_or(AccountsRefused::NotFound)?;
    let holding = accounts.holding(account, Right::Own).await?;
    ConsoleAccountView::of(accounts, holding).await
}

/// One account, masked.
#[utoipa::path(get, path = "/api/accounts/console/{id}", tag = "accounts", operation_id = "accounts_console_show",
    params(("id" = String, Path)),
    responses((status = 200, body = ConsoleDetailView), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(crate) async fn show(
    State(accounts): State<Accounts>,
    _: Staff,
    Segments(id): Segments<AccountId>,
) -> Result<Json<ConsoleDetailView>, Problem> {
    Ok(Json(ConsoleDetailView { account: detail(&accounts, id).await? }))
}

/// Movements of an account, newest first, other parties masked.
#[utoipa::path(get, path = "/api/accounts/console/{id}/movements", tag = "accounts",
    operation_id = "accounts_console_movements", params(("id" = String, Path), MovementsQuery),
    responses((status = 200, body = MovementsView), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(crate) async fn movements(
    State(accounts): State<Accounts>,
    _: Staff,
    Segments(id): Segments<AccountId>,
    Params(query): Params<MovementsQuery>,
) -> Result<Json<MovementsView>, Problem> {
    let account = accounts.find(id).await?.ok_or(AccountsRefused::NotFound)?;
    let filter = query.filter(id, account.currency, TextIs::Whole)?;
    let page = accounts.page(&account, filter).await?;
    Ok(Json(MovementsView::of(page, account.currency, None)))
}

/// Why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReasonBody {
    /// 2 to 200 characters.
    reason: String,
}

impl ReasonBody {
    fn checked(&self) -> Result<&str, AccountsRefused> {
        let reason = self.reason.trim();
        if (2..=REASON_MAX).contains(&reason.chars().count()) {
            return Ok(reason);
        }
        Err(AccountsRefused::invalid(
            "reason",
            "请填写 2 至 200 字的原因。",
            "Give a reason of 2 to 200 characters.",
        ))
    }
}

/// Freezes an account: nothing leaves it any more.
#[utoipa::path(post, path = "/api/accounts/console/{id}/freeze", tag = "accounts",
    operation_id = "accounts_console_freeze", params(("id" = String, Path)), request_body = ReasonBody,
    responses((status = 200, body = ConsoleAccountView), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub(crate) async fn freeze(
    State(accounts): State<Accounts>,
    staff: Staff,
    Segments(id): Segments<AccountId>,
    Body(body): Body<ReasonBody>,
) -> Result<Json<ConsoleAccountView>, Problem> {
    change(&accounts, id, Change::Freeze, &staff, &body).await
}

/// Lifts a freeze.
#[utoipa::path(post, path = "/api/accounts/console/{id}/unfreeze", tag = "accounts",
    operation_id = "accounts_console_unfreeze", params(("id" = String, Path)), request_body = ReasonBody,
    responses((status = 200, body = ConsoleAccountView), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub(crate) async fn unfreeze(
    State(accounts): State<Accounts>,
    staff: Staff,
    Segments(id): Segments<AccountId>,
    Body(body): Body<ReasonBody>,
) -> Result<Json<ConsoleAccountView>, Problem> {
    change(&accounts, id, Change::Unfreeze, &staff, &body).await
}

async fn change(
    accounts: &Accounts,
    id: AccountId,
    change: Change,
    staff: &Staff,
    body: &ReasonBody,
) -> Result<Json<ConsoleAccountView>, Problem> {
    let reason = body.checked()?;
    let account = accounts.find(id).await?.ok_or(AccountsRefused::NotFound)?;
    accounts.change_state(&account, change, Some(staff.id), reason).await?;
    Ok(Json(detail(accounts, id).await?))
}

/// A change of state that took effect.
#[derive(Serialize, ToSchema)]
pub(crate) struct StateChangeView {
    /// When it was ordered, RFC 3339.
    at: String,
    /// UUID of the member of staff; absent where the owner did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    staff: Option<String>,
    /// State before.
    from: String,
    /// State after.
    to: String,
    /// Why; may be empty where the owner did it.
    reason: String,
}

/// Changes of state of an account, newest first.
#[utoipa::path(get, path = "/api/accounts/console/{id}/state-changes", tag = "accounts",
    operation_id = "accounts_console_state_changes", params(("id" = String, Path)),
    responses((status = 200, body = Vec<StateChangeView>), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(crate) async fn state_changes(
    State(accounts): State<Accounts>,
    _: Staff,
    Segments(id): Segments<AccountId>,
) -> Result<Json<Vec<StateChangeView>>, Problem> {
    let view = |noted: crate::service::Noted| StateChangeView {
        at: noted.row.requested_at.to_string(),
        staff: noted.row.staff.map(|staff| staff.to_string()),
        from: state::word(noted.row.from).to_owned(),
        to: state::word(noted.row.to).to_owned(),
        reason: noted.reason,
    };
    Ok(Json(accounts.changes_of(id).await?.into_iter().map(view).collect()))
}
