//! Asks whether the SIM of a phone was changed of late: CAMARA SIM Swap, version 2 (`POST /check`).
//!
//! What is sent is the number and how far back the question goes. An answer that does not come in time, or that nobody can
//! read, is none: it is counted, and after a failure the carrier is let alone for half a minute, so that not every sign-in
//! waits for it.

mod token;
mod wire;

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::{StatusCode, Uri};
use serde::{Deserialize, Serialize};

use crate::CarrierSettings;
use token::Tokens;
use wire::{Sender, address};

/// After a failure nobody is asked for so long.
const REST: Duration = Duration::from_secs(30);

/// Somebody who is asked, or nobody.
pub(crate) struct Carrier(Option<Asked>);

struct Asked {
    sender: Sender,
    check: Uri,
    tokens: Option<Tokens>,
    timeout: Duration,
    rests_until: Mutex<Option<Instant>>,
}

/// The settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CarrierFailed {
    /// An address is not one.
    #[error("`identity.carrier.{0}` must be an address with https:// (http:// only on this machine)")]
    Address(&'static str),
    /// There is no name or no secret to get a token with.
    #[error("`identity.carrier.token_url` needs `client_id` and `client_secret` beside it")]
    Client,
    /// The secret is not where its reference says.
    #[error("`identity.carrier.client_secret` cannot be read")]
    Secret(#[from] settings::SecretUnavailable),
    /// The machine trusts nobody.
    #[error("the certificates that this machine trusts cannot be read; install `ca-certificates`")]
    Trust(#[source] std::io::Error),
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
enum Unanswered {
    #[error("it cannot be reached")]
    Unreachable(#[from] hyper_util::client::legacy::Error),
    #[error("the question cannot be asked")]
    Unaskable(#[from] axum::http::Error),
    #[error("it did not answer in time")]
    Late,
    #[error("it answered {0}")]
    Status(StatusCode),
    #[error("its answer broke off or is too long")]
    Broken,
    #[error("its answer cannot be read")]
    Unreadable(#[from] serde_json::Error),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Question<'a> {
    phone_number: &'a str,
    /// Hours.
    max_age: u32,
}

#[derive(Deserialize)]
struct Answer {
    swapped: bool,
}

impl Carrier {
    /// # Errors
    /// [`CarrierFailed`].
    pub(crate) fn try_new(settings: &CarrierSettings) -> Result<Self, CarrierFailed> {
        let Some(url) = &settings.url else { return Ok(Self(None)) };
        let check = address(&format!("{}/check", url.trim_end_matches('/')));
        let asked = Asked {
            sender: Sender::try_new().map_err(CarrierFailed::Trust)?,
            check: check.ok_or(CarrierFailed::Address("url"))?,
            tokens: Tokens::try_new(settings)?,
            timeout: Duration::from_millis(settings.timeout_ms.into()),
            rests_until: Mutex::default(),
        };
        Ok(Self(Some(asked)))
    }

    /// Whether there is anybody to be asked.
    pub(crate) const fn is_asked(&self) -> bool {
        self.0.is_some()
    }

    /// Whether the SIM of `phone` (E.164) was changed within so many hours (1 to 2,400). `None`: nobody says.
    pub(crate) async fn was_changed(&self, phone: &str, hours: u32) -> Option<bool> {
        let asked = self.0.as_ref()?;
        let (outcome, answer) = match asked.ask_in_time(phone, hours).await {
            None => ("resting", None),
            Some(Ok(Some(changed))) => (if changed { "changed" } else { "unchanged" }, Some(changed)),
            Some(Ok(None)) => ("unknown", None),
            Some(Err(error)) => {
                let error: &dyn std::error::Error = &error;
                tracing::warn!(url = %asked.check, error, "nobody says whether a SIM was changed; it counts as unchanged");
                ("failed", None)
            }
        };
        metrics::counter!("identity_sim_checks", "outcome" => outcome).increment(1);
        answer
    }
}

impl Asked {
    /// `None` while the carrier is let alone.
    async fn ask_in_time(&self, phone: &str, hours: u32) -> Option<Result<Option<bool>, Unanswered>> {
        let until = *self.rests_until.lock().unwrap_or_else(PoisonError::into_inner);
        if until.is_some_and(|until| Instant::now() < until) {
            return None;
        }
        let answer = tokio::time::timeout(self.timeout, self.ask(phone, hours)).await;
        let answer = answer.unwrap_or(Err(Unanswered::Late));
        let rests_until = answer.is_err().then(|| Instant::now() + REST);
        *self.rests_until.lock().unwrap_or_else(PoisonError::into_inner) = rests_until;
        Some(answer)
    }

    async fn ask(&self, phone: &str, hours: u32) -> Result<Option<bool>, Unanswered> {
        let question = serde_json::to_vec(&Question { phone_number: phone, max_age: hours })?;
        let mut answer = self.post(question.clone()).await?;
        if let (StatusCode::UNAUTHORIZED, Some(tokens)) = (answer.0, &self.tokens) {
            // A token may be taken back before it is over.
            tokens.forget().await;
            answer = self.post(question).await?;
        }
        match answer {
            (StatusCode::OK, body) => Ok(Some(serde_json::from_slice::<Answer>(&body)?.swapped)),
            // The number is nobody's of theirs, or they cannot say: the carrier is well.
            (StatusCode::NOT_FOUND | StatusCode::UNPROCESSABLE_ENTITY, _) => Ok(None),
            (status, _) => Err(Unanswered::Status(status)),
        }
    }

    async fn post(&self, question: Vec<u8>) -> Result<(StatusCode, Vec<u8>), Unanswered> {
        let token = match &self.tokens {
            Some(tokens) => Some(tokens.token(&self.sender).await?),
            None => None,
        };
        self.sender.post(&self.check, "application/json", token.as_ref(), question).await
    }
}
