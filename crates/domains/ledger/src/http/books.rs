//! What the books of the bank say of each other: for the console and for metrics.

use std::sync::{Arc, Mutex, PoisonError};

use ::http::{Access, ProblemBody, Routes};
use axum::Json;
use axum::extract::State;
use clock::Timestamp;
use contracts::Unavailable;
use serde::Serialize;
use utoipa::ToSchema;

use crate::books::{Reconciled, Reconciliation, SeveralBooks};

/// Two books, compared.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct BooksComparedView {
    /// One of them.
    left: String,
    /// The other.
    right: String,
    /// The asset that went between them.
    asset: String,
    /// Transfers of which both say the same.
    transfers: u64,
    /// Transfers under way.
    open: u64,
    /// Transfers of which one says what the other does not.
    unmatched: Vec<String>,
}

/// Comparisons of the books of the bank; none where it has one book.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BooksView {
    /// When they were compared last, RFC 3339.
    compared_at: Option<String>,
    /// Each two of them.
    books: Vec<BooksComparedView>,
}

/// Compares the books and keeps what was found last.
#[derive(Default)]
pub(crate) struct Comparison {
    reconciliation: Option<Reconciliation>,
    last: Mutex<Option<(Timestamp, Vec<Reconciled>)>>,
}

impl Comparison {
    pub(crate) fn new(books: Arc<SeveralBooks>) -> Self {
        Self { reconciliation: Some(Reconciliation::new(books)), last: Mutex::default() }
    }

    /// Compares what is new.
    pub(crate) async fn turn(&self, now: Timestamp) -> Result<(), Unavailable> {
        let Some(reconciliation) = &self.reconciliation else { return Ok(()) };
        let found = reconciliation.turn(now).await?;
        for one in &found {
            let (left, right) = one.books.clone();
            let labels = [("left", left), ("right", right), ("asset", one.asset.to_string())];
            metrics::gauge!("ledger_books_open", &labels).set(one.open as f64);
            metrics::gauge!("ledger_books_unmatched", &labels).set(one.unmatched.len() as f64);
            if !one.unmatched.is_empty() {
                tracing::error!(books = ?one.books, transfers = ?one.unmatched, "two books differ");
            }
        }
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, found));
        Ok(())
    }
}

pub(super) fn routes(comparison: Arc<Comparison>) -> Routes {
    Routes::of(comparison).add(Access::Staff, ::http::routes!(books)).finish()
}

#[utoipa::path(get, path = "/api/ledger/console/books", tag = "ledger", operation_id = "ledger_console_books",
    responses((status = 200, body = BooksView), (status = 401, body = ProblemBody)))]
async fn books(State(comparison): State<Arc<Comparison>>) -> Json<BooksView> {
    let last = comparison.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let (at, found) = last.unzip();
    let view = |one: Reconciled| BooksComparedView {
        left: one.books.0,
        right: one.books.1,
        asset: one.asset.to_string(),
        transfers: one.transfers,
        open: one.open,
        unmatched: one.unmatched.iter().map(ToString::to_string).collect(),
    };
    Json(BooksView {
        compared_at: at.map(|at| at.to_string()),
        books: found.unwrap_or_default().into_iter().map(view).collect(),
    })
}
