//! Whether each id of the journal is new, at bounded memory: ids that have no room in memory are written to a
//! temporary file in sorted runs, and in the end all runs are gone through side by side. The same pass compares the
//! ids that the ledger has stored.

use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::model::{Book, IdGeneration, Location};
use crate::stored_ids::{Checking, IdsWrong};

/// So many first bits of the hash tell the range, each of which is looked at by itself: 2,048 where there are many
/// ids, fewer where there are few.
const RANGE_BITS: u8 = 11;
const RANGES: u32 = 1 << RANGE_BITS;
/// Ids of one range, where there are not more than all ranges take.
const RANGE_IDS: u64 = 16_384;
/// Bytes of an id in a run: hash and location.
const ID_BYTES: u64 = 16;

/// Runs of ids in a file that goes away with them.
struct Runs {
    file: File,
    /// Where each range begins, and where the last one ends, run by run.
    bounds: Vec<Vec<u64>>,
}

/// The ids seen so far that are no longer in the memory of the book.
#[derive(Default)]
pub(super) struct Unique {
    runs: Option<Runs>,
}

impl Unique {
    /// Takes over the ids for which the book has no room.
    ///
    /// # Errors
    /// The temporary file's.
    pub(super) fn spill(&mut self, book: &mut Book) -> std::io::Result<()> {
        while let Some(full) = book.ids_to_store(u64::MAX) {
            if self.runs.is_none() {
                self.runs = Some(Runs { file: temporary_file()?, bounds: Vec::new() });
            }
            if let Some(runs) = &mut self.runs {
                runs.add(&full.ids)?;
            }
            book.release_ids();
        }
        Ok(())
    }

    /// So many bits that a range has not too many ids.
    fn bits(&self, book: &Book) -> u8 {
        let spilled =
            self.runs.as_ref().and_then(|runs| runs.bounds.last()?.last()).map_or(0, |end| end / ID_BYTES);
        let ids = spilled + book.id_generations().map(|generation| generation.len() as u64).sum::<u64>();
        let bits = (ids / RANGE_IDS + 1).next_power_of_two().trailing_zeros();
        u8::try_from(bits).unwrap_or(RANGE_BITS).min(RANGE_BITS)
    }

    /// All ids whose hashes begin with these bits, in order.
    fn range(&mut self, book: &Book, bits: u8, range: u32) -> std::io::Result<Vec<(u64, u64)>> {
        let mut ids = match &mut self.runs {
            Some(runs) => runs.range(bits, range)?,
            None => Vec::new(),
        };
        let (from, until) = hashes(bits, range);
        ids.extend(book.id_generations().flat_map(|generation| generation.within(from, until)));
        ids.sort_unstable();
        Ok(ids)
    }

    /// Goes through all ids: where those stand that look the same, for the caller to settle, and what is wrong with those that
    /// are stored.
    ///
    /// # Errors
    /// The temporary file's.
    pub(super) async fn finish(
        &mut self,
        book: &Book,
        mut stored: Option<&mut Checking>,
    ) -> std::io::Result<(Vec<Vec<Location>>, Option<IdsWrong>)> {
        let (mut alike, mut wrong) = (Vec::new(), None);
        let bits = self.bits(book);
        for range in 0..1 << bits {
            let ids = self.range(book, bits, range)?;
            for same in ids.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() > 1) {
                let mut locations: Vec<_> = same.iter().map(|(_, at)| Location::from_bits(*at)).collect();
                locations.dedup();
                alike.push(locations);
            }
            if let Some(checking) = stored.as_mut().filter(|_| wrong.is_none()) {
                wrong = checking.check(bits, range, &ids).await.err();
            }
            tokio::task::yield_now().await;
        }
        Ok((alike, wrong))
    }
}

fn hashes(bits: u8, range: u32) -> (u64, u64) {
    let from = u64::from(range).checked_shl(64 - u32::from(bits)).unwrap_or(0);
    (from, from | u64::MAX >> bits)
}

impl Runs {
    fn add(&mut self, ids: &IdGeneration) -> std::io::Result<()> {
        let mut at = self.file.seek(SeekFrom::End(0))?;
        let mut bounds = Vec::with_capacity(RANGES as usize + 1);
        let mut out = BufWriter::with_capacity(1 << 20, &self.file);
        for range in 0..RANGES {
            bounds.push(at);
            let (from, until) = hashes(RANGE_BITS, range);
            for (hash, location) in ids.within(from, until) {
                out.write_all(&hash.to_be_bytes())?;
                out.write_all(&location.to_be_bytes())?;
                at += ID_BYTES;
            }
        }
        bounds.push(at);
        out.flush()?;
        drop(out);
        self.bounds.push(bounds);
        Ok(())
    }

    fn range(&mut self, bits: u8, range: u32) -> std::io::Result<Vec<(u64, u64)>> {
        let (mut ids, mut bytes) = (Vec::new(), Vec::new());
        for bounds in &self.bounds {
            let bound = |at: u32| bounds.get(at as usize).copied().unwrap_or(0);
            let (from, until) =
                (bound(range << (RANGE_BITS - bits)), bound((range + 1) << (RANGE_BITS - bits)));
            bytes.resize(usize::try_from(until - from).unwrap_or(0), 0);
            self.file.seek(SeekFrom::Start(from))?;
            self.file.read_exact(&mut bytes)?;
            ids.extend(bytes.as_chunks::<16>().0.iter().map(|id| {
                let id = u128::from_be_bytes(*id);
                ((id >> 64) as u64, id as u64)
            }));
        }
        Ok(ids)
    }
}

/// A file without a name, in the system's temporary folder: it is gone when it is closed, whatever happens.
fn temporary_file() -> std::io::Result<File> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let name = format!("yuanhang_verify_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let path = std::env::temp_dir().join(name);
    let file = File::options().read(true).write(true).create_new(true).open(&path)?;
    std::fs::remove_file(&path)?;
    Ok(file)
}
