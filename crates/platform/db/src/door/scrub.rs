//! SQLite: nothing of what was overwritten stays in the log beside the file.

use std::time::Duration;

use sea_orm::DbErr;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, Row as _};

/// How often it is tried where somebody reads.
const TRIES: u32 = 40;
/// Between two tries writers go on.
const PAUSE: Duration = Duration::from_millis(50);
/// While a try waits for readers, writers wait for it: no longer than this.
const PATIENCE: Duration = Duration::from_millis(20);

/// On a connection of its own, so that the writer's is not held. Whether the log is empty now.
pub(super) async fn run(options: SqliteConnectOptions) -> Result<bool, DbErr> {
    let failed = |error: sqlx::Error| DbErr::Custom(format!("the log could not be brought over: {error}"));
    let mut connection = options.busy_timeout(PATIENCE).connect().await.map_err(failed)?;
    let mut done = false;
    for tried in 0..TRIES {
        if tried > 0 {
            tokio::time::sleep(PAUSE).await;
        }
        let row = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut connection).await;
        match row.and_then(|row| row.try_get::<i64, _>(0)) {
            Ok(0) => done = true,
            Ok(_) => {}
            Err(sqlx::Error::Database(error)) if is_busy(&*error) => {}
            Err(error) => return Err(failed(error)),
        }
        if done {
            break;
        }
    }
    connection.close().await.map_err(failed)?;
    Ok(done)
}

/// `SQLITE_BUSY` and `SQLITE_LOCKED`, whichever way they are extended.
fn is_busy(error: &dyn sqlx::error::DatabaseError) -> bool {
    let code = error.code().and_then(|code| code.parse::<u32>().ok());
    matches!(code.map(|code| code & 0xff), Some(5 | 6))
}
