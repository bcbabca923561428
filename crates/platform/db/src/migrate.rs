//! Numbered steps that bring the tables of a domain up to date, the same on both databases.

use std::collections::BTreeMap;
use std::time::Duration;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, Statement, TransactionTrait};

use crate::{Db, Kind};

/// One step: its file name without ending, and its text for either database.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// For example `0001_outbox`.
    pub name: &'static str,
    /// Text for SQLite.
    pub sqlite: &'static str,
    /// Text for PostgreSQL.
    pub postgres: &'static str,
}

/// The steps of one domain, in order.
#[derive(Debug, Clone, Copy)]
pub struct Migrations {
    /// The domain that owns the tables.
    pub domain: &'static str,
    /// In the order in which they are applied; names ascend.
    pub steps: &'static [Step],
}

/// Embeds `migrations/{sqlite,postgres}/<name>.sql` of the calling crate:
/// `db::migrations!("payments", "0001_payment", "0002_payee")`.
#[macro_export]
macro_rules! migrations {
    ($domain:literal $(, $name:literal)* $(,)?) => {
        $crate::Migrations {
            domain: $domain,
            steps: &[$($crate::Step {
                name: $name,
                sqlite: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/sqlite/", $name, ".sql")),
                postgres: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/postgres/", $name, ".sql")),
            }),*],
        }
    };
}

/// Why the tables could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrateFailed {
    /// The database holds a step that this program does not know: it was written by a newer one.
    #[error(
        "the data was written by a newer version (`{domain}` has step `{step}`); start that version instead"
    )]
    DataNewer {
        /// Whose tables.
        domain: String,
        /// The unknown step.
        step: String,
    },
    /// A statement failed.
    #[error("step `{step}` of `{domain}` failed")]
    Statement {
        /// Whose tables.
        domain: &'static str,
        /// Which step.
        step: &'static str,
        /// What the database said.
        #[source]
        source: DbErr,
    },
    /// The list of applied steps could not be read.
    #[error("the list of applied steps could not be read")]
    Unreadable(#[from] DbErr),
}

const LIST: &str = "CREATE TABLE IF NOT EXISTS schema_step (
    domain TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (domain, name))";

/// How often a step that failed is tried again.
const TRIES: u32 = 6;
/// Rest before the first of these; each is longer than the one before.
const REST: Duration = Duration::from_millis(40);

impl Migrations {
    /// Applies what is missing; each step is one transaction together with its entry in the list.
    ///
    /// # Errors
    /// [`MigrateFailed`]; steps before the failed one stay applied.
    pub async fn apply(&self, db: &Db) -> Result<(), MigrateFailed> {
        let mut tries = 0;
        loop {
            match self.apply_once(db).await {
                // Another process may be applying the same: what it has done by then is not done again.
                Err(MigrateFailed::Statement { .. } | MigrateFailed::Unreadable(_))
                    if db.kind() == Kind::Postgres && tries < TRIES =>
                {
                    tries += 1;
                    tokio::time::sleep(REST * tries).await;
                }
                applied => return applied,
            }
        }
    }

    async fn apply_once(&self, db: &Db) -> Result<(), MigrateFailed> {
        let writer = db.migrator();
        writer.execute_unprepared(LIST).await?;
        let applied = self.applied(writer).await?;
        if let Some(step) = applied.keys().find(|name| !self.steps.iter().any(|step| step.name == **name)) {
            return Err(MigrateFailed::DataNewer { domain: self.domain.to_owned(), step: step.clone() });
        }
        for step in self.steps.iter().filter(|step| !applied.contains_key(step.name)) {
            self.apply_step(writer, db.kind(), step).await.map_err(|source| MigrateFailed::Statement {
                domain: self.domain,
                step: step.name,
                source,
            })?;
        }
        Ok(())
    }

    async fn applied(&self, writer: &DatabaseConnection) -> Result<BTreeMap<String, ()>, DbErr> {
        let backend = writer.get_database_backend();
        let sql = "SELECT name FROM schema_step WHERE domain = $1";
        let rows =
            writer.query_all_raw(Statement::from_sql_and_values(backend, sql, [self.domain.into()])).await?;
        rows.iter().map(|row| Ok((row.try_get_by_index(0)?, ()))).collect()
    }

    async fn apply_step(&self, writer: &DatabaseConnection, kind: Kind, step: &Step) -> Result<(), DbErr> {
        let text = match kind {
            Kind::Sqlite => step.sqlite,
            Kind::Postgres => step.postgres,
        };
        let tx = writer.begin().await?;
        tx.execute_unprepared(text).await?;
        let sql = "INSERT INTO schema_step (domain, name) VALUES ($1, $2)";
        let values = [self.domain.into(), step.name.into()];
        tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
        tx.commit().await
    }
}
