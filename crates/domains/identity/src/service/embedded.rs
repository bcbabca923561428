//! Mini-programs and embedded pages: a page of the bank's that a customer opens in the app or the web bank gets a session
//! of its own, by an exchange of tokens (decision 0035).
//!
//! The session around it asks, and names the key that the page made. The token that comes back opens nothing without that
//! key, so it may go to the page through whatever is between them.

use std::sync::Arc;

use contracts::identity::{Assurance, Channel, EndReason, Session, SignedIn};
use dpop::Thumbprint;
use ids::SessionId;
use sea_orm::DatabaseTransaction;
use secrecy::Secret;

use super::{Identities, announce, end, random_token};
use crate::config::MiniProgram;
use crate::error::{EmbeddedRefused, Refused};
use crate::model::later;
use crate::model::method::Method;
use crate::model::tries::Budget;
use crate::store::{self, SessionRow, Whose};

const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
pub(crate) const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
const HOUR_S: u32 = 3600;
/// How often one session opens pages, per hour. Each leaves a row.
const EXCHANGES_PER_HOUR_MAX: u32 = 60;
/// Pages that are open in one session at a time; the oldest makes room for the next.
const OPEN_MAX: usize = 20;

/// What the session around a page asks for it (RFC 8693 section 2.1).
pub(crate) struct TokenExchange<'a> {
    pub(crate) grant_type: &'a str,
    /// `None`: an access token.
    pub(crate) requested_token_type: Option<&'a str>,
    /// Which mini-program.
    pub(crate) audience: &'a str,
    /// The name of the page's key (RFC 9449 section 10).
    pub(crate) dpop_jkt: &'a str,
}

/// What the page gets.
pub(crate) struct Exchanged {
    pub(crate) token: Secret<String>,
    pub(crate) expires_in_s: u32,
}

impl Identities {
    /// A session for a page that `host` opened.
    ///
    /// # Errors
    /// [`Refused::Embedded`]; [`Refused::TooMany`]; [`Refused::NotSignedIn`] where `host` has ended meanwhile;
    /// [`Refused::Store`].
    pub(crate) async fn exchange(
        &self,
        host: &Session,
        asked: &TokenExchange<'_>,
    ) -> Result<Exchanged, Refused> {
        if !matches!(host.channel, Channel::App | Channel::Web) {
            return Err(EmbeddedRefused::OnlyInApp.into());
        }
        let (mini_program, key) = self.asked_for(asked)?;
        let budget = Budget::per(EXCHANGES_PER_HOUR_MAX, HOUR_S);
        let tries = self.tries_key("exchange", [&host.id.to_bytes(), b""]);
        self.count(vec![(tries, budget)]).await?;
        let token = random_token();
        let row = Arc::new(self.embedded(host, mini_program, key, &token));
        let expires_in_s = seconds_of(&row.session);
        let (written, host) = (Arc::clone(&row), host.id);
        let _opening = self.opening.read().await;
        let (opened, ended) = self
            .db
            .write(move |tx| {
                let row = SessionRow::clone(&written);
                Box::pin(async move { open_in(tx, host, row).await })
            })
            .await?;
        self.sessions.remove(&ended);
        self.sessions.insert(opened);
        metrics::counter!("identity_sessions_opened").increment(1);
        Ok(Exchanged { token, expires_in_s })
    }

    /// The mini-program that is meant, and the key of its page.
    fn asked_for(&self, asked: &TokenExchange<'_>) -> Result<(&MiniProgram, Thumbprint), EmbeddedRefused> {
        if asked.grant_type != GRANT_TYPE {
            return Err(EmbeddedRefused::GrantType);
        }
        if asked.requested_token_type.is_some_and(|kind| kind != ACCESS_TOKEN) {
            return Err(EmbeddedRefused::TokenType);
        }
        let offered = self.settings.mini_programs.iter().find(|offered| offered.id == asked.audience);
        let key = asked.dpop_jkt.parse().map_err(|_| EmbeddedRefused::Key);
        Ok((offered.ok_or(EmbeddedRefused::Unknown)?, key?))
    }

    /// What `host` opens: as long as it lives at the longest, of one factor, and with nothing proved in it.
    fn embedded(
        &self,
        host: &Session,
        mini_program: &MiniProgram,
        key: Thumbprint,
        token: &Secret<String>,
    ) -> SessionRow {
        let now = self.now();
        let session = Session {
            id: SessionId::mint(),
            principal: host.principal.clone(),
            channel: Channel::MiniProgram,
            device: host.device,
            assurance: Assurance::OneFactor,
            started_at: now,
            expires_at: later(now, self.settings.mini_program_whole_s).min(host.expires_at),
            device_key: Some(key.to_string()),
            emergency_until: None,
        };
        SessionRow {
            session,
            token_hash: self.token_hash(token),
            device_name: mini_program.name.trim().to_owned(),
            last_seen_at: now,
            method: Method::Exchange,
            proved_at: clock::Timestamp::UNIX_EPOCH,
            parent: None,
            through: None,
        }
    }
}

/// Writes a session in the one of `host`; gives it, and what had to make room for it.
async fn open_in(
    tx: &DatabaseTransaction,
    host: SessionId,
    mut row: SessionRow,
) -> Result<(SessionRow, Vec<SessionRow>), Refused> {
    let now = row.session.started_at;
    let parent = store::live_session(tx, host, now).await?.ok_or(Refused::NotSignedIn)?.token_hash;
    row.parent = Some(parent);
    let whose = Whose::from(&row.session.principal);
    let mut open = store::live_sessions_of(tx, whose, now).await?;
    open.retain(|other| other.parent == Some(parent));
    let too_many: Vec<SessionId> = open.iter().skip(OPEN_MAX - 1).map(|other| other.session.id).collect();
    let ended = end(tx, whose, |other| too_many.contains(&other.session.id), EndReason::Revoked, now).await?;
    store::insert_session(tx, &row).await?;
    let Session { id, principal, channel, device, .. } = row.session.clone();
    announce(tx, &id.to_string(), &SignedIn { session: id, principal, channel, device }, now).await?;
    Ok((row, ended))
}

/// Whole seconds for which it lives at the longest.
fn seconds_of(session: &Session) -> u32 {
    let micros = session.expires_at.as_microsecond().saturating_sub(session.started_at.as_microsecond());
    u32::try_from(micros / 1_000_000).unwrap_or_default()
}
