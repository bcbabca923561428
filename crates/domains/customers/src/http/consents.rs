//! Routes: the documents, what a customer agreed to, and consents with their end.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use contracts::customers::{Agreement, ConsentPurpose, Document};
use http::{Body, Consequence, Customer, Problem, ProblemBody, Segments};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::Failed;
use crate::service::{Directory, PURPOSES};
use crate::store::consent::word;

/// A document in the version that holds now.
#[derive(Serialize, ToSchema)]
pub(crate) struct DocumentView {
    /// `terms` or `privacy`.
    document: String,
    /// Its version.
    version: String,
}

/// The documents to which customers agree.
#[derive(Serialize, ToSchema)]
pub(crate) struct Documents {
    /// In the order in which they are shown.
    documents: Vec<DocumentView>,
}

/// A document and what the customer agreed to of it.
#[derive(Serialize, ToSchema)]
pub(crate) struct AgreementView {
    /// `terms` or `privacy`.
    document: String,
    /// The version that holds now.
    version: String,
    /// The version that the customer agreed to last; none where they never did.
    agreed_version: Option<String>,
    /// When, UTC.
    agreed_at: Option<String>,
}

/// A purpose for which personal data may be used if the customer wants it.
#[derive(Serialize, ToSchema)]
pub(crate) struct ConsentView {
    /// `marketing`, `personalization` or `sharing`.
    purpose: String,
    /// Whether a consent holds.
    given: bool,
    /// When it was given or withdrawn last, UTC; none where it never was.
    changed_at: Option<String>,
}

/// What a customer agreed and consented to.
#[derive(Serialize, ToSchema)]
pub(crate) struct Consents {
    /// In the order in which they are shown.
    agreements: Vec<AgreementView>,
    /// In the order in which they are shown.
    consents: Vec<ConsentView>,
}

/// Gives a consent or withdraws it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConsentRequest {
    /// Whether it is to hold.
    given: bool,
}

/// Agrees to a version of a document.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AgreementRequest {
    /// The version that was shown.
    version: String,
}

/// The documents to which whoever signs up agrees.
#[utoipa::path(get, path = "/api/customers/documents", tag = "customers", operation_id = "customers_documents",
    responses((status = 200, body = Documents)))]
pub(super) async fn documents(State(directory): State<Arc<Directory>>) -> Result<Json<Documents>, Problem> {
    let view = |agreement: Agreement| {
        Ok(DocumentView { document: named(agreement.document)?, version: agreement.version })
    };
    let documents = directory.current().into_iter().map(view).collect::<Result<_, Problem>>()?;
    Ok(Json(Documents { documents }))
}

/// What the customer agreed and consented to.
#[utoipa::path(get, path = "/api/customers/consents", tag = "customers", operation_id = "customers_consents",
    responses((status = 200, body = Consents), (status = 401, body = ProblemBody)))]
pub(super) async fn show(
    State(directory): State<Arc<Directory>>,
    customer: Customer,
) -> Result<Json<Consents>, Problem> {
    let (agreed, given) = directory.consents(customer.id).await?;
    let agreement = |current: Agreement| {
        let latest = agreed.iter().find(|one| one.agreement.document == current.document);
        Ok(AgreementView {
            document: named(current.document)?,
            version: current.version,
            agreed_version: latest.map(|one| one.agreement.version.clone()),
            agreed_at: latest.map(|one| one.at.to_string()),
        })
    };
    let consent = |purpose: ConsentPurpose| {
        let latest = given.iter().find(|one| one.purpose == purpose);
        Ok(ConsentView {
            purpose: named(purpose)?,
            given: latest.is_some_and(|one| one.withdrawn_at.is_none()),
            changed_at: latest.map(|one| one.withdrawn_at.unwrap_or(one.given_at).to_string()),
        })
    };
    Ok(Json(Consents {
        agreements: directory.current().into_iter().map(agreement).collect::<Result<_, Problem>>()?,
        consents: PURPOSES.into_iter().map(consent).collect::<Result<_, Problem>>()?,
    }))
}

/// Gives a consent or withdraws it.
#[utoipa::path(put, path = "/api/customers/consents/{purpose}", tag = "customers",
    operation_id = "customers_change_consent",
    params(("purpose" = String, Path, pattern = "^(marketing|personalization|sharing)$",
        description = "`marketing`, `personalization` or `sharing`")),
    request_body = ConsentRequest,
    responses((status = 204), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn change(
    State(directory): State<Arc<Directory>>,
    customer: Customer,
    Segments(purpose): Segments<ConsentPurpose>,
    Body(request): Body<ConsentRequest>,
) -> Result<StatusCode, Problem> {
    directory.change_consent(customer.id, purpose, request.given, customer.session.channel).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Agrees to a document, in the version that holds now.
#[utoipa::path(put, path = "/api/customers/agreements/{document}", tag = "customers",
    operation_id = "customers_agree",
    params(("document" = String, Path, pattern = "^(terms|privacy)$", description = "`terms` or `privacy`")),
    request_body = AgreementRequest,
    responses((status = 204), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody)))]
pub(super) async fn agree(
    State(directory): State<Arc<Directory>>,
    customer: Customer,
    Segments(document): Segments<Document>,
    Body(request): Body<AgreementRequest>,
) -> Result<StatusCode, Problem> {
    let agreement = Agreement { document, version: request.version };
    if !directory.current().contains(&agreement) {
        let (zh, en) = (
            "协议已更新，请重新阅读后同意。",
            "This document has changed; please read it again before you agree.",
        );
        return Err(Consequence::new(409, "document_outdated", zh, en).into());
    }
    directory.keep_agreements(customer.id, vec![agreement], customer.session.channel).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn named<T: Serialize>(choice: T) -> Result<String, Problem> {
    Ok(word(choice).map_err(Failed::from)?)
}
