//! How far behind news is: what waits, for how long, and what was set aside.

use clock::Timestamp;
use sea_orm::{ConnectionTrait, DbErr, Statement};

use super::dead::IS_DEAD;
use super::{IS_WAITING, of_domains, topics};
use crate::{Db, Places};

/// How the news of one domain is getting on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lag {
    /// Whose.
    pub domain: String,
    /// Events still to be relayed.
    pub waiting: u64,
    /// Since when the oldest of them waits: since it happened, or was replayed the last time.
    pub oldest_at: Option<Timestamp>,
    /// Dead letters.
    pub dead: u64,
}

/// The lag of each of `domains`, in their order. Costs as much as there is waiting and dead, whatever was relayed.
///
/// # Errors
/// A statement failed.
pub async fn lag(db: &Db, domains: &[&str]) -> Result<Vec<Lag>, DbErr> {
    let none = |domain: &&str| Lag { domain: (*domain).to_owned(), waiting: 0, oldest_at: None, dead: 0 };
    let mut lags: Vec<Lag> = domains.iter().map(none).collect();
    for (topic, count, oldest_at) in count(db, domains, IS_WAITING).await? {
        if let Some(lag) = of_topic(&mut lags, &topic) {
            lag.waiting += count;
            lag.oldest_at = Some(lag.oldest_at.map_or(oldest_at, |at| at.min(oldest_at)));
        }
    }
    for (topic, count, _) in count(db, domains, IS_DEAD).await? {
        if let Some(lag) = of_topic(&mut lags, &topic) {
            lag.dead += count;
        }
    }
    Ok(lags)
}

fn of_topic<'l>(lags: &'l mut [Lag], topic: &str) -> Option<&'l mut Lag> {
    let domain = topic.split('.').next().unwrap_or_default();
    lags.iter_mut().find(|lag| lag.domain == domain)
}

/// How many events there are of each topic, and since when the oldest waits.
async fn count(db: &Db, domains: &[&str], which: &str) -> Result<Vec<(String, u64, Timestamp)>, DbErr> {
    let reader = db.reader();
    let sql = counting(&mut Places::on(reader), domains, which);
    let statement = Statement::from_sql_and_values(reader.get_database_backend(), sql, topics(domains));
    let rows = reader.query_all_raw(statement).await?;
    rows.iter()
        .map(|row| {
            let count: i64 = row.try_get_by_index(1)?;
            let oldest_at = Timestamp::from_microsecond(row.try_get_by_index(2)?)
                .map_err(|error| DbErr::Type(error.to_string()))?;
            Ok((row.try_get_by_index(0)?, u64::try_from(count).unwrap_or(0), oldest_at))
        })
        .collect()
}

/// `which` is what one of the partial indexes holds, so that nothing else is read.
pub(crate) fn counting(places: &mut Places, domains: &[&str], which: &str) -> String {
    let mine = of_domains(places, domains);
    format!(
        "SELECT topic, COUNT(*), MIN(COALESCE((SELECT MAX(replayed_at) FROM outbox_replay \
         WHERE event = outbox_event.id), occurred_at)) \
         FROM outbox_event WHERE {which} AND {mine} GROUP BY topic"
    )
}
