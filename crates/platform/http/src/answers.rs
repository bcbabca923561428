//! The answers that any operation can give, described once for all: refusals of the house itself.

use utoipa::PartialSchema as _;
use utoipa::ToSchema as _;
use utoipa::openapi::content::Content;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::response::Response;
use utoipa::openapi::{OpenApi, Ref, RefOr};

use crate::ProblemBody;

/// What problems are sent as (RFC 9457).
const MEDIA_TYPE: &str = "application/problem+json";

/// The same description, in which every operation may be refused and refusals are what they are sent as.
pub(crate) fn described(mut openapi: OpenApi) -> OpenApi {
    for item in openapi.paths.paths.values_mut() {
        operations(item).for_each(refusable);
    }
    let schemas = &mut openapi.components.get_or_insert_default().schemas;
    schemas.entry(ProblemBody::name().into_owned()).or_insert_with(ProblemBody::schema);
    openapi
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let all = [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
    all.into_iter().filter_map(Option::as_mut)
}

fn refusable(operation: &mut Operation) {
    let responses = &mut operation.responses.responses;
    for (status, response) in responses.iter_mut() {
        if let RefOr::T(response) = response
            && (status.starts_with('4') || status.starts_with('5'))
            && let Some(content) = response.content.shift_remove("application/json")
        {
            response.content.insert(MEDIA_TYPE.to_owned(), content);
        }
    }
    responses.entry("default".to_owned()).or_insert_with(|| {
        let problem = Ref::from_schema_name(ProblemBody::name());
        let mut response = Response::new("A refusal; its `code` says which.");
        response.content.insert(MEDIA_TYPE.to_owned(), RefOr::T(Content::new(Some(problem))));
        RefOr::T(response)
    });
}
