//! Routes: the outbox that operators read.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use http::{
    Access, Consequence, Params, PersonalPhone, PersonalText, Problem, ProblemBody, Refusal, Routes, Staff,
};
use ids::MessageId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::error::Failed;
use crate::service::{Kept, Outbox};
use crate::words;

/// Messages on a page where the caller does not say.
const LIMIT: u32 = 50;
/// The most messages on a page.
const LIMIT_MAX: u32 = 100;

/// The routes of this domain.
pub(crate) fn routes(outbox: Arc<Outbox>) -> Routes {
    Routes::of(outbox).add(Access::Staff, http::routes!(list)).finish()
}

impl Refusal for Failed {
    fn consequence(&self) -> Consequence {
        match self {
            Self::Store(_) | Self::Keys(_) | Self::Damaged(_) => Consequence::unavailable(),
        }
    }
}

/// Which messages.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct OutboxQuery {
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many, 1 to 100; 50 where missing.
    limit: Option<u32>,
    /// Only messages to this mobile number, whole.
    to: Option<String>,
}

/// A page of the outbox.
#[derive(Serialize, ToSchema)]
pub(crate) struct OutboxPage {
    /// Newest first; may be empty.
    messages: Vec<MessageView>,
    /// Where the next page begins; missing on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// A message to a customer.
#[derive(Serialize, ToSchema)]
pub(crate) struct MessageView {
    /// Its id.
    id: String,
    /// When it was accepted, UTC.
    at: String,
    /// To whom: the number, masked.
    masked_to: PersonalPhone,
    /// What it says; one-time codes and names of devices hidden, but in a bank that is for demonstration.
    text: PersonalText,
    /// `one_time_code`, `movement`, `freeze_changed`, `new_device`, `passkey_changed` or `totp_changed`.
    kind: String,
    /// `kept`: read here instead of being sent.
    state: String,
}

impl MessageView {
    fn of(kept: Kept, whole: bool) -> Self {
        let seen = if whole { kept.text.clone() } else { words::masked(&kept.kind, &kept.text) };
        Self {
            id: kept.id.to_string(),
            at: kept.at.to_string(),
            masked_to: PersonalPhone::new(kept.to),
            text: PersonalText::masked_as(kept.text, seen),
            kind: kept.kind,
            state: kept.state,
        }
    }
}

/// Messages the bank has sent, newest first.
#[utoipa::path(get, path = "/api/messages/console/outbox", tag = "messages",
    operation_id = "messages_console_outbox", params(OutboxQuery),
    responses((status = 200, body = OutboxPage), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn list(
    State(outbox): State<Arc<Outbox>>,
    staff: Staff,
    Params(query): Params<OutboxQuery>,
) -> Result<Json<OutboxPage>, Problem> {
    let limit = query.limit.unwrap_or(LIMIT);
    if !(1..=LIMIT_MAX).contains(&limit) {
        let words = ("每页条数须在 1 到 100 之间。", "Ask for 1 to 100 messages.");
        return Err(Consequence::invalid_field("limit", words.0, words.1).into());
    }
    let before = match query.cursor.as_deref().map(str::parse::<MessageId>) {
        None => None,
        Some(Ok(id)) => Some(id),
        Some(Err(_)) => {
            let words =
                ("翻页位置无效，请从第一页重新开始。", "The cursor is not valid; start from the first page.");
            return Err(Consequence::invalid_field("cursor", words.0, words.1).into());
        }
    };
    // One more than shown tells whether another page follows.
    let to = query.to.as_deref().map(str::trim).filter(|to| !to.is_empty());
    let mut kept = outbox.page(before, to, limit + 1).await?;
    let shown = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = kept.len() > shown;
    kept.truncate(shown);
    let next_cursor = kept.last().filter(|_| more).map(|last| last.id.to_string());
    tracing::info!(staff.id = %staff.id, shown = kept.len(), "staff read the message outbox");
    let messages = kept.into_iter().map(|kept| MessageView::of(kept, outbox.is_whole())).collect();
    Ok(Json(OutboxPage { messages, next_cursor }))
}
