//! A software authenticator with the browser around it, for tests: it answers options, and forges what it is told to.
//!
//! [`Authenticator::create`] answers creation options, [`Authenticator::get`] request options, both as a browser's
//! `PublicKeyCredential.toJSON()`. Their siblings `create_forged` and `get_forged` let a test change the [`Facts`]
//! before they are signed; what it changes afterwards, it changes in the JSON.

#![expect(clippy::expect_used, reason = "a tool of tests: they want a loud end, not an error to pass on")]

use ciborium::Value as Cbor;
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom as _, SystemRandom};
use ring::signature::{self, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _};
use serde_json::{Value, json};

use crate::{base64url, cbor};

/// UP: the user was present.
pub const PRESENT: u8 = 0x01;
/// UV: the user was verified.
pub const VERIFIED: u8 = 0x04;
/// BE: the credential may be on several devices.
pub const BACKUP_ELIGIBLE: u8 = 0x08;
/// BS: it is.
pub const BACKED_UP: u8 = 0x10;
/// AT: a credential follows.
pub const ATTESTED: u8 = 0x40;
/// ED: extensions follow.
pub const EXTENDED: u8 = 0x80;

/// How a new credential is vouched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Vouching {
    /// Not at all, as asked.
    #[default]
    None,
    /// Packed, by its own key.
    Packed,
}

/// One authenticator with one credential, and the page that it is used on.
pub struct Authenticator {
    key: Key,
    credential_id: Vec<u8>,
    user_handle: Option<Vec<u8>>,
    /// Of the page; the browser writes it into client data.
    pub origin: String,
    /// Signatures so far; grows by one before each. Set it to `None` for an authenticator that does not count.
    pub sign_count: Option<u32>,
    /// Whether it verifies its user.
    pub verifies: bool,
    /// Whether its credential may be on several devices, and is.
    pub backup_eligible: bool,
    /// How it vouches for its credential.
    pub vouching: Vouching,
}

enum Key {
    Es256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

/// What goes into an answer, before anything is signed. Each field may be changed.
#[derive(Debug, Clone)]
pub struct Facts {
    /// Client data: members in their order, values as JSON writes them.
    pub client_data: Vec<(String, Value)>,
    /// The relying party whose hash is signed.
    pub rp_id: String,
    /// The flags: [`PRESENT`], [`VERIFIED`] and so on.
    pub flags: u8,
    /// The counter.
    pub sign_count: u32,
    /// The model of the authenticator; registrations only.
    pub aaguid: [u8; 16],
    /// The credential's id; at most 65,535 bytes.
    pub credential_id: Vec<u8>,
    /// The COSE key in CBOR; registrations only.
    pub key: Vec<u8>,
    /// What follows, extensions in CBOR or anything else; the flag is not set by it.
    pub rest: Vec<u8>,
    /// The user handle; assertions only.
    pub user_handle: Option<Vec<u8>>,
}

impl Authenticator {
    /// An authenticator with a key on P-256 (ES256), used on a page of this origin.
    #[must_use]
    pub fn new(origin: &str) -> Self {
        let random = SystemRandom::new();
        let algorithm = &signature::ECDSA_P256_SHA256_ASN1_SIGNING;
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).expect("randomness");
        let key = EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).expect("a key just made");
        Self::of(origin, Key::Es256(key))
    }

    /// An authenticator with a key on Ed25519 (EdDSA), used on a page of this origin.
    #[must_use]
    pub fn ed25519(origin: &str) -> Self {
        let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).expect("randomness");
        let key = Ed25519KeyPair::from_pkcs8(document.as_ref()).expect("a key just made");
        Self::of(origin, Key::Ed25519(key))
    }

    fn of(origin: &str, key: Key) -> Self {
        let mut credential_id = vec![0; 32];
        SystemRandom::new().fill(&mut credential_id).expect("randomness");
        Self {
            key,
            credential_id,
            user_handle: None,
            origin: origin.to_owned(),
            sign_count: Some(0),
            verifies: true,
            backup_eligible: false,
            vouching: Vouching::None,
        }
    }

    /// The id of its credential: 32 bytes.
    #[must_use]
    pub fn credential_id(&self) -> &[u8] {
        &self.credential_id
    }

    /// Its public key, as a COSE key in CBOR.
    #[must_use]
    pub fn cose_key(&self) -> Vec<u8> {
        let bytes = |bytes: &[u8]| Cbor::Bytes(bytes.to_vec());
        let number = |number: i64| Cbor::from(number);
        match &self.key {
            Key::Es256(key) => {
                let (x, y) = key.public_key().as_ref().split_at_checked(33).expect("a point has 65 bytes");
                let x = x.get(1..).expect("33 bytes");
                let members =
                    [(1, number(2)), (3, number(-7)), (-1, number(1)), (-2, bytes(x)), (-3, bytes(y))];
                cbor::written(&members)
            }
            Key::Ed25519(key) => {
                let x = bytes(key.public_key().as_ref());
                cbor::written(&[(1, number(1)), (3, number(-8)), (-1, number(6)), (-2, x)])
            }
        }
    }

    /// Signs anything, in the shape that assertions have.
    #[must_use]
    pub fn sign(&self, bytes: &[u8]) -> Vec<u8> {
        match &self.key {
            Key::Es256(key) => key.sign(&SystemRandom::new(), bytes).expect("randomness").as_ref().to_vec(),
            Key::Ed25519(key) => key.sign(bytes).as_ref().to_vec(),
        }
    }

    /// Answers `PublicKeyCredentialCreationOptionsJSON` with a `RegistrationResponseJSON`.
    pub fn create(&mut self, options: &Value) -> Value {
        self.create_forged(options, |_| ())
    }

    /// Answers creation options with facts changed by `forge`.
    pub fn create_forged(&mut self, options: &Value, forge: impl FnOnce(&mut Facts)) -> Value {
        self.user_handle = options.pointer("/user/id").and_then(Value::as_str).and_then(base64url::decode);
        let rp_id = options.pointer("/rp/id");
        let mut facts = self.facts("webauthn.create", options, rp_id, ATTESTED);
        forge(&mut facts);
        let client_data = facts.client_data_json();
        let data = facts.registration_data();
        let object = self.attestation_object(&data, &client_data);
        let id = base64url::encode(&facts.credential_id);
        json!({
            "id": id,
            "rawId": id,
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": base64url::encode(&client_data),
                "attestationObject": base64url::encode(&object),
                "authenticatorData": base64url::encode(&data),
                "transports": ["hybrid", "internal"],
            },
        })
    }

    /// Answers `PublicKeyCredentialRequestOptionsJSON` with an `AuthenticationResponseJSON`. Whether the credential is
    /// among those allowed is not looked at: a stranger's may answer.
    pub fn get(&mut self, options: &Value) -> Value {
        self.get_forged(options, |_| ())
    }

    /// Answers request options with facts changed by `forge`.
    pub fn get_forged(&mut self, options: &Value, forge: impl FnOnce(&mut Facts)) -> Value {
        let mut facts = self.facts("webauthn.get", options, options.get("rpId"), 0);
        forge(&mut facts);
        let client_data = facts.client_data_json();
        let data = facts.assertion_data();
        let signature = self.sign(&[data.as_slice(), digest(&SHA256, &client_data).as_ref()].concat());
        let id = base64url::encode(&facts.credential_id);
        let mut answer = json!({
            "id": id,
            "rawId": id,
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": base64url::encode(&client_data),
                "authenticatorData": base64url::encode(&data),
                "signature": base64url::encode(&signature),
            },
        });
        if let (Some(handle), Some(response)) = (facts.user_handle, answer.get_mut("response")) {
            response
                .as_object_mut()
                .expect("it is one")
                .insert("userHandle".to_owned(), Value::from(base64url::encode(&handle)));
        }
        answer
    }

    fn facts(&mut self, kind: &str, options: &Value, rp_id: Option<&Value>, flags: u8) -> Facts {
        let challenge = options.get("challenge").cloned().unwrap_or(Value::Null);
        self.sign_count = self.sign_count.map(|count| count.saturating_add(1));
        let flag = |is_set: bool, flag: u8| if is_set { flag } else { 0 };
        Facts {
            client_data: vec![
                ("type".to_owned(), Value::from(kind)),
                ("challenge".to_owned(), challenge),
                ("origin".to_owned(), Value::from(self.origin.as_str())),
                ("crossOrigin".to_owned(), Value::from(false)),
            ],
            rp_id: rp_id.and_then(Value::as_str).unwrap_or_default().to_owned(),
            flags: flags
                | PRESENT
                | flag(self.verifies, VERIFIED)
                | flag(self.backup_eligible, BACKUP_ELIGIBLE | BACKED_UP),
            sign_count: self.sign_count.unwrap_or(0),
            aaguid: [0; 16],
            credential_id: self.credential_id.clone(),
            key: self.cose_key(),
            rest: Vec::new(),
            user_handle: self.user_handle.clone(),
        }
    }

    /// The attestation object around authenticator data, vouched for as set.
    #[must_use]
    pub fn attestation_object(&self, authenticator_data: &[u8], client_data: &[u8]) -> Vec<u8> {
        let text = |text: &str| Cbor::Text(text.to_owned());
        let (format, statement) = match self.vouching {
            Vouching::None => ("none", Vec::new()),
            Vouching::Packed => {
                let hash = digest(&SHA256, client_data);
                let algorithm = if matches!(self.key, Key::Es256(_)) { -7 } else { -8 };
                let signature = self.sign(&[authenticator_data, hash.as_ref()].concat());
                let statement =
                    vec![(text("alg"), Cbor::from(algorithm)), (text("sig"), Cbor::Bytes(signature))];
                ("packed", statement)
            }
        };
        let object = Cbor::Map(vec![
            (text("fmt"), text(format)),
            (text("attStmt"), Cbor::Map(statement)),
            (text("authData"), Cbor::Bytes(authenticator_data.to_vec())),
        ]);
        let mut bytes = Vec::new();
        ciborium::into_writer(&object, &mut bytes).expect("a vector takes all");
        bytes
    }
}

impl Facts {
    /// Sets a member of client data, in its place or behind the others.
    pub fn set_client_data(&mut self, name: &str, value: impl Into<Value>) {
        let value = value.into();
        match self.client_data.iter_mut().find(|(member, _)| member == name) {
            Some((_, held)) => *held = value,
            None => self.client_data.push((name.to_owned(), value)),
        }
    }

    /// Client data as a browser writes it.
    #[must_use]
    pub fn client_data_json(&self) -> Vec<u8> {
        let member = |(name, value): &(String, Value)| format!("{}:{value}", Value::from(name.as_str()));
        let members: Vec<String> = self.client_data.iter().map(member).collect();
        format!("{{{}}}", members.join(",")).into_bytes()
    }

    /// Authenticator data without a credential.
    #[must_use]
    pub fn assertion_data(&self) -> Vec<u8> {
        [self.head(), self.rest.clone()].concat()
    }

    /// Authenticator data with the credential.
    #[must_use]
    pub fn registration_data(&self) -> Vec<u8> {
        let length = u16::try_from(self.credential_id.len()).expect("two bytes hold the length");
        let id = [length.to_be_bytes().as_slice(), &self.credential_id].concat();
        [self.head(), self.aaguid.to_vec(), id, self.key.clone(), self.rest.clone()].concat()
    }

    fn head(&self) -> Vec<u8> {
        let hash = digest(&SHA256, self.rp_id.as_bytes());
        [hash.as_ref(), &[self.flags], self.sign_count.to_be_bytes().as_slice()].concat()
    }
}
