//! Finding what is stored, and making anew what is missing or damaged.

use std::sync::Arc;

use super::layout::Outline;
use super::{BEGINNING, IdsFailed, StoredIds, tables};
use crate::model::{IdGeneration, Location, keys_of};
use crate::replay::{READ_BYTES, open_row};

impl StoredIds {
    /// Reads which generations there are, lets go of those that do not belong, and fills gaps between them.
    pub(crate) async fn find_stored(&self) -> Result<(), IdsFailed> {
        let Listed { chain, gaps, useless } = self.list().await?;
        if !useless.is_empty() {
            tables::forget(&self.db, useless).await?;
        }
        let numbers: Vec<i64> = chain.iter().map(|outline| i64::from(outline.number)).collect();
        tables::forget_halves(&self.db, &numbers).await?;
        self.replace(chain.into_iter().map(Arc::new).collect());
        for (from, until) in gaps {
            tracing::warn!(
                from = from.sequence(),
                until = until.sequence(),
                "stored ids are missing and are made anew"
            );
            self.rebuild(from, until, None).await?;
        }
        Ok(())
    }

    /// Reads which generations there are by now, and writes nothing: another process leads.
    ///
    /// # Errors
    /// [`IdsFailed`].
    pub(crate) async fn look_again(&self) -> Result<(), IdsFailed> {
        let Listed { chain, .. } = self.list().await?;
        self.replace(chain.into_iter().map(Arc::new).collect());
        Ok(())
    }

    async fn list(&self) -> Result<Listed, IdsFailed> {
        let mut useless = Vec::new();
        let mut found = Vec::new();
        for row in tables::generations(self.db.reader()).await? {
            match row {
                Ok(outline) => found.push(outline),
                Err(number) => {
                    tracing::error!(generation = number, "a generation of stored ids is damaged");
                    useless.push(number);
                }
            }
        }
        found.sort_by_key(|outline| (outline.until, outline.number));
        self.leave_other_journals(&mut found, &mut useless).await?;
        let (chain, gaps) = chain(found, &mut useless);
        Ok(Listed { chain, gaps, useless })
    }

    /// The newest generation tells whether all are of this journal, because a hash covers everything before it.
    async fn leave_other_journals(
        &self,
        found: &mut Vec<Outline>,
        useless: &mut Vec<i64>,
    ) -> Result<(), IdsFailed> {
        let head = self.journal.head().await?.sequence;
        while let Some(newest) = found.last() {
            let sequence = newest.until.sequence().saturating_sub(1);
            if sequence > head {
                return Err(IdsFailed::Behind { head, sequence });
            }
            if self.hash_of(sequence).await?.unwrap_or_default() == newest.head_hash {
                break;
            }
            tracing::warn!(generation = newest.number, "stored ids are of another journal");
            useless.push(i64::from(newest.number));
            found.pop();
        }
        Ok(())
    }

    /// Makes a damaged generation anew.
    pub(super) async fn repair(&self, generation: u32) -> Result<(), IdsFailed> {
        let _alone = self.repairing.lock().await;
        let generations = self.generations();
        let Some(outline) = generations.all.iter().find(|outline| outline.number == generation) else {
            return Ok(());
        };
        self.filters.lock().unwrap_or_else(std::sync::PoisonError::into_inner).forget(generation);
        self.rebuild(outline.from, outline.until, Some(generation)).await
    }

    /// Stores the ids from one location up to before another from the journal.
    async fn rebuild(
        &self,
        from: Location,
        until: Location,
        instead_of: Option<u32>,
    ) -> Result<(), IdsFailed> {
        let mut ids = IdGeneration::with_room(self.size);
        let (mut begun, mut after) = (from, from.sequence().saturating_sub(1));
        while Location::new(after + 1, 0) < until {
            let rows = self.journal.read(after, READ_BYTES).await?;
            if rows.is_empty() {
                return Err(IdsFailed::Behind { head: after, sequence: until.sequence() });
            }
            for row in &rows {
                if Location::new(after + 1, 0) >= until {
                    break;
                }
                // Names the record that is not there, wherever the next one stands.
                let (head, entries) = open_row(row, after + 1)?;
                after = head.sequence;
                for (key, location) in keys_of(after, &entries) {
                    if (begun..until).contains(&location) {
                        ids.insert(key, location);
                    }
                }
                // Where more is missing than one generation holds, several are made; a damaged one is of one size.
                let next = Location::new(after + 1, 0);
                if instead_of.is_none() && ids.len() >= self.size && next < until {
                    let full = std::mem::replace(&mut ids, IdGeneration::with_room(self.size));
                    self.store(&full, begun, next, None).await?;
                    begun = next;
                }
            }
        }
        self.store(&ids, begun, until, instead_of).await
    }
}

/// What is stored.
struct Listed {
    chain: Vec<Outline>,
    gaps: Vec<Gap>,
    /// Generations that are damaged, of another journal, or within others.
    useless: Vec<i64>,
}

/// A stretch of the journal of which no ids are stored: from, and up to before.
pub(super) type Gap = (Location, Location);

/// Generations that follow each other, gaps between them, and those that lie within others, which are of no use.
pub(super) fn chain(mut found: Vec<Outline>, useless: &mut Vec<i64>) -> (Vec<Outline>, Vec<Gap>) {
    // Of two that begin together the wider one, then the newer one.
    found.sort_by_key(|outline| (outline.from, std::cmp::Reverse((outline.until, outline.number))));
    let (mut chain, mut gaps) = (Vec::new(), Vec::new());
    let mut expected = BEGINNING;
    for outline in found {
        if outline.until <= expected {
            useless.push(i64::from(outline.number));
            continue;
        }
        if outline.from > expected {
            gaps.push((expected, outline.from));
        }
        expected = outline.until;
        chain.push(outline);
    }
    (chain, gaps)
}
