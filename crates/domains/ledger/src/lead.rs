//! Who leads a book, where several processes may: one appends, the others follow the journal and are ready.
//!
//! A lease in the database says who should lead ([`db::Lease`]). It decides nothing: should two believe that they lead,
//! the journal takes the record of one of them and the other finds itself superseded ([`crate::journal`]), and even
//! what a leader merely tells is told once the journal was seen to end where it left it. So a lease that lapses too
//! early costs a change of leaders, and never a transfer.
//!
//! Whoever does not lead keeps the state of the book in memory as of the last record it has read ([`standby`]), and
//! takes over within the time that it takes to read the rest.

mod desk;
mod led;
mod standby;

use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use clock::Clock;
use contracts::Unavailable;
use contracts::ledger::Ledger as _;
use db::{BEAT, Lease, PATIENCE};
use tokio::sync::watch;
use tokio::time::Instant;

pub use desk::LedDesk;
pub use led::{Elsewhere, Led};

use self::led::Seat;
use self::standby::Standby;
use crate::config::Settings;
use crate::handle::LocalLedger;
use crate::open::{OpenFailed, Stores, open_witnessed, run};
use crate::witness::Witness;
use crate::writer::State;

/// Rest between two looks for new records, while another one leads.
const FOLLOWED: Duration = Duration::from_millis(100);
/// Rest after the book could not be opened, while which another process may try.
const REST: Duration = Duration::from_secs(3);

/// What it takes to lead a book.
pub(crate) struct Candidate {
    pub(crate) stores: Stores,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) settings: Arc<Settings>,
    /// Where the witness keeps its key.
    pub(crate) data_dir: PathBuf,
    pub(crate) lease: Lease,
}

/// The lease is another's now.
struct Lost;

impl Candidate {
    /// Takes the lease if nobody has it, and opens the book then.
    ///
    /// # Errors
    /// [`OpenFailed`]: the book cannot be opened, or not even be followed.
    pub(crate) async fn begin(&mut self) -> Result<Begun, OpenFailed> {
        if self.look_at_lease().await.unwrap_or(false) {
            return Ok(Begun::Leading(self.open(None).await?));
        }
        Standby::find(self.stores.clone(), &self.settings)
            .await
            .map(|standby| Begun::Following(standby.into()))
    }

    /// Leads whenever it can and follows otherwise, until `stop`.
    pub(crate) async fn run(mut self, begun: Begun, seat: watch::Sender<Seat>, stop: watch::Receiver<bool>) {
        let stopped = async |mut stop: watch::Receiver<bool>| {
            let _ = stop.wait_for(|stop| *stop).await;
        };
        let mut standby = match begun {
            Begun::Following(standby) => Some(*standby),
            Begun::Leading(ledger) => {
                self.lead(ledger, &seat, stop.clone()).await;
                None
            }
        };
        while !*stop.borrow() {
            tokio::select! {
                () = stopped(stop.clone()) => break,
                () = self.follow(&mut standby, &seat) => {}
            }
            match self.open(standby.take()).await {
                Ok(ledger) => self.lead(ledger, &seat, stop.clone()).await,
                Err(error) => {
                    let error: &(dyn std::error::Error + Send + Sync) = &error;
                    tracing::error!(error, "the book cannot be led from here");
                    seat.send_replace(Seat::Failed(error.to_string()));
                    self.release().await;
                    tokio::select! {
                        () = stopped(stop.clone()) => break,
                        () = tokio::time::sleep(REST) => {}
                    }
                }
            }
        }
        self.release().await;
    }

    /// Follows the journal until this process has the lease.
    async fn follow(&mut self, standby: &mut Option<Standby>, seat: &watch::Sender<Seat>) {
        metrics::gauge!("ledger_leading").set(0.0);
        let mut looked: Option<Instant> = None;
        loop {
            if looked.is_none_or(|looked| looked.elapsed() >= BEAT) {
                if self.look_at_lease().await.unwrap_or(false) {
                    return;
                }
                looked = Some(Instant::now());
            }
            match self.read_on(standby).await {
                Ok(()) => {
                    seat.send_if_modified(|seat| {
                        !matches!(std::mem::replace(seat, Seat::Following), Seat::Following)
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "the journal cannot be followed");
                    // What was read stays right: a store that was away may be back the next time.
                    if !matches!(error, OpenFailed::Read(_)) {
                        *standby = None;
                    }
                    seat.send_replace(Seat::Failed(error.to_string()));
                }
            }
            tokio::time::sleep(FOLLOWED).await;
        }
    }

    async fn read_on(&self, standby: &mut Option<Standby>) -> Result<(), OpenFailed> {
        match standby {
            Some(standby) => standby.read_on().await,
            None => {
                *standby = Some(Standby::find(self.stores.clone(), &self.settings).await?);
                Ok(())
            }
        }
    }

    /// `Ok(false)`: another one has it. A store that does not answer leaves it as it was.
    async fn look_at_lease(&mut self) -> Result<bool, ()> {
        self.lease.turn().await.map_err(|error| {
            tracing::warn!(%error, "the ledger's lease cannot be looked at");
        })
    }

    /// Opens the book and keeps the lease meanwhile.
    async fn open(&mut self, standby: Option<Standby>) -> Result<Arc<LocalLedger>, OpenFailed> {
        let (stores, clock, settings) =
            (self.stores.clone(), Arc::clone(&self.clock), Arc::clone(&self.settings));
        let data_dir = self.data_dir.clone();
        let mut opening = pin!(async move {
            let witness = Witness::try_new(&settings.witness, &data_dir)?;
            match (standby, witness) {
                (Some(standby), None) => run(standby.take_over(clock, &settings).await?),
                // The witness is compared with the journal from its beginning on, as at any start.
                (_, witness) => open_witnessed(stores, clock, &settings, witness).await,
            }
        });
        loop {
            tokio::select! {
                opened = &mut opening => return opened,
                () = tokio::time::sleep(BEAT) => drop(self.look_at_lease().await),
            }
        }
    }

    /// Leads until another one does, or until `stop`.
    async fn lead(
        &mut self,
        ledger: Arc<LocalLedger>,
        seat: &watch::Sender<Seat>,
        mut stop: watch::Receiver<bool>,
    ) {
        tracing::info!("this process leads the ledger");
        if let Err(error) = begin_date(&ledger, self.settings.business_date_automatic).await {
            tracing::warn!(%error, "the business date could not be set; it will be tried again");
        }
        metrics::gauge!("ledger_leading").set(1.0);
        seat.send_replace(Seat::Leading(Arc::clone(&ledger)));
        let stopped = tokio::select! {
            _ = stop.wait_for(|stop| *stop) => true,
            Lost = self.keep(&ledger) => false,
        };
        if stopped {
            // Whoever still asks is answered until everything that was accepted is done.
            ledger.stop().await;
            return;
        }
        tracing::warn!(leader = self.lease.holder(), "this process no longer leads the ledger");
        seat.send_replace(Seat::Following);
        // What hangs in a store that does not answer must not keep this process from following.
        tokio::spawn(async move { ledger.stop().await });
    }

    /// Keeps the lease. Where the store does not answer for as long as others wait, it may be another's by now; and
    /// nothing can be posted here anyway.
    async fn keep(&mut self, ledger: &LocalLedger) -> Lost {
        let mut kept = Instant::now();
        loop {
            tokio::time::sleep(BEAT).await;
            match self.look_at_lease().await {
                Ok(true) => kept = Instant::now(),
                Ok(false) => return Lost,
                Err(()) if kept.elapsed() >= PATIENCE => return Lost,
                Err(()) => {}
            }
            if matches!(ledger.state(), State::Superseded | State::Stopped) {
                return Lost;
            }
        }
    }

    async fn release(&mut self) {
        if let Err(error) = self.lease.release().await {
            tracing::warn!(%error, "the ledger's lease was not given back; others wait until it has lapsed");
        }
    }
}

/// A book must have a business date before anybody books: a new one starts with today, whoever moves it later.
pub(crate) async fn begin_date(ledger: &LocalLedger, automatic: bool) -> Result<(), Unavailable> {
    if automatic || ledger.status().await?.business_date.day_number() == 0 {
        ledger.advance_to_today().await?;
    }
    Ok(())
}

/// How a candidate begins.
pub(crate) enum Begun {
    Leading(Arc<LocalLedger>),
    Following(Box<Standby>),
}

impl Begun {
    pub(crate) fn seat(&self) -> Seat {
        match self {
            Self::Leading(ledger) => Seat::Leading(Arc::clone(ledger)),
            Self::Following(_) => Seat::Following,
        }
    }
}

#[cfg(test)]
mod tests;
