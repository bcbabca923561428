//! Customers in the database: sealed fields, keyed hashes, and nothing in the clear.

pub(crate) mod consent;
pub(crate) mod erasure;

use std::collections::{HashMap, HashSet};

use clock::Timestamp;
use contracts::customers::Kyc;
use db::outbox::{Event, announce};
use db::{Db, Places};
use ids::CustomerId;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, QueryResult, Statement, Value};

/// Rows per statement.
const ROWS_MAX: usize = 500;

/// What kind of customer a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Person,
    Business,
}

/// A customer as stored.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) id: CustomerId,
    pub(crate) kind: Kind,
    pub(crate) kyc: Kyc,
    pub(crate) name: Vec<u8>,
    pub(crate) number: Option<Vec<u8>>,
    pub(crate) phone: Option<Vec<u8>>,
    pub(crate) details: Vec<u8>,
    pub(crate) registered_at: Timestamp,
}

/// A row with the hashes under which it is found.
#[derive(Debug, Clone)]
pub(crate) struct NewRow {
    pub(crate) row: Row,
    pub(crate) hashes: Hashes,
}

/// The hashes under which a customer is found, and the one that recognizes a repeated registration.
#[derive(Debug, Clone)]
pub(crate) struct Hashes {
    pub(crate) name: [u8; 32],
    pub(crate) number: Option<[u8; 32]>,
    pub(crate) phone: Option<[u8; 32]>,
    pub(crate) foreign: Option<[u8; 32]>,
    pub(crate) content: [u8; 32],
}

/// What stands in the way of a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clash {
    /// The same customer was registered before, with the same content.
    Repeated,
    /// The id or the number belongs to another.
    Known,
    /// The phone belongs to another.
    Phone,
}

/// Why rows were not inserted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InsertFailed {
    #[error("row {at} clashes with a customer")]
    Clash { at: usize, clash: Clash },
    #[error("the rows could not be written")]
    Store(#[from] DbErr),
}

/// By which hash to look.
#[derive(Debug, Clone, Copy)]
pub(crate) enum By {
    Phone,
    Number,
    Name,
    Foreign,
}

struct Taken {
    ids: HashMap<CustomerId, Option<Vec<u8>>>,
    numbers: HashSet<Vec<u8>>,
    phones: HashSet<Vec<u8>>,
}

impl Taken {
    fn clash(&self, id: CustomerId, hashes: &Hashes) -> Option<Clash> {
        if let Some(content) = self.ids.get(&id) {
            let same = content.as_deref() == Some(hashes.content.as_slice());
            return Some(if same { Clash::Repeated } else { Clash::Known });
        }
        if hashes.number.is_some_and(|hash| self.numbers.contains(hash.as_slice())) {
            return Some(Clash::Known);
        }
        hashes.phone.is_some_and(|hash| self.phones.contains(hash.as_slice())).then_some(Clash::Phone)
    }
}

/// For each of `wanted`, in order, what stands in its way.
pub(crate) async fn clashes(
    reader: &impl ConnectionTrait,
    wanted: &[(CustomerId, Hashes)],
) -> Result<Vec<Option<Clash>>, DbErr> {
    let mut found = Vec::with_capacity(wanted.len());
    for part in wanted.chunks(ROWS_MAX) {
        let taken = taken(reader, part).await?;
        found.extend(part.iter().map(|(id, hashes)| taken.clash(*id, hashes)));
    }
    Ok(found)
}

async fn taken(reader: &impl ConnectionTrait, part: &[(CustomerId, Hashes)]) -> Result<Taken, DbErr> {
    let ids: Vec<Value> = part.iter().map(|(id, _)| id.to_bytes().to_vec().into()).collect();
    let numbers = part.iter().filter_map(|(_, hashes)| hashes.number.map(|hash| hash.to_vec().into()));
    let phones = part.iter().filter_map(|(_, hashes)| hashes.phone.map(|hash| hash.to_vec().into()));
    let mut taken = Taken { ids: HashMap::new(), numbers: HashSet::new(), phones: HashSet::new() };
    for (column, values) in
        [("id", ids), ("number_hash", numbers.collect()), ("phone_hash", phones.collect())]
    {
        if values.is_empty() {
            continue;
        }
        let sql = format!(
            "SELECT id, number_hash, phone_hash, content_hash FROM customers_customer WHERE {column} IN {}",
            Places::on(reader).list(values.len())
        );
        let statement = Statement::from_sql_and_values(reader.get_database_backend(), sql, values);
        for row in reader.query_all_raw(statement).await? {
            let id = id_of(&row)?;
            // Whatever found the row: between two of these reads another registration may have been written.
            taken.ids.insert(id, row.try_get_by_index(3)?);
            taken.numbers.extend(row.try_get_by_index::<Option<Vec<u8>>>(1)?);
            taken.phones.extend(row.try_get_by_index::<Option<Vec<u8>>>(2)?);
        }
    }
    Ok(taken)
}

/// Inserts all rows that are not there yet, with the news of it, or none.
pub(crate) async fn insert(db: &Db, rows: Vec<NewRow>, news: Event) -> Result<(), InsertFailed> {
    db.write(move |tx| {
        let (rows, news) = (rows.clone(), news.clone());
        Box::pin(async move {
            let wanted: Vec<_> = rows.iter().map(|new| (new.row.id, new.hashes.clone())).collect();
            let clashes = clashes(tx, &wanted).await?;
            let first = clashes.iter().position(|clash| matches!(clash, Some(Clash::Known | Clash::Phone)));
            if let Some((at, clash)) = first.and_then(|at| Some((at, clashes.get(at).copied()??))) {
                return Err(InsertFailed::Clash { at, clash });
            }
            let fresh: Vec<&NewRow> =
                rows.iter().zip(&clashes).filter(|(_, clash)| clash.is_none()).map(|(new, _)| new).collect();
            if fresh.is_empty() {
                return Ok(());
            }
            for part in fresh.chunks(ROWS_MAX) {
                insert_part(tx, part).await?;
            }
            Ok(announce(tx, &news).await?)
        })
    })
    .await
}

async fn insert_part(tx: &DatabaseTransaction, part: &[&NewRow]) -> Result<(), DbErr> {
    const COLUMNS: usize = 13;
    let sql = format!(
        "INSERT INTO customers_customer (id, kind, kyc, name, number, phone, details, name_hash, number_hash, \
         phone_hash, foreign_hash, content_hash, registered_at) VALUES {}",
        Places::on(tx).rows(part.len(), COLUMNS)
    );
    let values = part.iter().flat_map(|NewRow { row, hashes }| -> [Value; COLUMNS] {
        let bytes = |hash: Option<[u8; 32]>| Value::from(hash.map(|hash| hash.to_vec()));
        [
            row.id.to_bytes().to_vec().into(),
            kind_text(row.kind).into(),
            kyc_text(row.kyc).into(),
            row.name.clone().into(),
            row.number.clone().into(),
            row.phone.clone().into(),
            row.details.clone().into(),
            bytes(Some(hashes.name)),
            bytes(hashes.number),
            bytes(hashes.phone),
            bytes(hashes.foreign),
            bytes(Some(hashes.content)),
            row.registered_at.as_microsecond().into(),
        ]
    });
    tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await.map(|_| ())
}

const SELECT: &str = "SELECT id, kind, kyc, name, number, phone, details, registered_at FROM customers_customer WHERE erased_at IS NULL";

/// The rows of those of `ids` that are there and not erased, in any order.
pub(crate) async fn load(db: &Db, ids: &[CustomerId]) -> Result<Vec<Row>, DbErr> {
    let mut rows = Vec::with_capacity(ids.len());
    for part in ids.chunks(ROWS_MAX) {
        let sql = format!("{SELECT} AND id IN {}", Places::on(db.reader()).list(part.len()));
        let values = part.iter().map(|id| Value::from(id.to_bytes().to_vec()));
        let reader = db.reader();
        let statement = Statement::from_sql_and_values(reader.get_database_backend(), sql, values);
        for row in reader.query_all_raw(statement).await? {
            rows.push(read(&row)?);
        }
    }
    Ok(rows)
}

/// The rows of this hash, oldest first, at most `limit`.
pub(crate) async fn find(db: &Db, by: By, hash: [u8; 32], limit: u32) -> Result<Vec<Row>, DbErr> {
    let column = match by {
        By::Phone => "phone_hash",
        By::Number => "number_hash",
        By::Name => "name_hash",
        By::Foreign => "foreign_hash",
    };
    let sql = format!("{SELECT} AND {column} = $1 ORDER BY id LIMIT $2");
    let values: [Value; 2] = [hash.to_vec().into(), i64::from(limit).into()];
    let reader = db.reader();
    let statement = Statement::from_sql_and_values(reader.get_database_backend(), sql, values);
    reader.query_all_raw(statement).await?.iter().map(read).collect()
}

/// Who has this phone.
pub(crate) async fn id_by_phone(db: &Db, hash: [u8; 32]) -> Result<Option<CustomerId>, DbErr> {
    let sql = "SELECT id FROM customers_customer WHERE phone_hash = $1";
    let reader = db.reader();
    let statement =
        Statement::from_sql_and_values(reader.get_database_backend(), sql, [hash.to_vec().into()]);
    reader.query_one_raw(statement).await?.map(|row| id_of(&row)).transpose()
}

fn id_of(row: &QueryResult) -> Result<CustomerId, DbErr> {
    let bytes: Vec<u8> = row.try_get_by_index(0)?;
    CustomerId::try_from_bytes(&bytes).map_err(|error| DbErr::Type(error.to_string()))
}

fn read(row: &QueryResult) -> Result<Row, DbErr> {
    let (kind, kyc): (String, String) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
    let unknown = |what: &str, text: &str| DbErr::Type(format!("`{text}` is no {what} of a customer"));
    Ok(Row {
        id: id_of(row)?,
        kind: kind_of(&kind).ok_or_else(|| unknown("kind", &kind))?,
        kyc: kyc_of(&kyc).ok_or_else(|| unknown("KYC state", &kyc))?,
        name: row.try_get_by_index(3)?,
        number: row.try_get_by_index(4)?,
        phone: row.try_get_by_index(5)?,
        details: row.try_get_by_index(6)?,
        registered_at: Timestamp::from_microsecond(row.try_get_by_index(7)?)
            .map_err(|error| DbErr::Type(error.to_string()))?,
    })
}

const fn kind_text(kind: Kind) -> &'static str {
    match kind {
        Kind::Person => "person",
        Kind::Business => "business",
    }
}

fn kind_of(text: &str) -> Option<Kind> {
    [Kind::Person, Kind::Business].into_iter().find(|kind| kind_text(*kind) == text)
}

const fn kyc_text(kyc: Kyc) -> &'static str {
    match kyc {
        Kyc::Declared => "declared",
        Kyc::Verified => "verified",
        Kyc::Suspended => "suspended",
    }
}

fn kyc_of(text: &str) -> Option<Kyc> {
    [Kyc::Declared, Kyc::Verified, Kyc::Suspended].into_iter().find(|kyc| kyc_text(*kyc) == text)
}
