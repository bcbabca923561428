//! A device that proves to be there (RFC 9449), as the page of a customer does.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::json;
use uuid::Uuid;

use super::Failed;

/// A device with a P-256 key of its own.
pub(super) struct Device(EcdsaKeyPair);

impl Device {
    pub(super) fn try_new() -> Result<Self, Failed> {
        let (random, algorithm) = (SystemRandom::new(), &ECDSA_P256_SHA256_FIXED_SIGNING);
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).map_err(|_| "no key can be made")?;
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random);
        Ok(Self(pair.map_err(|_| "a key just made is none")?))
    }

    /// Proves that the request `method url` comes from here.
    pub(super) fn proof(&self, method: &str, url: &str, nonce: Option<&str>) -> Result<String, Failed> {
        let (x, y) = self.0.public_key().as_ref().get(1..65).ok_or("no point")?.split_at(32);
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let jwk = json!({"kty": "EC", "crv": "P-256", "x": text(x), "y": text(y)});
        let header = json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": jwk});
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let mut payload = json!({"jti": Uuid::now_v7().to_string(), "htm": method, "htu": url, "iat": now});
        if let (Some(nonce), Some(payload)) = (nonce, payload.as_object_mut()) {
            payload.insert("nonce".to_owned(), nonce.into());
        }
        let signed = [header, payload].map(|part| text(part.to_string().as_bytes())).join(".");
        let signature = self.0.sign(&SystemRandom::new(), signed.as_bytes());
        let signature = signature.map_err(|_| "it cannot be signed")?;
        Ok(format!("{signed}.{}", text(signature.as_ref())))
    }
}
