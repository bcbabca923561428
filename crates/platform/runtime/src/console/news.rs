//! Routes for staff: how the news of a service is getting on, and having dead letters relayed again.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use clock::Clock;
use db::Db;
use db::outbox::{self, DeadLetter, Replayed};
use http::{Access, Consequence, Params, Problem, ProblemBody, Refusal, Routes, Segments, Staff};
use ids::EventId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{Reaction, Service, Site, lag};

/// Dead letters on a page where the caller does not say.
const LIMIT: u32 = 50;
/// The most dead letters on a page.
const LIMIT_MAX: u32 = 100;

/// The news of one service.
struct Desk {
    db: Db,
    clock: Arc<dyn Clock>,
    service: &'static str,
    /// Which services hear a topic.
    heard_by: Vec<(&'static str, Vec<&'static str>)>,
}

/// The same routes for each of `services` that announces news, below `/api/<service>`; `outside` are the reactions of
/// other processes.
pub(crate) fn routes(services: &[Box<dyn Service>], outside: &[Reaction], site: &Site) -> Routes {
    let here = services.iter().map(|service| (service.name(), service.hears()));
    let hearers: Vec<_> = here.chain(outside.iter().map(|far| (far.name, far.topics))).collect();
    let hearing = |topic: &'static str| {
        let hear = hearers.iter().filter(|(_, topics)| topics.contains(&topic));
        (topic, hear.map(|(name, _)| *name).collect())
    };
    let announcing = services.iter().filter(|service| !service.announces().is_empty());
    announcing.fold(Routes::none(), |routes, service| {
        let desk = Arc::new(Desk {
            db: site.db.clone(),
            clock: Arc::clone(&site.clock),
            service: service.name(),
            heard_by: service.announces().iter().copied().map(hearing).collect(),
        });
        let of_service = Routes::of_service(service.name(), desk)
            .add(Access::Staff, http::routes!(list))
            .add(Access::Staff, http::routes!(replay))
            .finish();
        routes.merge(of_service)
    })
}

/// Why a route of the news refuses.
#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error("the outbox cannot be read or written")]
    Store(#[from] db::DbErr),
    #[error("there is no such news")]
    Unknown,
    #[error("the news is not set aside")]
    NotSetAside,
}

impl Refusal for Refused {
    fn consequence(&self) -> Consequence {
        match self {
            Self::Store(error) if db::fault(error) == db::Fault::StorageFull => Consequence::storage_full(),
            Self::Store(_) => Consequence::unavailable(),
            Self::Unknown => Consequence::not_found(),
            Self::NotSetAside => Consequence::new(
                409,
                "news_not_set_aside",
                "该消息未被搁置：它正在投递，或已经送达。",
                "This news is not set aside: it is being relayed, or was heard.",
            ),
        }
    }
}

/// Which dead letters.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct NewsQuery {
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many dead letters, 1 to 100; 50 where missing.
    limit: Option<u32>,
}

/// How the news of a service is getting on.
#[derive(Serialize, ToSchema)]
struct NewsView {
    /// How many events are still to be relayed.
    waiting: u64,
    /// For how long the oldest of them has waited, seconds; missing where none waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    oldest_waiting_s: Option<u64>,
    /// How many events were set aside.
    dead: u64,
    /// Those, newest first; may be empty.
    letters: Vec<DeadLetterView>,
    /// Where the next page begins; missing on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// An event that was set aside, because somebody who hears it refused it again and again. Its content is not shown.
#[derive(Serialize, ToSchema)]
struct DeadLetterView {
    /// UUID of the event.
    id: String,
    /// `domain.past_participle`, for example `payments.transfer_posted`.
    topic: String,
    /// UUID of what it is about; may be empty.
    key: String,
    /// When it happened, RFC 3339.
    occurred_at: String,
    /// When it was set aside, RFC 3339.
    set_aside_at: String,
    /// How often it was refused since it was announced or replayed.
    attempts: i64,
    /// Which reaction refused it the last time, and why.
    failure: String,
    /// Services that hear it; those that have done so hear nothing new.
    heard_by: Vec<String>,
    /// When and by whom it was replayed, oldest first; may be empty.
    replays: Vec<ReplayView>,
}

/// That a dead letter was relayed again.
#[derive(Serialize, ToSchema)]
struct ReplayView {
    /// When, RFC 3339.
    at: String,
    /// UUID of the member of staff.
    staff: String,
}

impl Desk {
    fn view(&self, letter: DeadLetter) -> DeadLetterView {
        let heard_by = self.heard_by.iter().find(|(topic, _)| *topic == letter.topic);
        DeadLetterView {
            id: letter.id.to_string(),
            key: letter.key,
            occurred_at: letter.occurred_at.to_string(),
            set_aside_at: letter.set_aside_at.to_string(),
            attempts: letter.attempts,
            failure: letter.failure,
            heard_by: heard_by.into_iter().flat_map(|(_, names)| names).map(ToString::to_string).collect(),
            replays: letter
                .replays
                .into_iter()
                .map(|replay| ReplayView { at: replay.at.to_string(), staff: replay.staff.to_string() })
                .collect(),
            topic: letter.topic,
        }
    }
}

/// How the news of this service is getting on, and what was set aside.
#[utoipa::path(get, path = "/console/news", operation_id = "console_news", params(NewsQuery),
    responses((status = 200, body = NewsView), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn list(
    State(desk): State<Arc<Desk>>,
    _: Staff,
    Params(query): Params<NewsQuery>,
) -> Result<Json<NewsView>, Problem> {
    let limit = query.limit.unwrap_or(LIMIT);
    if !(1..=LIMIT_MAX).contains(&limit) {
        let words = ("每页条数须在 1 到 100 之间。", "Ask for 1 to 100 dead letters.");
        return Err(Consequence::invalid_field("limit", words.0, words.1).into());
    }
    let before = query.cursor.as_deref().map(str::parse::<EventId>).transpose().map_err(|_| {
        let words =
            ("翻页位置无效，请从第一页重新开始。", "The cursor is not valid; start from the first page.");
        Consequence::invalid_field("cursor", words.0, words.1)
    })?;
    let domains = [desk.service];
    let lag = outbox::lag(&desk.db, &domains).await.map_err(Refused::from)?.into_iter().next();
    // One more than shown tells whether another page follows.
    let letters = outbox::dead_letters(&desk.db, &domains, before, limit + 1).await;
    let mut letters = letters.map_err(Refused::from)?;
    let shown = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = letters.len() > shown;
    letters.truncate(shown);
    let now = desk.clock.now();
    Ok(Json(NewsView {
        waiting: lag.as_ref().map_or(0, |lag| lag.waiting),
        oldest_waiting_s: lag.as_ref().and_then(|lag| lag::oldest_s(lag, now)),
        dead: lag.as_ref().map_or(0, |lag| lag.dead),
        next_cursor: letters.last().filter(|_| more).map(|last| last.id.to_string()),
        letters: letters.into_iter().map(|letter| desk.view(letter)).collect(),
    }))
}

/// Has a dead letter relayed again. Whoever has heard it already does nothing; who refuses it again sets it aside again.
#[utoipa::path(post, path = "/console/news/{id}/replay", operation_id = "console_news_replay",
    params(("id" = String, Path)),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
async fn replay(
    State(desk): State<Arc<Desk>>,
    staff: Staff,
    Segments(id): Segments<EventId>,
) -> Result<StatusCode, Problem> {
    let replayed = outbox::replay(&desk.db, &[desk.service], id, staff.id, desk.clock.now()).await;
    match replayed.map_err(Refused::from)? {
        Replayed::Waits => {
            tracing::info!(event.id = %id, service = desk.service, staff.id = %staff.id, "staff replayed news");
            Ok(StatusCode::NO_CONTENT)
        }
        Replayed::NotDead => Err(Refused::NotSetAside.into()),
        Replayed::Unknown => Err(Refused::Unknown.into()),
    }
}
