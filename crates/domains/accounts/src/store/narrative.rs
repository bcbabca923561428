//! Narratives and verification codes in the store.

use std::collections::HashMap;

use db::{Db, Places};
use ids::{AccountId, TransferId};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, Value};

use super::{CHUNK, bytes, malformed, statement};

/// A narrative, sealed.
#[derive(Debug, Clone)]
pub(crate) struct Sealed {
    pub(crate) account: AccountId,
    pub(crate) transfer: TransferId,
    pub(crate) sealed: Vec<u8>,
}

/// A verification code and what it vouches for.
#[derive(Debug, Clone)]
pub(crate) struct Code {
    pub(crate) code: [u8; 10],
    pub(crate) account: AccountId,
    pub(crate) transfer: TransferId,
}

/// Writes narratives and codes that are not there yet.
pub(crate) async fn insert(db: &Db, narratives: Vec<Sealed>, codes: Vec<Code>) -> Result<(), DbErr> {
    db.write(move |tx| {
        let (narratives, codes) = (narratives.clone(), codes.clone());
        Box::pin(async move {
            for chunk in narratives.chunks(CHUNK) {
                insert_narratives(tx, chunk).await?;
            }
            for chunk in codes.chunks(CHUNK) {
                insert_codes(tx, chunk).await?;
            }
            Ok(())
        })
    })
    .await
}

async fn insert_narratives(tx: &DatabaseTransaction, chunk: &[Sealed]) -> Result<(), DbErr> {
    let sql = format!(
        "INSERT INTO accounts_narrative (account, transfer, sealed) VALUES {} ON CONFLICT DO NOTHING",
        Places::on(tx).rows(chunk.len(), 3)
    );
    let values = chunk.iter().flat_map(|row| -> [Value; 3] {
        [bytes(row.account.to_bytes()), bytes(row.transfer.to_bytes()), row.sealed.clone().into()]
    });
    tx.execute_raw(statement(tx, &sql, values)).await.map(|_| ())
}

async fn insert_codes(tx: &DatabaseTransaction, chunk: &[Code]) -> Result<(), DbErr> {
    let sql = format!(
        "INSERT INTO accounts_receipt (code, account, transfer) VALUES {} ON CONFLICT DO NOTHING",
        Places::on(tx).rows(chunk.len(), 3)
    );
    let values = chunk.iter().flat_map(|row| -> [Value; 3] {
        [row.code.to_vec().into(), bytes(row.account.to_bytes()), bytes(row.transfer.to_bytes())]
    });
    tx.execute_raw(statement(tx, &sql, values)).await.map(|_| ())
}

/// Sealed narratives of one account for these transfers; those without one are missing.
pub(crate) async fn of_transfers(
    db: &Db,
    account: AccountId,
    transfers: &[TransferId],
) -> Result<HashMap<TransferId, Vec<u8>>, DbErr> {
    let mut found = HashMap::with_capacity(transfers.len());
    for chunk in transfers.chunks(CHUNK) {
        let mut places = Places::on(db.reader());
        let sql = format!(
            "SELECT transfer, sealed FROM accounts_narrative WHERE transfer IN {} AND account = {}",
            places.list(chunk.len()),
            places.one()
        );
        let ids = chunk.iter().map(|id| bytes(id.to_bytes())).chain([bytes(account.to_bytes())]);
        for row in db.reader().query_all_raw(statement(db.reader(), &sql, ids)).await? {
            let transfer: Vec<u8> = row.try_get_by_index(0)?;
            found.insert(TransferId::try_from_bytes(&transfer).map_err(malformed)?, row.try_get_by_index(1)?);
        }
    }
    Ok(found)
}

/// What a verification code was given out for.
pub(crate) async fn by_code(db: &Db, code: [u8; 10]) -> Result<Option<(AccountId, TransferId)>, DbErr> {
    let sql = "SELECT account, transfer FROM accounts_receipt WHERE code = $1";
    let row = db.reader().query_one_raw(statement(db.reader(), sql, [code.to_vec().into()])).await?;
    row.map(|row| {
        let blob = |at: usize| row.try_get_by_index::<Vec<u8>>(at);
        Ok((
            AccountId::try_from_bytes(&blob(0)?).map_err(malformed)?,
            TransferId::try_from_bytes(&blob(1)?).map_err(malformed)?,
        ))
    })
    .transpose()
}
