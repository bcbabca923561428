//! Appending to the record.

use std::collections::HashSet;
use std::sync::Arc;

use contracts::audit::Act;
use db::{Db, Places};
use sea_orm::{ConnectionTrait, DbErr, Value};

use super::tree::{head, unreadable, whole_head};
use super::{Row, execute, rows, signed};
use crate::model::head::{Head, Tile};
use crate::model::record::{Record, actor_key, subject_key};

/// Rows of one statement.
const ROWS_MAX: usize = 500;

/// Appends `acts` in order, but for those whose id is recorded already, and answers when they are durable. `known` is
/// where this process believes that the record ends; where another one has appended meanwhile it is read anew.
/// Gives the new end.
pub(crate) async fn append(db: &Db, known: Arc<Head>, acts: Arc<Vec<Act>>) -> Result<Head, DbErr> {
    db.write(move |tx| {
        let (known, acts) = (Arc::clone(&known), Arc::clone(&acts));
        Box::pin(async move {
            let stored = head(tx).await.map_err(unreadable)?;
            let mut end = if known.tree == stored {
                (*known).clone()
            } else {
                whole_head(tx, stored).await.map_err(unreadable)?
            };
            let written = New::of(&mut end, fresh(tx, &acts).await?);
            if !written.records.is_empty() {
                written.insert(tx, &end).await?;
            }
            Ok::<Head, DbErr>(end)
        })
    })
    .await
}

/// Those of `acts` whose ids are not recorded, each once.
async fn fresh<'a>(tx: &impl ConnectionTrait, acts: &'a [Act]) -> Result<Vec<&'a Act>, DbErr> {
    let mut known: HashSet<Vec<u8>> = HashSet::new();
    for some in acts.chunks(ROWS_MAX) {
        let sql = format!("SELECT id FROM audit_record WHERE id IN {}", Places::on(tx).rows(1, some.len()));
        let ids = some.iter().map(|act| act.id.to_bytes().to_vec().into()).collect();
        for row in rows(tx, &sql, ids).await? {
            known.insert(row.try_get_by_index(0)?);
        }
    }
    Ok(acts.iter().filter(|act| known.insert(act.id.to_bytes().to_vec())).collect())
}

/// What is written.
struct New {
    records: Vec<Row>,
    subjects: Vec<(Vec<u8>, u64)>,
    tiles: Vec<Tile>,
}

impl New {
    fn of(end: &mut Head, acts: Vec<&Act>) -> Self {
        let mut new =
            Self { records: Vec::with_capacity(acts.len()), subjects: Vec::new(), tiles: Vec::new() };
        for act in acts {
            let record = Record::of(end.count(), act);
            let bytes = record.to_bytes();
            new.tiles.extend(end.push(&bytes));
            let mut subjects: Vec<Vec<u8>> =
                record.subjects.iter().map(|about| subject_key(*about)).collect();
            subjects.sort_unstable();
            subjects.dedup();
            new.subjects.extend(subjects.into_iter().map(|subject| (subject, record.number)));
            new.records.push(Row {
                number: record.number,
                id: record.id.to_bytes().to_vec(),
                actor: actor_key(record.actor),
                action: record.action,
                record: bytes,
            });
        }
        new
    }

    async fn insert(&self, tx: &impl ConnectionTrait, end: &Head) -> Result<(), DbErr> {
        for some in self.records.chunks(ROWS_MAX) {
            let sql = format!(
                "INSERT INTO audit_record (number, id, actor, action, record) VALUES {}",
                Places::on(tx).rows(some.len(), 5)
            );
            let values = some.iter().flat_map(|row| -> [Value; 5] {
                [
                    signed(row.number).into(),
                    row.id.clone().into(),
                    row.actor.clone().into(),
                    row.action.clone().into(),
                    row.record.clone().into(),
                ]
            });
            execute(tx, &sql, values.collect()).await?;
        }
        for some in self.subjects.chunks(ROWS_MAX) {
            let sql = format!(
                "INSERT INTO audit_subject (subject, number) VALUES {}",
                Places::on(tx).rows(some.len(), 2)
            );
            let values = some.iter().flat_map(|(subject, number)| -> [Value; 2] {
                [subject.clone().into(), signed(*number).into()]
            });
            execute(tx, &sql, values.collect()).await?;
        }
        for some in self.tiles.chunks(ROWS_MAX) {
            let sql =
                format!("INSERT INTO audit_tile (place, root) VALUES {}", Places::on(tx).rows(some.len(), 2));
            let values = some
                .iter()
                .flat_map(|tile| -> [Value; 2] { [signed(tile.place).into(), tile.root.to_vec().into()] });
            execute(tx, &sql, values.collect()).await?;
        }
        let sql = "INSERT INTO audit_head (log, count, peaks) VALUES (1, $1, $2) \
                   ON CONFLICT (log) DO UPDATE SET count = excluded.count, peaks = excluded.peaks";
        let values = vec![signed(end.count()).into(), end.tree.peaks().concat().into()];
        execute(tx, sql, values).await
    }
}
