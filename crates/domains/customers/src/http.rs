//! Routes: what customers see of themselves, what staff find.

mod consents;

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use contracts::customers::{Kyc, Profile};
use contracts::identity::Role;
use http::{
    Access, Consequence, Customer, Lang, Params, Problem, ProblemBody, Refusal, Routes, Segments, Staff,
};
use ids::CustomerId;
use secrecy::mask;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::error::Failed;
use crate::model::division;
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
        .add(Access::Staff(Role::Viewer), http::routes!(search))
        .add(Access::Staff(Role::Viewer), http::routes!(show))
        .finish()
}

impl Refusal for Failed {
    fn consequence(&self) -> Consequence {
        match self {
            Self::Store(_) | Self::Keys(_) | Self::Damaged { .. } => Consequence::unavailable(),
        }
    }
}

/// A customer as they see themselves.
#[derive(Serialize, ToSchema)]
pub(crate) struct CustomerView {
    /// The customer's id.
    id: String,
    /// `person` or `business`.
    kind: &'static str,
    /// Full name.
    name: String,
    /// Identity number or credit code, masked.
    masked_id_number: Option<String>,
    /// Phone, masked.
    masked_phone: Option<String>,
    /// `declared`, `verified` or `suspended`.
    kyc: &'static str,
    /// Day of birth.
    born_on: Option<String>,
    /// Administrative division, six digits (GB/T 2260).
    division: Option<String>,
    /// Its first level in the caller's language.
    division_name: Option<String>,
    /// Street and number.
    address: Option<String>,
}

/// A customer as staff see them: masked.
#[derive(Serialize, ToSchema)]
pub(crate) struct MaskedCustomerView {
    /// The customer's id.
    id: String,
    /// `person` or `business`.
    kind: &'static str,
    /// Name, masked.
    masked_name: String,
    /// Phone, masked.
    masked_phone: Option<String>,
    /// Identity number or credit code, masked.
    masked_id_number: Option<String>,
    /// `declared`, `verified` or `suspended`.
    kyc: &'static str,
    /// Administrative division, six digits (GB/T 2260).
    division: Option<String>,
    /// Its first level in the caller's language.
    division_name: Option<String>,
    /// When the bank came to know them, UTC.
    registered_at: String,
}

/// Customers found.
#[derive(Serialize, ToSchema)]
pub(crate) struct CustomersFound {
    /// Oldest first; may be empty.
    customers: Vec<MaskedCustomerView>,
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
#[utoipa::path(get, path = "/api/customers/me", tag = "customers",
    responses((status = 200, body = CustomerView), (status = 401, body = ProblemBody)))]
async fn me(
    State(directory): State<Arc<Directory>>,
    customer: Customer,
    lang: Lang,
) -> Result<Json<CustomerView>, Problem> {
    let known = one(&directory, customer.id).await?;
    let (born_on, address) = match &known.profile {
        Profile::Person(person) => (person.born_on.map(|day| day.to_string()), person.address.clone()),
        Profile::Business(business) => (None, business.address.clone()),
    };
    let (division, division_name) = division_of(&known.profile, lang);
    Ok(Json(CustomerView {
        id: known.id.to_string(),
        kind: kind(&known.profile),
        name: known.profile.name().to_owned(),
        masked_id_number: number(&known.profile).map(mask::id_number),
        masked_phone: known.profile.phone().map(mask::phone),
        kyc: kyc(known.kyc),
        born_on,
        division,
        division_name,
        address,
    }))
}

/// Customers by phone, number, id or name.
#[utoipa::path(get, path = "/api/customers/console/search", tag = "customers", params(SearchQuery),
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
    Ok(Json(CustomersFound { customers: found.iter().map(|known| masked(known, lang)).collect() }))
}

/// One customer, masked.
#[utoipa::path(get, path = "/api/customers/console/{id}", tag = "customers",
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
    Ok(Json(masked(&known, lang)))
}

async fn one(directory: &Directory, id: CustomerId) -> Result<Known, Problem> {
    let mut known = directory.known(&[id]).await?;
    known.pop().ok_or_else(|| Consequence::not_found().into())
}

fn masked(known: &Known, lang: Lang) -> MaskedCustomerView {
    let (division, division_name) = division_of(&known.profile, lang);
    MaskedCustomerView {
        id: known.id.to_string(),
        kind: kind(&known.profile),
        masked_name: known.profile.masked_name(),
        masked_phone: known.profile.phone().map(mask::phone),
        masked_id_number: number(&known.profile).map(mask::id_number),
        kyc: kyc(known.kyc),
        division,
        division_name,
        registered_at: known.registered_at.to_string(),
    }
}

fn division_of(profile: &Profile, lang: Lang) -> (Option<String>, Option<String>) {
    let code = match profile {
        Profile::Person(person) => person.division.clone(),
        Profile::Business(business) => business.division.clone(),
    };
    let name = code.as_deref().and_then(division::names).map(|(zh, en)| match lang {
        Lang::Chinese => zh.to_owned(),
        Lang::English => en.to_owned(),
    });
    (code, name)
}

/// Identity number, credit code, or the number of another bank.
fn number(profile: &Profile) -> Option<&str> {
    match profile {
        Profile::Person(person) => person.id_number.as_deref().or(person.foreign_number.as_deref()),
        Profile::Business(business) => Some(&business.credit_code),
    }
}

const fn kind(profile: &Profile) -> &'static str {
    match profile {
        Profile::Person(_) => "person",
        Profile::Business(_) => "business",
    }
}

const fn kyc(kyc: Kyc) -> &'static str {
    match kyc {
        Kyc::Declared => "declared",
        Kyc::Verified => "verified",
        Kyc::Suspended => "suspended",
    }
}
