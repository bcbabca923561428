//! A bank, its user, and the options it asks with.

use ciborium::Value as Cbor;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::{Asserted, Credential, Refused, RelyingParty};

pub(super) const ORIGIN: &str = "https://bank.example";
pub(super) const CHALLENGE: [u8; 32] = [7; 32];
pub(super) const USER: [u8; 16] = [9; 16];

/// With a second origin, a port in it.
pub(super) fn bank() -> RelyingParty {
    let origins = vec![ORIGIN.to_owned(), "https://www.bank.example:8443".to_owned()];
    RelyingParty::try_new("bank.example", "Bank", origins).unwrap()
}

pub(super) fn creation_options() -> Value {
    json!(crate::CreationOptions::new(&bank(), &USER, "ann", "Ann", &CHALLENGE, &[], 60_000))
}

pub(super) fn request_options() -> Value {
    json!(crate::RequestOptions::new(&bank(), &CHALLENGE, &[], 60_000))
}

/// What the browser sent, or `None` where it is not even in shape.
pub(super) fn read<T: DeserializeOwned>(answer: Value) -> Option<T> {
    serde_json::from_value(answer).ok()
}

/// Registers what an authenticator answered.
pub(super) fn register(answer: Value) -> Result<Credential, Refused> {
    bank().register(&CHALLENGE, &read(answer).expect("in shape"))
}

pub(super) fn written(value: &Cbor) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}

/// `ok`, or the code of the refusal.
pub(super) fn word<T: Outcome>(outcome: &Result<T, Refused>) -> &'static str {
    match outcome {
        Ok(_) => "ok",
        Err(refused) => refused.code(),
    }
}

/// What tables speak of.
pub(super) trait Outcome {}
impl Outcome for Credential {}
impl Outcome for Asserted {}
