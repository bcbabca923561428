//! Looking at a book apart from any running ledger: for the commands `ledger verify` and `ledger stat`.

use std::path::Path;
use std::sync::Arc;

use contracts::ledger::{Status, Verification};
use db::Db;

use crate::history::{self, RebuildFailed, Rebuilt};
use crate::journal::Journal;
use crate::journal::ReadFailed;
use crate::journal::postgres::PostgresJournal;
use crate::journal::sqlite::SqliteJournal;
use crate::model::instant;
use crate::open::{DERIVED_FILE, JOURNAL_FILE, OpenFailed, find};
use crate::replay::Ids;
use crate::snapshot;
use crate::verify::{VerifyFailed, verify_witnessed};
use crate::witness::Witness;

/// A book opened for reading.
pub struct Inspection {
    journal: Arc<dyn Journal>,
    derived: Option<Db>,
    owns_derived: bool,
}

impl Inspection {
    /// The book in the files of a data directory that no process has open. Snapshots and history are looked at
    /// where they are there.
    ///
    /// # Errors
    /// [`OpenFailed::Journal`] where there is no journal or a process has it open; [`OpenFailed::Database`].
    pub async fn sqlite(directory: &Path) -> Result<Self, OpenFailed> {
        let file = directory.join(JOURNAL_FILE);
        let journal = SqliteJournal::open_read_only(&file)
            .await
            .map_err(|error| OpenFailed::Journal(file.display().to_string(), error))?;
        let derived_file = directory.join(DERIVED_FILE);
        let derived =
            if derived_file.exists() { Some(Db::open_sqlite_disposable(&derived_file).await?) } else { None };
        if let Some(derived) = &derived {
            snapshot::MIGRATIONS.apply(derived).await?;
        }
        Ok(Self { journal: Arc::new(journal), derived, owns_derived: true })
    }

    /// The book in the bank's PostgreSQL, beside a running ledger or without one.
    ///
    /// # Errors
    /// [`OpenFailed::Read`] where `db` is no PostgreSQL.
    pub fn postgres(db: &Db) -> Result<Self, OpenFailed> {
        let pool = db.postgres_pool().cloned().ok_or(ReadFailed::Away)?;
        let journal = Arc::new(PostgresJournal::new(pool));
        Ok(Self { journal, derived: Some(db.clone()), owns_derived: false })
    }

    /// Checks everything that is stored.
    ///
    /// # Errors
    /// [`VerifyFailed`].
    pub async fn verify(&self) -> Result<Verification, VerifyFailed> {
        self.verify_witnessed(None).await
    }

    /// Checks everything that is stored, and compares it with the witness.
    ///
    /// # Errors
    /// [`VerifyFailed`].
    pub async fn verify_witnessed(&self, witness: Option<&Witness>) -> Result<Verification, VerifyFailed> {
        verify_witnessed(&*self.journal, self.derived.as_ref(), witness).await
    }

    /// The journal itself: for proofs and for a witness's turn.
    #[must_use]
    pub fn journal(&self) -> &dyn Journal {
        &*self.journal
    }

    /// Throws the history away and makes it anew from the journal; `None` where nothing derived is there. Nobody may
    /// have the book open for writing.
    ///
    /// # Errors
    /// [`RebuildFailed`].
    pub async fn rebuild_history(&self) -> Result<Option<Rebuilt>, RebuildFailed> {
        match &self.derived {
            Some(db) => history::rebuild(&*self.journal, db).await.map(Some),
            None => Ok(None),
        }
    }

    /// How the book stands. `batches` and `commands` are those of the whole journal.
    ///
    /// # Errors
    /// [`OpenFailed`]: damaged, of a newer version, or not to be read.
    pub async fn stat(&self) -> Result<Status, OpenFailed> {
        let found = find(&*self.journal, self.derived.as_ref(), Ids::Dropped).await?;
        let cursor = match &self.derived {
            Some(db) => history::cursor(db.reader()).await?.sequence,
            None => 0,
        };
        let (book, follower) = (found.book, found.follower);
        Ok(Status {
            head_sequence: follower.position.sequence,
            head_hash: hex::encode(follower.position.hash),
            hash_algorithm: follower.algorithm.unwrap_or_default().name().to_owned(),
            business_date: book.business_date(),
            accounts: book.accounts().len() as u64,
            transfers: book.transfers(),
            holds: book.open_holds(),
            batches: follower.position.sequence,
            commands: book.commands(),
            history_lag: follower.position.sequence.saturating_sub(cursor),
            last_at: (book.last_at() > 0).then(|| instant(book.last_at())),
            snapshot_sequence: found.snapshot_sequence,
            store: self.journal.store().to_owned(),
        })
    }

    /// Lets go of the files.
    pub async fn close(&self) {
        self.journal.close().await;
        if let (Some(db), true) = (&self.derived, self.owns_derived) {
            db.close().await;
        }
    }
}
