//! A book that another process leads: its state in memory, as of the last record that was read.

use std::sync::Arc;

use clock::Clock;

use crate::config::Settings;
use crate::open::{Found, OpenFailed, Prepared, Stores, find, ids_of, ids_unread, prepare, prepare_found};
use crate::replay::{Ids, ReplayFailed, replay};
use crate::stored_ids::StoredIds;
use crate::writer::Pace;

/// Writes nothing anywhere until it takes over.
pub(crate) struct Standby {
    stores: Stores,
    ids: Arc<StoredIds>,
    found: Found,
}

impl Standby {
    /// Reads the state of the book as it is now.
    ///
    /// # Errors
    /// [`OpenFailed`].
    pub(super) async fn find(stores: Stores, settings: &Settings) -> Result<Self, OpenFailed> {
        let ids = Arc::new(ids_of(&stores, settings, None));
        ids.look_again().await.map_err(ids_unread)?;
        let mut found = find(&*stores.journal, Some(&stores.derived), Ids::Followed(&ids)).await?;
        found.book.reserve(settings.accounts_expected as usize);
        Ok(Self { stores, ids, found })
    }

    /// Reads what was appended since.
    ///
    /// # Errors
    /// [`OpenFailed::Read`]: nothing was read, or not all of it. Everything else: this is not the journal that it was.
    pub(super) async fn read_on(&mut self) -> Result<(), OpenFailed> {
        let Found { book, follower, .. } = &mut self.found;
        match replay(&*self.stores.journal, Ids::Followed(&self.ids), follower, book).await {
            Err(ReplayFailed::Read(error)) => Err(error.into()),
            other => Ok(other?),
        }
    }

    /// Becomes the leader: reads the rest, and appends the record that says so.
    ///
    /// # Errors
    /// [`OpenFailed`].
    pub(super) async fn take_over(
        mut self,
        clock: Arc<dyn Clock>,
        settings: &Settings,
    ) -> Result<Prepared, OpenFailed> {
        let relied_on = self.ids.covered();
        self.ids.find_stored().await.map_err(ids_unread)?;
        if self.ids.covered() < relied_on {
            // What memory has let go of was stored, and is no longer.
            tracing::warn!("stored ids are gone; the book is read anew");
            return prepare(self.stores, clock, settings, Pace::default()).await;
        }
        self.read_on().await?;
        let Self { stores, ids, found } = self;
        prepare_found(stores, clock, settings, Pace::default(), ids, found).await
    }
}
