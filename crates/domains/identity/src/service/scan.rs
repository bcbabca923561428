//! Signing in by scanning a code with a phone that is signed in (decision 0026).
//!
//! A page shows a code. The phone that reads it makes it its own and sees which page asks; the page then shows a number,
//! which the phone's owner gives back together with a proof to be there: a code that was sent to somebody from afar
//! brings no number with it. The session opens on the page that asked, by its cookie and its key, and nowhere else.

use std::sync::Arc;

use contracts::identity::{Assurance, Channel, Principal, Session};
use ids::{CustomerId, ScanId};
use secrecy::Secret;

use super::attempt::Attempt;
use super::open::{Entering, SignedIn};
use super::{Caller, Identities, random_token};
use crate::error::Refused;
use crate::model::later;
use crate::model::method::Method;
use crate::model::scan::State;
use crate::model::tries::Budget;
use crate::store::{self, ScanRow};

const HOUR_S: u32 = 3600;

/// A code to be shown.
pub(crate) struct ScanBegun {
    pub(crate) id: ScanId,
    pub(crate) code: Secret<String>,
    pub(crate) expires_in_s: u32,
    /// The cookie that it is bound to.
    pub(crate) device_token: Secret<String>,
}

/// What the page that shows a code sees of it.
pub(crate) enum ScanSeen {
    /// Nobody has read it.
    Open,
    /// A phone has; its owner is asked for this number.
    Scanned(u8),
    /// Its owner approved.
    SignedIn(Box<SignedIn>),
}

/// Which page asks, as the phone's owner sees it.
pub(crate) struct ScanAsked {
    pub(crate) id: ScanId,
    pub(crate) channel: Channel,
    pub(crate) device_name: String,
    /// Whether it is in the network of the phone.
    pub(crate) same_network: bool,
}

impl Identities {
    /// A code for a page at the door.
    ///
    /// # Errors
    /// [`Refused::TooMany`], [`Refused::Store`].
    pub(crate) async fn begin_scan(&self, caller: &Caller) -> Result<ScanBegun, Refused> {
        let budget = Budget::per(self.settings.scans_per_address_hour_max, HOUR_S);
        let key = self.tries_key("scan.address", [caller.network.as_bytes(), b""]);
        let turn = self.turn(caller).await;
        self.count(vec![(key, budget)]).await?;
        drop(turn);
        let (now, expires_in_s) = (self.now(), self.settings.scan_good_s);
        let (code, device_token) = (random_token(), caller.device.clone().unwrap_or_else(random_token));
        let row = ScanRow {
            id: ScanId::mint(),
            code_hash: self.scan_hash(&code),
            requester: self.token_hash(&device_token),
            device_key: caller.device_key.map(|key| *key.as_bytes()),
            network: self.network_hash(caller),
            channel: caller.channel,
            device_name: caller.device_name.clone(),
            number: rand::random_range(10..=99),
            state: State::Open,
            by: None,
            assurance: None,
            asked_at: now,
            expires_at: later(now, expires_in_s),
        };
        let id = row.id;
        self.db
            .write(move |tx| {
                let row = row.clone();
                Box::pin(async move { store::insert_scan(tx, &row).await })
            })
            .await?;
        Ok(ScanBegun { id, code, expires_in_s, device_token })
    }

    fn scan_hash(&self, code: &Secret<String>) -> store::Hash {
        self.keys.mac("identity.scan", code.expose().as_bytes())
    }

    /// How far the scan of the asking page is; opens its session once the phone's owner approved.
    ///
    /// # Errors
    /// [`Refused::NotFound`] also for another page's; [`Refused::ScanOver`], [`Refused::ScanDeclined`],
    /// [`Refused::Store`].
    pub(crate) async fn enter_by_scan(&self, id: ScanId, caller: &Caller) -> Result<ScanSeen, Refused> {
        let row = store::scan(self.db.reader(), id).await?;
        let requester = caller.device.as_ref().map(|token| self.token_hash(token));
        let key = caller.device_key.map(|key| *key.as_bytes());
        let own = |row: &ScanRow| Some(row.requester) == requester && row.device_key == key;
        let row = row.filter(own).ok_or(Refused::NotFound)?;
        if self.now() >= row.expires_at {
            return Err(Refused::ScanOver);
        }
        match (row.state, row.by, row.assurance) {
            (State::Open, ..) => Ok(ScanSeen::Open),
            (State::Scanned, ..) => Ok(ScanSeen::Scanned(row.number)),
            (State::Refused, ..) => Err(Refused::ScanDeclined),
            (State::Approved, Some((customer, _)), Some(assurance)) => {
                let signed_in = self.open_scanned(id, customer, assurance, caller).await?;
                Ok(ScanSeen::SignedIn(Box::new(signed_in)))
            }
            _ => Err(Refused::ScanOver),
        }
    }

    async fn open_scanned(
        &self,
        id: ScanId,
        customer: CustomerId,
        proved: Assurance,
        caller: &Caller,
    ) -> Result<SignedIn, Refused> {
        let attempt = Attempt::none(self.device(caller).await?);
        let entering = Entering { principal: Principal::Customer(customer), method: Method::Scan, proved };
        let _opening = self.opening.read().await;
        let opening = self.opening(entering, attempt, caller).await?;
        let written = Arc::clone(&opening);
        self.db
            .write(move |tx| {
                let opening = Arc::clone(&written);
                Box::pin(async move {
                    if !store::use_scan(tx, id).await? {
                        return Err(Refused::ScanOver);
                    }
                    // Whoever was signed out everywhere meanwhile is not signed in by an older approval.
                    let row = store::scan(tx, id).await?.and_then(|row| row.by);
                    let (_, session) = row.ok_or(Refused::ScanOver)?;
                    let phone = store::live_session(tx, session, opening.started_at()).await?;
                    phone.ok_or(Refused::ScanOver)?;
                    Ok(opening.write(tx).await?)
                })
            })
            .await?;
        Ok(self.opened(&opening))
    }

    /// The phone of `session` has read `code`: it is the phone's now.
    ///
    /// # Errors
    /// [`Refused::ScanOver`] also where there is no such code, or another phone was first; [`Refused::Store`].
    pub(crate) async fn take_scan(
        &self,
        customer: CustomerId,
        session: &Session,
        code: &Secret<String>,
        caller: &Caller,
    ) -> Result<ScanAsked, Refused> {
        let now = self.now();
        let row = store::scan_of_code(self.db.reader(), &self.scan_hash(code)).await?;
        let row = row.filter(|row| now < row.expires_at).ok_or(Refused::ScanOver)?;
        let asked = ScanAsked {
            id: row.id,
            channel: row.channel,
            device_name: row.device_name,
            same_network: row.network == self.network_hash(caller),
        };
        let by = (customer, session.id);
        if row.state == State::Scanned && row.by == Some(by) {
            return Ok(asked);
        }
        let (id, expires_at) = (row.id, later(now, self.settings.scan_good_s));
        let taken = self
            .db
            .write(move |tx| Box::pin(async move { store::take_scan(tx, id, by, expires_at).await }))
            .await?;
        if taken { Ok(asked) } else { Err(Refused::ScanOver) }
    }

    /// The owner of the phone approves: they see `number` on the page. They proved to be there a moment ago. Another
    /// number ends it: whoever does not see the page has one guess in ninety.
    ///
    /// # Errors
    /// [`Refused::StepUp`], [`Refused::ScanOver`], [`Refused::ScanNumber`], [`Refused::Store`].
    pub(crate) async fn approve_scan(
        &self,
        session: &Session,
        id: ScanId,
        number: u8,
    ) -> Result<(), Refused> {
        let proved = self.proved_of_late(session).await?;
        let row = self.scanned(session, id).await?;
        // A page is never surer of its owner than the phone is, and does not hold what binds the phone.
        let assurance = proved.session.assurance.min(Assurance::TwoFactor);
        let right = row.number == number;
        self.decide_scan(session, id, right.then_some(assurance)).await?;
        if right { Ok(()) } else { Err(Refused::ScanNumber) }
    }

    /// The owner of the phone refuses.
    ///
    /// # Errors
    /// [`Refused::ScanOver`], [`Refused::Store`].
    pub(crate) async fn refuse_scan(&self, session: &Session, id: ScanId) -> Result<(), Refused> {
        self.scanned(session, id).await?;
        self.decide_scan(session, id, None).await
    }

    /// A scan that the phone of `session` has read and not decided.
    async fn scanned(&self, session: &Session, id: ScanId) -> Result<ScanRow, Refused> {
        let now = self.now();
        let row = store::scan(self.db.reader(), id).await?;
        row.filter(|row| {
            let own = row.by.is_some_and(|(_, by)| by == session.id);
            own && row.state == State::Scanned && now < row.expires_at
        })
        .ok_or(Refused::ScanOver)
    }

    async fn decide_scan(
        &self,
        session: &Session,
        id: ScanId,
        assurance: Option<Assurance>,
    ) -> Result<(), Refused> {
        let session = session.id;
        let decided = self
            .db
            .write(move |tx| Box::pin(async move { store::approve_scan(tx, id, session, assurance).await }))
            .await?;
        if decided { Ok(()) } else { Err(Refused::ScanOver) }
    }
}
