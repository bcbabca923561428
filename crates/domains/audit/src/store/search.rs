//! Finding records.

use clock::Timestamp;
use contracts::audit::{Actor, Detail};
use ids::{EventId, StaffId};
use sea_orm::{ConnectionTrait, DbErr, Value};

use super::{Row, read, rows, signed};
use crate::error::Failed;
use crate::model::record::{Record, actor_key};

/// What shows a personal field whole is a route that ends so.
const UNMASKS: &str = "action LIKE '%/unmask'";

/// Which records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Query {
    /// What this one did.
    pub(crate) actor: Option<Vec<u8>>,
    /// What is about this.
    pub(crate) subject: Option<Vec<u8>>,
    /// Actions that begin so.
    pub(crate) action: Option<String>,
    /// What shows, or was to show, a personal field whole.
    pub(crate) unmasked: bool,
    /// What was told from then on, and before then.
    pub(crate) from: Option<Timestamp>,
    pub(crate) until: Option<Timestamp>,
    /// Records of lower numbers alone.
    pub(crate) before: Option<u64>,
}

/// A page of records.
pub(crate) struct Page {
    /// Newest first.
    pub(crate) rows: Vec<Row>,
    pub(crate) more: bool,
}

/// The id before which nothing was minted at `at` or later.
fn first_id(at: Timestamp) -> Vec<u8> {
    let unix_ms = u64::try_from(at.as_millisecond()).unwrap_or(0);
    EventId::seeded(unix_ms, [0; 10]).to_bytes().to_vec()
}

/// The pattern of texts that begin with `text`.
fn begins_with(text: &str) -> String {
    let mut pattern: String = text
        .chars()
        .flat_map(|letter| ['!'].into_iter().filter(move |_| "!%_".contains(letter)).chain([letter]))
        .collect();
    pattern.push('%');
    pattern
}

/// The newest `limit` records that `query` asks for.
pub(crate) async fn page(
    connection: &impl ConnectionTrait,
    query: &Query,
    limit: u64,
) -> Result<Page, DbErr> {
    let mut values: Vec<Value> = vec![signed(limit.saturating_add(1)).into()];
    let mut conditions = vec![if query.unmasked { UNMASKS } else { "1 = 1" }.to_owned()];
    let mut asked = |condition: &str, value: Value| {
        values.push(value);
        conditions.push(condition.replace('?', &format!("${}", values.len())));
    };
    if let Some(actor) = &query.actor {
        asked("actor = ?", actor.clone().into());
    }
    if let Some(subject) = &query.subject {
        asked("number IN (SELECT number FROM audit_subject WHERE subject = ?)", subject.clone().into());
    }
    if let Some(action) = &query.action {
        asked("action LIKE ? ESCAPE '!'", begins_with(action).into());
    }
    if let Some(from) = query.from {
        asked("id >= ?", first_id(from).into());
    }
    if let Some(until) = query.until {
        asked("id < ?", first_id(until).into());
    }
    if let Some(before) = query.before {
        asked("number < ?", signed(before).into());
    }
    let sql = format!(
        "SELECT number, id, actor, action, record FROM audit_record WHERE {} ORDER BY number DESC LIMIT $1",
        conditions.join(" AND ")
    );
    let mut rows: Vec<Row> =
        rows(connection, &sql, values).await?.iter().map(read).collect::<Result<_, _>>()?;
    let more = rows.len() as u64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(Page { rows, more })
}

/// How many fields were shown whole to `staff` since then.
pub(crate) async fn unmasked_count(
    connection: &impl ConnectionTrait,
    staff: StaffId,
    since: Timestamp,
) -> Result<u64, Failed> {
    // Refusals bear no detail.
    let sql = format!(
        "SELECT number, id, actor, action, record FROM audit_record WHERE actor = $1 AND id >= $2 AND {UNMASKS}"
    );
    let values = vec![actor_key(Actor::Staff(staff)).into(), first_id(since).into()];
    let mut count = 0;
    for found in rows(connection, &sql, values).await? {
        let row = read(&found)?;
        let record = Record::try_from_bytes(&row.record);
        let record =
            record.ok_or_else(|| Failed::damaged(format!("record {} cannot be read", row.number)))?;
        count += u64::from(matches!(record.detail, Some(Detail::Unmasked { .. })));
    }
    Ok(count)
}
