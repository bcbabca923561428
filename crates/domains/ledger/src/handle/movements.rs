//! Finding movements by their transfers: where each was executed, then what the history holds of it.

use contracts::Unavailable;
use contracts::ledger::Movement;
use ids::{AccountId, TransferId};

use super::{LocalLedger, SUBMISSION_MAX, unreadable};
use crate::model::{Batch, Entry, Executed, IdKey, Location, Whereabouts};
use crate::record::Opened;
use crate::replay::look_up;

impl LocalLedger {
    /// The movement of each account by its transfer, in one look at the book however many are asked for.
    pub(super) async fn moved_by(
        &self,
        asked: &[(AccountId, TransferId)],
    ) -> Result<Vec<Option<Movement>>, Unavailable> {
        if asked.len() > SUBMISSION_MAX {
            return Err(Unavailable::Overloaded);
        }
        let wanted = asked.to_vec();
        let places = self
            .look(move |view| {
                let place = |(account, transfer): (AccountId, TransferId)| {
                    Some((view.book.number_of(account)?, view.book.whereabouts(transfer)))
                };
                wanted.into_iter().map(place).collect::<Vec<_>>()
            })
            .await?;
        let mut numbers = Vec::with_capacity(asked.len());
        for ((_, transfer), place) in asked.iter().zip(places) {
            numbers.push(match place {
                Some((account, whereabouts)) => {
                    let executed = self.executed_in(*transfer, whereabouts).await?;
                    executed.and_then(|(executed, _)| movement_of(account, &executed))
                }
                None => None,
            });
        }
        if numbers.iter().any(Option::is_some) {
            self.followed().await?;
        }
        let mut moved = Vec::with_capacity(asked.len());
        for (account, movement) in numbers.iter().flatten() {
            let found = self.read(self.reading.movement(*account, *movement)).await;
            moved.push(found.map_err(|error| unreadable(&error))?.ok_or(Unavailable::StoreFailed)?);
        }
        let mut told = self.tell(moved).await?.into_iter();
        Ok(numbers.into_iter().map(|number| number.and_then(|_| told.next())).collect())
    }

    /// What was executed under an id, and when.
    pub(super) async fn executed(&self, id: TransferId) -> Result<Option<(Executed, i64)>, Unavailable> {
        let whereabouts = self.look(move |view| view.book.whereabouts(id)).await?;
        self.executed_in(id, whereabouts).await
    }

    /// What was executed under an id of which memory knows this much.
    async fn executed_in(
        &self,
        id: TransferId,
        whereabouts: Whereabouts,
    ) -> Result<Option<(Executed, i64)>, Unavailable> {
        let mut places = match whereabouts {
            Whereabouts::Here(executed, at) => return Ok(Some((executed, at))),
            Whereabouts::Journal(places) => places,
        };
        // After memory was looked at: what has left it by then is stored.
        let asked = self.ids.asked(std::iter::once(IdKey::of(id)));
        let stored = self.read(self.ids.find(&asked)).await.map_err(|error| {
            tracing::error!(%error, "the stored ids could not be read");
            Unavailable::StoreFailed
        })?;
        places.extend(stored.into_iter().map(|(_, location)| location));
        for place in places {
            if let Some(found) = self.executed_at(place).await?
                && found.0.id == id
            {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    async fn executed_at(&self, place: Location) -> Result<Option<(Executed, i64)>, Unavailable> {
        let row = look_up(&*self.stores.journal, place.sequence()).await.map_err(|error| {
            tracing::error!(%error, "the journal could not be read");
            Unavailable::StoreFailed
        })?;
        let unreadable = |error| {
            tracing::error!(%error, sequence = row.sequence, "a record could not be read");
            Unavailable::StoreFailed
        };
        let opened = Opened::try_new(&row.record).map_err(unreadable)?;
        Ok(match opened.entry(place.place()).map_err(unreadable)? {
            Some(Entry::Executed(executed)) => {
                Some((executed, Batch::instant_of(opened.head.at, place.place())))
            }
            _ => None,
        })
    }
}

/// The account's movement by what was executed: both by their numbers.
fn movement_of(account: u32, executed: &Executed) -> Option<(u32, u32)> {
    let posting = executed.posting()?;
    let sides = [(posting.debit, posting.debit_movement), (posting.credit, posting.credit_movement)];
    sides.into_iter().find(|(side, _)| *side == account)
}
