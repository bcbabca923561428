//! PostgreSQL: each write a serializable transaction, repeated as a whole when the database asks for it.

use std::time::Duration;

use sea_orm::{DatabaseConnection, DbErr, IsolationLevel, TransactionTrait};

use super::{FaultOf, Work};
use crate::Faults;

/// How often a transaction is tried before its failure is the caller's.
const TRIES: u32 = 10;

pub(super) async fn run<T, E, F>(connection: &DatabaseConnection, work: &F, faults: &Faults) -> Result<T, E>
where
    T: Send,
    E: From<DbErr> + FaultOf + Send,
    F: Work<T, E>,
{
    let mut tried = 0;
    loop {
        tried += 1;
        match once(connection, work, faults).await {
            Err(error) if tried < TRIES && error.is_serialization() => {
                metrics::counter!("db_transactions_repeated").increment(1);
                tokio::time::sleep(Duration::from_millis(u64::from(tried * tried))).await;
            }
            answer => return answer,
        }
    }
}

async fn once<T, E, F>(connection: &DatabaseConnection, work: &F, faults: &Faults) -> Result<T, E>
where
    T: Send,
    E: From<DbErr> + Send,
    F: Work<T, E>,
{
    let tx = connection.begin_with_config(Some(IsolationLevel::Serializable), None).await?;
    match work(&tx).await {
        Ok(value) => {
            faults.commit(tx).await?;
            Ok(value)
        }
        Err(error) => {
            // A rollback that fails leaves nothing behind either: the connection is discarded.
            let _ = tx.rollback().await;
            Err(error)
        }
    }
}
