//! PostgreSQL: each write a transaction, serializable as a rule, repeated as a whole when the database asks for it.

use std::sync::Arc;
use std::time::Duration;

use sea_orm::{DatabaseConnection, DbErr, IsolationLevel, RuntimeErr, TransactionTrait};
use tracing::Instrument as _;

use super::{FaultOf, Work};
use crate::Faults;

/// How often a transaction is tried before its failure is the caller's.
const TRIES: u32 = 10;

/// Does the work in a task of its own, so that it is finished though its caller goes away. A transaction that is dropped
/// while it begins would stay open on its connection, and whoever gets that next would read and write inside of it.
pub(super) async fn run<T, E, F>(
    connection: &DatabaseConnection,
    isolation: IsolationLevel,
    work: F,
    faults: &Arc<Faults>,
) -> Result<T, E>
where
    T: Send + 'static,
    E: From<DbErr> + FaultOf + Send + 'static,
    F: Work<T, E>,
{
    let (connection, faults) = (connection.clone(), Arc::clone(faults));
    let task = async move { until_done(&connection, isolation, &work, &faults).await };
    tokio::spawn(task.in_current_span())
        .await
        .unwrap_or_else(|_| Err(E::from(DbErr::Conn(RuntimeErr::Internal("the work panicked".to_owned())))))
}

async fn until_done<T, E, F>(
    connection: &DatabaseConnection,
    isolation: IsolationLevel,
    work: &F,
    faults: &Faults,
) -> Result<T, E>
where
    T: Send,
    E: From<DbErr> + FaultOf + Send,
    F: Work<T, E>,
{
    let mut tried = 0;
    loop {
        tried += 1;
        match once(connection, isolation, work, faults).await {
            Err(error) if tried < TRIES && error.is_serialization() => {
                metrics::counter!("db_transactions_repeated").increment(1);
                tokio::time::sleep(Duration::from_millis(u64::from(tried * tried))).await;
            }
            answer => return answer,
        }
    }
}

async fn once<T, E, F>(
    connection: &DatabaseConnection,
    isolation: IsolationLevel,
    work: &F,
    faults: &Faults,
) -> Result<T, E>
where
    T: Send,
    E: From<DbErr> + Send,
    F: Work<T, E>,
{
    let tx = connection.begin_with_config(Some(isolation), None).await?;
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
