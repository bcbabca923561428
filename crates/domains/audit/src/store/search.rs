//! Finding records.

use std::ops::Range;

use clock::Timestamp;
use contracts::audit::{Actor, Detail};
use ids::{EventId, StaffId};
use sea_orm::{ConnectionTrait, DbBackend, Value};

use super::{Row, read, rows, signed, unsigned};
use crate::error::Failed;
use crate::model::head::BLOCK;
use crate::model::record::{Record, actor_key, subject_key};

/// Blocks that are looked into at once, first and at most, for whether they name somebody.
const SPAN: u64 = 1;
const SPAN_MAX: u64 = 4_096;

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
) -> Result<Page, Failed> {
    let wanted = limit.saturating_add(1);
    let mut found = Vec::new();
    if query.actor.is_none() && query.subject.is_none() {
        found = newest_in(connection, query, 0..query.before.unwrap_or(u64::MAX), wanted).await?;
    } else {
        let mut blocks = Blocks::of(connection, query).await?;
        while (found.len() as u64) < wanted {
            let Some(block) = blocks.next(connection).await? else { break };
            let numbers = block * BLOCK..((block + 1) * BLOCK).min(query.before.unwrap_or(u64::MAX));
            let still = wanted - found.len() as u64;
            found.extend(newest_in(connection, query, numbers, still).await?);
        }
    }
    let more = found.len() as u64 > limit;
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(Page { rows: found, more })
}

/// The newest `limit` of the records in `numbers` that `query` asks for.
async fn newest_in(
    connection: &impl ConnectionTrait,
    query: &Query,
    numbers: Range<u64>,
    limit: u64,
) -> Result<Vec<Row>, Failed> {
    let mut conditions = vec![if query.unmasked { UNMASKS } else { "1 = 1" }.to_owned()];
    let mut values: Vec<Value> = Vec::new();
    let mut asked = |condition: &str, value: Value| {
        values.push(value);
        conditions.push(condition.replace('?', &format!("${}", values.len())));
    };
    asked("number >= ?", signed(numbers.start).into());
    asked("number < ?", signed(numbers.end).into());
    if let Some(actor) = &query.actor {
        asked("actor = ?", actor.clone().into());
    }
    if let Some(subject) = &query.subject {
        // What a line says is compared below; here, whether it can say it.
        let digits = hex::encode(subject.get(DIGITS_AT..).unwrap_or_default()).into_bytes();
        let within = match connection.get_database_backend() {
            DbBackend::Postgres => "position(? IN record) > 0",
            _ => "instr(record, ?) > 0",
        };
        asked(within, digits.into());
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
    // Of those that may be about the subject, all.
    values.push(signed(if query.subject.is_some() { BLOCK } else { limit }).into());
    let sql = format!(
        "SELECT number, id, actor, action, record FROM audit_record WHERE {} ORDER BY number DESC LIMIT ${}",
        conditions.join(" AND "),
        values.len()
    );
    let mut found = Vec::new();
    for row in rows(connection, &sql, values).await? {
        let row = read(&row)?;
        if query.subject.as_ref().is_none_or(|subject| is_about(&row, subject)) {
            found.push(row);
        }
        if found.len() as u64 == limit {
            break;
        }
    }
    Ok(found)
}

/// Where in the key of a subject the bytes begin that its id writes without a hyphen at its end.
const DIGITS_AT: usize = 11;

fn is_about(row: &Row, subject: &[u8]) -> bool {
    let record = Record::try_from_bytes(&row.record);
    record.is_some_and(|record| record.subjects.iter().any(|about| subject_key(*about) == subject))
}

/// The blocks that name whoever is looked for, the newest first.
struct Blocks {
    /// Actor and subject.
    keys: Vec<Vec<u8>>,
    /// Found and not yet given, the newest last.
    found: Vec<u64>,
    /// How many of the first blocks are not looked into.
    left: u64,
    span: u64,
}

impl Blocks {
    async fn of(connection: &impl ConnectionTrait, query: &Query) -> Result<Self, Failed> {
        let end = super::head(connection).await?.count();
        let left = query.before.unwrap_or(u64::MAX).min(end).div_ceil(BLOCK);
        let keys = query.actor.iter().chain(&query.subject).cloned().collect();
        Ok(Self { keys, found: Vec::new(), left, span: SPAN })
    }

    async fn next(&mut self, connection: &impl ConnectionTrait) -> Result<Option<u64>, Failed> {
        while self.found.is_empty() && self.left > 0 {
            let first = self.left.saturating_sub(self.span);
            let mut values: Vec<Value> = vec![signed(first).into(), signed(self.left - 1).into()];
            let mut sql = "WITH RECURSIVE span(block) AS (SELECT $1 UNION ALL SELECT block + 1 FROM span WHERE block < $2) \
                           SELECT block FROM span WHERE TRUE"
                .to_owned();
            for key in &self.keys {
                values.push(key.clone().into());
                let named =
                    " AND EXISTS (SELECT 1 FROM audit_named WHERE audit_named.block = span.block AND key = $";
                sql.push_str(&format!("{named}{})", values.len()));
            }
            sql.push_str(" ORDER BY block");
            let found = rows(connection, &sql, values).await?;
            self.found = found.iter().map(|row| unsigned(row, 0)).collect::<Result<_, _>>()?;
            (self.left, self.span) = (first, (self.span * 2).min(SPAN_MAX));
        }
        Ok(self.found.pop())
    }
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
