//! Looking ids up: which generations, which blocks, then all blocks in few questions.

use std::sync::{Arc, PoisonError};

use futures_util::future::BoxFuture;
use futures_util::stream::{self, StreamExt, TryStreamExt};
use rustc_hash::FxHashMap;

use super::layout::Outline;
use super::tables::{self, Rows};
use super::{IdsFailed, StoredIds};
use crate::model::{IdKey, Location};

/// Blocks read in one question.
const BLOCKS_READ: usize = 128;
/// Questions at a time.
const AT_A_TIME: usize = 3;

/// Where an id of this hash may stand.
pub type Stored = (u64, Location);

impl StoredIds {
    /// Where ids of these keys stand, as far as they are stored: whether an entry that stands there is of the very
    /// id is for the caller to see. A generation that is found damaged is made anew from the journal first.
    ///
    /// # Errors
    /// [`IdsFailed`]: nothing is known of any of them then.
    pub async fn find(&self, keys: &[IdKey]) -> Result<Vec<Stored>, IdsFailed> {
        // Each generation is made anew once at most.
        let mut repairs_left = self.generations().all.len();
        loop {
            match self.look_up(keys).await {
                Err(IdsFailed::Damaged { generation, what }) if repairs_left > 0 => {
                    tracing::error!(generation, what, "stored ids are damaged and are made anew");
                    repairs_left -= 1;
                    self.repair(generation).await?;
                }
                found => return found,
            }
        }
    }

    async fn look_up(&self, keys: &[IdKey]) -> Result<Vec<Stored>, IdsFailed> {
        let generations = self.generations();
        let asked: Vec<(&Arc<Outline>, Vec<IdKey>)> = generations
            .all
            .iter()
            .map(|outline| {
                let asked = keys.iter().copied().filter(|key| outline.minted.may_hold(*key));
                (outline, asked.collect::<Vec<_>>())
            })
            .filter(|(_, asked)| !asked.is_empty())
            .collect();
        let turn = {
            let mut filters = self.filters.lock().unwrap_or_else(PoisonError::into_inner);
            filters.begin(asked.iter().map(|(outline, _)| outline.number))
        };
        let mut passing: Vec<BoxFuture<'_, _>> = Vec::new();
        for (outline, asked) in asked {
            passing.push(Box::pin(self.pass(outline, asked, turn)));
        }
        let passed: Vec<(&Outline, Vec<IdKey>)> =
            stream::iter(passing).buffered(AT_A_TIME).try_collect().await?;
        let mut wanted: Vec<(i64, &Outline, u64)> = passed
            .into_iter()
            .flat_map(|(outline, asked)| {
                asked.into_iter().map(move |key| (outline.row(outline.block_of(key.hash)), outline, key.hash))
            })
            .collect();
        wanted.sort_unstable_by_key(|(row, _, hash)| (*row, *hash));
        wanted.dedup_by_key(|(row, _, hash)| (*row, *hash));
        let mut rows: Vec<i64> = wanted.iter().map(|(row, _, _)| *row).collect();
        rows.dedup();
        let mut reading: Vec<BoxFuture<'_, _>> = Vec::new();
        for rows in rows.chunks(BLOCKS_READ) {
            reading.push(Box::pin(tables::read(self.db.reader(), Rows::Blocks, rows)));
        }
        let mut reading = stream::iter(reading).buffered(AT_A_TIME);
        let mut blocks: FxHashMap<i64, Vec<u8>> = FxHashMap::default();
        while let Some(found) = reading.try_next().await? {
            blocks.extend(found);
        }
        let mut found = Vec::new();
        for (row, outline, hash) in wanted {
            let block = blocks.get(&row).ok_or_else(|| IdsFailed::Damaged {
                generation: outline.number,
                what: format!("block {} is missing or has other bytes", row & i64::from(u32::MAX)),
            })?;
            found.extend(outline.find_in_block(block, hash).into_iter().map(|location| (hash, location)));
        }
        Ok(found)
    }

    /// Those of the ids that the filter lets pass; a few are not worth loading one.
    async fn pass<'a>(
        &self,
        outline: &'a Outline,
        mut asked: Vec<IdKey>,
        turn: u64,
    ) -> Result<(&'a Outline, Vec<IdKey>), IdsFailed> {
        let (held, worth) = {
            let mut filters = self.filters.lock().unwrap_or_else(PoisonError::into_inner);
            let held = filters.get(outline.number);
            let worth = held.is_some()
                || filters.is_worth_loading(outline.number, asked.len(), outline.filter_bytes());
            (held, worth)
        };
        let filter = match held {
            Some(filter) => filter,
            None if !worth => return Ok((outline, asked)),
            None => {
                let filter = Arc::new(self.load_filter(outline).await?);
                let mut filters = self.filters.lock().unwrap_or_else(PoisonError::into_inner);
                filters.hold(outline.number, &filter, turn);
                filter
            }
        };
        asked.retain(|key| outline.may_hold(&filter, *key));
        Ok((outline, asked))
    }

    pub(super) async fn load_filter(&self, outline: &Outline) -> Result<Vec<u8>, IdsFailed> {
        let rows: Vec<i64> = (0..outline.filter_rows()).map(|place| outline.row(place)).collect();
        let mut found = tables::read(self.db.reader(), Rows::Filter, &rows).await?;
        found.sort_unstable_by_key(|(row, _)| *row);
        let mut filter = Vec::with_capacity(outline.filter_bytes());
        found.iter().for_each(|(_, bytes)| filter.extend_from_slice(bytes));
        if found.len() != rows.len() || filter.len() != outline.filter_bytes() {
            let what = "its filter is missing or has other bytes".to_owned();
            return Err(IdsFailed::Damaged { generation: outline.number, what });
        }
        Ok(filter)
    }
}
