//! Routes: what customers see of themselves, what staff find.

mod consents;
mod shapes;

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use contracts::audit::Field;
use contracts::customers::Profile;
use http::{
    Access, Body, Consequence, Customer, Lang, Params, Problem, ProblemBody, Refusal, Routes, Segments,
    Staff, UnmaskBody, Unmasked, UnmaskedView,
};
use ids::CustomerId;
use serde::Deserialize;
use utoipa::IntoParams;

use self::shapes::{CustomerView, CustomersFound, MaskedCustomerView, number};
use crate::error::Failed;
use crate::service::{Directory, Known};

/// The most characters of a search.
const QUERY_MAX: usize = 100;

/// The routes of this domain.
pub(crate) fn routes(directory: Arc<Directory>) -> Routes {
    Routes::of(directory)
        .add(Access::Public, http::routes!(consents::documents))
        .add(Access::Customer, http::routes!(me))
        .add(Access::Customer, http::routes!(consents::show))
        .add(Access::Customer, http::routes!(consents::change))
        .add(Access::Customer, http::routes!(consents::agree))
        .add(Access::Staff, http::routes!(search))
        .add(Access::Staff, http::routes!(show))
        .add(Access::Staff, http::routes!(unmask))
        .finish()
}

impl Refusal for Failed {
    fn consequence(&self) -> Consequence {
        match self {
            Self::Store(_) | Self::Keys(_) | Self::Damaged { .. } => Consequence::unavailable(),
        }
    }
}

/// What staff look for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct SearchQuery {
    /// Exact phone, identity number, credit code, customer id, number of another bank, or name.
    query: String,
}

/// The signed-in customer's own data.
#[utoipa::path(get, path = "/api/customers/me", tag = "customers", operation_id = "customers_me",
    responses((status = 200, body = CustomerView), (status = 401, body = ProblemBody)))]
async fn me(
    State(directory): State<Arc<Directory>>,
    customer: Customer,
    lang: Lang,
) -> Result<Json<CustomerView>, Problem> {
    let known = one(&directory, customer.id).await?;
    Ok(Json(CustomerView::of(&known, lang)))
}

/// Customers by phone, number, id or name.
#[utoipa::path(get, path = "/api/customers/console/search", tag = "customers",
    operation_id = "customers_console_search", params(SearchQuery),
    responses((status = 200, body = CustomersFound), (status = 401, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
async fn search(
    State(directory): State<Arc<Directory>>,
    staff: Staff,
    lang: Lang,
    Params(SearchQuery { query }): Params<SearchQuery>,
) -> Result<Json<CustomersFound>, Problem> {
    if query.trim().is_empty() || query.chars().count() > QUERY_MAX {
        let words = (
            "请输入完整的手机号、证件号码、客户编号或姓名。",
            "Enter a whole phone, number, customer id or name.",
        );
        return Err(Consequence::invalid_field("query", words.0, words.1).into());
    }
    let found = directory.search(&query).await?;
    tracing::info!(staff.id = %staff.id, found = found.len(), "staff searched for customers");
    Ok(Json(CustomersFound {
        customers: found.iter().map(|known| MaskedCustomerView::of(known, lang)).collect(),
    }))
}

/// One customer, masked.
#[utoipa::path(get, path = "/api/customers/console/{id}", tag = "customers", operation_id = "customers_console_show",
    params(("id" = String, Path, description = "The customer's id")),
    responses((status = 200, body = MaskedCustomerView), (status = 401, body = ProblemBody),
        (status = 404, body = ProblemBody)))]
async fn show(
    State(directory): State<Arc<Directory>>,
    staff: Staff,
    lang: Lang,
    Segments(id): Segments<CustomerId>,
) -> Result<Json<MaskedCustomerView>, Problem> {
    let known = one(&directory, id).await?;
    tracing::info!(staff.id = %staff.id, customer.id = %id, "staff looked at a customer");
    Ok(Json(MaskedCustomerView::of(&known, lang)))
}

/// One field of a customer, whole. The audit record holds who saw it, why and for which case, before it is answered.
#[utoipa::path(post, path = "/api/customers/console/{id}/unmask", tag = "customers",
    operation_id = "customers_console_unmask",
    params(("id" = String, Path, description = "The customer's id")), request_body = UnmaskBody,
    responses((status = 200, body = UnmaskedView), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody),
        (status = 429, body = ProblemBody)))]
async fn unmask(
    State(directory): State<Arc<Directory>>,
    _: Staff,
    Segments(id): Segments<CustomerId>,
    Body(body): Body<UnmaskBody>,
) -> Result<Unmasked, Problem> {
    let unmasking = body.checked()?;
    let known = one(&directory, id).await?;
    let whole = match (unmasking.field, &known.profile) {
        (Field::Name, profile) => Some(profile.name().to_owned()),
        (Field::IdNumber, profile) => number(profile).map(str::to_owned),
        (Field::Phone, profile) => profile.phone().map(str::to_owned),
        (Field::BornOn, Profile::Person(person)) => person.born_on.map(|day| day.to_string()),
        (Field::Address, Profile::Person(person)) => person.address.clone(),
        (Field::Address, Profile::Business(business)) => business.address.clone(),
        (Field::Representative, Profile::Business(business)) => Some(business.representative.clone()),
        (Field::BornOn | Field::Representative, _) => None,
        (Field::AccountNumber | Field::CounterpartyName | Field::Memo, _) => {
            return Err(unmasking.elsewhere());
        }
    };
    Ok(unmasking.shows(whole.ok_or_else(Consequence::not_found)?))
}

async fn one(directory: &Directory, id: CustomerId) -> Result<Known, Problem> {
    let mut known = directory.known(&[id]).await?;
    known.pop().ok_or_else(|| Consequence::not_found().into())
}
