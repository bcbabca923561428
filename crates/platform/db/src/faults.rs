//! Failures that a database may show at any time, made on purpose: for tests of everything above it.

use std::sync::atomic::{AtomicU64, Ordering};

use sea_orm::{DatabaseTransaction, DbErr, RuntimeErr};

/// Failures of one [`crate::Db`]; none until they are begun.
#[derive(Debug, Default)]
pub struct Faults {
    /// How often something goes wrong, one transaction in so many; 0 for never.
    one_in: AtomicU64,
    /// Drawn so far.
    drawn: AtomicU64,
    /// Made so far.
    made: AtomicU64,
}

/// What goes wrong with a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Made {
    /// The database asks for it to be repeated (SQLSTATE 40001); nothing of it stays.
    Serialization,
    /// The connection breaks before its commit arrives; nothing of it stays.
    Lost,
    /// The connection breaks after its commit arrived; all of it stays, and nobody is told.
    Ambiguous,
}

impl Faults {
    /// From now on one transaction in `one_in` meets a failure, in an order that `seed` draws.
    pub fn begin(&self, one_in: u64, seed: u64) {
        self.drawn.store(seed, Ordering::Relaxed);
        self.made.store(0, Ordering::Relaxed);
        self.one_in.store(one_in, Ordering::Relaxed);
    }

    /// No failures any more; how many there were.
    pub fn end(&self) -> u64 {
        self.one_in.store(0, Ordering::Relaxed);
        self.made.load(Ordering::Relaxed)
    }

    /// Whether failures are made now.
    #[must_use]
    pub fn are_made(&self) -> bool {
        self.one_in.load(Ordering::Relaxed) > 0
    }

    /// What goes wrong with the transaction that is about to be committed.
    fn draw(&self) -> Option<Made> {
        let one_in = self.one_in.load(Ordering::Relaxed);
        if one_in == 0 {
            return None;
        }
        // Weyl's sequence through the finalizer of SplitMix64: equal seeds draw equally.
        let drawn = self.drawn.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
        let mixed = (drawn ^ (drawn >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let number = mixed ^ (mixed >> 31);
        if !number.is_multiple_of(one_in) {
            return None;
        }
        self.made.fetch_add(1, Ordering::Relaxed);
        Some(match (number / one_in) % 3 {
            0 => Made::Serialization,
            1 => Made::Lost,
            _ => Made::Ambiguous,
        })
    }

    /// Commits, unless something goes wrong with it.
    pub(crate) async fn commit(&self, tx: DatabaseTransaction) -> Result<(), DbErr> {
        let what = match self.draw() {
            None => return tx.commit().await,
            Some(Made::Serialization) => {
                tx.rollback().await?;
                SERIALIZATION
            }
            Some(Made::Lost) => {
                tx.rollback().await?;
                BROKEN
            }
            Some(Made::Ambiguous) => {
                tx.commit().await?;
                BROKEN
            }
        };
        Err(DbErr::Conn(RuntimeErr::Internal(what.to_owned())))
    }
}

const BROKEN: &str = "a failure made on purpose: the connection broke";

/// How a serialization failure made on purpose calls itself: those of the database cannot be made by others.
pub(crate) const SERIALIZATION: &str = "a failure made on purpose: 40001";
