//! A device that makes proofs, right ones and wrong ones, for tests. Not part of what a bank is built from.
#![expect(clippy::expect_used, reason = "only tests use it, and a test fails loudly")]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clock::Timestamp;
use ring::rand::{SecureRandom as _, SystemRandom};
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Map, Value, json};

use crate::Thumbprint;
use crate::proofs::token_hash;

/// A device with a P-256 key of its own.
pub struct Device(EcdsaKeyPair);

/// A proof that is not signed yet: to be altered as a forger would.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The header's members.
    pub header: Map<String, Value>,
    /// The payload's members.
    pub payload: Map<String, Value>,
}

impl Default for Device {
    fn default() -> Self {
        Self::new()
    }
}

impl Device {
    /// A device with a fresh key.
    #[must_use]
    pub fn new() -> Self {
        let (random, algorithm) = (SystemRandom::new(), &ECDSA_P256_SHA256_FIXED_SIGNING);
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).expect("the system gives randomness");
        Self(EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).expect("a key just made is one"))
    }

    /// The device with this private key (RFC 7518 section 6.2.2, `d`) and these coordinates, all in base64url.
    ///
    /// # Panics
    /// Where they do not belong together.
    #[must_use]
    pub fn of(private: &str, x: &str, y: &str) -> Self {
        let bytes = |text| URL_SAFE_NO_PAD.decode(text).expect("base64url");
        let point = [vec![4], bytes(x), bytes(y)].concat();
        let (algorithm, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
        let pair = EcdsaKeyPair::from_private_key_and_public_key(algorithm, &bytes(private), &point, &random);
        Self(pair.expect("the halves of one key"))
    }

    /// Its public key: 0x04, x, y; 65 bytes.
    #[must_use]
    pub fn point(&self) -> &[u8] {
        self.0.public_key().as_ref()
    }

    /// Its public key as JSON Web Key.
    #[must_use]
    pub fn jwk(&self) -> Map<String, Value> {
        let (x, y) = self.coordinates();
        let jwk = [("kty", "EC"), ("crv", "P-256"), ("x", &x), ("y", &y)];
        jwk.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect()
    }

    /// What a session is bound to.
    #[must_use]
    pub fn thumbprint(&self) -> Thumbprint {
        let (x, y) = self.coordinates();
        Thumbprint::of_coordinates(&x, &y)
    }

    fn coordinates(&self) -> (String, String) {
        let (x, y) = self.point().get(1..).unwrap_or_default().split_at(32);
        (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y))
    }

    /// A proof as an honest page makes it, for a request without a token, at `made_at`.
    #[must_use]
    pub fn proof(&self, method: &str, url: &str, made_at: Timestamp, nonce: &str) -> String {
        self.sign(&self.draft(method, url, made_at, nonce))
    }

    /// The same, not signed yet. Its number (`jti`) is random.
    #[must_use]
    pub fn draft(&self, method: &str, url: &str, made_at: Timestamp, nonce: &str) -> Draft {
        let mut number = [0; 16];
        SystemRandom::new().fill(&mut number).expect("the system gives randomness");
        let header = json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": self.jwk()});
        let payload = json!({
            "jti": URL_SAFE_NO_PAD.encode(number), "htm": method, "htu": url, "iat": made_at.as_second(), "nonce": nonce,
        });
        let members = |value: Value| value.as_object().cloned().unwrap_or_default();
        Draft { header: members(header), payload: members(payload) }
    }

    /// An assertion as an honest third party makes it, good for a minute from `made_at` on, not signed yet.
    #[must_use]
    pub fn assertion(&self, third_party: &str, audience: &str, made_at: Timestamp) -> Draft {
        let mut number = [0; 16];
        SystemRandom::new().fill(&mut number).expect("the system gives randomness");
        let header = json!({"typ": "JWT", "alg": "ES256", "kid": self.thumbprint().to_string()});
        let payload = json!({
            "iss": third_party, "sub": third_party, "aud": audience, "jti": URL_SAFE_NO_PAD.encode(number),
            "iat": made_at.as_second(), "exp": made_at.as_second() + 60,
        });
        let members = |value: Value| value.as_object().cloned().unwrap_or_default();
        Draft { header: members(header), payload: members(payload) }
    }

    /// Signs it, whatever it says.
    #[must_use]
    pub fn sign(&self, draft: &Draft) -> String {
        let text = |members: &Map<String, Value>| Value::Object(members.clone()).to_string();
        self.sign_texts(text(&draft.header), text(&draft.payload))
    }

    /// Signs a proof with these texts for header and payload, whatever they are.
    #[must_use]
    pub fn sign_texts(&self, header: impl AsRef<[u8]>, payload: impl AsRef<[u8]>) -> String {
        let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
        let signature = URL_SAFE_NO_PAD.encode(self.signature(signed.as_bytes()));
        format!("{signed}.{signature}")
    }

    /// The signature of these bytes: r and s.
    #[must_use]
    pub fn signature(&self, bytes: &[u8]) -> Vec<u8> {
        let signature = self.0.sign(&SystemRandom::new(), bytes).expect("the system gives randomness");
        signature.as_ref().to_vec()
    }
}

impl Draft {
    /// With this member in its payload.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.payload.insert(name.to_owned(), value.into());
        self
    }

    /// Without this member in its payload.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.payload.remove(name);
        self
    }

    /// With this member in its header.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.header.insert(name.to_owned(), value.into());
        self
    }

    /// For a request that comes with this bearer token.
    #[must_use]
    pub fn for_token(self, token: &str) -> Self {
        self.with("ath", token_hash(token))
    }
}
