//! Opening a database, reading from it, and handing in writes.

mod gather;
mod repeat;
mod scrub;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, IsolationLevel, SqlErr,
    SqlxPostgresConnector, SqlxSqliteConnector,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use self::gather::Gatherer;
use crate::Faults;

/// How long a database may take to say that it is there.
const PROBED: Duration = Duration::from_secs(1);

/// Which database stands behind the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Embedded, one writer.
    Sqlite,
    /// A PostgreSQL-wire server.
    Postgres,
}

/// A unit of work inside one transaction. It may run more than once (see the crate's page).
pub trait Work<T, E>:
    for<'t> Fn(&'t DatabaseTransaction) -> BoxFuture<'t, Result<T, E>> + Send + Sync + 'static
{
}

impl<T, E, F> Work<T, E> for F where
    F: for<'t> Fn(&'t DatabaseTransaction) -> BoxFuture<'t, Result<T, E>> + Send + Sync + 'static
{
}

/// Why a database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenFailed {
    /// The address is not `postgres://…`.
    #[error("`{address}` is not a database address; write postgres://user@host:port/name")]
    Address {
        /// What was given, without its password.
        address: String,
    },
    /// The database did not accept the connection, or its file cannot be opened.
    #[error("the database could not be opened")]
    Connect(#[from] sqlx::Error),
}

/// One database: cheap to clone, closed when [`Db::close`] is called.
#[derive(Clone)]
pub struct Db {
    kind: Kind,
    reader: DatabaseConnection,
    writer: Writer,
    /// One connection that nobody else waits for.
    probe: Option<sqlx::PgPool>,
    /// How the embedded file is opened; `None` on PostgreSQL.
    file: Option<SqliteConnectOptions>,
    faults: Arc<Faults>,
}

#[derive(Clone)]
enum Writer {
    Sqlite { connection: DatabaseConnection, gatherer: Arc<Gatherer> },
    Postgres(DatabaseConnection),
}

impl Db {
    /// Opens an embedded database file, creating it where it is missing. WAL, `synchronous=FULL`: an answered
    /// write survives a power cut. What is deleted is overwritten with zeros. Several processes may open the file; of
    /// their writes, one waits for the other. Where what stands in it is also remembered in memory, the caller sees to it
    /// that there is one.
    ///
    /// # Errors
    /// [`OpenFailed::Connect`].
    pub async fn open_sqlite(file: &Path) -> Result<Self, OpenFailed> {
        Self::open_sqlite_with(file, SqliteSynchronous::Full, "-16384", 4_096, "on").await
    }

    /// Opens an embedded database file whose content can be made anew from elsewhere: as [`Db::open_sqlite`],
    /// but without waiting for the disk at each commit, and what is deleted stays in it until its place is needed. A power
    /// cut may lose the newest writes, never the order.
    ///
    /// # Errors
    /// [`OpenFailed::Connect`].
    pub async fn open_sqlite_disposable(file: &Path) -> Result<Self, OpenFailed> {
        Self::open_sqlite_with(file, SqliteSynchronous::Normal, "-6144", 16_384, "off").await
    }

    /// `cache` is in SQLite's terms: negative, KiB per connection. A file that is there keeps the size of its pages.
    async fn open_sqlite_with(
        file: &Path,
        synchronous: SqliteSynchronous,
        cache: &'static str,
        page_bytes: u32,
        secure_delete: &'static str,
    ) -> Result<Self, OpenFailed> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .page_size(page_bytes)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(synchronous)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            .statement_cache_capacity(256)
            .pragma("cache_size", cache)
            .pragma("secure_delete", secure_delete)
            .pragma("temp_store", "memory")
            .pragma("journal_size_limit", "67108864");
        // A connection to a file does not go away by itself: asking it whether it is there only costs.
        let pool = SqlitePoolOptions::new().test_before_acquire(false);
        let one = pool.clone().max_connections(1).connect_with(options.clone()).await?;
        let readers =
            pool.max_connections(4).connect_with(options.clone().pragma("query_only", "on")).await?;
        let connection = SqlxSqliteConnector::from_sqlx_sqlite_pool(one);
        let faults = Arc::default();
        let gatherer = Arc::new(Gatherer::start(connection.clone(), Arc::clone(&faults)));
        Ok(Self {
            kind: Kind::Sqlite,
            reader: SqlxSqliteConnector::from_sqlx_sqlite_pool(readers),
            writer: Writer::Sqlite { connection, gatherer },
            probe: None,
            file: Some(options),
            faults,
        })
    }

    /// Opens a PostgreSQL-wire database: `postgres://user:password@host:port/name`.
    ///
    /// # Errors
    /// [`OpenFailed`].
    pub async fn open_postgres(address: &str) -> Result<Self, OpenFailed> {
        Self::open_postgres_with(pg_options(address)?).await
    }

    /// As [`Db::open_postgres`], but with tables of its own in the schema `schema`, which is made where it is missing.
    /// `schema` is of lower-case letters, digits and underscores.
    ///
    /// # Errors
    /// [`OpenFailed`].
    pub async fn open_postgres_schema(address: &str, schema: &str) -> Result<Self, OpenFailed> {
        let db = Self::open_postgres_with(pg_options(address)?.options([("search_path", schema)])).await?;
        let made = db.migrator().execute_unprepared(&format!("CREATE SCHEMA IF NOT EXISTS {schema}")).await;
        match made {
            // Of two that make it at once, one is told that it is there.
            Err(error) if !matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {
                Err(OpenFailed::Connect(sqlx::Error::Protocol(error.to_string())))
            }
            _ => Ok(db),
        }
    }

    async fn open_postgres_with(options: PgConnectOptions) -> Result<Self, OpenFailed> {
        let probe = PgPoolOptions::new()
            .max_connections(1)
            .acquire_timeout(PROBED)
            .connect_lazy_with(options.clone());
        let pool = PgPoolOptions::new()
            .max_connections(16)
            .acquire_timeout(Duration::from_secs(5))
            .connect_with(options)
            .await?;
        let connection = SqlxPostgresConnector::from_sqlx_postgres_pool(pool);
        Ok(Self {
            kind: Kind::Postgres,
            reader: connection.clone(),
            writer: Writer::Postgres(connection),
            probe: Some(probe),
            file: None,
            faults: Arc::default(),
        })
    }

    /// Leaves of what was overwritten or deleted by now nothing in the embedded file and its log: brings the log over and
    /// cuts it to nothing. Whether it could; where somebody reads all the while, ask again. On PostgreSQL nothing is
    /// done: there the server's vacuum and the turnover of its log do it in their own time.
    ///
    /// # Errors
    /// The file could not be read or written.
    pub async fn scrub(&self) -> Result<bool, DbErr> {
        let Some(options) = &self.file else { return Ok(true) };
        scrub::run(options.clone()).await
    }

    /// Which database it is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// For reading. Sees every write that was answered before the read began.
    #[must_use]
    pub const fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// Runs `work` in a transaction and answers when it is durable; an `Err` rolls back what `work` did. What was begun is
    /// finished, also where the caller no longer waits for it.
    ///
    /// ```text
    /// db.write(move |tx| { let row = row.clone(); Box::pin(async move { insert(tx, row).await }) }).await?;
    /// ```
    ///
    /// # Errors
    /// What `work` returned, or the database's own failure as `E::from(DbErr)`.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbErr> + FaultOf + Send + 'static,
        F: Work<T, E>,
    {
        match &self.writer {
            Writer::Sqlite { gatherer, .. } => gatherer.run(work).await,
            Writer::Postgres(connection) => {
                repeat::run(connection, IsolationLevel::Serializable, work, &self.faults).await
            }
        }
    }

    /// As [`Db::write`], for housekeeping that changes many rows while others work: each statement must itself compare
    /// what it changes, for it sees what was committed when it began, not when the transaction did (READ COMMITTED). In
    /// return it does not make the others' transactions repeat because of what it has read.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub async fn write_by_statement<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbErr> + FaultOf + Send + 'static,
        F: Work<T, E>,
    {
        match &self.writer {
            Writer::Sqlite { gatherer, .. } => gatherer.run(work).await,
            Writer::Postgres(connection) => {
                repeat::run(connection, IsolationLevel::ReadCommitted, work, &self.faults).await
            }
        }
    }

    /// Failures made on purpose: for tests of everything above.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// What it said instead.
    pub async fn ping(&self) -> Result<(), DbErr> {
        self.reader.execute_unprepared("SELECT 1").await.map(|_| ())
    }

    /// Whether the database can be reached, however much it has to do. An embedded one always can.
    pub async fn is_reachable(&self) -> bool {
        let Some(probe) = &self.probe else { return true };
        let asked = tokio::time::timeout(PROBED, sqlx::query("SELECT 1").execute(probe)).await;
        matches!(asked, Ok(Ok(_)))
    }

    /// The SQLite pool of readers, for measured hot paths; `None` on PostgreSQL.
    #[must_use]
    pub fn sqlite_reader(&self) -> Option<&sqlx::SqlitePool> {
        (self.kind == Kind::Sqlite).then(|| self.reader.get_sqlite_connection_pool())
    }

    /// The PostgreSQL pool, for measured hot paths; `None` on SQLite.
    #[must_use]
    pub fn postgres_pool(&self) -> Option<&sqlx::PgPool> {
        (self.kind == Kind::Postgres).then(|| self.reader.get_postgres_connection_pool())
    }

    /// Finishes the writes handed in, then closes every connection.
    pub async fn close(&self) {
        if let Writer::Sqlite { connection, gatherer } = &self.writer {
            gatherer.stop().await;
            connection.get_sqlite_connection_pool().close().await;
            self.reader.get_sqlite_connection_pool().close().await;
        } else {
            self.reader.get_postgres_connection_pool().close().await;
            if let Some(probe) = &self.probe {
                probe.close().await;
            }
        }
    }

    pub(crate) const fn migrator(&self) -> &DatabaseConnection {
        match &self.writer {
            Writer::Sqlite { connection, .. } | Writer::Postgres(connection) => connection,
        }
    }
}

fn pg_options(address: &str) -> Result<PgConnectOptions, OpenFailed> {
    address.parse().map_err(|_| OpenFailed::Address {
        address: address.split('@').next_back().unwrap_or_default().to_owned(),
    })
}

/// Tells whether an error of a domain was a database asking for the transaction to be repeated. Implemented for every
/// error that names its source: the chain of sources is searched for a [`DbErr`].
pub trait FaultOf {
    /// Whether the whole transaction should run again.
    fn is_serialization(&self) -> bool;
}

impl<E: std::error::Error + 'static> FaultOf for E {
    fn is_serialization(&self) -> bool {
        let mut next: Option<&(dyn std::error::Error + 'static)> = Some(self);
        while let Some(error) = next {
            if let Some(error) = error.downcast_ref::<DbErr>() {
                return crate::fault(error) == crate::Fault::Serialization;
            }
            next = error.source();
        }
        false
    }
}
