//! Routes for customers: overview, opening, names, closing, authorized persons.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use contracts::accounts::{Accounts as _, OpenRequest, Right};
use http::{Body, Customer, Problem, ProblemBody, Segments};
use ids::{AccountId, CustomerId};
use money::Currency;

use super::Accounts;
use super::shapes::{
    AccountView, AuthorizeBody, ConvertedView, OpenBody, OverviewView, PersonView, PersonsView, RateView,
    RenameBody,
};
use crate::error::AccountsRefused;
use crate::model::class;
use crate::model::state::Change;
use crate::service::is_remote;

/// Characters of a nickname, at most.
const NICKNAME_MAX: usize = 30;

/// All accounts, sums per currency and their worth in renminbi.
#[utoipa::path(get, path = "/api/accounts", tag = "accounts", operation_id = "accounts_overview",
    responses((status = 200, body = OverviewView), (status = 401, body = ProblemBody)))]
pub(crate) async fn overview(
    State(accounts): State<Accounts>,
    customer: Customer,
) -> Result<Json<OverviewView>, Problem> {
    let overview = accounts.overview(customer.id).await?;
    Ok(Json(OverviewView {
        accounts: overview
            .holdings
            .into_iter()
            .map(|holding| AccountView::of(holding, customer.id))
            .collect(),
        totals: overview.totals.into_iter().map(Into::into).collect(),
        converted: ConvertedView {
            amount: overview.converted.to_decimal(),
            currency: overview.converted.currency().to_string(),
            rates_on: accounts.settings.rates_on.to_string(),
        },
    }))
}

/// Reference rates of the bank.
#[utoipa::path(get, path = "/api/accounts/rates", tag = "accounts", operation_id = "accounts_rates",
    responses((status = 200, body = Vec<RateView>), (status = 401, body = ProblemBody)))]
pub(crate) async fn rates(State(accounts): State<Accounts>, _: Customer) -> Json<Vec<RateView>> {
    Json(RateView::all(&accounts.settings))
}

/// Opens an account remotely.
#[utoipa::path(post, path = "/api/accounts", tag = "accounts", operation_id = "accounts_open", request_body = OpenBody,
    responses((status = 201, body = AccountView), (status = 400, body = ProblemBody),
        (status = 401, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(crate) async fn open(
    State(accounts): State<Accounts>,
    customer: Customer,
    Body(body): Body<OpenBody>,
) -> Result<(StatusCode, Json<AccountView>), Problem> {
    let currency: Currency = body.currency.parse().map_err(http::AmountRefused::from)?;
    let class = class::parse(body.class.as_deref().unwrap_or("II")).filter(|class| is_remote(*class));
    let class = class.ok_or_else(|| {
        AccountsRefused::invalid(
            "class",
            "线上可开立Ⅱ类或Ⅲ类账户；Ⅰ类账户请到网点办理。",
            "Classes II and III are opened online; class I is opened at a branch.",
        )
    })?;
    let id = match &body.id {
        Some(text) => {
            text.parse().map_err(|_| AccountsRefused::invalid("id", "须为 UUID。", "Must be a UUID."))?
        }
        None => AccountId::mint(),
    };
    let nickname = checked_nickname(body.nickname.as_deref().unwrap_or_default())?;
    let request = OpenRequest {
        id,
        customer: customer.id,
        currency,
        class,
        number: None,
        nickname,
        opened_on: None,
        overdraft_minor: 0,
    };
    let account = accounts.open(request).await.map_err(AccountsRefused::Open)?;
    let holding = accounts.holding(account, Right::Own).await?;
    Ok((StatusCode::CREATED, Json(AccountView::of(holding, customer.id))))
}

fn checked_nickname(text: &str) -> Result<String, AccountsRefused> {
    let text = text.trim();
    if text.chars().count() > NICKNAME_MAX || text.chars().any(char::is_control) {
        return Err(AccountsRefused::invalid(
            "nickname",
            "昵称最多 30 个字，且不能含控制字符。",
            "A nickname has at most 30 characters and no control characters.",
        ));
    }
    Ok(text.to_owned())
}

/// One account.
#[utoipa::path(get, path = "/api/accounts/{id}", tag = "accounts", operation_id = "accounts_show",
    params(("id" = String, Path)),
    responses((status = 200, body = AccountView), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(crate) async fn show(
    State(accounts): State<Accounts>,
    customer: Customer,
    Segments(id): Segments<AccountId>,
) -> Result<Json<AccountView>, Problem> {
    let (account, right) = accounts.permitted(customer.id, id, Right::See).await?;
    Ok(Json(AccountView::of(accounts.holding(account, right).await?, customer.id)))
}

/// Gives an account a nickname.
#[utoipa::path(patch, path = "/api/accounts/{id}", tag = "accounts", operation_id = "accounts_rename",
    params(("id" = String, Path)), request_body = RenameBody,
    responses((status = 200, body = AccountView), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(crate) async fn rename(
    State(accounts): State<Accounts>,
    customer: Customer,
    Segments(id): Segments<AccountId>,
    Body(body): Body<RenameBody>,
) -> Result<Json<AccountView>, Problem> {
    let (account, right) = accounts.permitted(customer.id, id, Right::Own).await?;
    let account = accounts.rename(&account, &checked_nickname(&body.nickname)?).await?;
    Ok(Json(AccountView::of(accounts.holding(account, right).await?, customer.id)))
}

/// Closes an empty account for ever.
#[utoipa::path(post, path = "/api/accounts/{id}/close", tag = "accounts", operation_id = "accounts_close",
    params(("id" = String, Path)),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub(crate) async fn close(
    State(accounts): State<Accounts>,
    customer: Customer,
    Segments(id): Segments<AccountId>,
) -> Result<StatusCode, Problem> {
    let (account, _) = accounts.permitted(customer.id, id, Right::Own).await?;
    accounts.change_state(&account, Change::Close, None, "").await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Uses a dormant account again.
#[utoipa::path(post, path = "/api/accounts/{id}/reactivate", tag = "accounts", operation_id = "accounts_reactivate",
    params(("id" = String, Path)),
    responses((status = 200, body = AccountView), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub(crate) async fn reactivate(
    State(accounts): State<Accounts>,
    customer: Customer,
    Segments(id): Segments<AccountId>,
) -> Result<Json<AccountView>, Problem> {
    let (account, right) = accounts.permitted(customer.id, id, Right::Own).await?;
    let account = accounts.change_state(&account, Change::Reactivate, None, "").await?;
    Ok(Json(AccountView::of(accounts.holding(account, right).await?, customer.id)))
}

/// Authorized persons of an account.
#[utoipa::path(get, path = "/api/accounts/{id}/authorized-persons", tag = "accounts",
    operation_id = "accounts_persons", params(("id" = String, Path)),
    responses((status = 200, body = PersonsView), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(crate) async fn persons(
    State(accounts): State<Accounts>,
    customer: Customer,
    Segments(id): Segments<AccountId>,
) -> Result<Json<PersonsView>, Problem> {
    accounts.permitted(customer.id, id, Right::Own).await?;
    let persons = accounts.persons(id).await?.into_iter();
    let persons = persons.map(|person| PersonView::of(person, customer.id)).collect();
    Ok(Json(PersonsView { persons }))
}

/// Lets another customer see an account or move money from it.
#[utoipa::path(post, path = "/api/accounts/{id}/authorized-persons", tag = "accounts",
    operation_id = "accounts_authorize", params(("id" = String, Path)), request_body = AuthorizeBody,
    responses((status = 201, body = PersonView), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(crate) async fn authorize(
    State(accounts): State<Accounts>,
    customer: Customer,
    Segments(id): Segments<AccountId>,
    Body(body): Body<AuthorizeBody>,
) -> Result<(StatusCode, Json<PersonView>), Problem> {
    let (account, _) = accounts.permitted(customer.id, id, Right::Own).await?;
    let right = class::parse_right(&body.right).filter(|right| *right != Right::Own);
    let right = right.ok_or_else(|| {
        AccountsRefused::invalid(
            "right",
            "权限须为 see（查看）或 move（转账）。",
            "The right is `see` or `move`.",
        )
    })?;
    let person = accounts.authorize(&account, &body.phone, &body.name, right).await?;
    Ok((StatusCode::CREATED, Json(PersonView::of(person, customer.id))))
}

/// Withdraws what was granted to a person.
#[utoipa::path(delete, path = "/api/accounts/{id}/authorized-persons/{customer_id}", tag = "accounts",
    operation_id = "accounts_withdraw", params(("id" = String, Path), ("customer_id" = String, Path)),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody)))]
pub(crate) async fn withdraw(
    State(accounts): State<Accounts>,
    customer: Customer,
    Segments((id, person)): Segments<(AccountId, CustomerId)>,
) -> Result<StatusCode, Problem> {
    accounts.permitted(customer.id, id, Right::Own).await?;
    accounts.withdraw(id, person).await?;
    Ok(StatusCode::NO_CONTENT)
}
