//! Forges answers by the words of a row, and asks the bank what it says to them.

use ciborium::Value as Cbor;
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

use super::kit::{
    CHALLENGE, ORIGIN, USER, bank, creation_options, read, register, request_options, word, written,
};
use super::words::{Members, Words, change_json, change_map};
use crate::testing::{Authenticator, Facts, Vouching};
use crate::{Known, base64url, cbor};

/// What the bank says where the answer is not even in the shape of JSON that it reads.
const UNREADABLE: &str = "unreadable";

fn authenticator(words: &mut Words<'_>) -> Authenticator {
    let mut authenticator =
        if words.has("ed25519") { Authenticator::ed25519(ORIGIN) } else { Authenticator::new(ORIGIN) };
    if words.has("packed") {
        authenticator.vouching = Vouching::Packed;
    }
    if words.has("uncounted") {
        authenticator.sign_count = None;
    }
    authenticator
}

/// The challenge that the bank is told it asked.
fn asked(words: &mut Words<'_>) -> Vec<u8> {
    words.one("asked=").map_or_else(|| CHALLENGE.to_vec(), |digits| hex::decode(digits).unwrap())
}

/// Client data, changed: its members (`client.NAME=JSON`, `client.NAME-`, `client+NAME=JSON`), then its bytes.
fn client_data(words: &mut Words<'_>, facts: &mut Facts) -> Vec<u8> {
    for word in words.take("client.") {
        match word.split_once('=') {
            Some((name, json)) => facts.set_client_data(name, serde_json::from_str::<Value>(json).unwrap()),
            None => {
                let name = word.strip_suffix('-').expect("a value, or a minus");
                facts.client_data.retain(|(member, _)| member != name);
            }
        }
    }
    for word in words.take("client+") {
        let (name, json) = word.split_once('=').expect("a value");
        facts.client_data.push((name.to_owned(), serde_json::from_str(json).unwrap()));
    }
    let mut bytes = facts.client_data_json();
    if let Some(text) = words.one("text=") {
        bytes = text.as_bytes().to_vec();
    }
    words.change("bytes", &mut bytes);
    bytes
}

/// What both ceremonies say: `rp=ID`, `+FLAG`, `-FLAG`, `count=N`, `id=HEX`, `id*N`.
fn shared(words: &mut Words<'_>, facts: &mut Facts) {
    if let Some(rp) = words.one("rp=") {
        facts.rp_id = rp.to_owned();
    }
    let flag = |name: &str| {
        let names = ["UP", "RFU1", "UV", "BE", "BS", "RFU2", "AT", "ED"];
        1_u8 << names.iter().position(|other| *other == name).expect("a flag")
    };
    for name in words.take("+") {
        facts.flags |= flag(name);
    }
    for name in words.take("-") {
        facts.flags &= !flag(name);
    }
    if let Some(count) = words.one("count=") {
        facts.sign_count = count.parse().unwrap();
    }
    if let Some(digits) = words.one("id=") {
        facts.credential_id = hex::decode(digits).unwrap();
    }
    if let Some(count) = words.one("id*") {
        facts.credential_id = vec![5; count.parse().unwrap()];
    }
}

/// The COSE key: `key=rs256:BITS:EXPONENT` (`even`, `padded` with a zero) for another, `key.LABEL=VALUE`,
/// `key.LABEL-`, `key+LABEL=VALUE`.
fn cose_key(words: &mut Words<'_>, facts: &mut Facts) {
    let Cbor::Map(mut members) = cbor::whole(&facts.key).unwrap() else { panic!("a map") };
    if let Some((bits, exponent)) = words.one("key=rs256:").and_then(|rest| rest.split_once(':')) {
        let bits: usize = bits.parse().unwrap();
        let mut modulus = vec![0xff; bits.div_ceil(8)];
        modulus[0] >>= modulus.len() * 8 - bits;
        if words.has("even") {
            modulus[bits.div_ceil(8) - 1] = 0xfe;
        }
        if words.has("padded") {
            modulus.insert(0, 0);
        }
        members = vec![
            (Cbor::from(1), Cbor::from(3)),
            (Cbor::from(3), Cbor::from(-257)),
            (Cbor::from(-1), Cbor::Bytes(modulus)),
            (Cbor::from(-2), Cbor::Bytes(hex::decode(exponent).unwrap())),
        ];
    }
    if words.has("key.swapped") {
        // x is taken for y, and y for x.
        let at = |label: i64| members.iter().position(|(key, _)| *key == Cbor::from(label)).unwrap();
        let (x, y) = (at(-2), at(-3));
        (members[x].1, members[y].1) = (members[y].1.clone(), members[x].1.clone());
    }
    if words.has("key.reversed") {
        members.reverse();
    }
    let label = |text: &str| text.parse::<i64>().map_or_else(|_| super::words::cbor(text), Cbor::from);
    change_map(&mut members, &words.take("key."), &words.take("key+"), label);
    facts.key = written(&Cbor::Map(members));
    words.change("cose", &mut facts.key);
}

/// The attestation object: `object.NAME=VALUE` and so on for its members, `statement.NAME=VALUE` for those of `attStmt`.
fn object(words: &mut Words<'_>, bytes: &[u8]) -> Vec<u8> {
    let Cbor::Map(mut members) = cbor::whole(bytes).unwrap() else { panic!("a map") };
    let text = |text: &str| Cbor::Text(text.to_owned());
    let (set, added) = (words.take("statement."), words.take("statement+"));
    for (name, value) in &mut members {
        if let (Some("attStmt"), Cbor::Map(statement)) = (name.as_text(), value) {
            change_map(statement, &set, &added, text);
        }
    }
    change_map(&mut members, &words.take("object."), &words.take("object+"), text);
    if words.has("object-reversed") {
        members.reverse();
    }
    let mut bytes = written(&Cbor::Map(members));
    words.change("sent", &mut bytes);
    bytes
}

/// Forges a registration by the words and returns what the bank says.
pub(super) fn create(row: &str) -> String {
    let mut words = Words::of(row);
    let mut authenticator = authenticator(&mut words);
    let mut kept = None;
    let mut answer = authenticator.create_forged(&creation_options(), |facts| kept = Some(facts.clone()));
    let mut facts = kept.unwrap();
    let asked = asked(&mut words);
    let json_words = words.take("json");
    let client = client_data(&mut words, &mut facts);
    cose_key(&mut words, &mut facts);
    shared(&mut words, &mut facts);
    let mut data = facts.registration_data();
    words.change("data", &mut data);
    let other = if words.has("vouched-before") { CHALLENGE.to_vec() } else { client.clone() };
    let object = object(&mut words, &authenticator.attestation_object(&data, &other));
    words.done();
    let id = base64url::encode(&facts.credential_id);
    for (path, text) in [("/id", &id), ("/rawId", &id)] {
        *answer.pointer_mut(path).unwrap() = Value::from(text.as_str());
    }
    *answer.pointer_mut("/response/clientDataJSON").unwrap() = Value::from(base64url::encode(&client));
    *answer.pointer_mut("/response/attestationObject").unwrap() = Value::from(base64url::encode(&object));
    json_words.iter().for_each(|word| change_json(&mut answer, word));
    match read(answer) {
        Some(registration) => word(&bank().register(&asked, &registration)).to_owned(),
        None => UNREADABLE.to_owned(),
    }
}

/// What the signature of an assertion covers, by `signs=WORD`; rightly authenticator data and the hash of client data.
fn signed(words: &mut Words<'_>, data: &[u8], client: &[u8]) -> Vec<u8> {
    let hash = digest(&SHA256, client);
    match words.one("signs=") {
        None => [data, hash.as_ref()].concat(),
        Some("data") => data.to_vec(),
        Some("hash") => hash.as_ref().to_vec(),
        Some("text") => [data, client].concat(),
        Some("reversed") => [hash.as_ref(), data].concat(),
        Some("nothing") => Vec::new(),
        Some(other) => panic!("nobody signs {other}"),
    }
}

/// Forges an assertion by the words and returns what the bank says. What is known: `known.count=N`, `known.eligible`,
/// `known.user=HEX`, `known.key=other`.
pub(super) fn get(row: &str) -> String {
    let mut words = Words::of(row);
    let mut authenticator = authenticator(&mut words);
    authenticator.backup_eligible = words.has("known.eligible");
    let credential = register(authenticator.create(&creation_options())).unwrap();
    let mut other = Authenticator::new(ORIGIN);
    let other = register(other.create(&creation_options())).unwrap();
    let key = if words.has("known.key=other") { &other.key } else { &credential.key };
    let count = words.one("known.count=").map_or(credential.sign_count, |count| count.parse().unwrap());
    let user = words.one("known.user=").map_or_else(|| USER.to_vec(), |user| hex::decode(user).unwrap());
    let backup_eligible = credential.backup_eligible;
    let known = Known { key, sign_count: count, backup_eligible, user_handle: &user };
    let mut kept = None;
    let mut answer = authenticator.get_forged(&request_options(), |facts| kept = Some(facts.clone()));
    let mut facts = kept.unwrap();
    let asked = asked(&mut words);
    let json_words = words.take("json");
    let client = client_data(&mut words, &mut facts);
    shared(&mut words, &mut facts);
    let mut data = facts.assertion_data();
    if words.has("with-credential") {
        data = facts.registration_data();
    }
    words.change("data", &mut data);
    let mut signature = authenticator.sign(&signed(&mut words, &data, &client));
    reshape(&mut words, &mut signature);
    words.change("signature", &mut signature);
    let (mut data_sent, mut client_sent) = (data, client);
    words.change("sent.data", &mut data_sent);
    words.change("sent.client", &mut client_sent);
    words.done();
    *answer.get_mut("response").unwrap() = json!({
        "clientDataJSON": base64url::encode(&client_sent),
        "authenticatorData": base64url::encode(&data_sent),
        "signature": base64url::encode(&signature),
        "userHandle": base64url::encode(&USER),
    });
    json_words.iter().for_each(|word| change_json(&mut answer, word));
    match read(answer) {
        Some(assertion) => word(&bank().verify(&asked, &known, &assertion)).to_owned(),
        None => UNREADABLE.to_owned(),
    }
}

/// Another shape for the signature of ES256: `as=raw` (r and s without DER), `as=long` (a zero too many before r),
/// `as=zero` (r and s are zero).
fn reshape(words: &mut Words<'_>, signature: &mut Vec<u8>) {
    let Some(shape) = words.one("as=") else { return };
    let length = usize::from(signature[3]);
    let (r, s) = (signature[4..4 + length].to_vec(), signature[6 + length..].to_vec());
    let wide = |number: &[u8]| {
        let digits: Vec<u8> = number.iter().copied().skip_while(|byte| *byte == 0).collect();
        [vec![0; 32 - digits.len()], digits].concat()
    };
    let der = |r: &[u8], s: &[u8]| {
        let part = |number: &[u8]| [&[2, u8::try_from(number.len()).unwrap()], number].concat();
        let both = [part(r), part(s)].concat();
        [&[0x30, u8::try_from(both.len()).unwrap()], both.as_slice()].concat()
    };
    *signature = match shape {
        "raw" => [wide(&r), wide(&s)].concat(),
        "long" => der(&[&[0], r.as_slice()].concat(), &s),
        "zero" => der(&[0], &[0]),
        other => panic!("there is no shape {other}"),
    };
}

/// Not a row: a map with this many members, as extensions of an assertion.
pub(super) fn extensions(count: usize) -> Vec<u8> {
    let members: Members = (0..count).map(|name| (Cbor::Text(name.to_string()), Cbor::Null)).collect();
    written(&Cbor::Map(members))
}
