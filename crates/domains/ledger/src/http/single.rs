//! The bare route: one transfer per request, with nothing in front of it. For systems beside the ledger in one
//! network, and for measuring.

use std::sync::Arc;

use ::http::Lang;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing;
use contracts::ledger::{Ledger, Receipt};
use ids::AccountId;

use super::assets::Assets;
use super::row::{self, Asked, RowRefused};
use crate::gather::Gather;

/// Bytes of an answer.
const ANSWER_BYTES: usize = 256;

#[derive(Clone)]
struct Desk {
    ledger: Arc<dyn Ledger>,
    gather: Arc<Gather>,
    assets: Assets,
}

/// `POST /transfers` takes one row of the batch upload as JSON and answers its result. Nobody is asked who they
/// are: whoever reaches it may move everything, so it is never listened on by a bank.
pub fn bare_router(ledger: Arc<dyn Ledger>) -> Router {
    Router::new().route("/transfers", routing::post(transfer)).with_state(Desk {
        gather: Gather::new(Arc::clone(&ledger)),
        ledger,
        assets: Assets::default(),
    })
}

async fn transfer(State(desk): State<Desk>, headers: HeaderMap, body: Bytes) -> Response {
    let lang = Lang::of(&headers);
    let mut out = Vec::with_capacity(ANSWER_BYTES);
    let status = match row::read(&body) {
        Ok(asked) => execute(&desk, asked, lang, &mut out).await,
        Err(refused) => {
            row::tell_refused(1, None, &refused, lang, &mut out);
            StatusCode::UNPROCESSABLE_ENTITY
        }
    };
    let mut response = Response::new(Body::from(out));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

async fn execute(desk: &Desk, asked: Asked, lang: Lang, out: &mut Vec<u8>) -> StatusCode {
    let (id, currency) = (asked.command.id, asked.currency);
    let (status, refused) = match post(desk, asked).await {
        Ok(receipt) => {
            row::tell(1, id, currency, &receipt, lang, out);
            return if receipt.is_ok() { StatusCode::OK } else { StatusCode::CONFLICT };
        }
        Err(Some(refused)) => (StatusCode::UNPROCESSABLE_ENTITY, refused),
        Err(None) => (StatusCode::SERVICE_UNAVAILABLE, RowRefused::unavailable()),
    };
    row::tell_refused(1, Some(id), &refused, lang, out);
    status
}

/// What became of it; why it was not given to the ledger, or nothing where it is unknown whether it took effect.
async fn post(desk: &Desk, asked: Asked) -> Result<Receipt, Option<RowRefused>> {
    let debited = asked.debited();
    let known = |account: Option<AccountId>| account.and_then(|account| desk.assets.known(account));
    let mut asset = known(debited);
    if asset.is_none() {
        desk.assets.learn(&*desk.ledger, debited.into_iter()).await.map_err(|_| None)?;
        asset = known(debited);
    }
    if asset.is_some_and(|asset| asset != asked.asset()) {
        return Err(Some(RowRefused::currency_mismatch()));
    }
    let receipts = desk.gather.post(vec![asked.command]).await.map_err(|_| None)?;
    receipts.into_iter().next().ok_or(None)
}
