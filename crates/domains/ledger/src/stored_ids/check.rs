//! Comparing stored ids with those of the journal, hash range by hash range.

use std::sync::Arc;

use db::Db;
use rustc_hash::FxHashMap;

use super::layout::{FILTER_BLOCKS, Outline};
use super::rebuild::chain;
use super::tables::{self, Rows};
use crate::journal::{Journal, ReadFailed};
use crate::model::Location;

/// What is wrong with the stored ids.
#[derive(Debug, thiserror::Error)]
pub(crate) enum IdsWrong {
    /// In one generation.
    #[error("ids: generation {0}: {1}")]
    Generation(u32, String),
    /// Altogether.
    #[error("ids: {0}")]
    Altogether(String),
}

/// The stored ids of a database, to be compared.
pub(crate) struct Checking {
    db: Db,
    generations: Vec<Arc<Outline>>,
    /// Rows that the next range may need again, by kind and number.
    blocks: FxHashMap<i64, Vec<u8>>,
    filters: FxHashMap<i64, Vec<u8>>,
}

impl Checking {
    /// The stored ids of `db`; none where an older program made it.
    ///
    /// # Errors
    /// [`IdsWrong`].
    pub(crate) async fn open(db: &Db) -> Result<Self, IdsWrong> {
        let unreadable = |error| IdsWrong::Altogether(format!("they cannot be read: {error}"));
        let mut found = Vec::new();
        if tables::exist(db.reader()).await.map_err(unreadable)? {
            for row in tables::generations(db.reader()).await.map_err(unreadable)? {
                found.push(row.map_err(|number| {
                    IdsWrong::Altogether(format!("generation {number}: its row is damaged"))
                })?);
            }
        }
        let (chain, gaps) = chain(found, &mut Vec::new());
        if let Some((from, until)) = gaps.first() {
            let (from, until) = (from.sequence(), until.sequence());
            return Err(IdsWrong::Altogether(format!(
                "those of the records {from} to {until} are not stored"
            )));
        }
        let generations = chain.into_iter().map(Arc::new).collect();
        let (blocks, filters) = (FxHashMap::default(), FxHashMap::default());
        Ok(Self { db: db.clone(), generations, blocks, filters })
    }

    /// The last record of which ids are stored; 0 for none.
    pub(crate) fn sequence(&self) -> u64 {
        self.generations.last().map_or(0, |newest| newest.until.sequence().saturating_sub(1))
    }

    /// Each generation must be of this journal.
    ///
    /// # Errors
    /// [`IdsWrong`] within.
    pub(crate) async fn check_heads(
        &self,
        journal: &dyn Journal,
    ) -> Result<Result<(), IdsWrong>, ReadFailed> {
        for outline in &self.generations {
            let Some(sequence) = outline.until.sequence().checked_sub(1).filter(|last| *last > 0) else {
                continue;
            };
            let row = journal.read(sequence - 1, 1).await?.into_iter().next();
            if row.is_none_or(|row| row.sequence != sequence || row.hash != outline.head_hash) {
                let what = format!("it names another record {sequence} than the journal holds");
                return Ok(Err(IdsWrong::Generation(outline.number, what)));
            }
        }
        Ok(Ok(()))
    }

    /// Compares those whose hashes begin with these bits, `ids` being all such of the journal in order.
    ///
    /// # Errors
    /// [`IdsWrong`].
    pub(crate) async fn check(&mut self, bits: u8, range: u32, ids: &[(u64, u64)]) -> Result<(), IdsWrong> {
        self.load(bits, range).await?;
        // Blocks keep 48 bits of each hash; two ids of one location may agree in them.
        let mut expected: Vec<(u64, u64)> = ids.iter().map(|(hash, at)| (hash >> 16, *at)).collect();
        expected.sort_unstable();
        let mut stored: Vec<(u64, u64)> = Vec::with_capacity(expected.len());
        for outline in &self.generations {
            for block in blocks_of(outline, bits, range) {
                for (hash, location) in self.decode(outline, block)? {
                    if bits > 0 && hash >> (64 - bits) != u64::from(range) {
                        continue;
                    }
                    if expected.binary_search(&(hash >> 16, location.to_bits())).is_err() {
                        let (record, place) = (location.sequence(), location.place());
                        let what = format!(
                            "block {block}: the journal has no such id in record {record}, entry {place}"
                        );
                        return Err(IdsWrong::Generation(outline.number, what));
                    }
                    stored.push((hash >> 16, location.to_bits()));
                }
            }
        }
        stored.sort_unstable();
        for (hash, location) in expected {
            let location = Location::from_bits(location);
            // The first that reaches beyond it: older ones end before.
            let Some(outline) = self.generations.iter().find(|outline| location < outline.until) else {
                continue;
            };
            if stored.binary_search(&(hash, location.to_bits())).is_err() {
                let (record, place) = (location.sequence(), location.place());
                let what = format!("the id of record {record}, entry {place} is not in it");
                return Err(IdsWrong::Generation(outline.number, what));
            }
        }
        Ok(())
    }

    /// The ids of a block, once it is known that the filter lets each of them pass.
    fn decode(&self, outline: &Outline, block: u32) -> Result<Vec<(u64, Location)>, IdsWrong> {
        let wrong = |what: String| IdsWrong::Generation(outline.number, what);
        let bytes = self
            .blocks
            .get(&outline.row(block))
            .ok_or_else(|| wrong(format!("block {block} is missing or has other bytes")))?;
        let filter = self
            .filters
            .get(&outline.row(block / FILTER_BLOCKS))
            .ok_or_else(|| wrong("its filter is missing or has other bytes".to_owned()))?;
        let ids: Vec<_> = outline.decode_block(bytes).collect();
        let size = outline.filter_bytes() / outline.blocks() as usize;
        let mut expected = vec![0; size];
        ids.iter().for_each(|(hash, _)| outline.add_to_filter(&mut expected, block, *hash));
        let at = (block % FILTER_BLOCKS) as usize * size;
        if filter.get(at..at + size) != Some(expected.as_slice()) {
            return Err(wrong(format!("its filter is not that of block {block}")));
        }
        Ok(ids)
    }

    /// Reads what is needed for a range and keeps nothing else.
    async fn load(&mut self, bits: u8, range: u32) -> Result<(), IdsWrong> {
        let (mut blocks, mut filters) = (Vec::new(), Vec::new());
        for outline in &self.generations {
            for block in blocks_of(outline, bits, range) {
                blocks.push(outline.row(block));
                filters.push(outline.row(block / FILTER_BLOCKS));
            }
        }
        filters.dedup();
        fill(&self.db, Rows::Blocks, &mut self.blocks, blocks).await?;
        fill(&self.db, Rows::Filter, &mut self.filters, filters).await
    }

    /// Whether what was found wrong is still there: a running ledger may have made a generation anew meanwhile.
    pub(crate) async fn stands(&self, wrong: &IdsWrong) -> bool {
        let IdsWrong::Generation(number, _) = wrong else { return true };
        match tables::generations(self.db.reader()).await {
            Ok(now) => now.iter().flatten().any(|outline| outline.number == *number),
            Err(_) => true,
        }
    }
}

async fn fill(
    db: &Db,
    rows: Rows,
    held: &mut FxHashMap<i64, Vec<u8>>,
    wanted: Vec<i64>,
) -> Result<(), IdsWrong> {
    held.retain(|number, _| wanted.binary_search(number).is_ok());
    let missing: Vec<i64> = wanted.into_iter().filter(|number| !held.contains_key(number)).collect();
    for numbers in missing.chunks(64) {
        let found = tables::read(db.reader(), rows, numbers).await;
        held.extend(found.map_err(|error| IdsWrong::Altogether(format!("they cannot be read: {error}")))?);
    }
    Ok(())
}

/// The blocks in which hashes that begin with these bits may stand.
fn blocks_of(outline: &Outline, bits: u8, range: u32) -> std::ops::Range<u32> {
    match outline.block_bits.checked_sub(bits) {
        Some(more) => range << more..(range + 1) << more,
        None => {
            let block = range >> (bits - outline.block_bits);
            block..block + 1
        }
    }
}
