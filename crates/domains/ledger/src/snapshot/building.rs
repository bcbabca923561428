//! Making a book of a snapshot's parts: one helping is hashed and decoded on two threads while the next is read.

use tokio::sync::oneshot;

use super::SnapshotDamaged;
use crate::hash::Algorithm;
use crate::model::{Book, PartHash, part_hash};

type Built = Result<Book, SnapshotDamaged>;

/// A book to which parts are being added.
pub(super) struct Building {
    /// The book, or who is working on it.
    book: Result<Book, oneshot::Receiver<Built>>,
}

/// Parts in order, each with the hash that it must have.
pub(super) type Helping = Vec<(PartHash, Vec<u8>)>;

impl Building {
    pub(super) const fn begin(book: Book) -> Self {
        Self { book: Ok(book) }
    }

    /// Begins to add the parts from `first` on, once those before are added.
    pub(super) async fn add(
        self,
        first: usize,
        parts: Helping,
        algorithm: Algorithm,
    ) -> Result<Self, SnapshotDamaged> {
        let book = self.finish().await?;
        let (done, built) = oneshot::channel();
        std::thread::Builder::new()
            .name("ledger-load".to_owned())
            .spawn(move || {
                let _ = done.send(add_all(book, first, &parts, algorithm));
            })
            .map_err(|_| SnapshotDamaged::Thread)?;
        Ok(Self { book: Err(built) })
    }

    /// The book with all parts.
    pub(super) async fn finish(self) -> Built {
        match self.book {
            Ok(book) => Ok(book),
            Err(built) => built.await.map_err(|_| SnapshotDamaged::Thread)?,
        }
    }
}

/// Decodes on this thread while another one hashes. What was decoded of damaged bytes goes nowhere.
fn add_all(mut book: Book, first: usize, parts: &Helping, algorithm: Algorithm) -> Built {
    std::thread::scope(|scope| {
        let other =
            scope.spawn(|| parts.iter().position(|(hash, bytes)| part_hash(algorithm, bytes) != *hash));
        let decoded =
            parts.iter().enumerate().try_for_each(|(at, (_, bytes))| book.add_part(first + at, bytes));
        match other.join() {
            Ok(None) => decoded.map(|()| book).map_err(SnapshotDamaged::from),
            Ok(Some(at)) => Err(SnapshotDamaged::Part(first + at)),
            Err(_) => Err(SnapshotDamaged::Thread),
        }
    })
}
