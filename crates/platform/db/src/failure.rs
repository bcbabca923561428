//! What a failed statement means to the one who issued it.

use contracts::Unavailable;
use sea_orm::{DbErr, RuntimeErr};

/// The few kinds of failure that a caller can act upon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The transaction lost against another and may be repeated as a whole.
    Serialization,
    /// A row with this key exists.
    Unique,
    /// No room is left on the disk.
    StorageFull,
    /// The database cannot be reached or is shutting down.
    Away,
    /// Anything else: a bug or a damaged database.
    Other,
}

/// The kind of failure behind `error`.
#[must_use]
pub fn fault(error: &DbErr) -> Fault {
    let runtime = match error {
        DbErr::Exec(runtime) | DbErr::Query(runtime) | DbErr::Conn(runtime) => runtime,
        DbErr::ConnectionAcquire(_) => return Fault::Away,
        _ => return Fault::Other,
    };
    let error = match runtime {
        RuntimeErr::SqlxError(error) => error,
        RuntimeErr::Internal(what) if what == crate::faults::SERIALIZATION => return Fault::Serialization,
        RuntimeErr::Internal(_) => return Fault::Away,
    };
    match error.as_ref() {
        sqlx::Error::Database(database) => by_code(&database.code().unwrap_or_default()),
        sqlx::Error::Io(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => Fault::Away,
        _ => Fault::Other,
    }
}

/// PostgreSQL gives SQLSTATE (five characters), SQLite its extended result code (a number).
fn by_code(code: &str) -> Fault {
    match code {
        "40001" | "40P01" => Fault::Serialization,
        "23505" | "1555" | "2067" => Fault::Unique,
        "53100" | "13" => Fault::StorageFull,
        code if code.starts_with("08") || code.starts_with("57P") => Fault::Away,
        _ => Fault::Other,
    }
}

/// Logs `error` and gives what a contract may say of it.
#[must_use]
pub fn unavailable(error: &DbErr) -> Unavailable {
    let kind = fault(error);
    tracing::error!(error = %error, fault = ?kind, "a statement failed");
    Unavailable::StoreFailed
}
