//! The standard's own test vectors (Web Authentication Level 3, section 16) as known answers.

use std::collections::HashMap;

use serde_json::json;

use super::kit::word;
use crate::attestation::AttestationObject;
use crate::authenticator_data::AuthenticatorData;
use crate::{Assertion, Known, PublicKey, Refused, Registration, RelyingParty, base64url};
use ring::digest::{SHA256, digest};

const VECTORS: &str = include_str!("vectors.txt");

/// One section: name of a value → hexadecimal digits, and name of a question → the answer.
struct Vector<'a> {
    title: &'a str,
    values: HashMap<&'a str, &'a str>,
    answers: HashMap<&'a str, &'a str>,
}

impl Vector<'_> {
    fn bytes(&self, name: &str) -> Vec<u8> {
        hex::decode(self.values[name]).unwrap()
    }

    fn json(&self, name: &str) -> String {
        base64url::encode(&self.bytes(name))
    }

    fn check(&self, question: &str, answer: &str) {
        assert_eq!(answer, self.answers[question], "{} of {}", question, self.title);
    }
}

fn vectors() -> Vec<Vector<'static>> {
    let mut vectors: Vec<Vector<'static>> = Vec::new();
    for line in VECTORS.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(title) = line.strip_prefix("== ") {
            vectors.push(Vector { title, values: HashMap::new(), answers: HashMap::new() });
            continue;
        }
        let vector = vectors.last_mut().expect("a title comes first");
        match line.split_once(" = ") {
            Some((question, answer)) => vector.answers.insert(question, answer),
            None => line.split_once(' ').and_then(|(name, value)| vector.values.insert(name, value)),
        };
    }
    vectors
}

fn registration(vector: &Vector<'_>) -> Registration {
    let id = vector.json("create.id");
    let response = json!({
        "clientDataJSON": vector.json("create.client"),
        "attestationObject": vector.json("create.object"),
    });
    serde_json::from_value(json!({ "id": id, "rawId": id, "type": "public-key", "response": response }))
        .unwrap()
}

fn assertion(vector: &Vector<'_>) -> Assertion {
    let id = vector.json("create.id");
    let response = json!({
        "clientDataJSON": vector.json("get.client"),
        "authenticatorData": vector.json("get.data"),
        "signature": vector.json("get.signature"),
    });
    serde_json::from_value(json!({ "id": id, "rawId": id, "type": "public-key", "response": response }))
        .unwrap()
}

/// The key, and whether it may be backed up, past what the relying party says to the registration.
fn key(vector: &Vector<'_>) -> (Result<PublicKey, Refused>, bool) {
    let object = AttestationObject::read(&vector.bytes("create.object")).unwrap();
    let data = AuthenticatorData::read(&object.authenticator_data).unwrap();
    let attested = data.attested.unwrap();
    assert_eq!(attested.id, vector.bytes("create.id"));
    (PublicKey::from_cose(&attested.key), data.flags.is_backup_eligible())
}

#[test]
fn the_standard_answers() {
    let party =
        RelyingParty::try_new("example.org", "Example", vec!["https://example.org".to_owned()]).unwrap();
    let vectors = vectors();
    assert_eq!(vectors.len(), 15);
    for vector in &vectors {
        let challenge = vector.bytes("create.challenge");
        let registration = registration(vector);
        assert_eq!(registration.challenge(), Ok(challenge.clone()), "{}", vector.title);
        let registered = party.register(&challenge, &registration);
        vector.check("create", word(&registered));
        let (key, backup_eligible) = key(vector);
        let key = match key {
            Ok(key) => key,
            Err(refused) => {
                vector.check("signature", refused.code());
                vector.check("get", refused.code());
                continue;
            }
        };
        if let Ok(credential) = registered {
            assert_eq!((credential.key, credential.id), (key.clone(), vector.bytes("create.id")));
        }
        assert_eq!(PublicKey::try_from_bytes(&key.to_bytes()), Ok(key.clone()), "{}", vector.title);
        let signed =
            [vector.bytes("get.data"), digest(&SHA256, &vector.bytes("get.client")).as_ref().to_vec()]
                .concat();
        let holds = key.verifies(&signed, &vector.bytes("get.signature"));
        vector.check("signature", if holds { "holds" } else { "does not hold" });
        let known = Known { key: &key, sign_count: 0, backup_eligible, user_handle: &[1] };
        vector.check("get", word(&party.verify(&vector.bytes("get.challenge"), &known, &assertion(vector))));
    }
}

#[test]
fn changed_known_answers_do_not_hold() {
    for vector in &vectors() {
        let Ok(key) = key(vector).0 else { continue };
        let signed =
            [vector.bytes("get.data"), digest(&SHA256, &vector.bytes("get.client")).as_ref().to_vec()]
                .concat();
        let signature = vector.bytes("get.signature");
        for at in 0..signature.len() {
            let mut changed = signature.clone();
            changed[at] ^= 1;
            assert!(!key.verifies(&signed, &changed), "{} with byte {at} changed", vector.title);
        }
    }
}
