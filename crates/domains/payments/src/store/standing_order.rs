//! Standing orders in the store.

use clock::BusinessDate;
use db::{Db, Places};
use ids::{AccountId, StandingOrderId};
use money::Money;
use sea_orm::{ConnectionTrait, DbErr, Value};

use super::{bytes, statement};

/// A standing order; payee bank and account sealed.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) id: StandingOrderId,
    pub(crate) account: AccountId,
    pub(crate) sealed: Vec<u8>,
    pub(crate) amount: Money,
    pub(crate) code: u16,
    pub(crate) from: Option<BusinessDate>,
}

const CHUNK: usize = 500;

/// Writes orders that are not there yet.
pub(crate) async fn insert(db: &Db, rows: Vec<Row>) -> Result<(), DbErr> {
    db.write(move |tx| {
        let rows = rows.clone();
        Box::pin(async move {
            for chunk in rows.chunks(CHUNK) {
                let sql = format!(
                    "INSERT INTO payments_standing_order \
                     (id, account, sealed, amount_minor, currency, code, from_on) VALUES {} ON CONFLICT DO NOTHING",
                    Places::on(tx).rows(chunk.len(), 7)
                );
                tx.execute_raw(statement(tx, &sql, chunk.iter().flat_map(values))).await?;
            }
            Ok(())
        })
    })
    .await
}

fn values(row: &Row) -> [Value; 7] {
    [
        bytes(row.id.to_bytes()),
        bytes(row.account.to_bytes()),
        row.sealed.clone().into(),
        row.amount.minor().into(),
        row.amount.currency().code().into(),
        i64::from(row.code).into(),
        row.from.map(|day| day.to_string()).into(),
    ]
}
