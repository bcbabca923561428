//! Appending to the record.
//!
//! What is written is made before the transaction begins, on the assumption that nobody else has appended meanwhile and
//! that no act is recorded already. Both are compared while it is written, and where either is not so, it is made anew.

use std::collections::HashSet;
use std::sync::Arc;

use contracts::audit::Act;
use db::{Db, Places};
use sea_orm::{ConnectionTrait, DbErr, Value};

use super::tree::{head, unreadable, whole_head};
use super::{Row, execute, rows, signed};
use crate::model::head::{BLOCK, Head, Tile};
use crate::model::record::{Record, actor_key};

/// Rows of one statement: a power of two.
const ROWS_MAX: usize = 512;

/// Where this process believes that the record ends.
pub(crate) struct End {
    pub(crate) head: Arc<Head>,
    /// Who is noted as named in the block of the next record, as far as this process knows.
    named: HashSet<Vec<u8>>,
}

impl End {
    /// Of a record in which nothing is yet.
    pub(crate) fn empty() -> Self {
        Self { head: Arc::new(Head::empty()), named: HashSet::new() }
    }

    /// `new` was written behind it.
    fn becomes(&mut self, new: &New) {
        if block_of(self.head.count()) != block_of(new.end.count()) {
            self.named.clear();
        }
        let block = block_of(new.end.count());
        self.named.extend(new.named.iter().filter(|(of, _)| *of == block).map(|(_, key)| key.clone()));
        self.head = Arc::clone(&new.end);
    }
}

const fn block_of(number: u64) -> u64 {
    number / BLOCK
}

/// Appends `acts` in order, but for those whose id is recorded already, and answers when they are durable. `end` is where
/// this process believes that the record ends, and becomes where it ends then; where another one has appended meanwhile it
/// is read anew.
pub(crate) async fn append(db: &Db, end: &mut End, acts: &Arc<Vec<Act>>) -> Result<(), DbErr> {
    let known = Arc::clone(&end.head);
    let new = Arc::new(New::of(&known, &end.named, acts.iter()));
    let (written, acts) = (Arc::clone(&new), Arc::clone(acts));
    let elsewhere = db.write(move |tx| {
        let (known, new, acts) = (Arc::clone(&known), Arc::clone(&written), Arc::clone(&acts));
        Box::pin(async move { write(tx, &known, &new, &acts).await })
    });
    match elsewhere.await? {
        None => end.becomes(&new),
        Some(head) => *end = End { head: Arc::new(head), named: HashSet::new() },
    }
    Ok(())
}

/// Writes `new` behind `known` and gives nothing; where that is not so, what there is of `acts` to write behind the end
/// that is found, and gives the end it then has.
async fn write(
    tx: &impl ConnectionTrait,
    known: &Head,
    new: &New,
    acts: &[Act],
) -> Result<Option<Head>, DbErr> {
    let is_known = move_end(tx, known, &new.end).await?;
    if is_known {
        if new.insert_records(tx).await? == new.records.len() as u64 {
            new.insert_beside(tx).await?;
            return Ok(None);
        }
        // Some are recorded already: what was written of the others is taken back.
        let sql = "DELETE FROM audit_record WHERE number >= $1";
        execute(tx, sql, vec![signed(known.count()).into()]).await?;
    }
    let found = if is_known {
        known.clone()
    } else {
        let stored = head(tx).await.map_err(unreadable)?;
        whole_head(tx, stored).await.map_err(unreadable)?
    };
    let new = New::of(&found, &HashSet::new(), fresh(tx, acts).await?.into_iter());
    new.insert_records(tx).await?;
    new.insert_beside(tx).await?;
    set_end(tx, &new.end).await?;
    Ok(Some((*new.end).clone()))
}

/// Moves the end of the tree, if it is where it is `known` to be.
async fn move_end(tx: &impl ConnectionTrait, known: &Head, end: &Head) -> Result<bool, DbErr> {
    let sql = "UPDATE audit_head SET count = $1, peaks = $2 WHERE log = 1 AND count = $3 AND peaks = $4";
    let of = |head: &Head| -> [Value; 2] { [signed(head.count()).into(), head.tree.peaks().concat().into()] };
    Ok(execute(tx, sql, [of(end), of(known)].concat()).await? == 1)
}

async fn set_end(tx: &impl ConnectionTrait, end: &Head) -> Result<(), DbErr> {
    let sql = "INSERT INTO audit_head (log, count, peaks) VALUES (1, $1, $2) \
               ON CONFLICT (log) DO UPDATE SET count = excluded.count, peaks = excluded.peaks";
    let values = vec![signed(end.count()).into(), end.tree.peaks().concat().into()];
    execute(tx, sql, values).await.map(|_| ())
}

/// Those of `acts` whose ids are not recorded, each once.
async fn fresh<'a>(tx: &impl ConnectionTrait, acts: &'a [Act]) -> Result<Vec<&'a Act>, DbErr> {
    let mut known: HashSet<Vec<u8>> = HashSet::new();
    for some in acts.chunks(ROWS_MAX) {
        let sql = format!("SELECT id FROM audit_record WHERE id IN {}", Places::on(tx).list(some.len()));
        let ids = some.iter().map(|act| act.id.to_bytes().to_vec().into()).collect();
        for row in rows(tx, &sql, ids).await? {
            known.insert(row.try_get_by_index(0)?);
        }
    }
    Ok(acts.iter().filter(|act| known.insert(act.id.to_bytes().to_vec())).collect())
}

/// Inserts `rows` in statements whose numbers of rows are powers of two, so that there are few different ones and each is
/// prepared once. `conflict` is what is done with a row that is there. Gives how many were inserted.
async fn insert<const COLUMNS: usize>(
    tx: &impl ConnectionTrait,
    into: &str,
    rows: impl ExactSizeIterator<Item = [Value; COLUMNS]>,
    conflict: &str,
) -> Result<u64, DbErr> {
    let (mut rows, mut inserted) = (rows, 0);
    while let Some(bits) = rows.len().checked_ilog2() {
        let some = (1 << bits).min(ROWS_MAX);
        let sql = format!("INSERT INTO {into} VALUES {}{conflict}", Places::on(tx).rows(some, COLUMNS));
        let values: Vec<Value> = rows.by_ref().take(some).flatten().collect();
        inserted += execute(tx, &sql, values).await?;
    }
    Ok(inserted)
}

/// What is written.
struct New {
    records: Vec<Row>,
    /// Who is named in which block, where that is not noted yet.
    named: Vec<(u64, Vec<u8>)>,
    tiles: Vec<Tile>,
    /// Where the record ends then.
    end: Arc<Head>,
}

impl New {
    /// `named`: who is noted in the block of the next record.
    fn of<'a>(head: &Head, named: &HashSet<Vec<u8>>, acts: impl Iterator<Item = &'a Act>) -> Self {
        let (mut end, first) = (head.clone(), block_of(head.count()));
        let (mut records, mut tiles) = (Vec::new(), Vec::new());
        let mut noted: HashSet<(u64, Vec<u8>)> = HashSet::new();
        for act in acts {
            let record = Record::of(end.count(), act);
            let bytes = record.to_bytes();
            tiles.extend(end.push(&bytes));
            let block = block_of(record.number);
            let keys = record.keys().into_iter().filter(|key| block != first || !named.contains(key));
            noted.extend(keys.map(|key| (block, key)));
            records.push(Row {
                number: record.number,
                id: record.id.to_bytes().to_vec(),
                actor: actor_key(record.actor),
                action: record.action,
                record: bytes,
            });
        }
        let mut named: Vec<(u64, Vec<u8>)> = noted.into_iter().collect();
        named.sort_unstable();
        Self { records, named, tiles, end: Arc::new(end) }
    }

    /// Gives how many there are now of which none was recorded before.
    async fn insert_records(&self, tx: &impl ConnectionTrait) -> Result<u64, DbErr> {
        let rows = self.records.iter().map(|row| -> [Value; 5] {
            [
                signed(row.number).into(),
                row.id.clone().into(),
                row.actor.clone().into(),
                row.action.clone().into(),
                row.record.clone().into(),
            ]
        });
        let into = "audit_record (number, id, actor, action, record)";
        insert(tx, into, rows, " ON CONFLICT (id) DO NOTHING").await
    }

    async fn insert_beside(&self, tx: &impl ConnectionTrait) -> Result<(), DbErr> {
        let named = self.named.iter();
        let named = named.map(|(block, key)| -> [Value; 2] { [signed(*block).into(), key.clone().into()] });
        insert(tx, "audit_named (block, key)", named, " ON CONFLICT (block, key) DO NOTHING").await?;
        let tiles = self.tiles.iter();
        let tiles =
            tiles.map(|tile| -> [Value; 2] { [signed(tile.place).into(), tile.root.to_vec().into()] });
        insert(tx, "audit_tile (place, root)", tiles, "").await?;
        Ok(())
    }
}
