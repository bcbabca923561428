//! The bank's token at a carrier: OAuth 2.0 client credentials (RFC 6749, section 4.4).

use std::time::{Duration, Instant};

use axum::http::{HeaderValue, StatusCode, Uri};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::Secret;
use serde::Deserialize;
use tokio::sync::Mutex;

use super::wire::{Sender, address};
use super::{CarrierFailed, Unanswered};
use crate::CarrierSettings;

const ASKED: &[u8] = b"grant_type=client_credentials&scope=sim-swap%3Acheck";
/// A token is not used in its last seconds: it would be over on the way.
const SPARE_S: u64 = 30;
/// Where the answer does not say how long it is good.
const GOOD_S: u64 = 300;

/// Gets tokens, and keeps the last one.
pub(super) struct Tokens {
    uri: Uri,
    basic: HeaderValue,
    kept: Mutex<Option<(HeaderValue, Instant)>>,
}

#[derive(Deserialize)]
struct Granted {
    access_token: Secret<String>,
    expires_in: Option<u64>,
}

impl Tokens {
    /// `None` where the carrier is asked without one.
    ///
    /// # Errors
    /// [`CarrierFailed`].
    pub(super) fn try_new(settings: &CarrierSettings) -> Result<Option<Self>, CarrierFailed> {
        let Some(url) = &settings.token_url else { return Ok(None) };
        let uri = address(url).ok_or(CarrierFailed::Address("token_url"))?;
        let (id, secret) = (&settings.client_id, settings.client_secret.as_ref());
        let secret = secret.filter(|_| !id.is_empty()).ok_or(CarrierFailed::Client)?.resolve()?;
        let pair = [id, secret.expose().as_str()].map(form_encoded).join(":");
        let basic = sensitive(&format!("Basic {}", STANDARD.encode(pair))).ok_or(CarrierFailed::Client)?;
        Ok(Some(Self { uri, basic, kept: Mutex::default() }))
    }

    /// A token that is good. Whoever asks meanwhile waits for the same.
    pub(super) async fn token(&self, sender: &Sender) -> Result<HeaderValue, Unanswered> {
        let mut kept = self.kept.lock().await;
        if let Some((token, _)) = kept.as_ref().filter(|(_, until)| Instant::now() < *until) {
            return Ok(token.clone());
        }
        let form = "application/x-www-form-urlencoded";
        let (status, body) = sender.post(&self.uri, form, Some(&self.basic), ASKED.to_vec()).await?;
        if status != StatusCode::OK {
            return Err(Unanswered::Status(status));
        }
        let Granted { access_token, expires_in } = serde_json::from_slice(&body)?;
        let good = Duration::from_secs(expires_in.unwrap_or(GOOD_S).saturating_sub(SPARE_S));
        let token = sensitive(&format!("Bearer {}", access_token.expose())).ok_or(Unanswered::Broken)?;
        *kept = Some((token.clone(), Instant::now() + good.min(Duration::from_secs(24 * 3600))));
        Ok(token)
    }

    /// The last one was refused.
    pub(super) async fn forget(&self) {
        *self.kept.lock().await = None;
    }
}

/// A header that is not printed.
fn sensitive(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// As the parts of a client's name and secret are written before they are put together (RFC 6749, section 2.3.1).
fn form_encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'*');
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
